// provider: a real HTTP server that speaks OpenAI's chat completions (POST /v1/chat/completions), well or badly.
//
// What it does next is put into its script: each request takes one answer off it, the last one stays. An answer is a
// function (request, response, body); those below make the usual ones.
//
//     const provider = await startProvider();
//     provider.script(busy(1), completion(thread('One.', 'Two.')));
//     … OPENAI_BASE_URL=provider.url …
//     provider.requests                            // [{ path, headers, body, at }] since script(); body is parsed JSON
//     await provider.close();
import http from 'node:http';

const HOST = '127.0.0.1';

/** The server, listening on a port that was free. */
export async function startProvider() {
    const provider = new Provider();
    await provider.open();
    return provider;
}

class Provider {
    #server = null;
    #port = 0;
    #answers = [];

    constructor() {
        this.requests = [];
    }

    get url() {
        return `http://${HOST}:${this.#port}/v1`;
    }

    /** Listens; on the same port again after close(). */
    open() {
        this.#server = http.createServer((request, response) => this.#serve(request, response));
        this.#server.unref();
        return new Promise((resolve, reject) => {
            this.#server.once('error', reject);
            this.#server.listen(this.#port, HOST, () => {
                this.#port = this.#server.address().port;
                resolve();
            });
        });
    }

    /** Forgets the requests seen and answers with these, in order; the last one again and again. */
    script(...answers) {
        this.requests = [];
        this.#answers = answers;
    }

    /** Nobody listens any more, and connections that are open break. */
    close() {
        const closed = new Promise((resolve) => {
            this.#server.close(resolve);
        });
        this.#server.closeAllConnections();
        return closed;
    }

    async #serve(request, response) {
        const parts = [];
        response.on('error', () => {});
        try {
            for await (const part of request) {
                parts.push(part);
            }
        } catch {
            return; // it left in the middle of its request
        }
        const text = Buffer.concat(parts).toString();
        const answer = this.#answers.length > 1 ? this.#answers.shift() : this.#answers[0];
        if (request.method !== 'POST' || request.url !== '/v1/chat/completions' || answer === undefined) {
            this.requests.push({ path: request.url, headers: request.headers, body: text, at: Date.now() });
            response.writeHead(404).end();
            return;
        }
        const body = JSON.parse(text);
        this.requests.push({ path: request.url, headers: request.headers, body, at: Date.now() });
        await answer(request, response, body);
    }
}

/** What a good model writes: the JSON text asked for. */
export function thread(...tweets) {
    return JSON.stringify({ tweets });
}

/** The document of a completion. Options: finish, usage (null: none), message (more members of it). */
export function document(content, { finish = 'stop', usage, message = {} } = {}) {
    return {
        id: 'chatcmpl-1', object: 'chat.completion', created: 1700000000, model: 'served-model-1',
        choices: [{ index: 0, message: { role: 'assistant', content, ...message }, finish_reason: finish }],
        ...usage === null ? {} : { usage: usage ?? { prompt_tokens: 120, completion_tokens: 34, total_tokens: 154 } },
    };
}

/** 200 and a completion with this content; options as document(). */
export function completion(content, options) {
    return reply(200, document(content, options));
}

/** Any answer: an object is sent as JSON, a text or a Buffer as it is. */
export function reply(status, body, headers = {}) {
    const plain = typeof body === 'string' || Buffer.isBuffer(body);
    return (request, response) => {
        response.writeHead(status, { 'Content-Type': 'application/json', ...headers });
        response.end(plain ? body : JSON.stringify(body));
    };
}

/** An error as OpenAI says it. */
export function failure(status, message, headers) {
    return reply(status, { error: { message, type: 'error', code: null } }, headers);
}

/** 429 with Retry-After, in seconds or as a date; null: without. */
export function busy(after) {
    return failure(429, 'slow down', after === null ? {} : { 'Retry-After': String(after) });
}

/** Refuses response_format as older servers do, and answers the request that has none. */
export function withoutSchema(content, status = 400) {
    return (request, response, body) => (body.response_format === undefined
        ? completion(content)
        : failure(status, "Unrecognized request argument supplied: response_format"))(request, response, body);
}

/** Takes the request and never says a word. */
export function hang() {
    return () => {};
}

/** Begins an answer and never ends it. */
export function stall(content) {
    return (request, response) => {
        const text = JSON.stringify(document(content));
        response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': text.length });
        response.write(text.slice(0, 20));
    };
}

/** The whole answer in pieces of some bytes with a pause in ms between them, until the client leaves. */
export function trickle(content, { bytes = 16, pause = 20 } = {}) {
    return async (request, response) => {
        const text = Buffer.from(JSON.stringify(document(content)));
        response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': text.length });
        for (let at = 0; at < text.length && !response.destroyed; at += bytes) {
            response.write(text.subarray(at, at + bytes));
            await new Promise((resolve) => setTimeout(resolve, pause));
        }
        response.end();
    };
}

/** Cuts the connection, after some bytes of the answer when a content is given. */
export function cut(content) {
    return (request, response) => {
        if (content !== undefined) {
            const text = JSON.stringify(document(content));
            response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': text.length });
            response.write(text.slice(0, text.length / 2), () => request.socket.destroy());
            return;
        }
        request.socket.destroy();
    };
}

/** Server-sent events, unasked. Options: failing, an error's message in the middle; done, whether it is ended well. */
export function stream(content, { failing = null, done = true } = {}) {
    return (request, response) => {
        const half = Math.floor(content.length / 2);
        const event = (data) => `data: ${JSON.stringify(data)}\n\n`;
        const delta = (text) => event({
            object: 'chat.completion.chunk', model: 'served-model-1',
            choices: [{ index: 0, delta: { content: text }, finish_reason: null }],
        });
        response.writeHead(200, { 'Content-Type': 'text/event-stream' });
        response.write(`: comment\n\n${delta(content.slice(0, half))}`);
        if (failing !== null) {
            response.end(event({ error: { message: failing, code: 500 } }));
            return;
        }
        response.write(delta(content.slice(half)));
        response.end(done ? 'data: [DONE]\n\n' : '');
    };
}

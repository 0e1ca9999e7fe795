// client: HTTP as a browser or curl would speak it, and the rules that every answer must keep.
//
// A path that begins with "/" is under /api/v1; one that begins with "//" is taken from the root of the site
// ("//health/live"). Each answer is checked against the contract before the test sees it (contract.mjs), and
// against the OpenAPI document of its site (recorder.mjs).
//
//     const client = new Client(8080);
//     const answer = await client.post('/posts', { title: 't', content: 'c' }, { token });
//     answer.status; answer.headers['location']; answer.json; answer.raw;
import http from 'node:http';
import net from 'node:net';
import { gunzipSync } from 'node:zlib';
import { checkAnswer } from './contract.mjs';
import { Secrets } from './secrets.mjs';

export class Client {
    /** secrets: what no answer may hold (secrets.mjs); recorder: what answers are held against (recorder.mjs). */
    constructor(port, { secrets = new Secrets(), sockets = 64, recorder = undefined } = {}) {
        this.port = port;
        this.recorder = recorder;
        this.secrets = secrets;
        this.through = null; // a Prism between us and the site (prism.mjs)
        this.agent = new http.Agent({ keepAlive: true, maxSockets: sockets });
    }

    close() {
        this.agent.destroy();
        this.through?.agent.destroy();
    }

    get(path, options) {
        return this.request('GET', path, options);
    }

    head(path, options) {
        return this.request('HEAD', path, options);
    }

    delete(path, options) {
        return this.request('DELETE', path, options);
    }

    post(path, json, options) {
        return this.request('POST', path, { json, ...options });
    }

    put(path, json, options) {
        return this.request('PUT', path, { json, ...options });
    }

    patch(path, json, options) {
        return this.request('PATCH', path, { json, ...options });
    }

    /**
     * One exchange. Options: token; json (a value), form (an object), body (text or Buffer) with type (its content
     * type, default JSON; null for none); query (an object; an array repeats); headers; origin; timeout in ms;
     * from (the address of the loopback to speak from, 127.0.0.1 and on: each is another client to nginx).
     * The answer: status, headers (names in lower case), buffer (as it came), raw (its text, unzipped when it was
     * gzip), json (undefined when it is not JSON).
     */
    async request(method, path, options = {}) {
        const { body, headers } = encode(options);
        const target = (path.startsWith('//') ? path.slice(1) : `/api/v1${path}`) + query(options.query);
        const way = options.from === undefined && this.through?.carries(method, target, headers, body)
            ? this.through : this;
        const answer = await exchange(way, method, target, headers, body, options);
        if (way !== this) {
            way.judge(method, target, answer);
        }
        checkAnswer(method, target, answer, this.secrets);
        this.recorder?.record(method, target, answer);
        return answer;
    }

    /**
     * Sends bytes as they are and returns all that comes back until the server closes (or `quiet` ms have passed
     * without anything), as text. For what no HTTP client would send.
     */
    bytes(data, { quiet = 30000 } = {}) {
        return new Promise((resolve, reject) => {
            const socket = net.connect(this.port, '127.0.0.1', () => socket.write(data));
            const chunks = [];
            socket.setTimeout(quiet, () => socket.destroy());
            socket.on('data', (chunk) => chunks.push(chunk));
            socket.on('error', (error) => (error.code === 'ECONNRESET' ? undefined : reject(error)));
            socket.on('close', () => resolve(Buffer.concat(chunks).toString()));
        });
    }
}

/** way: the port and the agent to ask with. */
function exchange({ port, agent }, method, path, headers, body, { timeout = 30000, from }) {
    return new Promise((resolve, reject) => {
        const request = http.request({ host: '127.0.0.1', port, agent, method, path, headers,
            localAddress: from });
        let answered = false;
        const late = new Error(`${method} ${path}: no answer in ${timeout} ms`);
        request.setTimeout(timeout, () => request.destroy(late));
        // A server may answer and close before it has read all of a body that is too big.
        request.on('error', (error) => answered || reject(error));
        request.on('response', (response) => {
            answered = true;
            const chunks = [];
            response.on('data', (chunk) => chunks.push(chunk));
            response.on('error', reject);
            response.on('end', () => resolve(decode(response, Buffer.concat(chunks))));
        });
        request.end(body);
    });
}

function encode({ token, json, form, body, type, headers = {}, origin }) {
    const all = { ...headers };
    if (token !== undefined) {
        all.Authorization = `Bearer ${token}`;
    }
    if (origin !== undefined) {
        all.Origin = origin;
    }
    let data = body;
    let kind = type;
    if (json !== undefined) {
        data = JSON.stringify(json);
        kind ??= 'application/json';
    } else if (form !== undefined) {
        data = new URLSearchParams(form).toString();
        kind ??= 'application/x-www-form-urlencoded';
    } else if (body !== undefined && type === undefined) {
        kind = 'application/json';
    }
    if (data !== undefined) {
        data = Buffer.from(data);
        all['Content-Length'] ??= data.length;
        if (kind !== null && kind !== undefined) {
            all['Content-Type'] = kind;
        }
    }
    return { body: data, headers: all };
}

function query(parameters) {
    if (parameters === undefined) {
        return '';
    }
    const pairs = Object.entries(parameters).flatMap(([name, value]) => [value].flat().map((each) => [name,
        String(each)]));
    return `?${new URLSearchParams(pairs)}`;
}

function decode(response, buffer) {
    const raw = (response.headers['content-encoding'] === 'gzip' ? gunzipSync(buffer) : buffer).toString();
    let json;
    if (/[/+]json/.test(response.headers['content-type'] ?? '') && raw !== '') {
        try {
            json = JSON.parse(raw);
        } catch {
            json = undefined; // checkAnswer() complains
        }
    }
    return { status: response.statusCode, headers: response.headers, rawHeaders: response.rawHeaders, buffer, raw,
        json };
}

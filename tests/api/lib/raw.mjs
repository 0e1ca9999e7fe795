// raw: requests whose header lines are written as they are, and nginx's cache read file by file.
//
//     const answer = await ask(site.client, '/api/v1/posts', ['authorization: bearer x'], { id: 'my-request-1' });
//     answer.status; answer.headers['cache-status']; answer.body;
//     for (const { key, id, head, text } of kept(site)) …
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

let count = 0;

/** A request id that nobody has. */
export function newId() {
    return `raw-${process.pid}-${++count}`;
}

/** One exchange on a connection of its own. `client`: a Client (lib/client.mjs). */
export async function ask(client, target, lines = [], { method = 'GET', id = newId(), host = '127.0.0.1', body = '' } = {}) {
    const hosts = host === null ? [] : [`Host: ${host}`];
    const head = [`${method} ${target} HTTP/1.1`, ...hosts, 'Connection: close', `X-Request-ID: ${id}`, ...lines];
    const raw = await client.bytes(`${head.join('\r\n')}\r\n\r\n${body}`);
    const end = raw.indexOf('\r\n\r\n');
    const [first, ...rest] = raw.slice(0, end).split('\r\n');
    const headers = {};
    for (const line of rest) {
        const name = line.slice(0, line.indexOf(':')).toLowerCase();
        const value = line.slice(line.indexOf(':') + 1).trim();
        headers[name] = headers[name] === undefined ? value : `${headers[name]}, ${value}`;
    }
    return { id, status: Number(/^HTTP\/1\.1 (\d+)/.exec(first)?.[1]), headers, body: raw.slice(end + 4), raw };
}

/**
 * Every answer that the nginx of a site keeps: file, key, id (the X-Request-ID of the request that brought it), head (the
 * header lines of the pool), text (all of the file).
 */
export function kept(site) {
    const root = join(site.dir, 'nginx', 'cache');
    const names = readdirSync(root, { recursive: true }).map((name) => join(root, String(name)));
    const files = names.map((file) => ({ file, text: textOf(file) })).filter(({ text }) => text !== null);
    return files.map(({ file, text }) => {
        const begin = text.indexOf('Status: ');
        const head = text.slice(begin, text.indexOf('\r\n\r\n', begin)).split('\r\n');
        return { file, text, head, key: /\nKEY: ([^\n]*)\n/.exec(text)?.[1],
            id: head.find((line) => line.startsWith('X-Request-ID: '))?.slice('X-Request-ID: '.length) };
    });
}

/** What is in a file; null where it is a folder, or gone: nginx removes what is old. */
function textOf(file) {
    try {
        return readFileSync(file, 'latin1');
    } catch (error) {
        if (['EISDIR', 'ENOENT'].includes(error.code)) {
            return null;
        }
        throw error;
    }
}

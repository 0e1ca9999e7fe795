// fastcgi: speaks to the pool as nginx does, and as nginx never would: straight over its socket.
//
//     const peer = await connect(site.socket);
//     peer.begin({ REQUEST_METHOD: 'POST', REQUEST_URI: '/api/v1/posts', CONTENT_LENGTH: 10 });
//     peer.stdin('{"a":');                                  // half a body …
//     peer.stdin('1234}').end();                            // … and the rest, and its end
//     const { status, body, complete } = await peer.answer();
//
// FastCGI Specification 1.0 (M. R. Brown, 1996), sections 3, 5 and 8.
import net from 'node:net';
import { until } from './processes.mjs';

const BEGIN_REQUEST = 1;
const END_REQUEST = 3;
const PARAMS = 4;
const STDIN = 5;
const STDOUT = 6;
const RESPONDER = 1;
const MAX_CONTENT = 65535;

/** A record; a head may promise more content than follows. */
export function record(type, content, length = content.length) {
    return Buffer.concat([Buffer.from([1, type, 0, 1, length >> 8, length & 255, 0, 0]), content]);
}

function size(n) {
    return n < 128 ? Buffer.from([n]) : Buffer.from([(n >>> 24) | 128, (n >> 16) & 255, (n >> 8) & 255, n & 255]);
}

function pair(name, value) {
    const [n, v] = [Buffer.from(name), Buffer.from(String(value))];
    return Buffer.concat([size(n.length), size(v.length), n, v]);
}

/** Connects to a unix socket, or to { host, port }. */
export function connect(address) {
    return new Promise((resolve, reject) => {
        const where = typeof address === 'string' ? { path: address } : address;
        const socket = net.connect({ ...where, allowHalfOpen: true }, () => resolve(new Peer(socket)));
        socket.once('error', reject);
    });
}

/** One exchange: parameters and a body, with its right length unless CONTENT_LENGTH is given. */
export async function exchange(address, params, body = '') {
    const peer = await connect(address);
    peer.begin({ CONTENT_LENGTH: Buffer.byteLength(body), ...params }).stdin(body).end();
    return peer.answer();
}

class Peer {
    constructor(socket) {
        this.socket = socket;
        this.received = [];
        this.closed = new Promise((resolve) => {
            socket.removeAllListeners('error');
            socket.on('data', (chunk) => this.received.push(chunk));
            socket.on('end', () => socket.end());
            socket.on('error', () => {}); // 'close' follows
            socket.on('close', resolve);
        });
    }

    /** Bytes as they are. */
    write(bytes) {
        this.socket.write(bytes);
        return this;
    }

    /** The head of a request, which asks to keep the connection when `keep`. */
    begin(params, { keep = false } = {}) {
        this.write(record(BEGIN_REQUEST, Buffer.from([0, RESPONDER, keep ? 1 : 0, 0, 0, 0, 0, 0])));
        const all = { REQUEST_METHOD: 'GET', SERVER_PROTOCOL: 'HTTP/1.1', CONTENT_TYPE: 'application/json', ...params };
        this.write(record(PARAMS, Buffer.concat(Object.entries(all).map(([name, value]) => pair(name, value)))));
        return this.write(record(PARAMS, Buffer.alloc(0)));
    }

    /** Some of the body. */
    stdin(data) {
        const bytes = Buffer.from(data);
        for (let at = 0; at < bytes.length; at += MAX_CONTENT) {
            this.write(record(STDIN, bytes.subarray(at, at + MAX_CONTENT)));
        }
        return this;
    }

    /** The end of the body. */
    end() {
        return this.write(record(STDIN, Buffer.alloc(0)));
    }

    /** Leaves, in the middle of whatever. */
    async abort() {
        this.socket.destroy();
        await this.closed;
    }

    /** What has come so far: the bytes of STDOUT, and whether the end of a request was the last of all. */
    #read() {
        const raw = Buffer.concat(this.received);
        const out = [];
        let complete = false;
        for (let at = 0; at + 8 <= raw.length;) {
            const length = raw.readUInt16BE(at + 4);
            const type = raw[at + 1];
            if (type === STDOUT) {
                out.push(raw.subarray(at + 8, at + 8 + length));
            }
            at += 8 + length + raw[at + 6];
            complete = type === END_REQUEST && at === raw.length;
        }
        return { out, complete };
    }

    /**
     * What the pool has said when it closes the connection, or, where it is kept, has ended the request: status (a number,
     * undefined without an answer), headers (names in lower case), body, complete: whether the request was ended properly.
     */
    async answer({ kept = false } = {}) {
        if (kept) {
            await until('the request has ended', () => this.#read().complete);
        } else {
            await this.closed;
        }
        const { out, complete } = this.#read();
        this.received = [];
        const [head, ...rest] = Buffer.concat(out).toString().split('\r\n\r\n');
        const headers = Object.fromEntries(head.split('\r\n').filter(Boolean).map((line) => {
            const colon = line.indexOf(':');
            return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
        }));
        const status = headers.status === undefined ? undefined : Number(headers.status.slice(0, 3));
        return { status, headers, body: rest.join('\r\n\r\n'), complete };
    }
}

// prism: Prism (@stoplight/prism-cli) as a proxy between the api tests and a site. It holds each request and each answer
// against the site's OpenAPI document by code that shares nothing with recorder.mjs, and reports in a header.
//
// One Prism serves a whole run (it takes seconds to start): tests/api/prism.test.mjs starts it and names it in
// QUIRE_TEST_PRISM. The first site of a test file, if its document is the one that Prism has read, then listens on the
// port that Prism forwards to, and its client asks Prism. What counts as a violation:
//
// - anything that Prism says of an answer;
// - what it says of a request that was done (2xx, 304): then the document is stricter than the program. Half of what
//   the tests send is wrong on purpose; that the document refuses it, too, is as it should be.
// - but not what NO_VIOLATION lists.
//
// Prism takes a request apart and writes it anew. What would not survive that goes past it: carries().
//
//     const prism = await startPrism({ text, upstream: 8080, tally: file });
//     … run tests with { QUIRE_TEST_PRISM: prism.handle } …
//     readTally(file);                          // { through: 4321, past: 123, violations: [] }
//     await prism.stop();
import assert from 'node:assert/strict';
import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import { join } from 'node:path';
import { accepts, freePort } from './nginx.mjs';
import { folder, root, start, tail, until } from './processes.mjs';

const PROGRAM = join(root, 'tests/node_modules/@stoplight/prism-cli/dist/index.js');

/** What Prism says and is no violation: where, its words, and why. */
export const NO_VIOLATION = [
    { place: /^request\.query\.\w+$/, says: /must be <= 9007199254740991$/,
        why: 'format int64 is a signed integer of 64 bits (OpenAPI format registry); Prism takes it for one that '
            + 'JavaScript can hold. The schema says `minimum`, no `maximum`.' },
    { place: /^request\.(body|query)\.\w+$/, says: /must be (integer|boolean)(,null)?$/,
        why: 'the contract reads "12", 12.0, true and 1, 0, "yes" as numbers and booleans; the document promises only '
            + 'what a client should send. That no other text is taken is tests/property\'s business.' },
    { place: /^request\.(body|query)\.published_date$/, says: /must match format "date"$/,
        why: 'likewise: a time of midnight is read as its date.' },
    { place: /^request\.path\.\w+_uid$/, says: /must match format "uuid"$/,
        why: 'likewise: a UUID is read without its hyphens.' },
];

let started = 0;

/** text: a document; upstream: the port to forward to; tally: a file that takes what the clients have seen. */
export async function startPrism({ text, upstream, tally }) {
    const dir = join(folder(), `prism${++started}`);
    mkdirSync(dir);
    const original = join(dir, 'original.json');
    const document = join(dir, 'document.json');
    writeFileSync(original, text);
    writeFileSync(document, inFull(text));
    writeFileSync(tally, '');
    const port = await freePort();
    const log = join(dir, 'stderr');
    const child = start(process.execPath, [PROGRAM, 'proxy', document, `http://127.0.0.1:${upstream}`,
        '--port', String(port), '--cors', 'false', '--verboseLevel', 'silent'], { log });
    await until('Prism accepts', () => {
        if (!child.alive()) {
            throw new Error(`Prism ended:\n${tail(log)}`);
        }
        return accepts(port);
    }, { patience: 60000 });
    return { handle: JSON.stringify({ port, upstream, original, tally }), stop: () => child.stop('SIGTERM') };
}

/** The document with the server's path written before each path: Prism asks its upstream for the path alone. */
function inFull(text) {
    const document = JSON.parse(text);
    const paths = Object.entries(document.paths).map(([path, { servers, ...item }]) => {
        const base = (servers ?? document.servers)[0].url.replace(/\/$/, '');
        return [base + path, item];
    });
    const { servers, ...rest } = document;
    return JSON.stringify({ ...rest, paths: Object.fromEntries(paths) });
}

let taken = false;

/** Stands between a client and its site; see Client's `through`. */
export class Through {
    /** The Prism of this run, for the first site of a file whose document, `text`, it has read; else null. */
    static ofRun(text) {
        const handle = process.env.QUIRE_TEST_PRISM === undefined ? null : JSON.parse(process.env.QUIRE_TEST_PRISM);
        if (handle === null || taken || readFileSync(handle.original, 'utf8') !== text) {
            return null;
        }
        taken = true;
        return new Through(handle);
    }

    constructor({ port, upstream, tally }) {
        this.port = port;
        this.upstream = upstream;
        this.agent = new http.Agent({ keepAlive: true, maxSockets: 16 });
        this.seen = { through: 0, past: 0, violations: [] };
        if (tally !== undefined) {
            process.on('exit', () => appendFileSync(tally, `${JSON.stringify(this.seen)}\n`));
        }
    }

    /** Whether Prism hands the request on as it is; one that it does not goes past it. */
    carries(method, target, headers, body) {
        const good = carries(method, target, headers, body);
        this.seen[good ? 'through' : 'past'] += 1;
        return good;
    }

    /** Takes Prism's report from an answer that came through it; an AssertionError when there is a violation. */
    judge(method, target, answer) {
        const what = `${method} ${target.slice(0, 200)} → ${answer.status}`;
        const found = violations(answer).map(({ place, says }) => `${place}: ${says}: ${what}`);
        delete answer.headers['sl-violations'];
        this.seen.violations.push(...found);
        assert.deepEqual(found, [], `Prism: ${what} ${answer.raw.slice(0, 300)}`);
    }
}

/** What Prism says of an exchange and counts: [{ place, says }]. */
export function violations({ status, headers }) {
    const done = (status >= 200 && status < 300) || status === 304;
    return JSON.parse(headers['sl-violations'] ?? '[]')
        .map(({ location, message }) => ({ place: location.join('.'), says: message }))
        .filter(({ place }) => place.startsWith('response') || done)
        .filter(({ place, says }) => !NO_VIOLATION.some((each) => each.place.test(place) && each.says.test(says)));
}

/**
 * Not HEAD and OPTIONS, which Prism does not look up; not a path that ends in "/", which it takes for another one; not
 * a Host of the test's own, for Prism says its upstream's; not a body that it refuses itself, or would write otherwise: JSON that is none, or is spelt unusually, or no object
 * and no list; and multipart.
 */
export function carries(method, target, headers, body) {
    const path = target.split('?')[0];
    if (/^(HEAD|OPTIONS)$/.test(method) || path.endsWith('/') || headers.Host !== undefined) {
        return false;
    }
    if (body === undefined || body.length === 0) {
        return true;
    }
    const type = headers['Content-Type'] ?? '';
    const text = body.toString();
    if (/^application\/x-www-form-urlencoded$/.test(type)) {
        return new URLSearchParams(text).toString() === text;
    }
    try {
        const value = JSON.parse(text);
        return /^application\/json(;|$)/.test(type) && method !== 'GET' && typeof value === 'object' && value !== null
            && JSON.stringify(value) === text;
    } catch {
        return false;
    }
}

/** The sum of what the clients of a run have written. */
export function readTally(file) {
    const all = readFileSync(file, 'utf8').split('\n').filter(Boolean).map((line) => JSON.parse(line));
    return all.reduce((sum, each) => ({ through: sum.through + each.through, past: sum.past + each.past,
        violations: [...sum.violations, ...each.violations] }), { through: 0, past: 0, violations: [] });
}

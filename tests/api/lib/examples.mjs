// examples: the commands of a document, carried out in their order by one shell, and what they print compared with
// what the document says they print.
//
// A block ```sh is carried out; the block ```json or ```http behind it, if there is one before the next ```sh, is what it
// prints (without one it must print nothing). Every block must end with status 0. JSON is compared as values in their
// order, so that a document may break its lines. What is another at each run is compared by identity: the third
// time that occurs in the document must stand wherever the program prints its third time, and nowhere else; so with
// the other kinds of VOLATILE.
//
//     const found = await carryOut({ path: 'docs/api.md', run: (script) => …, own: (text) => … });
//     check(found);                              // or, with UPDATE=1, renew(found)
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './processes.mjs';

const VOLATILE = [
    ['TIME', /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/g],
    ['UUID', /[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/g],
    ['TOKEN', /eyJ[\w-]+\.[\w-]+\.[\w-]+/g],
    ['REFRESH', /(?<="refresh_token": ?")[\w-]{43}/g],
    ['HASH', /(?<="\d+-)[0-9a-f]{16}(?=")/g], // of an ETag; the version before it is the same at each run
    ['REQUEST', /(?<=^X-Request-ID: )[0-9a-f]{32}$/gm],
    ['CURSOR', /(?<=cursor=)[\w-]+/g],
];

/** Names each volatile value by its kind and the place of its first occurrence: one such function a text. */
function namer() {
    const names = new Map();
    const name = (kind, value) => {
        const all = names.get(kind) ?? new Map();
        names.set(kind, all);
        all.set(value, all.get(value) ?? `${kind}${all.size + 1}`);
        return all.get(value);
    };
    return (text) => VOLATILE.reduce((rest, [kind, form]) => rest.replace(form, (value) => name(kind, value)),
        text.replace(/^Date: .*$/gm, 'Date: DAY'));
}

/** How many lines from `first` on are one JSON object or array; 0: none. */
function jsonAt(lines, first) {
    for (let n = 1; /^[[{]/.test(lines[first]) && first + n <= lines.length; n += 1) {
        try {
            return JSON.parse(lines.slice(first, first + n).join('\n')) === null ? 0 : n;
        } catch {
            // it goes on
        }
    }
    return 0;
}

/** A text whose JSON is written by `write`, its other lines as they are. */
function rewritten(text, write) {
    const lines = text.replaceAll('\r', '').trimEnd().split('\n');
    const out = [];
    for (let i = 0; i < lines.length;) {
        const n = jsonAt(lines, i);
        out.push(n === 0 ? lines[i] : write(JSON.parse(lines.slice(i, i + n).join('\n'))));
        i += n || 1;
    }
    return out.join('\n');
}

/** JSON for readers: what fits on a line stands on one. */
function pretty(value, indent = '') {
    const inner = `${indent}  `;
    const list = Array.isArray(value);
    if (typeof value !== 'object' || value === null) {
        return JSON.stringify(value);
    }
    const parts = Object.entries(value).map(([key, each]) => (list ? '' : `${JSON.stringify(key)}: `) + pretty(each, inner));
    const [open, close] = list ? '[]' : '{}';
    const flat = `${open}${parts.join(', ')}${close}`;
    return flat.length + indent.length <= 100 && !flat.includes('\n') ? flat
        : `${open}\n${parts.map((part) => inner + part).join(',\n')}\n${indent}${close}`;
}

/** The part of a document below a heading; all of it without one: [from, to]. */
function section(text, heading) {
    if (heading === undefined) {
        return [0, text.length];
    }
    const from = text.indexOf(`\n## ${heading}\n`);
    assert.ok(from >= 0, `no heading ${heading}`);
    const to = text.indexOf('\n## ', from + 1);
    return [from, to < 0 ? text.length : to];
}

/** The examples of a document: [{ line, script, answer: { from, to } or null }]. */
function examplesOf(text, heading) {
    const [start, end] = section(text, heading);
    const examples = [];
    for (const found of text.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)) {
        const [, language, body] = found;
        const inside = found.index >= start && found.index < end;
        if (inside && language === 'sh') {
            examples.push({ line: text.slice(0, found.index).split('\n').length + 1, script: body, answer: null });
        } else if (inside && (language === 'json' || language === 'http')) {
            const from = found.index + language.length + 4;
            assert.ok(examples.at(-1)?.answer === null, `an answer to nothing: ${body}`);
            examples.at(-1).answer = { from, to: from + body.length };
        }
    }
    return examples;
}

/**
 * Carries a document out: `run` takes a script for sh and gives what it printed on both outputs; `own` makes what
 * the document says the test's own, and `theirs` goes back: addresses. { path, text, examples: [{ …, said, status }] }.
 */
export async function carryOut({ path, heading, run, own, theirs }) {
    const text = readFileSync(join(root, path), 'utf8');
    const examples = examplesOf(text, heading);
    const marked = examples.map(({ script }) => `${own(script)}\nprintf '\\n\\036%d\\036' $?\n`);
    const pieces = theirs(await run(marked.join(''))).split(/\n\x1e(\d+)\x1e/);
    assert.equal(pieces.length, 2 * examples.length + 1, `${path}: the shell stopped: ${pieces.at(-1)}`);
    return { path, text, examples: examples.map((each, i) => ({ ...each, said: pieces[2 * i],
        status: Number(pieces[2 * i + 1]) })) };
}

/** The examples that are not as the document has them: [{ line, want, got }]. */
function differences({ text, examples }) {
    const [ofText, ofProgram] = [namer(), namer()];
    return examples.map(({ line, answer, said, status }) => ({ line, status,
        want: ofText(rewritten(answer === null ? '' : text.slice(answer.from, answer.to), JSON.stringify)),
        got: ofProgram(rewritten(said, JSON.stringify)) })).filter(({ want, got, status }) => want !== got || status !== 0);
}

/** Fails with the first example that is not as the document says, naming its line. */
export function check(found) {
    const [first] = differences(found);
    if (first !== undefined) {
        assert.equal(first.status, 0, `${found.path}:${first.line}: exit status ${first.status}: ${first.got}`);
        assert.equal(first.got, first.want, `${found.path}:${first.line}: the answer is another`);
    }
}

/** Writes what the program printed into the document; a document that is right stays as it is, times and all. */
export function renew(found) {
    let { text } = found;
    for (const { line, answer, said, status } of differences(found).length > 0 ? found.examples.toReversed() : []) {
        assert.equal(status, 0, `${found.path}:${line}: exit status ${status}: ${said}`);
        assert.ok(answer !== null || said.trim() === '', `${found.path}:${line}: no place for the answer: ${said}`);
        if (answer !== null) {
            text = `${text.slice(0, answer.from)}${rewritten(said, pretty)}\n${text.slice(answer.to)}`;
        }
    }
    writeFileSync(join(root, found.path), text);
}

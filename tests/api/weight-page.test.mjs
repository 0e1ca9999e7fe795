// The weight of tweets in the browser (app/web/site/lib/weight.js), held against the program's: what a page lets one type
// is what the server takes. QUIRE_SEED repeats a run.
//
// The two know the emoji of their own year (that of the JavaScript engine's ICU, and of the program's): sequences that only
// one of them knows are put aside, and said. Nothing else may differ.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { findUrls } from '../../app/web/site/lib/urls.js';
import { isVisible, weigh } from '../../app/web/site/lib/weight.js';
import { mustRun, root } from './lib/processes.mjs';
import { dice, emoji, seedOf, tweetish } from './lib/strings.mjs';
import { test } from './lib/test.mjs';

const program = resolve(root, process.env.QUIRE_WEIGH ?? 'build/release/weight/weigh');
const TEXTS = 30000;
const SEQUENCE = new RegExp('\\p{RGI_Emoji}', 'gv');

const vectors = JSON.parse(readFileSync(join(root, 'tests/weight/conformance.json'), 'utf8'));

/** What the program answers to each of these. */
async function ask(texts) {
    const input = texts.map((text) => `${JSON.stringify(text)}\n`).join('');
    return (await mustRun(program, [], { input, timeout: 300000 })).split('\n').slice(0, -1).map((line) => JSON.parse(line));
}

/** The emoji sequences that one of the two sees in a text. */
function sequencesOf(text, { parts }) {
    const bytes = Buffer.from(text.normalize());
    const theirs = parts.filter(([, , weight]) => weight === 2).map(([at, n]) => bytes.subarray(at, at + n).toString());
    return [...text.normalize().match(SEQUENCE) ?? [], ...theirs];
}

/** Without the sequences that only one of the two knows, which are noted. */
async function withoutYoung(text, said, young) {
    const sequences = [...new Set(sequencesOf(text, said))];
    const answers = await ask(sequences);
    const unknown = sequences.filter((sequence, i) => answers[i].weight !== weigh(sequence));
    unknown.forEach((sequence) => young.add(sequence));
    return unknown.sort((a, b) => b.length - a.length).reduce((rest, sequence) => rest.replaceAll(sequence, '😀'), text.normalize());
}

async function assertSame(texts, young) {
    const said = await ask(texts);
    for (let i = 0; i < texts.length; ++i) {
        if (weigh(texts[i]) !== said[i].weight) {
            const rest = await withoutYoung(texts[i], said[i], young);
            assert.notEqual(rest, texts[i].normalize(), `${JSON.stringify(texts[i])}: ${weigh(texts[i])}, the program says ${said[i].weight}`);
            const [again] = await ask([rest]);
            assert.equal(weigh(rest), again.weight, JSON.stringify(rest));
        }
    }
}

test('the conformance vectors of twitter-text', () => {
    for (const { description, text, weight } of vectors.weights) {
        assert.equal(weigh(text), weight, description);
    }
    for (const { description, text, urls } of vectors.urls) {
        const form = text.normalize();
        assert.deepEqual([...findUrls(form)].map(([from, to]) => form.slice(from, to)), urls, description);
    }
});

test('random texts weigh the same', { timeout: 1200000 }, async (t) => {
    const seed = seedOf();
    t.diagnostic(`seed ${seed}`);
    const roll = dice(seed);
    const young = new Set();
    for (let done = 0; done < TEXTS; done += 10000) {
        await assertSame(Array.from({ length: 10000 }, () => (roll(10) === 0 ? emoji(roll) : tweetish(roll))), young);
    }
    t.diagnostic(`${young.size} sequences that only one of the two knows: ${[...young].sort().join(' ')}`);
    assert.ok(young.size < 1000);
});

test('every top-level domain', async () => {
    const list = readFileSync(join(root, 'app/compose/tld_list.c'), 'utf8');
    const names = [...list.matchAll(/u?" ([^"]+) "/g)].flatMap(([, row]) => JSON.parse(`"${row}"`).split(' '));
    assert.ok(names.length > 1500);
    await assertSame(names.flatMap((name) => [`http://a.${name}`, `b.${name.toUpperCase()}/x`, `see c.${name}, or http://d.${name}x`]), new Set());
});

test('a text that shows nothing is known as one', () => {
    for (const text of ['', ' \n', '\u200b', '\u2800', '\ufeff\u00ad']) {
        assert.equal(isVisible(text), false, JSON.stringify(text));
    }
    for (const text of ['a', '.', '😀', '\u0301', ' é ']) {
        assert.equal(isVisible(text), true, JSON.stringify(text));
    }
});

test('it takes little to fetch, and little time', (t) => {
    const files = ['weight.js', 'urls.js', 'tlds.js'].map((name) => readFileSync(join(root, 'app/web/site/lib', name)));
    const size = files.reduce((sum, file) => sum + gzipSync(file, { level: 9 }).length, 0);
    assert.ok(size < 12 * 1024, `${size} bytes`);
    for (const evil of ['a.', 'é', '漢', '!a.', '(a', 'a.com/(', 'http://a.com?,', '👩\u200d', 'x_.']) {
        const begin = performance.now();
        weigh(evil.repeat(2000));
        const took = performance.now() - begin;
        t.diagnostic(`${JSON.stringify(evil)} 2000 times: ${took.toFixed(1)} ms`);
        assert.ok(took < 5000, `${evil}: ${took} ms`);
    }
});

// The weight of tweets, held against twitter-text, and threads made of random texts. The seeds are printed; QUIRE_SEED
// repeats a run.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { mustRun, root } from './lib/processes.mjs';
import { dice, emoji, prose, seedOf, tweetish } from './lib/strings.mjs';
import { test } from './lib/test.mjs';

const require = createRequire(import.meta.url);
const twitter = require('twitter-text');
const emojiRegex = require('emoji-regex');

const weigh = resolve(root, process.env.QUIRE_WEIGH ?? 'build/release/weight/weigh');
const MAX = 280;
const STRINGS = 100000;
const THREADS = 10000;

/** What the program answers to each of these, a line each. */
async function ask(values) {
    const input = values.map((value) => `${JSON.stringify(value)}\n`).join('');
    const lines = (await mustRun(weigh, [], { input, timeout: 300000 })).split('\n');
    assert.equal(lines.length, values.length + 1);
    return lines.slice(0, -1).map((line) => JSON.parse(line));
}

const weightOf = (text) => twitter.parseTweet(text).weightedLength;
/** The parts of several code points that the program saw, as text. */
function partsOf(text, { parts }) {
    const bytes = Buffer.from(text.normalize());
    return parts.map(([at, n, weight]) => ({ text: bytes.subarray(at, at + n).toString(), at, n, weight }));
}
const isEmoji = (text) => text.match(emojiRegex())?.[0] === text;

/**
 * Whether the two agree on the weight: it is the same, or it differs by what twitter-text, whose list is of 2018, counts
 * over 2 for emoji sequences. Those are noted in `newer`.
 */
function assertAgree(text, said, newer) {
    const theirs = weightOf(text);
    if (said.weight === theirs) {
        return;
    }
    const shown = JSON.stringify(text);
    const unknown = partsOf(text, said).filter((part) => part.weight === 2 && weightOf(part.text) > 2);
    const over = unknown.reduce((sum, part) => sum + weightOf(part.text) - 2, 0);
    assert.ok(unknown.length > 0, `${shown}: ${said.weight}, twitter-text says ${theirs}`);
    assert.equal(said.weight + over, theirs, shown);
    for (const part of unknown) {
        assert.ok(isEmoji(part.text), `${JSON.stringify(part.text)} is no emoji sequence, in ${shown}`);
        newer.add(part.text);
    }
}

const vectors = JSON.parse(readFileSync(join(root, 'tests/weight/conformance.json'), 'utf8'));

test('the conformance vectors of twitter-text', async () => {
    const said = await ask(vectors.weights.map(({ text }) => text));
    vectors.weights.forEach(({ description, text, weight }, i) => {
        if (said[i].weight !== weight) {
            assertAgree(text, said[i], new Set());
        }
        assert.equal(weightOf(text), weight, `${description}: the package itself`);
    });
    const found = await ask(vectors.urls.map(({ text }) => text));
    vectors.urls.forEach(({ description, text, urls }, i) => {
        const mine = partsOf(text, found[i]).filter(({ weight }) => weight === 23).map((part) => part.text);
        assert.deepEqual(mine, urls, description);
    });
    assert.ok(vectors.weights.length > 20 && vectors.urls.length > 90);
});

test('every top-level domain, alone and in a sentence', async () => {
    const lists = ['validGTLD', 'validCCTLD'].map((name) => require(`twitter-text/dist/regexp/${name}.js`).source);
    const names = lists.flatMap((source) => source.match(/^\(\?:\(\?:([^()]+)\)/)[1].split('|'));
    assert.ok(names.length > 1500);
    const texts = names.flatMap((name) => [`http://a.${name}`, `b.${name.toUpperCase()}/x`, `see c.${name}, or http://d.${name}x`]);
    const said = await ask(texts);
    texts.forEach((text, i) => assert.equal(said[i].weight, weightOf(text), text));
});

test('random texts', { timeout: 1200000 }, async (t) => {
    const seed = seedOf();
    t.diagnostic(`seed ${seed}`);
    const roll = dice(seed);
    const newer = new Set();
    let urls = 0;
    let sequences = 0;
    for (let done = 0; done < STRINGS; done += 10000) {
        const texts = Array.from({ length: 10000 }, () => tweetish(roll));
        const said = await ask(texts);
        texts.forEach((text, i) => {
            assertAgree(text, said[i], newer);
            urls += said[i].parts.filter(([, , weight]) => weight === 23).length;
            sequences += said[i].parts.filter(([, , weight]) => weight === 2).length;
        });
    }
    t.diagnostic(`${STRINGS} texts agree; ${urls} addresses, ${sequences} emoji sequences in them`);
    t.diagnostic(`${newer.size} sequences that twitter-text counts over 2: ${[...newer].sort().join(' ')}`);
    assert.ok(urls > STRINGS / 10 && sequences > STRINGS / 10 && newer.size > 0);
});

test('random texts: every emoji sequence weighs what its parts do not', async () => {
    const roll = dice(7);
    const texts = Array.from({ length: 5000 }, () => emoji(roll));
    const newer = new Set();
    (await ask(texts)).forEach((said, i) => assertAgree(texts[i], said, newer));
});

// -- threads --------------------------------------------------------------------------------------------------

const ELLIPSIS = /(?: |(?<=[\p{Alphabetic}\p{N}\p{M}]))…$/u;
// Line breaking classes ID, CJ and SA, by script: JavaScript has no such property.
const UNSPACED = new RegExp(`[${['Han', 'Hira', 'Kana', 'Bopo', 'Yiii', 'Tang', 'Nshu', 'Kits', 'Thai', 'Laoo', 'Khmr', 'Mymr', 'Tale',
    'Talu', 'Lana', 'Ahom', 'Tavt'].map((script) => `\\p{sc=${script}}`).join('')}\\p{Extended_Pictographic}\\p{So}\\u3001-\\u30ff\\uff01-\\uff65]`, 'u');
const segments = new Intl.Segmenter('und', { granularity: 'grapheme' });

/** What is left of a text when blanks do not matter. */
const squeeze = (text) => text.replace(/[\s\u0085]+/gu, '');
// What tidying drops, and blanks as it writes them.
const tidy = (text) => text.replace(/\r\n|[\n\v\f\r\u0085\u2028\u2029]/g, '\n')
    .replace(/(?![\n\t])[\p{Cc}\ufeff\p{Noncharacter_Code_Point}]/gu, '').normalize();

function visible(text) {
    return /[^\s\u0085\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\u2800\p{Noncharacter_Code_Point}]/u.test(text);
}

/** The graphemes of a text without blanks, and at which of its code units they begin. */
function starts(text) {
    const set = new Set([0]);
    let at = 0;
    for (const { segment } of segments.segment(text)) {
        at += squeeze(segment).length;
        set.add(at);
    }
    return set;
}

/** Tokens between blanks: where each begins and, but for what "…" takes the place of, ends in the text without blanks. */
function tokens(text) {
    let at = 0;
    return text.split(/[\s\u0085]+/u).filter(Boolean).map((token) => {
        const from = at;
        at += token.length;
        return { token, from, to: from + token.replace(/[,;:–—…、，-]+$/u, '').length };
    });
}

/** The tweets without their numbers. */
function bodies({ tweets }, { numbered }) {
    if (!numbered || tweets.length === 1) {
        return tweets;
    }
    return tweets.map((tweet, i) => {
        const suffix = ` ${i + 1}/${tweets.length}`;
        assert.ok(tweet.endsWith(suffix), `${JSON.stringify(tweet)} does not end in ${suffix}`);
        return tweet.slice(0, -suffix.length);
    });
}

function assertTweet(tweet, weight) {
    const shown = JSON.stringify(tweet);
    assert.ok(weight > 0 && weight <= MAX, `${weight}: ${shown}`);
    assert.ok(visible(tweet), `nothing to be seen: ${shown}`);
    assert.equal(tweet, tweet.normalize(), 'form C');
    assert.doesNotMatch(tweet, /(?!\n)\p{Cc}|\ufeff|\p{Noncharacter_Code_Point}|^\s|\s$| {2}| \n|\n |\n{3}|\t/u, shown);
}

/** Each tweet is a run of the source, cut where it may be; with what is left out only where it says so. */
function assertCuts(thread, given, seen) {
    const text = tidy(given.pieces.filter(visible).join('\n\n'));
    const source = squeeze(text);
    const graphemes = starts(text);
    const words = tokens(text);
    const urls = twitter.extractUrlsWithIndices(text).map(({ indices: [from, to] }) => ({ from: squeeze(text.slice(0, from)).length,
        to: squeeze(text.slice(0, to)).length }));
    let at = 0;
    const all = bodies(thread, given);
    all.forEach((whole, i) => {
        const last = i === all.length - 1;
        let body = squeeze(whole);
        let found = source.indexOf(body, at);
        if (last && thread.cut && (found < 0 || source.slice(found).length > body.length)) {
            assert.match(whole, ELLIPSIS, `cut, and ends in ${JSON.stringify(whole.slice(-10))}`);
            body = squeeze(whole.replace(ELLIPSIS, ''));
            found = source.indexOf(body, at);
            seen.open += 1;
        }
        assert.ok(found >= 0, `not of the source: ${JSON.stringify(whole)}`);
        assert.ok(!visible(source.slice(at, found)), `left out: ${JSON.stringify(source.slice(at, found))}`);
        at = found + body.length;
        for (const place of [found, at]) {
            assert.ok(graphemes.has(place), `a broken grapheme at ${place}: ${JSON.stringify(whole)}`);
            assert.ok(!urls.some(({ from, to }) => from < place && place < to), `a broken address: ${JSON.stringify(whole)}`);
            const word = words.find(({ from, to }) => from < place && place < to);
            if (word !== undefined && weightOf(word.token) <= MAX - 9) {
                const sides = [...source.slice(0, place)].at(-1) + [...source.slice(place)][0];
                assert.match(sides, UNSPACED, `a broken word, ${JSON.stringify(word.token)}: ${JSON.stringify(whole)}`);
            }
        }
        seen.long += thread.tweets.length > 1 && weightOf(whole) > MAX * 0.6 ? 1 : 0;
    });
    assert.ok(thread.cut || !visible(source.slice(at)), `left out: ${JSON.stringify(source.slice(at))}`);
}

test('random threads', { timeout: 1200000 }, async (t) => {
    const seed = seedOf();
    t.diagnostic(`seed ${seed}`);
    const roll = dice(seed);
    const seen = { open: 0, long: 0, tweets: 0, refused: 0, numbered: 0 };
    for (let done = 0; done < THREADS; done += 1000) {
        const given = Array.from({ length: 1000 }, () => ({
            pieces: Array.from({ length: 1 + roll(6) }, () => (roll(25) === 0 ? ' \u200b\n' : roll(4) === 0 ? tweetish(roll) : prose(roll, 1 + roll(12)))),
            max: 1 + roll(20), numbered: roll(2) === 0,
        }));
        const threads = await ask(given);
        const weights = await ask(threads.flatMap(({ tweets }) => tweets ?? []));
        let k = 0;
        threads.forEach((thread, i) => {
            if (thread.refused !== undefined) {
                assert.ok(!visible(given[i].pieces.join('')), 'refused, though there is something to be seen');
                seen.refused += 1;
                return;
            }
            assert.ok(thread.tweets.length >= 1 && thread.tweets.length <= given[i].max);
            for (const tweet of thread.tweets) {
                assertTweet(tweet, weights[k].weight);
                assertAgree(tweet, weights[k], new Set());
                k += 1;
            }
            seen.tweets += thread.tweets.length;
            seen.numbered += given[i].numbered && thread.tweets.length > 9 ? 1 : 0;
            assertCuts(thread, given[i], seen);
        });
        if (done === 0) {
            assert.deepEqual(await ask(given), threads, 'the same texts give the same threads');
        }
    }
    t.diagnostic(JSON.stringify(seen));
    assert.ok(seen.open > THREADS / 20 && seen.long > THREADS && seen.numbered > 100 && seen.refused > 10);
});

test('speed (reported only)', async (t) => {
    const tweet = `${'words that people write, '.repeat(9)}with https://example.com/a/link and é, 👩🏽‍🚀.`;
    const emojis = '👨‍👩‍👧‍👦'.repeat(140);
    const source = Array.from({ length: 300 }, (_, i) => `Sentence ${i} says what somebody thinks, and says it at some length.`).join(' ').slice(0, 20000);
    const evil = 'a.'.repeat(10000);
    const measure = async (what, value, times) => Number(await mustRun(weigh, [what, times], { input: `${JSON.stringify(value)}\n` }));
    const thread = (text) => ({ pieces: [text], max: 20, numbered: true });
    t.diagnostic(`a tweet: ${(await measure('weight', tweet, 10000)) / 1000} µs; of 140 families: ${(await measure('weight', emojis, 1000)) / 1000} µs`);
    t.diagnostic(`20,000 characters into a thread: ${(await measure('fit', thread(source), 50)) / 1e6} ms; of "a.": ${
        (await measure('fit', thread(evil), 10)) / 1e6} ms; of Han: ${(await measure('fit', thread('中文字社区写作'.repeat(2800)), 10)) / 1e6} ms`);
});

// The composer without a network: whatever the topic, the source, the community and the wishes are, its threads can be
// posted as they are, and the same brief gives the same thread.
import assert from 'node:assert/strict';
import twitterText from 'twitter-text';
import { compose, weigh } from './lib/composing.mjs';
import { dice, seedOf } from './lib/strings.mjs';
import { test } from './lib/test.mjs';

const THREADS = 10000;
const BATCH = 1000;
const seed = seedOf();

const ADDRESSES = ['https://example.com/a/very/long/path?with=query&and=more#fragment', 'example.org', 'http://xn--bcher-kva.com/ü',
    'www.example.co.uk/x_(y)'];
const WORDS = [
    `the a of to and in is that it was for on with as his they at be this from have or by one had not but
        what all were when we there can an your which their said if do will each about how up out them then she
        many some so these would other into has more her two like him see time could no make than first been its
        who now people my made over did down only way find use may water long little very after words called
        just where most know`.split(/\s+/),
    `library neighbour cooperation bicycle responsibility thunder kitchen discovery Antarctica Wednesday
        mathematician iPhone naïve café Ørsted don’t e.g. Dr. 3.5 1,000 C++ AT&T`.split(/\s+/),
    'книга библиотека воскресенье человек город решение дорога'.split(' '),
    'كتاب مكتبة المدينة قراءة الصباح طريق'.split(' '),
    'ספר ספרייה עיר בוקר'.split(' '),
    '図書館は 日曜日も 開館する 市議会が 決めた 費用は 年間'.split(' '),
    'ห้องสมุด วันอาทิตย์ หนังสือ'.split(' '),
    ['🚀', '🔥', '👍🏽', '👨‍👩‍👧‍👦', '🇩🇪', '❤️', '1️⃣', '🎉🎉🎉'],
    ADDRESSES,
    ['<b>bold</b>', '<script>alert(1)</script>', '&amp;', '**loud**', '`code`', '@name', '#tag', '$CASH'],
    ['e\u0301\u0323', 'Z\u0351\u036b\u0343\u036a\u0302\u036bA', '\u200b', '\u202eabc\u202c', '\ufeff', '\u00ad', '\u0000', '\u0007', 'ﬃ', '\u2028'],
    ['x'.repeat(60), 'Donaudampfschifffahrtsgesellschaftskapitän'.repeat(8), '長'.repeat(200), 'a-b-'.repeat(90)],
];
const ENDS = ['. ', '. ', '. ', '. ', '! ', '? ', '… ', '.\n', '\n', '\n\n', '.\n\n', '。', '؟ ', ': ', '; ', '.” ', ' - '];
const STARTS = ['', '', '', '', '- ', '* ', '1. ', '# ', '> ', '“', '(', '\t'];
const TONES = ['', 'professional', 'casual', 'humorous', 'inspirational', 'educational', 'persuasive', 'friendly', 'enthusiastic',
    'Grumpy but FORMAL', '🔥'];

/** Words of one kind mostly, in sentences, up to so many characters. */
function prose(roll, most) {
    const home = roll(3) === 0 ? roll(WORDS.length) : roll(2);
    let text = '';
    for (let sentences = 0; text.length < most && sentences < 400; sentences += 1) {
        text += STARTS[roll(STARTS.length)];
        for (let words = roll(roll(20) === 0 ? 120 : 25); words >= 0; words -= 1) {
            const list = WORDS[roll(12) === 0 ? roll(WORDS.length) : home];
            text += list[roll(list.length)] + (words > 0 ? ' ' : '');
        }
        text += ENDS[roll(ENDS.length)];
    }
    // Not within a word or an address: what is whole in the brief must be whole in the thread.
    return text.length <= most ? text : text.slice(0, Math.max(0, text.slice(0, most + 1).search(/\s\S*$/)));
}

function makeBrief(roll) {
    const brief = {
        composer: 'extract', topic: `Topic ${prose(roll, 5 + roll(roll(4) === 0 ? 490 : 60))}`,
        tone: TONES[roll(TONES.length)], max_tweets: 1 + roll(20), numbered: roll(2) === 0,
    };
    if (roll(3) > 0) {
        brief.source = prose(roll, roll(5) === 0 ? roll(20000) : roll(2500));
    }
    if (roll(3) === 0) {
        brief.found = Array.from({ length: roll(11) }, (_, i) => ({
            title: prose(roll, roll(200)), text: prose(roll, roll(3000)),
            link: roll(8) === 0 ? '' : `https://quire.example/posts/${i}`,
        }));
    }
    return brief;
}

const RUN = /[\p{L}\p{M}\p{N}]+/gu;
const UNSPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u; // words end anywhere
const LONG = 200; // a word that may not fit into a tweet

/** Every word of ours: phrases, outlines, numbers. */
async function ownWords() {
    const briefs = TONES.flatMap((tone) => ['Topic one', 'Topic one!', 'Topic two', 'Topic two?', 'Topic three', 'Topic four', 'A']
        .flatMap((topic) => [[], [{ title: '', text: 'Topic.', link: '' }]].map((found) => (
            { composer: 'extract', topic, tone, max_tweets: 20, found, numbered: true }))));
    const words = new Set(Array.from({ length: 20 }, (_, i) => String(i + 1)));
    for (const { tweets } of await compose(briefs)) {
        for (const [word] of tweets.join('\n').matchAll(RUN)) {
            words.add(word);
        }
    }
    return words;
}

/** What the brief is made of: its words, and its addresses. */
function readBrief(brief) {
    const found = (brief.found ?? []).flatMap(({ title, text, link }) => [title, text, link]);
    const text = [brief.topic, brief.source ?? '', ...found].join('\n').normalize('NFC').replaceAll(/[\u0000\u0007\ufeff]/g, '');
    const words = new Set([...text.matchAll(RUN)].map(([word]) => word));
    return { words, long: [...words].filter((word) => word.length > LONG), text };
}

/** Words and addresses of tweets are those of the brief, unless they had to be cut. */
function checkWords(brief, draft, own, hold) {
    const { words, long, text } = readBrief(brief);
    for (const tweet of draft.tweets) {
        for (const [word] of tweet.matchAll(RUN)) {
            const whole = words.has(word) || own.has(word) || words.has(word[0].toLowerCase() + word.slice(1));
            hold(whole || UNSPACED.test(word) || long.some((one) => one.includes(word)), `the word ${word}`);
        }
        for (const url of twitterText.extractUrls(tweet)) {
            hold(text.includes(url), `the address ${url}`);
        }
        for (const address of ADDRESSES.filter((one) => one.startsWith('http'))) {
            const beginning = address.slice(0, address.indexOf('/', 8));
            hold(tweet.split(beginning).length === tweet.split(address).length, `${address} is cut`);
        }
    }
}

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });
const CONTROLS = /[\u0000-\u0009\u000b-\u001f\u007f\ufeff]/;

/** What is true of each tweet alone. */
function checkTweet(tweet, hold) {
    const parts = [...graphemes.segment(tweet)].map(({ segment }) => segment);
    hold(weigh(tweet) <= 280, 'too heavy');
    hold(/[\p{L}\p{N}\p{P}\p{S}]/u.test(tweet), 'empty');
    hold(tweet === tweet.trim(), 'blanks at the ends');
    hold(tweet === tweet.normalize('NFC'), 'not in form C');
    hold(tweet.isWellFormed() && !CONTROLS.test(tweet), 'characters that no tweet has');
    hold(!/^[\p{M}\u200d\ufe0f]/u.test(parts[0]), 'begins within a grapheme');
    hold(!parts.at(-1).endsWith('\u200d'), 'ends within a grapheme');
}

function checkDraft(brief, draft, own) {
    const hold = (good, what) => good
        || assert.fail(`${what} (seed ${seed}): ${JSON.stringify(draft)} of ${JSON.stringify(brief)}`.slice(0, 6000));
    hold(draft.error === undefined, 'an error');
    const { tweets, params } = draft;
    hold(tweets.length >= 1 && tweets.length <= brief.max_tweets, 'too few or too many');
    tweets.forEach((tweet, i) => {
        checkTweet(tweet, hold);
        hold(!brief.numbered || tweets.length === 1 || tweet.endsWith(` ${i + 1}/${tweets.length}`), 'the number is missing');
    });
    checkWords(brief, draft, own, hold);
    hold(JSON.stringify(params).length <= 4000 && params.max_tweets === brief.max_tweets, 'params');
    hold(['source', 'community', 'topic'].includes(params.from), 'from');
}

test(`${THREADS} threads out of anything can be posted (seed ${seed})`, { timeout: 900000 }, async () => {
    const roll = dice(seed);
    const own = await ownWords();
    const from = {};
    for (let done = 0; done < THREADS; done += BATCH) {
        const briefs = Array.from({ length: BATCH }, () => makeBrief(roll));
        const drafts = await compose(briefs);
        assert.equal(drafts.length, BATCH);
        briefs.forEach((brief, i) => checkDraft(brief, drafts[i], own));
        drafts.forEach(({ params }) => {
            from[params.from] = (from[params.from] ?? 0) + 1;
        });
        // Another process, another order, another locale: the same threads.
        const again = await compose(briefs.toReversed(), { LC_ALL: 'tr_TR.UTF-8', TZ: 'Asia/Kathmandu' });
        assert.deepEqual(again.toReversed(), drafts, `not the same again (seed ${seed})`);
    }
    for (const way of ['source', 'community', 'topic']) {
        assert.ok(from[way] > THREADS / 50, `${way}: ${from[way]}`);
    }
});

const ARTICLE = `The city of Ghent has decided to close its inner ring to private cars. The plan was approved on Monday after four years of debate. The mayor called it "the biggest change to our streets since the trams came."

Shops feared a loss of customers. However, a study led by Dr. An Verhulst found that sales rose by 3.5 percent in streets that had been closed before. It also found that noise fell by half.

Critics say the plan moves traffic to the suburbs. They point to the outer ring, where traffic jams grew by 12 percent. The city answers with two new bus lines and 4,000 parking spaces at the edge of the city.`;

test('a source gives its own sentences, whole and in their order, under the topic', async () => {
    for (const max of [1, 2, 3, 4, 8]) {
        const [draft] = await compose([{ composer: 'extract', topic: 'a city without cars', source: ARTICLE, max_tweets: max }]);
        const sentences = draft.tweets.join('\n').split(/(?<=[.?!"])\s+(?=[A-Z"])|\n+/).slice(1);
        const plain = ARTICLE.replaceAll(/\s+/g, ' ');
        assert.match(draft.tweets[0], /^A (city without cars|short thread: a city without cars)/);
        assert.equal(draft.params.from, 'source');
        let at = 0;
        let own = 0;
        for (const sentence of sentences) {
            const found = plain.indexOf(sentence);
            if (found >= 0) {
                assert.ok(found >= at, `out of order or twice: ${sentence}`);
                at = found + sentence.length;
                own += 1;
            }
        }
        assert.ok(own >= sentences.length - 3 && own >= 1, JSON.stringify(draft.tweets)); // opening and closing are ours
        assert.ok(!/Dr\.$/m.test(draft.tweets.join('\n')), 'no sentence ends behind "Dr."');
        assert.ok(!draft.tweets.join('').includes('…'));
    }
});

test('a sentence that leans on the one before never stands without it', async () => {
    for (const max of [1, 2, 3, 4]) {
        for (const topic of ['a city without cars', 'traffic jams and suburbs', 'what the study of noise found']) {
            const [{ tweets }] = await compose([{ composer: 'extract', topic, source: ARTICLE, max_tweets: max }]);
            const text = tweets.join(' ').replaceAll(/\s+/g, ' ');
            for (const [leaning, lead] of [['However, a study', 'Shops feared'], ['It also found', 'However, a study'], ['They point to', 'Critics say']]) {
                assert.ok(!text.includes(leaning) || text.includes(lead), `${leaning} without ${lead}: ${text}`);
            }
        }
    }
});

const FOUND = [
    { title: 'Why I stopped counting', text: 'For years I counted every book. Reading more became a burden.', link: 'https://quire.example/posts/1' },
    { title: 'A library in every village', text: 'Our village has a library. It is a cupboard beside the bus stop.', link: 'https://quire.example/posts/2' },
    { title: 'Twice', text: 'For years I counted every book. Reading more became a burden.', link: 'https://quire.example/posts/1' },
];

test('without a source the community is quoted, each with its link, none twice', async () => {
    const [draft, single] = await compose([5, 1].map((max) => ({ composer: 'extract', topic: 'reading more', found: FOUND, max_tweets: max })));
    assert.equal(draft.params.from, 'community');
    const text = draft.tweets.join('\n');
    assert.match(draft.tweets[0], /^Reading more/);
    assert.match(text, /“For years I counted every book\. Reading more became a burden\.” — Why I stopped counting\nhttps:\/\/quire\.example\/posts\/1/);
    assert.match(text, /“Our village has a library\..*” — A library in every village\nhttps:\/\/quire\.example\/posts\/2/);
    assert.equal(single.params.from, 'community');
    assert.match(single.tweets[0], /https:\/\/quire\.example\/posts\/1/);
});

test('a source wins over the community, a blank one does not', async () => {
    const [one, two] = await compose(['Books are long. Films are short.', ' \n\u200b\t'].map((source) => (
        { composer: 'extract', topic: 'books and films', source, found: FOUND })));
    assert.deepEqual([one.params.from, two.params.from], ['source', 'community']);
});

test('without either an outline names the topic, in each tone another; an unknown tone is neutral, and says so', async () => {
    const tones = TONES.filter((tone) => /^[a-z]*$/.test(tone));
    const drafts = await compose([...tones, 'grumpy'].map((tone) => ({ composer: 'extract', topic: 'learning to cook', tone, max_tweets: 4 })));
    drafts.forEach(({ tweets, params }) => {
        assert.match(tweets[0], /learning to cook/i);
        assert.equal(tweets.length, 4);
        assert.equal(params.from, 'topic');
        assert.equal(new Set(tweets).size, 4);
    });
    assert.deepEqual(drafts.map(({ params }) => params.style), [...tones.map((tone) => tone || 'neutral'), 'neutral']);
    assert.deepEqual(drafts.at(-1).tweets, drafts[0].tweets);
    assert.equal(drafts.at(-1).params.tone, 'grumpy');
    assert.equal(new Set(drafts.slice(0, -1).map(({ tweets }) => tweets[0])).size, tones.length);
});

test('HTML is text, emoji and right-to-left topics are topics', async () => {
    const topics = ['<b>Bold</b> & <script>alert(1)</script>', '🚀🚀🚀 👨‍👩‍👧‍👦 🎉', 'القراءة في الصباح الباكر', 'ספר טוב בבוקר'];
    const drafts = await compose(topics.map((topic) => ({ composer: 'extract', topic, max_tweets: 3 })));
    drafts.forEach(({ tweets }, i) => {
        assert.ok(tweets[0].includes(topics[i]), tweets[0]);
        assert.equal(tweets.length, 3);
    });
});

test('a topic of nothing to be seen is refused', async () => {
    const [got] = await compose([{ composer: 'extract', topic: ' \u200b\u200b\u200b ' }]);
    assert.equal(got.error, 'validation_error');
    assert.equal(got.status, 422);
});

// Threads of tweets: asked for, waited for, read, edited, made again, deleted; who may; pages; the history.
import assert from 'node:assert/strict';
import { assertError, assertInvalid, atLeast, entry, intParsing, missing, stringType, tooLong, tooShort, valueError } from './lib/contract.mjs';
import { until } from './lib/processes.mjs';
import { assertBetween, assertMembers } from './lib/shapes.mjs';
import { startSite } from './lib/site.mjs';
import { test } from './lib/test.mjs';

const site = await startSite({ work: true });
const admin = await site.admin();
const ada = await site.signUp();
const bob = await site.signUp();
const topic = 'How the first programs were written';
const source = 'In 1843 a translation of a paper about a machine was published, with notes that were longer than the paper. '
    + 'The seventh note describes how the machine would compute the numbers of Bernoulli, step by step. '
    + 'It is called the first program, although the machine was never built. '
    + 'A hundred years later the first machines that ran programs were built of relays and valves. '
    + 'Their programs were punched into tape or plugged with cables, and whoever wrote them knew the machine by heart.';
const NONE = 2147480000;

/** A thread of a person's own. */
async function make(person, fields = {}) {
    const answer = await site.post('/tweets/generate', { topic, source, max_tweets: 4, ...fields }, person);
    assert.equal(answer.status, 200, answer.raw);
    return answer.json;
}

/** A row of history, once it has ended. */
function ended(person, id) {
    return until('the attempt has ended', async () => {
        const { json } = await site.get(`/tweets/histories/${id}`, person);
        return !['pending', 'running'].includes(json.status) && json;
    });
}

function assertHistory(row, expected) {
    assertMembers(row, ['id', 'thread_id', 'user_id', 'status', 'processing_time', 'generation_params', 'error',
        'created_at']);
    for (const [name, value] of Object.entries(expected)) {
        assert.deepEqual(row[name], value, name);
    }
}

test('a thread is made, kept, and the attempt is on record', async () => {
    const before = Date.now();
    const made = await make(ada);
    assertMembers(made, ['id', 'tweets', 'tweet_count', 'topic']);
    assert.equal(made.topic, topic);
    assert.equal(made.tweet_count, made.tweets.length);
    assert.ok(made.tweets.length >= 1 && made.tweets.length <= 4);
    const { json: thread, headers } = await site.get(`/tweets/threads/${made.id}`, ada);
    assertMembers(thread, ['id', 'user_id', 'topic', 'tweets', 'tweet_count', 'created_at', 'updated_at']);
    assert.deepEqual([thread.user_id, thread.tweets, thread.topic], [ada.id, made.tweets, topic]);
    assertBetween(thread.created_at, before, Date.now());
    assert.match(headers.etag, /^"/);
    const { json: rows } = await site.get(`/tweets/threads/${made.id}/history`, ada);
    assert.equal(rows.length, 1);
    assertHistory(rows[0], { thread_id: made.id, user_id: ada.id, status: 'success', error: null });
    assert.ok(rows[0].processing_time >= 0);
    const params = JSON.parse(rows[0].generation_params);
    assert.deepEqual([params.provider, params.from, params.max_tweets], ['extract', 'source', 4]);
});

test('what was asked for is forgotten with its end, but not what the thread needs to be made again', async () => {
    const made = await make(ada, { tone: 'casual' });
    const [row] = await site.query(`SELECT source, due_at, holder, attempts FROM tweet_histories
        WHERE thread_id = ${made.id}`);
    assert.deepEqual({ ...row }, { source: null, due_at: null, holder: null, attempts: row.attempts });
    assert.equal(Number(row.attempts), 1);
    const [thread] = await site.query(`SELECT source, tone FROM tweet_threads WHERE id = ${made.id}`);
    assert.deepEqual([thread.source, thread.tone], [source, 'casual']);
});

test('what the community has published on a topic is quoted, with links; else the topic itself is enough', async () => {
    const word = site.name('zebrafinch');
    const post = await site.createPost(bob, { title: `On the ${word}`,
        content: `The ${word} sings a song that it learns from its father. It sings to be heard.` });
    const hidden = await site.createPost(bob, { title: `Not yet on the ${word}`, published: false,
        content: `The ${word} is a secret of mine.` });
    const made = await make(ada, { topic: `The song of the ${word}`, source: undefined });
    const { json: [row] } = await site.get(`/tweets/threads/${made.id}/history`, ada);
    assert.equal(JSON.parse(row.generation_params).from, 'community');
    const text = made.tweets.join('\n');
    // The page that people read, not the interface.
    assert.match(text, new RegExp(`https?://[^/\\s]+/posts/${post.id}\\b`));
    assert.ok(!text.includes('secret') && !text.includes(`/posts/${hidden.id}`), text);
    const alone = await make(ada, { topic: 'Qqxyzzy plugh frobozz quendor', source: null });
    const { json: [other] } = await site.get(`/tweets/threads/${alone.id}/history`, ada);
    assert.equal(JSON.parse(other.generation_params).from, 'topic');
});

test('the defaults: five tweets at most, null as well; numbers on request', async () => {
    const long = `${source} `.repeat(8);
    for (const fields of [{ max_tweets: undefined }, { max_tweets: null }]) {
        const made = await make(ada, { source: long, ...fields });
        assert.ok(made.tweets.length <= 5);
        const { json: [row] } = await site.get(`/tweets/threads/${made.id}/history`, ada);
        assert.equal(JSON.parse(row.generation_params).max_tweets, 5);
    }
    const numbered = await make(ada, { numbered: true });
    assert.ok(numbered.tweets.length > 1, 'a thread of several');
    numbered.tweets.forEach((tweet, i) => assert.ok(tweet.endsWith(`${i + 1}/${numbered.tweets.length}`), tweet));
});

test('mistakes are told together, and nothing is on record', async () => {
    const before = await site.count('tweet_histories');
    const body = { topic: 'too short', tone: 'x'.repeat(51), max_tweets: 'many', source: 'y'.repeat(20001), numbered: 7 };
    const answer = await site.post('/tweets/generate', body, ada);
    assertInvalid(answer, [
        tooShort(['body', 'topic'], 'too short', 10),
        tooLong(['body', 'tone'], body.tone, 50),
        intParsing(['body', 'max_tweets'], 'many'),
        tooLong(['body', 'source'], body.source, 20000),
        entry('bool_parsing', ['body', 'numbered'], 'Input should be a valid boolean, unable to interpret input', 7),
    ]);
    assertInvalid(await site.post('/tweets/generate', {}, ada), [missing(['body', 'topic'], {})]);
    for (const blank of [' '.repeat(10), '\u200b\u2060'.repeat(6), '\u3000\t\n'.repeat(5)]) {
        assertInvalid(await site.post('/tweets/generate', { topic: blank }, ada),
            [valueError(['body', 'topic'], blank, 'a topic must show something')]);
    }
    const blank = ' '.repeat(10);
    assertInvalid(await site.post('/tweets/generate', { tone: body.tone, topic: blank }, ada), [
        valueError(['body', 'topic'], blank, 'a topic must show something'),
        tooLong(['body', 'tone'], body.tone, 50),
    ]);
    assert.equal(await site.count('tweet_histories'), before);
    assertError(await site.post('/tweets/generate', { topic }), 401, 'unauthenticated');
});

test('topics and texts of any script are text, and nothing else', async () => {
    const cases = [
        '👩‍👩‍👧‍👦🏳️‍🌈🇪🇺 '.repeat(5), 'كيف كُتبت البرامج الأولى في التاريخ', 'プログラムが最初に書かれたときのこと',
        '<script>alert(1)</script> & <b>bold</b>', "'; DROP TABLE tweet_threads; -- a topic", '%s %n \\u0000 {{7*7}} ${x}',
        'e\u0301'.repeat(20), '+a -b "c" (d) @e ~f* <g >h and more',
    ];
    for (const each of cases) {
        const made = await make(ada, { topic: each, source: undefined });
        assert.equal(made.topic, each);
        const [row] = await site.query(`SELECT topic FROM tweet_threads WHERE id = ${made.id}`);
        assert.equal(row.topic, each);
    }
});

test('what the database takes for operators is none in a topic', async () => {
    for (const each of ['* * * * * *', '**********', 'Five stars for this book * * *', '*beginning and end of it*', '" " ( ) < > ~ @ + -']) {
        const made = await make(ada, { topic: each, source: undefined });
        assert.equal(made.topic, each);
    }
});

test('a source that shows nothing is none: what the community has published is quoted', async () => {
    const word = site.name('waxwing');
    await site.createPost(bob, { title: `On the ${word}`, content: `The ${word} eats berries until it can fly no more.` });
    for (const blank of [' \n', '\u200b\u2060', '']) {
        const made = await make(ada, { topic: `Berries for the ${word}`, source: blank });
        const { json: [row] } = await site.get(`/tweets/threads/${made.id}/history`, ada);
        assert.equal(JSON.parse(row.generation_params).from, 'community', JSON.stringify(blank));
    }
});

test('Prefer: respond-async answers 202 at once; its Location tells how far it is', async () => {
    const answer = await site.request('POST', '/tweets/generate', { token: ada.token, json: { topic, source },
        headers: { Prefer: 'respond-async' } });
    assert.equal(answer.status, 202, answer.raw);
    assert.equal(answer.headers['preference-applied'], 'respond-async');
    assert.equal(answer.headers.location, `/api/v1/tweets/histories/${answer.json.id}`);
    assertHistory(answer.json, { thread_id: null, user_id: ada.id, status: 'pending', processing_time: null,
        generation_params: null, error: null });
    const row = await ended(ada, answer.json.id);
    assert.equal(row.status, 'success');
    const { json: thread } = await site.get(`/tweets/threads/${row.thread_id}`, ada);
    assert.equal(thread.topic, topic);
});

test('without anybody to make it, a request waits as long as it wants to, and the thread comes later', async () => {
    await site.work.stop('SIGTERM');
    const begun = Date.now();
    const answer = await site.request('POST', '/tweets/generate', { token: ada.token, json: { topic, source },
        headers: { Prefer: 'wait=1' } });
    assert.equal(answer.status, 202, answer.raw);
    assert.equal(answer.headers['preference-applied'], undefined);
    assert.ok(Date.now() - begun >= 1000);
    assert.equal((await site.get(`/tweets/histories/${answer.json.id}`, ada)).json.status, 'pending');
    site.startWork();
    assert.equal((await ended(ada, answer.json.id)).status, 'success');
});

test('made again: the same thread, with the topic that it has now, and one more attempt on record', async () => {
    const made = await make(ada, { tone: 'casual', numbered: true, max_tweets: 3 });
    const other = 'Machines that were never built';
    await site.patch(`/tweets/threads/${made.id}`, { topic: other, tweets: ['mine'] }, ada);
    const answer = await site.post(`/tweets/threads/${made.id}/regenerate`, undefined, ada);
    assert.equal(answer.status, 200, answer.raw);
    assert.deepEqual([answer.json.id, answer.json.topic], [made.id, other]);
    assert.notDeepEqual(answer.json.tweets, ['mine']);
    assert.ok(answer.json.tweets.length <= 3, 'as many as were asked for then');
    const { json: rows } = await site.get(`/tweets/threads/${made.id}/history`, ada);
    assert.deepEqual(rows.map((row) => row.status), ['success', 'success']);
    assert.ok(rows[0].id > rows[1].id, 'the newest first');
    const [now, then] = rows.map((row) => JSON.parse(row.generation_params));
    assert.deepEqual([now.from, now.tone, now.max_tweets, now.numbered], ['source', 'casual', 3, true]);
    assert.deepEqual([then.from, then.tone, then.max_tweets, then.numbered], ['source', 'casual', 3, true]);
    const again = await site.request('POST', `/tweets/threads/${made.id}/regenerate`, { token: ada.token,
        headers: { Prefer: 'respond-async' } });
    assert.equal(again.status, 202);
    assert.equal(again.json.thread_id, made.id);
    assert.equal((await ended(ada, again.json.id)).status, 'success');
});

test('edited: topic and tweets, held to the same weight', async () => {
    const made = await make(ada);
    const path = `/tweets/threads/${made.id}`;
    const url = `https://example.com/${'a'.repeat(400)}`;
    const tweets = ['One.', `Two: ${url}`, '語'.repeat(140)];
    const put = await site.put(path, { topic: 'Another topic', tweets, id: 1, user_id: bob.id, tweet_count: 9 }, ada);
    assert.equal(put.status, 200, put.raw);
    assert.deepEqual([put.json.topic, put.json.tweets, put.json.tweet_count, put.json.user_id],
        ['Another topic', tweets, 3, ada.id]);
    assert.ok(put.json.updated_at > put.json.created_at, put.raw);
    const patched = await site.patch(path, { tweets: ['Only one'] }, ada);
    assert.deepEqual([patched.json.topic, patched.json.tweets, patched.json.tweet_count], ['Another topic', ['Only one'], 1]);
    const heavy = '語'.repeat(141);
    const blank = '\u200b';
    const justTooHeavy = `${'語'.repeat(140)}x`;
    assertInvalid(await site.patch(path, { tweets: [justTooHeavy] }, ada), [
        valueError(['body', 'tweets', 0], justTooHeavy, 'a tweet weighs at most 280 as X counts, this one 281')]);
    assertInvalid(await site.patch(path, { tweets: ['fine', heavy, blank] }, ada), [
        valueError(['body', 'tweets', 1], heavy, 'a tweet weighs at most 280 as X counts, this one 282'),
        valueError(['body', 'tweets', 2], blank, 'a tweet must show something'),
    ]);
    const nothing = '\u3000'.repeat(10);
    for (const ask of [site.put, site.patch]) {
        assertInvalid(await ask.call(site, path, { topic: nothing, tweets: [heavy, 7] }, ada), [
            valueError(['body', 'topic'], nothing, 'a topic must show something'),
            valueError(['body', 'tweets', 0], heavy, 'a tweet weighs at most 280 as X counts, this one 282'),
            stringType(['body', 'tweets', 1], 7),
        ]);
    }
    assertInvalid(await site.patch(path, { tweets: [] }, ada), [entry('too_short', ['body', 'tweets'],
        'List should have at least 1 item after validation, not 0', [],
        { field_type: 'List', min_length: 1, actual_length: 0 })]);
    const many = Array.from({ length: 21 }, () => 'x');
    assertInvalid(await site.patch(path, { tweets: many }, ada), [entry('too_long', ['body', 'tweets'],
        'List should have at most 20 items after validation, not 21', many,
        { field_type: 'List', max_length: 20, actual_length: 21 })]);
    assertInvalid(await site.put(path, { topic: 'Another topic' }, ada),
        [missing(['body', 'tweets'], { topic: 'Another topic' })]);
    assert.deepEqual((await site.get(path, ada)).json.tweets, ['Only one']);
});

test('an edit on an old version is refused', async () => {
    const made = await make(ada);
    const path = `/tweets/threads/${made.id}`;
    const { headers } = await site.get(path, ada);
    await site.patch(path, { tweets: ['first'] }, ada);
    const late = await site.request('PATCH', path, { token: ada.token, json: { tweets: ['second'] },
        headers: { 'If-Match': headers.etag } });
    assertError(late, 412, 'stale');
    assert.deepEqual((await site.get(path, ada)).json.tweets, ['first']);
    assert.equal((await site.request('GET', path, { token: ada.token,
        headers: { 'If-None-Match': (await site.get(path, ada)).headers.etag } })).status, 304);
});

test('to others, and to admins, a thread and its history do not exist', async () => {
    const made = await make(ada);
    const { json: [row] } = await site.get(`/tweets/threads/${made.id}/history`, ada);
    const path = `/tweets/threads/${made.id}`;
    for (const person of [bob, admin]) {
        const gone = [404, 'not_found', `thread with id: ${made.id} not found`];
        assertError(await site.get(path, person), ...gone);
        assertError(await site.patch(path, { topic: 'It is mine now' }, person), ...gone);
        assertError(await site.put(path, { topic: 'It is mine now', tweets: ['x'] }, person), ...gone);
        assertError(await site.delete(path, person), ...gone);
        assertError(await site.post(`${path}/regenerate`, undefined, person), ...gone);
        assertError(await site.get(`${path}/history`, person), ...gone);
        assertError(await site.get(`/tweets/histories/${row.id}`, person), 404, 'not_found',
            `history with id: ${row.id} not found`);
        const { json: theirs } = await site.get('/tweets/histories?limit=100', person);
        assert.ok(theirs.every((each) => each.user_id === person.id));
    }
    assertError(await site.get(path), 401, 'unauthenticated');
    assert.equal((await site.get(path, ada)).json.topic, topic);
});

test('pages by number: the newest first, counted; a page behind the last is empty', async () => {
    const eve = await site.signUp();
    const ids = [];
    for (let i = 0; i < 5; ++i) {
        ids.unshift((await make(eve)).id);
    }
    const page = async (query) => (await site.get(`/tweets/history${query}`, eve)).json;
    const all = await page('');
    assert.deepEqual([all.threads.map((thread) => thread.id), all.total_count, all.page, all.page_size], [ids, 5, 1, 10]);
    const second = await page('?page=2&page_size=2');
    assert.deepEqual([second.threads.map((thread) => thread.id), second.total_count, second.page, second.page_size],
        [ids.slice(2, 4), 5, 2, 2]);
    for (const far of ['4', '2147483647', '9223372036854775807']) {
        const { json } = await site.get(`/tweets/history?page=${far}&page_size=100`, eve);
        assert.deepEqual([json.threads, json.total_count], [[], 5]);
    }
    const around = await page(`?page=${2n ** 58n + 1n}&page_size=64`); // 2 ** 64 rows: nothing comes around to the first
    assert.deepEqual([around.threads, around.total_count], [[], 5]);
    assertInvalid(await site.get('/tweets/history?page=0&page_size=101', eve), [
        atLeast(['query', 'page'], '0', 1),
        entry('less_than_equal', ['query', 'page_size'], 'Input should be less than or equal to 100', '101', { le: 100 }),
    ]);
});

test('attempts are a list like any other', async () => {
    const eve = await site.signUp();
    for (let i = 0; i < 3; ++i) {
        await make(eve);
    }
    const first = await site.get('/tweets/histories?limit=2&count=exact', eve);
    assert.equal(first.headers['x-total-count'], '3');
    const next = first.headers.link.match(/<([^>]+)>; rel="next"/)[1];
    const rest = await site.get(`/${next.replace(/^https?:\/\/[^/]+/, '')}`, eve);
    assert.equal(rest.json.length, 1);
    assert.ok(rest.json[0].id < first.json[1].id);
});

test('deleted: the thread with its history, or the user with all of it', async () => {
    const eve = await site.signUp();
    const made = await make(eve);
    await make(eve);
    assert.equal((await site.delete(`/tweets/threads/${made.id}`, eve)).status, 204);
    assertError(await site.get(`/tweets/threads/${made.id}`, eve), 404, 'not_found');
    assert.equal(await site.count('tweet_histories', `user_id = ${eve.id}`), 1);
    assertError(await site.get(`/tweets/threads/${NONE}`, eve), 404, 'not_found', `thread with id: ${NONE} not found`);
    assert.equal((await site.request('DELETE', '/users/me', { token: eve.token,
        json: { current_password: eve.password } })).status, 204);
    assert.equal(await site.count('tweet_threads', `user_id = ${eve.id}`), 0);
    assert.equal(await site.count('tweet_histories', `user_id = ${eve.id}`), 0);
});

test('a thread that goes while it is made again takes the attempt along', async () => {
    const made = await make(ada);
    await site.work.stop('SIGTERM');
    const again = await site.request('POST', `/tweets/threads/${made.id}/regenerate`, { token: ada.token,
        headers: { Prefer: 'respond-async' } });
    assert.equal(again.status, 202);
    assert.equal((await site.delete(`/tweets/threads/${made.id}`, ada)).status, 204);
    assertError(await site.get(`/tweets/histories/${again.json.id}`, ada), 404, 'not_found');
    site.startWork();
    await make(ada);
    assert.equal(await site.count('tweet_threads', `id = ${made.id}`), 0);
});

test('one Idempotency-Key, one thread', async () => {
    const key = site.name('key');
    const ask = () => site.request('POST', '/tweets/generate', { token: ada.token, json: { topic, source },
        headers: { 'Idempotency-Key': key } });
    const before = await site.count('tweet_histories', `user_id = ${ada.id}`);
    const refused = await site.request('POST', '/tweets/generate', { token: ada.token, json: { topic: ' '.repeat(10) },
        headers: { 'Idempotency-Key': key } });
    assertError(refused, 422, 'validation_error'); // and the key is good for what is meant
    const first = await ask();
    assert.equal(first.status, 200, first.raw);
    const second = await ask();
    assert.equal(second.status, 200, second.raw);
    assert.equal(second.headers['idempotent-replayed'], 'true');
    assert.equal(second.raw, first.raw);
    assert.equal(await site.count('tweet_histories', `user_id = ${ada.id}`), before + 1);
});

test('an Idempotency-Key sent again while its thread is being made is at work; a 202 that was wanted comes again', async () => {
    await site.work.stop('SIGTERM');
    const key = site.name('key');
    const ask = (prefer, under = key) => site.request('POST', '/tweets/generate', { token: ada.token,
        json: { topic, source }, headers: { 'Idempotency-Key': under, Prefer: prefer } });
    const first = ask('wait=20');
    await until('the first is on record', async () => await site.count('tweet_histories', 'status = 0') === 1);
    assertError(await ask('wait=0'), 409, 'conflict', /still running/);
    const later = site.name('key');
    const wanted = await ask('respond-async', later);
    for (const prefer of ['respond-async', 'wait=0', 'wait=5']) {
        const again = await ask(prefer, later);
        assert.deepEqual([again.status, again.headers['idempotent-replayed'], again.raw], [202, 'true', wanted.raw]);
    }
    site.startWork();
    const done = await first;
    assert.equal(done.status, 200, done.raw);
    const again = await ask('wait=0');
    assert.deepEqual([again.status, again.headers['idempotent-replayed'], again.raw], [200, 'true', done.raw]);
    assert.equal((await ended(ada, wanted.json.id)).status, 'success');
    assert.deepEqual([(await ask('wait=5', later)).status, wanted.status], [202, 202]);
});

// A language model behind the whole stack, and all that it can do wrong: the client gets a thread that can be posted or a
// clean 502 or 504, the attempt is on record, and the key is nowhere.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { assertError } from './lib/contract.mjs';
import { Log } from './lib/logs.mjs';
import { isAlive } from './lib/pool.mjs';
import { until, workersOf } from './lib/processes.mjs';
import { busy, completion, failure, hang, reply, startProvider, thread } from './lib/provider.mjs';
import { startSite } from './lib/site.mjs';
import { test } from './lib/test.mjs';

const KEY = 'sk-a-key-that-nobody-may-see-4711';
const provider = await startProvider();
const site = await startSite({
    work: true,
    long: { WORKERS: 8 },
    settings: { COMPOSER: 'openai', OPENAI_BASE_URL: provider.url, OPENAI_API_KEY: KEY, OPENAI_MODEL: 'asked-model',
        OPENAI_TIMEOUT: 20, OPENAI_RETRIES: 1, WORK_PROCESSES: 2 },
});
site.passwords.add(KEY); // no log and no answer may hold it
const ada = await site.signUp();
const topic = 'How the first programs were written';
const ask = (fields = {}, headers = {}) => site.request('POST', '/tweets/generate',
    { token: ada.token, json: { topic, ...fields }, headers });
const keyed = (key, fields = {}) => ask(fields, { 'Idempotency-Key': key });
const lastRow = async () => (await site.get('/tweets/histories?limit=1', ada)).json[0];

/** Does something while the work has settings of its own: it alone is begun anew, before and after. */
async function workingWith(settings, act) {
    const usual = site.settings;
    const begin = async (all) => {
        await site.work.stop('SIGTERM');
        site.settings = all;
        site.startWork();
    };
    await begin({ ...usual, ...settings });
    try {
        return await act();
    } finally {
        await begin(usual);
    }
}
/** Asks a provider that says nothing: that need not take as long as one may take that is slow. */
const inSilence = (act) => workingWith({ OPENAI_TIMEOUT: 3 }, () => {
    provider.script(hang());
    return act();
});

/** An answer that the provider keeps back until release() is called. */
function keptBack(answer) {
    let release;
    const released = new Promise((resolve) => {
        release = resolve;
    });
    return { release, answer: async (...exchange) => {
        await released;
        answer(...exchange);
    } };
}

test('a good answer: the thread, the model, the tokens', async () => {
    provider.script(completion(thread('One thing.', 'Another thing.')));
    const answer = await ask({ tone: 'casual' });
    assert.equal(answer.status, 200, answer.raw);
    assert.deepEqual(answer.json.tweets, ['One thing.', 'Another thing.']);
    const row = await lastRow();
    assert.equal(row.status, 'success');
    const params = JSON.parse(row.generation_params);
    assert.deepEqual([params.provider, params.model, params.prompt_tokens, params.completion_tokens],
        ['openai', 'served-model-1', 120, 34]);
    assert.equal(provider.requests[0].headers.authorization, `Bearer ${KEY}`);
    assert.ok(!JSON.stringify(row).includes(KEY));
});

// What it answers, what the client gets, and what is on record.
const long = 'The notes were longer than the paper that they explained, and nobody had asked for them. '.repeat(5).trim();
const bad = [
    ['refuses the key', [failure(401, `the key ${KEY} is not good`)], 502, 'failed'],
    ['is busy for ever', [busy(1)], 502, 'failed'],
    ['is broken', [failure(500, 'oops')], 502, 'failed'],
    ['says nothing', [hang()], 504, 'timeout'],
    ['says 3 MiB', [reply(200, 'x'.repeat(3 << 20))], 502, 'failed'],
    ['says something that is no completion', [reply(200, '<html>maintenance</html>', { 'Content-Type': 'text/html' })],
        502, 'failed'],
    ['says an empty thread', [completion(thread())], 502, 'failed'],
    ['writes prose', [completion(`${long}\n\n${long}`)], 200, 'success'],
    ['writes tweets that are too long', [completion(thread(long, 'short'))], 200, 'success'],
    ['breaks off in the middle', [completion('{"tweets":["The first one is whole.","The second is not', { finish: 'length' })],
        200, 'success'],
    ['is busy for a moment', [busy(1), completion(thread('At last.'))], 200, 'success'],
];
for (const [what, answers, status, state] of bad) {
    test(`a provider that ${what}: ${status}`, async () => {
        provider.script(...answers);
        const compose = () => ask({ max_tweets: 3 });
        const answer = await (state === 'timeout' ? inSilence(compose) : compose());
        const row = await lastRow();
        assert.equal(row.status, state);
        assert.ok(row.processing_time >= 0);
        const params = JSON.parse(row.generation_params);
        assert.equal(params.provider, 'openai');
        if (status === 200) {
            assert.equal(answer.status, 200, answer.raw);
            assert.ok(answer.json.tweets.length >= 1 && answer.json.tweets.length <= 3);
            assert.ok(answer.json.tweets.every((tweet) => tweet.length > 0 && tweet.length <= 280));
            assert.deepEqual([row.error, row.thread_id], [null, answer.json.id]);
        } else {
            assertError(answer, status, status === 502 ? 'provider_failed' : 'provider_timeout');
            assert.deepEqual([row.error, row.thread_id], [answer.json.detail, null]);
            // What the record of a thread begins with, too.
            assert.deepEqual(params, { provider: 'openai', tone: null, max_tweets: 3, numbered: false, model: 'asked-model',
                prompt_tokens: null, completion_tokens: null });
        }
        assert.ok(!answer.raw.includes('127.0.0.1'), 'the provider is nobody else\'s business');
    });
}

test('a provider that is down: 502; when it is back, the next thread is made', async () => {
    await provider.close();
    assertError(await ask(), 502, 'provider_failed');
    assert.equal((await lastRow()).status, 'failed');
    await provider.open();
    provider.script(completion(thread('Back again.')));
    assert.equal((await ask()).status, 200);
});

test('made again by a provider that fails: the thread stays as it was', async () => {
    provider.script(completion(thread('As it was.')));
    const { json: made } = await ask();
    provider.script(failure(500, 'oops'));
    assertError(await site.post(`/tweets/threads/${made.id}/regenerate`, undefined, ada), 502, 'provider_failed');
    assertError(await inSilence(() => site.post(`/tweets/threads/${made.id}/regenerate`, undefined, ada)), 504, 'provider_timeout');
    assert.deepEqual((await site.get(`/tweets/threads/${made.id}`, ada)).json.tweets, ['As it was.']);
    const { json: rows } = await site.get(`/tweets/threads/${made.id}/history`, ada);
    assert.deepEqual(rows.map((row) => row.status), ['timeout', 'failed', 'success']);
});

test('tweets that are edited while they are made again stay: the attempt ends, and says why', async () => {
    provider.script(completion(thread('As it was.')));
    const { json: { id } } = await ask();
    const path = `/tweets/threads/${id}`;
    for (const [method, body] of [['PATCH', { tweets: ['Mine.'] }], ['PUT', { topic, tweets: ['Mine, too.'] }]]) {
        const kept = keptBack(completion(thread('Not mine.')));
        provider.script(kept.answer);
        const again = site.post(`${path}/regenerate`, undefined, ada);
        await until('the provider was asked', () => provider.requests.length === 1);
        assert.equal((await site.patch(path, { topic: 'Another topic' }, ada)).status, 200); // which ends nothing
        assert.equal((await lastRow()).status, 'running');
        assert.equal((await site.request(method, path, { token: ada.token, json: body })).status, 200);
        assertError(await again, 409, 'conflict', /was edited while it was being made again/);
        kept.release();
        const row = await lastRow();
        assert.deepEqual([row.status, row.thread_id, row.processing_time], ['failed', id, null]);
        await new Promise((resolve) => setTimeout(resolve, 1000)); // whoever still believed to have it
        assert.deepEqual((await site.get(path, ada)).json.tweets, body.tweets);
    }
    provider.script(completion(thread('Made again.')));
    assert.equal((await site.post(`${path}/regenerate`, undefined, ada)).status, 200);
    assert.deepEqual((await site.get(`${path}/history`, ada)).json.map(({ status }) => status), ['success', 'failed', 'failed', 'success']);
    assert.deepEqual((await site.get(path, ada)).json.tweets, ['Made again.']);
});

test('told to stop in the middle of a thread, the work goes back at once and is done by the next', async () => {
    provider.script(hang(), completion(thread('Done by another.')));
    const asked = await ask({}, { Prefer: 'respond-async' });
    assert.equal(asked.status, 202);
    await until('the provider was asked', () => provider.requests.length === 1);
    const { code } = await site.work.stop('SIGTERM');
    assert.equal(code, 0);
    const [{ status, attempts }] = await site.query(`SELECT status, attempts FROM tweet_histories WHERE id = ${asked.json.id}`);
    assert.deepEqual([Number(status), Number(attempts)], [0, 0]);
    site.startWork();
    await until('the thread is made', async () =>
        (await site.get(`/tweets/histories/${asked.json.id}`, ada)).json.status === 'success');
});

// A dead process loses its work when its lease is over: a short one here, not to wait for that three times.
test('work that kills its process is given up after three of them', () => workingWith({ WORK_LEASE: 2 }, async () => {
    provider.script(hang());
    const asked = await ask({}, { Prefer: 'respond-async' });
    for (let i = 1; i <= 3; ++i) {
        await until('a process has it', () => provider.requests.length >= i);
        for (const pid of site.workProcesses()) {
            process.kill(pid, 'SIGKILL');
        }
    }
    await until('it has failed', async () =>
        (await site.get(`/tweets/histories/${asked.json.id}`, ada)).json.status === 'failed');
    const { json: row } = await site.get(`/tweets/histories/${asked.json.id}`, ada);
    assert.equal(row.error, 'the making was interrupted 3 times');
}));

test('a reload in the middle of a thread lets it finish', async () => {
    const { answer: late, release } = keptBack(completion(thread('Finished by who began it.')));
    provider.script(late);
    const asked = ask();
    await until('the provider was asked', () => provider.requests.length === 1);
    const log = new Log(join(site.dir, 'work.log'));
    const reloads = () => log.text().split('"reloading"').length;
    const [before, old] = [reloads(), site.workProcesses()];
    site.work.signal('SIGHUP');
    await until('it reloads', () => reloads() > before);
    await until('only who is at the thread is left', () => old.filter(isAlive).length === 1);
    release();
    const answer = await asked;
    assert.equal(answer.status, 200, answer.raw);
    assert.equal(provider.requests.length, 1);
    await until('the old ones have gone', () => !old.some(isAlive));
});

test('a database that goes away while a thread is made: it is made all the same', async () => {
    const { answer: late, release } = keptBack(completion(thread('Kept.')));
    provider.script(late);
    const asked = ask();
    await until('the provider was asked', () => provider.requests.length === 1);
    const lost = await site.query(`SELECT id FROM information_schema.processlist WHERE user = '${site.settings.DB_USER}'`);
    for (const { id } of lost) {
        await site.query(`KILL ${id}`).catch(() => {}); // one may have gone by itself
    }
    release();
    const answer = await asked;
    assert.equal(answer.status, 200, answer.raw);
    assert.deepEqual(answer.json.tweets, ['Kept.']);
});

test('one Idempotency-Key three times at once: one is at work, two are 409; then its answer comes again', async () => {
    const key = site.name('key');
    const { answer, release } = keptBack(completion(thread('Made once.')));
    provider.script(answer);
    let answered = 0;
    const asked = Array.from({ length: 3 }, () => keyed(key).finally(() => {
        answered += 1;
    }));
    await until('the provider was asked, and two know it', () => provider.requests.length === 1 && answered === 2);
    assertError(await keyed(key, { max_tweets: 2 }), 422, 'idempotency_key_reused');
    release();
    const [made, ...refused] = (await Promise.all(asked)).sort((a, b) => a.status - b.status);
    assert.equal(made.status, 200, made.raw);
    refused.forEach((each) => assertError(each, 409, 'conflict', /still running/));
    const again = await keyed(key);
    assert.deepEqual([again.status, again.headers['idempotent-replayed'], again.raw], [200, 'true', made.raw]);
    assert.equal(provider.requests.length, 1);
});

test('a thread that cannot be made leaves its Idempotency-Key free: sent again it is tried again', async () => {
    const key = site.name('key');
    provider.script(failure(500, 'oops'));
    assertError(await keyed(key), 502, 'provider_failed');
    assertError(await inSilence(() => keyed(key)), 504, 'provider_timeout');
    provider.script(completion(thread('At the third try.')));
    const made = await keyed(key);
    assert.deepEqual([made.status, made.headers['idempotent-replayed']], [200, undefined], made.raw);
    assert.equal((await keyed(key)).raw, made.raw);
    assert.equal(provider.requests.length, 1);
});

test('who waited for a thread has died: its Idempotency-Key tells where that is noted, and nothing is made twice', async () => {
    const key = site.name('key');
    const { answer, release } = keptBack(completion(thread('Nobody waited.')));
    provider.script(answer);
    const lost = keyed(key);
    await until('the provider was asked', () => provider.requests.length === 1);
    workersOf(site.long.pid).forEach((pid) => process.kill(pid, 'SIGKILL'));
    assertError(await lost, 503);
    await until('the pool serves again', async () => (await keyed(key)).status === 409);
    await site.query('UPDATE idempotency_keys SET waits_until = UTC_TIMESTAMP(6) WHERE waits_until IS NOT NULL');
    const again = await keyed(key);
    assert.deepEqual([again.status, again.headers['idempotent-replayed']], [202, 'true'], again.raw);
    release();
    await until('the thread is made', async () => (await site.get(`/tweets/histories/${again.json.id}`, ada)).json.status === 'success');
    assert.equal((await keyed(key)).raw, again.raw);
    assert.equal(provider.requests.length, 1);
});

test('the key is in no row', async () => {
    const rows = await site.query('SELECT * FROM tweet_histories');
    assert.ok(rows.length > 10);
    assert.ok(!JSON.stringify(rows).includes(KEY));
    await provider.close();
});

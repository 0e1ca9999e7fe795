// What an operator sees of one request: its trace, its statements when it was slow, where its time went.
import assert from 'node:assert/strict';
import { exchange } from './lib/fastcgi.mjs';
import { hold, lockAwaited } from './lib/locks.mjs';
import { poolOf } from './lib/pool.mjs';
import { sleep, until } from './lib/processes.mjs';
import { startSite } from './lib/site.mjs';
import { test } from './lib/test.mjs';

const site = await startSite({ settings: { WORKERS: 2, SLOW_REQUEST_MS: 600, SERVER_TIMING: 'true' } });
const { restart } = poolOf(site);
const ada = await site.signUp();
const admin = await site.admin();

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const PARENT = 'b7ad6b7169203331';
const lineOf = (answer) => site.log.ofRequest(answer.headers['x-request-id']);
const slowOf = (answer) => site.log.lines().filter(({ request_id: id, message }) => message === 'slow request'
    && id === answer.headers['x-request-id']);

/** Holds the lock of a row for a moment from when something waits for it. */
async function whileLocked(sql, ask) {
    const release = await hold(site, `${sql} FOR UPDATE`);
    const asked = ask();
    await lockAwaited(site);
    await sleep(900);
    await release();
    const answer = await asked;
    await lineOf(answer);
    return answer;
}

test('traceparent is in the log line; a bad one, or none, begins a trace of its own', async () => {
    const line = await lineOf(await site.get('/posts', { headers: { traceparent: `00-${TRACE}-${PARENT}-01`,
        tracestate: `vendor=${'x'.repeat(300)}` } }));
    assert.deepEqual([line.trace_id, line.parent_id], [TRACE, PARENT]);
    const ids = new Set();
    for (const bad of [undefined, '', `00-${TRACE}-${PARENT}`, `00-${TRACE.toUpperCase()}-${PARENT}-01`,
        `ff-${TRACE}-${PARENT}-01`, `00-${'0'.repeat(32)}-${PARENT}-01`, 'x'.repeat(4000)]) {
        const headers = bad === undefined ? { 'X-Request-ID': 'an-id-of-ours-1' } : { traceparent: bad };
        const fresh = await lineOf(await site.get('/posts', { headers }));
        assert.match(fresh.trace_id, /^(?!0{32})[0-9a-f]{32}$/, bad);
        assert.equal(fresh.parent_id, undefined);
        ids.add(fresh.trace_id);
    }
    assert.equal(ids.size, 7);
    assert.ok(!site.log.text().includes('xxxxxxxxxx'));
    // nginx's own request id is a trace id: the two are one where nobody said otherwise.
    const plain = await lineOf(await site.get('/posts'));
    assert.equal(plain.trace_id, plain.request_id);
    const future = await lineOf(await site.get('/posts', { headers: { traceparent: `01-${TRACE}-${PARENT}-00-more` } }));
    assert.equal(future.trace_id, TRACE);
});

test('two traceparent headers are none', async () => {
    const answer = await exchange(site.socket, { REQUEST_URI: '/api/v1/posts', HTTP_TRACEPARENT: `00-${TRACE}-${PARENT}-01` });
    assert.equal(answer.status, 200);
    const raw = await site.client.bytes('GET /api/v1/posts HTTP/1.1\r\nHost: x\r\nConnection: close\r\n'
        + `traceparent: 00-${TRACE}-${PARENT}-01\r\ntraceparent: 00-${TRACE}-${PARENT}-01\r\n\r\n`);
    const line = await site.log.ofRequest(/\r\nX-Request-ID: (\S+)\r\n/.exec(raw)[1]);
    assert.notEqual(line.trace_id, TRACE);
    assert.equal(line.parent_id, undefined);
});

test('a slow request tells its statements, without any value', async () => {
    const canary = `canary-${Date.now()}`;
    const post = await site.createPost(ada);
    let [answer, slow] = [];
    // Three tries: on a busy machine it may wait longer than a lock is waited for, and then has the statements of two attempts.
    for (let tries = 0; tries < 3 && (tries === 0 || slow.ms > 2500); tries++) {
        answer = await whileLocked(`SELECT id FROM posts WHERE id = ${post.id}`, () => site.patch(`/posts/${post.id}`,
            { title: `${canary}${tries}`, content: `${canary} '; --` },
            { token: ada.token, headers: { traceparent: `00-${TRACE}-${PARENT}-01` } }));
        assert.equal(answer.status, 200, answer.raw);
        [slow] = await until('the slow line', () => slowOf(answer).length > 0 && slowOf(answer));
    }
    assert.equal(slowOf(answer).length, 1);
    assert.deepEqual([slow.level, slow.route, slow.method, slow.status, slow.trace_id, slow.more],
        ['warn', '/posts/{id}', 'PATCH', 200, TRACE, 0]);
    const line = await lineOf(answer);
    assert.ok(slow.ms >= 600 && Math.abs(slow.ms - line.ms) < 50);
    assert.equal(slow.statements.length, line.statements);
    const texts = slow.statements.map(({ sql }) => sql);
    assert.ok(texts.includes('BEGIN') && texts.at(-1) === 'COMMIT', texts.join('\n'));
    const update = slow.statements.find(({ sql }) => sql.startsWith('UPDATE posts SET'));
    assert.match(update.sql, /title = \?/);
    assert.equal(update.rows, 1);
    const waited = slow.statements.reduce((most, each) => (each.ms > most.ms ? each : most));
    assert.ok(waited.ms > 500, JSON.stringify(waited));
    assert.ok(slow.database_ms >= waited.ms && slow.database_ms <= slow.ms);
    const log = site.log.text();
    assert.ok(!log.includes('canary'), 'a value is in the log');
    for (const text of texts) {
        assert.doesNotMatch(text, /'[^']*@|\$2[aby]\$/);
    }
});

test('slow log-ins and registrations tell nothing of who it was', async () => {
    await restart({ BCRYPT_COST: 14, SLOW_REQUEST_MS: 100 });
    const answer = await site.post('/auth/login', { email: 'canary@example.com', password: 'canary-password' });
    assert.equal(answer.status, 401);
    const made = await site.post('/auth/register', { username: 'canaryname', email: 'canary@example.com',
        password: site.password() });
    assert.equal(made.status, 201);
    await lineOf(made);
    await until('both are slow', () => slowOf(answer).length === 1 && slowOf(made).length === 1);
    assert.doesNotMatch(site.log.text(), /canary/i);
    assert.match(slowOf(made)[0].statements.map(({ sql }) => sql).join('\n'), /INSERT INTO users \(/);
});

test('0 is off, and a quick request is not slow', async () => {
    await restart({ SLOW_REQUEST_MS: 0, BCRYPT_COST: 14 });
    const off = await site.post('/auth/login', { email: 'x@example.com', password: 'x' });
    await lineOf(off);
    await restart({ SLOW_REQUEST_MS: 60000 }); // however busy the machine is
    const quick = await site.get('/posts');
    await lineOf(quick);
    await sleep(100);
    assert.deepEqual([...slowOf(off), ...slowOf(quick)], []);
});

test('Server-Timing: for an admin who asks, and for nobody else', async () => {
    const asking = { 'X-Server-Timing': '1' };
    const told = await site.get('/users?limit=2', { token: admin.token, headers: asking });
    const format = /^total;dur=(\d+\.\d{3}), db;dur=(\d+\.\d{3});desc="(\d+) statements", hash;dur=(\d+\.\d{3})$/;
    const [, total, database, statements, hash] = format.exec(told.headers['server-timing']).map(Number);
    assert.equal(statements, (await lineOf(told)).statements);
    assert.ok(database > 0 && total >= database);
    assert.equal(hash, 0);
    const password = site.password();
    const changed = await site.put('/users/me/password', { current_password: admin.password, new_password: password },
        { token: admin.token, headers: asking });
    assert.equal(changed.status, 204, changed.raw);
    assert.ok(Number(format.exec(changed.headers['server-timing'])[4]) > 0);
    admin.password = password;
    const missing = await site.get('/posts/2147480000', { token: admin.token, headers: asking });
    assert.equal(missing.status, 404);
    assert.match(missing.headers['server-timing'], format);

    for (const ask of [
        () => site.get('/posts', { token: admin.token }),
        () => site.get('/posts', { token: admin.token, headers: { 'X-Server-Timing': '0' } }),
        () => site.get('/posts', { headers: asking }),
        () => site.get('/posts', { token: ada.token, headers: asking }),
        () => site.get('/posts', { token: 'a.b.c', headers: asking }),
        () => site.post('/auth/login', { email: admin.email, password: admin.password }, { headers: asking }),
        () => site.post('/auth/login', { email: admin.email, password: admin.password }, { token: admin.token, headers: asking }),
        () => site.post('/auth/login', { email: admin.email, password: 'wrong' }, { headers: asking }),
    ]) {
        assert.equal((await ask()).headers['server-timing'], undefined);
    }
    await restart({ SERVER_TIMING: 'false' });
    const off = await site.get('/posts', { token: admin.token, headers: asking });
    assert.equal(off.headers['server-timing'], undefined);
});

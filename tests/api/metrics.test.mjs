// /metrics: every number is the number of what has happened, whichever worker it happened in, and whoever died.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { assertError } from './lib/contract.mjs';
import { Exposition, scrape } from './lib/exposition.mjs';
import { Load } from './lib/load.mjs';
import { atGate, closeGate, gateReached, hold, lockAwaited } from './lib/locks.mjs';
import { startServer } from './lib/mariadb.mjs';
import { halfRequest, LIST, poolOf } from './lib/pool.mjs';
import { folder, mustRun, run, until } from './lib/processes.mjs';
import { startProxy } from './lib/proxy.mjs';
import { startSite } from './lib/site.mjs';
import { test } from './lib/test.mjs';

const server = await startServer();
const site = await startSite({ server, settings: { WORKERS: 4 } });
const { restart, reload, replaced, writeDotenv } = poolOf(site);

/** Waits until a scrape says so: a request is counted when its answer has gone. */
function seen(what, probe) {
    return until(what, async () => {
        const now = await scrape(site);
        return probe(now) && now;
    });
}

const requests = (labels) => (now) => now.sum('quire_requests_total', { pool: 'web', ...labels });
const restarts = (now, reason) => now.value('quire_worker_restarts_total', { pool: 'web', reason });
const retries = (now, reason) => now.value('quire_transaction_retries_total', { pool: 'web', reason });

test('promtool finds nothing to complain of, and does find what is wrong', async () => {
    const { text } = await scrape(site);
    assert.deepEqual(await run('promtool', ['check', 'metrics'], { input: text })
        .then(({ code, stdout, stderr }) => [code, stdout, stderr]), [0, '', '']);
    const broken = await run('promtool', ['check', 'metrics'], { input: text.replace('quire_statements_total counter',
        'quire_statements_total gauge') });
    assert.notEqual(broken.code, 0);
});

test('requests of many workers are counted exactly, by method, route and status, with their statements', async () => {
    await restart();
    const ada = await site.signUp();
    const post = await site.createPost(ada);
    const made = async (n, ask) => {
        const answers = await Promise.all(Array.from({ length: n }, ask));
        return Promise.all(answers.map(({ headers }) => site.log.ofRequest(headers['x-request-id'])));
    };
    const before = await scrape(site);
    const lines = [
        ...await made(41, () => site.get('/posts')),
        ...await made(7, () => site.head(`/posts/${post.id}`)),
        ...await made(5, () => site.get('/posts/2147480000')),
        ...await made(6, () => site.post('/posts', { title: 't', content: 'c' }, ada)),
        ...await made(4, () => site.post('/posts', {}, ada)),
        ...await made(3, () => site.post('/posts', { title: 't', content: 'c' })),
        ...await made(2, () => site.get('/no/such/route')),
        ...await made(2, () => site.request('DELETE', '/posts', { token: ada.token })),
        ...await made(3, () => site.login(ada).then(() => site.get('//health/live'))),
    ];
    const after = await seen('all are counted', (now) => requests({})(now) - requests({})(before) >= lines.length + 3 + 1);
    const grew = (name, labels) => after.value(name, labels) - before.value(name, labels);
    const counted = (method, route, status) => grew('quire_requests_total', { pool: 'web', method, route, status });
    assert.deepEqual([
        counted('GET', '/posts', '200'), counted('HEAD', '/posts/{id}', '200'), counted('GET', '/posts/{id}', '404'),
        counted('POST', '/posts', '201'), counted('POST', '/posts', '422'), counted('POST', '/posts', '401'),
        counted('GET', 'unmatched', '404'), counted('DELETE', 'unmatched', '405'),
        counted('POST', '/auth/login', '200'), counted('GET', '/health/live', '200'),
    ], [41, 7, 5, 6, 4, 3, 2, 2, 3, 3]);
    assert.equal(after.all('quire_requests_total').filter(({ labels }) => /\d/.test(labels.route)).length, 0);
    // Each request is in one bucket of its route, and the time of all of them is that of the log, more or less.
    const of = { pool: 'web', method: 'GET', route: '/posts' };
    assert.equal(grew('quire_request_duration_seconds_count', of), 41);
    assert.equal(grew('quire_request_duration_seconds_bucket', { ...of, le: '+Inf' }), 41);
    const logged = lines.slice(0, 41).reduce((sum, { ms }) => sum + ms / 1000, 0);
    const timed = grew('quire_request_duration_seconds_sum', of);
    assert.ok(timed >= logged - 0.001 && timed < logged + 0.5, `${timed} s counted, ${logged} s in the log`);
    // Statements: those that the log tells of, from the first scrape on up to the last one.
    const all = site.log.lines().filter(({ route, message }) => route !== undefined && message === undefined);
    const between = all.slice(all.findIndex(({ request_id: id }) => id === before.id),
        all.findIndex(({ request_id: id }) => id === after.id));
    assert.ok(between.length > lines.length);
    assert.equal(grew('quire_statements_total', { pool: 'web' }),
        between.reduce((n, { statements }) => n + statements, 0));
    assert.equal(grew('quire_password_hash_seconds_count', { pool: 'web' }), 3);
    assert.ok(grew('quire_password_hash_seconds_sum', { pool: 'web' }) > 0);
});

test('what each worker is doing', async () => {
    await restart({ WORKERS: 3 });
    const peer = await halfRequest(site.socket);
    const states = (now) => ['starting', 'idle', 'busy'].map((state) => now.value('quire_workers', { pool: 'web', state }));
    // One waits for the rest of its body, one answers this.
    const now = await seen('what each is doing', (each) => states(each).join() === '0,1,2');
    assert.equal(now.value('quire_workers_configured', { pool: 'web' }), 3);
    assert.equal(now.value('quire_pool_up', { pool: 'web' }), 1);
    const started = now.value('quire_start_time_seconds', { pool: 'web' });
    assert.ok(Math.abs(started - Date.now() / 1000) < 60);
    peer.stdin('}').end();
    await peer.answer();
});

test('replaced workers lose no count, and each replacement has its reason', async () => {
    await restart();
    const load = new Load(site.front.port, LIST);
    await load.more(200);
    const first = site.workers();
    await reload();
    await replaced(first, 4);
    await load.more(200);
    const { done, failed } = await load.stop();
    assert.deepEqual(failed, []);
    const now = await seen('every request', (each) => requests({ route: '/posts' })(each) >= done);
    assert.equal(requests({ route: '/posts', status: '200' })(now), done);
    assert.equal(restarts(now, 'reload'), 4);

    const victim = site.workers()[0];
    process.kill(victim, 'SIGKILL');
    await replaced([victim], 4);
    const later = await seen('the death', (each) => restarts(each, 'died') > 0);
    assert.equal(requests({ route: '/posts', status: '200' })(later), done);
    assert.deepEqual(['served', 'reload', 'died', 'hung', 'unready'].map((reason) => restarts(later, reason)),
        [0, 4, 1, 0, 0]);
});

test('a reload counts as what came of it: new workers, or the old ones that go on', async () => {
    await restart({ WORKERS: 2 });
    const reloads = async () => {
        const now = await scrape(site);
        return ['well', 'failed'].map((result) => now.value('quire_reloads_total', { pool: 'web', result }));
    };
    assert.deepEqual(await reloads(), [0, 0]);
    await reload();
    assert.deepEqual(await reloads(), [1, 0]);
    writeDotenv('WORKER_MAX_REQUESTS=many\n');
    await reload();
    assert.deepEqual(await reloads(), [1, 1]);
    writeDotenv('');
    await reload();
    assert.deepEqual(await reloads(), [2, 1]);
});

test('workers that have served enough, or hang, are counted as such', async () => {
    await restart({ WORKERS: 2, WORKER_MAX_REQUESTS: 20, WORKER_TIMEOUT: 1 });
    for (let i = 0; i < 60; i++) {
        await site.get('/posts?limit=1');
    }
    await seen('some have served enough', (now) => restarts(now, 'served') >= 2);
    await halfRequest(site.socket);
    const now = await seen('one hangs', (each) => restarts(each, 'hung') === 1);
    assert.equal(restarts(now, 'died'), 0);
});

test('connections that were lost, and the requests that were run again for it', async () => {
    await restart();
    await seen('all have a connection', (now) => requests({})(now) > 0);
    await server.killConnections(site.database.user);
    const answers = await Promise.all(Array.from({ length: 40 }, () => site.get('/posts')));
    assert.ok(answers.every(({ status }) => status === 200));
    const now = await seen('the loss', (each) => each.value('quire_db_reconnects_total', { pool: 'web' }) > 0);
    assert.ok(now.value('quire_db_reconnects_total', { pool: 'web' }) <= 4);
    assert.equal(retries(now, 'deadlock') + retries(now, 'lock_timeout'), 0);
});

test('a connection that is lost within a request is one retry for that', async () => {
    const proxy = await startProxy(join(folder(), 'p'), server.socket);
    const lossy = await startSite({ server, settings: { DB_SOCKET: join(folder(), 'p'), WORKERS: 1 } });
    const ada = await lossy.signUp();
    const post = await lossy.createPost(ada);
    const patch = (title) => lossy.patch(`/posts/${post.id}`, { title }, ada);
    assert.equal((await patch('at first')).status, 200);
    const lost = async () => retries(await scrape(lossy), 'connection_lost');
    assert.equal(await lost(), 0);
    proxy.arm(4, 'before');
    assert.equal((await patch('at the second try')).status, 200);
    assert.ok(proxy.fired, proxy.commands.join(', '));
    assert.equal(await lost(), 1);
});

test('a deadlock, and a lock that is held too long, are counted as what they are', async () => {
    const ada = await site.signUp();
    let [post, once] = [];
    await site.query('CREATE TABLE ballast (id INT PRIMARY KEY)'); // who has changed less is the one to be undone
    // Three tries: on a busy machine the vote may wait for the user longer than a lock is waited for.
    for (let tries = 0; tries < 3 && (tries === 0 || retries(once, 'lock_timeout') > 0); tries++) {
        await restart({ DB_TIMEOUT: 6 });
        post = await site.createPost(ada);
        const open = await closeGate(site);
        const other = site.query(`BEGIN; INSERT INTO ballast SELECT seq FROM seq_1_to_500;
            SELECT id FROM users WHERE id = ${ada.id} FOR UPDATE; DO ${atGate(site)};
            SELECT id FROM posts WHERE id = ${post.id} FOR UPDATE; ROLLBACK`);
        await gateReached(site);
        const vote = site.put(`/posts/${post.id}/vote`, { vote_type: 'upvote' }, ada);
        await lockAwaited(site);
        await open();
        const voted = await vote;
        assert.equal(voted.status, 201, voted.raw);
        await other;
        once = await scrape(site);
    }
    assert.ok(retries(once, 'deadlock') > 0);
    assert.equal(retries(once, 'lock_timeout'), 0);
    await site.query('DROP TABLE ballast');

    await restart({ DB_TIMEOUT: 2 });
    const release = await hold(site, `SELECT id FROM posts WHERE id = ${post.id} FOR UPDATE`);
    const patched = site.patch(`/posts/${post.id}`, { title: 'waited' }, ada);
    const now = await seen('the lock', (each) => retries(each, 'lock_timeout') > 0);
    await release();
    const waited = await patched;
    assert.equal(waited.status, 200, waited.raw);
    assert.equal(retries(now, 'deadlock'), 0);
});

test('hashes that wait, and wait in vain', async () => {
    await restart({ WORKERS: 8, BCRYPT_COST: 14, BCRYPT_CONCURRENCY: 1 });
    const wrong = () => site.post('/auth/login', { email: 'nobody@example.com', password: 'x' });
    const answers = await Promise.all(Array.from({ length: 7 }, wrong));
    const busy = answers.filter(({ headers }) => headers['x-error-code'] === 'busy').length;
    const now = await seen('all hashes', (each) => requests({ route: '/auth/login' })(each) === 7);
    assert.equal(now.value('quire_password_hash_refusals_total', { pool: 'web' }), busy);
    assert.equal(now.value('quire_password_hash_seconds_count', { pool: 'web' }), 7 - busy);
    assert.ok(now.value('quire_password_hash_waits_total', { pool: 'web' }) >= 5);
    assert.ok(busy > 0, 'nobody waited in vain');
});

test('the queues, by the index; without a database /metrics answers all the same', async () => {
    await restart();
    const ada = await site.signUp();
    await site.query('UPDATE mails SET due_at = NULL');
    const before = await scrape(site);
    assert.equal(before.value('quire_database_up'), 1);
    assert.equal(before.value('quire_queue_depth', { queue: 'mails', state: 'waiting' }), 0);
    for (let i = 0; i < 3; i++) {
        await site.post('/tweets/generate', { topic: `How the first programs were written, part ${i}` }, { token: ada.token,
            headers: { Prefer: 'respond-async' } });
    }
    await site.post('/auth/password-reset', { email: ada.email });
    await site.query(`UPDATE tweet_histories SET holder = 'x' ORDER BY id LIMIT 1;
        UPDATE tweet_histories SET due_at = due_at - INTERVAL 100 SECOND`);
    const now = await scrape(site);
    const depth = (queue, state) => now.value('quire_queue_depth', { queue, state });
    assert.deepEqual([depth('threads', 'waiting'), depth('threads', 'running'), depth('mails', 'waiting'),
        depth('mails', 'running')], [2, 1, 1, 0]);
    const late = now.value('quire_queue_late_seconds', { queue: 'threads' });
    assert.ok(late >= 100 && late < 160, `${late}`);
    assert.equal(now.value('quire_queue_late_seconds', { queue: 'mails' }) < 60, true);
    const plan = await site.query('EXPLAIN SELECT holder, due_at FROM mails FORCE INDEX (ix_mails_due_at) '
        + 'WHERE due_at IS NOT NULL ORDER BY due_at LIMIT 10000');
    assert.equal(plan[0].type, 'range');

    await server.stop('SIGKILL');
    try {
        const away = await scrape(site);
        assert.equal(away.value('quire_database_up'), 0);
        assert.deepEqual(away.all('quire_queue_depth'), []);
        assert.ok(requests({})(away) >= requests({})(now));
    } finally {
        await server.start();
    }
    await seen('it is back', (each) => each.value('quire_database_up') === 1);
});

test('who is not allowed to ask is told that there is nothing', async () => {
    for (const path of ['//metrics', '//metrics/']) {
        assertError(await site.get(path, { from: '127.0.0.2' }), 404, 'no_route', 'Not Found');
        assert.equal((await site.get(path)).status, 200);
    }
    const problem = await site.get('//metrics', { from: '127.0.0.2', headers: { Accept: 'application/problem+json' } });
    assert.equal(problem.headers['content-type'], 'application/problem+json');
    const open = await startSite({ server, nginx: { QUIRE_METRICS_ALLOW: '127.0.0.2, 192.0.2.0/24 2001:db8::/32' } });
    assert.equal((await open.get('//metrics')).status, 404);
    const answer = await open.get('//metrics', { from: '127.0.0.2' });
    assert.equal(new Exposition(answer.raw).value('quire_pool_up', { pool: 'web' }), 1);
    const shut = await startSite({ server, pool: false, nginx: { QUIRE_METRICS_ALLOW: '' } });
    assert.equal((await shut.get('//metrics')).status, 404);
    await assert.rejects(mustRun('scripts/nginx-conf', [], { cwd: new URL('../..', import.meta.url).pathname,
        env: { ...process.env, QUIRE_METRICS_ALLOW: '1.2.3.4; return 200' } }), /no address or network: return/);
});

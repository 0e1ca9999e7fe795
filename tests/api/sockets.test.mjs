// The pool's sockets: what comes in over them that nginx would not send, who opens them, and who else may hold them.
import assert from 'node:assert/strict';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { connect, exchange } from './lib/fastcgi.mjs';
import { Load } from './lib/load.mjs';
import { freePort } from './lib/nginx.mjs';
import { assertFinishes, halfRequest, HOLDER, isAlive, LIST, poolOf } from './lib/pool.mjs';
import { childrenOf, environment, root, run, sleep, start, until, workersOf } from './lib/processes.mjs';
import { quireBin, startSite } from './lib/site.mjs';
import { test } from './lib/test.mjs';

const site = await startSite({ settings: { WORKERS: 4 } });
const { mark, linesSinceMark, allReady, startAs, stopPool, restart, reload, assertServes } = poolOf(site);

// ---- bodies

test('a body that is not as long as it says is refused, and one that ends too early harms nobody', async () => {
    await restart({ WORKERS: 2 });
    const workers = site.workers();
    const post = { REQUEST_METHOD: 'POST', REQUEST_URI: '/api/v1/auth/login' };
    for (const [length, body] of [[10, '{"a":1}'], [3, '{"a":1}'], [0, '{}'], [1, ''], [100000, 'x'.repeat(70000)]]) {
        const answer = await exchange(site.socket, { ...post, CONTENT_LENGTH: length }, body);
        assert.equal(answer.status, 400, `${length} announced, ${body.length} sent: ${answer.body}`);
        assert.equal(answer.headers['x-error-code'], 'bad_request');
        assert.ok(answer.complete);
    }
    for (const length of [String(2 ** 31), '99999999999999999999']) {
        const answer = await exchange(site.socket, { ...post, CONTENT_LENGTH: length }, '{}');
        assert.ok([400, 413].includes(answer.status), `${length}: ${answer.status}`);
    }
    for (let i = 0; i < 20; i++) {
        const peer = await connect(site.socket);
        peer.begin({ ...post, CONTENT_LENGTH: 1000 }).stdin('{"email":"');
        await sleep(i);
        await peer.abort();
    }
    const heads = ['\x01\x01\0\x01\0\0\0\0', '\x01\x04\0\x01\xff\xff\0\0'];
    for (const nonsense of ['GET / HTTP/1.0\r\n\r\n', '\0'.repeat(100), ...heads]) {
        const peer = await connect(site.socket);
        peer.socket.end(nonsense);
        assert.equal((await peer.answer()).status, undefined);
    }
    await assertServes();
    assert.deepEqual(site.workers(), workers);
});

test('an answer that comes before the body was read arrives whole', async () => {
    await restart({ WORKERS: 2 });
    const body = 'x'.repeat(3 << 20);
    for (let i = 0; i < 20; i++) {
        const uri = i % 2 ? '/api/v1/posts' : '/nowhere';
        const answer = await exchange(site.socket, { REQUEST_METHOD: 'POST', REQUEST_URI: uri }, body);
        assert.equal(answer.status, i % 2 ? 413 : 404);
        assert.ok(answer.complete);
    }
});

test('a web server that wants to keep its connection gets it closed', async () => {
    await restart({ WORKERS: 1 });
    const peer = await connect(site.socket);
    peer.begin({ REQUEST_URI: LIST }, { keep: true }).end();
    const answer = await peer.answer();
    assert.equal(answer.status, 200);
    assert.ok(answer.complete);
});

// ---- sockets of one's own and of others

test('a pool that cannot listen says why in one sentence', async () => {
    await restart();
    const fails = async (listen, sentence) => {
        const done = await site.quire(['serve'], { env: { LISTEN: listen, WORKERS: 1 } });
        assert.deepEqual([done.code, done.stderr], [1, `quire: ${sentence}\n`]);
    };
    await fails(`unix:${site.socket}`, `cannot listen on ${site.socket}: another program listens there`);
    await fails(`unix:${site.log.file}`,
        `cannot listen on ${site.log.file}: there is a file of that name which is no socket`);
    await fails('/nowhere/at.all', 'cannot listen on /nowhere/at.all: the folder /nowhere: No such file or directory');
    const port = `127.0.0.1:${site.front.port}`;
    await fails(port, `cannot listen on ${port}: another program listens there`);
    await assertServes();
});

test('a pool that may have too few files open raises that, or says so', async () => {
    const serve = (how, limit, more) => how('sh', ['-c', `ulimit ${limit}; exec "$QUIRE" serve`], { cwd: site.dir,
        env: environment({ ...site.settings, LISTEN: 'unix:few.sock', QUIRE: quireBin }), ...more });
    const refused = await serve(run, '-n 64');
    assert.deepEqual([refused.code, refused.stdout, refused.stderr], [1, '', 'quire: a process may have 64 files open, this pool '
        + 'needs 132: raise it (ulimit -n, LimitNOFILE= of the unit)\n']);
    const log = join(site.dir, 'few.log');
    const soft = serve(start, '-Sn 64', { log });
    await until('it serves', () => readFileSync(log, 'utf8').includes('"message":"serving"'));
    await soft.stop('SIGTERM');
    assert.doesNotMatch(readFileSync(log, 'utf8'), /"level":"error"/);
});

test('a unix socket has the mode of LISTEN_MODE', async () => {
    await restart({ LISTEN_MODE: '0600' });
    assert.equal(statSync(site.socket).mode & 0o7777, 0o600);
});

test('`quire worker` is for the pool alone', async () => {
    for (const args of [['worker'], ['worker', '0'], ['worker', 'x']]) {
        const done = await site.quire(args);
        assert.equal(done.code, 1);
        assert.match(done.stderr, /only quire serve starts workers/);
    }
});

/** Starts the pool by a script of conf/; the site's pool is whatever that becomes. */
async function startBy(script) {
    await stopPool();
    startAs(join(root, 'conf', script), [], { settings: { QUIRE_SOCKET: site.socket, QUIRE_BIN: quireBin } });
    await site.ready();
    await allReady();
}

test('under spawn-fcgi', async () => {
    await startBy('start-spawn-fcgi');
    const load = new Load(site.front.port, LIST);
    await load.more(200);
    assert.equal(site.workers().length, 4); // spawn-fcgi has become the pool
    await reload();
    await load.more(200);
    assert.deepEqual((await load.stop()).failed, []);
    const peer = await halfRequest(site.socket);
    site.pool.signal('SIGTERM');
    await sleep(300);
    await assertFinishes(peer);
    assert.equal((await site.pool.wait()).code, 0);
    assert.ok(existsSync(site.socket)); // not ours to remove
});

test('under spawn-fcgi and multiwatch, which starts the pool again when it is killed', async () => {
    await startBy('start-multiwatch');
    const load = new Load(site.front.port, LIST);
    await load.more(200);
    for (let i = 0; i < 3; i++) {
        const [pool] = childrenOf(site.pool.pid);
        const workers = workersOf(pool);
        assert.equal(workers.length, 4);
        mark();
        process.kill(pool, 'SIGKILL');
        await until('there is another pool', () => linesSinceMark('serving').length > 0);
        await until('the workers of the old one are gone', () => workers.every((pid) => !isAlive(pid)));
        await load.more(200);
    }
    assert.deepEqual((await load.stop()).failed, []);
    const [pool] = childrenOf(site.pool.pid);
    const last = [pool, ...childrenOf(pool)];
    const peer = await halfRequest(site.socket);
    site.pool.signal('SIGTERM');
    await sleep(300);
    await assertFinishes(peer);
    await site.pool.wait();
    assert.deepEqual(last.filter(isAlive), []);
});

test('on a socket that somebody else holds, the pool can be killed and restarted under load', async () => {
    await stopPool();
    startAs('python3', ['-c', HOLDER, site.socket, quireBin]);
    await site.ready();
    await allReady();
    const load = new Load(site.front.port, LIST);
    await load.more(200);
    for (const signal of ['SIGKILL', 'SIGTERM', 'SIGKILL', 'SIGHUP']) {
        const [pool] = childrenOf(site.pool.pid);
        mark();
        process.kill(pool, signal);
        await until('the pool serves', () => linesSinceMark('serving').length > 0);
        await load.more(200);
    }
    assert.deepEqual((await load.stop()).failed, []);
    const begun = ['STATUS=waiting for the database', 'READY=1'];
    const expected = [...begun, ...begun, 'STOPPING=1', ...begun, ...begun, 'RELOADING=1', 'READY=1'];
    const said = await until('all is said', () => { // the log may be ahead of who writes this down
        const lines = readFileSync(`${site.socket}.said`, 'utf8').trim().split('\n');
        return lines.length >= expected.length && lines;
    });
    assert.deepEqual(said, expected);
    const [pool] = childrenOf(site.pool.pid);
    await until('the workers of before the reload have gone', () => workersOf(pool).length === 4);
    const last = [pool, ...childrenOf(pool)];
    assert.equal((await site.pool.stop('SIGTERM')).code, 0);
    assert.deepEqual(last.filter(isAlive), []);
    assert.ok(existsSync(site.socket));
});

test('over TCP', async () => {
    await stopPool();
    const port = await freePort();
    startAs(quireBin, ['serve'], { settings: { LISTEN: `:${port}` } });
    await allReady();
    const answer = await exchange({ host: '127.0.0.1', port }, { REQUEST_URI: LIST });
    assert.equal(answer.status, 200);
    assert.ok(answer.complete);
    await stopPool();
});

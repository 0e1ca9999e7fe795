// The pool for short reads: each worker has a socket of its own, and nginx keeps connections to it. What is asked of it,
// and that nobody notices when its workers are replaced, die, or are all gone.
import assert from 'node:assert/strict';
import { chmodSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { connect } from './lib/fastcgi.mjs';
import { Load } from './lib/load.mjs';
import { isAlive, LIST } from './lib/pool.mjs';
import { workersOf, environment, root, run, sleep, start, until } from './lib/processes.mjs';
import { quireBin, startSite } from './lib/site.mjs';
import { test } from './lib/test.mjs';

const site = await startSite({ read: { WORKERS: 3 } });
await serving(1);
const ada = await site.signUp();
const post = await site.createPost(ada);

function log(name) {
    return readFileSync(join(site.dir, name), 'utf8');
}

/** What the read pool has said with this message. */
function said(message) {
    return log('read.log').split('\n').filter((line) => line.includes(`"message":"${message}"`)).map((line) => JSON.parse(line));
}

/** Waits until the read pool has said so many times that it serves. */
function serving(times) {
    return until('the pool for reads serves', () => existsSync(join(site.dir, 'read.log')) && said('serving').length >= times);
}

/** Starts it anew, with other settings. */
async function restartReaders(settings) {
    const before = said('serving').length;
    assert.equal((await site.readPool.stop('SIGTERM')).code, 0);
    site.options.read = { WORKERS: 3, ...settings };
    site.startReadPool();
    await serving(before + 1);
}

/** Which pool answers. */
async function poolOf(method, path, options) {
    const id = (await site.request(method, path, options)).headers['x-request-id'];
    return until(`${id} is in a log`, () => log('read.log').includes(id) ? 'read' : log('quire.log').includes(id) ? 'web' : null);
}

/** What connections nginx has lost to a pool, by its own account. */
function lost() {
    return readFileSync(site.front.errorLog, 'utf8').split('\n').filter((line) => /upstream/.test(line));
}

test('short reads go there, and nothing else', async () => {
    const short = ['/posts', `/posts/${post.id}`, '/posts?limit=7', '/posts?sort_by=-score&limit=3', '/posts?fields=id',
        '/posts?limit=2&cursor=zzz', '/users/me', '/users/me/', `/users/${ada.id}`, '/no/such/thing'];
    for (const path of short) {
        assert.equal(await poolOf('GET', path, { token: ada.token }), 'read', path);
        assert.equal(await poolOf('HEAD', path, { token: ada.token }), 'read', `HEAD ${path}`);
    }
    const long = ['/posts?q=words', '/posts?search=a', '/posts?count=exact', '/posts?skip=50', '/posts?limit=1&count=exact',
        '/posts?include=owner', '/posts?published=true', '/posts?Limit=1', '/posts?%6cimit=1', '/posts?limit', '/users/me/export'];
    for (const path of long) {
        assert.equal(await poolOf('GET', path, { token: ada.token }), 'web', path);
    }
    for (const [method, path, json] of [['POST', '/posts', { title: 't', content: 'c' }], ['PATCH', `/posts/${post.id}`, { title: 'u' }],
        ['OPTIONS', '/posts']]) {
        assert.equal(await poolOf(method, path, { json, token: ada.token }), 'web', `${method} ${path}`);
    }
});

test('what somebody has written, they read at once', async () => {
    for (let i = 0; i < 50; i++) {
        const made = await site.createPost(ada, { title: `No. ${i}` });
        assert.equal((await site.get(`/posts/${made.id}`, ada)).json.title, `No. ${i}`);
    }
});

test('a connection carries many requests, and is closed when the web server wishes it', async () => {
    const peer = await connect(`${site.readSocket}.1`);
    const get = { REQUEST_METHOD: 'GET', REQUEST_URI: '/api/v1/posts?limit=1' };
    for (let i = 0; i < 3; i++) {
        peer.begin(get, { keep: true }).end();
        assert.equal((await peer.answer({ kept: true })).status, 200);
    }
    peer.begin(get).end();
    assert.equal((await peer.answer()).status, 200);
});

test('SIGHUP under load, three times: every worker is another one, and no connection is lost', { timeout: 120000 }, async () => {
    const load = new Load(site.front.port, LIST);
    await load.more(300);
    for (let i = 0; i < 3; i++) {
        const before = workersOf(site.readPool.pid);
        const served = said('serving').length;
        site.readPool.signal('SIGHUP');
        await serving(served + 1);
        await until('the old ones have gone', () => !before.some(isAlive));
        await load.more(300);
    }
    assert.deepEqual((await load.stop()).failed, []);
    assert.deepEqual(lost(), []);
    assert.deepEqual(said('a worker died'), []);
});

test('workers that have served enough are replaced without a lost connection', { timeout: 120000 }, async () => {
    await restartReaders({ WORKER_MAX_REQUESTS: 100 });
    const before = lost().length;
    const left = said('a worker has left').length;
    const load = new Load(site.front.port, LIST);
    await until('six have left', () => said('a worker has left').length >= left + 6, { patience: 60000 });
    assert.deepEqual((await load.stop()).failed, []);
    assert.equal(lost().length, before);
    await restartReaders({});
});

test('a worker that is killed costs no reader an answer', async () => {
    const load = new Load(site.front.port, LIST);
    for (let i = 0; i < 6; i++) {
        const died = said('a worker died').length;
        process.kill(workersOf(site.readPool.pid)[i % 3], 'SIGKILL');
        await until('it is replaced', () => said('a worker died').length > died && workersOf(site.readPool.pid).length === 3);
        await load.more(200);
    }
    assert.deepEqual((await load.stop()).failed, []);
});

test('quire doctor asks every socket of it', async () => {
    const ask = async () => {
        const done = await site.quire(['doctor', '--json', '--socket', `unix:${site.readSocket}`]);
        return JSON.parse(done.stdout).checks.find(({ check }) => check === 'pool');
    };
    const well = await ask();
    assert.deepEqual([well.result, well.sentence], ['ok', `unix:${site.readSocket}.1 to .3 answer`]);
    chmodSync(`${site.readSocket}.3`, 0o666);
    const open = await ask();
    chmodSync(`${site.readSocket}.3`, 0o660);
    assert.equal(open.result, 'problem');
    assert.match(open.sentence, /everybody on this machine can write to unix:\S+\.3,/);
});

test('when all of them are gone, the other pool answers', async () => {
    const load = new Load(site.front.port, LIST);
    await load.more(100);
    assert.equal((await site.readPool.stop('SIGTERM')).code, 0);
    assert.deepEqual([1, 2, 3].filter((n) => existsSync(`${site.readSocket}.${n}`)), []);
    await load.more(300);
    assert.equal(await poolOf('GET', '/posts'), 'web');
    const served = said('serving').length;
    site.startReadPool();
    await serving(served + 1);
    await load.more(100);
    assert.equal(await poolOf('GET', '/posts'), 'read');
    assert.deepEqual((await load.stop()).failed, []);
});

test('a worker that says nothing holds up who has met it, and nobody else', async () => {
    await until('all of them are there', () => workersOf(site.readPool.pid).length === 3);
    const [stuck] = workersOf(site.readPool.pid);
    process.kill(stuck, 'SIGSTOP');
    try {
        const { waiting } = await until('somebody has met it', () => {
            const asked = site.get('/posts');
            return Promise.race([asked.then(() => null), sleep(1000).then(() => ({ waiting: asked }))]);
        });
        for (let i = 0; i < 30; i++) { // least_conn goes around it from now on
            assert.equal((await site.get('/posts')).status, 200);
        }
        assert.equal(await Promise.race([waiting, sleep(1).then(() => 'waits')]), 'waits');
        process.kill(stuck, 'SIGCONT');
        assert.equal((await waiting).status, 200);
    } finally {
        process.kill(stuck, 'SIGCONT');
    }
});

test('a service manager may hold the sockets: there are as many workers as sockets', async () => {
    const paths = [1, 2].map((n) => join(site.dir, `held.sock.${n}`));
    const handOver = join(root, 'tests/support/hand_over.py');
    const pool = start('python3', [handOver, ...paths, '--', quireBin, 'serve'], { cwd: site.dir, log: join(site.dir, 'held.log'),
        env: environment({ ...site.settings, LISTEN_EACH: 'on', WORKERS: 5, POOL_NAME: 'held' }) });
    await until('it serves', () => existsSync(join(site.dir, 'held.log')) && log('held.log').includes('"message":"serving"'));
    assert.match(log('held.log'), /"workers":"2","listen":"file descriptor 3"/);
    assert.equal(workersOf(pool.pid).length, 2);
    for (const path of paths) {
        const peer = await connect(path);
        peer.begin({ REQUEST_METHOD: 'GET', REQUEST_URI: '/health/ready' }).end();
        assert.equal((await peer.answer()).status, 200);
    }
    assert.equal((await pool.stop('SIGTERM')).code, 0);
    assert.deepEqual(paths.filter(existsSync), paths); // not ours to remove
});

test('only unix sockets can be numbered', async () => {
    const how = await run(quireBin, ['serve'], { cwd: site.dir,
        env: environment({ ...site.settings, LISTEN: ':9999', LISTEN_EACH: 'on', LOG_FILE: '' }) });
    assert.equal(how.code, 1);
    assert.match(how.stderr, /LISTEN_EACH needs a unix socket/);
});

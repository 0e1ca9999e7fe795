// The pool of workers: what dies is replaced, what is told to go finishes first, what is new is taken up, and no
// client notices. The real nginx in front, and a FastCGI peer of our own (lib/fastcgi.mjs) where nginx is too polite.
import assert from 'node:assert/strict';
import { chmodSync, copyFileSync, existsSync, readFileSync, readlinkSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { connect, exchange, record } from './lib/fastcgi.mjs';
import { Load } from './lib/load.mjs';
import { freePort } from './lib/nginx.mjs';
import { childrenOf, environment, root, sleep, start, until } from './lib/processes.mjs';
import { quireBin, startSite } from './lib/site.mjs';
import { test } from './lib/test.mjs';

const LIST = '/api/v1/posts?limit=1';
const site = await startSite({ settings: { WORKERS: 4 } });
/** Settings that a reload takes up: the environment of a running parent cannot change. */
const dotenv = join(site.dir, '.env.test');

// ---- helpers

/** Stops the site's pool, if there is one, and starts another with these settings. */
async function restart(settings = {}, { bin = quireBin } = {}) {
    await stopPool();
    writeFileSync(dotenv, '');
    site.pool = startElsewhere(settings, bin);
    await site.ready();
    await allReady();
}

async function stopPool() {
    if (site.pool.alive()) {
        const how = await site.pool.stop('SIGTERM');
        assert.deepEqual([how.code, how.orphans], [0, false]);
    }
}

/** What the pool itself has logged. (multiwatch writes into the same file, and not in JSON.) */
function poolLines() {
    return site.log.text().split('\n').filter((line) => line.includes('"message":')).map((line) => JSON.parse(line));
}

let marked = 0;

/** What linesSinceMark() returns begins here. */
function mark() {
    marked = poolLines().length;
}

function linesSinceMark(message) {
    return poolLines().slice(marked).filter((line) => message === undefined || line.message === message);
}

/** A pool that may log, or listen, elsewhere. */
function startElsewhere(settings, bin = quireBin) {
    mark();
    return start(bin, ['serve'], { env: environment({ ...site.settings, ...settings }), cwd: site.dir, log: site.log.file });
}

/** Waits until the pool has said, since mark(), that all its workers serve. */
function allReady() {
    return until('the pool serves', () => linesSinceMark('serving').length > 0);
}

/** Reloads the pool and waits until that is done. */
async function reload() {
    mark();
    site.pool.signal('SIGHUP');
    await until('the reload has ended', () => linesSinceMark('reloading').length > 0 && linesSinceMark('serving').length > 0);
}

/** A request whose worker waits for the rest of its body. */
async function halfRequest(path = site.socket) {
    const peer = await connect(path);
    peer.begin({ REQUEST_METHOD: 'POST', REQUEST_URI: '/api/v1/auth/login', CONTENT_LENGTH: 2 }).stdin('{');
    await sleep(200); // it has been accepted by now
    return peer;
}

async function assertFinishes(peer) {
    peer.stdin('}').end();
    const answer = await peer.answer();
    assert.equal(answer.status, 422, answer.body);
    assert.ok(answer.complete);
}

async function assertServes() {
    assert.equal((await site.get('/posts')).status, 200);
}

function isAlive(pid) {
    try {
        return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
    } catch {
        return false;
    }
}

// ---- death and replacement

test('a worker killed under load fails at most the request it had, and is replaced', async () => {
    await restart();
    mark();
    const load = new Load(site.front.port, LIST);
    await load.more(200);
    const victims = [];
    for (let i = 0; i < 5; i++) {
        const victim = site.workers()[i % 4];
        victims.push(victim);
        process.kill(victim, 'SIGKILL');
        await until('it is replaced', () => site.workers().length === 4 && !site.workers().includes(victim));
        await load.more(200);
    }
    const { done, failed } = await load.stop();
    assert.ok(done >= 1200, `${done} requests`);
    assert.ok(failed.length <= victims.length, `${failed.length} failed: ${failed}`);
    const deaths = linesSinceMark('a worker died');
    assert.deepEqual(deaths.map((line) => [Number(line.pid), line.cause]), victims.map((pid) => [pid, 'signal 9 (SIGKILL)']));
    await assertServes();
});

test('a worker that dies at once is started again ever more slowly, without an end', async () => {
    const bin = join(site.dir, 'quire-backoff');
    copyFileSync(quireBin, bin);
    await restart({ WORKERS: 1 }, { bin });
    await sleep(1100); // only the death of a young worker is a bad sign
    writeFileSync(`${bin}.new`, '#!/bin/sh\nexit 3\n', { mode: 0o755 });
    renameSync(`${bin}.new`, bin);
    mark();
    process.kill(site.workers()[0], 'SIGKILL');
    const deaths = await until('six deaths', () => {
        const lines = linesSinceMark('a worker died');
        return lines.length >= 6 && lines;
    });
    assert.equal(deaths[0].cause, 'signal 9 (SIGKILL)');
    assert.deepEqual([...new Set(deaths.slice(1).map((line) => line.cause))], ['exit status 3']);
    const times = deaths.map((line) => Date.parse(line.time));
    const gaps = times.slice(1).map((time, i) => time - times[i]);
    // It was the first to live long, so its successor was started at once; the next after 100, 200, 400, 800 ms.
    const started = gaps[0] - 1000 * deaths[1].seconds;
    assert.ok(started < 90, `after ${started} ms`);
    for (const [i, expected] of [100, 200, 400, 800].entries()) {
        assert.ok(gaps[i + 1] >= expected && gaps[i + 1] < expected + 1000, `gap ${i + 1}: ${gaps}`);
    }
    copyFileSync(quireBin, `${bin}.new`);
    renameSync(`${bin}.new`, bin);
    await site.ready();
    await assertServes();
});

test('a reload does not wait for the back-off', async () => {
    const bin = join(site.dir, 'quire-impatient');
    copyFileSync(quireBin, bin);
    await restart({ WORKERS: 1 }, { bin });
    await sleep(1100); // only the death of a young worker is a bad sign
    writeFileSync(`${bin}.new`, '#!/bin/sh\nexit 3\n', { mode: 0o755 });
    renameSync(`${bin}.new`, bin);
    mark();
    process.kill(site.workers()[0], 'SIGKILL');
    await until('seven deaths', () => linesSinceMark('a worker died').length >= 7); // the next try is in 3.2 s
    copyFileSync(quireBin, `${bin}.new`);
    renameSync(`${bin}.new`, bin);
    const before = Date.now();
    await reload();
    assert.ok(Date.now() - before < 2500, `${Date.now() - before} ms`);
    await assertServes();
});

test('workers that have served enough leave, and nobody notices', async () => {
    await restart({ WORKER_MAX_REQUESTS: 50 });
    mark();
    const load = new Load(site.front.port, LIST);
    await load.more(2000);
    const { failed } = await load.stop();
    assert.deepEqual(failed, []);
    const left = linesSinceMark('a worker has left').map((line) => Number(line.served));
    assert.ok(left.length >= 20, `${left.length} left`);
    assert.ok(left.every((served) => served >= 50 && served <= 55), `${left}`);
    assert.ok(new Set(left).size > 1, `not all after the same number: ${left}`);
    assert.deepEqual(linesSinceMark('a worker died'), []);
});

test('a worker that hangs in a request is killed after WORKER_TIMEOUT', async () => {
    await restart({ WORKERS: 2, WORKER_TIMEOUT: 1 });
    mark();
    const begin = record(1, Buffer.from([0, 1, 0, 0, 0, 0, 0, 0]));
    for (const half of [
        null, // half a body: the worker hangs in the middle of its own code; in the others it does so inside libfcgi
        Buffer.concat([begin, record(4, Buffer.from('half'), 100)]),
        begin.subarray(0, 3),
        Buffer.alloc(0),
    ]) {
        const before = Date.now();
        const peer = half === null ? await halfRequest() : (await connect(site.socket)).write(half);
        assert.equal((await peer.answer()).status, undefined);
        const took = Date.now() - before;
        assert.ok(took >= 1000 && took < 5000, `${took} ms`);
    }
    const deaths = await until('four deaths', () => linesSinceMark('a worker died').length === 4 && linesSinceMark('a worker died'));
    for (const line of deaths) {
        assert.deepEqual([line.cause, line.in_flight], ['killed: its request took longer than WORKER_TIMEOUT', '1']);
    }
    await assertServes();
});

test('a hashing slot of a worker that was killed is given back', async () => {
    await restart({ WORKERS: 2, BCRYPT_CONCURRENCY: 1, BCRYPT_COST: 4 });
    const person = await site.signUp();
    await restart({ WORKERS: 2, BCRYPT_CONCURRENCY: 1, BCRYPT_COST: 14 });
    const wrong = { email: person.email, password: site.password() };
    const slow = exchange(site.socket, { REQUEST_METHOD: 'POST', REQUEST_URI: '/api/v1/auth/login' },
        JSON.stringify({ ...wrong, email: 'nobody@example.com' })); // an unknown address costs as much: over 0.5 s
    await sleep(200);
    const killed = site.workers();
    killed.forEach((pid) => process.kill(pid, 'SIGKILL'));
    assert.equal((await slow).status, undefined);
    await until('both are replaced', () => site.workers().length === 2 && !site.workers().some((pid) => killed.includes(pid)));
    const answer = await site.post('/auth/login', wrong);
    assert.equal(answer.status, 401, answer.raw); // and not 503
});

// ---- stopping

test('SIGTERM lets a request in flight finish, takes the socket away at once, and exits 0', async () => {
    await restart();
    const peer = await halfRequest();
    site.pool.signal('SIGTERM');
    await until('the socket has no name', () => !existsSync(site.socket));
    await until('the idle workers have gone', () => site.workers().length === 1);
    await sleep(1000); // longer than it takes until it is told again
    assert.ok(site.pool.alive());
    await assertFinishes(peer);
    const how = await site.pool.wait();
    assert.deepEqual([how.code, how.signal, how.orphans], [0, null, false]);
});

test('requests that wait in the queue at SIGTERM are answered', async () => {
    await restart({ WORKERS: 1 });
    const busy = await halfRequest();
    const waiting = Array.from({ length: 10 }, () => exchange(site.socket, { REQUEST_URI: LIST }));
    await sleep(200);
    site.pool.signal('SIGTERM');
    await until('the socket has no name', () => !existsSync(site.socket));
    await assertFinishes(busy);
    for (const answer of await Promise.all(waiting)) {
        assert.equal(answer.status, 200);
        assert.ok(answer.complete);
    }
    assert.equal((await site.pool.wait()).code, 0);
});

test('what has not finished after SHUTDOWN_TIMEOUT is killed, and the exit status is still 0', async () => {
    await restart({ SHUTDOWN_TIMEOUT: 1 });
    mark();
    const peer = await halfRequest();
    const before = Date.now();
    const how = await site.pool.stop('SIGINT');
    const took = Date.now() - before;
    assert.deepEqual([how.code, how.orphans], [0, false]);
    assert.ok(took >= 1000 && took < 10000, `${took} ms`);
    assert.equal((await peer.answer()).status, undefined);
    const [death] = linesSinceMark('a worker died');
    assert.equal(death.cause, 'killed: it had not finished within SHUTDOWN_TIMEOUT');
});

test('told twice, the pool stops at once', async () => {
    await restart({ SHUTDOWN_TIMEOUT: 60 });
    await halfRequest();
    site.pool.signal('SIGQUIT');
    await until('the idle workers have gone', () => site.workers().length === 1);
    const how = await site.pool.stop('SIGTERM', 10000);
    assert.deepEqual([how.code, how.orphans], [0, false]);
});

test('SIGTERM for a worker alone: it finishes its request, and is replaced', async () => {
    await restart({ WORKERS: 1 });
    const [worker] = site.workers();
    const peer = await halfRequest();
    process.kill(worker, 'SIGTERM');
    await sleep(300);
    assert.deepEqual(site.workers(), [worker]);
    await assertFinishes(peer);
    await until('it is replaced', () => site.workers().length === 1 && site.workers()[0] !== worker);
    await assertServes();
});

test('a worker hears SIGTERM even when the queue is never empty', async () => {
    await restart({ WORKERS: 1, BCRYPT_COST: 10 });
    const body = JSON.stringify({ email: 'nobody@example.com', password: site.password() });
    const login = { REQUEST_METHOD: 'POST', REQUEST_URI: '/api/v1/auth/login' };
    const waiting = Array.from({ length: 30 }, () => exchange(site.socket, login, body)); // 50 ms each
    await sleep(100);
    process.kill(site.workers()[0], 'SIGTERM');
    for (const answer of await Promise.all(waiting)) {
        assert.equal(answer.status, 401);
    }
    const [left] = linesSinceMark('a worker has left');
    assert.ok(Number(left.served) < 15, `it has served ${left.served} more of 30`);
});

test('the terminal’s Ctrl-C, which reaches the workers too, is a stop like any other', async () => {
    await restart();
    const peer = await halfRequest();
    process.kill(-site.pool.pid, 'SIGINT');
    await sleep(300);
    await assertFinishes(peer);
    assert.equal((await site.pool.wait()).code, 0);
});

test('the workers finish and go when their parent is killed; the socket it left behind is replaced', async () => {
    await stopPool();
    mark();
    // In a session of its own, so that the harness does not end the workers with their parent.
    site.pool = start('setsid', ['--fork', '--wait', quireBin, 'serve'], {
        env: environment(site.settings), cwd: site.dir, log: site.log.file,
    });
    await allReady();
    const [parent] = childrenOf(site.pool.pid);
    const workers = childrenOf(parent);
    try {
        assert.equal(workers.length, 4);
        const peer = await halfRequest();
        process.kill(parent, 'SIGKILL');
        await until('the idle ones are gone', () => workers.filter(isAlive).length === 1);
        await assertFinishes(peer);
        await until('all are gone', () => !workers.some(isAlive));
    } finally {
        [parent, ...workers].filter(isAlive).forEach((pid) => process.kill(pid, 'SIGKILL'));
    }
    await site.pool.wait();
    assert.ok(existsSync(site.socket));
    await restart();
    await assertServes();
});

// ---- reloading

test('SIGHUP under load, three times: every worker is another one, and no request fails', async () => {
    await restart();
    const load = new Load(site.front.port, LIST);
    await load.more(300);
    for (let i = 0; i < 3; i++) {
        const before = site.workers();
        await reload();
        await until('the old ones have gone', () => site.workers().length === 4);
        assert.deepEqual(site.workers().filter((pid) => before.includes(pid)), []);
        await load.more(300);
    }
    const { done, failed } = await load.stop();
    assert.deepEqual(failed, []);
    assert.ok(done >= 1200);
});

test('SIGHUP lets a request in flight finish, and does not wait for it', async () => {
    await restart({ WORKERS: 2 });
    const peers = [await halfRequest(), await halfRequest()];
    const before = site.workers();
    await reload();
    assert.equal(site.workers().filter((pid) => before.includes(pid)).length, 2);
    await assertServes();
    // A third one for each seat has to wait until the first has finished.
    mark();
    site.pool.signal('SIGHUP');
    await sleep(500);
    assert.equal(site.workers().length, 4);
    await assertServes();
    assert.deepEqual(linesSinceMark('serving'), []);
    for (const peer of peers) {
        await assertFinishes(peer);
    }
    await until('the reload has ended', () => linesSinceMark('serving').length > 0);
    await until('only new ones are left', () => site.workers().length === 2 && !site.workers().some((pid) => before.includes(pid)));
});

test('SIGHUP takes up a new program and new settings', async () => {
    const bin = join(site.dir, 'quire-upgrade');
    copyFileSync(quireBin, bin);
    await restart({}, { bin });
    const load = new Load(site.front.port, LIST);
    await load.more(100);
    copyFileSync(quireBin, `${bin}.new`);
    renameSync(`${bin}.new`, bin);
    assert.match(readlinkSync(`/proc/${site.pool.pid}/exe`), / \(deleted\)$/);
    writeFileSync(dotenv, 'WORKER_MAX_REQUESTS=40\n');
    await reload();
    await until('the old ones have gone', () => site.workers().length === 4);
    for (const pid of site.workers()) {
        const exe = statSync(`/proc/${pid}/exe`);
        assert.equal(exe.ino, statSync(bin).ino);
    }
    mark();
    await load.more(400);
    assert.deepEqual((await load.stop()).failed, []);
    const left = linesSinceMark('a worker has left').map((line) => Number(line.served));
    assert.ok(left.length > 0 && left.every((served) => served >= 40 && served <= 44), `${left}`);
});

test('a reload that fails leaves everything as it is, and the log says why', async () => {
    const bin = join(site.dir, 'quire-broken');
    copyFileSync(quireBin, bin);
    await restart({}, { bin });
    const load = new Load(site.front.port, LIST);
    await load.more(100);
    const before = site.workers();
    const failed = async (prepare) => {
        await prepare();
        await reload();
        assert.deepEqual(site.workers(), before);
        assert.equal(linesSinceMark('reload failed: a new worker did not get ready; those that serve stay as they are').length, 1);
        return linesSinceMark();
    };

    let lines = await failed(() => writeFileSync(dotenv, 'WORKER_MAX_REQUESTS=many\n'));
    assert.match(JSON.stringify(lines), /WORKER_MAX_REQUESTS/);
    assert.ok(lines.some((line) => line.cause === 'exit status 1'));
    writeFileSync(dotenv, '');

    lines = await failed(() => {
        writeFileSync(`${bin}.new`, 'no program', { mode: 0o755 });
        renameSync(`${bin}.new`, bin);
    });
    assert.ok(lines.some((line) => line.message === 'the program cannot be executed' && line.cause === 'Exec format error'));

    lines = await failed(() => chmodSync(bin, 0o644));
    assert.ok(lines.some((line) => line.cause === 'Permission denied'));

    await load.more(100);
    assert.deepEqual((await load.stop()).failed, []);
    copyFileSync(quireBin, `${bin}.new`);
    renameSync(`${bin}.new`, bin);
    await reload();
    assert.deepEqual(site.workers().filter((pid) => before.includes(pid)), []);
});

test('SIGUSR1 opens the log file again, in the parent and in the workers', async () => {
    const file = join(site.dir, 'rotated.log');
    await stopPool();
    site.pool = startElsewhere({ LOG_FILE: file });
    await site.ready();
    await assertServes();
    renameSync(file, `${file}.1`);
    site.pool.signal('SIGUSR1');
    await until('there is a new file', () => existsSync(file));
    const old = readFileSync(`${file}.1`, 'utf8');
    await sleep(100);
    const answers = await Promise.all(Array.from({ length: 20 }, () => site.get('/posts')));
    await until('the requests are in the new file', () => {
        const text = readFileSync(file, 'utf8');
        return answers.every((answer) => text.includes(answer.headers['x-request-id']));
    });
    await stopPool();
    assert.match(readFileSync(file, 'utf8'), /"message":"stopped"/);
    assert.equal(readFileSync(`${file}.1`, 'utf8'), old);
});

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
    for (const nonsense of ['GET / HTTP/1.0\r\n\r\n', '\0'.repeat(100), '\x01\x01\0\x01\0\0\0\0', '\x01\x04\0\x01\xff\xff\0\0']) {
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
        const answer = await exchange(site.socket, { REQUEST_METHOD: 'POST', REQUEST_URI: i % 2 ? '/api/v1/posts' : '/nowhere' }, body);
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
    await fails(`unix:${site.log.file}`, `cannot listen on ${site.log.file}: there is a file of that name which is no socket`);
    await fails('/nowhere/at.all', 'cannot listen on /nowhere/at.all: the folder /nowhere: No such file or directory');
    await fails(`127.0.0.1:${site.front.port}`, `cannot listen on 127.0.0.1:${site.front.port}: another program listens there`);
    await assertServes();
});

test('a unix socket has the mode of LISTEN_MODE', async () => {
    await restart({ LISTEN_MODE: '0600' });
    assert.equal(statSync(site.socket).mode & 0o7777, 0o600);
});

test('`quire worker` is for the pool alone', async () => {
    for (const args of [['worker'], ['worker', '0'], ['worker', 'x']]) {
        const done = await site.quire(args);
        assert.equal(done.code, 1);
        assert.match(done.stderr, /only quire serve starts workers|a worker needs the number of its slot/);
    }
});

/** Starts the pool by a script of conf/; the site's pool is whatever that becomes. */
async function startBy(script, settings = {}) {
    await stopPool();
    mark();
    const env = environment({ ...site.settings, QUIRE_SOCKET: site.socket, QUIRE_BIN: quireBin, ...settings });
    site.pool = start(join(root, 'conf', script), [], { env, cwd: site.dir, log: site.log.file });
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
    const peer = await halfRequest();
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
        const workers = childrenOf(pool);
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
    const peer = await halfRequest();
    site.pool.signal('SIGTERM');
    await sleep(300);
    await assertFinishes(peer);
    await site.pool.wait();
    assert.deepEqual(last.filter(isAlive), []);
});

// Listens as systemd does for a service with StandardInput=socket, and starts the pool again whenever it ends; its own
// standard input is what ends it.
const HOLDER = `
import os, signal, socket, subprocess, sys
path, program = sys.argv[1:]
s = socket.socket(socket.AF_UNIX)
if os.path.exists(path): os.unlink(path)
s.bind(path); s.listen(1024)
manager = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
if os.path.exists(path + '.notify'): os.unlink(path + '.notify')
manager.bind(path + '.notify')
os.environ['NOTIFY_SOCKET'] = path + '.notify'
pool = None
def end(*_):
    pool.send_signal(signal.SIGTERM)
    sys.exit(pool.wait())
signal.signal(signal.SIGTERM, end)
while True:
    pool = subprocess.Popen([program, 'serve'], stdin=s)
    while True:
        manager.settimeout(0.05)
        try: print(manager.recv(4096).decode().split('\\n')[0], file=open(path + '.said', 'a'))
        except TimeoutError: pass
        if pool.poll() is not None: break
`;

test('on a socket that somebody else holds, the pool can be killed and restarted under load', async () => {
    await stopPool();
    mark();
    site.pool = start('python3', ['-c', HOLDER, site.socket, quireBin], {
        env: environment(site.settings), cwd: site.dir, log: site.log.file,
    });
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
    const said = readFileSync(`${site.socket}.said`, 'utf8').trim().split('\n');
    assert.deepEqual(said, ['READY=1', 'READY=1', 'STOPPING=1', 'READY=1', 'READY=1', 'RELOADING=1', 'READY=1']);
    const [pool] = childrenOf(site.pool.pid);
    const last = [pool, ...childrenOf(pool)];
    assert.equal(last.length, 5);
    assert.equal((await site.pool.stop('SIGTERM')).code, 0);
    assert.deepEqual(last.filter(isAlive), []);
    assert.ok(existsSync(site.socket));
});

test('over TCP', async () => {
    await stopPool();
    const port = await freePort();
    site.pool = startElsewhere({ LISTEN: `:${port}` });
    await allReady();
    const answer = await exchange({ host: '127.0.0.1', port }, { REQUEST_URI: LIST });
    assert.equal(answer.status, 200);
    assert.ok(answer.complete);
    await stopPool();
});

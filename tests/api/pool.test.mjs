// The pool of workers: what dies is replaced, what is told to go finishes first, and no client notices. The real nginx
// in front, and a FastCGI peer of our own (lib/fastcgi.mjs) where nginx is too polite.
import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { assertError } from './lib/contract.mjs';
import { connect, exchange, record } from './lib/fastcgi.mjs';
import { Load } from './lib/load.mjs';
import { assertFinishes, halfRequest, install, isAlive, LIST, poolOf, sanitized, WRAPPER } from './lib/pool.mjs';
import { childrenOf, mustRun, sleep, until, workersOf, zygoteOf } from './lib/processes.mjs';
import { quireBin, startSite } from './lib/site.mjs';
import { test } from './lib/test.mjs';

const site = await startSite({ settings: { WORKERS: 4 } });
const { mark, linesSinceMark, allReady, startAs, stopPool, restart, reload, replaced, assertServes } = poolOf(site);

// ---- death and replacement

test('a worker killed under load fails at most the request it had, and is replaced', async () => {
    await restart();
    mark();
    const load = new Load(site.front.port, LIST);
    await load.more(200);
    const victims = [];
    // The kernel's list of children may lack one while another comes or goes.
    const four = () => until('four workers', () => {
        const pids = site.workers();
        return pids.length === 4 && pids;
    });
    try {
        for (let i = 0; i < 5; i++) {
            const victim = (await four())[i % 4];
            victims.push(victim);
            process.kill(victim, 'SIGKILL');
            await replaced([victim], 4);
            await load.more(200);
        }
    } finally {
        await load.stop(); // also when this fails: it would never end
    }
    const { done, failed } = await load.stop();
    assert.ok(done >= 1200, `${done} requests`);
    assert.ok(failed.length <= victims.length, `${failed.length} failed: ${failed}`);
    const deaths = linesSinceMark('a worker died');
    assert.deepEqual(deaths.map((line) => Number(line.pid)), victims);
    assert.deepEqual([...new Set(deaths.map((line) => line.cause))], ['signal 9 (SIGKILL)']);
    await assertServes();
});

/** Kills the only worker whenever there is one, until so many have died since the mark. */
async function killTheYoung(count) {
    const dead = () => linesSinceMark('a worker died');
    while (dead().length < count) {
        const before = dead().length;
        const victim = await until('a worker', () => site.workers()[0], { every: 2 });
        process.kill(victim, 'SIGKILL');
        await until('its death is known', () => dead().length > before, { every: 2 });
    }
    return dead();
}

const gapsOf = (lines) => lines.map((line) => Date.parse(line.time)).map((time, i, all) => time - all[i - 1]).slice(1);

/** None of these gaps is shorter than expected. Whether none is much longer either, which a busy machine may be once. */
function assertGrow(gaps, expected) {
    for (const [i, least] of expected.entries()) {
        assert.ok(gaps[i] >= least, `gap ${i}: ${gaps}`);
    }
    return expected.every((least, i) => gaps[i] < least + 1000);
}

test('a worker that dies at once is started again ever more slowly, without an end', async () => {
    let [started, prompt] = [Infinity, false];
    // Three tries: a busy machine may be slow once, a successor that is kept back is late each time.
    for (let tries = 0; tries < 3 && !(started < 90 && prompt); tries++) {
        await restart({ WORKERS: 1 });
        await sleep(1100); // only the death of a young worker is a bad sign
        mark();
        const deaths = await killTheYoung(6);
        const gaps = gapsOf(deaths);
        assert.deepEqual([...new Set(deaths.map((line) => line.cause))], ['signal 9 (SIGKILL)']);
        // The first lived long, so its successor was started at once; the next after 100, 200, 400, 800 ms.
        started = gaps[0] - 1000 * deaths[1].seconds;
        prompt = assertGrow(gaps.slice(1), [100, 200, 400, 800]);
    }
    assert.ok(started < 90, `after ${started} ms`);
    assert.ok(prompt, 'a gap is much longer than it should be');
    await site.ready();
    await assertServes();
});

test('a reload does not wait for the back-off', async () => {
    let took = Infinity;
    for (let tries = 0; tries < 3 && took >= 2500; tries++) { // as above
        await restart({ WORKERS: 1 });
        mark();
        await killTheYoung(6); // the next try is in 3.2 s
        const before = Date.now();
        await reload();
        took = Date.now() - before;
    }
    assert.ok(took < 2500, `${took} ms`);
    await assertServes();
});

// ---- the zygote

test('workers are the pool’s own children and share what their zygote made', async () => {
    await restart();
    const kib = (pid, name) => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))[1]);
    assert.equal(site.workers().length, 4);
    for (const pid of site.workers()) {
        assert.equal(readFileSync(`/proc/${pid}/comm`, 'utf8').trim(), 'quire');
        // What both have is clean in neither, and private to none.
        assert.ok(kib(pid, 'Shared_Dirty') > 200, `${kib(pid, 'Shared_Dirty')} KiB`);
    }
});

/** A zygote that cannot be replaced for six tries. Whether none of them was much too late. */
async function killTheZygote() {
    const bin = join(site.dir, 'quire-backoff');
    install(bin);
    await restart({ WORKERS: 2 }, { bin });
    install(bin, WRAPPER);
    const first = site.workers();
    await reload();
    await replaced(first, 2);
    await sleep(1100);
    const before = site.workers();
    const load = new Load(site.front.port, LIST);
    await load.more(100);
    install(bin, '#!/bin/sh\nexit 3\n');
    mark();
    process.kill(zygoteOf(site.pool.pid), 'SIGKILL');
    const deaths = await until('six deaths', () => {
        const lines = linesSinceMark('a zygote died');
        return lines.length >= 6 && lines;
    });
    assert.deepEqual(deaths.slice(0, 6).map((line) => line.cause), ['signal 9 (SIGKILL)', ...Array(5).fill('exit status 3')]);
    const prompt = assertGrow(gapsOf(deaths).slice(1), [100, 200, 400, 800]);
    assert.deepEqual(site.workers(), before);
    assert.deepEqual((await load.stop()).failed, []);
    // Nobody can come meanwhile; who is wanted comes when there is a zygote again.
    process.kill(before[0], 'SIGKILL');
    install(bin);
    await replaced([before[0]], 2);
    await assertServes();
    return prompt;
}

test('a zygote that dies is replaced, ever more slowly while it dies at once; the workers serve on', async () => {
    assert.ok(await killTheZygote() || await killTheZygote() || await killTheZygote(), 'a gap is much longer than it should be');
});

test('a zygote that does not answer is replaced', async () => {
    await restart({ WORKERS: 2 });
    const stopped = zygoteOf(site.pool.pid);
    process.kill(stopped, 'SIGSTOP');
    mark();
    const [victim] = site.workers();
    process.kill(victim, 'SIGKILL');
    await replaced([victim], 2);
    assert.equal(linesSinceMark('a zygote died')[0].cause, 'killed: it did not answer');
    assert.notEqual(zygoteOf(site.pool.pid), stopped);
    await assertServes();
});

test('a zygote that does not end is ended, by a reload and by a stop', async () => {
    await restart({ WORKERS: 2 });
    const stopped = zygoteOf(site.pool.pid);
    process.kill(stopped, 'SIGSTOP');
    await reload();
    await until('the old one is gone', () => !isAlive(stopped));
    const second = zygoteOf(site.pool.pid);
    process.kill(second, 'SIGSTOP');
    await stopPool();
    assert.ok(!isAlive(second));
    await restart();
    await assertServes();
});

/** Where the program, its heap and its stack lie in a process. */
const addresses = (pid) => readFileSync(`/proc/${pid}/maps`, 'utf8').split('\n')
    .filter((line) => / (\/.*\/quire[^/]*|\[heap\]|\[stack\])$/.test(line)).map((line) => line.split('-')[0]).join(' ');

test('who dies of a fault is replaced by one with other addresses; who is killed need not be', { skip: sanitized }, async () => {
    await restart({ WORKERS: 2 });
    const replace = async (signal) => {
        await sleep(1100);
        const [victim, other] = await until('both workers', () => {
            const pids = site.workers();
            return pids.length === 2 && pids;
        });
        process.kill(victim, signal);
        const now = await replaced([victim], 2);
        return [addresses(other), addresses(now.find((pid) => pid !== other))];
    };
    const killed = await replace('SIGKILL');
    assert.equal(killed[1], killed[0]);
    for (const signal of ['SIGSEGV', 'SIGABRT', 'SIGILL']) {
        const [old, young] = await replace(signal);
        const known = new Set(old.split(' '));
        assert.ok(young.split(' ').every((address) => !known.has(address)), `${signal}: ${old} and ${young}`);
    }
    await assertServes();
});

test('workers that have served enough are replaced, and nobody notices', async () => {
    await restart({ WORKER_MAX_REQUESTS: 50 });
    mark();
    const load = new Load(site.front.port, LIST);
    const left = await until('twelve have been replaced', () => {
        const lines = linesSinceMark('a worker has left');
        return lines.length >= 12 && lines.map((line) => Number(line.served));
    });
    const { failed } = await load.stop();
    assert.deepEqual(failed, []);
    assert.ok(left.every((served) => served >= 50), `${left}`); // more, until the successor is there
    assert.ok(new Set(left).size > 1, `not all after the same number: ${left}`);
    await until('all seats are taken', () => site.workers().length === 4);
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
        const peer = half === null ? await halfRequest(site.socket) : (await connect(site.socket)).write(half);
        assert.equal((await peer.answer()).status, undefined);
        const took = Date.now() - before;
        assert.ok(took >= 1000 && took < 10000, `${took} ms`);
    }
    const deaths = await until('four deaths', () => {
        const lines = linesSinceMark('a worker died');
        return lines.length === 4 && lines;
    });
    for (const line of deaths) {
        assert.deepEqual([line.cause, line.in_flight], ['killed: its request took longer than WORKER_TIMEOUT', '1']);
    }
    await assertServes();
});

test('a reload takes up another WORKER_TIMEOUT', async () => {
    const conf = join(site.dir, 'timeout.conf');
    writeFileSync(conf, 'WORKER_TIMEOUT=60\n', { mode: 0o600 });
    await restart({ WORKERS: 1, QUIRE_CONF: conf });
    writeFileSync(conf, 'WORKER_TIMEOUT=1\n');
    await reload();
    const before = Date.now();
    assert.equal((await (await halfRequest(site.socket)).answer()).status, undefined);
    const took = Date.now() - before;
    assert.ok(took >= 1000 && took < 10000, `${took} ms`);
});

/** How much a process has computed, in hundredths of a second. */
function ticksOf(pid) {
    const [user, system] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ').slice(11, 13);
    return Number(user) + Number(system);
}

test('a hashing slot of a worker that was killed is given back', async () => {
    await restart({ WORKERS: 2, BCRYPT_CONCURRENCY: 1, BCRYPT_COST: 4 });
    const person = await site.signUp();
    await restart({ WORKERS: 2, BCRYPT_CONCURRENCY: 1, BCRYPT_COST: 16 });
    const wrong = { email: person.email, password: site.password() };
    const killed = site.workers();
    const began = killed.map(ticksOf);
    const slow = exchange(site.socket, { REQUEST_METHOD: 'POST', REQUEST_URI: '/api/v1/auth/login' },
        JSON.stringify({ ...wrong, email: 'nobody@example.com' })); // an unknown address costs as much: over 2 s
    await until('one is hashing', () => killed.some((pid, i) => ticksOf(pid) >= began[i] + 10));
    killed.forEach((pid) => process.kill(pid, 'SIGKILL'));
    assert.equal((await slow).status, undefined);
    await replaced(killed, 2);
    const answer = await site.post('/auth/login', wrong);
    assert.equal(answer.status, 401, answer.raw); // and not 503
});

/** The processors that a process may use and that are there, as the kernel tells it. */
const processorsOf = async (pid) => / list: (.*)\n/.exec(await mustRun('taskset', ['-cp', String(pid)]))[1];

/** Those of the only worker of a pool with these settings: before, while, and after it hashes. */
async function processorsAround(settings) {
    await restart({ WORKERS: 1, BCRYPT_COST: 16, ...settings }); // a hash takes over 2 s
    const [pid] = site.workers();
    const before = await processorsOf(pid);
    const began = ticksOf(pid);
    const login = site.post('/auth/login', { email: 'nobody@example.com', password: site.password() });
    await until('it hashes', () => ticksOf(pid) >= began + 10, { every: 10 });
    const meanwhile = await processorsOf(pid);
    assertError(await login, 401, 'invalid_credentials');
    return { before, meanwhile, after: await processorsOf(pid) };
}

test('who hashes a password keeps off one processor, and has all of them back afterwards', async () => {
    const { before, meanwhile, after } = await processorsAround({});
    assert.equal(after, before);
    if (/[,-]/.test(before)) {
        assert.notEqual(/^\d+/.exec(meanwhile)[0], /^\d+/.exec(before)[0]);
    }
});

test('as many hashes at once as there are processors: they get all of them', async () => {
    const { before, meanwhile, after } = await processorsAround({ BCRYPT_CONCURRENCY: 1024 });
    assert.deepEqual([meanwhile, after], [before, before]);
});

// ---- stopping

test('SIGTERM lets a request in flight finish, takes the socket away at once, and exits 0', async () => {
    await restart();
    const peer = await halfRequest(site.socket);
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
    const busy = await halfRequest(site.socket);
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
    const peer = await halfRequest(site.socket);
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
    await halfRequest(site.socket);
    site.pool.signal('SIGQUIT');
    await until('the idle workers have gone', () => site.workers().length === 1);
    const how = await site.pool.stop('SIGTERM', 10000);
    assert.deepEqual([how.code, how.orphans], [0, false]);
    assert.equal(linesSinceMark('a worker died')[0].cause, 'killed: the pool was told twice to stop');
});

test('SIGTERM for a worker alone: it finishes its request, and is replaced', async () => {
    await restart({ WORKERS: 1 });
    const [worker] = site.workers();
    const peer = await halfRequest(site.socket);
    process.kill(worker, 'SIGTERM');
    await sleep(300);
    assert.deepEqual(site.workers(), [worker]);
    await assertFinishes(peer);
    await replaced([worker], 1);
    await assertServes();
});

test('a worker hears SIGTERM even when the queue is never empty', async () => {
    await restart({ WORKERS: 1, BCRYPT_COST: 10 });
    const body = JSON.stringify({ email: 'nobody@example.com', password: site.password() });
    const login = { REQUEST_METHOD: 'POST', REQUEST_URI: '/api/v1/auth/login' };
    const waiting = Array.from({ length: 100 }, () => exchange(site.socket, login, body)); // 50 ms each
    await sleep(100);
    process.kill(site.workers()[0], 'SIGTERM');
    for (const answer of await Promise.all(waiting)) {
        assert.equal(answer.status, 401);
    }
    const [left] = await until('it has left', () => linesSinceMark('a worker has left').length > 0
        && linesSinceMark('a worker has left'));
    assert.ok(Number(left.served) < 90, `it has served ${left.served} of 100`);
});

test('the terminal’s Ctrl-C, which reaches the workers too, is a stop like any other', async () => {
    await restart();
    const peer = await halfRequest(site.socket);
    process.kill(-site.pool.pid, 'SIGINT');
    await sleep(300);
    await assertFinishes(peer);
    assert.equal((await site.pool.wait()).code, 0);
});

test('the workers finish and go when their parent is killed; the socket it left behind is replaced', async () => {
    await stopPool();
    // In a session of its own, so that the harness does not end the workers with their parent.
    startAs('setsid', ['--fork', '--wait', quireBin, 'serve']);
    await allReady();
    const [parent] = childrenOf(site.pool.pid);
    const workers = workersOf(parent);
    const zygote = zygoteOf(parent);
    try {
        assert.equal(workers.length, 4);
        const peer = await halfRequest(site.socket);
        process.kill(parent, 'SIGKILL');
        await until('the idle ones are gone', () => workers.filter(isAlive).length === 1);
        await assertFinishes(peer);
        await until('all are gone', () => ![zygote, ...workers].some(isAlive));
    } finally {
        [parent, zygote, ...workers].filter(isAlive).forEach((pid) => process.kill(pid, 'SIGKILL'));
    }
    await site.pool.wait();
    assert.ok(existsSync(site.socket));
    await restart();
    await assertServes();
});

// Which zygote workers come of when the one that was asked for is no good: one that was killed between its start and its first
// worker, one whose workers die or hang, one that cannot be executed. The pool must stay as it is, and be able to replace who
// dies, until there is a good one. And who comes unasked is of the kind that served, whatever lies there by then.
import assert from 'node:assert/strict';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { Load } from './lib/load.mjs';
import { install, LIST, poolOf, sanitized, WRAPPER } from './lib/pool.mjs';
import { sleep, until, zygoteOf } from './lib/processes.mjs';
import { quireBin, startSite } from './lib/site.mjs';
import { test } from './lib/test.mjs';

const site = await startSite({ settings: { WORKERS: 2, SHUTDOWN_TIMEOUT: 2 } });
const { mark, linesSinceMark, writeDotenv, restart, replaced, assertServes, reload } = poolOf(site);
const bin = join(site.dir, 'quire-next');
const FAILED = 'reload failed: a new worker did not get ready; those that serve stay as they are';

/** A zygote that says it is ready, and what it then does when it is asked for a worker. */
const zygoteThat = (conduct) => `#!/usr/bin/env python3
import os, signal, socket, struct, sys
signal.pthread_sigmask(signal.SIG_SETMASK, [])
open('/proc/self/comm', 'w').write('quire-zygote')

def fork(become):
    ours, theirs = os.pipe()
    if os.fork() == 0:
        pid = os.fork()
        if pid == 0:
            open('/proc/self/comm', 'w').write('quire')
            become()
        os.write(theirs, struct.pack('i', pid))
        os._exit(0)
    os.wait()
    return os.read(ours, 4)

peer = socket.socket(fileno=0)
peer.send(struct.pack('i', 0))
while True:
    text, fds, _, _ = socket.recv_fds(peer, 4, 1)
    if not text:
        sys.exit(0)
    ${conduct}
`;
const FAULTS = 'peer.send(fork(lambda: os.kill(os.getpid(), signal.SIGSEGV)))';
const HANGS = 'peer.send(fork(signal.pause))';
const LEAVES = 'sys.exit(3)';

const fileOf = (pid) => statSync(`/proc/${pid}/exe`, { throwIfNoEntry: false })?.ino;

/** Waits until both workers run this file; one who is leaving, and a zygote that has not said what it is, may be seen beside. */
const allRun = (inode) => until('both run it', () => isDeepStrictEqual(site.workers().map(fileOf), [inode, inode]));

async function begin() {
    install(bin);
    await restart({}, { bin });
    return { workers: site.workers(), program: statSync(bin).ino };
}

async function reloadFails() {
    mark();
    site.pool.signal('SIGHUP');
    await until('it says that the reload failed', () => linesSinceMark(FAILED).length > 0);
    assert.equal(linesSinceMark(FAILED).length, 1);
}

/** Has a worker killed by a signal, and waits for another in its place. */
async function lose(pid, signal) {
    process.kill(pid, signal);
    await replaced([pid], 2);
    await assertServes();
}

for (const [what, conduct] of [['whose workers die of a fault', FAULTS], ['that dies before a worker of it serves', LEAVES]]) {
    test(`a reload to a zygote ${what} fails, and who dies then is replaced by one of the old kind`, async () => {
        const { workers, program } = await begin();
        install(bin, zygoteThat(conduct));
        await reloadFails();
        assert.deepEqual(site.workers(), workers);
        for (const pid of workers) {
            await lose(pid, 'SIGKILL');
        }
        await allRun(program);
        install(bin);
        await reload();
        await allRun(statSync(bin).ino);
        await assertServes();
    });
}

test('a reload that is asked for again while the first one hangs is not lost with it', async () => {
    const { workers } = await begin();
    install(bin, zygoteThat(HANGS));
    site.pool.signal('SIGHUP');
    const named = (pid) => readFileSync(`/proc/${pid}/comm`, 'utf8').trim() === 'quire';
    const hanging = await until('a successor hangs', () => site.workers().find((pid) => !workers.includes(pid) && named(pid)));
    install(bin);
    mark();
    site.pool.signal('SIGHUP');
    await until('the second is begun', () => linesSinceMark('reloading').length > 0);
    process.kill(hanging, 'SIGKILL');
    await until('the second has ended', () => linesSinceMark('serving').length > 0);
    await replaced([...workers, hanging], 2);
    assert.deepEqual(linesSinceMark(FAILED), []);
    await allRun(statSync(bin).ino);
    await assertServes();
});

test('after a fault a new zygote is tried again and again, and until there is one the old one serves', { skip: sanitized }, async () => {
    const { workers } = await begin();
    install(bin, WRAPPER);
    await reload();
    await replaced(workers, 2);
    const program = statSync(quireBin).ino;
    const [victim] = site.workers();
    install(bin, '#!/bin/sh\nexit 3\n');
    mark();
    await lose(victim, 'SIGSEGV');
    await allRun(program);
    await until('it was tried again', () => linesSinceMark('a zygote died').length >= 3);
    await lose(site.workers()[0], 'SIGKILL');
    await allRun(program);
    // One that can be executed, but has no good workers, is none either.
    install(bin, zygoteThat(FAULTS));
    const isOurs = (pid) => readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('python3');
    await until('it is there', () => isOurs(zygoteOf(site.pool.pid)));
    await sleep(300); // until the pool has heard it
    process.kill(site.workers()[0], 'SIGKILL');
    await until('it was tried, and left', () => linesSinceMark('a worker died').filter(({ cause }) => cause.includes('SEGV')).length >= 2);
    await allRun(program);
    await assertServes();
    install(bin);
    await until('there is a new one', () => fileOf(zygoteOf(site.pool.pid)) === statSync(bin).ino);
    for (const pid of site.workers()) {
        await lose(pid, 'SIGKILL');
    }
    await allRun(statSync(bin).ino);
});

for (const [what, lost, signal, options] of [
    ['of a zygote that is killed', () => zygoteOf(site.pool.pid), 'SIGKILL', {}],
    ['of a worker that dies of a fault', () => site.workers()[0], 'SIGSEGV', { skip: sanitized }],
]) {
    test(`in place ${what} come program and settings of the last reload, not what lies there now`, options, async () => {
        const { workers } = await begin();
        install(bin);
        const program = statSync(bin).ino;
        writeDotenv('WORKER_MAX_REQUESTS=40\n');
        await reload();
        await replaced(workers, 2);
        install(bin, '#!/bin/sh\nexit 3\n');
        writeDotenv('WORKER_MAX_REQUESTS=many\n');
        mark();
        const zygote = zygoteOf(site.pool.pid);
        process.kill(lost(), signal);
        await until('there is another zygote', () => ![undefined, zygote].includes(zygoteOf(site.pool.pid)));
        const before = site.workers();
        const load = new Load(site.front.port, LIST);
        const left = await until('all have served enough', () => {
            const lines = linesSinceMark('a worker has left');
            return lines.length >= 6 && lines.map((line) => Number(line.served));
        });
        assert.deepEqual((await load.stop()).failed, []);
        assert.ok(left.every((served) => served >= 40), `${left}`);
        await replaced(before, 2);
        await allRun(program);
        assert.equal(fileOf(zygoteOf(site.pool.pid)), program);
        assert.ok(linesSinceMark('a zygote died').every((line) => line.cause === 'signal 9 (SIGKILL)'));
        // What is wrong there is told when it is asked for.
        await reloadFails();
        await assertServes();
    });
}

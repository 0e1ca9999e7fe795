// pool: what the tests of the worker pool do to it.
//
//     const { restart, stopPool, mark, linesSinceMark, reload } = poolOf(site);
//     await restart({ WORKERS: 1 });
//     mark();
//     process.kill(site.workers()[0], 'SIGKILL');
//     await until('it is replaced', () => linesSinceMark('a worker died').length === 1);
import assert from 'node:assert/strict';
import { copyFileSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { connect } from './fastcgi.mjs';
import { environment, start, until } from './processes.mjs';
import { quireBin } from './site.mjs';

/** Something that nginx answers with the help of the pool and the database. */
export const LIST = '/api/v1/posts?limit=1';

/**
 * Listens as systemd does for a service with StandardInput=socket, and starts the pool again whenever it ends; its own
 * standard input is what ends it.
 */
export const HOLDER = `
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

/** A request over a unix socket whose worker waits for the rest of its body. */
export async function halfRequest(address) {
    const peer = await connect(address);
    peer.begin({ REQUEST_METHOD: 'POST', REQUEST_URI: '/api/v1/auth/login', CONTENT_LENGTH: 2 }).stdin('{');
    // The kernel gives a connection that nobody has accepted yet the state 02 and no inode.
    await until('it has been accepted', () => !readFileSync('/proc/net/unix', 'utf8').split('\n')
        .some((line) => line.endsWith(` 02     0 ${address}`)));
    return peer;
}

/** Sends the rest, and demands a whole answer. */
export async function assertFinishes(peer) {
    peer.stdin('}').end();
    const answer = await peer.answer();
    assert.equal(answer.status, 422, answer.body);
    assert.ok(answer.complete);
}

/** Whether the program is built with a sanitizer, which reports a fault and ends the process by itself. */
export const sanitized = readFileSync(quireBin).includes('__asan_init');

/** Puts a program, or a script of this text, in the place of a file that may be running. */
export function install(bin, text = null) {
    if (text === null) {
        copyFileSync(quireBin, `${bin}.new`);
    } else {
        writeFileSync(`${bin}.new`, text, { mode: 0o755 });
    }
    renameSync(`${bin}.new`, bin);
}

/** A program that a pool does not hold, but looks for by its path each time: a script, which the kernel cannot run otherwise. */
export const WRAPPER = `#!/bin/sh\nexec ${quireBin} "$@"\n`;

/** Whether there is such a process, other than a dead one that nobody has buried. */
export function isAlive(pid) {
    try {
        return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
    } catch {
        return false;
    }
}

/** The handles of a site's pool. */
export function poolOf(site) {
    let marked = 0;

    /** What the pool itself has logged. (multiwatch writes into the same file, and not in JSON.) */
    function poolLines() {
        const lines = site.log.text().split('\n').filter((line) => line.includes('"message":'));
        return lines.map((line) => JSON.parse(line));
    }

    /** What linesSinceMark() returns begins here. */
    function mark() {
        marked = poolLines().length;
    }

    function linesSinceMark(message) {
        return poolLines().slice(marked).filter((line) => message === undefined || line.message === message);
    }

    /** Waits until the pool has said, since mark(), that all its workers serve. */
    function allReady() {
        return until('the pool serves', () => linesSinceMark('serving').length > 0);
    }

    /** Starts a program as the site's pool, and marks. */
    function startAs(command, args, { settings = {}, stdin } = {}) {
        mark();
        const env = environment({ ...site.settings, ...settings });
        site.pool = start(command, args, { env, cwd: site.dir, log: site.log.file, stdin });
    }

    async function stopPool() {
        if (site.pool.alive()) {
            const how = await site.pool.stop('SIGTERM');
            assert.deepEqual([how.code, how.orphans], [0, false]);
        }
    }

    /** Settings that a reload takes up: the environment of a running parent cannot change. */
    function writeDotenv(text) {
        writeFileSync(join(site.dir, '.env.test'), text);
    }

    /** Stops the pool, if there is one, and starts another with these settings. */
    async function restart(settings = {}, { bin = quireBin } = {}) {
        await stopPool();
        writeDotenv('');
        startAs(bin, ['serve'], { settings });
        await site.ready();
        await allReady();
    }

    /** Reloads the pool and waits until that is done. */
    async function reload() {
        mark();
        site.pool.signal('SIGHUP');
        await until('the reload has ended', () => {
            return linesSinceMark('reloading').length > 0 && linesSinceMark('serving').length > 0;
        });
    }

    /** Waits until none of these workers is left and others sit in all the seats: those. */
    async function replaced(pids, seats) {
        // In this order: /proc lists the children of a process reliably only while none of them ends.
        await until('the old ones have gone', () => !pids.some(isAlive));
        return until('there are others', () => {
            const workers = site.workers(); // those that nobody has buried yet are among them
            return workers.length === seats && !workers.some((pid) => pids.includes(pid)) && workers;
        });
    }

    async function assertServes() {
        assert.equal((await site.get('/posts')).status, 200);
    }

    return { mark, linesSinceMark, allReady, startAs, stopPool, writeDotenv, restart, reload, replaced, assertServes };
}

// processes: every process that a test starts, the folder they live in, and the certainty that both go away.
//
// Each child leads its own process group and writes what it says into a file. However the tests end (normally, by
// an exception, by a signal, by kill -9 of Node), no child and no file survives: an exit hook kills the groups, and
// a small shell that waits for the end of our pipe does the same when Node had no time for it.
//
//     const child = start('nginx', ['-c', conf], { log: join(folder(), 'nginx.log') });
//     await child.stop('SIGTERM');                       // { code: 0, signal: null }
//     const done = await run('mariadb', ['--socket', socket], { input: 'SELECT 1' });
import { spawn } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The project's folder. */
export const root = dirname(dirname(dirname(dirname(fileURLToPath(import.meta.url)))));

const living = new Map(); // pid → child
let home = null;
let guard = null;

const GUARD = `
groups=
while read -r verb pid; do
    case $verb in
    born) groups="$groups $pid" ;;
    dead) rest=; for each in $groups; do [ "$each" = "$pid" ] || rest="$rest $each"; done; groups=$rest ;;
    esac
done
for each in $groups; do kill -KILL "-$each" 2>/dev/null; done
[ -n "$QUIRE_TEST_KEEP" ] || { sleep 0.1; rm -rf "$1"; }
`;

/** The folder of this Node process, made at the first call. Short, for unix sockets live in it. */
export function folder() {
    if (home === null) {
        home = mkdtempSync(join(tmpdir(), 'quire-'));
        guard = spawn('/bin/sh', ['-c', GUARD, 'guard', home],
            { stdio: ['pipe', 'ignore', 'ignore'], detached: true });
        guard.unref();
        guard.stdin.unref();
        guard.stdin.on('error', () => {});
        process.on('exit', cleanUp);
        for (const [signal, code] of [['SIGINT', 130], ['SIGTERM', 143], ['SIGHUP', 129]]) {
            process.on(signal, () => process.exit(code));
        }
    }
    return home;
}

function cleanUp() {
    for (const pid of living.keys()) {
        killGroup(pid, 'SIGKILL');
    }
    if (!process.env.QUIRE_TEST_KEEP) {
        rmSync(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
    }
}

/** True when there was anybody to signal. */
function killGroup(pid, signal) {
    try {
        return process.kill(-pid, signal);
    } catch (error) {
        if (error.code !== 'ESRCH') {
            throw error;
        }
        return false;
    }
}

const passedOn = /^(PATH|HOME|USER|TMPDIR|LANG|LC_.*|LD_LIBRARY_PATH|[A-Z]+SAN_OPTIONS|LLVM_PROFILE_FILE|GCOV_.*)$/;

/** An environment with nothing of the caller's settings in it, and `extra` on top. */
export function environment(extra = {}) {
    const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => passedOn.test(name)));
    // nginx and mariadbd live where a plain user's PATH does not look.
    env.PATH = `${env.PATH}:/usr/local/sbin:/usr/sbin:/sbin`;
    for (const [name, value] of Object.entries(extra)) {
        if (value !== undefined && value !== null) {
            env[name] = String(value);
        }
    }
    return env;
}

/**
 * Starts a process that stays. Options: env, cwd, log (a file, appended to, for both outputs; "inherit" for ours),
 * stdin (a file descriptor, default none). The child has
 *   pid, alive(), signal(name)
 *   wait(patience in ms)         { code, signal, orphans }: how it ended, and whether processes of its group outlived
 *                                it (they are killed); an error when it does not end in time
 *   stop(name, patience in ms)   signal and wait
 */
export function start(command, args, { env = environment(), cwd = folder(), log = null, stdin = 'ignore' } = {}) {
    folder();
    const file = log !== null && log !== 'inherit';
    const out = file ? openSync(log, 'a') : log ?? 'ignore';
    const child = spawn(command, args, { env, cwd, detached: true, stdio: [stdin, out, out] });
    if (file) {
        closeSync(out);
    }
    const { pid } = child;
    let end = null;
    const done = new Promise((resolve) => {
        const ended = (how) => {
            end = { ...how, orphans: buried(pid) };
            resolve(end);
        };
        child.once('error', (error) => ended({ code: null, signal: error.message }));
        child.once('exit', (code, signal) => ended({ code, signal }));
    });
    born(pid, child);
    child.unref(); // a forgotten child does not keep Node; the exit hook ends it
    const alive = () => end === null;
    const signal = (name) => alive() && process.kill(pid, name);
    const wait = async (patience = 20000) => {
        let timer;
        const late = new Promise((resolve) => {
            timer = setTimeout(resolve, patience, null);
        });
        const how = await Promise.race([done, late]);
        clearTimeout(timer);
        if (how === null) {
            killGroup(pid, 'SIGKILL');
            throw new Error(`${command} ${args[0] ?? ''} (${pid}) did not end within ${patience} ms`);
        }
        return how;
    };
    const stop = (name = 'SIGTERM', patience = 20000) => {
        signal(name);
        return wait(patience);
    };
    return { pid, alive, signal, wait, stop };
}

function born(pid, child) {
    if (pid !== undefined) {
        living.set(pid, child);
        guard.stdin.write(`born ${pid}\n`);
    }
}

/** Ends what a dead child left behind; true when there was anything. */
function buried(pid) {
    if (pid === undefined) {
        return false;
    }
    living.delete(pid);
    guard.stdin.write(`dead ${pid}\n`);
    return killGroup(pid, 'SIGKILL');
}

/** Runs a process to its end. Options: env, cwd, input (text for its standard input), timeout in ms. */
export function run(command, args, { env = environment(), cwd = folder(), input = '', timeout = 60000 } = {}) {
    folder();
    return new Promise((resolve, reject) => {
        const child = spawn(command, args, { env, cwd, detached: true, stdio: 'pipe' });
        const out = [];
        const err = [];
        born(child.pid, child);
        const timer = setTimeout(() => killGroup(child.pid, 'SIGKILL'), timeout);
        child.stdout.on('data', (chunk) => out.push(chunk));
        child.stderr.on('data', (chunk) => err.push(chunk));
        child.stdin.on('error', () => {}); // it may end without reading
        child.stdin.end(input);
        child.once('error', reject);
        child.once('close', (code, signal) => {
            clearTimeout(timer);
            buried(child.pid);
            resolve({ code, signal, stdout: Buffer.concat(out).toString(), stderr: Buffer.concat(err).toString() });
        });
    });
}

/** As run(), but anything except exit status 0 is an error that shows what the process said. */
export async function mustRun(command, args, options = {}) {
    const done = await run(command, args, options);
    if (done.code !== 0) {
        const how = done.signal ?? `status ${done.code}`;
        throw new Error(`${command} ${args.join(' ')}: ${how}\n${done.stderr}${done.stdout}`);
    }
    return done.stdout;
}

export function sleep(ms, value) {
    return new Promise((resolve) => setTimeout(resolve, ms, value));
}

/** Calls probe until it returns something true, and returns that. An exception of the probe counts as "not yet". */
export async function until(what, probe, { patience = 30000, every = 25 } = {}) {
    const end = Date.now() + patience;
    let last = null;
    for (;;) {
        try {
            const found = await probe();
            if (found) {
                return found;
            }
            last = null;
        } catch (error) {
            last = error;
        }
        if (Date.now() > end) {
            throw new Error(`waited ${patience} ms in vain: ${what}${last ? ` (${last.message})` : ''}`);
        }
        await sleep(every);
    }
}

/** The pids of a process's living children. */
export function childrenOf(pid) {
    try {
        return readFileSync(`/proc/${pid}/task/${pid}/children`,
            'utf8').trim().split(' ').filter(Boolean).map(Number);
    } catch {
        return [];
    }
}

/** The pids of a pool's workers: its children but for the zygotes that they are forked from. */
export function workersOf(pid) {
    return childrenOf(pid).filter((child) => !isZygote(child));
}

/** The pid of the process that a pool's workers are forked from; the newest, should there be two. */
export function zygoteOf(pid) {
    return childrenOf(pid).filter(isZygote).at(-1);
}

function isZygote(pid) {
    try {
        return readFileSync(`/proc/${pid}/comm`, 'utf8').trim() === 'quire-zygote';
    } catch {
        return true; // it has just gone
    }
}

/** The last lines of a file, or a remark that there is none. */
export function tail(file, lines = 50) {
    try {
        return readFileSync(file, 'utf8').trimEnd().split('\n').slice(-lines).join('\n');
    } catch (error) {
        return `(${error.code})`;
    }
}

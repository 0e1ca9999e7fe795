// scripts/run, which `make run` is, and scripts/quire, the program's commands on that site.
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { environment, folder, root, run, start, until } from './lib/processes.mjs';
import { quireBin } from './lib/site.mjs';
import { test } from './lib/test.mjs';

const dir = join(folder(), 'var');
/** A port of this machine that nobody listens at. */
const port = await new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
        const { port: free } = server.address();
        server.close(() => resolve(free));
    });
});
const variables = { QUIRE_VAR: dir, QUIRE_BIN: quireBin, PORT: `${port}`, WORKERS: '1', READ_WORKERS: '1', LOGIN_WORKERS: '1',
    LONG_WORKERS: '1' };
const script = (name, args = [], more = {}) =>
    run(join(root, 'scripts', name), args, { env: environment({ ...variables, ...more }) });

test('what cannot be served is refused in a sentence, before anything is made', async () => {
    for (const args of [['--help'], ['9090'], ['--check', 'x']]) {
        const done = await script('run', args);
        assert.equal(done.code, 2, done.stdout);
        assert.match(done.stderr, /^quire: scripts\/run takes no arguments, but there is `/);
    }
    for (const PORT of ['abc', '0', '65536', '1000000', '08x']) {
        const done = await script('run', ['--check'], { PORT });
        assert.equal(done.code, 1, done.stdout);
        assert.equal(done.stderr, `quire: PORT must be a number from 1 to 65535, not ${PORT}\n`);
    }
    assert.ok(!existsSync(dir));
    const none = await script('quire', ['doctor']);
    assert.deepEqual([none.code, none.stderr], [1, `quire: there is no site in ${dir}; make run makes one\n`]);
    const build = await run('make', ['-C', root, 'run', 'DEPS=false', 'PORT=abc'], { env: environment({ QUIRE_VAR: dir }) });
    assert.match(build.stderr, /^quire: PORT must be a number/);
    assert.ok(!existsSync(dir));
});

test('a site that runs: a second one is refused at once, and commands find it', { timeout: 120000 }, async () => {
    mkdirSync(dir);
    writeFileSync(join(dir, 'demo'), ''); // it is there already
    const site = start(join(root, 'scripts/run'), [], { env: environment(variables), log: join(folder(), 'run.log') });
    try {
        await until('the site', () => fetch(`http://127.0.0.1:${port}/health/ready`).then(({ ok }) => ok, () => false),
            { patience: 60000 });
        const second = await script('run', ['--check']);
        assert.equal(second.code, 1);
        assert.match(second.stderr, /^quire: a site is already running from .* \(http:\/\/127\.0\.0\.1:\d+, process \d+\)/);
        const elsewhere = await script('run', ['--check'], { QUIRE_VAR: join(folder(), 'other') });
        assert.match(elsewhere.stderr, /^quire: port \d+ on 127\.0\.0\.1 is taken/);
        for (const args of [['doctor'], ['migrate', 'status'], ['migrate', 'verify'], ['user', 'list'], ['audit']]) {
            const done = await script('quire', args);
            assert.equal(done.code, 0, `quire ${args.join(' ')}: ${done.stdout}${done.stderr}`);
        }
        assert.equal((await script('quire', ['user', 'grant'])).code, 2, 'the exit status is that of the command');
    } finally {
        assert.equal((await site.stop('SIGTERM')).code, 0);
    }
});

test('what is installed can be read by everybody, whatever the umask, and goes again', { skip: !existsSync(join(root, 'build/quire')) }, async () => {
    const at = join(folder(), 'installed');
    // As it was built: nothing is made anew here.
    const make = (target) => run('sh', ['-c', `umask 077; exec make -C "$0" -o all -o assets ${target} DESTDIR="$1"`, root, at],
        { env: environment({ MAKEFLAGS: '' }) });
    const installed = await make('install');
    assert.equal(installed.code, 0, installed.stderr);
    const all = readdirSync(at, { recursive: true }).map((name) => join(at, name));
    const files = all.filter((name) => statSync(name).isFile());
    assert.ok(files.length > 100);
    assert.deepEqual(all.filter((name) => name.startsWith(join(at, 'usr/local')) && !statSync(name).isFile()
        && (statSync(name).mode & 0o005) !== 0o005), []);
    assert.deepEqual(files.filter((name) => (statSync(name).mode & 0o022) !== 0 || (statSync(name).mode & 0o004) === 0), []);
    const gone = await make('uninstall');
    assert.equal(gone.code, 0, gone.stderr);
    assert.deepEqual(readdirSync(at, { recursive: true }).filter((name) => statSync(join(at, name)).isFile()), []);
});

// `quire doctor` and `quire check-config`: every check finds its problem when that is caused for real.
import assert from 'node:assert/strict';
import net from 'node:net';
import { chmodSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { environment, root, run } from './lib/processes.mjs';
import { startServer } from './lib/mariadb.mjs';
import { quireBin, startSite } from './lib/site.mjs';
import { test } from './lib/test.mjs';

const server = await startServer(); // one whose variables can be spoilt
const site = await startSite({ settings: { WORKERS: 2 }, server });
await site.query(`ALTER DATABASE ${site.database.name} CHARACTER SET utf8mb4`);
const CHECKS = ['settings', 'keys', 'secret-files', 'mail', 'database', 'charset', 'connections', 'statements',
    'idle-timeout', 'schema', 'clock', 'media-dir', 'mail-dir', 'log-file', 'disk', 'open-files', 'backlog', 'pool', 'work'];

/** What doctor says of one check, and of the whole. Options: env, args, files, wrap (a command line before ours). */
async function doctor(name, { env = {}, args = [], wrap = [] } = {}) {
    const all = { ...site.settings, ...env };
    const command = [...wrap, quireBin, 'doctor', '--json', ...args];
    const done = await run(command[0], command.slice(1), { cwd: site.dir, env: environment(all) });
    const report = JSON.parse(done.stdout);
    assert.deepEqual(report.checks.map((check) => check.check), CHECKS);
    assert.equal(report.problems, report.checks.filter((check) => check.result === 'problem').length);
    assert.equal(done.code, report.problems > 0 ? 1 : 0, done.stdout + done.stderr);
    for (const secret of [site.secret, site.database.password]) {
        assert.ok(!done.stdout.includes(secret) && !done.stderr.includes(secret), 'a secret shows');
    }
    return report.checks.find((check) => check.check === name);
}

function assertFinding(finding, result, pattern) {
    assert.equal(finding.result, result, JSON.stringify(finding));
    assert.match(finding.sentence, pattern);
    assert.equal(finding.advice === '', ['ok', 'skipped'].includes(result), JSON.stringify(finding));
}

test('all is well with a site that runs', async () => {
    const done = await site.quire(['doctor']);
    assert.equal(done.code, 0, done.stdout);
    const lines = done.stdout.trimEnd().split('\n');
    assert.equal(lines.pop(), 'problems: 0, warnings: 0');
    assert.deepEqual(lines.map((line) => line.replace(/^ok {7}([a-z-]+): \S.*$/, '$1')), CHECKS);
});

test('settings: all mistakes, and what needs them is skipped', async () => {
    const env = { WORKERS: 'many', LOG_LEVEL: 'loud' };
    const finding = await doctor('settings', { env });
    assertFinding(finding, 'problem', /^WORKERS \(environment\): .*\n.*LOG_LEVEL \(environment\): |^LOG_LEVEL.*\n.*WORKERS/s);
    assertFinding(await doctor('schema', { env }), 'skipped', /settings/);
});

test('keys: a secret that nobody has chosen, a private key that others can read', async () => {
    for (const SECRET_KEY of ['x'.repeat(40), 'change-me-to-32-or-more-random-bytes']) {
        const found = await doctor('keys', { env: { SECRET_KEY } });
        assertFinding(found, 'warning', /secret/);
        assert.doesNotMatch(found.sentence, /openssl/, 'that is the advice, and said there');
    }
    const pem = join(site.dir, 'jwt.pem');
    await run('openssl', ['ecparam', '-name', 'prime256v1', '-genkey', '-noout', '-out', pem]);
    chmodSync(pem, 0o644);
    const env = { ALGORITHM: 'ES256', JWT_PRIVATE_KEY_FILE: pem };
    assertFinding(await doctor('keys', { env }), 'problem', /JWT_PRIVATE_KEY_FILE/);
    chmodSync(pem, 0o600);
    assertFinding(await doctor('keys', { env }), 'ok', /ES256/);
});

test('secret-files: settings that everybody can read', async () => {
    const file = join(site.dir, '.env');
    writeFileSync(file, 'LOG_LEVEL=info\n', { mode: 0o644 });
    assertFinding(await doctor('secret-files'), 'problem', /\.env.*0644/);
    chmodSync(file, 0o640);
    assertFinding(await doctor('secret-files'), 'ok', /./);
    rmSync(file);
    const conf = join(site.dir, 'quire.conf');
    writeFileSync(conf, '', { mode: 0o600 });
    writeFileSync(join(site.dir, 'web.conf'), 'LOG_LEVEL=info\n', { mode: 0o666 });
    chmodSync(join(site.dir, 'web.conf'), 0o666);
    const env = { QUIRE_CONF: conf, POOL_NAME: 'web' };
    assertFinding(await doctor('secret-files', { env }), 'problem', /web\.conf/);
    assertFinding(await doctor('secret-files', { env: { QUIRE_CONF: conf } }), 'ok', /./);
});

test('mail: no words, no server in production, links that lead nowhere', async () => {
    assertFinding(await doctor('mail', { env: { MAIL_TEMPLATES: join(site.dir, 'nowhere') } }), 'problem', /verify\.txt/);
    assertFinding(await doctor('mail', { env: { APP_ENV: 'production' } }), 'warning', /no mail is sent/);
    const env = { SMTP_URL: 'smtp://mail.example.com:587', MAIL_FROM: 'quire@example.com' };
    assertFinding(await doctor('mail', { env }), 'warning', /127\.0\.0\.1/);
    assertFinding(await doctor('mail', { env: { ...env, SITE_URL: 'https://example.com' } }), 'ok', /mail\.example\.com/);
});

test('database: nobody there, a wrong password; what needs it is skipped', async () => {
    assertFinding(await doctor('database', { env: { DB_SOCKET: join(site.dir, 'nobody') } }), 'problem', /connect/);
    assertFinding(await doctor('database', { env: { DB_PASSWORD: 'wrong' } }), 'problem', /1045/);
    assertFinding(await doctor('clock', { env: { DB_PASSWORD: 'wrong' } }), 'skipped', /database/);
});

for (const [name, sql, back, result, pattern] of [
    ['charset', (name) => `ALTER DATABASE ${name} CHARACTER SET latin1`,
        (name) => `ALTER DATABASE ${name} CHARACTER SET utf8mb4`, 'warning', /latin1/],
    ['connections', () => 'SET GLOBAL max_connections = 10', () => 'SET GLOBAL max_connections = 200', 'problem', / 10 conn/],
    ['statements', () => 'SET GLOBAL max_prepared_stmt_count = 100', () => 'SET GLOBAL max_prepared_stmt_count = 16382',
        'warning', / 100 prepared/],
    ['idle-timeout', () => 'SET GLOBAL wait_timeout = 5', () => 'SET GLOBAL wait_timeout = 28800', 'warning', / 5 idle/],
    ['schema', () => "INSERT INTO quire_migrations (revision, name, checksum, state, started_at) VALUES ('9999', "
        + "'9999_later', REPEAT('0', 64), 'applied', NOW(6))", () => "DELETE FROM quire_migrations WHERE revision = '9999'",
        'problem', /9999_later/],
    ['clock', () => "SET GLOBAL init_connect = 'SET timestamp = UNIX_TIMESTAMP() + 10'", () => "SET GLOBAL init_connect = ''",
        'warning', /\+(9|10)\.\d s/],
    ['clock', () => "SET GLOBAL init_connect = 'SET timestamp = UNIX_TIMESTAMP() - 3600'",
        () => "SET GLOBAL init_connect = ''", 'problem', /-3[56]\d\d\.\d s/],
    ['work', () => "INSERT INTO mails (address, purpose, seed, due_at) VALUES ('a@example.com', 0, REPEAT('x', 16), UTC_TIMESTAMP(6) - INTERVAL 90 SECOND)",
        () => 'DELETE FROM mails', 'problem', / 1 mails/],
]) {
    test(`${name}: ${pattern}`, async () => {
        const more = name === 'connections' ? { env: { WORKERS: 8 } } : {};
        await site.query(sql(site.database.name));
        try {
            assertFinding(await doctor(name, more), result, pattern);
        } finally {
            await site.query(back(site.database.name));
        }
        assertFinding(await doctor(name, more), 'ok', /./);
    });
}

test('a site of four pools wants the connections of all', async () => {
    const conf = join(site.dir, 'four.conf');
    const lines = Object.entries(site.settings).map(([name, value]) => `${name}='${String(value).replace(/[\\']/g, '\\$&')}'`);
    writeFileSync(conf, `${lines.join('\n')}\n`, { mode: 0o600 });
    writeFileSync(join(site.dir, 'long.conf'), 'WORKERS=32\n', { mode: 0o600 });
    writeFileSync(join(site.dir, 'read.conf'), 'WORKERS=5\n', { mode: 0o600 });
    const finding = await doctor('connections', { env: { QUIRE_CONF: conf } });
    assertFinding(finding, 'ok', new RegExp(`want ${2 + 5 + 2 + 32 + 4 + 1}$`));
});

test('folders and the log: no folder, or one that nobody can write to', async () => {
    const file = join(site.dir, 'file');
    writeFileSync(file, '');
    assertFinding(await doctor('media-dir', { env: { MEDIA_DIR: file } }), 'problem', /is no folder/);
    assertFinding(await doctor('media-dir', { env: { MEDIA_DIR: join(file, 'x') } }), 'problem', /is no folder/);
    assertFinding(await doctor('mail-dir', { env: { MAIL_DIR: file } }), 'problem', /is no folder/);
    const open = join(site.dir, 'openmail');
    mkdirSync(open);
    chmodSync(open, 0o755);
    assertFinding(await doctor('mail-dir', { env: { MAIL_DIR: open } }), 'warning', /others can read/);
    assertFinding(await doctor('log-file', { env: { LOG_FILE: site.dir } }), 'problem', /cannot be written/);
    assertFinding(await doctor('log-file', { env: { LOG_FILE: join(file, 'x.log') } }), 'problem', /is no folder/);
    assertFinding(await doctor('log-file', { env: { LOG_FILE: join(site.dir, 'x.log') } }), 'ok', /can be written/);
    assertFinding(await doctor('log-file', { env: { LOG_FILE: join(site.dir, 'logs/x.log') } }), 'problem', /logs, is not there/);
});

// A small file system, a short queue, a folder that is not ours: in name spaces of our own, where anybody may make them.
const alone = ['unshare', '--user', '--map-root-user', '--mount', '--net', 'sh', '-ec'];

test('disk: a file system that is nearly full; a folder that is read-only', async () => {
    const dir = join(site.dir, 'small');
    mkdirSync(dir);
    const env = { MEDIA_DIR: dir };
    const small = (size) => [...alone, `mount -t tmpfs -o size=${size} none ${dir}; exec "$@"`, 'sh'];
    assertFinding(await doctor('disk', { env, wrap: small('8m') }), 'problem', /^[78] MiB/);
    assertFinding(await doctor('disk', { env, wrap: small('64m') }), 'warning', /^6[34] MiB/);
    const frozen = [...alone, `mount -t tmpfs -o ro none ${dir}; exec "$@"`, 'sh'];
    assertFinding(await doctor('media-dir', { env, wrap: frozen }), 'problem', /cannot be written to/);
});

test('backlog and open-files: less than a pool needs', async () => {
    const short = [...alone, 'echo 128 >/proc/sys/net/core/somaxconn; exec "$@"', 'sh'];
    assertFinding(await doctor('backlog', { wrap: short }), 'warning', /^128 /);
    assertFinding(await doctor('open-files', { wrap: ['sh', '-c', 'ulimit -n 256; exec "$@"', 'sh'] }), 'warning', / 256 files/);
});

test('pool: not running, silent, no FastCGI, open to everybody; several sockets', async () => {
    const [nobody, silent, strange] = ['nobody.sock', 'silent.sock', 'strange.sock'].map((name) => join(site.dir, name));
    assertFinding(await doctor('pool', { env: { LISTEN: `unix:${nobody}` } }), 'warning', /does not run/);
    const listen = (path, answer) => new Promise((resolve) => {
        const peer = net.createServer({ allowHalfOpen: true }, (socket) => {
            socket.on('error', () => {});
            answer(socket);
        });
        peer.listen(path, () => resolve(peer));
    });
    const peers = [await listen(silent, () => {}), await listen(strange, (socket) => socket.end('HTTP/1.1 200 OK\r\n\r\n'))];
    try {
        assertFinding(await doctor('pool', { args: ['--socket', silent] }), 'problem', /does not answer/);
        assertFinding(await doctor('pool', { args: ['--socket', strange] }), 'problem', /not FastCGI/);
        const args = ['--socket', site.socket, '--socket', strange];
        assertFinding(await doctor('pool', { args }), 'problem', /not FastCGI/);
    } finally {
        peers.forEach((peer) => peer.close());
    }
    assertFinding(await doctor('pool', { args: ['--socket', site.socket, '--socket', `unix:${site.socket}`] }), 'ok', /; /);
    chmodSync(site.socket, 0o666);
    assertFinding(await doctor('pool'), 'problem', /everybody/);
    chmodSync(site.socket, 0o660);
});

test('check-config says every mistake with its place', async () => {
    const conf = join(site.dir, 'bad.conf');
    writeFileSync(conf, 'SECRET_KEY=short\nWORKRES=3\nthis is no line\nLOG_LEVEL=loud\n', { mode: 0o600 });
    const done = await run(quireBin, ['check-config'], { cwd: root, env: environment({ QUIRE_CONF: conf, DB_PORT: 'x' }) });
    assert.deepEqual([done.code, done.stdout], [1, '']);
    for (const line of [`SECRET_KEY (${conf}:1): `, `WORKRES (${conf}:2): there is no such setting; is WORKERS meant?`,
        `${conf}:3: `, `LOG_LEVEL (${conf}:4): `, 'DB_PORT (environment): ']) {
        assert.ok(done.stderr.includes(line), `${line}\n${done.stderr}`);
    }
    assert.ok(!done.stderr.includes('short'), 'the secret shows');
    const elsewhere = await site.quire(['check-config'], { env: { LOG_FILE: '/no/such/folder/quire.log' } });
    assert.deepEqual([elsewhere.code, elsewhere.stdout], [1, '']);
    assert.match(elsewhere.stderr, /^quire: the folder of LOG_FILE, \/no\/such\/folder, is not there\n$/);
    const good = await site.quire(['check-config']);
    assert.deepEqual([good.code, good.stdout, good.stderr], [0, 'the settings are right\n', '']);
});

test('commands leave LOG_FILE alone, for they may be given by another user than the pools', async () => {
    const LOG_FILE = join(site.dir, 'of-the-pools.log');
    for (const args of [['check-config'], ['doctor'], ['migrate', 'current'], ['openapi']]) {
        const done = await site.quire(args, { env: { LOG_FILE } });
        assert.equal(done.code, 0, `${args[0]}: ${done.stdout}${done.stderr}`);
        assert.ok(!existsSync(LOG_FILE), `${args[0]} has made it`);
    }
    // Nor do they want it to be writable: a unit that migrates sees no folder of logs that it may write to.
    const done = await site.quire(['migrate', 'up'], { env: { LOG_FILE: '/proc/no-such-folder/quire.log' } });
    assert.equal(done.code, 0, done.stderr);
});

for (const args of [['doctor', '--all'], ['doctor', '--socket'], ['check-config', 'x']]) {
    test(`${args.join(' ')} is wrong usage`, async () => {
        const done = await site.quire(args);
        assert.deepEqual([done.code, done.stdout], [2, '']);
        assert.match(done.stderr, /^quire: .+\nTry `quire [a-z-]+ --help`\.\n$/);
    });
}

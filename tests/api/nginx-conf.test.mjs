// scripts/nginx-conf: what it refuses, and the site that it makes by TLS.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import http2 from 'node:http2';
import https from 'node:https';
import { join } from 'node:path';
import { freePort, startNginx } from './lib/nginx.mjs';
import { environment, folder, mustRun, root, run } from './lib/processes.mjs';
import { quireBin, startSite } from './lib/site.mjs';
import { test } from './lib/test.mjs';

const needed = { QUIRE_SOCKET: '/run/quire/web.sock', QUIRE_WEB_ROOT: '/srv/web', QUIRE_RUN_DIR: '/srv/run' };
const fill = (settings) => run(join(root, 'scripts/nginx-conf'), [], { env: environment({ ...needed, ...settings }) });

let files = 0;

/** A file of settings, as the pools of a machine share it. */
function quireConf(settings) {
    const file = join(folder(), `quire${++files}.conf`);
    const lines = Object.entries({ SECRET_KEY: randomBytes(32).toString('hex'), ...settings }).map(([name, value]) => `${name}="${value}"\n`);
    writeFileSync(file, lines.join(''), { mode: 0o600 });
    return file;
}

test('mistakes are said, all of them, and nothing is printed', async () => {
    const done = await fill({ MAX_BODY_BYTES: '1m', WORKER_TIMEOUT: '08', AVATAR_MAX_BYTES: '9'.repeat(9), QUIRE_HSTS: 'yes',
        QUIRE_CERTIFICATE: 'cert.pem', QUIRE_REDIRECT_LISTEN: '80; include /etc/passwd', QUIRE_WEB_ROOT: 'web' });
    assert.equal(done.code, 2);
    assert.equal(done.stdout, '');
    assert.deepEqual(done.stderr.trim().split('\n'), [
        'nginx-conf: QUIRE_WEB_ROOT must be an absolute path, not web',
        'nginx-conf: QUIRE_CERTIFICATE must be an absolute path, not cert.pem',
        'nginx-conf: QUIRE_REDIRECT_LISTEN holds a character that nginx.conf cannot hold: 80; include /etc/passwd',
        'nginx-conf: QUIRE_CERTIFICATE and QUIRE_CERTIFICATE_KEY must be given together',
        `nginx-conf: AVATAR_MAX_BYTES must be a number of bytes, not ${'9'.repeat(9)}`,
        'nginx-conf: MAX_BODY_BYTES must be a number of bytes, not 1m',
        'nginx-conf: WORKER_TIMEOUT must be a number of seconds, not 08',
        'nginx-conf: QUIRE_HSTS must be on or off, not yes',
    ]);
    assert.match((await fill({ QUIRE_REDIRECT_LISTEN: '80' })).stderr, /leads to https, which needs QUIRE_CERTIFICATE/);
});

test('nginx is more patient than the pool, and takes bodies as large as the pool does', async () => {
    for (const [WORKER_TIMEOUT, patience] of [['60', '65s'], ['600', '605s'], ['0', '3605s']]) {
        assert.match((await fill({ WORKER_TIMEOUT })).stdout, new RegExp(`fastcgi_read_timeout ${patience};`));
    }
    const MAX_BODY_BYTES = 3 << 20;
    const site = await startSite({ settings: { WORKERS: 1, MAX_BODY_BYTES }, nginx: { MAX_BODY_BYTES } });
    const ada = await site.signUp();
    assert.equal((await site.post('/posts', { title: 't', content: 'c', more: 'x'.repeat(2 << 20) }, ada)).status, 201);
    assert.equal((await site.post('/posts', { title: 't', content: 'x'.repeat(3 << 20) }, ada)).status, 413);
});

test('the benchmark finds in it what it changes for other stacks', async () => {
    const { stdout } = await fill({});
    await mustRun('python3', ['-B', '-c', `
import sys
sys.path.insert(0, 'tests/bench')
import rivals
text = sys.stdin.read()
for kind in rivals.RIVALS.values():
    rival = kind.__new__(kind)
    rival.socket = 'one.sock'
    assert rival.changed()(text) != text`], { cwd: root, input: stdout });
});

test('what nginx must know of the pools is read from their settings, as they read them', async () => {
    const theirs = { CORS_ORIGINS: 'https://one.example.com, https://two.example.com', CORS_CREDENTIALS: 'No', MAX_BODY_BYTES: '3000000',
        AVATAR_MAX_BYTES: '4000000', WORKER_TIMEOUT: '120' };
    const asked = { QUIRE_PROGRAM: quireBin, QUIRE_CONF: quireConf(theirs) };
    const read = await fill(asked);
    assert.deepEqual(read, await fill(theirs));
    for (const line of ['"https://two.example.com" "https://two.example.com";', 'client_max_body_size 3000000;',
        'client_max_body_size 4065536;', 'fastcgi_read_timeout 125s;']) {
        assert.ok(read.stdout.includes(line), line);
    }
    // The environment wins, as it does in a pool; what nobody says is the program's own default.
    assert.deepEqual(await fill({ ...asked, WORKER_TIMEOUT: '600' }), await fill({ ...theirs, WORKER_TIMEOUT: '600' }));
    assert.deepEqual(await fill({ QUIRE_PROGRAM: quireBin, QUIRE_CONF: quireConf({}) }), await fill({}));
    for (const CORS_CREDENTIALS of ['YES', 't', 'On', '1', 'y', 'TRUE']) {
        assert.deepEqual(await fill({ QUIRE_PROGRAM: quireBin, QUIRE_CONF: quireConf({ CORS_CREDENTIALS }) }), await fill({}));
    }

    const wrong = await fill({ QUIRE_PROGRAM: quireBin, QUIRE_CONF: quireConf({ WORKER_TIMEOUT: 'soon' }) });
    assert.deepEqual([wrong.code, wrong.stdout], [2, '']);
    assert.match(wrong.stderr, /WORKER_TIMEOUT .*soon[^]*nginx-conf: the settings of the pools cannot be read: .*quire config has failed\n$/);
    assert.equal((await fill({ QUIRE_PROGRAM: '/nowhere/quire' })).code, 2);
});

test('an upload whose pool is away is told so, however large it is', async () => {
    const dir = join(folder(), 'alone');
    mkdirSync(dir);
    const front = await startNginx({ dir, socket: join(dir, 'none.sock'), webRoot: join(root, 'app/web') });
    try {
        for (const [accept, type] of [['*/*', 'application/json'], ['application/problem+json', 'application/problem+json']]) {
            const answer = await fetch(`http://127.0.0.1:${front.port}/api/v1/users/me/avatar`, { method: 'PUT',
                headers: { accept, 'content-type': 'multipart/form-data; boundary=x' }, body: 'x'.repeat(2 << 20) });
            assert.equal(answer.status, 503);
            assert.equal(answer.headers.get('content-type').split(';')[0], type);
            assert.match((await answer.json()).detail, /not available/);
        }
    } finally {
        await front.stop();
    }
});

test('conf/nginx.env is what a machine with the units wants', async () => {
    const env = environment({ BIN: quireBin, CONF: quireConf({ WORKER_TIMEOUT: 77 }) });
    const script = `set -a; . "${join(root, 'conf/nginx.env')}"; [ "$QUIRE_PROGRAM $QUIRE_CONF" = "/usr/local/bin/quire /etc/quire/quire.conf" ]
        QUIRE_PROGRAM=$BIN QUIRE_CONF=$CONF "${join(root, 'scripts/nginx-conf')}"`;
    const text = await mustRun('sh', ['-ec', script], { env });
    for (const line of ['fastcgi_cache_path "/run/quire-nginx/cache"', 'listen [::]:443 ssl http2;', 'listen [::]:80;', 'server "unix:/run/quire/read.sock.4" max_fails=0;',
        'error_log "/var/log/quire-nginx/nginx-error.log" warn;', 'fastcgi_read_timeout 82s;', 'return 301 https://$host$request_uri;']) {
        assert.ok(text.includes(line), line);
    }
    assert.doesNotMatch(text, /^[^#]*\$\{/m);
});

test('by TLS: HTTP/2, one list of headers more, and plain http is sent on', async () => {
    const site = await startSite({ settings: { WORKERS: 1 } });
    const dir = join(folder(), 'tls');
    const [key, cert] = ['key.pem', 'cert.pem'].map((name) => join(dir, name));
    mkdirSync(dir);
    await mustRun('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2',
        '-subj', '/CN=localhost', '-keyout', key, '-out', cert]);
    const plain = await freePort();
    const front = await startNginx({ dir, socket: site.socket, webRoot: join(root, 'app/web'), settings: {
        QUIRE_CERTIFICATE: cert, QUIRE_CERTIFICATE_KEY: key, QUIRE_REDIRECT_LISTEN: `127.0.0.1:${plain}`, QUIRE_HSTS: 'on',
        QUIRE_SERVER_NAME: 'localhost example.com' } });
    try {
        const ask = (path, options = {}) => new Promise((resolve, reject) => {
            https.get({ port: front.port, path, rejectUnauthorized: false, ...options }, (answer) => {
                answer.resume().on('end', () => resolve({ status: answer.statusCode, headers: answer.headers,
                    protocol: answer.socket.getProtocol?.() }));
            }).on('error', reject);
        });
        for (const path of ['/', '/api/v1/posts', '/api/v1/posts/1', '/style.css', '/nowhere']) {
            const { headers } = await ask(path, { agent: false });
            assert.equal(headers['strict-transport-security'], 'max-age=63072000', path);
            assert.ok(headers['x-request-id'], path);
        }
        await assert.rejects(ask('/', { maxVersion: 'TLSv1.1', minVersion: 'TLSv1', agent: false }));
        await assert.rejects(ask('/', { maxVersion: 'TLSv1.2', ciphers: 'AES128-SHA', agent: false }));

        const session = http2.connect(`https://127.0.0.1:${front.port}`, { rejectUnauthorized: false });
        const status = await new Promise((resolve, reject) => {
            session.on('error', reject);
            const request = session.request({ ':path': '/api/v1/posts?limit=1', ':authority': 'example.com' });
            request.on('response', (headers) => resolve(headers[':status'])).on('error', reject).resume().end();
        });
        session.close();
        assert.equal(status, 200);

        const sent = await fetch(`http://127.0.0.1:${plain}/posts/1?x=1`, { redirect: 'manual', headers: { host: 'ignored' } });
        assert.equal(sent.status, 301);
        assert.equal(sent.headers.get('location'), 'https://127.0.0.1/posts/1?x=1');
        const challenges = join(dir, 'nginx/acme/.well-known/acme-challenge');
        mkdirSync(challenges, { recursive: true });
        writeFileSync(join(challenges, 'token'), 'proof');
        assert.equal(await (await fetch(`http://127.0.0.1:${plain}/.well-known/acme-challenge/token`)).text(), 'proof');
        assert.equal((await ask('/.well-known/acme-challenge/token', { agent: false })).status, 200);
        assert.equal((await ask('/.well-known/acme-challenge/none', { agent: false })).status, 404);
        const mistaken = await fetch(`http://127.0.0.1:${front.port}/`);
        assert.deepEqual([mistaken.status, await mistaken.json()], [400, { detail: 'Bad Request' }]);
    } finally {
        await front.stop();
    }
});

// Bulkheads: the same program as several pools behind nginx. Which of them is asked follows from the route, by what
// `quire routes` says; what happens to one of them is not felt by the others.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { assertError } from './lib/contract.mjs';
import { Log } from './lib/logs.mjs';
import { workersOf, until } from './lib/processes.mjs';
import { startSite } from './lib/site.mjs';
import { test } from './lib/test.mjs';

// `work` brings the pool for requests that wait; nothing here lets it compose.
const site = await startSite({ work: true, login: { WORKERS: 2 }, long: { WORKERS: 2 }, read: { WORKERS: 2 } });
await until('the pools serve', () => ['login.log', 'long.log', 'read.log'].every((name) => /"message":"serving"/.test(logOf(name))));

function logOf(name) {
    return readFileSync(join(site.dir, name), 'utf8');
}

/** Which pool has logged a request. */
function poolOfRequest(id) {
    const pools = { web: 'quire.log', login: 'login.log', long: 'long.log', read: 'read.log' };
    return until(`${id} is in a log`, () => Object.keys(pools).find((name) => logOf(pools[name]).includes(id)));
}

const routes = (await site.mustQuire(['routes'])).trimEnd().split('\n').map((line) => line.split(/ +/))
    .map(([method, path, access, pool]) => ({ method, path: path.replace(/^\/api\/v1/, '') || '/', access, pool,
        bare: !path.startsWith('/api/') }));

test('nginx asks the pool that the route names, for every route, with and without a slash at the end', async () => {
    assert.deepEqual([...new Set(routes.map(({ pool }) => pool))].sort(), ['login', 'long', 'read', 'web']);
    for (const { method, path, pool, bare } of routes) {
        for (const end of ['', '/']) {
            const target = (bare ? '/' : '') + path.replace(/\{\w+\}/g, '1') + end;
            const body = method === 'GET' || method === 'DELETE' ? {} : { body: '{' };
            const answer = await site.request(method, target, body);
            assert.equal(await poolOfRequest(answer.headers['x-request-id']), pool, `${method} ${target}`);
        }
    }
});

test('what is spelt otherwise reaches the same pool, or is no route', async () => {
    for (const path of ['/auth/log%69n', '/%6cogin', '/users%2F', '/auth/../auth/login', '/auth%2flogin', '/LOGIN',
        '//login', '/./login', '/login?x=1', '/login/?a=/posts', '/login;a=1', '/login%00']) {
        const raw = await site.client.bytes(`POST /api/v1${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n` +
            'Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{}');
        const status = Number(/^HTTP\/1\.1 (\d+)/.exec(raw)?.[1]);
        assert.ok([400, 404, 415, 422].includes(status), `${path}: ${raw}`);
        if (status === 415 || status === 422) {
            const id = /\r\nX-Request-ID: (\S+)\r\n/.exec(raw)[1];
            assert.equal(await poolOfRequest(id), 'login', path);
        }
    }
});

test('no password is hashed outside of its pool: people come, log in, change and leave', async () => {
    const before = logOf('quire.log').length;
    const ofPasswords = routes.filter(({ pool }) => pool === 'login').map(({ method, path }) => `${method} ${path}`);
    const ada = await site.signUp();
    const next = site.password();
    const change = { current_password: ada.password, new_password: next };
    assert.equal((await site.put('/users/me/password', change, ada)).status, 204);
    const again = await site.login({ ...ada, password: next });
    const form = await site.post('/login', undefined, { form: { username: ada.username, password: next } });
    assert.equal(form.status, 200, form.raw);
    site.keep(form.json.access_token);
    site.keep(form.json.refresh_token);
    const left = await site.request('DELETE', '/users/me', { json: { current_password: next }, token: again.token });
    assert.equal(left.status, 204, left.raw);
    // A line of an earlier test may be late; one of these says that the pool for reads and writes had a part in it.
    const lines = logOf('quire.log').slice(before).split('\n').filter(Boolean).map((line) => JSON.parse(line));
    assert.deepEqual(lines.filter(({ method, route }) => ofPasswords.includes(`${method} ${route}`)), []);
});

test('a pool that is dead is 503 for its own requests alone', async () => {
    const ada = await site.signUp();
    assert.equal((await site.loginPool.stop('SIGTERM')).code, 0);
    for (const [method, path, body] of [['POST', '/auth/login', { email: 'a@example.com', password: 'x' }],
        ['PUT', '/users/me/password', {}], ['DELETE', '/users/me', {}]]) {
        assertError(await site.request(method, path, { json: body, token: ada.token }), 503, 'service_unavailable');
    }
    assert.equal((await site.get('/posts')).status, 200);
    assert.equal((await site.get('/users/me', ada)).status, 200);
    await site.createPost(ada);
    assert.equal((await site.post('/auth/refresh', { refresh_token: ada.refresh })).status, 200);
});

test('log-ins that take all the workers of their pool leave the readers alone', async () => {
    // The one worker is stopped in the middle, so that log-ins wait as long as it takes, whatever the machine does.
    const other = await startSite({ login: { WORKERS: 1 } });
    const ada = await other.signUp();
    const worker = await until('a worker', () => workersOf(other.loginPool.pid)[0]);
    process.kill(worker, 'SIGSTOP');
    try {
        const waiting = Array.from({ length: 20 }, () => other.post('/auth/login', { email: ada.email,
            password: ada.password }));
        const slow = 'still nobody';
        for (let i = 0; i < 50; i++) {
            assert.equal((await other.get('/posts')).status, 200);
            await other.createPost(ada);
        }
        assert.equal(await Promise.race([...waiting, Promise.resolve(slow)]), slow);
        process.kill(worker, 'SIGCONT');
        for (const answer of await Promise.all(waiting)) {
            assert.equal(answer.status, 200, answer.raw);
            other.keep(answer.json.access_token);
            other.keep(answer.json.refresh_token);
        }
    } finally {
        process.kill(worker, 'SIGCONT');
    }
});

test('who has given up is not waited for by those who come after', async () => {
    const other = await startSite({ login: { WORKERS: 1, BCRYPT_COST: 10 } });
    const ada = await other.signUp();
    const body = JSON.stringify({ email: ada.email, password: ada.password });
    const worker = await until('a worker', () => workersOf(other.loginPool.pid)[0]);
    const connected = () => readFileSync('/proc/net/unix', 'utf8').split(other.loginSocket).length - 1;
    process.kill(worker, 'SIGSTOP');
    try {
        const before = connected();
        const leaving = Array.from({ length: 40 }, () => {
            const socket = connect(other.front.port, '127.0.0.1');
            socket.on('error', () => {});
            socket.write(`POST /api/v1/auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n` +
                `Content-Length: ${body.length}\r\n\r\n${body}`);
            return socket;
        });
        await until('nginx has handed them on, to wait for the worker', () => connected() >= before + 39);
        leaving.forEach((socket) => socket.destroy());
        const nginx = new Log(other.front.accessLog);
        await until('nginx has noticed', () => nginx.lines().filter(({ status }) => status === 499).length === 40);
    } finally {
        process.kill(worker, 'SIGCONT');
    }
    await other.login(ada);
    const lines = readFileSync(join(other.dir, 'login.log'), 'utf8').split('\n').filter((line) => line.includes('"/auth/login"'))
        .map((line) => JSON.parse(line));
    const left = lines.filter(({ cause }) => /client has gone/.test(cause ?? ''));
    assert.ok(left.length >= 35, `${left.length} of ${lines.length}`); // the first may have been read already
    assert.ok(left.every(({ status, statements }) => status === 400 && statements === 0), JSON.stringify(left[0]));
});

// The log: one JSON object a line, one line a request, and what is in it.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { assertTime } from './lib/shapes.mjs';
import { Log, loggedByNginx } from './lib/logs.mjs';
import { startSite } from './lib/site.mjs';
import { sleep } from './lib/processes.mjs';
import { test } from './lib/test.mjs';

const site = await startSite();
const ada = await site.signUp();
const post = await site.createPost(ada);

async function lineOf(answer) {
    return site.log.ofRequest(answer.headers['x-request-id']);
}

for (const [method, path, options, expected] of [
    ['GET', '/posts?search=canary', {}, { method: 'GET', route: '/posts', status: 200, user_id: null }],
    ['GET', `/posts/${post.id}`, { token: ada.token }, { method: 'GET', route: '/posts/{id}', status: 200,
        user_id: ada.id }],
    ['HEAD', `/posts/${post.id}/`, {}, { method: 'HEAD', route: '/posts/{id}', status: 200, user_id: null }],
    ['POST', '/posts', { token: ada.token, json: {} }, { method: 'POST', route: '/posts', status: 422,
        user_id: ada.id }],
    ['GET', '/posts/2147480000', {}, { method: 'GET', route: '/posts/{id}', status: 404, user_id: null }],
    ['GET', '/users/me', {}, { method: 'GET', route: '/users/me', status: 401, user_id: null }],
    ['GET', '/users/me', { token: 'a.b.c' }, { method: 'GET', route: '/users/me', status: 401, user_id: null }],
    ['PUT', `/posts/${post.id}/vote`, { token: ada.token, json: { vote_type: 'upvote' } },
        { method: 'PUT', route: '/posts/{id}/vote', status: 201, user_id: ada.id }],
    ['GET', '/no/such/canary', {}, { method: 'GET', route: null, status: 404, user_id: null }],
    ['OPTIONS', '/posts', {}, { method: 'OPTIONS', status: 204, user_id: null }],
    ['GET', '//health/live', {}, { method: 'GET', route: '/health/live', status: 200, statements: 0 }],
]) {
    test(`${method} ${path.replace(/\d+/g, 'N')} writes one line`, async () => {
        const answer = await site.request(method, path, options);
        const line = await lineOf(answer);
        assertTime(line.time);
        assert.ok(Math.abs(Date.parse(line.time) - Date.now()) < 60000);
        assert.ok(['debug', 'info', 'warn', 'error'].includes(line.level));
        assert.equal(typeof line.ms, 'number');
        assert.ok(line.ms >= 0 && line.ms < 60000);
        assert.ok(Number.isSafeInteger(line.statements) && line.statements >= 0);
        for (const [name, value] of Object.entries(expected)) {
            const found = name === 'route' && value !== null ? String(line.route).replace('/api/v1', '') : line[name];
            assert.equal(found, value, `${name} in ${JSON.stringify(line)}`);
        }
        await sleep(50);
        // One that was slow has a second line, with a message.
        const written = site.log.lines().filter(({ request_id: id, message }) => id === line.request_id && message === undefined);
        assert.equal(written.length, 1);
        assert.ok(!JSON.stringify(line).includes('canary'), 'what was asked for is no business of the log');
    });
}

test('an error says in the log what it was', async () => {
    const line = await lineOf(await site.get('/posts/2147480000'));
    assert.match(JSON.stringify(line), /not_found/);
});

test('every line of the log is JSON with a time and a level', () => {
    const lines = site.log.lines();
    assert.ok(lines.length > 10);
    for (const line of lines) {
        assertTime(line.time);
        assert.ok(['debug', 'info', 'warn', 'error'].includes(line.level), JSON.stringify(line));
    }
});

test('lines of parallel requests do not mix', async () => {
    const answers = await Promise.all(Array.from({ length: 200 },
        (_, i) => site.get(`/posts?search=${'x'.repeat(i * 5)}`, i % 2 ? ada : undefined)));
    const lines = await Promise.all(answers.map(lineOf));
    assert.equal(new Set(lines.map(({ request_id: id }) => id)).size, 200);
});

test('the number of statements is that of the work done', async () => {
    const of = async (answer) => (await lineOf(answer)).statements;
    assert.equal(await of(await site.get(`/posts/${post.id}`)), 1);
    assert.equal(await of(await site.get('/posts')), 1);
    assert.equal(await of(await site.get(`/posts/${post.id}`, ada)), 2);
    assert.equal(await of(await site.request('POST', '/posts', { body: '{' })), 0);
    assert.equal(await of(await site.get('/posts/abc')), 0);
    assert.equal(await of(await site.get('/users/me', { token: 'a.b.c' })), 0);
});

test('nginx writes the same request id, and no query', async () => {
    const answer = await site.get('/posts?search=word-in-the-query');
    const id = answer.headers['x-request-id'];
    const [line] = await loggedByNginx(site.front, [id]);
    assert.equal(line.status, 200);
    assert.equal(line.path, '/api/v1/posts');
    assert.ok(!readFileSync(site.front.accessLog, 'utf8').includes('word-in-the-query'));
});

test('LOG_FILE and LOG_LEVEL', async () => {
    const file = 'own.log';
    const quiet = await startSite({ settings: { LOG_FILE: file, LOG_LEVEL: 'error', WORKERS: 1 } });
    const own = new Log(join(quiet.dir, file));
    await quiet.get('/posts');
    await quiet.get('/posts/2147480000');
    assert.deepEqual(own.lines().filter(({ level }) => level !== 'error'), []);
    assert.equal(quiet.log.text(), '');
    await quiet.query('SET foreign_key_checks = 0; DROP TABLE posts');
    const raw = await quiet.client.bytes('GET /api/v1/posts HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
    const line = await own.ofRequest(/\r\nX-Request-ID: (\S+)\r\n/.exec(raw)[1]);
    assert.equal(line.level, 'error');
    assert.equal(line.status, 500);
});

// Security: SQL everywhere, secrets nowhere, headers that protect, nothing of the inside in an answer.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { assertError } from './lib/contract.mjs';
import { loggedByNginx } from './lib/logs.mjs';
import { startSite } from './lib/site.mjs';
import { test } from './lib/test.mjs';

const site = await startSite();
const ada = await site.signUp();
const post = await site.createPost(ada);

const injections = [
    "'", "''", '"', '`', '\\', "\\'", "' OR '1'='1", "' OR 1=1 -- ", "'; DROP TABLE posts; --", '1; DROP TABLE posts',
        "') OR ('1'='1",
    "' UNION SELECT password_hash FROM users -- ", "'/**/OR/**/1=1#", "' AND SLEEP(5) -- ",
        "' || (SELECT SLEEP(5)) || '", '%27%20OR%201=1',
    "\u0000' OR 1=1", "ʼ OR 1=1", '${jndi:ldap://x}', '{{7*7}}', '%s%n%x', "1' PROCEDURE ANALYSE()", 'x\u001a',
        "xbf'", '$(id)', '../../etc/passwd',
];

async function fingerprint() {
    const [row] = await site.query(`SELECT
        (SELECT count(*) FROM information_schema.tables WHERE table_schema = database()) AS tables_,
        (SELECT count(*) FROM users) AS users,
            (SELECT group_concat(password_hash ORDER BY id) FROM users) AS hashes`);
    return row;
}

test('SQL in every parameter and segment is data: no error, no delay, nothing changed', async () => {
    const before = await fingerprint();
    const quick = async (ask) => {
        for (let tries = 0; tries < 2; tries++) { // what sleeps does so each time; a busy machine may be slow once
            const began = Date.now();
            const answer = await ask();
            if (Date.now() - began < 4500) {
                return answer;
            }
        }
        return assert.fail('something slept');
    };
    for (const text of injections) {
        for (const name of ['search', 'title', 'limit', 'skip', 'sort_by', 'published', 'owner_id', 'created_at',
            'created_at_gte', 'cursor', 'fields', 'include', text]) {
            const answer = await quick(() => site.get('/posts', { query: { [name]: text } }));
            assert.ok([200, 400, 422].includes(answer.status), `${name}=${text}: ${answer.raw}`);
            if (name === 'title') {
                assert.ok(answer.status !== 200 || answer.json.length === 0, `${text} finds what it does not name`);
            }
        }
        for (const path of ['/posts/', '/users/', `/posts/${post.id}`]) {
            const answer = await quick(() => site.get(path + encodeURIComponent(text), ada));
            assert.ok([400, 404, 422].includes(answer.status), `${path}${text}: ${answer.raw}`);
        }
    }
    assert.deepEqual(await fingerprint(), before);
});

test('SQL in every field is data', async () => {
    for (const text of injections.filter((each) => !each.includes('\u0000'))) {
        const created = await site.post('/posts', { title: text, content: text }, ada);
        assert.equal(created.status, 201, created.raw);
        assert.deepEqual([created.json.title, created.json.content], [text, text]);
        const patched = await site.patch(`/posts/${post.id}`, { title: text }, ada);
        assert.equal(patched.json.title, text);
        const vote = await site.put(`/posts/${post.id}/vote`, { vote_type: text }, ada);
        assert.equal(vote.status, 422);
        const older = await site.post('/vote', { post_id: text, dir: text }, ada);
        assert.equal(older.status, 422);
        const username = `${site.name()}${text}`.slice(0, 50);
        const registered = await site.post('/auth/register',
            { username, email: `${site.name()}@example.com`, password: site.password() });
        assert.equal(registered.status, 201, registered.raw);
        assert.equal(registered.json.username, username);
        assert.equal((await site.post('/auth/register', { username: site.name(), email: `${text}@example.com`,
            password: 'x' })).status, 422);
        assertError(await site.post('/auth/login', { email: ada.email, password: text }), 401, 'invalid_credentials');
        assertError(await site.request('POST', '/login', { form: { username: text, password: text } }), 401,
            'invalid_credentials');
    }
    assert.equal((await site.get(`/posts/${post.id}`)).status, 200);
});

test('SQL in headers is data', async () => {
    for (const text of ["' OR 1=1 -- ", "x'; DROP TABLE sessions; --", 'x'.repeat(3000),
        encodeURIComponent('é😀')]) {
        const answer = await site.post('/auth/login', { email: ada.email, password: ada.password }, {
            headers: { 'User-Agent': text, 'X-Forwarded-For': text, 'X-Request-ID': text, Referer: text,
                'X-Real-IP': text },
        });
        assert.equal(answer.status, 200, answer.raw);
        site.keep(answer.json.access_token);
    }
    // Bytes that are no UTF-8 are allowed in a header.
    const body = JSON.stringify({ email: ada.email, password: ada.password });
    const raw = await site.client.bytes(Buffer.concat([
        Buffer.from(['POST /api/v1/auth/login HTTP/1.1', 'Host: x', 'Connection: close',
            'Content-Type: application/json', 'User-Agent: a'].join('\r\n')),
        Buffer.from([0xff, 0xc3, 0x28]), Buffer.from(`\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`),
    ]));
    assert.match(raw, /^HTTP\/1\.1 200 /);
    site.keep(JSON.parse(raw.split('\r\n\r\n')[1]).access_token);
});

test('a password and a token leave no trace in any log, whatever goes wrong with them', async () => {
    const canary = `canary-${randomUUID()}`;
    site.passwords.add(canary); // no answer may hold it from now on
    const sent = [
        ['POST', '/auth/register', { json: { username: 'x', email: 'x', password: canary } }],
        ['POST', '/auth/register', { json: { username: site.name(), email: `${site.name()}@example.com`,
            password: canary } }],
        ['POST', '/auth/register', { body: `{"password": "${canary}"` }],
        ['POST', '/auth/register', { body: `{"password": "${canary}"}`, type: 'text/plain' }],
        ['POST', '/auth/login', { json: { email: ada.email, password: canary } }],
        ['POST', '/login', { form: { username: ada.email, password: canary } }],
        ['POST', '/login', { form: { password: canary } }],
        ['PUT', '/users/me/password', { json: { current_password: canary, new_password: canary }, token: ada.token }],
        ['PUT', '/users/me/password', { json: { new_password: canary }, token: ada.token }],
        ['DELETE', '/users/me', { json: { current_password: canary }, token: ada.token }],
        ['PATCH', '/users/me', { json: { password: canary, email: 5 }, token: ada.token }],
        ['GET', `/no/such/path?password=${canary}`, {}],
        ['GET', `/posts?token=${canary}&limit=x`, {}],
        ['GET', '/users/me', { token: canary }],
        ['GET', '/users/me', { token: `${canary}.${canary}.${canary}` }],
        ['GET', '/users/me', { headers: { Authorization: `Basic ${canary}` } }],
        ['GET', '/users/me', { headers: { Cookie: `access_token=${canary}` } }],
    ];
    const ids = [];
    for (const [method, path, options] of sent) {
        ids.push((await site.request(method, path, options)).headers['x-request-id']);
    }
    await site.get('/users/me', ada);
    const marker = await site.get('/posts');
    await site.log.ofRequest(marker.headers['x-request-id']);
    await loggedByNginx(site.front, [...ids, marker.headers['x-request-id']]);
    for (const file of site.logFiles()) {
        const text = readFileSync(file, 'utf8');
        for (const secret of [canary, ada.password, ada.token, ada.token.split('.')[2], site.secret,
            site.database.password]) {
            assert.ok(!text.includes(secret), `${file} holds a secret`);
        }
    }
});

test('answers carry the headers that protect, once', async () => {
    for (const answer of [await site.get('/posts'), await site.get('/no/such/path'), await site.get('//nothing'),
        await site.get('//')]) {
        for (const name of ['x-content-type-options', 'content-security-policy', 'referrer-policy', 'x-request-id']) {
            const found = answer.rawHeaders.filter((header, i) => i % 2 === 0 && header.toLowerCase() === name);
            assert.equal(found.length, 1, `${name} in ${answer.rawHeaders}`);
        }
        assert.equal(answer.headers['x-content-type-options'], 'nosniff');
        assert.match(answer.headers['content-security-policy'], /frame-ancestors 'none'/);
        assert.ok(!/\d/.test(answer.headers.server ?? ''), 'a version');
        assert.equal(answer.headers['x-powered-by'], undefined);
    }
});

test('nobody learns from a 404 or 403 what is hidden', async () => {
    const bob = await site.signUp();
    const hidden = await site.createPost(ada, { published: false });
    const there = await site.get(`/posts/${hidden.id}`, bob);
    const nowhere = await site.get('/posts/2147480000', bob);
    assert.equal(there.raw.replace(hidden.id, 'N'), nowhere.raw.replace('2147480000', 'N'));
});

test('headers that speak of another path, method or address are not believed', async () => {
    const answer = await site.get('/posts/2147480000', {
        headers: { 'X-Original-URL': '/api/v1/posts', 'X-Rewrite-URL': '/api/v1/posts',
            'X-HTTP-Method-Override': 'DELETE', 'X-Forwarded-Host': 'evil.example', Proxy: 'http://evil.example' },
    });
    assertError(answer, 404, 'not_found');
    const created = await site.post('/posts', { title: 't', content: 'c' },
        { token: ada.token, headers: { 'X-Forwarded-Host': 'evil.example' } });
    assert.ok(!created.headers.location.includes('evil'), created.headers.location);
});

test('log-ins are limited for each address when the operator wants it', async () => {
    const strict = await startSite({ settings: { WORKERS: 1 },
        nginx: { QUIRE_LOGIN_RATE: '6r/m', QUIRE_LOGIN_BURST: '3' } });
    const answers = [];
    for (let i = 0; i < 6; ++i) {
        const path = i % 2 === 0 ? '/auth/login' : '/auth/login/';
        answers.push(await strict.post(path, { email: 'no@example.com', password: 'not the password' }));
    }
    assert.deepEqual(answers.map(({ status }) => status), [401, 401, 401, 401, 429, 429]);
    assertError(answers[4], 429, 'too_many_requests', /./);
    assert.equal(answers[4].headers['retry-after'], '10');
    assertError(await strict.request('POST', '/login', { form: { username: 'x', password: 'x' } }), 429,
        'too_many_requests');
    assert.equal((await strict.get('/posts')).status, 200);
    assert.equal((await strict.post('/auth/register', { username: 'someone', email: 'someone@example.com',
        password: strict.password() })).status, 201);
});

test('so is all else that an address may try too often, by nginx alone', async () => {
    const limits = ['LOGIN', 'REGISTER', 'REFRESH', 'MAIL', 'GENERATE'];
    const strict = await startSite({ settings: { WORKERS: 1 },
        nginx: Object.fromEntries(limits.flatMap((name) => [[`QUIRE_${name}_RATE`, '6r/m'], [`QUIRE_${name}_BURST`, '1']])) });
    for (const path of ['/login', '/auth/login', '/auth/register', '/users', '/auth/refresh', '/auth/verify-email',
        '/auth/password-reset', '/tweets/generate', '/tweets/threads/1/regenerate']) {
        const answers = [await strict.post(path, {}), await strict.post(`${path}/`, {}), await strict.post(path, {})];
        assertError(answers[2], 429, 'too_many_requests', /^Too many requests from this address/);
        assert.equal(answers[2].headers['retry-after'], '10', path);
    }
    for (const path of ['/users', '/auth/me', '/tweets/history', '/posts']) {
        const answers = [await strict.get(path), await strict.get(path), await strict.get(path)];
        assert.ok(answers.every(({ status }) => status !== 429), path);
    }
});

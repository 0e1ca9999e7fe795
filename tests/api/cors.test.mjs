// Requests from pages of other origins, as the Fetch standard has them.
import assert from 'node:assert/strict';
import { assertError } from './lib/contract.mjs';
import { origins, startSite, strangeOrigin } from './lib/site.mjs';
import { test } from './lib/test.mjs';

const site = await startSite();
const ada = await site.signUp();
const post = await site.createPost(ada);
const [origin, other] = origins;

function preflight(path, method, from = origin, headers = 'authorization,content-type') {
    return site.request('OPTIONS', path, {
        origin: from,
        headers: { 'Access-Control-Request-Method': method,
            ...(headers && { 'Access-Control-Request-Headers': headers }) },
    });
}

function tokens(value = '') {
    return value.toLowerCase().split(',').map((each) => each.trim()).filter(Boolean);
}

function assertAllowed(answer, from) {
    assert.equal(answer.headers['access-control-allow-origin'], from);
    assert.equal(answer.headers['access-control-allow-credentials'], 'true');
    assert.ok(tokens(answer.headers.vary).includes('origin'), answer.headers.vary);
}

function assertNotAllowed(answer) {
    assert.equal(answer.headers['access-control-allow-origin'], undefined);
    assert.equal(answer.headers['access-control-allow-credentials'], undefined);
    assert.ok(tokens(answer.headers.vary).includes('origin'), 'a cache must not mix the two');
}

for (const [path, method] of [['/posts', 'GET'], ['/posts', 'POST'], [`/posts/${post.id}`, 'PUT'],
    [`/posts/${post.id}`, 'PATCH'],
    [`/posts/${post.id}`, 'DELETE'], ['/users/me', 'GET'], ['/users/me', 'PATCH'], ['/auth/login', 'POST'],
        ['/login', 'POST']]) {
    test(`preflight ${method} ${path} from each allowed origin, without a token`, async () => {
        for (const from of origins) {
            const answer = await preflight(path, method, from);
            assert.equal(answer.status, 204, answer.raw);
            assertAllowed(answer, from);
            assert.ok(tokens(answer.headers['access-control-allow-methods']).includes(method.toLowerCase()));
            const headers = tokens(answer.headers['access-control-allow-headers']);
            for (const name of ['authorization', 'content-type']) {
                assert.ok(headers.includes(name), answer.headers['access-control-allow-headers']);
            }
        }
    });
}

test('a preflight may ask for the headers of the contract', async () => {
    const answer = await preflight('/posts', 'POST', origin,
        'if-match,if-none-match,idempotency-key,x-request-id,prefer');
    const headers = tokens(answer.headers['access-control-allow-headers']);
    for (const name of ['if-match', 'if-none-match', 'idempotency-key', 'x-request-id', 'prefer']) {
        assert.ok(headers.includes(name), `${name}: ${headers}`);
    }
});

for (const from of [strangeOrigin, 'https://localhost:3000', 'http://localhost:3001', 'http://localhost',
    'http://LOCALHOST:3000', 'null',
    'http://localhost:3000.evil.example', 'http://localhost:3000/', 'https://yourfrontend.com.evil.example',
        'https://evilyourfrontend.com', '*', '']) {
    test(`origin ${JSON.stringify(from)} is not allowed anything`, async () => {
        const answer = await preflight('/posts', 'POST', from);
        assert.equal(answer.status, 204, answer.raw);
        assertNotAllowed(answer);
        const simple = await site.get('/posts?limit=1', { origin: from });
        assert.equal(simple.status, 200);
        assertNotAllowed(simple);
        assertNotAllowed(await site.get('/no/such/path', { origin: from }));
    });
}

test('a simple request from an allowed origin is labelled, with the headers that its page may see', async () => {
    for (const from of origins) {
        const answer = await site.get('/posts?limit=1', { origin: from, token: ada.token });
        assert.equal(answer.status, 200);
        assertAllowed(answer, from);
        const exposed = tokens(answer.headers['access-control-expose-headers']);
        for (const name of ['link', 'etag', 'location', 'x-total-count', 'x-request-id', 'x-error-code',
            'retry-after']) {
            assert.ok(exposed.includes(name), `${name}: ${exposed}`);
        }
    }
});

test('a page may see all headers that the document declares', async () => {
    const { json: document } = await site.client.get('//openapi.json');
    const declared = Object.keys(document.components.headers).map((name) => name.toLowerCase());
    assert.ok(declared.length > 10);
    const exposed = tokens((await site.get('/posts?limit=1', { origin: origins[0] })).headers['access-control-expose-headers']);
    // Every page sees Cache-Control; of WWW-Authenticate X-Error-Code says as much.
    assert.deepEqual(declared.filter((name) => !exposed.includes(name)).sort(), ['cache-control', 'www-authenticate']);
});

test('without an Origin no page is spoken of, yet caches are told', async () => {
    const answer = await site.get('/posts?limit=1');
    assertNotAllowed(answer);
});

test('the two origins are not mixed up by answers in between', async () => {
    for (let i = 0; i < 10; ++i) {
        const [a, b, c] = await Promise.all([site.get('/posts', { origin }), site.get('/posts', { origin: other }),
            site.get('/posts', { origin: strangeOrigin })]);
        assertAllowed(a, origin);
        assertAllowed(b, other);
        assertNotAllowed(c);
    }
});

for (const [name, ask, status] of [
    ['401', () => site.get('/users/me', { origin }), 401],
    ['403', () => site.get('/users', { origin, token: ada.token }), 403],
    ['404 of an object', () => site.get('/posts/2147480000', { origin }), 404],
    ['404 of a path', () => site.get('/no/such/path', { origin }), 404],
    ['405', () => site.request('DELETE', '/posts', { origin }), 405],
    ['415', () => site.request('POST', '/posts', { origin, body: 'x', type: 'text/plain' }), 415],
    ['422', () => site.post('/posts', {}, { origin, token: ada.token }), 422],
    ['422 of bad JSON', () => site.request('POST', '/posts', { origin, body: '{' }), 422],
    ['413 of nginx', () => site.request('POST', '/posts', { origin, body: 'x'.repeat(1100000), token: ada.token }),
        413],
]) {
    test(`the error ${name} carries the headers too`, async () => {
        const answer = await ask();
        assertError(answer, status);
        assertAllowed(answer, origin);
        assert.ok(tokens(answer.headers['access-control-expose-headers']).includes('x-error-code'));
    });
}

test('a plain OPTIONS is no preflight', async () => {
    const plain = await site.request('OPTIONS', '/posts', { origin });
    assert.equal(plain.status, 204);
    assertAllowed(plain, origin);
    assert.equal(plain.headers['access-control-allow-methods'], undefined);
    assert.ok(plain.headers.allow.includes('POST'));
});

test('CORS_ORIGINS=* allows everybody, without credentials', async () => {
    const open = await startSite({ settings: { CORS_ORIGINS: '*', CORS_CREDENTIALS: 'false', WORKERS: 1 } });
    for (const from of [origin, strangeOrigin]) {
        const answers = [
            await open.get('/posts', { origin: from }),
            await open.get('/no/such/path', { origin: from }),
            await open.request('POST', '/posts', { origin: from, body: 'x'.repeat(1100000) }),
            await open.request('OPTIONS', '/posts', { origin: from,
                headers: { 'Access-Control-Request-Method': 'POST' } }),
        ];
        for (const answer of answers) {
            assert.ok(['*', from].includes(answer.headers['access-control-allow-origin']), answer.raw);
            assert.equal(answer.headers['access-control-allow-credentials'], undefined);
        }
    }
});

test('no CORS_ORIGINS allows nobody', async () => {
    const closed = await startSite({ settings: { CORS_ORIGINS: '', WORKERS: 1 } });
    const answer = await closed.get('/posts', { origin });
    assert.equal(answer.status, 200);
    assert.equal(answer.headers['access-control-allow-origin'], undefined);
});

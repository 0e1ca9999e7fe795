// Errors: one shape, a code, a request id; RFC 9457 for who asks for it.
import assert from 'node:assert/strict';
import { assertError } from './lib/contract.mjs';
import { assertHas, assertMembers } from './lib/shapes.mjs';
import { startSite } from './lib/site.mjs';
import { test } from './lib/test.mjs';

const site = await startSite();
const ada = await site.signUp();
const bob = await site.signUp();
const post = await site.createPost(ada);
const PROBLEM = 'application/problem+json';

// Every kind of error that can be had without breaking anything: name, request, status, code, detail.
const errors = [
    ['malformed JSON', ['POST', '/posts', { body: '{' }], 422, 'json_invalid'],
    ['bad UTF-8', ['POST', '/posts', { body: Buffer.from([0x22, 0xff, 0x22]) }], 400, 'body_unreadable',
        'There was an error parsing the body'],
    ['no token', ['POST', '/posts', { json: {} }], 401, 'unauthenticated', 'Not authenticated'],
    ['a bad token', ['GET', '/users/me', { token: 'a.b.c' }], 401, 'invalid_token'],
    ['wrong credentials', ['POST', '/auth/login', { json: { email: 'no@example.com', password: 'no' } }], 401,
        'invalid_credentials', 'Invalid credentials'],
    ['not the owner', ['DELETE', `/posts/${post.id}`, { token: bob.token }], 403, 'forbidden'],
    ['not an admin', ['GET', '/users', { token: bob.token }], 403, 'forbidden'],
    ['a wrong current password', ['DELETE', '/users/me', { token: bob.token, json: { current_password: 'no' } }], 403,
        'wrong_password'],
    ['no such post', ['GET', '/posts/2147480000'], 404, 'not_found', 'post with id: 2147480000 not found'],
    ['no such path', ['GET', '/no/such/path'], 404, 'no_route', 'Not Found'],
    ['a wrong method', ['DELETE', '/posts'], 405, 'method_not_allowed', 'Method Not Allowed'],
    ['a taken e-mail', ['POST', '/auth/register',
        { json: { username: 'someone', email: ada.email, password: 'Secret123!' } }], 409, 'duplicate'],
    ['another content type', ['POST', '/posts', { body: 'x', type: 'text/plain', token: ada.token }], 415,
        'unsupported_media_type'],
    ['wrong input', ['POST', '/posts', { json: { title: '' }, token: ada.token }], 422, 'validation_error'],
    ['a wrong query', ['GET', '/posts?limit=x'], 422, 'validation_error'],
];

for (const [name, [method, path, options], status, code, detail] of errors) {
    test(`${name}: ${status} ${code}`, async () => {
        const answer = await site.request(method, path, options);
        assertError(answer, status, code, detail);
        assert.equal(answer.headers['content-type'], 'application/json');
    });

    test(`${name} as a problem of RFC 9457`, async () => {
        const plain = await site.request(method, path, options);
        const answer = await site.request(method, path, { ...options, headers: { Accept: PROBLEM } });
        assert.equal(answer.status, status);
        assert.equal(answer.headers['content-type'], PROBLEM);
        assertMembers(answer.json, ['type', 'title', 'status', 'detail', 'instance', 'code'], ['errors']);
        assertHas(answer.json, { status, code, instance: `/api/v1${path.split('?')[0]}` });
        assert.equal(typeof answer.json.type, 'string');
        assert.ok(answer.json.title.length > 0);
        assert.equal(typeof answer.json.detail, 'string');
        if (status === 422) {
            assert.deepEqual(answer.json.errors, plain.json.detail);
        } else {
            assert.equal(answer.json.errors, undefined);
            assert.equal(answer.json.detail, plain.json.detail);
        }
    });
}

test('a refusal that an Idempotency-Key gives again has the form that is asked for now', async () => {
    for (const [first, then] of [['*/*', PROBLEM], [PROBLEM, 'application/json']]) {
        for (const [path, json] of [['/posts/2147480000/comments', { text: 't' }], ['/vote', { post_id: 2147480000, dir: 1 }]]) {
            const key = site.name('key');
            const ask = (accept, under = key) => site.post(path, json, { token: ada.token,
                headers: { Accept: accept, 'Idempotency-Key': under } });
            assertError(await ask(first), 404, 'not_found');
            const [again, fresh] = [await ask(then), await ask(then, site.name('key'))];
            assert.equal(again.headers['idempotent-replayed'], 'true');
            assert.equal(fresh.headers['idempotent-replayed'], undefined);
            for (const name of ['content-type', 'x-error-code']) {
                assert.equal(again.headers[name], fresh.headers[name]);
            }
            assert.deepEqual([again.status, again.raw], [fresh.status, fresh.raw]);
        }
    }
});

test('what a client accepts is read as a list', async () => {
    for (const [accept, type] of [
        ['*/*', 'application/json'], ['application/json', 'application/json'], ['text/html', 'application/json'],
            ['', 'application/json'],
        [`text/html, ${PROBLEM}`, PROBLEM], ['Application/Problem+JSON', PROBLEM], [`${PROBLEM}; q=0.9`, PROBLEM],
        [`${PROBLEM};q=0.001`, PROBLEM], [`${PROBLEM};q=0, application/json`, 'application/json'],
        [`${PROBLEM}; x=y ; Q=0.000`, 'application/json'], [`${PROBLEM};q=`, PROBLEM],
    ]) {
        const answer = await site.get('/posts/2147480000', { headers: { Accept: accept } });
        assert.equal(answer.headers['content-type'], type, accept);
    }
});

test('what is no error is plain JSON, whatever is accepted', async () => {
    const answer = await site.get(`/posts/${post.id}`, { headers: { Accept: PROBLEM } });
    assert.equal(answer.status, 200);
    assert.equal(answer.headers['content-type'], 'application/json');
});

test('errors of one name have one code, and each request its own id', async () => {
    const ids = new Set();
    for (let i = 0; i < 20; ++i) {
        const answer = await site.get('/posts/2147480000');
        assert.equal(answer.headers['x-error-code'], 'not_found');
        ids.add(answer.headers['x-request-id']);
    }
    assert.equal(ids.size, 20);
});

test('a request id of the client is taken when it is plain', async () => {
    const id = 'client-id.0123456789';
    assert.equal((await site.get('/posts', { headers: { 'X-Request-ID': id } })).headers['x-request-id'], id);
    for (const bad of ['short', 'with blank 123', 'x'.repeat(65), '"quoted"12345', '<script>alert(1)</script>',
        'a,b,c,d,e,f,g']) {
        const answer = await site.get('/no/such/path', { headers: { 'X-Request-ID': bad } });
        assert.notEqual(answer.headers['x-request-id'], bad);
    }
});

test('the 401 of a missing token and of a bad one differ as RFC 6750 wants it', async () => {
    assert.equal((await site.get('/users/me')).headers['www-authenticate'], 'Bearer');
    const bad = await site.get('/users/me', { token: 'a.b.c' });
    assert.match(bad.headers['www-authenticate'], /^Bearer .*error="invalid_token"/);
});

// HTTP: paths, methods, content types, sizes, and bytes that are no proper request.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import http from 'node:http';
import net from 'node:net';
import { gunzipSync } from 'node:zlib';
import { assertError, missing, assertInvalid } from './lib/contract.mjs';
import { hold } from './lib/locks.mjs';
import { loggedByNginx } from './lib/logs.mjs';
import { until } from './lib/processes.mjs';
import { assertPost } from './lib/shapes.mjs';
import { startSite } from './lib/site.mjs';
import { test } from './lib/test.mjs';

const site = await startSite();
const ada = await site.signUp();
const post = await site.createPost(ada);

function methods(answer) {
    return answer.headers.allow.split(', ').sort();
}

// Every path of this part of the contract with its methods.
const paths = [
    ['/auth/register', ['POST']], ['/auth/login', ['POST']], ['/login', ['POST']], ['/auth/logout', ['POST']],
    ['/users', ['GET', 'POST']], ['/users/me', ['GET', 'PATCH', 'DELETE']], ['/users/me/password', ['PUT']],
    ['/users/me/votes', ['GET']], ['/users/me/voted-posts', ['GET']], [`/users/${ada.id}`, ['GET', 'PATCH', 'DELETE']],
        [`/users/${ada.id}/posts`, ['GET']],
    [`/users/${ada.id}/voted-posts`, ['GET']], ['/posts', ['GET', 'POST']],
        [`/posts/${post.id}`, ['GET', 'PUT', 'PATCH', 'DELETE']],
    [`/posts/${post.id}/vote`, ['PUT', 'DELETE']], [`/posts/${post.id}/voters`, ['GET']], ['/vote', ['POST']],
    ['//health/live', ['GET']], ['//health/ready', ['GET']],
];

for (const [path, allowed] of paths) {
    const expected = [...allowed, ...(allowed.includes('GET') ? ['HEAD'] : []), 'OPTIONS'].sort();

    test(`OPTIONS ${path} is 204 with Allow; other methods are 405 with the same`, async () => {
        const options = await site.request('OPTIONS', path);
        assert.equal(options.status, 204, options.raw);
        assert.deepEqual(methods(options), expected);
        for (const method of ['GET', 'HEAD', 'POST', 'PUT', 'PATCH',
            'DELETE'].filter((each) => !expected.includes(each))) {
            const answer = await site.request(method, path, { token: ada.token });
            assert.equal(answer.status, 405, `${method}: ${answer.raw}`);
            assert.equal(answer.headers['x-error-code'], 'method_not_allowed');
            assert.deepEqual(methods(answer), expected);
        }
    });
}

test('every path answers with a trailing slash alike, without a redirect', async () => {
    for (const path of ['/posts', `/posts/${post.id}`, '/users/me', `/users/${ada.id}/posts`, '//health/live']) {
        const plain = await site.get(path, ada);
        const slashed = await site.get(`${path}/`, ada);
        assert.equal(plain.status, 200);
        assert.equal(slashed.status, 200, `${path}/: ${slashed.raw}`);
        assert.deepEqual(slashed.json, plain.json);
    }
    const created = await site.post('/posts/', { title: 't', content: 'c' }, ada);
    assertPost(created.json, { title: 't' });
    assert.equal(created.headers.location, `/api/v1/posts/${created.json.id}`);
    assert.equal((await site.put(`/posts/${post.id}/vote/`, { vote_type: 'upvote' }, ada)).status, 201);
    assert.equal((await site.delete(`/posts/${created.json.id}/`, ada)).status, 204);
    assert.equal((await site.get('/posts/?limit=1')).json.length, 1);
});

test('HEAD is GET without the body', async () => {
    for (const path of ['/posts', `/posts/${post.id}`, '/users/me', '//health/live', '/posts/2147480000',
        '/no/such/path', '/posts?limit=x']) {
        const get = await site.get(path, ada);
        const head = await site.head(path, ada);
        assert.equal(head.status, get.status, path);
        assert.equal(head.raw, '');
        assert.equal(head.headers['content-type'], get.headers['content-type'], path);
        assert.equal(head.headers['x-error-code'], get.headers['x-error-code'], path);
    }
    assert.equal((await site.head('/users/me')).status, 401);
});

test('unknown paths are 404 for every method', async () => {
    for (const path of ['/no/such/path', '/.env', '/', '', '/post', '/postss', '/posts/1/2', '/posts//1',
        '/posts/1/vote/x', '/users/me/x',
        '/auth', '/auth/', '/POSTS', '/Posts', `/posts/${post.id}/voters/1`, '/posts%2F1', '//api/v2/posts',
            '//api/v1x', '//health', '//health/x', '//api']) {
        for (const method of ['GET', 'POST', 'DELETE', 'OPTIONS']) {
            const json = method === 'POST' ? {} : undefined;
            assertError(await site.request(method, path, { json, token: ada.token }), 404, 'no_route', 'Not Found');
        }
    }
});

test('unknown methods are refused', async () => {
    // What can be done is a matter of the path, whoever asks for whatever else.
    for (const method of ['PROPFIND', 'FOO', 'PURGE', 'M-SEARCH', 'VERSION_CONTROL']) {
        for (const [path, allowed] of [['/posts', 'GET, HEAD, POST, OPTIONS'], ['/vote', 'POST, OPTIONS'],
            [`/posts/${post.id}`, 'GET, HEAD, PUT, PATCH, DELETE, OPTIONS'], ['//health/live', 'GET, HEAD, OPTIONS'],
            ['//openapi.json', 'GET, HEAD, OPTIONS']]) {
            const full = path.startsWith('//') ? path.slice(1) : `/api/v1${path}`;
            const raw = await site.client.bytes(`${method} ${full} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
            assert.match(raw, /^HTTP\/1\.1 405 /, `${method} ${path}`);
            assert.match(raw, /\r\nX-Error-Code: method_not_allowed\r\n/);
            assert.ok(raw.includes(`\r\nAllow: ${allowed}\r\n`), raw);
        }
        const raw = await site.client.bytes(`${method} /api/v1/none HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
        assert.match(raw, /^HTTP\/1\.1 404 /, method);
    }
    // These nginx refuses before it knows of any path; and methods are spelt in capitals.
    for (const [line, status, code] of [['TRACE /api/v1/posts', 405, 'method_not_allowed'], ['TRACE /', 405, 'method_not_allowed'],
        ['CONNECT x:1', '(400|405)', '(bad_request|method_not_allowed)'], ['get /api/v1/posts', 400, 'bad_request']]) {
        const raw = await site.client.bytes(`${line} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
        assert.match(raw, new RegExp(`^HTTP/1\\.1 ${status} `), line);
        assert.match(raw, new RegExp(`\r\nX-Error-Code: ${code}\r\n`), line);
        assert.match(raw, /\{"detail":"[^"]+"\}$/, line);
    }
});

test('path traversal stays inside', async () => {
    for (const path of ['/../../../../etc/passwd', '/%2e%2e/%2e%2e/%2e%2e/etc/passwd', '/%252e%252e/etc/passwd',
        '/api/v1/../../etc/passwd',
        '/api/v1/%2e%2e/%2e%2e/etc/passwd', '/api/v1/posts/..%2f..%2f..%2fetc%2fpasswd', '//etc/passwd',
            '/..;/etc/passwd', '/.git/config', '/.env']) {
        const raw = await site.client.bytes(`GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
        assert.match(raw, /^HTTP\/1\.1 4\d\d /, path);
        assert.ok(!raw.includes('root:'), path);
    }
});

test('a segment is decoded once: %2F is no slash, %2e%2e no way up', async () => {
    assertError(await site.get('/posts/%2e%2e/users'), 404, 'no_route');
    assertError(await site.get(`/posts%2f${post.id}`), 404, 'no_route');
    assert.equal((await site.get(`/%70osts/${post.id}`)).status, 200);
    assert.equal((await site.get('/posts/%2531')).status, 422);
});

test('a NUL in the path is 400 or 422', async () => {
    for (const path of [`/posts/${post.id}%00`, '/posts/%00', '/%00']) {
        assert.ok([400, 404, 422].includes((await site.get(path)).status), path);
    }
});

for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/xml',
    'multipart/form-data; boundary=x', 'text/json',
    'application/jsonx', 'application/x-json', 'json', 'application', 'application/json/x']) {
    test(`a body of type ${type} is 415`, async () => {
        const body = '{"title": "t", "content": "c"}';
        assertError(await site.request('POST', '/posts', { token: ada.token, body, type }), 415,
            'unsupported_media_type');
        assertError(await site.request('PATCH', `/posts/${post.id}`, { token: ada.token, body, type }), 415,
            'unsupported_media_type');
    });
}

test('JSON is known by application/json in any case, by +json, and where nothing is said', async () => {
    for (const type of ['application/json', 'Application/JSON', 'application/json; charset=utf-8',
        'application/json;charset=UTF-8', 'application/json ;x=y',
        'application/vnd.api+json', 'application/merge-patch+JSON', '', null]) {
        const answer = await site.request('POST', '/posts', { token: ada.token,
            body: '{"title": "t", "content": "c"}', type });
        assert.equal(answer.status, 201, `${type}: ${answer.raw}`);
    }
});

test('a body where none is asked for is no matter', async () => {
    const answer = await site.request('GET', '/posts?limit=1', { body: 'whatever', type: 'text/plain' });
    assert.equal(answer.status, 200);
    const created = await site.createPost(ada);
    assert.equal((await site.request('DELETE', `/posts/${created.id}`, { token: ada.token, json: {} })).status, 204);
});

test('a body over the limit is 413, up to it is read', async () => {
    const body = (n) => Buffer.concat([Buffer.from('{"x":"'), Buffer.alloc(n - 8, 0x78), Buffer.from('"}')]);
    const limit = 1048576;
    assertInvalid(await site.request('POST', '/vote', { token: ada.token, body: '{}' }),
        [missing(['body', 'post_id'], {}), missing(['body', 'dir'], {})]);
    assert.equal((await site.request('POST', '/vote', { token: ada.token, body: body(limit) })).status, 422);
    for (const n of [limit + 1, limit * 3]) {
        assertError(await site.request('POST', '/vote', { token: ada.token, body: body(n) }), 413, 'body_too_large');
    }
    assert.equal((await site.get('/posts')).status, 200);
});

test('the program has a limit of its own', async () => {
    const small = await startSite({ settings: { MAX_BODY_BYTES: 2048, WORKERS: 1 } });
    const person = await small.signUp();
    assert.equal((await small.post('/posts', { title: 't', content: 'x'.repeat(1900) }, person)).status, 201);
    assertError(await small.post('/posts', { title: 't', content: 'x'.repeat(2048) }, person), 413, 'body_too_large');
    assertError(await small.post('/posts', { title: 't', content: 'x'.repeat(500000) }, person), 413,
        'body_too_large');
    assert.equal((await small.get('/posts')).status, 200);
});

test('a body in chunks is read like any other', async () => {
    const answer = await new Promise((resolve, reject) => {
        const request = http.request({
            port: site.front.port, method: 'POST', path: '/api/v1/posts',
            headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${ada.token}`,
                'Transfer-Encoding': 'chunked' },
        }, (response) => resolve(response.resume().statusCode));
        request.on('error', reject);
        for (const piece of ['{"title":', '"in pieces",', '"content":"c"}']) {
            request.write(piece);
        }
        request.end();
    });
    assert.equal(answer, 201);
});

test('a Content-Length that lies hurts nobody', async () => {
    const workers = site.workers();
    const head = (length) => ['POST /api/v1/posts HTTP/1.1', 'Host: x', 'Connection: close',
        'Content-Type: application/json', `Authorization: Bearer ${ada.token}`, `Content-Length: ${length}`, '', '']
        .join('\r\n');
    const body = '{"title":"liar","content":"c"}';
    // Too long: the rest never comes, the client leaves. Too short: what comes after is another (bad) request.
    await site.client.bytes(`${head(body.length + 100)}${body}`, { quiet: 300 });
    const short = await site.client.bytes(`${head(body.length - 5)}${body}`);
    assert.match(short, /^HTTP\/1\.1 422 /);
    for (const length of ['-1', 'abc', '99999999999999999999', '1e3', '0x10', '']) {
        assert.match(await site.client.bytes(`${head(length)}${body}`), /^HTTP\/1\.1 4(00|13|11) /, length);
    }
    const both = `${head(body.length).trimEnd()}\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nGET /\r\n0\r\n\r\n`;
    assert.match(await site.client.bytes(both), /^HTTP\/1\.1 4\d\d /);
    const rows = await site.query("SELECT id FROM posts WHERE title = 'liar'");
    assert.deepEqual(rows, []);
    assert.equal((await site.get('/posts')).status, 200);
    assert.deepEqual(site.workers().sort(), workers.sort());
});

/** A connection to nginx on which these bytes have been sent. */
function begun(bytes) {
    const socket = net.connect(site.front.port, '127.0.0.1', () => socket.write(bytes));
    socket.on('error', () => {});
    return socket;
}

test('requests that are sent by halves keep no worker: nginx waits for the rest', async () => {
    const half = ['POST /api/v1/posts HTTP/1.1', 'Host: x', 'Content-Length: 1000', '', '{"title"'].join('\r\n');
    const sockets = Array.from({ length: 3 * site.workers().length }, () => begun(half));
    await Promise.all(sockets.map((socket) => once(socket, 'connect')));
    assert.equal((await site.get('/posts')).status, 200);
    sockets.forEach((socket) => socket.destroy());
    assert.equal((await site.get('/posts')).status, 200);
});

test('clients that leave while all workers are at their requests cost none of them', async () => {
    const workers = site.workers();
    const ids = workers.map((_, i) => `they-left-${process.pid}-${i}`);
    const release = await hold(site, `SELECT id FROM posts WHERE id = ${post.id} FOR UPDATE`);
    const body = '{"title":"left"}';
    const sockets = ids.map((id) => begun([`PATCH /api/v1/posts/${post.id} HTTP/1.1`, 'Host: x', `X-Request-ID: ${id}`,
        `Authorization: Bearer ${ada.token}`, 'Content-Type: application/json', `Content-Length: ${body.length}`, '', body].join('\r\n')));
    await until('all wait for the lock', async () => (await site.query(`SELECT id FROM information_schema.processlist
        WHERE db = DATABASE() AND user <> 'root' AND command = 'Execute'`)).length === ids.length);
    sockets.forEach((socket) => socket.destroy());
    const lines = await loggedByNginx(site.front, ids);
    assert.deepEqual(lines.map(({ status }) => status), ids.map(() => 499)); // nobody was there to hear the answer
    await release();
    for (const id of ids) {
        assert.equal((await site.log.ofRequest(id)).status, 200);
    }
    assert.equal((await site.get(`/posts/${post.id}`)).json.title, 'left');
    assert.deepEqual(site.workers().sort(), workers.sort());
});

test('what is no HTTP is 400 in JSON', async () => {
    for (const bytes of ['\x16\x03\x01\x02\x00\r\n\r\n', 'GET / HTTP/9.9\r\n\r\n', 'GARBAGE\r\n\r\n',
        'GET /api/v1/posts HTTP/1.1\r\n\r\n',
        'GET /api/v1/posts HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n']) {
        const raw = await site.client.bytes(bytes);
        assert.match(raw, /^HTTP\/1\.1 (400|505) /, JSON.stringify(bytes));
        assert.match(raw, /\r\nContent-Type: application\/json\r\n/);
        assert.match(raw, /\{"detail":"[^"]+"\}$/);
    }
});

test('a long URL and long headers are answered in JSON', async () => {
    assert.equal((await site.get(`/posts?search=${'a'.repeat(7000)}`)).status, 200);
    assertError(await site.get(`/posts?search=${'a'.repeat(20000)}`), 414, 'uri_too_long');
    const answer = await site.get('/posts', { headers: { 'X-Long': 'x'.repeat(12000) } });
    assertError(answer, 431, 'headers_too_large');
});

test('requests one after another on one connection do not mix', async () => {
    const raw = await site.client.bytes(['GET /api/v1/posts/2147480000 HTTP/1.1\r\nHost: x\r\n\r\n',
        'GET /api/v1/users/me HTTP/1.1\r\nHost: x\r\n\r\n',
        `GET /api/v1/posts/${post.id} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`].join(''));
    assert.deepEqual([...raw.matchAll(/HTTP\/1\.1 (\d+) /g)].map(([, status]) => status), ['404', '401', '200']);
});

test('long lists are compressed for who asks, single objects are not', async () => {
    for (let i = 0; i < 5; ++i) {
        await site.createPost(ada, { content: 'compress me '.repeat(100) });
    }
    const headers = { 'Accept-Encoding': 'gzip' };
    const plain = await site.get('/posts?search=a%20title&sort_by=id');
    const raw = await new Promise((resolve, reject) => {
        http.get({ port: site.front.port, path: '/api/v1/posts?search=a%20title&sort_by=id', headers },
            (response) => {
            const chunks = [];
            response.on('data', (chunk) => chunks.push(chunk)).on('end',
                () => resolve({ response, body: Buffer.concat(chunks) }));
        }).on('error', reject);
    });
    assert.equal(raw.response.headers['content-encoding'], 'gzip');
    assert.match(raw.response.headers.vary, /Accept-Encoding/);
    assert.equal(gunzipSync(raw.body).toString(), plain.raw);
    assert.ok(raw.body.length < plain.buffer.length / 2);
    const long = await site.createPost(ada, { content: 'x'.repeat(5000) });
    assert.equal((await site.get(`/posts/${long.id}`, { headers })).headers['content-encoding'], undefined);
});

test('/health/live and /health/ready answer', async () => {
    for (const path of ['//health/live', '//health/ready']) {
        const answer = await site.get(path);
        assert.equal(answer.status, 200);
        assert.equal(answer.headers['content-type'], 'application/json');
    }
});

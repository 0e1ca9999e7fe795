// The OpenAPI document: served, printed, valid by three judges, and of the same operations as the route table.
import assert from 'node:assert/strict';
import { routes } from './lib/community.mjs';
import { complaints, fetchDocument } from './lib/document.mjs';
import { operationsOf } from './lib/operations.mjs';
import { startSite } from './lib/site.mjs';
import { test } from './lib/test.mjs';

const site = await startSite();
const first = await site.get('//openapi.json');

test('it is served outside the base path, as JSON with a strong ETag, to everybody alike', async () => {
    assert.equal(first.status, 200, first.raw.slice(0, 300));
    assert.equal(first.headers['content-type'], 'application/json');
    assert.equal(first.headers['cache-control'], 'public, max-age=0, must-revalidate, s-maxage=1, stale-while-revalidate=1, stale-if-error=10');
    assert.match(first.headers.etag, /^"[0-9a-f]{16}"$/);
    assert.equal(first.json.openapi, '3.1.0');
    for (const options of [{ headers: { 'Accept-Encoding': 'gzip' } }, { headers: { Authorization: 'Bearer x' } }]) {
        const again = await site.get('//openapi.json/?x=1', options);
        assert.equal(again.status, 200);
        assert.equal(again.headers.etag, first.headers.etag);
        assert.equal(again.raw, first.raw);
    }
    const head = await site.head('//openapi.json');
    assert.equal(head.status, 200);
    assert.equal(Number(head.headers['content-length']), first.buffer.length);
    assert.equal(head.headers.etag, first.headers.etag);
});

test('If-None-Match is 304 while it holds', async () => {
    for (const known of [first.headers.etag, `W/${first.headers.etag}`, `"x", ${first.headers.etag}`, '*']) {
        const answer = await site.get('//openapi.json', { headers: { 'If-None-Match': known } });
        assert.equal(answer.status, 304, known);
        assert.equal(answer.headers.etag, first.headers.etag);
    }
    assert.equal((await site.get('//openapi.json', { headers: { 'If-None-Match': '"x"' } })).status, 200);
    for (const method of ['POST', 'PUT', 'DELETE']) {
        const refused = await site.request(method, '//openapi.json');
        assert.equal(refused.status, 405);
        assert.equal(refused.headers.allow, 'GET, HEAD, OPTIONS');
    }
});

test('`quire openapi` prints the same bytes; neither asks the database', async () => {
    assert.equal(await site.mustQuire(['openapi']), first.raw);
    assert.equal(await site.mustQuire(['openapi'], { env: { DB_SOCKET: '/nonexistent' } }), first.raw);
    assert.ok(first.json.info.version.length > 0);
    assert.equal((await site.log.ofRequest(first.headers['x-request-id'])).statements, 0);
});

test('the settings are in it: base path, who may read, whether If-Match is required', async () => {
    const other = JSON.parse(await site.mustQuire(['openapi'],
        { env: { BASE_PATH: '/v2', PUBLIC_READ: 'false', REQUIRE_IF_MATCH: 'true' } }));
    assert.equal(other.servers[0].url, '/v2');
    assert.equal(other.components.securitySchemes.oauth2.flows.password.tokenUrl, '/v2/login');
    assert.deepEqual(other.paths['/posts'].get.security, [{ oauth2: [] }, { bearer: [] }, { cookie: [] }]);
    assert.deepEqual(first.json.paths['/posts'].get.security, [{}, { oauth2: [] }, { bearer: [] }, { cookie: [] }]);
    assert.ok(other.paths['/posts/{id}'].put.responses['428']);
    assert.ok(!first.json.paths['/posts/{id}'].put.responses['428']);
    assert.deepEqual(await complaints(JSON.stringify(other)), []);
});

test('it is OpenAPI 3.1; Spectral (spectral:oas) and Redocly (recommended) find nothing', async () => {
    assert.deepEqual(await complaints(first.raw), []);
});

test('the judges do find what is wrong', async () => {
    const broken = JSON.parse(first.raw);
    delete broken.paths['/posts'].get.operationId;
    delete broken.paths['/posts'].post.security;
    broken.paths['/posts'].post.responses['201'] = { headers: {} };
    const found = (await complaints(JSON.stringify(broken))).join('\n');
    assert.match(found, /^openapi 3\.1: /m);
    assert.match(found, /^spectral operation-operationId /m);
    assert.match(found, /^redocly security-defined /m);
});

test('every route is an operation of the document, and the other way round', async () => {
    const declared = (await site.mustQuire(['routes'])).trimEnd().split('\n').map((line) => line.split(/ +/))
        .map(([method, path]) => `${method} ${path}`).sort();
    const described = operationsOf(await fetchDocument(site.client)).map(({ method, path }) => `${method} ${path}`);
    assert.deepEqual(described.sort(), declared);
    assert.ok((await routes(site)).length <= described.length);
});

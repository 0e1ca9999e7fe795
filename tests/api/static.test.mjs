// What nginx serves by itself: the pages, and errors in the same JSON as the program's.
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { assertError } from './lib/contract.mjs';
import { folder } from './lib/processes.mjs';
import { origins, startSite } from './lib/site.mjs';
import { test } from './lib/test.mjs';

const web = join(folder(), 'web');
mkdirSync(join(web, 'js'), { recursive: true });
writeFileSync(join(web, 'index.html'), '<!doctype html><title>Quire</title>');
writeFileSync(join(web, 'style.css'), 'body { margin: 0 }');
writeFileSync(join(web, 'js/app.mjs'), 'export const answer = 42;\n'.repeat(100));
writeFileSync(join(web, '.secret'), 'canary');
const site = await startSite({ webRoot: web, settings: { WORKERS: 2 } });

for (const [path, type, text] of [
    ['//', 'text/html; charset=utf-8', '<title>Quire</title>'],
        ['//index.html', 'text/html; charset=utf-8', '<title>Quire</title>'],
    ['//style.css', 'text/css; charset=utf-8', 'margin'], ['//js/app.mjs', 'text/javascript; charset=utf-8',
        'answer'],
]) {
    test(`${path.slice(1)} is a file`, async () => {
        const answer = await site.get(path);
        assert.equal(answer.status, 200);
        assert.equal(answer.headers['content-type'], type);
        assert.ok(answer.raw.includes(text));
        assert.equal((await site.head(path)).status, 200);
        const again = await site.get(path, { headers: { 'If-None-Match': answer.headers.etag } });
        assert.equal(again.status, 304);
    });
}

test('the site\'s own page is there', async () => {
    const own = await startSite({ settings: { WORKERS: 1 } });
    const answer = await own.get('//');
    assert.equal(answer.status, 200);
    assert.match(answer.raw, /^<!doctype html>/i);
});

test('unknown paths are JSON 404, not the page', async () => {
    for (const path of ['//nothing', '//nothing.html', '//js', '//js/', '//style.css/x', '//favicon.ico',
        '//index.html/', '//.secret', '//.env', '//js/.x',
        '//%2esecret', '//.quire/error', '//.quire/problem', '//postsx', '//apix', '//healthy']) {
        const answer = await site.get(path);
        assertError(answer, 404, 'no_route', 'Not Found');
        assert.equal(answer.headers['content-type'], 'application/json');
        assert.ok(!answer.raw.includes('canary'));
    }
});

test('the addresses of the site\'s pages all have the one page, and its policy', async () => {
    for (const path of ['//posts', '//posts/7/edit', '//books/', '//login?next=/posts/7', '//people/1']) {
        const answer = await site.get(path);
        assert.deepEqual([answer.status, answer.headers['content-type']], [200, 'text/html; charset=utf-8'], path);
        assert.ok(answer.raw.includes('<title>Quire</title>'));
        assert.match(answer.headers['content-security-policy'], /require-trusted-types-for 'script'/);
    }
    assert.equal((await site.get('//js/app.mjs')).headers['content-security-policy'], "default-src 'none'");
});

test('a page is not written to', async () => {
    for (const method of ['POST', 'PUT', 'DELETE', 'PATCH']) {
        for (const path of ['//', '//style.css']) {
            const answer = await site.request(method, path, { body: 'x' });
            assertError(answer, 405, 'method_not_allowed', 'Method Not Allowed');
            assert.equal(answer.headers.allow, 'GET, HEAD, OPTIONS');
        }
    }
});

test('OPTIONS of a page says what can be done with it; what is not there is 404', async () => {
    for (const path of ['//', '//style.css', '//posts/7', '//js/app.mjs']) {
        const answer = await site.request('OPTIONS', path);
        assert.deepEqual([answer.status, answer.headers.allow], [204, 'GET, HEAD, OPTIONS'], path);
        assert.deepEqual([answer.headers['cache-control'], answer.headers.vary], [undefined, undefined]);
        const unknown = await site.request('PROPFIND', path);
        assertError(unknown, 405, 'method_not_allowed', 'Method Not Allowed');
        assert.equal(unknown.headers.allow, 'GET, HEAD, OPTIONS', path);
    }
    for (const path of ['//nothing', '//nothing/x.css', '//media/x', '//.env']) {
        assertError(await site.request('OPTIONS', path), 404, 'no_route', 'Not Found');
        assertError(await site.request('PURGE', path), 404, 'no_route', 'Not Found');
    }
});

test('errors of nginx have the shape and the id of the program\'s', async () => {
    for (const [path, options, status, code] of [
        [`/posts?x=${'x'.repeat(20000)}`, {}, 414, 'uri_too_long'],
        ['/posts', { headers: { 'X-Long': 'x'.repeat(12000) } }, 431, 'headers_too_large'],
        ['//nothing', {}, 404, 'no_route'],
    ]) {
        assertError(await site.get(path, options), status, code, /./);
    }
});

test('errors of nginx carry the headers for other origins, and come as problems when asked for', async () => {
    for (const [method, path, options, status, code] of [
        ['GET', '//nothing', {}, 404, 'no_route'],
        ['POST', '//', { body: 'x' }, 405, 'method_not_allowed'],
        ['POST', '/posts', { body: 'x'.repeat(1100000) }, 413, 'body_too_large'],
        ['PURGE', '/posts', {}, 405, 'method_not_allowed'],
    ]) {
        const answer = await site.request(method, path, { ...options, origin: origins[0] });
        assertError(answer, status, code, /./);
        assert.equal(answer.headers['access-control-allow-origin'], origins[0]);
        assert.equal(answer.headers['access-control-allow-credentials'], 'true');
        const headers = { Accept: 'application/problem+json' };
        const problem = await site.request(method, path, { ...options, headers });
        assert.equal(problem.headers['content-type'], 'application/problem+json');
        assert.deepEqual([problem.json.status, problem.json.code], [status, code]);
        assert.equal(problem.json.detail, answer.json.detail);
    }
});

test('with the pool away nginx still answers: 503 in JSON, and the pages', async () => {
    const other = await startSite({ webRoot: web, settings: { WORKERS: 1 } });
    await other.pool.stop('SIGTERM');
    const answer = await other.get('/posts', { origin: origins[1] });
    assertError(answer, 503, 'service_unavailable', /./);
    assert.match(answer.headers['retry-after'], /^\d+$/);
    assert.equal(answer.headers['access-control-allow-origin'], origins[1]);
    assert.equal((await other.post('/auth/login', { email: 'a@example.com', password: 'x' })).status, 503);
    assert.equal((await other.get('//health/live')).status, 503);
    assert.equal((await other.get('//')).status, 200);
    other.startPool();
    await other.ready();
    assert.equal((await other.get('/posts')).status, 200);
});

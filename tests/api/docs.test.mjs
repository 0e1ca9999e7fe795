// The files of the documentation, /docs and /redoc, as nginx serves them (tests/browser looks at the pages themselves).
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { assertError } from './lib/contract.mjs';
import { environment, root, run } from './lib/processes.mjs';
import { startSite } from './lib/site.mjs';
import { test } from './lib/test.mjs';

const vendor = join(root, 'app/web/vendor');
assert.ok(existsSync(vendor), `there is no ${vendor}: run scripts/assets`);
const site = await startSite({ settings: { WORKERS: 1 } });

/** The directives of an answer's Content-Security-Policy, { 'script-src': "'self'", … }. */
function policyOf({ headers }) {
    return Object.fromEntries(headers['content-security-policy'].split('; ').map((directive) => {
        const blank = directive.indexOf(' ');
        return [directive.slice(0, blank), directive.slice(blank + 1)];
    }));
}

/** What a page loads, in the order of its text. */
function loadedBy({ raw }) {
    return [...raw.matchAll(/<(?:script|link)[^>]* (?:src|href)="([^"]+)"/g)].map(([, address]) => address);
}

for (const [path, file] of [['//docs', 'swagger.html'], ['//redoc', 'redoc.html']]) {
    test(`${path.slice(1)} is a page of files of this site, without a line of script in it`, async () => {
        const page = await site.get(path);
        assert.equal(page.status, 200);
        assert.equal(page.headers['content-type'], 'text/html; charset=utf-8');
        assert.equal(page.headers['cache-control'], 'no-cache');
        assert.equal(page.headers['x-content-type-options'], 'nosniff');
        assert.doesNotMatch(page.raw, /<style|\son[a-z]+=|style=|<script(?![^>]* src=)|\/\/[a-z]/i);
        assert.ok(loadedBy(page).length >= 4);
        for (const address of loadedBy(page)) {
            assert.equal((await site.get(`/${address}`)).status, 200, address);
        }
        for (const same of [`${path}/`, `//docs/${file}`, `${path}?x=1`]) {
            const answer = await site.get(same);
            assert.equal(answer.raw, page.raw, same);
            assert.equal(answer.headers['content-security-policy'], page.headers['content-security-policy']);
        }
        const head = await site.head(path);
        assert.equal(head.status, 200);
        assert.equal(Number(head.headers['content-length']), page.buffer.length);
        const again = await site.get(path, { headers: { 'If-None-Match': page.headers.etag } });
        assert.equal(again.status, 304);
        const options = await site.request('OPTIONS', path);
        assert.deepEqual([options.status, options.headers.allow], [204, 'GET, HEAD, OPTIONS']);
    });
}

test('the policy allows what the two pages need, and no script that is not a file of this site', async () => {
    const [docs, redoc] = [policyOf(await site.get('//docs')), policyOf(await site.get('//redoc'))];
    const both = { 'default-src': "'none'", 'script-src': "'self'", 'connect-src': "'self'", 'img-src': "'self' data:",
        'base-uri': "'none'", 'form-action': "'none'", 'frame-ancestors': "'none'" };
    assert.deepEqual(docs, { ...both, 'style-src': "'self'" });
    const { 'style-src': styles, ...rest } = redoc;
    assert.deepEqual(rest, { ...both, 'worker-src': 'blob:' });
    assert.match(styles, /^'self'( 'sha256-[A-Za-z0-9+/]{43}='){2}$/);
    for (const path of ['//docs/swagger.js', '//docs/redoc.js', '//vendor/redoc/bundles/redoc.standalone.js']) {
        assert.equal(policyOf(await site.get(path))['default-src'], "'none'", path); // it is no page
    }
});

test('the libraries come compressed beforehand, to who takes that', async () => {
    for (const [file, type] of [['swagger-ui-dist/swagger-ui-bundle.js', 'text/javascript; charset=utf-8'],
        ['swagger-ui-dist/swagger-ui.css', 'text/css; charset=utf-8'],
        ['redoc/bundles/redoc.standalone.js', 'text/javascript; charset=utf-8']]) {
        const path = `//vendor/${file}`;
        const plain = await site.get(path);
        const packed = await site.get(path, { headers: { 'Accept-Encoding': 'gzip' } });
        assert.ok(plain.buffer.equals(readFileSync(join(vendor, file))), file);
        assert.equal(packed.headers['content-encoding'], 'gzip');
        assert.ok(packed.buffer.equals(readFileSync(join(vendor, `${file}.gz`))), 'compressed at set-up, not now');
        assert.ok(gunzipSync(packed.buffer).equals(plain.buffer));
        assert.notEqual(packed.headers.etag, plain.headers.etag);
        for (const [answer, asked] of [[plain, {}], [packed, { 'Accept-Encoding': 'gzip' }]]) {
            assert.equal(answer.headers['content-type'], type);
            assert.equal(answer.headers['cache-control'], 'no-cache');
            assert.equal(answer.headers['x-content-type-options'], 'nosniff');
            assert.match(answer.headers.vary, /Accept-Encoding/);
            assert.match(answer.headers.etag, /^"[^"]+"$/);
            const again = await site.get(path, { headers: { ...asked, 'If-None-Match': answer.headers.etag } });
            assert.equal(again.status, 304);
        }
    }
});

test('no folder is listed, and what is not there is 404 in JSON', async () => {
    for (const path of ['//docs/nothing', '//docs/index.html', '//docs//', '//docsx', '//redoc/x', '//redoc.html',
        '//docs/.hidden', '//docs/..%2fREADME.md', '//vendor', '//vendor/', '//vendor/redoc/', '//vendor/.made-of',
        '//vendor/redoc/bundles/redoc.standalone.js.gz', '//vendor/redoc/bundles/redoc.standalone.js.map']) {
        assertError(await site.get(path), 404, 'no_route', 'Not Found');
    }
    assertError(await site.get('//docs/..%2f..%2fREADME.md'), 400, 'bad_request', 'Bad Request');
    for (const path of ['//docs', '//redoc', '//vendor/swagger-ui-dist/swagger-ui.css']) {
        const refused = await site.post(path, {});
        assertError(refused, 405, 'method_not_allowed', 'Method Not Allowed');
        assert.equal(refused.headers.allow, 'GET, HEAD, OPTIONS');
    }
});

test('QUIRE_DOCS=off hides both pages, and the document stays', async () => {
    const silent = await startSite({ settings: { WORKERS: 1 }, nginx: { QUIRE_DOCS: 'off' } });
    for (const path of ['//docs', '//docs/', '//redoc', '//redoc/', '//docs/swagger.html', '//docs/redoc.js']) {
        assertError(await silent.get(path), 404, 'no_route', 'Not Found');
    }
    assert.equal((await silent.get('//openapi.json')).status, 200);
    assert.equal((await silent.get('//')).status, 200);
    const wrong = await run(join(root, 'scripts/nginx-conf'), [], { env: environment({ QUIRE_DOCS: 'maybe',
        QUIRE_SOCKET: '/s', QUIRE_WEB_ROOT: '/w', QUIRE_RUN_DIR: '/r' }) });
    assert.equal(wrong.code, 2);
    assert.equal(wrong.stderr, 'nginx-conf: QUIRE_DOCS must be on or off, not maybe\n');
});

test('what was copied is complete: each file of the list, no address of a foreign picture, licences along', () => {
    const wanted = readFileSync(join(root, 'app/assets/files'), 'utf8').split('\n')
        .filter((line) => line !== '' && !line.startsWith('#')).map((line) => line.split(' ')[0]);
    const found = readdirSync(vendor, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
        .map(({ parentPath, path, name }) => join(parentPath ?? path, name).slice(vendor.length + 1));
    assert.deepEqual(found.filter((name) => !/\.gz$|^\.made-of$/.test(name)).sort(), wanted.sort());
    assert.ok(!readFileSync(join(vendor, 'redoc/bundles/redoc.standalone.js'), 'utf8').includes('cdn.redoc.ly'));
    for (const name of new Set(wanted.map((file) => /^(@[^/]+\/)?[^/]+/.exec(file)[0]))) {
        assert.ok(wanted.includes(`${name}/LICENSE`) || wanted.includes(`${name}/LICENSE.md`), name);
    }
});

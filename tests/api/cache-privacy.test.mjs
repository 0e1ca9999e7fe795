// The proof that nothing private can get into nginx's cache: every GET of the interface is asked by people who say who they
// are, in every way in which that can be said, and then by nobody; what nobody gets is what they get without a cache, and
// each file of the cache came of a request of nobody. Then what others try to put there.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { after } from 'node:test';
import { join } from 'node:path';
import { Client } from './lib/client.mjs';
import { settle } from './lib/community.mjs';
import { startNginx } from './lib/nginx.mjs';
import { operationsOf } from './lib/operations.mjs';
import { root } from './lib/processes.mjs';
import { ask, kept, newId } from './lib/raw.mjs';
import { origins, startSite, strangeOrigin } from './lib/site.mjs';
import { test } from './lib/test.mjs';

const site = await startSite({ nginx: { QUIRE_CACHE: 'on' } });

// The same pool without a cache: what nobody may see, and sees.
const bareDir = join(site.dir, 'bare');
mkdirSync(bareDir);
const bare = await startNginx({ dir: bareDir, socket: site.socket, webRoot: join(root, 'app/web'),
    settings: { CORS_ORIGINS: origins.join(','), QUIRE_MEDIA_DIR: join(site.dir, 'media') } });
const uncached = new Client(bare.port);
after(() => bare.stop());

const people = await settle(site, 12);
const { ada, admin } = people;
const canary = `canary-${randomUUID()}`;
const draft = await site.createPost(ada, { title: canary, content: canary, published: false });
await site.query(`UPDATE tweet_threads SET topic = '${canary}' WHERE user_id = ${ada.id}`);
const entered = await site.request('POST', '/auth/login', { json: { email: ada.email, password: ada.password, mode: 'cookie' },
    headers: { 'User-Agent': canary } });
const cookies = entered.headers['set-cookie'].map((line) => line.split(';')[0]);
cookies.forEach((each) => site.keep(each.split('=')[1]));
const cookie = cookies.join('; ');
const canaries = [canary, ada.email, admin.email, ada.token, ada.refresh, ...cookies.map((each) => each.split('=')[1])];

const document = JSON.parse((await site.get('//openapi.json')).raw);
const KEYS = { posts: people.post, users: ada.id, roles: people.role, comments: 200001, microposts: 300001,
    threads: people.thread, histories: people.thread, book_uid: people.book, tag_uid: people.tag,
    review_uid: '00000003-0000-7000-8000-000000000001' };
const fill = (path) => path.replace(/([^/]+)\/\{(\w+)\}/g, (_, kind, key) => `${kind}/${KEYS[key] ?? KEYS[kind]}`);
const targets = [...operationsOf(document).filter(({ method }) => method === 'GET').map(({ path }) => fill(path)),
    `/api/v1/posts/${draft.id}`, `/api/v1/posts/${draft.id}/comments`, '/api/v1/posts?published=false',
    `/api/v1/posts?owner_id=${ada.id}&limit=100`, '/api/v1/posts?include=comments,tags', '/api/v1/users?include=roles'];

const T = `Bearer ${ada.token}`;
// The header lines, and whether they say who is asking.
const SAYING = {
    'a token': [`Authorization: ${T}`],
    'an admin': [`Authorization: Bearer ${admin.token}`],
    'small letters': [`authorization: bearer ${ada.token}`],
    'blanks around it': [`Authorization:\t  Bearer   ${ada.token}  `],
    'a bad token': ['Authorization: Bearer x.y.z'],
    'another scheme': [`Authorization: Basic ${Buffer.from(`${ada.email}:x`).toString('base64')}`],
    'two tokens': [`Authorization: ${T}`, `Authorization: ${T}`],
    'nothing, then a token': ['Authorization:', `Authorization: ${T}`],
    'a cookie': [`Cookie: ${cookie}`],
    'a cookie in small letters': [`cookie: ${cookie}`],
    'a cookie that is none of ours': ['Cookie: theme=dark'],
    'two lines of cookies': ['Cookie: theme=dark', `Cookie: ${cookie}`],
    'an empty line of cookies, then one': ['Cookie:', `Cookie: ${cookie}`],
    'a cookie, then an empty line': [`Cookie: ${cookie}`, 'Cookie:'],
    'both': [`Authorization: ${T}`, `Cookie: ${cookie}`],
    'a bad token and a cookie': ['Authorization: Bearer x.y.z', `Cookie: ${cookie}`],
    'a token and no cookie': [`Authorization: ${T}`, 'Cookie:'],
    'an empty Authorization and a cookie': ['Authorization:', `Cookie: ${cookie}`],
};
// These say it in no way that the pool hears.
const SILENT = {
    'nothing': [],
    'empty lines': ['Authorization:', 'Cookie:'],
    'another header': [`Proxy-Authorization: ${T}`, `X-Authorization: ${T}`],
    'names that CGI would confuse': [`HTTP_AUTHORIZATION: ${T}`, `Authorization_: ${T}`, `_Cookie: ${cookie}`],
};

const ofNobody = new Set();
const seen = new Set(kept(site).map(({ file, id }) => `${file} ${id}`)); // what the site itself has read at its start
let checked = 0;

/** Every file of the cache that is new: what it holds, and of whom it came. */
function checkFiles() {
    for (const { file, text, head, key, id } of kept(site)) {
        if (seen.has(`${file} ${id}`)) {
            continue;
        }
        seen.add(`${file} ${id}`);
        checked += 1;
        const lines = head.filter((line) => /^cache-control:/i.test(line));
        assert.match(key, /^GET http:\/\/[^/]+\/(api\/v1\/|openapi\.json)/, text);
        assert.ok(lines.length === 1 && lines[0].startsWith('Cache-Control: public, '), `${key}: ${lines}`);
        assert.match(head[0], /^Status: 200 /, key);
        assert.ok(!head.some((line) => /^(set-cookie|x-error-code|ratelimit|x-accel|www-auth)/i.test(line)), `${head}`);
        assert.ok(ofNobody.has(id), `${key} came of a request that said who was asking (${id})`);
        assertClean(text, key);
    }
}

function assertClean(text, what) {
    const found = canaries.find((each) => text.includes(each));
    assert.equal(found, undefined, `${what} shows ${found}`);
}

/** Nobody asks, without and with a cache: the same. */
async function askAsNobody(target, what) {
    const id = newId();
    ofNobody.add(id);
    const answer = await ask(site.client, target, [], { id });
    assertClean(answer.raw, `${what} ${target}`);
    assert.equal(answer.headers['x-request-id'], id, 'an id of somebody else');
    const plain = await ask(uncached, target);
    assert.equal(answer.status, plain.status, `${what} ${target}`);
    if (!/health|metrics/.test(target)) {
        assert.equal(answer.body, plain.body, `${what} ${target}`);
    }
    return answer;
}

let variants = 0;
const fresh = (target) => `${target}${target.includes('?') ? '&' : '?'}variant=${++variants}`;

test('every GET, by people who say who they are in every way, leaves nothing behind for nobody', { timeout: 300000 }, async () => {
    assert.ok(targets.length > 35, `${targets.length}`);
    let private_ = 0;
    for (const each of targets) {
        for (const [what, lines] of Object.entries(SAYING)) {
            const target = fresh(each);
            for (let i = 0; i < 2; i++) {
                const answer = await ask(site.client, target, lines);
                assert.equal(answer.headers['cache-status'], undefined, `${what} came near the cache: ${target}`);
                assert.doesNotMatch(answer.headers['cache-control'], /public/, `${what} ${target}`);
                private_ += canaries.some((one) => answer.body.includes(one));
            }
            await askAsNobody(target, what);
        }
        checkFiles();
    }
    assert.ok(private_ > 100, `only ${private_} answers held something private: the test proves nothing`);
    assert.ok(checked > 100, `only ${checked} answers were kept: the test proves nothing`);
});

test('what nobody hears is nobody: it may be kept, and holds nothing of anybody', { timeout: 120000 }, async () => {
    const before = checked;
    for (const each of targets) {
        for (const [what, lines] of Object.entries(SILENT)) {
            const target = fresh(each);
            const id = newId();
            ofNobody.add(id);
            assertClean((await ask(site.client, target, lines, { id })).raw, `${what} ${target}`);
            await askAsNobody(target, what);
        }
        checkFiles();
    }
    assert.ok(checked > before + 50, `${checked - before}`);
});

test('what is kept is given to nobody but those who say nothing', async () => {
    const target = `/api/v1/posts?owner_id=${ada.id}&limit=100`;
    await askAsNobody(target, 'first');
    // What is kept is fresh for a second, which a busy machine may need between two requests.
    let status;
    for (let tries = 1; tries <= 3 && !/hit/.test(status); tries++) {
        status = (await askAsNobody(target, 'again')).headers['cache-status'];
    }
    assert.match(status, /hit/);
    for (const [what, lines] of Object.entries(SAYING)) {
        const answer = await ask(site.client, target, lines);
        assert.equal(answer.headers['cache-status'], undefined, what);
        if (/^(a token|a cookie|both|small letters)$/.test(what)) {
            assert.ok(answer.body.includes(canary), `${what}: not their own answer`);
        }
    }
});

/** Headers that must be the same for who comes after. */
const ALIKE = ['content-type', 'vary', 'etag', 'link', 'access-control-allow-origin', 'access-control-allow-credentials',
    'cache-control', 'location', 'x-total-count', 'x-error-code'];

test('nobody can put an answer there that another request gets', async () => {
    const list = (n) => `/api/v1/posts?limit=${1 + n % 100}&skip=${Math.floor(n / 100)}`;
    const long = 'x'.repeat(7000);
    const poisons = [
        [['X-Forwarded-Host: evil.example', 'X-Forwarded-Proto: https', 'X-Forwarded-For: 1.2.3.4', 'Forwarded: host=evil.example']],
        [['X-Original-URL: /api/v1/users/me', 'X-Rewrite-URL: /api/v1/users/me', 'X-Forwarded-Prefix: /evil']],
        [['X-HTTP-Method-Override: DELETE', 'X-Method-Override: POST', 'X-HTTP-Method: PUT']],
        [['Accept: application/problem+json']], [['Accept: text/html']], [['Accept-Encoding: gzip, br']],
        [['Accept-Language: tlh']], [['Range: bytes=0-3']], [['If-Range: "x"', 'Range: bytes=0-0']],
        [['If-None-Match: *']], [['If-Match: "x"']], [['If-Modified-Since: Sat, 21 Nov 2099 00:00:00 GMT']],
        [['If-Unmodified-Since: Sat, 21 Nov 1999 00:00:00 GMT']], [['Prefer: respond-async, return=minimal']],
        [['Idempotency-Key: x']], [[`Origin: ${strangeOrigin}`]], [[`Origin: ${origins[0]}`]], [['Origin: null']],
        [['Sec-Fetch-Site: cross-site']], [['Content-Length: 5'], { body: 'hello' }],
        [['Content-Type: application/json', 'Content-Length: 2'], { body: '{}' }],
        [['Transfer-Encoding: chunked'], { body: '5\r\nhello\r\n0\r\n\r\n' }],
        [['Cache-Control: no-cache, no-store', 'Pragma: no-cache']], [['X-Accel-Expires: 3600', 'X-Accel-Redirect: /x']],
        [[], { method: 'HEAD' }], [[], { method: 'OPTIONS' }], [[], { method: 'POST' }], [[`X-Long: ${long}`]],
        [[], { host: 'evil.example' }], [[], { host: '127.0.0.1:81' }], [[], { host: null }], [[], { id: 'bad id: \u0001' }],
        [[], { id: `${'i'.repeat(500)}` }],
    ];
    for (const [n, [lines, options = {}]] of poisons.entries()) {
        const target = list(n);
        const what = JSON.stringify([lines, options]).slice(0, 200);
        for (let i = 0; i < 2; i++) {
            await ask(site.client, target, lines, { ...options });
        }
        for (const origin of [[], [`Origin: ${origins[0]}`], [`Origin: ${origins[1]}`], [`Origin: ${strangeOrigin}`]]) {
            const answer = await ask(site.client, target, origin);
            const plain = await ask(uncached, target, origin);
            assert.equal(answer.status, plain.status, what);
            assert.equal(answer.body, plain.body, what);
            for (const name of ALIKE) {
                assert.equal(answer.headers[name], plain.headers[name], `${name} after ${what}`);
            }
        }
    }
});

test('other spellings of a path are answered as without a cache', async () => {
    const id = people.post;
    for (const path of [`/api/v1/posts/${id}`, `/api/v1/posts/${id}/`, `/api/v1/posts/%3${String(id)[0]}${String(id).slice(1)}`,
        `/api/v1/%70osts/${id}`, `/api/v1/posts%2F${id}`, `/api/v1//posts/${id}`, `/api/v1/x/../posts/${id}`,
        `/API/v1/posts/${id}`, `/api/v1/posts/${id}?`, `/api/v1/posts/${id}?a`, `/api/v1/posts/${id}#x`, `/api/v1/posts/${id};x`,
        `/api/v1/posts/${id}%00`, `/api/v1/posts/${id}%0a`, `/api/v1/posts/0${id}`, '/api/v1/users/me', '/api/v1/users/%6de',
        `/api/v1/posts/${id}/../../users/me`, `/api/v1/posts/${id}%2f..%2f..%2fusers%2fme`, `/api/v1/posts/${id}?${'q'.repeat(9000)}`,
        `http://127.0.0.1/api/v1/posts/${id}`]) {
        await ask(site.client, path, [`Authorization: ${T}`]);
        for (let i = 0; i < 2; i++) {
            const answer = await ask(site.client, path);
            const plain = await ask(uncached, path);
            assert.deepEqual([answer.status, answer.body], [plain.status, plain.body], path);
            assertClean(answer.raw, path);
        }
    }
});

test('nginx has nothing to complain of', () => {
    assert.equal(readFileSync(site.front.errorLog, 'utf8').split('\n').filter((line) => /\[(alert|crit|emerg)\]/.test(line)).join('\n'), '');
});

test('while PUBLIC_READ is off nothing is kept', async () => {
    const closed = await startSite({ nginx: { QUIRE_CACHE: 'on' }, settings: { PUBLIC_READ: false } });
    const eve = await closed.signUp();
    const post = await closed.createPost(eve);
    for (const path of ['/posts', `/posts/${post.id}`, `/users/${eve.id}`]) {
        for (let i = 0; i < 2; i++) {
            assert.equal((await closed.get(path, eve)).headers['cache-control'], 'private, no-cache');
            assert.equal((await closed.get(path)).status, 401);
        }
    }
    assert.deepEqual(kept(closed), []);
});

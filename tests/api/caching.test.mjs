// Caching: what each answer says of who may keep it, and nginx's cache of what anybody may read: how old it may be, that
// who is signed in never meets it, that a crowd asks the pool once, and how long it lasts when the pool is gone.
import assert from 'node:assert/strict';
import { loggedByNginx } from './lib/logs.mjs';
import { sleep } from './lib/processes.mjs';
import { kept } from './lib/raw.mjs';
import { origins, startSite } from './lib/site.mjs';
import { test } from './lib/test.mjs';

const PUBLIC = 'public, max-age=0, must-revalidate, s-maxage=1, stale-while-revalidate=1, stale-if-error=10';
const site = await startSite({ nginx: { QUIRE_CACHE: 'on' } });
const ada = await site.signUp();
const admin = await site.admin();

const policy = (answer) => answer.headers['cache-control'];
const how = (answer) => answer.headers['cache-status'];
/** The request lines of the pool with this path's route, from the mark on. */
const asked = (from, route) => site.log.lines().slice(from).filter((line) => line.route === route).length;

/**
 * What `ask` gives: { fetched, hits }, answers. Asked up to three times, each at other addresses, while one of the hits is
 * none: what is kept is fresh for a second, which a busy machine may need between two requests.
 */
async function inTime(ask) {
    for (let tries = 1; ; tries++) {
        const answers = await ask(tries);
        if (tries === 3 || answers.hits.every((answer) => how(answer) === 'nginx; hit')) {
            return answers;
        }
    }
}

test('each answer says who may keep it', async () => {
    const post = await site.createPost(ada);
    for (const path of ['/posts', `/posts/${post.id}`, '/tags', '/books', '/microposts', `/users/${ada.id}`, '//openapi.json']) {
        assert.equal(policy(await site.get(path)), PUBLIC, path);
        assert.equal(policy(await site.head(path)), PUBLIC, path);
        assert.equal(policy(await site.get(path, ada)), 'private, no-cache', path);
        assert.equal(policy(await site.get(path, { headers: { Cookie: 'theme=dark' } })), 'private, no-cache', path);
    }
    for (const path of ['/users/me', '/users/me/voted-posts', '/tweets/histories', `/users/${ada.id}/roles`]) {
        assert.equal(policy(await site.get(path, ada)), 'private, no-cache', path);
    }
    for (const path of ['/users/me/export', '/auth/sessions', '/audit', '//health/live', '//health/ready']) {
        assert.equal(policy(await site.get(path, admin)), 'no-store', path);
    }
    for (const answer of [await site.get('/posts/999999'), await site.get('/posts/x'), await site.get('/nowhere'),
        await site.get('/users/me'), await site.post('/posts', {}, ada), await site.patch(`/posts/${post.id}`, {}, ada),
        await site.get('/posts', { token: 'bad' }), await site.post('/posts', { title: 't', content: 'c' }, ada),
        await site.delete(`/posts/${post.id}`, ada), await site.get(`//${'x'.repeat(9000)}`)]) {
        assert.equal(policy(answer), 'no-store', answer.raw);
    }
    assert.equal(policy(await site.get('//.well-known/jwks.json')), 'public, max-age=300');
});

test('Vary names what an answer differs by', async () => {
    const names = (answer) => answer.headers.vary?.toLowerCase().split(/, */).sort().join(' ');
    assert.equal(names(await site.get('/tags')), 'authorization cookie origin');
    assert.equal(names(await site.get('/users/me', ada)), 'authorization cookie origin');
    assert.equal(names(await site.get('/posts/999999')), 'accept authorization cookie origin');
    assert.equal(names(await site.get('//health/live')), 'origin');
});

test('the second who asks gets what is kept, under a request id of their own, and 304 for what they know', async () => {
    const id = (n) => `the-second-one-${n}`;
    const { n, path, fetched: [first], hits: [second, known] } = await inTime(async (n) => {
        const path = `/posts/${(await site.createPost(ada)).id}`;
        const first = await site.get(path);
        return { n, path, fetched: [first], hits: [await site.get(path, { headers: { 'X-Request-ID': id(n) } }),
            await site.get(path, { headers: { 'If-None-Match': first.headers.etag } })] };
    });
    assert.deepEqual([how(first), how(second)], ['nginx; fwd=miss', 'nginx; hit']);
    assert.equal(second.raw, first.raw);
    assert.equal(second.headers.etag, first.headers.etag);
    assert.equal(second.headers['x-request-id'], id(n));
    assert.notEqual(first.headers['x-request-id'], id(n));
    assert.deepEqual([known.status, how(known)], [304, 'nginx; hit']);
    // And where that is the request which fetches it.
    await site.patch(path, { title: 'again' }, ada);
    await sleep(3100);
    const old = await site.get(path, { headers: { 'If-None-Match': first.headers.etag } });
    assert.deepEqual([old.status, how(old), old.json?.title], [200, 'nginx; fwd=stale', 'again']);
    const [line] = await loggedByNginx(site.front, [id(n)]);
    assert.equal(line.cache, 'HIT');
});

test('pages of other origins get their own headers', async () => {
    const { path, fetched, hits } = await inTime(async (n) => {
        const path = `/posts?limit=${6 + n}`;
        await site.get(path);
        const [fetched, hits] = [[], []];
        for (const answers of [fetched, hits]) {
            for (const origin of origins) {
                const answer = await site.get(path, { origin });
                assert.equal(answer.headers['access-control-allow-origin'], origin);
                answers.push(answer);
            }
        }
        return { path, fetched, hits };
    });
    assert.deepEqual(fetched.map(how), origins.map(() => 'nginx; fwd=miss'));
    assert.deepEqual(hits.map(how), origins.map(() => 'nginx; hit'));
    assert.equal((await site.get(path)).headers['access-control-allow-origin'], undefined);
});

/** Asks until the answer is the new one: an old one may not be given to who asks three seconds after the write. */
async function inThreeSeconds(path, isNew) {
    const end = Date.now() + 4000; // three, and one for a machine with other work
    for (let asked = Date.now(); !isNew(await site.get(path)); asked = Date.now()) {
        assert.ok(asked < end, 'an old answer after more than that');
        await sleep(25);
    }
}

test('who is signed in sees their own writes at once; everybody else within three seconds', async () => {
    const post = await site.createPost(ada);
    const path = `/posts/${post.id}`;
    await site.get(path);
    for (let i = 0; i < 20; i++) {
        const title = `edit ${i}`;
        await site.patch(path, { title }, ada);
        assert.equal((await site.get(path, ada)).json.title, title);
        assert.equal((await site.get('/posts?sort_by=-id&limit=1', ada)).json[0].title, title);
        await site.get(path); // so that the cache always has an older one
    }
    await inThreeSeconds(path, ({ json }) => json.title === 'edit 19');
    await site.get(path);
    await site.delete(path, ada);
    assert.equal((await site.get(path, ada)).status, 404);
    await inThreeSeconds(path, ({ status }) => status === 404);
});

test('writes, HEAD, errors and what is not the interface stay out of it', async () => {
    const before = kept(site).length;
    for (let i = 0; i < 2; i++) {
        for (const answer of [await site.head('/posts?limit=9'), await site.get('/posts/999999'), await site.get('/posts?limit=x'),
            await site.get('//health/live'), await site.get('//.well-known/jwks.json'), await site.get('//'),
            await site.get('/users/me'), await site.post('/posts', { title: 't', content: 'c' }, ada)]) {
            assert.ok(!/hit/.test(how(answer) ?? ''), `${answer.raw}: ${how(answer)}`);
        }
    }
    assert.ok(kept(site).length <= before);
});

test('a crowd that comes at once asks the pool few times', async () => {
    // Who has waited for a tenth of a second asks the pool, too: where the first needed longer, another crowd comes.
    for (let tries = 1, count = 60; count > 30; tries++) {
        const book = await site.createBook(ada);
        const from = site.log.lines().length;
        const answers = await Promise.all(Array.from({ length: 60 }, () => site.get(`/books/${book.uid}`)));
        assert.ok(answers.every(({ status }) => status === 200));
        const last = await site.get('/tags');
        await site.log.ofRequest(last.headers['x-request-id']);
        count = asked(from, '/books/{book_uid}');
        assert.ok(count >= 1 && (count <= 30 || tries < 3), `the pool was asked ${count} times for 60`);
    }
});

test('where it is switched off every request is one of the pool', async () => {
    const other = await startSite({ nginx: { QUIRE_CACHE: 'off' } });
    for (let i = 0; i < 3; i++) {
        const answer = await other.get('/posts');
        assert.equal(how(answer), undefined);
        assert.equal(policy(answer), PUBLIC); // for others that may stand in front
    }
    assert.deepEqual(kept(other), []);
});

// The last one: the pool is gone afterwards.
test('the pool is gone: what was kept lasts ten seconds more, and is nothing to who is signed in', async () => {
    const post = await site.createPost(ada);
    const path = `/posts/${post.id}`;
    const early = Date.now();
    await site.get(path);
    const begun = Date.now(); // it was kept between the two
    assert.equal((await site.pool.stop('SIGTERM')).code, 0);
    assert.equal((await site.get(path, ada)).status, 503);
    assert.equal((await site.get('/posts?limit=13')).status, 503);
    await sleep(3500);
    // By when it was asked for and answered: the machine may have had other work in between.
    for (let answer, n = 0; answer?.status !== 503; n++) {
        const asked = Date.now() - begun;
        answer = await site.get(path);
        const answered = Date.now() - early;
        if (answer.status === 503) {
            assert.ok(answered > 9000, `it ended after ${answered} ms`);
        } else {
            assert.equal(answer.status, 200);
            assert.ok(asked < 14500, `it was there after ${asked} ms`);
        }
        if (n === 0 && answered <= 9000) {
            assert.equal(how(answer), 'nginx; hit; detail=stale');
        }
        await sleep(25);
    }
});

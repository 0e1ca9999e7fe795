// LIMIT_CREATE: how much one account may add, against floods. What holds for all limits: limits.test.mjs.
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { assertError, assertLimited } from './lib/contract.mjs';
import { atGate, closeGate, gateReached } from './lib/locks.mjs';
import { file, form, png } from './lib/pictures.mjs';
import { startSite } from './lib/site.mjs';
import { test } from './lib/test.mjs';

const site = await startSite({ settings: { LIMIT_CREATE: '7/24h', DB_TIMEOUT: 30 } });

test('what an account adds counts together, whatever it is; what it reads, changes, deletes or votes does not', async () => {
    const [ada, bob] = [await site.signUp(), await site.signUp()];
    const add = (path, body, who = ada, headers = {}) => site.post(path, body, { token: who.token, headers });
    const post = await add('/posts', { title: 'one', content: 'c' });
    const book = await add('/books', { title: 'two', author: 'a', publisher: 'p', published_date: '2020-01-01', page_count: 1,
        language: 'en' });
    const under = `/posts/${post.json.id}`;
    const others = () => [['/microposts', { body: 'three' }], [`${under}/comments`, { text: 'four' }],
        [`/books/${book.json.uid}/reviews`, { rating: 5, review_text: 'five' }], ['/tags', { name: site.name('six') }]];
    const answers = [post, book];
    for (const [path, body] of others()) {
        answers.push(await add(path, body));
    }
    assert.deepEqual(answers.map(({ status }) => status), Array(6).fill(201), answers.map(({ raw }) => raw).join('\n'));
    assert.deepEqual(answers.map(({ headers }) => headers['ratelimit-remaining']), ['6', '5', '4', '3', '2', '1']);
    assert.equal((await add('/posts', { title: '' })).status, 422);
    for (const answer of [await site.patch(under, { title: 'changed' }, { token: ada.token }), await site.get(under, ada),
        await site.put(`${under}/vote`, { vote_type: 'upvote' }, { token: ada.token })]) {
        assert.ok(answer.status < 300, answer.raw);
        assert.equal(answer.headers['ratelimit-limit'], undefined);
    }
    const key = { 'Idempotency-Key': 'the last' };
    const last = await add('/posts', { title: 'seven', content: 'c' }, ada, key);
    assert.deepEqual([last.status, last.headers['ratelimit-remaining']], [201, '0']);
    assert.equal((await add('/posts', { title: 'seven', content: 'c' }, ada, key)).raw, last.raw);
    const before = await site.count('microposts');
    for (const [path, body] of [['/posts', { title: 't', content: 'c' }], ['/books', { ...book.json, title: 'another' }], ...others()]) {
        assertLimited(await add(path, body), 7);
    }
    assert.equal(await site.count('microposts'), before);
    assert.equal((await add(`${under}/comments`, { text: 'bob may' }, bob)).headers['ratelimit-remaining'], '6');
    assert.equal((await site.delete(under, ada)).status, 204);
});

test('a picture counts, also one that is kept for a profile that is not changed; one too many is not kept', async () => {
    const ada = await site.signUp();
    const upload = (mark, headers = {}) => site.request('PUT', '/users/me/avatar',
        { token: ada.token, headers, ...form([file(png({ padding: Buffer.from(mark) }))]) });
    const kept = () => readdirSync(site.settings.MEDIA_DIR, { recursive: true }).filter((name) => name.endsWith('.png')).length;
    for (const [i, status] of [201, ...Array(5).fill(200)].entries()) {
        const answer = await upload(`${i}`);
        assert.deepEqual([answer.status, answer.headers['ratelimit-remaining']], [status, String(6 - i)], answer.raw);
    }
    assert.equal((await upload('stale', { 'If-Match': '"none"' })).status, 412);
    assert.equal(kept(), 7);
    assertLimited(await upload('one too many'), 7);
    assert.equal(kept(), 7);
});

test('a tag that tagging makes counts as one that is added; one that is there does not', async () => {
    const ada = await site.signUp();
    const post = await site.createPost(ada);
    const book = await site.createBook(ada);
    const names = Array.from({ length: 20 }, () => ({ name: site.name('tag') }));
    const put = (tags, path = `/posts/${post.id}/tags`, headers = {}) => site.post(path, { tags }, { token: ada.token, headers });
    const left = ({ status, headers }) => [status, headers['ratelimit-limit'], headers['ratelimit-remaining']];
    assert.deepEqual(left(await put(names.slice(0, 3))), [200, '7', '2']);
    assert.deepEqual(left(await put(names.slice(1, 4), `/books/${book.uid}/tags`)), [200, '7', '1']);
    assert.deepEqual(left(await put(names.slice(0, 4))), [200, undefined, undefined]);
    const key = { 'Idempotency-Key': 'two' };
    assertLimited(await put(names.slice(3, 6), undefined, key), 7);
    assert.equal(await site.count('tags', `name IN ('${names[4].name}', '${names[5].name}')`), 0);
    assert.deepEqual(left(await put(names.slice(4, 5))), [200, '7', '0']);
    assertLimited(await put(names.slice(5, 6), `/books/${book.uid}/tags`), 7);
    assertLimited(await site.post('/tags', { name: site.name('tag') }, { token: ada.token }), 7);
    // What was refused is not kept under its key; and more than the whole limit takes all of it.
    await site.query('DELETE FROM rate_limits');
    const done = await put(names.slice(3, 6), undefined, key);
    assert.deepEqual([left(done), done.headers['idempotent-replayed']], [[200, '7', '6'], undefined]);
    await site.query('DELETE FROM rate_limits');
    assert.deepEqual(left(await put(names)), [200, '7', '0']);
});

test('the same again while the first is running, which took the last: 409 under its key, and then its answer', async () => {
    const ada = await site.signUp();
    await site.query(`CREATE TRIGGER slow BEFORE INSERT ON microposts FOR EACH ROW
        DO IF(NEW.user_id = ${ada.id} AND NEW.body = 'slow', ${atGate(site)}, 0)`);
    const add = (body, headers = {}) => site.post('/microposts', { body }, { token: ada.token, headers });
    for (let i = 0; i < 6; i++) {
        assert.equal((await add('quick')).status, 201);
    }
    const key = { 'Idempotency-Key': 'slow' };
    const open = await closeGate(site);
    const running = add('slow', key);
    await gateReached(site);
    assertError(await add('slow', key), 409, 'conflict', /still running/);
    assertLimited(await add('slow', { 'Idempotency-Key': 'another' }), 7);
    assertLimited(await add('slow'), 7);
    await open();
    const first = await running;
    assert.deepEqual([first.status, (await add('slow', key)).raw], [201, first.raw]);
    await site.query('DROP TRIGGER slow');
});

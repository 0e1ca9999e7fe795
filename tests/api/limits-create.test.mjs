// LIMIT_CREATE: how much one account may add, against floods. What holds for all limits: limits.test.mjs.
import assert from 'node:assert/strict';
import { assertLimited } from './lib/contract.mjs';
import { startSite } from './lib/site.mjs';
import { test } from './lib/test.mjs';

const site = await startSite({ settings: { LIMIT_CREATE: '7/24h' } });

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

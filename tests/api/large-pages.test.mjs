// Pages of very long texts: they end early, and the walk goes on. Nobody can make a list unreadable by writing much.
import assert from 'node:assert/strict';
import { walk } from './lib/link.mjs';
import { startSite } from './lib/site.mjs';
import { test } from './lib/test.mjs';

const COUNT = 27;
const site = await startSite({ settings: { WORKERS: 1, MAX_BODY_BYTES: 4 << 20 } });
const ada = await site.signUp();
const ids = [];
for (let i = 0; i < COUNT; i++) {
    const answer = await site.post('/posts', { title: `post ${i}`, content: '中'.repeat(345000) }, ada);
    assert.equal(answer.status, 201, answer.raw.slice(0, 300));
    ids.push(answer.json.id);
}

test('a list of 27 posts of a megabyte each is walked to its end, and back', async () => {
    const there = await walk(site, '/posts?limit=100&sort_by=id');
    assert.deepEqual(there.flatMap(({ rows }) => rows.map(({ id }) => id)), ids);
    assert.deepEqual(there.map(({ rows }) => rows.length), [7, 7, 7, 6]);
    const back = await walk(site, there.at(-1).links.prev, { relation: 'prev' });
    assert.deepEqual(back.reverse().flatMap(({ rows }) => rows.map(({ id }) => id)), ids.slice(0, 21));
});

test('without the long text the whole page is there, and one post is, however long', async () => {
    const answer = await site.get('/posts?limit=100&fields=id&sort_by=id');
    assert.deepEqual(answer.json.map(({ id }) => id), ids);
    assert.equal(answer.headers.link.includes('rel="next"'), false);
    assert.equal((await site.get(`/posts/${ids[0]}`)).json.content.length, 345000);
});

test('the writer takes all of it with the export', async () => {
    const answer = await site.get('/users/me/export', ada);
    assert.deepEqual(answer.json.posts.map(({ id }) => id), ids);
});

// Votes: one for each person and post; the counters of the post always equal the rows.
import assert from 'node:assert/strict';
import {
    assertError, assertInvalid, atLeast, atMost, intFromFloat, intParsing, intTooBig, intType, literal, missing,
        noObject,
} from './lib/contract.mjs';
import { assertHas, assertMembers, assertPost, assertPublicUser, assertTime } from './lib/shapes.mjs';
import { startSite } from './lib/site.mjs';
import { test } from './lib/test.mjs';

const site = await startSite();
const ada = await site.signUp();
const bob = await site.signUp();
const cyd = await site.signUp();
const NONE = 2147480000;

function vote(post, voter, type = 'upvote') {
    return site.put(`/posts/${post.id}/vote`, { vote_type: type }, voter);
}

async function assertCounts(post, votes, score) {
    assertHas((await site.get(`/posts/${post.id}`, ada)).json, { votes, score });
}

test('PUT /posts/{id}/vote: 201 for the first, 200 for the same again and for the other kind', async () => {
    const post = await site.createPost(ada);
    await assertCounts(post, 0, 0);
    const first = await vote(post, bob);
    assert.equal(first.status, 201, first.raw);
    assert.equal(first.headers.location, `/api/v1/posts/${post.id}/vote`);
    assertHas(first.json, { vote_type: 'upvote' });
    await assertCounts(post, 1, 1);
    const same = await vote(post, bob);
    assert.deepEqual([same.status, same.headers.location], [200, undefined], same.raw);
    assertHas(same.json, { vote_type: 'upvote' });
    await assertCounts(post, 1, 1);
    const other = await vote(post, bob, 'downvote');
    assert.equal(other.status, 200, other.raw);
    assertHas(other.json, { vote_type: 'downvote' });
    await assertCounts(post, 1, -1);
    assert.equal((await vote(post, cyd)).status, 201);
    await assertCounts(post, 2, 0);
    assert.equal((await vote(post, ada)).status, 201);
    await assertCounts(post, 3, 1);
});

test('voting changes no other part of the post', async () => {
    const post = await site.createPost(ada);
    await vote(post, bob);
    assert.deepEqual((await site.get(`/posts/${post.id}`)).json, { ...post, votes: 1, score: 1 });
});

test('DELETE takes one\'s own vote back: 204, then 404', async () => {
    const post = await site.createPost(ada);
    await vote(post, bob, 'downvote');
    await vote(post, cyd, 'downvote');
    assert.equal((await site.delete(`/posts/${post.id}/vote`, bob)).status, 204);
    await assertCounts(post, 1, -1);
    assertError(await site.delete(`/posts/${post.id}/vote`, bob), 404, 'not_found');
    await assertCounts(post, 1, -1);
    assert.equal((await vote(post, bob)).status, 201);
    await assertCounts(post, 2, 0);
});

test('a vote on an unknown post is 404', async () => {
    const detail = `post with id: ${NONE} not found`;
    assertError(await vote({ id: NONE }, ada), 404, 'not_found', detail);
    assertError(await site.delete(`/posts/${NONE}/vote`, ada), 404, 'not_found', detail);
    assertError(await site.get(`/posts/${NONE}/voters`, ada), 404, 'not_found', detail);
    assertError(await site.get(`/users/${NONE}/voted-posts`, ada), 404, 'not_found',
        `user with id: ${NONE} not found`);
});

const kinds = "'upvote' or 'downvote'";
for (const [name, body, entries] of [
    ['nothing', {}, [missing(['body', 'vote_type'], {})]],
    ['another word', { vote_type: 'sideways' }, [literal(['body', 'vote_type'], 'sideways', kinds)]],
    ['another case', { vote_type: 'Upvote' }, [literal(['body', 'vote_type'], 'Upvote', kinds)]],
    ['null', { vote_type: null }, [literal(['body', 'vote_type'], null, kinds)]],
    ['a number', { vote_type: 1 }, [literal(['body', 'vote_type'], 1, kinds)]],
    ['a list', { vote_type: ['upvote'] }, [literal(['body', 'vote_type'], ['upvote'], kinds)]],
    ['no object', 'upvote', [noObject('upvote')]],
]) {
    test(`a vote of ${name} is 422 and counts nothing`, async () => {
        const post = await site.createPost(ada);
        assertInvalid(await site.put(`/posts/${post.id}/vote`, body, bob), entries);
        await assertCounts(post, 0, 0);
    });
}

test('POST /vote, the older form: 201, 409 for a second, 201 for taking it back, 404 without one', async () => {
    const post = await site.createPost(ada);
    const form = (dir) => site.post('/vote', { post_id: post.id, dir }, bob);
    const first = await form(1);
    assert.equal(first.status, 201, first.raw);
    assertMembers(first.json, ['message']);
    assert.ok(first.json.message.length > 0);
    await assertCounts(post, 1, 1);
    assertError(await form(1), 409, undefined, /./);
    await assertCounts(post, 1, 1);
    const back = await form(0);
    assert.equal(back.status, 201, back.raw);
    assertMembers(back.json, ['message']);
    await assertCounts(post, 0, 0);
    assertError(await form(0), 404, 'not_found');
    assertError(await site.post('/vote', { post_id: NONE, dir: 1 }, bob), 404, 'not_found',
        `post with id: ${NONE} not found`);
    assertError(await site.post('/vote', { post_id: NONE, dir: 0 }, bob), 404, 'not_found',
        `post with id: ${NONE} not found`);
});

test('both forms speak of the same vote', async () => {
    const post = await site.createPost(ada);
    assert.equal((await site.post('/vote', { post_id: post.id, dir: 1 }, bob)).status, 201);
    assert.equal((await vote(post, bob, 'downvote')).status, 200);
    await assertCounts(post, 1, -1);
    assertError(await site.post('/vote', { post_id: post.id, dir: 1 }, bob), 409);
    assert.equal((await site.post('/vote', { post_id: post.id, dir: 0 }, bob)).status, 201);
    await assertCounts(post, 0, 0);
});

for (const [name, body, entries] of [
    ['nothing', {}, [missing(['body', 'post_id'], {}), missing(['body', 'dir'], {})]],
    ['dir 2', { post_id: 1, dir: 2 }, [atMost(['body', 'dir'], 2, 1)]],
    ['dir -1', { post_id: 1, dir: -1 }, [atLeast(['body', 'dir'], -1, 0)]],
    ['dir "2"', { post_id: 1, dir: '2' }, [atMost(['body', 'dir'], '2', 1)]],
    ['dir null', { post_id: 1, dir: null }, [intType(['body', 'dir'], null)]],
    ['dir 0.5', { post_id: 1, dir: 0.5 }, [intFromFloat(['body', 'dir'], 0.5)]],
    ['words', { post_id: 'abc', dir: 'up' }, [intParsing(['body', 'post_id'], 'abc'),
        intParsing(['body', 'dir'], 'up')]],
    ['empty text', { post_id: '', dir: '' }, [intParsing(['body', 'post_id'], ''), intParsing(['body', 'dir'], '')]],
    ['containers', { post_id: [], dir: {} }, [intType(['body', 'post_id'], []), intType(['body', 'dir'], {})]],
    ['a fraction', { post_id: 5.5, dir: 1 }, [intFromFloat(['body', 'post_id'], 5.5)]],
    ['a huge float', { post_id: 1e300, dir: 1 }, [intTooBig(['body', 'post_id'], 1e300)]],
]) {
    test(`POST /vote with ${name} is 422`, async () => {
        assertInvalid(await site.post('/vote', body, bob), entries);
    });
}

test('integers are read as pydantic reads them', async () => {
    const post = await site.createPost(ada);
    for (const [postId, dir] of [
        [String(post.id), '1'], [`  ${post.id} `, '0'], [post.id, true], [post.id, false], [`+${post.id}`, '01'],
            [`0${post.id}`, '-0'],
    ]) {
        const answer = await site.post('/vote', { post_id: postId, dir }, bob);
        assert.equal(answer.status, 201, `${postId} ${dir}: ${answer.raw}`);
    }
    const body = `{"post_id": ${post.id}.0, "dir": 1.0}`;
    assert.equal((await site.request('POST', '/vote', { body, token: bob.token })).status, 201);
    await assertCounts(post, 1, 1);
});

test('GET /posts/{id}/voters shows who, what and when, and nothing private', async () => {
    const post = await site.createPost(ada);
    assert.deepEqual((await site.get(`/posts/${post.id}/voters`, ada)).json, []);
    await vote(post, bob);
    await vote(post, cyd, 'downvote');
    const answer = await site.get(`/posts/${post.id}/voters`, ada);
    assert.equal(answer.status, 200);
    assert.equal(answer.json.length, 2);
    for (const [person, type] of [[bob, 'upvote'], [cyd, 'downvote']]) {
        const { vote_type: kind, voted_at: at, ...user } = answer.json.find(({ id }) => id === person.id);
        assertPublicUser(user, { id: person.id, uid: person.uid, username: person.username });
        assert.equal(kind, type);
        assertTime(at);
    }
});

test('voters are a list: limit and skip walk through it', async () => {
    const post = await site.createPost(ada);
    for (const person of [ada, bob, cyd]) {
        await vote(post, person);
    }
    const all = (await site.get(`/posts/${post.id}/voters`, ada)).json.map(({ id }) => id);
    assert.deepEqual([...all].sort((a, b) => a - b), [ada.id, bob.id, cyd.id]);
    const pages = [];
    for (let skip = 0; skip < 4; ++skip) {
        pages.push(...(await site.get(`/posts/${post.id}/voters?limit=1&skip=${skip}`,
            ada)).json.map(({ id }) => id));
    }
    assert.deepEqual(pages, all);
    assertInvalid(await site.get(`/posts/${post.id}/voters?limit=0`, ada), [atLeast(['query', 'limit'], '0', 1)]);
});

test('voted-posts: one\'s own and another\'s, whole posts, what is hidden left out', async () => {
    const voter = await site.signUp();
    const open = await site.createPost(ada);
    const hidden = await site.createPost(bob, { published: false });
    const closed = await site.createPost(ada);
    for (const post of [open, closed]) {
        assert.equal((await vote(post, voter)).status, 201);
    }
    assert.equal((await vote(hidden, bob)).status, 201);
    assert.equal((await site.patch(`/posts/${closed.id}`, { published: false }, ada)).status, 200);

    const mine = await site.get('/users/me/voted-posts', voter);
    assert.deepEqual(mine.json.map(({ id }) => id), [open.id]);
    assertPost(mine.json[0], { id: open.id, votes: 1, score: 1, owner_id: ada.id });
    assert.deepEqual((await site.get(`/users/${voter.id}/voted-posts`, bob)).json.map(({ id }) => id), [open.id]);
    const seenByOwner = (await site.get(`/users/${voter.id}/voted-posts?sort_by=id`, ada)).json.map(({ id }) => id);
    assert.deepEqual(seenByOwner, [open.id, closed.id]);
    assert.deepEqual((await site.get('/users/me/voted-posts?limit=100',
        bob)).json.filter(({ id }) => id === hidden.id).length, 1);
});

test('a list shows the counters of each post', async () => {
    const word = site.name('counted');
    const posts = [];
    for (const voters of [[], [ada], [ada, bob, cyd]]) {
        const post = await site.createPost(ada, { title: word });
        for (const voter of voters) {
            await vote(post, voter, voter === cyd ? 'downvote' : 'upvote');
        }
        posts.push(post);
    }
    const answer = await site.get('/posts', { query: { search: word, sort_by: 'id' } });
    assert.deepEqual(answer.json.map(({ id, votes, score }) => [id, votes, score]),
        [[posts[0].id, 0, 0], [posts[1].id, 1, 1], [posts[2].id, 3, 1]]);
});

test('the stored counters equal the rows', async () => {
    await site.assertCounters();
});

test('GET /users/me/votes: one\'s own, of the posts of a page, and nobody else\'s', async () => {
    const dan = await site.signUp();
    const posts = [];
    for (let i = 0; i < 4; i++) {
        posts.push(await site.createPost(ada));
    }
    await vote(posts[0], dan);
    await vote(posts[1], dan, 'downvote');
    await vote(posts[3], dan);
    await vote(posts[2], bob);
    const all = await site.get('/users/me/votes', dan);
    assert.equal(all.status, 200, all.raw);
    assert.deepEqual(all.json.map(({ post_id, vote_type }) => [post_id, vote_type]),
        [[posts[0].id, 'upvote'], [posts[1].id, 'downvote'], [posts[3].id, 'upvote']]);
    for (const each of all.json) {
        assertMembers(each, ['user_id', 'post_id', 'vote_type', 'voted_at']);
        assert.equal(each.user_id, dan.id);
        assertTime(each.voted_at);
    }
    const page = await site.get(`/users/me/votes?post_id_gte=${posts[1].id}&post_id_lte=${posts[2].id}`, dan);
    assert.deepEqual(page.json.map(({ post_id }) => post_id), [posts[1].id]);
    const last = await site.get('/users/me/votes?sort_by=-voted_at&limit=1', dan);
    assert.deepEqual(last.json.map(({ post_id }) => post_id), [posts[3].id]);
    assertError(await site.get('/users/me/votes'), 401, 'unauthenticated');
});

test('a vote on what has become a draft can be taken back; who has none hears nothing of the draft', async () => {
    const carl = await site.signUp();
    for (const take of [(post, who) => site.delete(`/posts/${post.id}/vote`, who),
        (post, who) => site.post('/vote', { post_id: post.id, dir: 0 }, who)]) {
        const post = await site.createPost(ada);
        await site.put(`/posts/${post.id}/vote`, { vote_type: 'upvote' }, bob);
        await site.patch(`/posts/${post.id}`, { published: false }, ada);
        const gone = [404, 'not_found', `post with id: ${post.id} not found`];
        assertError(await site.put(`/posts/${post.id}/vote`, { vote_type: 'downvote' }, bob), ...gone);
        assertError(await take(post, carl), ...gone);
        assert.ok((await take(post, bob)).status < 300);
        assertError(await take(post, bob), ...gone);
        const { json } = await site.get(`/posts/${post.id}`, ada);
        assert.deepEqual([json.votes, json.score], [0, 0]);
    }
});

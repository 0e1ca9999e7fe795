// Concurrency: many at once leave what one after another would.
import assert from 'node:assert/strict';
import { assertHas } from './lib/shapes.mjs';
import { startSite } from './lib/site.mjs';
import { test } from './lib/test.mjs';

const site = await startSite({ settings: { WORKERS: 8 } });
const ada = await site.signUp();
const bob = await site.signUp();

function times(n, make) {
    return Promise.all(Array.from({ length: n }, (_, i) => make(i)));
}

/** { '201': 1, '409': 1 } */
function tally(answers) {
    const counts = {};
    for (const { status } of answers) {
        counts[status] = (counts[status] ?? 0) + 1;
    }
    return counts;
}

test('two registrations of one e-mail at once: one 201, one 409', async () => {
    for (let round = 0; round < 10; ++round) {
        const name = site.name();
        const answers = await times(2, (i) => site.post('/auth/register',
            { username: `${name}${i}`, email: `${name}@example.com`, password: site.password() }));
        assert.deepEqual(tally(answers), { 201: 1, 409: 1 });
        assert.match(answers.find(({ status }) => status === 409).json.detail, /email/);
    }
});

test('eight registrations of one username at once: one account', async () => {
    const name = site.name();
    const answers = await times(8, (i) => site.post('/auth/register',
        { username: i % 2 ? name : name.toUpperCase(), email: `${name}.${i}@example.com`,
            password: site.password() }));
    assert.deepEqual(tally(answers), { 201: 1, 409: 7 });
    assert.equal(await site.count('users', `email LIKE '${name}.%'`), 1);
});

test('twenty registrations at once all succeed, with different ids and uids', async () => {
    const people = await times(20, () => site.signUp());
    assert.equal(new Set(people.map(({ id }) => id)).size, 20);
    assert.equal(new Set(people.map(({ uid }) => uid)).size, 20);
});

test('fifty parallel votes of one person: one row, one 201', async () => {
    const post = await site.createPost(ada);
    const answers = await times(50, () => site.put(`/posts/${post.id}/vote`, { vote_type: 'upvote' }, bob));
    assert.deepEqual(tally(answers), { 200: 49, 201: 1 });
    assertHas((await site.get(`/posts/${post.id}`)).json, { votes: 1, score: 1 });
    assert.equal(await site.count('votes', `post_id = ${post.id}`), 1);
});

test('fifty parallel votes by the older form: one 201, the others 409', async () => {
    const post = await site.createPost(ada);
    const answers = await times(50, () => site.post('/vote', { post_id: post.id, dir: 1 }, bob));
    assert.deepEqual(tally(answers), { 201: 1, 409: 49 });
    const back = await times(50, () => site.post('/vote', { post_id: post.id, dir: 0 }, bob));
    assert.deepEqual(tally(back), { 201: 1, 404: 49 });
    assertHas((await site.get(`/posts/${post.id}`)).json, { votes: 0, score: 0 });
});

test('votes up and down and back at once: at most one row, counters right', async () => {
    const post = await site.createPost(ada);
    const answers = await times(60, (i) => (i % 3 === 2
        ? site.delete(`/posts/${post.id}/vote`, bob)
        : site.put(`/posts/${post.id}/vote`, { vote_type: i % 3 ? 'downvote' : 'upvote' }, bob)));
    assert.ok(answers.every(({ status }) => [200, 201, 204, 404].includes(status)), JSON.stringify(tally(answers)));
    assert.ok(await site.count('votes', `post_id = ${post.id}`) <= 1);
    await site.assertCounters();
});

test('twenty people vote at random on five posts: the counters equal the rows', async () => {
    const people = await times(20, () => site.signUp());
    const posts = await times(5, () => site.createPost(ada));
    // A fixed sequence of "random" numbers, so that a failure can be had again.
    let seed = 20240229;
    const random = (n) => {
        seed = (seed * 1103515245 + 12345) % 2147483648;
        return Math.floor((seed / 2147483648) * n);
    };
    const acts = Array.from({ length: 600 }, () => [people[random(20)], posts[random(5)], random(4)]);
    const answers = await Promise.all(acts.map(([person, post, kind]) => {
        const path = `/posts/${post.id}/vote`;
        switch (kind) {
        case 0: return site.delete(path, person);
        case 1: return site.put(path, { vote_type: 'downvote' }, person);
        case 2: return site.post('/vote', { post_id: post.id, dir: 1 }, person);
        default: return site.put(path, { vote_type: 'upvote' }, person);
        }
    }));
    assert.ok(answers.every(({ status }) => [200, 201, 204, 404, 409].includes(status)),
        JSON.stringify(tally(answers)));
    await site.assertCounters();
    for (const post of posts) {
        const { json } = await site.get(`/posts/${post.id}/voters?limit=100`, ada);
        const score = json.reduce((sum, { vote_type: type }) => sum + (type === 'upvote' ? 1 : -1), 0);
        assertHas((await site.get(`/posts/${post.id}`)).json, { votes: json.length, score });
    }
});

test('thirty posts at once get thirty ids', async () => {
    const posts = await times(30, (i) => site.createPost(ada, { title: `parallel ${i}` }));
    assert.equal(new Set(posts.map(({ id }) => id)).size, 30);
    for (const post of posts) {
        assert.deepEqual((await site.get(`/posts/${post.id}`)).json, post);
    }
});

test('ten deletes of one post at once: one 204, the others 404', async () => {
    for (let round = 0; round < 5; ++round) {
        const post = await site.createPost(ada);
        await site.put(`/posts/${post.id}/vote`, { vote_type: 'upvote' }, bob);
        assert.deepEqual(tally(await times(10, () => site.delete(`/posts/${post.id}`, ada))), { 204: 1, 404: 9 });
    }
});

test('PUTs at once leave one of them, not a mixture', async () => {
    const post = await site.createPost(ada);
    const answers = await times(24, (i) => site.put(`/posts/${post.id}`, { title: `v${i}`, content: `v${i}` }, ada));
    assert.deepEqual(tally(answers), { 200: 24 });
    for (const { json } of answers) {
        assert.equal(json.title, json.content);
    }
    const { json } = await site.get(`/posts/${post.id}`);
    assert.equal(json.title, json.content);
});

test('votes while the post is being edited and deleted: no server error, nothing left over', async () => {
    for (let round = 0; round < 5; ++round) {
        const post = await site.createPost(ada);
        const answers = await times(30, (i) => {
            switch (i % 5) {
            case 0: return site.patch(`/posts/${post.id}`, { title: `t${i}` }, ada);
            case 4: return i > 20 ? site.delete(`/posts/${post.id}`, ada) : site.get(`/posts/${post.id}`);
            default: return site.put(`/posts/${post.id}/vote`, { vote_type: 'upvote' }, i % 2 ? ada : bob);
            }
        });
        assert.ok(answers.every(({ status }) => [200, 201, 204, 404].includes(status)),
            JSON.stringify(tally(answers)));
        assert.equal(await site.count('votes', `post_id = ${post.id}`), 0);
    }
    await site.assertCounters();
});

test('a user who is deleted while they post and vote leaves nothing, and the counters are right', async () => {
    for (let round = 0; round < 5; ++round) {
        const person = await site.signUp();
        const theirs = await times(3, () => site.createPost(ada));
        const answers = await times(30, (i) => {
            if (i === 14) {
                return site.delete(`/users/${person.id}`, person);
            }
            switch (i % 3) {
            case 0: return site.post('/posts', { title: `gone ${i}`, content: 'c' }, person);
            case 1: return site.put(`/posts/${theirs[i % 9 % 3].id}/vote`,
                { vote_type: i % 2 ? 'upvote' : 'downvote' }, person);
            default: return site.put(`/posts/${theirs[i % 9 % 3].id}/vote`, { vote_type: 'upvote' }, bob);
            }
        });
        assert.ok(answers.every(({ status }) => [200, 201, 204, 401, 404, 409].includes(status)),
            JSON.stringify(tally(answers)));
        assert.equal(answers[14].status, 204);
        const [left] = await site.query(`SELECT (SELECT count(*) FROM posts WHERE owner_id = ${person.id}) AS posts,
            (SELECT count(*) FROM votes WHERE user_id = ${person.id}) AS votes,
                (SELECT count(*) FROM users WHERE id = ${person.id}) AS users`);
        assert.deepEqual(left, { posts: '0', votes: '0', users: '0' });
        await site.assertCounters();
    }
});

test('users who voted on each other\'s posts are deleted at once: counters right', async () => {
    const people = await times(8, () => site.signUp());
    const posts = await times(8, (i) => site.createPost(people[i]));
    const keep = await site.createPost(ada);
    await times(64, (i) => site.put(`/posts/${posts[i % 8].id}/vote`, { vote_type: 'upvote' }, people[i >> 3]));
    await times(8, (i) => site.put(`/posts/${keep.id}/vote`, { vote_type: 'downvote' }, people[i]));
    assertHas((await site.get(`/posts/${keep.id}`)).json, { votes: 8, score: -8 });
    const answers = await times(6, (i) => site.delete(`/users/${people[i].id}`, people[i]));
    assert.deepEqual(tally(answers), { 204: 6 });
    assertHas((await site.get(`/posts/${keep.id}`)).json, { votes: 2, score: -2 });
    assertHas((await site.get(`/posts/${posts[7].id}`)).json, { votes: 2, score: 2 });
    await site.assertCounters();
});

test('of two admins who delete each other at once one stays', async () => {
    const other = await startSite({ settings: { WORKERS: 4 } });
    for (let round = 0; round < 5; ++round) {
        // Whoever is left from the round before makes it two again.
        const one = round === 0 ? await other.admin() : other.left;
        const two = await other.makeAdmin();
        const answers = await Promise.all([other.delete(`/users/${one.id}`, one),
            other.delete(`/users/${two.id}`, two)]);
        assert.deepEqual(tally(answers), { 204: 1, 409: 1 });
        other.left = answers[0].status === 204 ? two : one;
        assert.equal((await other.get('/users', other.left)).status, 200);
    }
});

test('parallel requests of two people do not mix up who they are', async () => {
    const answers = await times(100, (i) => site.get('/users/me', i % 2 ? ada : bob));
    answers.forEach(({ json }, i) => assert.equal(json.id, (i % 2 ? ada : bob).id));
});

test('parallel log-ins and log-outs: each token lives as long as its session', async () => {
    const people = await times(10, () => site.login(ada));
    await times(5, (i) => site.post('/auth/logout', undefined, people[i]));
    const statuses = (await times(10, (i) => site.get('/users/me', people[i]))).map(({ status }) => status);
    assert.deepEqual(statuses, [401, 401, 401, 401, 401, 200, 200, 200, 200, 200]);
});

// Races: many people writing the same things at once. No server error, no 503, and every stored counter equals its
// rows.
import assert from 'node:assert/strict';
import { startSite } from './lib/site.mjs';
import { test } from './lib/test.mjs';

const site = await startSite({ settings: { WORKERS: 8 } });
const ada = await site.signUp();
const people = await Promise.all(Array.from({ length: 20 }, () => site.signUp()));

function times(n, make) {
    return Promise.all(Array.from({ length: n }, (_, i) => make(i)));
}

/** A fixed sequence of "random" numbers, so that a failure can be had again. */
function dice(seed) {
    let state = seed;
    return (n) => {
        state = (state * 1103515245 + 12345) % 2147483648;
        return Math.floor((state / 2147483648) * n);
    };
}

function tally(answers) {
    const counts = {};
    for (const { status } of answers) {
        counts[status] = (counts[status] ?? 0) + 1;
    }
    return counts;
}

function assertStatuses(answers, allowed) {
    const wrong = answers.find(({ status }) => !allowed.includes(status));
    assert.ok(wrong === undefined, `${wrong?.status} ${wrong?.raw} among ${JSON.stringify(tally(answers))}`);
}

const nothingLeft = async (table, post) => assert.equal(await site.count(table, `post_id = ${post.id}`), 0);

test('votes while the post is deleted: 201, 200, 204 or 404, and none is left', async () => {
    for (let round = 0; round < 10; ++round) {
        const post = await site.createPost(ada);
        const answers = await times(20, (i) => {
            const path = `/posts/${post.id}/vote`;
            switch (i % 5) {
            case 0: return i === 10 ? site.delete(`/posts/${post.id}`, ada) : site.delete(path, people[i - 1] ?? ada);
            case 4: return site.post('/vote', { post_id: post.id, dir: 1 }, people[i]);
            default: return site.put(path, { vote_type: i % 2 ? 'upvote' : 'downvote' }, people[i]);
            }
        });
        assert.equal(answers[10].status, 204);
        assertStatuses(answers, [200, 201, 204, 404]);
        await nothingLeft('votes', post);
    }
    await site.assertCounters();
});

test('comments and replies while the post is deleted: 201 or 404, and none is left', async () => {
    for (let round = 0; round < 10; ++round) {
        const post = await site.createPost(ada);
        const root = await site.createComment(ada, post);
        const answers = await times(20, (i) => (i === 8
            ? site.delete(`/posts/${post.id}`, ada)
            : site.post(`/posts/${post.id}/comments`, { text: 'x', parent_id: i % 2 ? root.id : null }, people[i])));
        assert.equal(answers[8].status, 204);
        assertStatuses(answers, [201, 204, 404]);
        await nothingLeft('comments', post);
    }
    await site.assertCounters();
});

test('replies while what they answer is deleted: 201 or 404, and the count is right', async () => {
    for (let round = 0; round < 10; ++round) {
        const post = await site.createPost(ada);
        const root = await site.createComment(ada, post);
        const reply = await site.createComment(people[0], post, 'x', root);
        const answers = await times(20, (i) => (i === 8
            ? site.delete(`/comments/${root.id}`, ada)
            : site.post(`/posts/${post.id}/comments`, { text: 'x', parent_id: [root, reply][i % 2].id }, people[i])));
        assert.equal(answers[8].status, 204);
        assertStatuses(answers, [201, 204, 404]);
        await nothingLeft('comments', post);
        assert.equal((await site.get(`/posts/${post.id}`)).json.comment_count, 0);
    }
    await site.assertCounters();
});

test('accounts deleted while they and others comment in one thread: counts right, nothing of them left', async () => {
    for (let round = 0; round < 5; ++round) {
        const post = await site.createPost(ada);
        const leaving = await times(3, () => site.signUp());
        const roots = await Promise.all(leaving.map((person) => site.createComment(person, post)));
        const answers = await times(24, (i) => {
            const parent = roots[i % 3].id;
            if (i % 8 === 4) {
                const person = leaving[(i - 4) / 8];
                return site.delete(`/users/${person.id}`, person);
            }
            const by = i % 4 === 1 ? leaving[i % 3] : people[i % 20];
            return site.post(`/posts/${post.id}/comments`, { text: 'x', parent_id: i % 2 ? parent : null }, by);
        });
        assertStatuses(answers, [201, 204, 401, 404, 409]);
        assert.equal(await site.count('comments', `user_id IN (${leaving.map(({ id }) => id)})`), 0);
        await site.assertCounters();
    }
});

test('a role taken, given and deleted at once', async () => {
    const admin = await site.admin();
    for (let round = 0; round < 5; ++round) {
        const role = await site.create('/roles', { name: site.name('role') }, admin);
        const path = ({ id }) => `/users/${id}/roles/${role.id}`;
        const answers = await times(30, (i) => {
            if (i === 25) {
                return site.delete(`/roles/${role.id}`, admin);
            }
            const person = people[i % 5];
            return i % 3 === 0 ? site.delete(path(person), admin) : site.put(path(person), undefined, admin);
        });
        assert.equal(answers[25].status, 204);
        assertStatuses(answers, [200, 201, 204, 404]);
        assert.equal(await site.count('user_roles', `role_id = ${role.id}`), 0);
    }
});

test('twenty people, two hundred acts each, all at once: votes, comments, reviews', { timeout: 120000 }, async () => {
    const random = dice(20260131);
    const posts = await times(6, (i) => site.createPost(people[i]));
    const books = await times(6, (i) => site.createBook(people[i]));
    const comments = []; // { id, post, by } of those that were made
    const reviews = []; // { uid, by }
    const pick = (list) => list[random(list.length)];
    const write = async (person) => {
        const post = pick(posts);
        const below = comments.filter((each) => each.post === post);
        const parent = below.length > 0 && random(2) ? pick(below).id : null;
        const answer = await site.post(`/posts/${post.id}/comments`, { text: 'x', parent_id: parent }, person);
        if (answer.status === 201) {
            comments.push({ id: answer.json.id, post, by: person });
        }
        return answer;
    };
    const unwrite = (person) => {
        const mine = comments.filter(({ by }) => by === person);
        if (mine.length === 0) {
            return write(person);
        }
        const one = pick(mine);
        comments.splice(comments.indexOf(one), 1);
        return site.delete(`/comments/${one.id}`, person);
    };
    const review = async (person) => {
        const answer = await site.post(`/books/${pick(books).uid}/reviews`,
            { rating: 1 + random(5), review_text: 'r' }, person);
        if (answer.status === 201) {
            reviews.push({ uid: answer.json.uid, by: person });
        }
        return answer;
    };
    const change = (person) => {
        const mine = reviews.filter(({ by }) => by === person);
        if (mine.length === 0) {
            return review(person);
        }
        const one = pick(mine);
        if (random(3) > 0) {
            return site.patch(`/reviews/${one.uid}`, { rating: 1 + random(5) }, person);
        }
        reviews.splice(reviews.indexOf(one), 1);
        return site.delete(`/reviews/${one.uid}`, person);
    };
    const vote = (person) => {
        const path = `/posts/${pick(posts).id}/vote`;
        return random(3) === 0 ? site.delete(path, person)
            : site.put(path, { vote_type: random(2) ? 'upvote' : 'downvote' }, person);
    };
    const acts = [vote, vote, vote, write, write, unwrite, review, change, change];
    const answers = [];
    await Promise.all(people.flatMap((person) => [0, 1].map(async () => {
        for (let i = 0; i < 100; ++i) {
            answers.push(await pick(acts)(person));
        }
    })));
    assert.equal(answers.length, 4000);
    assertStatuses(answers, [200, 201, 204, 404, 409]);
    await site.assertCounters();
    for (const table of ['votes', 'comments', 'reviews']) {
        assert.ok(await site.count(table) > 0, table);
    }
});

// Comments: what people say to posts, and to one another, however deep; and how many there are.
import assert from 'node:assert/strict';
import {
    assertError, assertInvalid, atMost, intParsing, intType, literal, missing, stringType, tooLong, tooShort,
    valueError,
} from './lib/contract.mjs';
import { linksOf } from './lib/link.mjs';
import { assertBetween, assertComment, assertHas, assertPost } from './lib/shapes.mjs';
import { startSite } from './lib/site.mjs';
import { test } from './lib/test.mjs';

const site = await startSite();
const admin = await site.admin();
const ada = await site.signUp();
const bob = await site.signUp();
const NONE = 2147480000;

const say = (person, post, parent, text = 'a comment') => site.createComment(person, post, text, parent);
const commentCount = async (post, person = ada) => (await site.get(`/posts/${post.id}`, person)).json.comment_count;
const tree = async (post, query = {}) => {
    const answer = await site.get(`/posts/${post.id}/comments`, { query: { view: 'tree', ...query } });
    assert.equal(answer.status, 200, answer.raw);
    return answer.json;
};

/** A chain of replies, by the people in turn. */
async function chain(post, people, depth) {
    const all = [];
    for (let i = 0; i < depth; ++i) {
        all.push(await say(people[i % people.length], post, all.at(-1), `level ${i}`));
    }
    return all;
}

/** Rows written straight into the database: { parent: number in this list or null }. The ids, in order. */
async function plant(post, person, parents) {
    const [{ first }] = await site.query('SELECT coalesce(max(id), 0) + 1000 AS first FROM comments');
    const id = (i) => Number(first) + i;
    const rows = parents.map((parent, i) => `(${id(i)}, ${post.id}, ${parent === null ? 'NULL' : id(parent)}, 't${i}',
        ${person.id})`);
    await site.query(`INSERT INTO comments (id, post_id, parent_id, text, user_id) VALUES ${rows.join(', ')};
        UPDATE posts SET comment_count = comment_count + ${parents.length} WHERE id = ${post.id}`);
    return parents.map((_, i) => id(i));
}

test('POST creates: 201, Location, the whole object; the post counts it', async () => {
    const before = Date.now();
    const post = await site.createPost(ada);
    const forced = { id: 1, post_id: NONE, user_id: 1, author: 1, created_at: 'x' };
    const answer = await site.post(`/posts/${post.id}/comments`, { text: 'Well said', ...forced }, bob);
    assert.equal(answer.status, 201, answer.raw);
    assertComment(answer.json, { post_id: post.id, parent_id: null, text: 'Well said',
        author: { id: bob.id, username: bob.username } });
    assertBetween(answer.json.created_at, before, Date.now());
    assert.equal(answer.json.updated_at, answer.json.created_at);
    assert.equal(answer.headers.location, `/api/v1/comments/${answer.json.id}`);
    for (const reader of [ada, bob, undefined]) {
        assert.deepEqual((await site.get(`/comments/${answer.json.id}`, reader)).json, answer.json);
        assert.deepEqual((await site.get(`/posts/${post.id}/comments`, reader)).json, [answer.json]);
    }
    assertPost((await site.get(`/posts/${post.id}`)).json, { comment_count: 1 });
    assertError(await site.post(`/posts/${post.id}/comments`, { text: 'x' }), 401, 'unauthenticated');
});

test('a reply names what it answers, below the same post', async () => {
    const [post, other] = [await site.createPost(ada), await site.createPost(ada)];
    const first = await say(ada, post);
    assertComment(await say(bob, post, first), { parent_id: first.id, post_id: post.id });
    assertComment(await site.create(`/posts/${post.id}/comments`, { text: 'x', parent_id: null }, bob),
        { parent_id: null });
    for (const [where, id] of [[other, first.id], [post, NONE], [post, 0], [post, -1]]) {
        assertError(await site.post(`/posts/${where.id}/comments`, { text: 'x', parent_id: id }, bob), 404, 'not_found',
            `comment with id: ${id} not found`);
    }
    assertError(await site.post(`/posts/${NONE}/comments`, { text: 'x' }, bob), 404, 'not_found',
        `post with id: ${NONE} not found`);
    assertError(await site.get(`/posts/${NONE}/comments`), 404, 'not_found', `post with id: ${NONE} not found`);
    assert.deepEqual([await commentCount(post), await commentCount(other)], [3, 0]);
});

test('a text has 1 to 5,000 characters, whatever their bytes', async () => {
    const post = await site.createPost(ada);
    const mine = await say(bob, post);
    for (const character of ['x', 'é', '😀']) {
        const text = character.repeat(5000);
        assertComment(await say(bob, post, undefined, text), { text });
        const wrong = [tooLong(['body', 'text'], `${text}${character}`, 5000)];
        assertInvalid(await site.post(`/posts/${post.id}/comments`, { text: `${text}${character}` }, bob), wrong);
        assertInvalid(await site.patch(`/comments/${mine.id}`, { text: `${text}${character}` }, bob), wrong);
    }
    for (const [json, entries] of [
        [{}, [missing(['body', 'text'], {})]], [{ text: '' }, [tooShort(['body', 'text'], '', 1)]],
        [{ text: null }, [stringType(['body', 'text'], null)]],
        [{ text: 5, parent_id: 'x' }, [stringType(['body', 'text'], 5), intParsing(['body', 'parent_id'], 'x')]],
        [{ text: 'x', parent_id: {} }, [intType(['body', 'parent_id'], {})]],
    ]) {
        assertInvalid(await site.post(`/posts/${post.id}/comments`, json, bob), entries);
    }
    assertInvalid(await site.patch(`/comments/${mine.id}`, { text: null }, bob), [stringType(['body', 'text'], null)]);
    assertInvalid(await site.patch(`/comments/${mine.id}`, { text: '' }, bob), [tooShort(['body', 'text'], '', 1)]);
    assert.deepEqual((await site.get(`/comments/${mine.id}`)).json, mine);
    assert.equal(await commentCount(post), 4);
});

test('PATCH and DELETE by the author or an admin, not by the post\'s owner', async () => {
    const post = await site.createPost(ada);
    const mine = await say(bob, post);
    const path = `/comments/${mine.id}`;
    assertError(await site.patch(path, { text: 'stolen' }, ada), 403, 'forbidden');
    assertError(await site.delete(path, ada), 403, 'forbidden');
    assert.deepEqual((await site.patch(path, {}, bob)).json, mine);
    assert.deepEqual((await site.patch(path, { post_id: NONE, parent_id: mine.id, author: 1 }, bob)).json, mine);
    for (const [person, text] of [[bob, 'two'], [admin, 'three']]) {
        const { json } = await site.patch(path, { text }, person);
        assertComment(json, { ...mine, text, updated_at: json.updated_at });
        assert.ok(json.updated_at > mine.updated_at);
    }
    assertError(await site.put(path, { text: 'x' }, bob), 405, 'method_not_allowed');
    assert.equal((await site.delete(path, admin)).status, 204);
    for (const answer of [await site.get(path), await site.patch(path, { text: 'x' }, bob),
        await site.patch(path, {}, bob), await site.delete(path, bob)]) {
        assertError(answer, 404, 'not_found', `comment with id: ${mine.id} not found`);
    }
    assert.equal(await commentCount(post), 0);
});

test('an edit from an old state is 412', async () => {
    const post = await site.createPost(ada);
    const { json, headers } = await site.post(`/posts/${post.id}/comments`, { text: 'one' }, bob);
    const old = { token: bob.token, headers: { 'If-Match': headers.etag } };
    assert.equal((await site.patch(`/comments/${json.id}`, { text: 'two' }, old)).status, 200);
    assertError(await site.patch(`/comments/${json.id}`, { text: 'three' }, old), 412, 'stale');
    assertError(await site.delete(`/comments/${json.id}`, old), 412, 'stale');
    assert.equal(await commentCount(post), 1);
});

test('of an unpublished post, others see no comment, in no way', async () => {
    const post = await site.createPost(ada);
    const [mine, theirs] = [await say(ada, post), await say(bob, post)];
    await site.patch(`/posts/${post.id}`, { published: false }, ada);
    const noPost = `post with id: ${post.id} not found`;
    const noComment = ({ id }) => `comment with id: ${id} not found`;
    for (const person of [bob, undefined]) {
        for (const path of [`/posts/${post.id}/comments`, `/posts/${post.id}/comments?view=tree`]) {
            assertError(await site.get(path, person), 404, 'not_found', noPost);
        }
        for (const comment of [mine, theirs]) {
            assertError(await site.get(`/comments/${comment.id}`, person), 404, 'not_found', noComment(comment));
        }
    }
    assertError(await site.post(`/posts/${post.id}/comments`, { text: 'x', parent_id: mine.id }, bob), 404, 'not_found',
        noPost);
    assertError(await site.patch(`/comments/${mine.id}`, { text: 'x' }, bob), 404, 'not_found', noComment(mine));
    assertError(await site.delete(`/comments/${mine.id}`, bob), 404, 'not_found', noComment(mine));
    assertError(await site.patch(`/comments/${theirs.id}`, { text: 'x' }, bob), 404, 'not_found', noComment(theirs));
    for (const person of [ada, admin]) {
        assert.deepEqual((await site.get(`/comments/${theirs.id}`, person)).json, theirs);
        assert.deepEqual((await site.get(`/posts/${post.id}/comments`, person)).json, [mine, theirs]);
        assert.equal((await site.get(`/posts/${post.id}/comments?view=tree`, person)).json.length, 2);
    }
    await site.patch(`/posts/${post.id}`, { published: true }, ada);
    assert.deepEqual((await site.get(`/comments/${theirs.id}`, bob)).json, theirs);
});

test('a list is in the order of the conversation, and can be turned, cut and searched', async () => {
    const post = await site.createPost(ada);
    const said = [];
    for (const text of ['alpha', 'beta 100%', 'Gamma', 'delta_x']) {
        said.push(await say(text.length % 2 ? ada : bob, post, said[0], text));
    }
    await say(ada, await site.createPost(ada));
    const list = async (query) => (await site.get(`/posts/${post.id}/comments`, { query })).json;
    assert.deepEqual(await list({}), said);
    assert.deepEqual(await list({ sort_by: '-created_at' }), [...said].reverse());
    assert.deepEqual(await list({ limit: 2, skip: 1 }), said.slice(1, 3));
    assert.deepEqual(await list({ search: 'GAMMA' }), [said[2]]);
    assert.deepEqual(await list({ search: '100%' }), [said[1]]);
    assert.deepEqual(await list({ search: '_x' }), [said[3]]);
    assert.deepEqual(await list({ user_id: bob.id }), said.filter(({ author }) => author.id === bob.id));
    assert.deepEqual(await list({ parent_id: said[0].id }), said.slice(1));
    assert.deepEqual(await list({ view: 'flat' }), said);
    assert.deepEqual((await site.get(`/posts/${post.id}?include=comments`)).json.comments, said);
});

test('view takes "flat" or "tree"', async () => {
    const post = await site.createPost(ada);
    for (const view of ['nonsense', 'TREE', '', 'tree ']) {
        assertInvalid(await site.get(`/posts/${post.id}/comments`, { query: { view } }),
            [literal(['query', 'view'], view, "'flat' or 'tree'")]);
    }
    assertInvalid(await site.get(`/posts/${post.id}/comments`, { query: { view: 'x', limit: 101 } }),
        [literal(['query', 'view'], 'x', "'flat' or 'tree'"), atMost(['query', 'limit'], '101', 100)]);
});

test('view=tree nests replies, oldest first', async () => {
    const post = await site.createPost(ada);
    assert.deepEqual(await tree(post), []);
    const a = await say(ada, post, undefined, 'a');
    assert.deepEqual(await tree(post), [{ ...a, replies: [] }]);
    const b = await say(bob, post, undefined, 'b');
    const a1 = await say(bob, post, a, 'a1');
    const b1 = await say(ada, post, b, 'b1');
    const a2 = await say(ada, post, a, 'a2');
    const a11 = await say(ada, post, a1, 'a11 "quoted" \\ 😀');
    await say(ada, await site.createPost(ada));
    const leaf = (comment) => ({ ...comment, replies: [] });
    assert.deepEqual(await tree(post), [
        { ...a, replies: [{ ...a1, replies: [leaf(a11)] }, leaf(a2)] }, { ...b, replies: [leaf(b1)] }]);
});

test('view=tree is one statement, pages by its roots', async () => {
    const post = await site.createPost(ada);
    const roots = [];
    for (let i = 0; i < 5; ++i) {
        const root = await say(ada, post);
        roots.push(root.id);
        await say(bob, post, await say(bob, post, root));
    }
    const ids = (nodes) => nodes.map(({ id }) => id);
    assert.deepEqual(ids(await tree(post, { limit: 2 })), roots.slice(0, 2));
    assert.deepEqual(ids(await tree(post, { limit: 2, skip: 2 })), roots.slice(2, 4));
    assert.deepEqual(ids(await tree(post, { limit: 2, skip: 4 })), roots.slice(4));
    assert.deepEqual(await tree(post, { skip: 5 }), []);
    for (const node of await tree(post)) {
        assert.equal(node.replies[0].replies.length, 1);
    }
    const statements = async (where) => {
        const answer = await site.get(`/posts/${where.id}/comments?view=tree`);
        return (await site.log.ofRequest(answer.headers['x-request-id'])).statements;
    };
    const bare = await site.createPost(ada);
    await say(ada, bare);
    assert.equal(await statements(post), await statements(bare));
});

test('view=tree is walked like any list, by those that answer none', async () => {
    const post = await site.createPost(ada);
    const roots = [];
    for (let i = 0; i < 5; ++i) {
        const root = await say(ada, post);
        await say(bob, post, root);
        roots.push(root.id);
    }
    const ids = (answer) => answer.json.map(({ id, replies }) => { assert.equal(replies.length, 1); return id; });
    const follow = async (answer, rel) => {
        const link = linksOf(answer)[rel];
        return link === undefined ? null : site.get(link);
    };
    const first = await site.get(`/posts/${post.id}/comments?view=tree&limit=2&count=exact`);
    assert.deepEqual([ids(first), first.headers['x-total-count']], [roots.slice(0, 2), '5']);
    assert.equal(await follow(first, 'prev'), null);
    const second = await follow(first, 'next');
    assert.deepEqual(ids(second), roots.slice(2, 4));
    const third = await follow(second, 'next');
    assert.deepEqual([ids(third), await follow(third, 'next')], [roots.slice(4), null]);
    const back = await follow(third, 'prev');
    assert.deepEqual(ids(back), roots.slice(2, 4));
    const start = await follow(back, 'prev');
    assert.deepEqual([ids(start), await follow(start, 'prev')], [roots.slice(0, 2), null]);
    assert.deepEqual(ids(await follow(start, 'next')), roots.slice(2, 4));
    assert.deepEqual(ids(await follow(second, 'first')), roots.slice(0, 2));
});

test('what a tree has no use for is refused by its name, with all other mistakes', async () => {
    const post = await site.createPost(ada);
    const path = `/posts/${post.id}/comments`;
    const why = 'a tree is shown whole and oldest first: this goes with view=flat';
    const choosy = { sort_by: '-created_at', search: 'x', q: 'x', fields: 'id', user_id: `${ada.id}`, parent_id: '1',
        created_at_gte: '2026-01-01T00:00:00Z' };
    assertInvalid(await site.get(path, { query: { view: 'tree', limit: '101', ...choosy } }), [
        atMost(['query', 'limit'], '101', 100),
        ...Object.entries(choosy).map(([name, value]) => valueError(['query', name], value, why)),
    ]);
    assert.equal((await site.get(path, { query: choosy })).status, 200);
    assert.deepEqual(await tree(post, { unknown: 'x', created: 'x' }), []);
});

test('one\'s own comment on what has become a draft can be deleted, and no more', async () => {
    const post = await site.createPost(ada);
    const made = await say(bob, post);
    const path = `/comments/${made.id}`;
    const { headers } = await site.get(path, bob);
    await site.patch(`/posts/${post.id}`, { published: false }, ada);
    const gone = [404, 'not_found', `comment with id: ${made.id} not found`];
    const ifMatch = (etag) => ({ token: bob.token, headers: { 'If-Match': etag } });
    assertError(await site.get(path, bob), ...gone);
    assertError(await site.patch(path, { text: 'x' }, bob), ...gone);
    for (const etag of [headers.etag, '"7-old"']) {
        assertError(await site.patch(path, { text: 'x' }, ifMatch(etag)), ...gone);
        assertError(await site.patch(path, {}, ifMatch(etag)), ...gone);
    }
    assertError(await site.delete(path, ifMatch('"7-old"')), 412, 'stale');
    assert.equal(await site.count('comments', `id = ${made.id} AND text = 'a comment'`), 1);
    assert.equal((await site.delete(path, bob)).status, 204);
});

/** How deep a tree of one branch goes. */
function depthOf(nodes) {
    let depth = 0;
    for (let [node] = nodes; node !== undefined; [node] = node.replies) {
        assert.ok(node.replies.length <= 1);
        depth += 1;
    }
    return depth;
}

for (const depth of [20, 1500]) {
    test(`view=tree of ${depth} levels`, async () => {
        const post = await site.createPost(ada);
        await plant(post, bob, Array.from({ length: depth }, (_, i) => (i === 0 ? null : i - 1)));
        assert.equal(depthOf(await tree(post)), depth);
        assert.equal((await site.get(`/posts/${post.id}/comments?limit=100&skip=${depth - 1}`)).json.length, 1);
        const [{ text }] = (await site.get(`/posts/${post.id}/comments?limit=1&skip=${depth - 1}`)).json;
        assert.equal(text, `t${depth - 1}`);
    });
}

test('a tree of ten thousand is shown, one of more is refused with what to do', async () => {
    const post = await site.createPost(ada);
    // A hundred roots; below each a few branches of seven.
    await plant(post, bob, Array.from({ length: 10000 }, (_, i) => {
        const place = i % 100;
        return place === 0 ? null : place % 7 === 1 ? i - place : i - 1;
    }));
    const size = (nodes) => nodes.reduce((sum, { replies }) => sum + 1 + size(replies), 0);
    assert.equal(size(await tree(post, { limit: 100 })), 10000);
    const roots = await site.count('comments', `post_id = ${post.id} AND parent_id IS NULL`);
    assert.equal(roots, 100);
    const [first] = await tree(post, { limit: 1 });
    await say(ada, post, first);
    const refused = await site.get(`/posts/${post.id}/comments?view=tree&limit=100`);
    assertError(refused, 400, 'answer_too_large', /limit/);
    assert.equal((await tree(post, { limit: 99 })).length, 99);
});

test('a comment with more than ten thousand answers is shown with the first of them', async () => {
    const post = await site.createPost(ada);
    await plant(post, bob, Array.from({ length: 10005 }, (_, i) => (i === 0 ? null : i % 2 === 1 ? 0 : i - 1)));
    const second = await say(ada, post);
    const size = (nodes) => nodes.reduce((sum, { replies }) => sum + 1 + size(replies), 0);
    const first = await tree(post, { limit: 1 });
    assert.deepEqual([first.length, size(first)], [1, 10000]);
    assert.deepEqual(await tree(post, { limit: 1 }), first);
    assert.equal(first[0].replies.at(-1).text, 't9999');
    assert.deepEqual(await tree(post, { limit: 1, skip: 1 }), [{ ...second, replies: [] }]);
    assertError(await site.get(`/posts/${post.id}/comments?view=tree&limit=2`), 400, 'answer_too_large', /limit/);
});

test('a tree that would be over 48 MiB as JSON is refused with what to do, and half of it is shown', { timeout: 60000 }, async () => {
    const post = await site.createPost(ada);
    const roots = [await say(ada, post), await say(bob, post)];
    for (const { id } of roots) { // as JSON a control character is six times as long
        await site.query(`INSERT INTO comments (post_id, parent_id, text, user_id) SELECT ${post.id}, ${id}, REPEAT(CHAR(1), 5000),
            ${bob.id} FROM seq_1_to_900; UPDATE posts SET comment_count = comment_count + 900 WHERE id = ${post.id}`);
    }
    assertError(await site.get(`/posts/${post.id}/comments?view=tree&limit=2`), 400, 'answer_too_large',
        'the answer is over 48 MiB: ask for fewer rows (limit)');
    assert.deepEqual((await tree(post, { limit: 1 })).map(({ replies }) => replies.length), [900]);
});

test('a comment whose answers hold more than a page is shown with the first of them: nobody makes a post\'s tree unreadable',
    { timeout: 120000 }, async () => {
        const post = await site.createPost(ada);
        const root = await say(ada, post);
        await site.query(`INSERT INTO comments (post_id, parent_id, text, user_id) SELECT ${post.id}, ${root.id}, REPEAT(CHAR(1), 5000),
            ${bob.id} FROM seq_1_to_5200; UPDATE posts SET comment_count = comment_count + 5200 WHERE id = ${post.id}`);
        const second = await say(bob, post);
        assertError(await site.get(`/posts/${post.id}/comments?view=tree`), 400, 'answer_too_large', /ask for fewer/);
        const [first, ...others] = await tree(post, { limit: 1 });
        assert.deepEqual([first.id, others], [root.id, []]);
        const most = Math.floor((7 << 20) / 5000);
        assert.ok(first.replies.length > most * 0.9 && first.replies.length <= most, String(first.replies.length));
        const ids = first.replies.map(({ id }) => id);
        assert.deepEqual(ids, ids.toSorted((x, y) => x - y));
        assert.equal(await site.count('comments', `parent_id = ${root.id} AND id < ${ids.at(-1)}`), ids.length - 1);
        assert.deepEqual(await tree(post, { limit: 1, skip: 1 }), [{ ...second, replies: [] }]);
        assert.equal((await site.delete(`/posts/${post.id}`, ada)).status, 204);
    });

test('the first comments of a post with many are found by their key: neither all of them are sorted nor others read', async () => {
    const post = await site.createPost(ada);
    await site.query(`INSERT INTO comments (post_id, text, user_id) SELECT ${post.id}, 'c', ${bob.id} FROM seq_1_to_3000;
        UPDATE posts SET comment_count = comment_count + 3000 WHERE id = ${post.id}; ANALYZE TABLE comments`);
    for (const order of ['', 'DESC']) {
        const [plan] = await site.query(`EXPLAIN SELECT * FROM comments WHERE post_id = ${post.id} ORDER BY id ${order} LIMIT 11`);
        assert.equal(plan.key, 'ix_comments_post_id', JSON.stringify(plan));
        assert.doesNotMatch(plan.Extra, /filesort/);
    }
    assert.equal((await site.get(`/posts/${post.id}/comments?limit=5`)).json.length, 5);
    assert.equal((await site.delete(`/posts/${post.id}`, ada)).status, 204);
});

for (const depth of [2, 30]) {
    test(`a comment with ${depth} levels of replies by several people goes with all of them, and is counted off`,
        async () => {
            const post = await site.createPost(ada);
            const keep = await say(ada, post, undefined, 'kept');
            const levels = await chain(post, [ada, bob, admin], depth);
            await say(bob, post, levels[0]);
            await say(bob, post, levels.at(-1));
            const sibling = await say(bob, post, keep);
            assert.equal(await commentCount(post), depth + 4);
            const half = levels[depth / 2];
            const author = [ada, bob, admin][(depth / 2) % 3];
            assert.equal((await site.delete(`/comments/${half.id}`, author)).status, 204);
            assert.equal(await commentCount(post), depth / 2 + 3);
            assert.equal((await site.delete(`/comments/${levels[0].id}`, ada)).status, 204);
            assert.equal(await commentCount(post), 2);
            assert.deepEqual((await site.get(`/posts/${post.id}/comments`)).json, [keep, sibling]);
            assert.equal(await site.count('comments', `post_id = ${post.id}`), 2);
            await site.assertCounters();
        });

    test(`a post goes with ${depth} levels of comments, its author's account with the post`, async () => {
        const person = await site.signUp();
        for (const [path, by] of [[`/posts/`, ada], [`/users/`, person]]) {
            const post = await site.createPost(by);
            await chain(post, [bob, ada], depth);
            assert.equal((await site.delete(`${path}${path === '/posts/' ? post.id : by.id}`, by)).status, 204);
            assertError(await site.get(`/posts/${post.id}`), 404, 'not_found');
            assert.equal(await site.count('comments', `post_id = ${post.id}`), 0);
        }
    });

    test(`with an account go its comments on others' posts and the ${depth} levels below them`, async () => {
        const person = await site.signUp();
        const [post, other] = [await site.createPost(ada), await site.createPost(bob)];
        const keep = await say(ada, post);
        const levels = await chain(post, [person, bob, ada], depth);
        await say(person, post, levels.at(-1));
        const reply = await say(person, other, await say(bob, other));
        await say(ada, other, reply);
        assert.deepEqual([await commentCount(post), await commentCount(other)], [depth + 2, 3]);
        assert.equal((await site.delete(`/users/${person.id}`, person)).status, 204);
        assert.deepEqual((await site.get(`/posts/${post.id}/comments`)).json, [keep]);
        assert.deepEqual([await commentCount(post), await commentCount(other)], [1, 1]);
        assert.equal(await site.count('comments', `user_id = ${person.id}`), 0);
        await site.assertCounters();
    });
}

test('a thousand levels go at once', async () => {
    const post = await site.createPost(ada);
    const ids = await plant(post, bob, Array.from({ length: 1000 }, (_, i) => (i === 0 ? null : i - 1)));
    assert.equal((await site.delete(`/comments/${ids[1]}`, bob)).status, 204);
    assert.equal(await commentCount(post), 1);
    assertHas((await site.get(`/comments/${ids[0]}`)).json, { text: 't0' });
    assert.equal(await site.count('comments', `post_id = ${post.id}`), 1);
});

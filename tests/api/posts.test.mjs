// Posts: create, read, replace, patch, delete, and who sees what is not published.
import assert from 'node:assert/strict';
import {
    assertError, assertInvalid, boolParsing, boolType, missing, stringType, tooLong, tooShort,
} from './lib/contract.mjs';
import { assertBetween, assertPost, assertTime } from './lib/shapes.mjs';
import { startSite } from './lib/site.mjs';
import { test } from './lib/test.mjs';

const site = await startSite();
const admin = await site.admin();
const ada = await site.signUp();
const bob = await site.signUp();
const NONE = 2147480000;

test('POST /posts creates: 201, Location, the whole object', async () => {
    const before = Date.now();
    const answer = await site.post('/posts', { title: 'First', content: 'Hello world!' }, ada);
    assert.equal(answer.status, 201, answer.raw);
    assertPost(answer.json, {
        title: 'First', content: 'Hello world!', published: true, owner_id: ada.id,
        owner: { id: ada.id, username: ada.username }, votes: 0, score: 0,
    });
    assertBetween(answer.json.created_at, before, Date.now());
    assert.equal(answer.json.updated_at, answer.json.created_at);
    assert.equal(answer.headers.location, `/api/v1/posts/${answer.json.id}`);
    for (const reader of [ada, bob, undefined]) {
        const read = await site.get(`/posts/${answer.json.id}`, reader);
        assert.equal(read.status, 200);
        assert.deepEqual(read.json, answer.json);
    }
});

test('an empty content is content; a title must not be empty', async () => {
    assertPost(await site.createPost(ada, { content: '' }), { content: '' });
    assertInvalid(await site.post('/posts', { title: '', content: '' }, ada), [tooShort(['body', 'title'], '', 1)]);
});

for (const [name, body, entries] of [
    ['nothing', {}, [missing(['body', 'title'], {}), missing(['body', 'content'], {})]],
    ['no title', { content: 'c' }, [missing(['body', 'title'], { content: 'c' })]],
    ['no content', { title: 't' }, [missing(['body', 'content'], { title: 't' })]],
    ['a null title', { title: null, content: 'c' }, [stringType(['body', 'title'], null)]],
    ['a null content', { title: 't', content: null }, [stringType(['body', 'content'], null)]],
    ['numbers as text', { title: 5, content: 5.5 }, [stringType(['body', 'title'], 5),
        stringType(['body', 'content'], 5.5)]],
    ['containers as text', { title: ['t'], content: { c: 1 } },
        [stringType(['body', 'title'], ['t']), stringType(['body', 'content'], { c: 1 })]],
    ['a published that is no boolean', { title: 't', content: 'c', published: 'maybe' },
        [boolParsing(['body', 'published'], 'maybe')]],
    ['a published of 2', { title: 't', content: 'c', published: 2 }, [boolParsing(['body', 'published'], 2)]],
    ['a null published', { title: 't', content: 'c', published: null }, [boolType(['body', 'published'], null)]],
    ['a list as published', { title: 't', content: 'c', published: [] }, [boolType(['body', 'published'], [])]],
    ['everything wrong', { published: 'x', content: 1, title: '' },
        [tooShort(['body', 'title'], '', 1), stringType(['body', 'content'], 1),
            boolParsing(['body', 'published'], 'x')]],
]) {
    test(`POST and PUT with ${name} are 422`, async () => {
        assertInvalid(await site.post('/posts', body, ada), entries);
        const post = await site.createPost(ada, { title: 'keep', content: 'keep' });
        assertInvalid(await site.put(`/posts/${post.id}`, body, ada), entries);
        assert.deepEqual((await site.get(`/posts/${post.id}`)).json, post);
    });
}

test('booleans are read as pydantic reads them', async () => {
    const yes = [true, 1, 1.0, '1', 't', 'T', 'y', 'Y', 'yes', 'YES', 'on', 'On', 'true', 'TRUE', 'True'];
    const no = [false, 0, 0.0, '0', 'f', 'F', 'n', 'N', 'no', 'NO', 'off', 'Off', 'false', 'FALSE', 'False'];
    for (const [values, expected] of [[yes, true], [no, false]]) {
        for (const published of values) {
            assertPost(await site.createPost(ada, { published }), { published: expected });
        }
    }
    const bodyWith = (published) => ({ title: 't', content: 'c', published });
    for (const published of ['', ' true', 'true ', 'ye', '2', 'null', '1.0', -1, 2]) {
        assertInvalid(await site.post('/posts', bodyWith(published), ada),
            [boolParsing(['body', 'published'], published)]);
    }
    assertInvalid(await site.post('/posts', bodyWith(0.5), ada), [boolType(['body', 'published'], 0.5)]);
});

test('a title has 1 to 200 characters, whatever their bytes', async () => {
    for (const character of ['t', 'é', '日', '😀']) {
        const title = character.repeat(200);
        const post = await site.createPost(ada, { title });
        assert.equal((await site.get(`/posts/${post.id}`)).json.title, title);
        assertInvalid(await site.post('/posts', { title: `${title}${character}`, content: 'c' }, ada),
            [tooLong(['body', 'title'], `${title}${character}`, 200)]);
    }
});

test('a content has up to 500,000 characters', async () => {
    for (const character of ['c', 'é']) {
        const content = character.repeat(500000);
        const post = await site.createPost(ada, { content });
        assert.ok((await site.get(`/posts/${post.id}`)).json.content === content, 'not the same');
        const answer = await site.post('/posts', { title: 't', content: `${content}x` }, ada);
        assert.equal(answer.status, 422);
        assert.equal(answer.json.detail[0].msg, 'String should have at most 500000 characters');
        assert.equal((await site.delete(`/posts/${post.id}`, ada)).status, 204);
    }
});

test('what the server sets is ignored in input', async () => {
    const forced = {
        id: 1, owner_id: bob.id, owner: { id: bob.id }, user_id: bob.id, votes: 99, score: 99, comment_count: 9,
        created_at: '2001-01-01T00:00:00Z', updated_at: 'nonsense',
    };
    const post = await site.createPost(ada, forced);
    assertPost(post, { owner_id: ada.id, votes: 0, score: 0 });
    assertBetween(post.created_at, Date.now() - 60000, Date.now());
    const replaced = await site.put(`/posts/${post.id}`, { title: 't', content: 'c', ...forced }, ada);
    assertPost(replaced.json, { id: post.id, owner_id: ada.id, votes: 0, created_at: post.created_at });
    const patched = await site.patch(`/posts/${post.id}`, forced, ada);
    assert.deepEqual(patched.json, replaced.json);
});

test('an unknown post is 404 and named, for every method', async () => {
    const detail = `post with id: ${NONE} not found`;
    const body = { title: 't', content: 'c' };
    assertError(await site.get(`/posts/${NONE}`), 404, 'not_found', detail);
    assertError(await site.put(`/posts/${NONE}`, body, ada), 404, 'not_found', detail);
    assertError(await site.patch(`/posts/${NONE}`, body, ada), 404, 'not_found', detail);
    assertError(await site.patch(`/posts/${NONE}`, {}, ada), 404, 'not_found', detail);
    assertError(await site.delete(`/posts/${NONE}`, ada), 404, 'not_found', detail);
    for (const id of [0, -1]) {
        assertError(await site.get(`/posts/${id}`), 404, 'not_found', `post with id: ${id} not found`);
    }
    assertError(await site.get(`/users/${NONE}/posts`), 404, 'not_found', `user with id: ${NONE} not found`);
});

test('PUT replaces: what is left out returns to its default', async () => {
    const post = await site.createPost(ada, { title: 'old', content: 'old', published: false });
    const answer = await site.put(`/posts/${post.id}`, { title: 'new', content: 'new content' }, ada);
    assert.equal(answer.status, 200, answer.raw);
    assertPost(answer.json, { ...post, title: 'new', content: 'new content', published: true,
        updated_at: answer.json.updated_at });
    assert.ok(answer.json.updated_at > post.updated_at);
    assert.deepEqual((await site.get(`/posts/${post.id}`)).json, answer.json);
});

for (const [name, body] of [
    ['the title', { title: 't1' }], ['the content', { content: 'c1' }], ['published', { published: true }],
    ['an empty content', { content: '' }], ['two fields', { title: 't1', published: true }],
]) {
    test(`PATCH of ${name} changes that alone`, async () => {
        const post = await site.createPost(ada, { title: 't0', content: 'c0', published: false });
        const answer = await site.patch(`/posts/${post.id}`, body, ada);
        assert.equal(answer.status, 200, answer.raw);
        assertPost(answer.json, { ...post, ...body, updated_at: answer.json.updated_at });
        assert.ok(answer.json.updated_at > post.updated_at);
        assert.deepEqual((await site.get(`/posts/${post.id}`, ada)).json, answer.json);
    });
}

test('PATCH with no field is 200 and changes nothing, updated_at neither', async () => {
    const post = await site.createPost(ada);
    for (const body of [{}, { unknown: 1 }, { id: 5, votes: 7 }]) {
        const answer = await site.patch(`/posts/${post.id}`, body, ada);
        assert.equal(answer.status, 200, answer.raw);
        assert.deepEqual(answer.json, post);
    }
});

test('PATCH with null or a wrong value is 422 and changes nothing', async () => {
    const post = await site.createPost(ada, { title: 'keep', content: 'keep' });
    for (const [body, entries] of [
        [{ title: null }, [stringType(['body', 'title'], null)]],
        [{ content: null }, [stringType(['body', 'content'], null)]],
        [{ published: null }, [boolType(['body', 'published'], null)]],
        [{ title: '', content: 'new' }, [tooShort(['body', 'title'], '', 1)]],
        [{ published: 'maybe', title: 5, content: 'new' }, [stringType(['body', 'title'], 5),
            boolParsing(['body', 'published'], 'maybe')]],
    ]) {
        assertInvalid(await site.patch(`/posts/${post.id}`, body, ada), entries);
        assert.deepEqual((await site.get(`/posts/${post.id}`)).json, post);
    }
});

test('DELETE is 204, then 404', async () => {
    const post = await site.createPost(ada);
    assert.equal((await site.delete(`/posts/${post.id}`, ada)).status, 204);
    const detail = `post with id: ${post.id} not found`;
    assertError(await site.get(`/posts/${post.id}`), 404, 'not_found', detail);
    assertError(await site.delete(`/posts/${post.id}`, ada), 404, 'not_found', detail);
    assertError(await site.put(`/posts/${post.id}/vote`, { vote_type: 'upvote' }, bob), 404, 'not_found', detail);
});

test('a post with votes can be deleted; its id does not come again', async () => {
    const post = await site.createPost(ada);
    assert.equal((await site.put(`/posts/${post.id}/vote`, { vote_type: 'upvote' }, bob)).status, 201);
    assert.equal((await site.delete(`/posts/${post.id}`, ada)).status, 204);
    assert.ok((await site.createPost(ada)).id > post.id);
});

test('what is not published is there for its owner and admins alone', async () => {
    const word = site.name('hidden');
    const post = await site.createPost(ada, { title: word, published: false });
    const detail = `post with id: ${post.id} not found`;
    const list = async (path, person) =>
        (await site.get(path, { query: { search: word }, token: person?.token })).json.map(({ id }) => id);
    for (const person of [bob, undefined]) {
        assertError(await site.get(`/posts/${post.id}`, person), 404, 'not_found', detail);
        assert.deepEqual(await list('/posts', person), []);
        assert.deepEqual(await list(`/users/${ada.id}/posts`, person), []);
    }
    assertError(await site.put(`/posts/${post.id}`, { title: 't', content: 'c' }, bob), 404, 'not_found', detail);
    assertError(await site.patch(`/posts/${post.id}`, { published: true }, bob), 404, 'not_found', detail);
    assertError(await site.delete(`/posts/${post.id}`, bob), 404, 'not_found', detail);
    assertError(await site.put(`/posts/${post.id}/vote`, { vote_type: 'upvote' }, bob), 404, 'not_found', detail);
    assertError(await site.get(`/posts/${post.id}/voters`, bob), 404, 'not_found', detail);
    assert.deepEqual((await site.get('/posts', { query: { search: word, published: 'false' } })).json, []);
    for (const person of [ada, admin]) {
        assertPost((await site.get(`/posts/${post.id}`, person)).json, { published: false });
        assert.deepEqual(await list('/posts', person), [post.id]);
        assert.deepEqual(await list(`/users/${ada.id}/posts`, person), [post.id]);
    }
    assert.equal((await site.patch(`/posts/${post.id}`, { published: true }, ada)).status, 200);
    assert.deepEqual(await list('/posts', bob), [post.id]);
});

test('an admin may edit and delete another\'s post, who stays its owner', async () => {
    const post = await site.createPost(ada, { published: false });
    assertPost((await site.patch(`/posts/${post.id}`, { title: 'moderated' }, admin)).json,
        { title: 'moderated', owner_id: ada.id });
    assertPost((await site.put(`/posts/${post.id}`, { title: 'a', content: 'b' }, admin)).json,
        { title: 'a', owner_id: ada.id });
    assert.equal((await site.delete(`/posts/${post.id}`, admin)).status, 204);
});

test('GET /users/{id}/posts lists that user\'s alone', async () => {
    const person = await site.signUp();
    const mine = [await site.createPost(person), await site.createPost(person)];
    await site.createPost(bob);
    const answer = await site.get(`/users/${person.id}/posts?sort_by=id`);
    assert.equal(answer.status, 200);
    assert.deepEqual(answer.json, mine);
    assert.deepEqual((await site.get(`/users/${(await site.signUp()).id}/posts`)).json, []);
});

test('times are RFC 3339 in UTC, with microseconds only when not zero', async () => {
    const post = await site.createPost(ada);
    for (const [stored, shown] of [
        ['2024-02-29 03:04:05', '2024-02-29T03:04:05Z'],
        ['2024-02-29 03:04:05.120000', '2024-02-29T03:04:05.120000Z'],
        ['1999-12-31 23:59:59.000001', '1999-12-31T23:59:59.000001Z'],
    ]) {
        await site.query(`UPDATE posts SET created_at = '${stored}' WHERE id = ${post.id}`);
        const { created_at: time } = (await site.get(`/posts/${post.id}`)).json;
        assertTime(time);
        assert.equal(time, shown);
    }
});

test('the owner\'s new name shows in old posts', async () => {
    const person = await site.signUp();
    const post = await site.createPost(person);
    const username = site.name();
    assert.equal((await site.patch('/users/me', { username }, person)).status, 200);
    assert.deepEqual((await site.get(`/posts/${post.id}`)).json.owner, { id: person.id, username });
});

test('PUBLIC_READ=false asks for a token on every read', { apart: true }, async () => {
    const closed = await startSite({ settings: { PUBLIC_READ: 'false', WORKERS: 2 } });
    const person = await closed.signUp();
    const post = await closed.createPost(person);
    for (const path of ['/posts', `/posts/${post.id}`, `/posts/${post.id}/voters`, `/users/${person.id}`,
        `/users/${person.id}/posts`,
        `/users/${person.id}/voted-posts`, '/posts/2147480000']) {
        assertError(await closed.get(path), 401, 'unauthenticated', 'Not authenticated');
        assert.notEqual((await closed.get(path, person)).status, 401, path);
    }
});

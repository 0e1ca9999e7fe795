// Microposts: short notes, newest first, their author's to change.
import assert from 'node:assert/strict';
import { assertError, assertInvalid, missing, stringType, tooLong, tooShort } from './lib/contract.mjs';
import { assertBetween, assertMicropost } from './lib/shapes.mjs';
import { startSite } from './lib/site.mjs';
import { test } from './lib/test.mjs';

const site = await startSite();
const admin = await site.admin();
const ada = await site.signUp();
const bob = await site.signUp();
const NONE = 2147480000;
const write = (person, body = 'a note') => site.create('/microposts', { body }, person);

test('POST creates: 201, Location, the whole object', async () => {
    const before = Date.now();
    const answer = await site.post('/microposts', { body: 'Hello', user_id: bob.id, timestamp: 'x', id: 1 }, ada);
    assert.equal(answer.status, 201, answer.raw);
    assertMicropost(answer.json, { body: 'Hello', user_id: ada.id, author: { id: ada.id, username: ada.username } });
    assertBetween(answer.json.timestamp, before, Date.now());
    assert.equal(answer.headers.location, `/api/v1/microposts/${answer.json.id}`);
    for (const reader of [ada, bob, undefined]) {
        assert.deepEqual((await site.get(`/microposts/${answer.json.id}`, reader)).json, answer.json);
    }
    assertError(await site.post('/microposts', { body: 'Hello' }), 401, 'unauthenticated');
});

test('a body has 1 to 140 characters, whatever their bytes', async () => {
    const mine = await write(ada);
    const path = `/microposts/${mine.id}`;
    for (const character of ['x', 'é', '日', '😀']) {
        const body = character.repeat(140);
        assertMicropost(await write(ada, body), { body });
        const wrong = [tooLong(['body', 'body'], `${body}${character}`, 140)];
        assertInvalid(await site.post('/microposts', { body: `${body}${character}` }, ada), wrong);
        assertInvalid(await site.patch(path, { body: `${body}${character}` }, ada), wrong);
    }
    for (const [json, entries] of [
        [{}, [missing(['body', 'body'], {})]], [{ body: '' }, [tooShort(['body', 'body'], '', 1)]],
        [{ body: null }, [stringType(['body', 'body'], null)]], [{ body: 1 }, [stringType(['body', 'body'], 1)]],
    ]) {
        assertInvalid(await site.post('/microposts', json, ada), entries);
        if (Object.keys(json).length > 0) {
            assertInvalid(await site.patch(path, json, ada), entries);
        }
    }
    assert.deepEqual((await site.get(path)).json, mine);
    assertMicropost(await write(ada, ' \n'), { body: ' \n' });
});

test('PATCH and DELETE by the author or an admin; the time stays', async () => {
    const mine = await write(ada);
    const path = `/microposts/${mine.id}`;
    assertError(await site.patch(path, { body: 'stolen' }, bob), 403, 'forbidden');
    assertError(await site.delete(path, bob), 403, 'forbidden');
    assert.deepEqual((await site.patch(path, {}, ada)).json, mine);
    assert.deepEqual((await site.patch(path, { body: 'two' }, ada)).json, { ...mine, body: 'two' });
    assert.deepEqual((await site.patch(path, { body: 'three' }, admin)).json, { ...mine, body: 'three' });
    assertError(await site.put(path, { body: 'four' }, ada), 405, 'method_not_allowed');
    assert.equal((await site.delete(path, admin)).status, 204);
    for (const answer of [await site.get(path), await site.patch(path, { body: 'x' }, ada),
        await site.patch(path, {}, ada), await site.delete(path, ada)]) {
        assertError(answer, 404, 'not_found', `micropost with id: ${mine.id} not found`);
    }
});

test('an edit from an old state is 412', async () => {
    const { json, headers } = await site.post('/microposts', { body: 'one' }, ada);
    const old = { token: ada.token, headers: { 'If-Match': headers.etag } };
    assert.equal((await site.patch(`/microposts/${json.id}`, { body: 'two' }, old)).status, 200);
    assertError(await site.patch(`/microposts/${json.id}`, { body: 'three' }, old), 412, 'stale');
    assertError(await site.delete(`/microposts/${json.id}`, old), 412, 'stale');
    assert.equal((await site.get(`/microposts/${json.id}`)).json.body, 'two');
});

test('lists are newest first; of a user, theirs alone', async () => {
    const person = await site.signUp();
    const mine = [await write(person, 'first'), await write(person, 'second'), await write(person, 'third')];
    await write(bob);
    const path = `/users/${person.id}/microposts`;
    assert.deepEqual((await site.get(path)).json, [...mine].reverse());
    assert.deepEqual((await site.get(`${path}?sort_by=id`)).json, mine);
    assert.deepEqual((await site.get(`${path}?limit=1&skip=1`)).json, [mine[1]]);
    const all = (await site.get('/microposts?limit=100')).json;
    assert.deepEqual(all.map(({ timestamp }) => timestamp), all.map(({ timestamp }) => timestamp).sort().reverse());
    assert.deepEqual((await site.get(`/microposts?user_id=${person.id}&search=SECO`)).json, [mine[1]]);
    assert.deepEqual((await site.get(`/users/${(await site.signUp()).id}/microposts`)).json, []);
    assertError(await site.get(`/users/${NONE}/microposts`), 404, 'not_found', `user with id: ${NONE} not found`);
    assertError(await site.get(`/microposts/${NONE}`), 404, 'not_found');
});

test('of one time, the order is that of the ids', async () => {
    const person = await site.signUp();
    const ids = [];
    for (let i = 0; i < 5; ++i) {
        ids.push((await write(person)).id);
    }
    await site.query(`UPDATE microposts SET timestamp = '2020-01-01' WHERE user_id = ${person.id}`);
    const seen = (await site.get(`/users/${person.id}/microposts`)).json.map(({ id }) => id);
    assert.deepEqual([...seen].sort((a, b) => a - b), ids);
    const paged = [];
    for (let skip = 0; skip < 5; ++skip) {
        paged.push((await site.get(`/users/${person.id}/microposts?limit=1&skip=${skip}`)).json[0].id);
    }
    assert.deepEqual(paged, seen);
});

test('microposts go with their user', async () => {
    const person = await site.signUp();
    const { id } = await write(person);
    assert.equal((await site.delete(`/users/${person.id}`, person)).status, 204);
    assertError(await site.get(`/microposts/${id}`), 404, 'not_found');
});

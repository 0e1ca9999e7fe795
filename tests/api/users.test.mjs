// Accounts: oneself, others, the administrator's view; changing the password, leaving.
import assert from 'node:assert/strict';
import { assertError, assertInvalid, boolType, emailError, HIDDEN, literal, missing, stringType,
    tooShort } from './lib/contract.mjs';
import { decode } from './lib/jwt.mjs';
import { assertHas, assertPublicUser, assertUser, assertSelf } from './lib/shapes.mjs';
import { startSite } from './lib/site.mjs';
import { test } from './lib/test.mjs';

const site = await startSite();
const admin = await site.admin();
const ada = await site.signUp();
const bob = await site.signUp();
const NOBODY = 2147480000;

test('GET /users/me shows the whole user', async () => {
    const { id, uid, username, email } = ada;
    const answer = await site.get('/users/me', ada);
    assert.equal(answer.status, 200);
    assertSelf(answer.json, { id, uid, username, email, is_active: true, books: [], reviews: [] });
});

test('GET /users/{id}: oneself and admins see everything, others what is public', async () => {
    assertUser((await site.get(`/users/${ada.id}`, ada)).json, { id: ada.id, email: ada.email });
    assertUser((await site.get(`/users/${ada.id}`, admin)).json, { id: ada.id, email: ada.email });
    assertPublicUser((await site.get(`/users/${ada.id}`, bob)).json, { id: ada.id, username: ada.username });
});

test('the ETag of what is public tells nothing of the rest, and is none for If-Match', async () => {
    const person = await site.signUp();
    const { headers: { etag } } = await site.get(`/users/${person.id}`, bob);
    assert.equal((await site.patch('/users/me', { email: `${site.name()}@example.com` }, person)).status, 200);
    assert.equal((await site.get(`/users/${person.id}`, bob)).headers.etag, etag);
    const fresh = await site.signUp(); // a row of the first version
    const { headers } = await site.get(`/users/${fresh.id}`, bob);
    assertError(await site.request('DELETE', `/users/${fresh.id}`, { token: admin.token,
        headers: { 'If-Match': headers.etag } }), 412);
});

test('GET /users/{id} takes fields and include: of oneself and for admins all, of others what is public', async () => {
    const [one, other] = [await site.signUp(), await site.signUp()];
    const path = `/users/${one.id}`;
    await site.put('/users/me/profile', { bio: 'b' }, one);
    for (const who of [one, admin]) {
        assert.deepEqual((await site.get(`${path}?fields=id,email`, who)).json, { id: one.id, email: one.email });
        const { json } = await site.get(`${path}?fields=id,profile,books,roles&include=profile,books,roles`, who);
        assert.deepEqual([json.id, json.profile.bio, json.books, json.roles], [one.id, 'b', [], []]);
        assertInvalid(await site.get(`${path}?include=posts`, who), [literal(['query', 'include'], 'posts',
            "'profile', 'roles', 'books' or 'reviews'")]);
        assert.equal((await site.get(`${path}?fields=password_hash`, who)).status, 422);
    }
    for (const who of [other, undefined]) {
        assert.deepEqual((await site.get(`${path}?fields=username,id`, who)).json, { id: one.id, username: one.username });
        assertInvalid(await site.get(`${path}?fields=email`, who), [literal(['query', 'fields'], 'email',
            "'id', 'uid', 'username' or 'created_at'")]);
        assertPublicUser((await site.get(`${path}?include=roles,profile`, who)).json, { id: one.id });
        for (const names of ['posts', ',', 'roles,']) {
            assertInvalid(await site.get(`${path}?include=${names}`, who), [literal(['query', 'include'], names,
                "'profile', 'roles', 'books' or 'reviews'")]);
        }
    }
});

test('an unknown user is 404 and named', async () => {
    for (const person of [ada, admin]) {
        assertError(await site.get(`/users/${NOBODY}`, person), 404, 'not_found',
            `user with id: ${NOBODY} not found`);
    }
    assertError(await site.patch(`/users/${NOBODY}`, { is_active: true }, admin), 404, 'not_found');
    assertError(await site.delete(`/users/${NOBODY}`, admin), 404, 'not_found');
});

test('PATCH /users/me changes what is sent, and log-in follows', async () => {
    const person = await site.signUp();
    const before = (await site.get('/users/me', person)).json;
    const email = `new.${site.name()}@example.com`;
    const answer = await site.patch('/users/me', { email: email.replace('example', 'EXAMPLE') }, person);
    assert.equal(answer.status, 200, answer.raw);
    assertSelf(answer.json, { ...before, email, updated_at: answer.json.updated_at });
    assert.ok(answer.json.updated_at > before.updated_at);
    assert.deepEqual((await site.get('/users/me', person)).json, answer.json);

    await site.login({ ...person, email });
    assertError(await site.post('/auth/login', { email: person.email, password: person.password }), 401);

    const username = site.name();
    assertHas((await site.patch('/users/me', { username }, person)).json, { username, email });
});

test('PATCH /users/me with nothing is 200 and changes nothing', async () => {
    const before = (await site.get('/users/me', ada)).json;
    for (const body of [{}, { unknown: 1 }]) {
        const answer = await site.patch('/users/me', body, ada);
        assert.equal(answer.status, 200, answer.raw);
        assert.deepEqual(answer.json, before);
    }
});

test('PATCH /users/me cannot set what the server sets', async () => {
    const before = (await site.get('/users/me', ada)).json;
    const answer = await site.patch('/users/me', {
        id: 1, uid: 'x', is_active: false, is_admin: true, roles: ['admin'], role: 'admin', password_hash: 'x',
            created_at: 'x',
        password: 'another password',
    }, ada);
    assert.equal(answer.status, 200, answer.raw);
    assertHas((await site.get('/users/me', ada)).json, { id: before.id, uid: before.uid, is_active: true,
        created_at: before.created_at });
    assertError(await site.get('/users', ada), 403, 'forbidden');
    await site.login(ada);
});

test('PATCH /users/me checks like registration does, all at once', async () => {
    assertInvalid(await site.patch('/users/me', { email: 'nope', username: 'ab' }, ada), [
        tooShort(['body', 'username'], 'ab', 3),
        emailError(['body', 'email'], 'nope', 'An email address must have an @-sign.'),
    ]);
    assertInvalid(await site.patch('/users/me', { email: null }, ada), [stringType(['body', 'email'], null)]);
    assertInvalid(await site.patch('/users/me', { username: null }, ada), [stringType(['body', 'username'], null)]);
});

test('PATCH /users/me to a taken name or address is 409; to one\'s own in other letters is not', async () => {
    assertError(await site.patch('/users/me', { email: bob.email.toUpperCase() }, ada), 409, 'duplicate', /email/);
    assertError(await site.patch('/users/me', { username: bob.username.toUpperCase() }, ada), 409, 'duplicate',
        /username/);
    const person = await site.signUp();
    const username = person.username.toUpperCase();
    assertHas((await site.patch('/users/me', { username }, person)).json, { username });
});

test('PUT /users/me/password: the new one counts, all other sessions end, this one lives', async () => {
    const person = await site.signUp();
    const other = await site.login(person);
    const next = site.password();
    const answer = await site.put('/users/me/password', { current_password: person.password, new_password: next },
        person);
    assert.equal(answer.status, 204, answer.raw);
    assert.equal((await site.get('/users/me', person)).status, 200);
    assertError(await site.get('/users/me', other), 401, 'invalid_token');
    assertError(await site.post('/auth/login', { email: person.email, password: person.password }), 401,
        'invalid_credentials');
    await site.login({ ...person, password: next });
});

test('PUT /users/me/password with a wrong current one is 403 and changes nothing', async () => {
    const person = await site.signUp();
    const other = await site.login(person);
    const answer = await site.put('/users/me/password', { current_password: 'not the password',
        new_password: site.password() }, person);
    assertError(answer, 403, 'wrong_password');
    assert.equal((await site.get('/users/me', other)).status, 200);
    await site.login(person);
});

test('PUT /users/me/password checks its body, and shows no password', async () => {
    assertInvalid(await site.put('/users/me/password', {}, ada),
        [missing(['body', 'current_password'], {}), missing(['body', 'new_password'], {})]);
    assertInvalid(await site.put('/users/me/password', { current_password: ada.password, new_password: 'short' },
        ada),
        [tooShort(['body', 'new_password'], HIDDEN, 8)]);
    assertInvalid(await site.put('/users/me/password', { current_password: 'canary1',
        extra: { password: 'canary2' } }, ada),
        [missing(['body', 'new_password'], { current_password: HIDDEN, extra: { password: HIDDEN } })]);
    const tooMany = await site.put('/users/me/password', { current_password: ada.password,
        new_password: 'x'.repeat(73) }, ada);
    assert.equal(tooMany.status, 422);
    assertHas(tooMany.json.detail[0], { type: 'value_error', loc: ['body', 'new_password'], input: HIDDEN });
    await site.login(ada);
});

test('GET /users is for admins', async () => {
    assertError(await site.get('/users'), 401, 'unauthenticated');
    assertError(await site.get('/users', ada), 403, 'forbidden');
    const answer = await site.get('/users?limit=100', admin);
    assert.equal(answer.status, 200);
    answer.json.forEach((user) => assertUser(user));
    for (const person of [ada, bob, admin]) {
        assert.equal(answer.json.filter(({ id }) => id === person.id).length, 1);
    }
});

test('GET /users takes limit, skip, sort_by, search and filters', async () => {
    const word = site.name('listed');
    const people = [];
    for (const suffix of ['a', 'b', 'c']) {
        people.push(await site.signUp({ username: `${word}${suffix}` }));
    }
    assert.equal((await site.patch(`/users/${people[1].id}`, { is_active: false }, admin)).status, 200);
    const ids = async (query) => (await site.get('/users', { ...query,
        token: admin.token })).json.map(({ id }) => id);
    const [a, b, c] = people.map(({ id }) => id);
    assert.deepEqual(await ids({ query: { search: word.toUpperCase(), sort_by: 'id' } }), [a, b, c]);
    assert.deepEqual(await ids({ query: { search: word, sort_by: '-username', limit: 2 } }), [c, b]);
    assert.deepEqual(await ids({ query: { search: word, sort_by: 'id', skip: 1, limit: 1 } }), [b]);
    assert.deepEqual(await ids({ query: { search: word, is_active: 'false' } }), [b]);
    assert.deepEqual(await ids({ query: { username: people[2].username } }), [c]);
    assert.deepEqual(await ids({ query: { search: `${word}%` } }), []);
});

test('PATCH /users/{id} is for admins, and of a user\'s state only', async () => {
    const person = await site.signUp();
    for (const body of [{ is_active: false }, { is_active: 'maybe' }, {}]) {
        assertError(await site.patch(`/users/${person.id}`, body, bob), 403, 'forbidden');
        assertError(await site.patch(`/users/${person.id}`, body, person), 403, 'forbidden');
    }
    const answer = await site.patch(`/users/${person.id}`, { is_active: false }, admin);
    assert.equal(answer.status, 200, answer.raw);
    assertUser(answer.json, { id: person.id, username: person.username, is_active: false });
    assertInvalid(await site.patch(`/users/${person.id}`, { is_active: null }, admin),
        [boolType(['body', 'is_active'], null)]);
    const again = await site.patch(`/users/${person.id}`, { is_active: 'yes', email: 'x', id: 5 }, admin);
    assert.equal(again.status, 200, again.raw);
    assertHas((await site.get(`/users/${person.id}`, admin)).json, { id: person.id, email: person.email, is_active: true });
});

test('an inactive user\'s sessions do not come back to life by themselves', async () => {
    const person = await site.signUp();
    await site.patch(`/users/${person.id}`, { is_active: false }, admin);
    assertError(await site.get('/users/me', person), 401, 'invalid_token');
    assert.equal((await site.patch(`/users/${person.id}`, { is_active: true }, admin)).status, 200);
    assertError(await site.get('/users/me', person), 401, 'invalid_token');
    await site.login(person);
});

test('DELETE /users/me wants the current password', async () => {
    const person = await site.signUp();
    assertInvalid(await site.request('DELETE', '/users/me', { token: person.token, json: {} }),
        [missing(['body', 'current_password'], {})]);
    assertInvalid(await site.delete('/users/me', person), [missing(['body'], null)]);
    assertError(await site.request('DELETE', '/users/me', { token: person.token,
        json: { current_password: 'not the password' } }),
        403, 'wrong_password');
    assert.equal((await site.get('/users/me', person)).status, 200);

    const json = { current_password: person.password };
    assert.equal((await site.request('DELETE', '/users/me', { token: person.token, json })).status, 204);
    assertError(await site.get('/users/me', person), 401, 'invalid_token');
    assertError(await site.post('/auth/login', { email: person.email, password: person.password }), 401,
        'invalid_credentials');
    assertError(await site.get(`/users/${person.id}`, admin), 404, 'not_found');
});

test('DELETE /users/{id}: by the person or an admin 204, by another 403', async () => {
    const one = await site.signUp();
    const two = await site.signUp();
    assertError(await site.delete(`/users/${one.id}`), 401, 'unauthenticated');
    assertError(await site.delete(`/users/${one.id}`, bob), 403, 'forbidden');
    assert.equal((await site.get('/users/me', one)).status, 200);
    assert.equal((await site.delete(`/users/${one.id}`, one)).status, 204);
    assertError(await site.get('/users/me', one), 401, 'invalid_token');
    assert.equal((await site.delete(`/users/${two.id}`, admin)).status, 204);
    assertError(await site.delete(`/users/${two.id}`, admin), 404, 'not_found', `user with id: ${two.id} not found`);
});

test('with a user go posts, votes and sessions, and what they voted on is counted anew', async () => {
    const person = await site.signUp();
    const own = await site.createPost(person);
    const theirs = await site.createPost(bob);
    for (const voter of [person, ada]) {
        assert.equal((await site.put(`/posts/${theirs.id}/vote`, { vote_type: 'downvote' }, voter)).status, 201);
    }
    assert.equal((await site.put(`/posts/${own.id}/vote`, { vote_type: 'upvote' }, bob)).status, 201);
    assertHas((await site.get(`/posts/${theirs.id}`, bob)).json, { votes: 2, score: -2 });

    assert.equal((await site.delete(`/users/${person.id}`, person)).status, 204);
    assertError(await site.get(`/posts/${own.id}`, bob), 404, 'not_found', `post with id: ${own.id} not found`);
    assertHas((await site.get(`/posts/${theirs.id}`, bob)).json, { votes: 1, score: -1 });
    assert.deepEqual((await site.get('/users/me/voted-posts?limit=100', bob)).json.filter(({ id }) => id === own.id),
        []);
    const [left] = await site.query(`SELECT (SELECT count(*) FROM posts WHERE owner_id = ${person.id}) AS posts,
        (SELECT count(*) FROM votes WHERE user_id = ${person.id} OR post_id = ${own.id}) AS votes,
        (SELECT count(*) FROM sessions WHERE user_id = ${person.id}) AS sessions`);
    assert.deepEqual(left, { posts: '0', votes: '0', sessions: '0' });
});

test('the last admin cannot go; one of two can', { apart: true }, async () => {
    const other = await startSite({ settings: { WORKERS: 2 } });
    const first = await other.admin();
    assertError(await other.delete(`/users/${first.id}`, first), 409, 'last_admin');
    const json = { current_password: first.password };
    assertError(await other.request('DELETE', '/users/me', { token: first.token, json }), 409, 'last_admin');
    assert.equal((await other.get('/users/me', first)).status, 200);
    const second = await other.makeAdmin();
    assert.equal((await other.delete(`/users/${first.id}`, second)).status, 204);
    assertError(await other.delete(`/users/${second.id}`, second), 409, 'last_admin');
});

test('an admin is who holds the role "admin", byte for byte, looked up for each request', async () => {
    const person = await site.signUp();
    assertError(await site.get('/users', person), 403, 'forbidden');
    await site.query(`INSERT INTO user_roles (user_id, role_id, assigned_at)
        SELECT ${person.id}, id, utc_timestamp(6) FROM roles WHERE name = 'admin'`);
    assert.equal((await site.get('/users', person)).status, 200);
    const held = `SELECT role_id FROM user_roles WHERE user_id = ${person.id}`;
    const rename = (name) => site.query(`UPDATE roles SET name = '${name}' WHERE id IN (${held})`);
    for (const name of ['Admin', 'admin ', 'ádmin', 'ADMIN']) {
        await rename(name);
        assertError(await site.get('/users', person), 403, 'forbidden');
    }
    await rename('admin');
    assert.equal((await site.get('/users', person)).status, 200);
    await site.query(`DELETE FROM user_roles WHERE user_id = ${person.id}`);
    assertError(await site.get('/users', person), 403, 'forbidden');
});

test('a session is remembered with its agent', async () => {
    const answer = await site.post('/auth/login', { email: ada.email, password: ada.password },
        { headers: { 'User-Agent': 'a test' } });
    const { sid } = decode(site.keep(answer.json.access_token)).claims;
    const [row] = await site.query(`SELECT * FROM sessions WHERE id = ${sid}`);
    assertHas(row, { user_id: String(ada.id), agent: 'a test', address: '127.0.0.1' });
});

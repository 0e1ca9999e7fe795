// Roles: made, given and taken by admins; the last admin stays one.
import assert from 'node:assert/strict';
import { assertError, assertInvalid, intParsing, missing, stringType, tooLong, tooShort } from './lib/contract.mjs';
import { assertBetween, assertGrant, assertRole, assertUser } from './lib/shapes.mjs';
import { startSite } from './lib/site.mjs';
import { test } from './lib/test.mjs';

const site = await startSite();
const admin = await site.admin();
const ada = await site.signUp();
const bob = await site.signUp();
const NONE = 2147480000;

const newRole = (fields = {}) => site.create('/roles', { name: site.name('role'), ...fields }, admin);
const grantPath = (person, role) => `/users/${person.id}/roles/${role.id}`;
const give = (person, role, by = admin) => site.put(grantPath(person, role), undefined, by);
const take = (person, role, by = admin) => site.delete(grantPath(person, role), by);
const held = async (person, by = admin) => (await site.get(`/users/${person.id}/roles?limit=100`, by)).json;

test('an admin makes a role: 201, Location, the object; anyone may read it', async () => {
    const name = site.name('editor');
    const answer = await site.post('/roles', { name, description: 'edits' }, admin);
    assert.equal(answer.status, 201, answer.raw);
    assertRole(answer.json, { name, description: 'edits' });
    assert.equal(answer.headers.location, `/api/v1/roles/${answer.json.id}`);
    for (const reader of [admin, bob, undefined]) {
        assert.deepEqual((await site.get(`/roles/${answer.json.id}`, reader)).json, answer.json);
        const list = (await site.get('/roles?limit=100&sort_by=-id', reader)).json;
        assert.deepEqual(list.find(({ id }) => id === answer.json.id), answer.json);
    }
    assertRole(await newRole(), { description: null });
    assertError(await site.get(`/roles/${NONE}`), 404, 'not_found', `role with id: ${NONE} not found`);
});

test('a name is required, has 1 to 50 characters, a description up to 500', async () => {
    const text = '😀'.repeat(50);
    assertInvalid(await site.post('/roles', {}, admin), [missing(['body', 'name'], {})]);
    assertInvalid(await site.post('/roles', { name: '' }, admin), [tooShort(['body', 'name'], '', 1)]);
    assertInvalid(await site.post('/roles', { name: 5, description: 6 }, admin),
        [stringType(['body', 'name'], 5), stringType(['body', 'description'], 6)]);
    assertInvalid(await site.post('/roles', { name: `${text}x`, description: 'é'.repeat(501) }, admin),
        [tooLong(['body', 'name'], `${text}x`, 50), tooLong(['body', 'description'], 'é'.repeat(501), 500)]);
    assertRole(await newRole({ name: text, description: 'é'.repeat(500) }), { name: text });
    const role = await newRole();
    assertInvalid(await site.patch(`/roles/${role.id}`, { name: null }, admin), [stringType(['body', 'name'], null)]);
});

test('names are unique without regard to case', async () => {
    const role = await newRole({ name: site.name('Éditor') });
    const other = await newRole();
    for (const name of [role.name, role.name.toUpperCase(), role.name.toLowerCase()]) {
        assertError(await site.post('/roles', { name }, admin), 409, 'duplicate', /name/);
        assertError(await site.patch(`/roles/${other.id}`, { name }, admin), 409, 'duplicate', /name/);
    }
    const again = role.name.toUpperCase();
    assertRole((await site.patch(`/roles/${role.id}`, { name: again }, admin)).json, { id: role.id, name: again });
    assert.deepEqual((await site.get(`/roles/${other.id}`)).json, other);
});

test('twenty admins\' requests make one role of one name', async () => {
    const name = site.name('once');
    const answers = await Promise.all(Array.from({ length: 20 }, (_, i) =>
        site.post('/roles', { name: i % 2 ? name : name.toUpperCase() }, admin)));
    assert.deepEqual(answers.map(({ status }) => status).sort(), [201, ...Array(19).fill(409)]);
});

test('PATCH and DELETE of a role; an edit from an old state is 412', async () => {
    const { json: role, headers } = await site.post('/roles', { name: site.name('r'), description: 'd' }, admin);
    const old = { token: admin.token, headers: { 'If-Match': headers.etag } };
    assert.deepEqual((await site.patch(`/roles/${role.id}`, {}, admin)).json, role);
    const patched = await site.patch(`/roles/${role.id}`, { description: null }, old);
    assert.deepEqual(patched.json, { ...role, description: null });
    assertError(await site.patch(`/roles/${role.id}`, { description: 'x' }, old), 412, 'stale');
    assertError(await site.delete(`/roles/${role.id}`, old), 412, 'stale');
    assert.equal((await give(ada, role)).status, 201);
    assert.equal((await site.delete(`/roles/${role.id}`, admin)).status, 204);
    for (const answer of [await site.get(`/roles/${role.id}`), await site.delete(`/roles/${role.id}`, admin),
        await site.patch(`/roles/${role.id}`, { name: 'x' }, admin), await give(ada, role), await take(ada, role),
        await site.get(`/roles/${role.id}/users`, admin)]) {
        assertError(answer, 404, 'not_found', `role with id: ${role.id} not found`);
    }
    assert.equal(await site.count('user_roles', `role_id = ${role.id}`), 0);
});

test('PUT gives a role: 201, then 200 and nothing changes; DELETE takes it: 204, then 404', async () => {
    const role = await newRole();
    const before = Date.now();
    const given = await give(ada, role);
    assert.equal(given.status, 201, given.raw);
    assert.equal(given.headers.location, `/api/v1/users/${ada.id}/roles/${role.id}`);
    assertGrant(given.json, { role, assigned_by: admin.id });
    assertBetween(given.json.assigned_at, before, Date.now());
    const again = await give(ada, role, await site.makeAdmin());
    assert.equal(again.status, 200);
    assert.deepEqual(again.json, given.json);
    assert.deepEqual(await held(ada), [given.json]);
    assert.deepEqual(await held(ada, ada), [given.json]);
    assertError(await take(bob, role), 404, 'not_found', `user ${bob.id} does not hold the role with id: ${role.id}`);
    assert.equal((await take(ada, role)).status, 204);
    assertError(await take(ada, role), 404, 'not_found', `user ${ada.id} does not hold the role with id: ${role.id}`);
    assert.deepEqual(await held(ada), []);
});

test('a grant to nobody, or of nothing, is 404; ids are checked', async () => {
    const role = await newRole();
    for (const act of [give, take]) {
        assertError(await act({ id: NONE }, role), 404, 'not_found', `user with id: ${NONE} not found`);
        assertError(await act(ada, { id: NONE }), 404, 'not_found', `role with id: ${NONE} not found`);
        assertInvalid(await act({ id: 'x' }, { id: 'y' }), [intParsing(['path', 'id'], 'x'),
            intParsing(['path', 'role_id'], 'y')]);
    }
});

test('ten grants at once: one 201, nine 200; ten takings: one 204, nine 404', async () => {
    const role = await newRole();
    const ten = (act) => Promise.all(Array.from({ length: 10 }, () => act(ada, role)));
    assert.deepEqual((await ten(give)).map(({ status }) => status).sort(), [...Array(9).fill(200), 201]);
    assert.deepEqual((await ten(take)).map(({ status }) => status).sort(), [204, ...Array(9).fill(404)]);
});

test('who holds what is for themself and admins; who holds a role for admins', async () => {
    const role = await newRole();
    await give(ada, role);
    for (const path of [`/users/${ada.id}/roles`, `/roles/${role.id}/users`]) {
        assertError(await site.get(path), 401, 'unauthenticated');
        assertError(await site.get(path, bob), 403, 'forbidden');
    }
    assertError(await site.get(`/roles/${role.id}/users`, ada), 403, 'forbidden');
    assertError(await site.get(`/users/${NONE}/roles`, admin), 404, 'not_found', `user with id: ${NONE} not found`);
    assertError(await site.get(`/users/${NONE}/roles`, bob), 403, 'forbidden');
    const { json } = await site.get(`/roles/${role.id}/users`, admin);
    assert.equal(json.length, 1);
    assertUser(json[0], { id: ada.id, email: ada.email });
    await give(bob, role);
    const page = (skip) => site.get(`/roles/${role.id}/users?limit=1&sort_by=id&skip=${skip}`, admin);
    assert.deepEqual([(await page(0)).json[0].id, (await page(1)).json[0].id], [ada.id, bob.id]);
    const { json: users } = await site.get('/users', { token: admin.token, query: { include: 'roles',
        username: bob.username } });
    assert.deepEqual(users[0].roles, await held(bob));
});

test('who has given a role may go: the assignment stays, by nobody', async () => {
    const role = await newRole();
    const former = await site.makeAdmin();
    const given = (await give(bob, role, former)).json;
    assertGrant(given, { assigned_by: former.id });
    assert.equal((await site.delete(`/users/${former.id}`, admin)).status, 204);
    const grant = (await held(bob)).find((each) => each.role.id === role.id);
    assert.deepEqual(grant, { ...given, assigned_by: null });
});

test('roles go with their user', async () => {
    const person = await site.signUp();
    await give(person, await newRole());
    assert.equal((await site.delete(`/users/${person.id}`, admin)).status, 204);
    assert.equal(await site.count('user_roles', `user_id = ${person.id}`), 0);
});

test('a look-alike of "admin" or "moderator" gives no rights', async () => {
    const tag = await site.create('/tags', { name: site.name('tag') }, bob);
    for (const real of ['admin', 'moderator']) {
        await site.role(real);
        for (const name of [real.toUpperCase(), `${real[0].toUpperCase()}${real.slice(1)}`]) {
            assertError(await site.post('/roles', { name }, admin), 409, 'duplicate', /name/);
        }
        for (const name of [`${real} `, ` ${real}`, `${real}\t`, `${real}\u200b`, `${real}\u0301`, `${real}s`,
            real.replace('a', 'á'), real.replace('o', 'ó'), real.replace('a', 'а'), real.replace('m', 'ｍ')]) {
            if (name === real) {
                continue;
            }
            const person = await site.signUp();
            const role = await newRole({ name });
            assert.equal((await give(person, role)).status, 201);
            assertError(await site.get('/users', person), 403, 'forbidden');
            assertError(await site.post('/roles', { name: site.name() }, person), 403, 'forbidden');
            assertError(await site.patch(`/tags/${tag.uid}`, { name: 'stolen' }, person), 403, 'forbidden');
            assertError(await site.patch(`/roles/${role.id}`, { name: real }, admin), 409, 'duplicate');
        }
    }
    assert.deepEqual((await site.get(`/tags/${tag.uid}`)).json, tag);
});

test('a moderator keeps the tags, and nothing else', async () => {
    const person = await site.signUp();
    const role = await site.grant(person, 'moderator');
    const tag = await site.create('/tags', { name: site.name('tag') }, bob);
    const post = await site.createPost(bob);
    const hidden = await site.createPost(bob, { published: false });
    const book = await site.createBook(bob);
    const name = site.name('kept');
    assert.equal((await site.patch(`/tags/${tag.uid}`, { name }, person)).json.name, name);
    for (const [method, path, json] of [
        ['GET', '/users'], ['PATCH', `/users/${bob.id}`, { is_active: false }], ['DELETE', `/users/${bob.id}`],
        ['GET', '/reviews'], ['POST', '/roles', { name: 'x' }], ['PATCH', `/roles/${role.id}`, { name: 'x' }],
        ['DELETE', `/roles/${role.id}`], ['GET', `/roles/${role.id}/users`], ['GET', `/users/${bob.id}/roles`],
        ['PUT', grantPath(person, await site.role('admin'))], ['DELETE', grantPath(admin, await site.role('admin'))],
        ['PATCH', `/posts/${post.id}`, { title: 'x' }], ['DELETE', `/posts/${post.id}`],
        ['PATCH', `/books/${book.uid}`, { title: 'x' }], ['POST', `/posts/${post.id}/tags`, { tags: [{ name }] }],
    ]) {
        assertError(await site.request(method, path, { json, token: person.token }), 403, 'forbidden');
    }
    assertError(await site.get(`/posts/${hidden.id}`, person), 404, 'not_found');
    assert.equal((await site.delete(`/tags/${tag.uid}`, person)).status, 204);
    await take(person, role);
    const another = await site.create('/tags', { name: site.name('tag') }, bob);
    assertError(await site.delete(`/tags/${another.uid}`, person), 403, 'forbidden');
});

test('rights come and go with the role, at the next request', async () => {
    const person = await site.signUp();
    const role = await site.role('admin');
    for (let round = 0; round < 2; ++round) {
        assertError(await site.get('/users', person), 403, 'forbidden');
        assert.equal((await give(person, role)).status, 201);
        assert.equal((await site.get('/users', person)).status, 200);
        assert.equal((await take(person, role, person)).status, 204);
    }
    assertError(await site.get('/users', person), 403, 'forbidden');
});

test('the role "admin" can be described, not renamed or deleted', async () => {
    const role = await site.role('admin');
    const path = `/roles/${role.id}`;
    for (const name of ['boss', 'Admin', 'ADMIN', 'admin ', 'ádmin']) {
        assertError(await site.patch(path, { name }, admin), 409, 'last_admin');
    }
    assertError(await site.delete(path, admin), 409, 'last_admin');
    assert.equal((await site.patch(path, { name: 'admin', description: 'may all' }, admin)).status, 200);
    assertRole((await site.get(path)).json, { id: role.id, name: 'admin', description: 'may all' });
    assert.equal((await site.get('/users', admin)).status, 200);
});

test('the last admin can lose neither role nor account, nor be switched off', { apart: true }, async () => {
    const other = await startSite({ settings: { WORKERS: 2 } });
    const last = await other.admin();
    const role = await other.role('admin');
    const path = `/users/${last.id}/roles/${role.id}`;
    const refused = async () => {
        assertError(await other.delete(path, last), 409, 'last_admin');
        assertError(await other.patch(`/users/${last.id}`, { is_active: false }, last), 409, 'last_admin');
        assertError(await other.delete(`/users/${last.id}`, last), 409, 'last_admin');
        assertError(await other.request('DELETE', '/users/me', { token: last.token,
            json: { current_password: last.password } }), 409, 'last_admin');
        assert.equal((await other.get('/users', last)).status, 200);
    };
    await refused();
    // An admin who cannot act is no second one, nor is who holds a look-alike.
    const off = await other.makeAdmin();
    assert.equal((await other.patch(`/users/${off.id}`, { is_active: false }, last)).status, 200);
    const lookalike = await other.create('/roles', { name: 'ádmin' }, last);
    await other.put(`/users/${(await other.signUp()).id}/roles/${lookalike.id}`, undefined, last);
    await refused();
    assert.equal((await other.patch(`/users/${off.id}`, { is_active: true }, last)).status, 200);
    assert.equal((await other.delete(path, last)).status, 204);
    assertError(await other.get('/users', last), 403, 'forbidden');
});

test('two admins who unmake one another at the same moment: one stays, whatever the means', { apart: true }, async () => {
    const other = await startSite({ settings: { WORKERS: 4 } });
    const keeper = await other.admin();
    const second = await other.makeAdmin();
    const role = await other.role('admin');
    const isAdmin = async ({ id }) => await other.count('user_roles', `user_id = ${id} AND role_id = ${role.id}`) === 1;
    const means = [
        (by, whom) => other.delete(`/users/${whom.id}/roles/${role.id}`, by),
        (by, whom) => other.patch(`/users/${whom.id}`, { is_active: false }, by),
        (by) => other.delete(`/users/${by.id}/roles/${role.id}`, by),
    ];
    for (let round = 0; round < 60; ++round) {
        const [one, two] = [means[round % 3], means[Math.floor(round / 3) % 3]];
        const answers = await Promise.all([one(keeper, second), two(second, keeper)]);
        const statuses = answers.map(({ status }) => status).sort().join(' ');
        assert.ok(answers.every(({ status }) => [200, 204, 401, 403, 404, 409].includes(status)), statuses);
        const acting = `SELECT user_id FROM user_roles JOIN users ON id = user_id
            WHERE role_id = ${role.id} AND is_active = 1`;
        const left = await other.query(acting);
        assert.equal(left.length, 1, `admins left after round ${round}: ${statuses}`);
        const still = left.some(({ user_id: id }) => Number(id) === keeper.id) ? keeper : second;
        for (const person of [keeper, second]) {
            assert.equal((await other.patch(`/users/${person.id}`, { is_active: true }, still)).status, 200);
            if (person !== still) {
                Object.assign(person, await other.login(person)); // who was switched off has no session any more
            }
            if (!await isAdmin(person)) {
                assert.equal((await other.put(`/users/${person.id}/roles/${role.id}`, undefined, still)).status, 201);
            }
        }
    }
});

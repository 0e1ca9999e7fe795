// Profiles: one a person, theirs to write, everybody's to read.
import assert from 'node:assert/strict';
import { assertError, assertInvalid, noObject, stringType, tooLong, urlParsing, urlScheme } from './lib/contract.mjs';
import { assertBetween, assertProfile } from './lib/shapes.mjs';
import { startSite } from './lib/site.mjs';
import { test } from './lib/test.mjs';

const site = await startSite({ settings: { WORKERS: 8 } });
const bob = await site.signUp();
const MINE = '/users/me/profile';
const full = { avatar_url: 'https://img.example/1.png', website: 'https://one.example', bio: 'I write.' };
const NONE = 2147480000;

/** Somebody new, with a profile where fields are given: { person, profile, etag }. */
async function someone(fields) {
    const person = await site.signUp();
    if (fields === undefined) {
        return { person };
    }
    const answer = await site.post(MINE, fields, person);
    assert.equal(answer.status, 201, answer.raw);
    return { person, profile: answer.json, etag: answer.headers.etag };
}

/** { token, headers } of a person with an If-Match. */
function ifMatch(person, etag) {
    return { token: person.token, headers: { 'If-Match': etag } };
}

test('a new user has no profile', async () => {
    const { person } = await someone();
    const detail = `profile with user_id: ${person.id} not found`;
    for (const answer of [await site.get(MINE, person), await site.patch(MINE, { bio: 'b' }, person),
        await site.patch(MINE, {}, person), await site.delete(MINE, person),
        await site.get(`/users/${person.id}/profile`, bob)]) {
        assertError(answer, 404, 'not_found', detail);
    }
    assertError(await site.get(`/users/${NONE}/profile`), 404, 'not_found');
});

test('POST creates: 201, Location, the whole object; a second one is 409', async () => {
    const before = Date.now();
    const { person } = await someone();
    const answer = await site.post(MINE, full, person);
    assert.equal(answer.status, 201, answer.raw);
    assertProfile(answer.json, { user_id: person.id, ...full });
    assertBetween(answer.json.created_at, before, Date.now());
    assert.equal(answer.json.updated_at, answer.json.created_at);
    assert.equal(answer.headers.location, `/api/v1/users/${person.id}/profile`);
    assertError(await site.post(MINE, { bio: 'another' }, person), 409, 'duplicate');
    for (const read of [await site.get(MINE, person), await site.get(`/users/${person.id}/profile`, bob),
        await site.get(`/users/${person.id}/profile`), await site.get(answer.headers.location.slice(7), person)]) {
        assert.equal(read.status, 200);
        assert.deepEqual(read.json, answer.json);
    }
});

test('everything in it is optional', async () => {
    const { profile } = await someone({});
    assertProfile(profile, { avatar_url: null, website: null, bio: null });
    const nulls = { avatar_url: null, website: null, bio: null };
    assertProfile((await someone(nulls)).profile, nulls);
});

test('PUT creates with 201, then replaces with 200: what is left out is null', async () => {
    const { person } = await someone();
    const made = await site.put(MINE, full, person);
    assert.equal(made.status, 201, made.raw);
    assertProfile(made.json, { user_id: person.id, ...full });
    assert.equal(made.headers.location, `/api/v1/users/${person.id}/profile`);
    const replaced = await site.put(MINE, { website: 'http://two.example/' }, person);
    assert.equal(replaced.status, 200, replaced.raw);
    assert.equal(replaced.headers.location, undefined);
    assertProfile(replaced.json, { user_id: person.id, avatar_url: null, website: 'http://two.example/', bio: null,
        created_at: made.json.created_at });
    assert.ok(replaced.json.updated_at > made.json.updated_at);
    assert.deepEqual((await site.get(MINE, person)).json, replaced.json);
    assertProfile((await site.put(MINE, {}, person)).json, { avatar_url: null, website: null, bio: null });
});

test('PATCH changes what is sent; null clears', async () => {
    const { person, profile } = await someone(full);
    const patched = await site.patch(MINE, { bio: '' }, person);
    assert.equal(patched.status, 200, patched.raw);
    assertProfile(patched.json, { ...profile, bio: '', updated_at: patched.json.updated_at });
    for (const name of ['avatar_url', 'website', 'bio']) {
        const { json } = await site.patch(MINE, { [name]: null }, person);
        assertProfile(json, { [name]: null });
        assert.deepEqual((await site.get(MINE, person)).json, json);
    }
    const before = (await site.get(MINE, person)).json;
    for (const body of [{}, { unknown: 1 }, { user_id: bob.id, created_at: 'x' }]) {
        assert.deepEqual((await site.patch(MINE, body, person)).json, before);
    }
});

test('DELETE takes the profile and leaves the person; a new one can be made', async () => {
    const { person } = await someone(full);
    assert.equal((await site.delete(MINE, person)).status, 204);
    assertError(await site.get(MINE, person), 404, 'not_found');
    assertError(await site.delete(MINE, person), 404, 'not_found');
    assert.equal((await site.get('/users/me', person)).status, 200);
    assertProfile((await site.post(MINE, {}, person)).json, { bio: null });
});

test('profiles go with their user, and whose they are is not for sale', async () => {
    const { person } = await someone(full);
    const { person: other } = await someone({ user_id: person.id, bio: 'stolen' });
    assertProfile((await site.get(MINE, other)).json, { user_id: other.id, bio: 'stolen' });
    assertProfile((await site.get(MINE, person)).json, { user_id: person.id, ...full });
    assert.equal((await site.delete(`/users/${person.id}`, person)).status, 204);
    assertError(await site.get(`/users/${person.id}/profile`), 404, 'not_found');
    assert.equal(await site.count('profiles', `user_id = ${person.id}`), 0);
});

for (const url of ['http://x.example', 'https://x.example/', 'HTTPS://X.EXAMPLE/Path?q=1#f', 'http://localhost:8080',
    'http://user:pw@x.example/', 'http://[::1]:80/', 'http://127.0.0.1/', 'https://müller.example/é']) {
    test(`${url} is an address, kept as it was sent`, async () => {
        const { profile } = await someone({ avatar_url: url, website: url });
        assertProfile(profile, { avatar_url: url, website: url });
    });
}

for (const [url, make] of [
    ['ftp://x.example/a', urlScheme], ['javascript:alert(1)', urlScheme], ['data:image/png;base64,AAAA', urlScheme],
    ['mailto:a@x.example', urlScheme], ['javascript://x.example/%0aalert(1)', urlScheme],
    ['', (loc, input) => urlParsing(loc, input, 'input is empty')],
    ['x', (loc, input) => urlParsing(loc, input, 'relative URL without a base')],
    ['//x.example/a', (loc, input) => urlParsing(loc, input, 'relative URL without a base')],
    ['www.x.example', (loc, input) => urlParsing(loc, input, 'relative URL without a base')],
    ['http://', (loc, input) => urlParsing(loc, input, 'empty host')],
    ['http://x.example:99999/', (loc, input) => urlParsing(loc, input, 'invalid port number')],
    [5, stringType], [true, stringType], [[], stringType], [{ href: 'http://x.example' }, stringType],
]) {
    test(`${JSON.stringify(url)} is no address for POST, PUT and PATCH`, async () => {
        const { person } = await someone();
        const wrong = { avatar_url: url, website: url };
        const entries = [make(['body', 'avatar_url'], url), make(['body', 'website'], url)];
        assertInvalid(await site.post(MINE, wrong, person), entries);
        assertInvalid(await site.put(MINE, wrong, person), entries);
        assertError(await site.get(MINE, person), 404, 'not_found');
        const { profile, person: other } = await someone(full);
        assertInvalid(await site.patch(MINE, wrong, other), entries);
        assertInvalid(await site.put(MINE, { ...wrong, bio: 'new' }, other), entries);
        assert.deepEqual((await site.get(MINE, other)).json, profile);
    });
}

test('an avatar_url has up to 500 characters, a website 200, a bio 500', async () => {
    const url = (length) => `https://x.example/${'é'.repeat(length - 18)}`;
    const right = { avatar_url: url(500), website: url(200), bio: '😀'.repeat(500) };
    const { person } = await someone(right);
    assertProfile((await site.get(MINE, person)).json, right);
    const wrong = { avatar_url: url(501), website: url(201), bio: '😀'.repeat(501) };
    assertInvalid(await site.put(MINE, wrong, person), [tooLong(['body', 'avatar_url'], wrong.avatar_url, 500),
        tooLong(['body', 'website'], wrong.website, 200), tooLong(['body', 'bio'], wrong.bio, 500)]);
    assertInvalid(await site.post(MINE, [1], person), [noObject([1])]);
});

test('If-Match: an edit from an old state is 412, "*" and the state of the moment pass', async () => {
    const { person, profile, etag } = await someone(full);
    assert.match(etag, /^"[^"]+"$/);
    const patched = await site.patch(MINE, { bio: 'two' }, ifMatch(person, etag));
    assert.equal(patched.status, 200, patched.raw);
    assert.notEqual(patched.headers.etag, etag);
    for (const answer of [await site.patch(MINE, { bio: 'three' }, ifMatch(person, etag)),
        await site.patch(MINE, {}, ifMatch(person, etag)), await site.put(MINE, {}, ifMatch(person, etag)),
        await site.delete(MINE, ifMatch(person, etag)), await site.put(MINE, {}, ifMatch(person, '"nonsense"'))]) {
        assertError(answer, 412, 'stale');
    }
    assertProfile((await site.get(MINE, person)).json, { ...profile, bio: 'two',
        updated_at: patched.json.updated_at });
    assert.equal((await site.get(MINE, { token: person.token,
        headers: { 'If-None-Match': patched.headers.etag } })).status, 304);
    assert.equal((await site.put(MINE, { bio: 'star' }, ifMatch(person, '*'))).status, 200);
    const now = (await site.get(MINE, person)).headers.etag;
    assert.equal((await site.delete(MINE, ifMatch(person, now))).status, 204);
    assertError(await site.put(MINE, {}, ifMatch(person, now)), 412, 'stale');
    assertError(await site.put(MINE, {}, ifMatch(person, '*')), 412, 'stale');
    assertError(await site.get(MINE, person), 404, 'not_found');
});

test('ten parallel PUTs leave one profile, one of the ten', async () => {
    for (let round = 0; round < 5; ++round) {
        const { person } = await someone();
        const answers = await Promise.all(Array.from({ length: 10 }, (_, i) =>
            site.put(MINE, { website: `https://p${i}.example`, bio: `p${i}` }, person)));
        assert.deepEqual(answers.map(({ status }) => status).sort(), [...Array(9).fill(200), 201]);
        const { json } = await site.get(MINE, person);
        assert.equal(json.website, `https://${json.bio}.example`);
        assert.equal(await site.count('profiles', `user_id = ${person.id}`), 1);
    }
});

test('ten parallel POSTs: one 201, the others 409', async () => {
    const { person } = await someone();
    const answers = await Promise.all(Array.from({ length: 10 }, (_, i) =>
        site.post(MINE, { bio: `p${i}` }, person)));
    assert.deepEqual(answers.map(({ status }) => status).sort(), [201, ...Array(9).fill(409)]);
});

test('nobody has a profile of their own; another\'s is there to read', async () => {
    const { person } = await someone(full);
    for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']) {
        const json = method === 'GET' || method === 'DELETE' ? undefined : {};
        assertError(await site.request(method, MINE, { json }), 401, 'unauthenticated');
    }
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) {
        const answer = await site.request(method, `/users/${person.id}/profile`, { token: bob.token, json: {} });
        assertError(answer, 405, 'method_not_allowed');
    }
});

test('GET /users?include=profile shows it, null where there is none', async () => {
    const admin = await site.admin();
    const { person, profile } = await someone(full);
    const { person: bare } = await someone();
    for (const [who, expected] of [[person, profile], [bare, null]]) {
        const { json } = await site.get('/users', { token: admin.token,
            query: { include: 'profile', username: who.username } });
        assert.equal(json.length, 1);
        assert.deepEqual(json[0].profile, expected);
    }
});

// Signing up: POST /auth/register, and POST /users, where the name may be left out.
import assert from 'node:assert/strict';
import {
    assertError, assertInvalid, emailError, HIDDEN, missing, stringType, tooLong, tooShort, valueError,
} from './lib/contract.mjs';
import { assertBetween, assertHas, assertPublicUser, assertUser, assertSelf } from './lib/shapes.mjs';
import { startSite } from './lib/site.mjs';
import { test } from './lib/test.mjs';

const site = await startSite();
const doors = ['/auth/register', '/users'];

/** A good body, with what is special on top; undefined leaves a member out. */
function person(special = {}) {
    const username = site.name();
    return { username, email: `${username}@example.com`, password: site.password(), ...special };
}

for (const door of doors) {
    test(`POST ${door} creates a user: 201, Location and the object`, async () => {
        const before = Date.now();
        const body = person();
        const answer = await site.post(door, body);
        assert.equal(answer.status, 201, answer.raw);
        assertUser(answer.json, { username: body.username, email: body.email, is_active: true });
        assertBetween(answer.json.created_at, before, Date.now());
        assert.equal(answer.json.updated_at, answer.json.created_at);
        assert.equal(answer.headers.location, `/api/v1/users/${answer.json.id}`);

        const me = await site.login({ ...body, id: answer.json.id });
        assert.deepEqual((await site.get(answer.headers.location.replace('/api/v1', ''), me)).json, answer.json);
    });

    test(`POST ${door} needs email and password and says both at once`, async () => {
        const body = { username: site.name() };
        assertInvalid(await site.post(door, body), [
            missing(['body', 'email'], body), missing(['body', 'password'], body),
        ]);
    });

    test(`POST ${door} reports every mistake in the order of the fields, the password masked`, async () => {
        assertInvalid(await site.post(door, { password: 'canary', email: 'nobody', username: 'ab' }), [
            tooShort(['body', 'username'], 'ab', 3),
            emailError(['body', 'email'], 'nobody', 'An email address must have an @-sign.'),
            tooShort(['body', 'password'], HIDDEN, 8),
        ]);
    });

    test(`POST ${door} with a taken e-mail is 409 and leaves the first account as it was`, async () => {
        const first = await site.signUp();
        const answer = await site.post(door, person({ email: first.email.toUpperCase() }));
        assertError(answer, 409, 'duplicate', /email/);
        await site.login(first);
    });

    test(`POST ${door} with a taken username is 409 and creates nothing`, async () => {
        const first = await site.signUp();
        const body = person({ username: first.username.toUpperCase() });
        assertError(await site.post(door, body), 409, 'duplicate', /username/);
        assert.equal((await site.post(door, { ...body, username: site.name() })).status, 201);
    });
}

test('POST /auth/register needs a username; POST /users does not', async () => {
    const { email, password } = person();
    assertInvalid(await site.post('/auth/register', { email, password }),
        [missing(['body', 'username'], { email, password: HIDDEN })]);
    const answer = await site.post('/users', { email, password });
    assert.equal(answer.status, 201, answer.raw);
    assertHas(answer.json, { email, is_active: true });
    const me = await site.login({ email, password });
    assertSelf((await site.get('/users/me', me)).json, { id: answer.json.id, email });
});

test('two people without a username do not collide', async () => {
    for (let i = 0; i < 2; ++i) {
        const { email, password } = person();
        assert.equal((await site.post('/users', { email, password })).status, 201);
    }
});

const usernames = [
    ['two characters', 'ab', (v) => tooShort(['body', 'username'], v, 3)],
    ['none', '', (v) => tooShort(['body', 'username'], v, 3)],
    ['two characters of eight bytes', '😀😀', (v) => tooShort(['body', 'username'], v, 3)],
    ['51 characters', 'x'.repeat(51), (v) => tooLong(['body', 'username'], v, 50)],
    ['51 characters of four bytes', '😀'.repeat(51), (v) => tooLong(['body', 'username'], v, 50)],
    ['null', null, (v) => stringType(['body', 'username'], v)],
    ['a number', 12345, (v) => stringType(['body', 'username'], v)],
    ['a boolean', true, (v) => stringType(['body', 'username'], v)],
    ['a list', ['abc'], (v) => stringType(['body', 'username'], v)],
    ['an object', { a: 'abc' }, (v) => stringType(['body', 'username'], v)],
];
for (const [name, username, expected] of usernames) {
    test(`a username of ${name} is refused`, async () => {
        assertInvalid(await site.post('/auth/register', person({ username })), [expected(username)]);
    });
}

for (const [name, username] of [
    ['50 characters', () => site.name().padEnd(50, 'z')],
    ['50 characters of four bytes', () => [...`${site.name()}${'😀'.repeat(50)}`].slice(0, 50).join('')],
    ['blanks around', () => `  ${site.name()}  `],
    ['quotes and SQL', () => `x'); DROP TABLE users; --${site.name()}`],
    ['other scripts', () => `日本語 ${site.name()}`],
]) {
    test(`a username with ${name} is stored as sent`, async () => {
        const value = username();
        const answer = await site.post('/auth/register',
            person({ username: value, email: `${site.name()}@example.com` }));
        assert.equal(answer.status, 201, answer.raw);
        assert.equal(answer.json.username, value);
    });
}

test('usernames are one without regard to case only: accents, blanks and emoji count', async () => {
    const base = site.name();
    const different = [`${base}e`, `${base}é`, `${base}e `, ` ${base}e`, `${base}😀`, `${base}😁`];
    for (const username of different) {
        const answer = await site.post('/auth/register', person({ username, email: `${site.name()}@example.com` }));
        assert.equal(answer.status, 201, `${username}: ${answer.raw}`);
    }
    for (const username of [`${base}E`, `${base}É`, `${base.toUpperCase()}E `]) {
        const answer = await site.post('/auth/register', person({ username, email: `${site.name()}@example.com` }));
        assertError(answer, 409, 'duplicate', /username/);
    }
});

for (const [name, email, reason] of [
    ['no at-sign', 'notanemail', 'An email address must have an @-sign.'],
    ['nothing', '', 'An email address must have an @-sign.'],
    ['nothing before the at-sign', '@example.com', 'There must be something before the @-sign.'],
    ['a domain without a period', 'a@b', 'The part after the @-sign is not valid. It should have a period.'],
    ['a blank', 'a b@example.com', 'The email address contains invalid characters before the @-sign: SPACE.'],
    ['two periods', 'a@example..com', 'An email address cannot have two periods in a row.'],
    ['a hyphen after the at-sign', 'a@-x.com', 'An email address cannot have a hyphen immediately after the @-sign.'],
    ['a reserved domain', 'a@foo.test',
        'The part after the @-sign is a special-use or reserved name that cannot be used with email.'],
    ['65 characters before the at-sign', `${'x'.repeat(65)}@example.com`,
        'The email address is too long before the @-sign (1 character too many).'],
    ['2049 characters', `${'9'.repeat(2049)}`, 'Length must not exceed 2048 characters'],
]) {
    test(`an e-mail with ${name} is refused with the reason`, async () => {
        assertInvalid(await site.post('/auth/register', person({ email })),
            [emailError(['body', 'email'], email, reason)]);
    });
}

for (const [name, email] of [['null', null], ['a number', 5], ['a list', []], ['true', true]]) {
    test(`an e-mail that is ${name} is refused`, async () => {
        assertInvalid(await site.post('/auth/register', person({ email })), [stringType(['body', 'email'], email)]);
    });
}

test('two at-signs and control characters are no e-mail', async () => {
    for (const email of ['a@b@example.com', 'us\ter@example.com', 'a\u0000b@example.com', 'user@',
        'a@exa mple.com']) {
        const answer = await site.post('/auth/register', person({ email }));
        assert.equal(answer.status, 422, email);
        assert.deepEqual(answer.json.detail.map(({ type, loc }) => [type, loc]),
            [['value_error', ['body', 'email']]]);
    }
});

test('an e-mail is trimmed and its domain put in lower case; what stands before the at-sign stays', async () => {
    const local = `Ada.${site.name()}`;
    const body = person({ email: ` ${local}@EXAMPLE.Com ` });
    const answer = await site.post('/auth/register', body);
    assert.equal(answer.status, 201, answer.raw);
    assert.equal(answer.json.email, `${local}@example.com`);
    await site.login({ email: `${local}@example.com`, password: body.password });
    const again = await site.post('/auth/register', person({ email: `${local.toUpperCase()}@example.com` }));
    assertError(again, 409, 'duplicate', /email/);
});

test('unusual addresses are accepted as they are', async () => {
    for (const email of [`p+tag.${site.name()}@example.com`, `s.${site.name()}@mail.sub.example.com`,
        `123.${site.name()}@example.org`]) {
        const answer = await site.post('/auth/register', person({ email }));
        assert.equal(answer.status, 201, answer.raw);
        assert.equal(answer.json.email, email);
    }
});

const tooManyBytes = valueError(['body', 'password'], HIDDEN, 'password must be at most 72 bytes and contain no NUL');
for (const [name, password, expected] of [
    ['seven characters', 'Abc123!', tooShort(['body', 'password'], HIDDEN, 8)],
    ['seven characters of four bytes', '😀'.repeat(7), tooShort(['body', 'password'], HIDDEN, 8)],
    ['73 bytes', 'x'.repeat(73), tooManyBytes],
    ['37 characters of two bytes', 'é'.repeat(37), tooManyBytes],
    ['a NUL', 'abcd\u0000efgh', tooManyBytes],
    ['null', null, stringType(['body', 'password'], HIDDEN)],
    ['a number', 1234567890, stringType(['body', 'password'], HIDDEN)],
    ['an object', { canary: 'x' }, stringType(['body', 'password'], HIDDEN)],
]) {
    test(`a password of ${name} is refused and not shown`, async () => {
        assertInvalid(await site.post('/auth/register', person({ password })), [expected]);
    });
}

test('passwords of 8 characters and of 72 bytes work, blanks and all', async () => {
    for (const password of ['Abcd123!', 'y'.repeat(72), '  8 chars  ', 'é'.repeat(36)]) {
        const body = person({ password });
        assert.equal((await site.post('/auth/register', body)).status, 201);
        await site.login(body);
        const shortened = await site.post('/auth/login', { email: body.email, password: password.slice(0, -1) });
        assertError(shortened, 401, 'invalid_credentials', 'Invalid credentials');
    }
});

test('what the server sets is ignored in input, rights cannot be taken', async () => {
    const body = person({
        id: 1, uid: '00000000-0000-7000-8000-000000000000', is_active: false, is_admin: true, roles: ['admin'],
            role: 'admin',
        password_hash: 'x', created_at: '2000-01-01T00:00:00Z', updated_at: 'nonsense', unknown: { a: [1] },
    });
    const answer = await site.post('/auth/register', body);
    assert.equal(answer.status, 201, answer.raw);
    assertUser(answer.json, { is_active: true });
    assert.notEqual(answer.json.uid, body.uid);
    assertBetween(answer.json.created_at, Date.now() - 60000, Date.now());
    const me = await site.login(body);
    assertError(await site.get('/users', me), 403, 'forbidden');
});

test('the last of duplicate members wins', async () => {
    const { username, email, password } = person();
    const first = `"username":"ab","email":"${email}","password":"x"`;
    const body = `{${first},"username":"${username}","password":"${password}"}`;
    const answer = await site.request('POST', '/auth/register', { body });
    assert.equal(answer.status, 201, answer.raw);
    assert.equal(answer.json.username, username);
});

test('ids rise and are not handed out again; uids are different', async () => {
    const first = await site.signUp();
    assert.equal((await site.delete(`/users/${first.id}`, first)).status, 204);
    const second = await site.signUp();
    assert.ok(second.id > first.id);
    assert.notEqual(second.uid, first.uid);
});

test('only a bcrypt hash of the password is stored', async () => {
    const { id, password } = await site.signUp();
    const [row] = await site.query(`SELECT * FROM users WHERE id = ${id}`);
    assert.match(row.password_hash, /^\$2b\$04\$[./A-Za-z0-9]{53}$/);
    for (const cell of Object.values(row)) {
        assert.ok(!String(cell).includes(password));
    }
});

test('another person sees of the new user what is public', async () => {
    const first = await site.signUp();
    const second = await site.signUp();
    const answer = await site.get(`/users/${first.id}`, second);
    assert.equal(answer.status, 200);
    assertPublicUser(answer.json, { id: first.id, uid: first.uid, username: first.username });
});

// Logging in: POST /auth/login (JSON) and POST /login (the form of OAuth2's password grant).
import assert from 'node:assert/strict';
import { assertError, assertInvalid, emailError, entry, HIDDEN, missing, stringType } from './lib/contract.mjs';
import { scrape } from './lib/exposition.mjs';
import { decode } from './lib/jwt.mjs';
import { until } from './lib/processes.mjs';
import { assertMembers } from './lib/shapes.mjs';
import { startSite } from './lib/site.mjs';
import { test } from './lib/test.mjs';

const site = await startSite();
const ada = await site.signUp();

function byForm(form, options = {}) {
    return site.request('POST', '/login', { form, ...options });
}

function assertToken(answer) {
    assert.equal(answer.status, 200, answer.raw);
    assertMembers(answer.json, ['access_token', 'token_type', 'expires_in', 'refresh_token']);
    site.keep(answer.json.refresh_token);
    assert.equal(answer.json.token_type, 'bearer');
    assert.equal(answer.json.expires_in, 1800);
    assert.equal(answer.headers['cache-control'], 'no-store');
    return site.keep(answer.json.access_token);
}

function assertRefused(answer) {
    assertError(answer, 401, 'invalid_credentials', 'Invalid credentials');
    assert.equal(answer.headers['www-authenticate'], 'Bearer');
}

/** Of /login: what RFC 6749, section 5.2 wants to be there too. */
function assertRefusedForm(answer) {
    assertRefused(answer);
    assertMembers(answer.json, ['detail', 'error', 'error_description']);
    assert.equal(answer.json.error, 'invalid_grant');
    assert.ok(answer.json.error_description.length > 0);
}

test('JSON: e-mail and password give a token that names its user', async () => {
    const token = assertToken(await site.post('/auth/login', { email: ada.email, password: ada.password }));
    assert.equal((await site.get('/users/me', { token })).json.id, ada.id);
});

test('form: the e-mail gives a token that names its user', async () => {
    const token = assertToken(await byForm({ username: ada.email, password: ada.password }));
    assert.equal((await site.get('/users/me', { token })).json.id, ada.id);
});

test('form: the username does, too', async () => {
    assertToken(await byForm({ username: ada.username, password: ada.password }));
});

test('form: grant_type "password" and scope are accepted, client credentials ignored', async () => {
    assertToken(await byForm({
        grant_type: 'password', username: ada.email, password: ada.password, scope: 'a b', client_id: 'x',
            client_secret: 'y',
    }));
});

test('every log-in is a session of its own', async () => {
    const tokens = [];
    for (let i = 0; i < 3; ++i) {
        tokens.push(assertToken(await site.post('/auth/login', { email: ada.email, password: ada.password })));
    }
    const claims = tokens.map((token) => decode(token).claims);
    assert.equal(new Set(claims.map(({ sid }) => sid)).size, 3);
    assert.equal(new Set(claims.map(({ jti }) => jti)).size, 3);
});

test('a wrong password and an unknown e-mail get the same answer', async () => {
    const wrong = await site.post('/auth/login', { email: ada.email, password: 'not the password' });
    const unknown = await site.post('/auth/login', { email: `no.${site.name()}@example.com`,
        password: 'not the password' });
    assertRefused(wrong);
    assertRefused(unknown);
    assert.equal(wrong.raw, unknown.raw);
    const names = ({ rawHeaders }) => rawHeaders.filter((_, i) => i % 2 === 0);
    assert.deepEqual(names(wrong), names(unknown));
});

test('form: a wrong password and an unknown name get the same answer, with OAuth2\'s members', async () => {
    const wrong = await byForm({ username: ada.email, password: 'not the password' });
    const unknown = await byForm({ username: site.name(), password: 'not the password' });
    assertRefusedForm(wrong);
    assertRefusedForm(unknown);
    assert.equal(wrong.raw, unknown.raw);
});

test('passwords are compared whole: case, blanks, prefix', async () => {
    const body = { username: site.name(), email: `${site.name()}@example.com`, password: 'Secret123!' };
    assert.equal((await site.post('/auth/register', body)).status, 201);
    for (const password of ['SECRET123!', ' Secret123!', 'Secret123! ', 'Secret123', 'Secret123!!', 'Secret123!\n',
        '']) {
        assertRefused(await site.post('/auth/login', { email: body.email, password }));
    }
    assertToken(await site.post('/auth/login', { email: body.email, password: 'Secret123!' }));
});

test('a password that could not be stored is just a wrong one', async () => {
    for (const password of ['x'.repeat(73), 'x'.repeat(10000), `${ada.password}\u0000`]) {
        const answer = await site.post('/auth/login', { email: ada.email, password });
        assert.ok([401, 422].includes(answer.status), answer.raw);
    }
    const longer = 'y'.repeat(72);
    const body = { username: site.name(), email: `${site.name()}@example.com`, password: longer };
    assert.equal((await site.post('/auth/register', body)).status, 201);
    const answer = await site.post('/auth/login', { email: body.email, password: `${longer}z` });
    assert.ok([401, 422].includes(answer.status), 'bcrypt cuts at 72 bytes, we must not');
});

test('the domain of the e-mail is compared without regard to case', async () => {
    const email = ada.email.replace('example.com', 'EXAMPLE.COM');
    assertToken(await site.post('/auth/login', { email, password: ada.password }));
    assertToken(await byForm({ username: email, password: ada.password }));
});

for (const [name, body, entries] of [
    ['nothing', {}, [missing(['body', 'email'], {}), missing(['body', 'password'], {})]],
    ['no password', { email: 'a@example.com' }, [missing(['body', 'password'], { email: 'a@example.com' })]],
    ['no email', { password: 'canary' }, [missing(['body', 'email'], { password: HIDDEN })]],
    ['no e-mail address', { email: 'nope', password: 'x' },
        [emailError(['body', 'email'], 'nope', 'An email address must have an @-sign.')]],
    ['null', { email: null, password: null },
        [stringType(['body', 'email'], null), stringType(['body', 'password'], HIDDEN)]],
]) {
    test(`JSON: ${name} is 422`, async () => {
        assertInvalid(await site.post('/auth/login', body), entries);
    });
}

for (const [name, form, entries] of [
    ['nothing', {}, [missing(['body', 'username'], null), missing(['body', 'password'], null)]],
    ['no username', { password: 'canary' }, [missing(['body', 'username'], null)]],
    ['no password', { username: 'x@example.com' }, [missing(['body', 'password'], null)]],
    ['another grant', { grant_type: 'client_credentials', username: 'a', password: 'b' },
        [entry('string_pattern_mismatch', ['body', 'grant_type'], "String should match pattern 'password'",
            'client_credentials', { pattern: 'password' })]],
]) {
    test(`form: ${name} is 422`, async () => {
        assertInvalid(await byForm(form), entries);
    });
}

test('form: values are percent- and plus-decoded, as UTF-8', async () => {
    const name = site.name();
    const password = 'p@ss word&=+%é😀';
    const email = `fe+x.${name}@example.com`;
    assert.equal((await site.post('/auth/register', { username: name, email, password })).status, 201);
    assertToken(await byForm({ username: email, password }));
    assertRefusedForm(await byForm({ username: email, password: 'p@ss word' }));
});

test('form: broken percent-encoding and bad UTF-8 are refused or wrong, never more', async () => {
    for (const body of ['username=%zz&password=%', 'username=%ff%fe&password=%c3', '&&==&', 'username', '%00=%00',
        'username=a%00b&password=x']) {
        const answer = await site.request('POST', '/login', { body, type: 'application/x-www-form-urlencoded' });
        assert.ok([400, 401, 422].includes(answer.status), `${body}: ${answer.raw}`);
    }
});

test('form: of two values with one name the last counts', async () => {
    const body = new URLSearchParams([['username', 'x'], ['password', 'x'], ['username', ada.email],
        ['password', ada.password]]);
    assertToken(await site.request('POST', '/login', { body: body.toString(),
        type: 'application/x-www-form-urlencoded' }));
});

test('form: multipart is read like the urlencoded kind', async () => {
    const part = (name, value) => `--XyZ\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
    const body = `${part('username', ada.email)}${part('password', ada.password)}--XyZ--\r\n`;
    assertToken(await site.request('POST', '/login', { body, type: 'multipart/form-data; boundary=XyZ' }));
});

test('form: a JSON body is 415, and the JSON log-in refuses a form', async () => {
    assertError(await site.post('/login', { username: ada.email, password: ada.password }), 415,
        'unsupported_media_type');
    const form = { email: ada.email, password: ada.password };
    assertError(await site.request('POST', '/auth/login', { form }), 415, 'unsupported_media_type');
});

test('SQL in the credentials never opens', async () => {
    const admin = await site.admin();
    for (const [username, password] of [
        ["' OR '1'='1", "' OR '1'='1"], [`${admin.email}' -- `, 'x'], [`${admin.email}'#`, 'x'],
        ["\\' OR 1=1 -- ", 'x'], [`x' UNION SELECT 1, '$2b$04$', 1 -- `, 'x'],
    ]) {
        assertRefusedForm(await byForm({ username, password }));
    }
});

test('an inactive user is 403 at log-in, and only with the right password', async () => {
    const person = await site.signUp();
    const admin = await site.admin();
    assert.equal((await site.patch(`/users/${person.id}`, { is_active: false }, admin)).status, 200);
    assertError(await site.post('/auth/login', { email: person.email, password: person.password }), 403,
        'inactive_user');
    assertError(await byForm({ username: person.email, password: person.password }), 403, 'inactive_user');
    assertRefused(await site.post('/auth/login', { email: person.email, password: 'not the password' }));
    assert.equal((await site.patch(`/users/${person.id}`, { is_active: true }, admin)).status, 200);
    assertToken(await site.post('/auth/login', { email: person.email, password: person.password }));
});

test('an unknown e-mail costs a hash as a wrong password does, and a stored cost is renewed at log-in', { apart: true }, async () => {
    const slow = await startSite({ settings: { BCRYPT_COST: 4, WORKERS: 2 } });
    const person = await slow.signUp();
    await slow.pool.stop('SIGTERM');
    slow.settings.BCRYPT_COST = 10;
    slow.startPool();
    await slow.ready();

    const stored = `SELECT password_hash FROM users WHERE id = ${person.id}`;
    const hash = async () => (await slow.query(stored))[0].password_hash;
    assert.match(await hash(), /^\$2b\$04\$/);
    await slow.login(person);
    assert.match(await hash(), /^\$2b\$10\$/);
    await slow.login(person); // the new hash is good

    // What it costs is counted, not timed; make bench-timing times it.
    const hashes = async () => (await scrape(slow)).sum('quire_password_hash_seconds_count');
    const refused = {
        wrong: () => slow.post('/auth/login', { email: person.email, password: 'not the password' }),
        unknown: (i) => slow.post('/auth/login', { email: `no.${i}@example.com`, password: 'not the password' }),
        form: (i) => slow.request('POST', '/login', { form: { username: `no${i}`, password: 'not the password' } }),
    };
    for (const [kind, ask] of Object.entries(refused)) {
        const before = await hashes();
        for (let i = 0; i < 3; ++i) {
            const answer = await ask(i);
            assert.equal(answer.status, 401, answer.raw);
        }
        await until(`three hashes for ${kind}`, async () => await hashes() >= before + 3);
        assert.equal(await hashes(), before + 3, kind);
    }
});

test('with all hashing places taken a log-in waits for a while, then is 503, and nothing breaks', { apart: true }, async () => {
    const busy = await startSite({ settings: { BCRYPT_COST: 12, BCRYPT_CONCURRENCY: 1, WORKERS: 40 } });
    const answers = await Promise.all(Array.from({ length: 36 }, (_, i) =>
        busy.post('/auth/login', { email: `no.${i}@example.com`, password: 'not the password' })));
    const statuses = answers.map(({ status }) => status);
    assert.deepEqual([...new Set(statuses)].sort(), [401, 503], statuses.join(' '));
    for (const answer of answers.filter(({ status }) => status === 503)) {
        assert.equal(answer.headers['x-error-code'], 'busy');
    }
    assert.equal((await busy.get('/posts')).status, 200);
});

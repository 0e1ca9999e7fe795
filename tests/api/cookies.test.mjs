// Cookie mode: the tokens of a browser in cookies that its scripts cannot read, and what keeps foreign pages from using
// them.
import assert from 'node:assert/strict';
import { assertError, assertInvalid, literal } from './lib/contract.mjs';
import { decode, sign } from './lib/jwt.mjs';
import { assertMembers } from './lib/shapes.mjs';
import { origins, startSite, strangeOrigin } from './lib/site.mjs';
import { test } from './lib/test.mjs';

const site = await startSite({ settings: { SITE_URL: 'https://quire.example/base' } }); // so the cookies are secure
const plain = await startSite({ settings: { WORKERS: 2 } });
const ada = await site.signUp();
const own = 'https://quire.example';

const ACCESS = '__Host-quire_access';
const REFRESH = '__Host-quire_refresh';
const login = (person, options, at = site) =>
    at.post('/auth/login', { email: person.email, password: person.password, mode: 'cookie' }, options);

/** The cookies that an answer sets: name → { value, attributes }. */
function cookiesOf(answer) {
    return Object.fromEntries((answer.headers['set-cookie'] ?? []).map((line) => {
        const [pair, ...attributes] = line.split('; ');
        const [name, value] = pair.split('=');
        if (value !== '') {
            site.keep(value);
        }
        return [name, { value, attributes }];
    }));
}

/** What a browser sends back. */
const header = (cookies, ...names) => Object.entries(cookies).filter(([name]) => names.length === 0 || names.includes(name))
    .map(([name, { value }]) => `${name}=${value}`).join('; ');

async function enter(person = ada) {
    const answer = await login(person);
    assert.equal(answer.status, 200, answer.raw);
    return cookiesOf(answer);
}

const ask = (method, path, cookies, { headers, ...options } = {}) => site.request(method, path,
    { headers: { Cookie: typeof cookies === 'string' ? cookies : header(cookies), ...headers }, ...options });
const write = (cookies, options) => ask('POST', '/microposts', cookies, { json: { body: 'a note' }, ...options });

test('the tokens come in cookies for this host alone, and not in the body', async () => {
    const answer = await login(ada);
    assert.equal(answer.status, 200, answer.raw);
    assertMembers(answer.json, ['token_type', 'expires_in']);
    assert.equal(answer.headers['cache-control'], 'no-store');
    const cookies = cookiesOf(answer);
    assert.deepEqual(Object.keys(cookies), [ACCESS, REFRESH]);
    assert.deepEqual(cookies[ACCESS].attributes, cookies[REFRESH].attributes);
    assert.deepEqual(cookies[ACCESS].attributes.toSpliced(1, 1), ['Path=/', 'HttpOnly', 'Secure', 'SameSite=Lax']);
    const [, age] = /^Max-Age=(\d+)$/.exec(cookies[REFRESH].attributes[1]);
    assert.ok(Math.abs(age - 14 * 86400) < 60, age);
    assert.equal(decode(cookies[ACCESS].value).claims.id, ada.id);
    assert.match(cookies[REFRESH].value, /^[A-Za-z0-9_-]{43}$/);
});

test('without the mode, or with the mode token, there are no cookies; another mode is a mistake', async () => {
    for (const mode of [undefined, 'token']) {
        const answer = await site.post('/auth/login', { email: ada.email, password: ada.password, mode });
        assert.equal(answer.headers['set-cookie'], undefined);
        site.keep(answer.json.refresh_token);
        site.keep(answer.json.access_token);
    }
    assertInvalid(await site.post('/auth/login', { email: ada.email, password: ada.password, mode: 'jar' }),
        [literal(['body', 'mode'], 'jar', "'token' or 'cookie'")]);
    const wrong = await site.post('/auth/login', { email: ada.email, password: 'not the password', mode: 'cookie' });
    assertError(wrong, 401, 'invalid_credentials');
    assert.equal(wrong.headers['set-cookie'], undefined);
});

test('reading works with the cookie alone, and no shared cache may keep it', async () => {
    const cookies = await enter();
    const answer = await ask('GET', '/users/me', `theme=dark; ${header(cookies)}; x`);
    assert.equal(answer.json.id, ada.id);
    assert.equal(answer.headers['cache-control'], 'private, no-cache');
    assert.equal((await ask('HEAD', '/users/me', cookies)).status, 200);
    assert.equal((await ask('GET', '/users/me', header(cookies, ACCESS))).status, 200);
    assertError(await ask('GET', '/users/me', header(cookies, REFRESH)), 401, 'unauthenticated');
    assert.equal((await site.get('/users/me', ada)).headers['cache-control'], 'private, no-cache');
});

test('a cookie shows what is one\'s own where anybody may read; one that is not good is refused', async () => {
    const cookies = await enter();
    const draft = await site.createPost(ada, { published: false });
    assert.equal((await ask('GET', `/posts/${draft.id}`, cookies)).status, 200);
    assertError(await site.get(`/posts/${draft.id}`), 404);
    assertError(await ask('GET', '/posts', `${ACCESS}=a.b.c`), 401, 'invalid_token');
    assert.equal((await ask('GET', '/posts', `${ACCESS}=`)).status, 200);
});

test('who comes with a token that has run out is told so where anybody may read, and renews; then sees what is their own', async () => {
    const cookies = await enter();
    const draft = await site.createPost(ada, { published: false });
    const { head, claims } = decode(cookies[ACCESS].value);
    const old = site.keep(sign(head, { ...claims, iat: claims.iat - 3600, exp: claims.exp - 3600 }, site.secret));
    const later = `${ACCESS}=${old}; ${header(cookies, REFRESH)}`;
    assertError(await ask('GET', `/posts/${draft.id}`, later), 401, 'invalid_token');
    const next = cookiesOf(await ask('POST', '/auth/refresh', later, { origin: own }));
    assert.equal((await ask('GET', `/posts/${draft.id}`, next)).status, 200);
});

test('names are compared whole, and only those of the right kind', async () => {
    const cookies = await enter();
    const { value } = cookies[ACCESS];
    for (const name of ['quire_access', '__host-quire_access', 'x__Host-quire_access', '__Host-quire_access2',
        '__Secure-quire_access', REFRESH]) {
        assertError(await ask('GET', '/users/me', `${name}=${value}`), 401, 'unauthenticated');
    }
});

test('a write wants a page of this site or of an allowed origin', async () => {
    const cookies = await enter();
    for (const origin of [own, ...origins]) {
        assert.equal((await write(cookies, { origin })).status, 201, origin);
    }
    assert.equal((await write(cookies, { headers: { 'Sec-Fetch-Site': 'same-origin' } })).status, 201);
    for (const origin of [strangeOrigin, 'null', '', 'http://quire.example', 'https://quire.example.evil.example',
        'https://quire.example:8443', 'https://evil.example/https://quire.example', `${own}/`, 'https://', 'x',
        'http://localhost:3001', 'https://localhost:3000']) {
        assertError(await write(cookies, { origin }), 403, 'foreign_origin');
    }
    for (const value of ['cross-site', 'same-site', 'none', '']) {
        assertError(await write(cookies, { headers: { 'Sec-Fetch-Site': value } }), 403, 'foreign_origin');
    }
    // An Origin is believed before Sec-Fetch-Site.
    assertError(await write(cookies, { origin: strangeOrigin, headers: { 'Sec-Fetch-Site': 'same-origin' } }), 403);
    assertError(await write(cookies), 403, 'foreign_origin');
    assertError(await write(`${ACCESS}=a.b.c`), 403, 'foreign_origin');
    assertError(await write(`${ACCESS}=a.b.c`, { origin: own }), 401, 'invalid_token');
});

test('the host that was asked is this site, too, with its scheme', async () => {
    const cookies = await enter();
    const here = `127.0.0.1:${site.front.port}`;
    assert.equal((await write(cookies, { origin: `http://${here}` })).status, 201);
    assertError(await write(cookies, { origin: `https://${here}` }), 403, 'foreign_origin');
    assertError(await write(cookies, { origin: `file://${here}` }), 403, 'foreign_origin');
    assertError(await write(cookies, { origin: `http://localhost:${site.front.port}` }), 403, 'foreign_origin');
    assertError(await write(cookies, { origin: 'http://127.0.0.1' }), 403, 'foreign_origin');
});

test('every method that writes is checked, and changes nothing when refused', async () => {
    const cookies = await enter();
    const post = await site.createPost(ada);
    const json = { title: 'stolen', content: 'stolen' };
    for (const [method, path, options] of [['PUT', `/posts/${post.id}`, { json }], ['PATCH', `/posts/${post.id}`, { json }],
        ['DELETE', `/posts/${post.id}`], ['PUT', `/posts/${post.id}/vote`, { json: { vote_type: 'upvote' } }],
        ['POST', '/auth/logout'], ['DELETE', '/auth/sessions'], ['DELETE', '/users/me', { json: {} }]]) {
        assertError(await ask(method, path, cookies, { origin: strangeOrigin, ...options }), 403, 'foreign_origin');
    }
    const { json: after } = await site.get(`/posts/${post.id}`);
    assert.deepEqual([after.title, after.votes], [post.title, 0]);
    assert.equal((await ask('DELETE', `/posts/${post.id}`, cookies, { origin: own })).status, 204);
});

test('an Authorization header goes before the cookie, and needs no Origin', async () => {
    const cookies = await enter();
    const bob = await site.signUp();
    assert.equal((await ask('GET', '/users/me', cookies, { token: bob.token })).json.id, bob.id);
    const made = await write(cookies, { token: bob.token, origin: strangeOrigin });
    assert.equal(made.json.user_id, bob.id);
    assertError(await ask('GET', '/users/me', cookies, { token: 'a.b.c' }), 401, 'invalid_token');
    assertError(await ask('GET', '/users/me', cookies, { headers: { Authorization: '' } }), 401, 'unauthenticated');
});

test('a renewal from the cookie gives new cookies of the same session', async () => {
    const cookies = await enter();
    const answer = await ask('POST', '/auth/refresh', header(cookies, REFRESH), { origin: own });
    assert.equal(answer.status, 200, answer.raw);
    assertMembers(answer.json, ['token_type', 'expires_in']);
    const next = cookiesOf(answer);
    assert.deepEqual(Object.keys(next), [ACCESS, REFRESH]);
    assert.notEqual(next[REFRESH].value, cookies[REFRESH].value);
    assert.equal(decode(next[ACCESS].value).claims.sid, decode(cookies[ACCESS].value).claims.sid);
    assert.equal((await ask('GET', '/users/me', next)).json.id, ada.id);
    assert.equal((await ask('POST', '/auth/refresh', next, { json: {}, origin: origins[0] })).status, 200);
});

test('a foreign page can neither renew nor log in', async () => {
    const cookies = await enter();
    const before = await site.count('refresh_tokens');
    for (const options of [{ origin: strangeOrigin }, {}, { headers: { 'Sec-Fetch-Site': 'cross-site' } }]) {
        assertError(await ask('POST', '/auth/refresh', cookies, options), 403, 'foreign_origin');
    }
    for (const options of [{ origin: strangeOrigin }, { origin: 'null' }, { headers: { 'Sec-Fetch-Site': 'cross-site' } }]) {
        const answer = await login(ada, options);
        assertError(answer, 403, 'foreign_origin');
        assert.equal(answer.headers['set-cookie'], undefined);
    }
    assert.equal(await site.count('refresh_tokens'), before);
    assert.equal((await login(ada, { origin: own })).status, 200);
});

test('a refresh token in the body goes before the cookie, and its answer comes in the body', async () => {
    const cookies = await enter();
    const { json } = await site.post('/auth/login', { email: ada.email, password: ada.password });
    site.keep(json.access_token);
    const answer = await ask('POST', '/auth/refresh', cookies, { json: { refresh_token: site.keep(json.refresh_token) } });
    assert.equal(answer.status, 200);
    assert.equal(answer.headers['set-cookie'], undefined);
    assert.equal(decode(site.keep(answer.json.access_token)).claims.sid, decode(json.access_token).claims.sid);
    site.keep(answer.json.refresh_token);
    const wrong = await ask('POST', '/auth/refresh', cookies, { json: { refresh_token: 'x' } });
    assertError(wrong, 401, 'invalid_token');
    assert.equal(wrong.headers['set-cookie'], undefined, 'the cookies were not looked at');
});

function assertCleared(answer, ...names) {
    const cleared = cookiesOf(answer);
    assert.deepEqual(Object.keys(cleared), names);
    for (const { value, attributes } of Object.values(cleared)) {
        assert.equal(value, '');
        assert.deepEqual(attributes, ['Path=/', 'Max-Age=0', 'HttpOnly', 'Secure', 'SameSite=Lax']);
    }
}

test('a renewal that is refused takes the cookies back', async () => {
    const answer = await ask('POST', '/auth/refresh', `${ACCESS}=x; ${REFRESH}=y`, { origin: own });
    assertError(answer, 401, 'invalid_token');
    assertCleared(answer, ACCESS, REFRESH);
    assertCleared(await ask('POST', '/auth/refresh', `${REFRESH}=y`, { origin: own }), REFRESH);
    const none = await ask('POST', '/auth/refresh', `${ACCESS}=x`, { origin: own });
    assertError(none, 401, 'unauthenticated');
    assertCleared(none, ACCESS);
    assertCleared(await ask('POST', '/auth/refresh', 'a=b', { origin: own }));
});

test('a log-out ends the session and takes the cookies back; so does the end of one\'s own session', async () => {
    const cookies = await enter();
    const answer = await ask('POST', '/auth/logout', cookies, { origin: own });
    assert.equal(answer.status, 204);
    assertCleared(answer, ACCESS, REFRESH);
    assertError(await ask('GET', '/users/me', cookies), 401, 'invalid_token');
    assertError(await ask('POST', '/auth/refresh', cookies, { origin: own }), 401, 'invalid_token');
    assertCleared(await site.post('/auth/logout', undefined, await site.login(ada)));
    const next = await enter();
    const { sid } = decode(next[ACCESS].value).claims;
    assertCleared(await ask('DELETE', `/auth/sessions/${sid}`, next, { origin: own }), ACCESS, REFRESH);
    assertError(await ask('GET', '/users/me', next), 401, 'invalid_token');
});

test('who is logged out by time logs out by the refresh cookie: scripts could not drop it', async () => {
    const cookies = await enter();
    const { sid } = decode(cookies[ACCESS].value).claims;
    const left = header(cookies, REFRESH);
    for (const options of [{ origin: strangeOrigin }, {}, { headers: { 'Sec-Fetch-Site': 'cross-site' } }]) {
        assertError(await ask('POST', '/auth/logout', left, options), 403, 'foreign_origin');
    }
    assertError(await ask('POST', '/auth/logout', `${REFRESH}=${'x'.repeat(43)}`, { origin: own }), 401, 'unauthenticated');
    assertError(await ask('POST', '/auth/logout', left, { origin: own, token: 'a.b.c' }), 401, 'invalid_token');
    assertError(await ask('DELETE', '/auth/sessions', left, { origin: own }), 401, 'unauthenticated'); // it is good for nothing else
    assert.equal(await site.count('sessions', `id = ${sid}`), 1);
    const answer = await ask('POST', '/auth/logout', left, { origin: own });
    assert.equal(answer.status, 204, answer.raw);
    assertCleared(answer, REFRESH);
    assert.equal(await site.count('sessions', `id = ${sid}`), 0);
    assertError(await ask('POST', '/auth/refresh', left, { origin: own }), 401, 'invalid_token');
    assertError(await ask('POST', '/auth/logout', left, { origin: own }), 401, 'unauthenticated');
});

test('an access cookie that is not good any more keeps nobody from logging out; nor does a token already exchanged', async () => {
    const cookies = await enter();
    const next = cookiesOf(await ask('POST', '/auth/refresh', cookies, { origin: own }));
    const stale = `${ACCESS}=a.b.c; ${header(cookies, REFRESH)}`;
    assertCleared(await ask('POST', '/auth/logout', stale, { origin: own }), ACCESS, REFRESH);
    assertError(await ask('GET', '/users/me', next), 401, 'invalid_token');
});

test('a log-out that is refused takes dead cookies back, but not beside a token', async () => {
    const dead = `${ACCESS}=a.b.c; ${REFRESH}=${'x'.repeat(43)}`;
    const answer = await ask('POST', '/auth/logout', dead, { origin: own });
    assertError(answer, 401, 'invalid_token');
    assertCleared(answer, ACCESS, REFRESH);
    const other = await ask('POST', '/auth/logout', dead, { origin: own, token: 'a.b.c' });
    assertError(other, 401, 'invalid_token');
    assertCleared(other);
    assertCleared(await ask('POST', '/auth/logout', dead, { origin: strangeOrigin }));
});

test('of a session that has ended, and of an account that is switched off, no cookie logs out', async () => {
    const person = await site.signUp();
    const ended = await enter(person);
    await site.query(`UPDATE sessions SET expires_at = '2020-01-01' WHERE id = ${decode(ended[ACCESS].value).claims.sid}`);
    assertError(await ask('POST', '/auth/logout', header(ended, REFRESH), { origin: own }), 401, 'invalid_token');
    const cookies = await enter(person);
    await site.query(`UPDATE users SET is_active = 0 WHERE id = ${person.id}`);
    assertError(await ask('POST', '/auth/logout', header(cookies, REFRESH), { origin: own }), 401, 'unauthenticated');
});

test('an account that goes takes its cookies along; one that an admin drops leaves theirs', async () => {
    const [first, second] = [await site.signUp(), await site.signUp()];
    const cookies = await enter(first);
    const gone = await ask('DELETE', '/users/me', cookies, { origin: own, json: { current_password: first.password } });
    assert.equal(gone.status, 204, gone.raw);
    assertCleared(gone, ACCESS, REFRESH);
    const others = await enter(second);
    assertCleared(await ask('DELETE', `/users/${second.id}`, others, { origin: own }), ACCESS, REFRESH);
    const victim = await site.signUp();
    const admin = await enter(await site.admin());
    assertCleared(await ask('DELETE', `/users/${victim.id}`, admin, { origin: own }));
    assert.equal((await ask('GET', '/users/me', admin)).status, 200);
});

test('over plain http on the own machine the cookies have plain names', async () => {
    const bob = await plain.signUp();
    const cookies = cookiesOf(await login(bob, {}, plain));
    assert.deepEqual(Object.keys(cookies), ['quire_access', 'quire_refresh']);
    Object.values(cookies).forEach(({ value }) => plain.keep(value));
    assert.deepEqual(cookies.quire_access.attributes, cookies.quire_refresh.attributes);
    assert.deepEqual(cookies.quire_access.attributes.toSpliced(1, 1), ['Path=/', 'HttpOnly', 'SameSite=Lax']);
    const me = (Cookie, Host) => plain.get('/users/me', { headers: { Cookie, ...(Host ? { Host } : {}) } });
    assert.equal((await me(header(cookies))).json.id, bob.id);
    assert.equal((await me(header(cookies), `localhost:${plain.front.port}`)).status, 200);
    assert.equal((await me(header(cookies), 'app.localhost')).status, 200);
    assert.equal((await me(header(cookies), '[::1]:80')).status, 200);
    // Asked by another name, only the names that are safe there are read.
    for (const host of ['quire.example', '127.0.0.1.example.com', 'localhost.example.com', 'notlocalhost', '10.0.0.1']) {
        assertError(await me(header(cookies), host), 401, 'unauthenticated');
        assert.equal((await me(`${ACCESS}=${cookies.quire_access.value}`, host)).status, 200);
        const answer = await login(bob, { headers: { Host: host } }, plain);
        Object.values(cookiesOf(answer)).forEach(({ value }) => plain.keep(value));
        assert.deepEqual(Object.keys(cookiesOf(answer)), [ACCESS, REFRESH]);
    }
    assertError(await me(`${ACCESS}=${cookies.quire_access.value}`), 401, 'unauthenticated');
});

for (const [setting, host, secure] of [['on', '127.0.0.1', true], ['off', 'quire.example', false]]) {
    test(`COOKIE_SECURE=${setting} says so for every host`, async () => {
        const set = await startSite({ settings: { WORKERS: 1, COOKIE_SECURE: setting } });
        const person = await set.signUp();
        const answer = await login(person, { headers: { Host: host } }, set);
        const cookies = cookiesOf(answer);
        Object.values(cookies).forEach(({ value }) => set.keep(value));
        assert.deepEqual(Object.keys(cookies), secure ? [ACCESS, REFRESH] : ['quire_access', 'quire_refresh']);
        assert.equal(cookies[secure ? ACCESS : 'quire_access'].attributes.includes('Secure'), secure);
    });
}

test('where every origin may read, or none may send credentials, only one\'s own pages write with cookies', async () => {
    for (const settings of [{ CORS_ORIGINS: '*', CORS_CREDENTIALS: 'false' }, { CORS_CREDENTIALS: 'false' }]) {
        const open = await startSite({ settings: { WORKERS: 1, ...settings } });
        const person = await open.signUp();
        const cookies = cookiesOf(await login(person, {}, open));
        Object.values(cookies).forEach(({ value }) => open.keep(value));
        const note = (origin) => open.post('/microposts', { body: 'n' }, { origin, headers: { Cookie: header(cookies) } });
        assertError(await note(origins[0]), 403, 'foreign_origin');
        assert.equal((await note(`http://127.0.0.1:${open.front.port}`)).status, 201);
    }
});

test('no cookie is kept with an Idempotency-Key', async () => {
    const headers = { 'Idempotency-Key': 'a log-in' };
    const [first, second] = [cookiesOf(await login(ada, { headers })), cookiesOf(await login(ada, { headers }))];
    assert.notEqual(first[REFRESH].value, second[REFRESH].value);
    assert.equal(await site.count('idempotency_keys'), 0);
});

// Access tokens: what is in them, which are believed, and when they end.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import http from 'node:http';
import { assertError } from './lib/contract.mjs';
import { decode, part, sign } from './lib/jwt.mjs';
import { until } from './lib/processes.mjs';
import { assertHas } from './lib/shapes.mjs';
import { startSite } from './lib/site.mjs';
import { test } from './lib/test.mjs';

const site = await startSite();
const ada = await site.signUp();
const bob = await site.signUp();
const { head, claims } = decode(ada.token);

function whoAmI(token) {
    return site.get('/users/me', { token });
}

function assertBad(answer, what) {
    assert.equal(answer.status, 401, `${what}: ${answer.raw}`);
    assert.equal(answer.headers['x-error-code'], 'invalid_token', what);
    assert.match(answer.headers['www-authenticate'], /^Bearer .*error="invalid_token"/, what);
}

test('a token is a JWT with the documented claims', () => {
    assert.equal(ada.token.split('.').length, 3);
    assert.equal(head.alg, 'HS256');
    assert.match(head.kid, /^\S+$/);
    assertHas(claims, { id: ada.id, sub: String(ada.id), iss: 'quire', aud: 'quire' });
    assert.ok(Number.isSafeInteger(claims.sid));
    assert.ok(typeof claims.jti === 'string' && claims.jti.length >= 16);
    assert.equal(claims.exp - claims.iat, 30 * 60);
    assert.ok(Math.abs(claims.iat - Date.now() / 1000) < 60);
});

test('each token names its user', async () => {
    assert.equal((await whoAmI(ada.token)).json.id, ada.id);
    assert.equal((await whoAmI(bob.token)).json.id, bob.id);
});

test('a token signed anew with the key and the same claims is as good', async () => {
    const token = site.keep(sign(head, claims, site.secret));
    assert.equal((await whoAmI(token)).json.id, ada.id);
});

test('without a token: 401 "Not authenticated", and no word of an invalid one', async () => {
    const answer = await site.get('/users/me');
    assertError(answer, 401, 'unauthenticated', 'Not authenticated');
    assert.equal(answer.headers['www-authenticate'], 'Bearer');
});

for (const [name, value] of [
    ['nothing', ''], ['the scheme alone', 'Bearer'], ['the scheme and a blank', 'Bearer '],
        ['Basic', 'Basic dXNlcjpwYXNz'],
    ['another scheme', `Token ${ada.token}`], ['no scheme', ada.token], ['quotes', `Bearer "${ada.token}"`],
    ['two tokens', `Bearer ${ada.token} ${ada.token}`], ['a comma', `Bearer ${ada.token},`],
        ['Bearerish', `Bearer${ada.token}`],
]) {
    test(`an Authorization header with ${name} is 401`, async () => {
        assert.equal((await site.get('/users/me', { headers: { Authorization: value } })).status, 401);
    });
}

test('the scheme is compared without regard to case', async () => {
    for (const scheme of ['bearer', 'BEARER', 'bEaReR']) {
        assert.equal((await site.get('/users/me', { headers: { Authorization: `${scheme} ${ada.token}` } })).status,
            200);
    }
});

test('what is no JWT is an invalid token', async () => {
    for (const token of ['garbage', 'a.b.c', '..', '.', '...', 'a..c', '.b.', "'--", 'eyJhbGciOiJIUzI1NiJ9..', 'null',
        `${part('{}')}.${part('{}')}.`, '%00', 'x'.repeat(4096), `${'x'.repeat(3000)}.${'y'.repeat(3000)}.z`]) {
        assertBad(await whoAmI(token), token.slice(0, 40));
    }
});

test('a token altered in any one character is refused', async () => {
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    const altered = [];
    for (let i = 0; i < ada.token.length; ++i) {
        const old = ada.token[i];
        // The neighbour in the alphabet differs in the lowest bit alone: the hardest to tell in a last character.
        const others = old === '.' ? ['a', ''] : [alphabet[alphabet.indexOf(old) ^ 1], '.', '='];
        altered.push(...others.map((other) => ada.token.slice(0, i) + other + ada.token.slice(i + 1)));
    }
    for (let i = 0; i < altered.length; i += 50) {
        const answers = await Promise.all(altered.slice(i, i + 50).map(whoAmI));
        answers.forEach((answer, j) => assertBad(answer, `variant ${i + j}`));
    }
});

test('a token cut short or with something after it is refused', async () => {
    const parts = ada.token.split('.');
    for (const token of [parts[0], parts.slice(0, 2).join('.'), `${parts.slice(0, 2).join('.')}.`, `${ada.token}.`,
        `${ada.token}A`,
        `${ada.token}=`, `${ada.token}.${parts[2]}`, `A${ada.token}`, ada.token.slice(0, -1)]) {
        assertBad(await whoAmI(token), token.slice(-20));
    }
});

for (const alg of ['none', 'None', 'NONE', 'nOnE', '', 'HS384', 'HS512', 'RS256', 'ES256', 'hs256', null, 5]) {
    test(`alg ${JSON.stringify(alg)} is refused, with and without a signature`, async () => {
        const forged = sign({ ...head, alg }, claims, site.secret);
        assertBad(await whoAmI(forged), 'signed by its own word');
        const [first, second] = forged.split('.');
        assertBad(await whoAmI(`${first}.${second}.`), 'unsigned');
        const signature = ada.token.split('.')[2];
        assertBad(await whoAmI(`${first}.${second}.${signature}`), 'with the signature of another');
    });
}

test('a token signed with another key is refused', async () => {
    for (const key of ['', 'secret', `${site.secret}x`, site.secret.slice(0, -1), 'x'.repeat(48)]) {
        assertBad(await whoAmI(sign(head, claims, key || Buffer.alloc(0))), key.length);
    }
});

test('a head that asks for more than we understand is refused', async () => {
    for (const special of [{ kid: 'another' }, { crit: ['exp'] }, { crit: ['b64'], b64: false }]) {
        assertBad(await whoAmI(sign({ ...head, ...special }, claims, site.secret)), JSON.stringify(special));
    }
});

const now = Math.floor(Date.now() / 1000);
const without = (name) => Object.fromEntries(Object.entries(claims).filter(([key]) => key !== name));
for (const [name, forged] of [
    ['an exp in the past', { ...claims, exp: now - 1 }],
    ['an exp long past', { ...claims, exp: 1 }],
    ['no exp', without('exp')],
    ['an exp that is text', { ...claims, exp: String(now + 1000) }],
    ['an exp that is null', { ...claims, exp: null }],
    ['an nbf in the future', { ...claims, nbf: now + 3600 }],
    ['an iat in the future', { ...claims, iat: now + 3600 }],
    ['no id', without('id')],
    ['an id that is null', { ...claims, id: null }],
    ['an id that is text', { ...claims, id: String(claims.id) }],
    ['an id that nobody has', { ...claims, id: 2147480000, sub: '2147480000' }],
    ['the id of another', { ...claims, id: bob.id, sub: String(bob.id) }],
    ['a negative id', { ...claims, id: -1, sub: '-1' }],
    ['a fractional id', { ...claims, id: claims.id + 0.5 }],
    ['no sid', without('sid')],
    ['a sid that is not there', { ...claims, sid: 2147480000 }],
    ['the session of another', { ...claims, sid: decode(bob.token).claims.sid }],
    ['another issuer', { ...claims, iss: 'evil' }],
    ['no issuer', without('iss')],
    ['another audience', { ...claims, aud: 'evil' }],
    ['no audience', without('aud')],
]) {
    test(`a well-signed token with ${name} is refused`, async () => {
        assertBad(await whoAmI(sign(head, forged, site.secret)), name);
    });
}

test('a kid is compared and nothing else: no path, no statement, no address comes of it', async () => {
    const claimed = (kid) => sign({ ...head, kid }, claims, site.secret);
    for (const kid of ['', ' ', '*', '../../../../dev/null', '/dev/null', 'file:///dev/null', '/proc/self/environ', "' OR '1'='1", "x' UNION SELECT 'k' -- ",
        `${head.kid} `, `${head.kid}\u0000`, head.kid.toUpperCase().replace(/^[^A-F]*$/, 'X'), head.kid.slice(0, -1), 'x'.repeat(2000),
        '$(id)', '|id', 'http://127.0.0.1/key', null, true, 0, [], {}, [head.kid], { kid: head.kid }]) {
        assertBad(await whoAmI(claimed(kid)), JSON.stringify(kid));
        // Whoever can name a key must not be able to name an empty one, either.
        assertBad(await whoAmI(sign({ ...head, kid }, claims, Buffer.alloc(1))), `${JSON.stringify(kid)} with a key of zeros`);
    }
});

test('keys and addresses of keys in the head are not looked at', async () => {
    const k = Buffer.from('x'.repeat(48)).toString('base64url');
    const url = `http://127.0.0.1:${site.front.port}/key.json`;
    for (const special of [{ jwk: { kty: 'oct', k, alg: 'HS256' } }, { jku: url }, { x5u: url }, { x5c: [k] }, { x5t: k },
        { jwk: { kty: 'oct', k, kid: head.kid } }]) {
        assertBad(await whoAmI(sign({ ...head, ...special }, claims, 'x'.repeat(48))), JSON.stringify(special));
        assertBad(await whoAmI(sign({ ...head, ...special, kid: undefined }, claims, 'x'.repeat(48))), JSON.stringify(special));
        // They do no harm either to a token that is ours.
        assert.equal((await whoAmI(site.keep(sign({ ...head, ...special }, claims, site.secret)))).status, 200);
    }
});

test('of a member given twice the last counts, for head and claims alike, and never for one reader only', async () => {
    const text = JSON.stringify(claims).slice(1, -1);
    const twice = (first, last) => `{${first},${text},${last}}`;
    const signed = (body, h = JSON.stringify(head)) => {
        const covered = `${part(h)}.${part(body)}`;
        return `${covered}.${createHmac('sha256', site.secret).update(covered).digest('base64url')}`;
    };
    for (const body of [twice('"x":1', '"exp":1'), twice('"x":1', '"iss":"evil"'), twice('"x":1', '"aud":["evil"]'), twice('"x":1', `"id":${bob.id}`),
        twice('"x":1', '"sid":2147480000'), twice('"x":1', '"nbf":99999999999')]) {
        assertBad(await whoAmI(signed(body)), body);
    }
    const good = await whoAmI(site.keep(signed(twice(`"exp":1,"iss":"evil","id":${bob.id}`, '"x":1'))));
    assert.equal(good.json?.id, ada.id, good.raw);
    for (const h of ['{"alg":"none","alg":"HS512"}', '{"alg":"HS256","alg":"none"}', '{"alg":"HS256","kid":"a","kid":"b"}']) {
        assertBad(await whoAmI(signed(JSON.stringify(claims), h)), h);
    }
});

test('a token that is too long is refused by whoever first sees that: 401, or 400 and 431 of the web server', async () => {
    for (const [length, statuses] of [[4097, [401]], [7000, [401, 400, 431]], [8192, [400, 431]], [20000, [400, 431]], [1 << 20, [400, 431]]]) {
        const raw = await site.client.bytes(`GET /api/v1/users/me HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer ${
            ada.token}${'A'.repeat(length - ada.token.length)}\r\n\r\n`);
        const status = Number(raw.split(' ')[1]);
        assert.ok(statuses.includes(status), `${length}: ${raw.slice(0, 100)}`);
    }
    const padded = sign({ ...head, pad: 'x'.repeat(3800) }, claims, site.secret);
    assert.ok(padded.length > 4096);
    assertBad(await whoAmI(padded), 'signed by us, but over 4 KiB');
    assert.equal((await whoAmI(ada.token)).status, 200);
});

test('what is nested or crowded beyond measure is refused', async () => {
    for (const body of [`${'['.repeat(1000)}${']'.repeat(1000)}`, `{"a":${'{"a":'.repeat(200)}1${'}'.repeat(200)},${JSON.stringify(claims).slice(1)}`,
        `{${Array.from({ length: 300 }, (_, i) => `"k${i}":0`).join(',')}}`]) {
        const token = sign(head, body, site.secret);
        assert.ok(token.length <= 4096, `${token.length}`);
        assertBad(await whoAmI(token), body.slice(0, 40));
    }
});

test('claims that are no JSON object are refused', async () => {
    for (const payload of ['no json', '[]', '"x"', 'null', '{', '{"id":1,}', `${JSON.stringify(claims)}x`]) {
        assertBad(await whoAmI(sign(head, payload, site.secret)), payload);
    }
});

test('two Authorization headers are refused', async () => {
    const raw = await site.client.bytes('GET /api/v1/users/me HTTP/1.1\r\nHost: x\r\nConnection: close\r\n' +
        `Authorization: Bearer ${ada.token}\r\nAuthorization: Bearer ${bob.token}\r\n\r\n`);
    assert.match(raw, /^HTTP\/1\.1 400 /);
});

test('a token of another site is refused', async () => {
    const other = await startSite({ settings: { WORKERS: 1 } });
    const stranger = await other.signUp();
    assertBad(await whoAmI(stranger.token), 'of another secret');
    assertBad(await other.get('/users/me', { token: ada.token }), 'the other way');
});

/** The statuses of many requests, a connection each, so that every worker is asked. */
async function everywhere(token) {
    const statuses = await Promise.all(Array.from({ length: 40 }, () => new Promise((resolve, reject) => {
        http.get({ port: site.front.port, path: '/api/v1/users/me', agent: false, headers: { Authorization: `Bearer ${token}` } },
            (response) => resolve(response.resume().statusCode)).on('error', reject);
    })));
    return [...new Set(statuses)];
}

test('a token that every worker knows ends when it says', async () => {
    const now = Math.floor(Date.now() / 1000);
    const token = site.keep(sign(head, { ...claims, exp: now + 20 }, site.secret));
    assert.deepEqual(await everywhere(token), [200]);
    await until('it has expired', () => Date.now() / 1000 > now + 20);
    assert.deepEqual(await everywhere(token), [401]);
});

test('log-out ends the session on every worker at once, and only this session', async () => {
    const here = await site.login(ada);
    const there = await site.login(ada);
    assert.deepEqual(await everywhere(here.token), [200]); // and each worker knows it from now on
    assert.equal((await site.post('/auth/logout', undefined, here)).status, 204);
    assert.deepEqual(await everywhere(here.token), [401]);
    assertBad(await whoAmI(here.token), 'after log-out');
    assertBad(await site.post('/auth/logout', undefined, here), 'a second log-out');
    assert.equal((await whoAmI(there.token)).status, 200);
});

test('log-out needs a token', async () => {
    assertError(await site.post('/auth/logout'), 401, 'unauthenticated');
});

test('a session that has run out in the database is dead, whatever the token says', async () => {
    const person = await site.login(ada);
    const { sid } = decode(person.token).claims;
    await site.query(`UPDATE sessions SET expires_at = '2020-01-01' WHERE id = ${sid}`);
    assertBad(await whoAmI(person.token), 'an old session');
});

test('the token of an inactive or deleted user is refused', async () => {
    const admin = await site.admin();
    const person = await site.signUp();
    assert.equal((await site.patch(`/users/${person.id}`, { is_active: false }, admin)).status, 200);
    assertBad(await whoAmI(person.token), 'inactive');
    assert.equal((await site.patch(`/users/${person.id}`, { is_active: true }, admin)).status, 200);
    const again = await site.login(person);
    assert.equal((await site.delete(`/users/${person.id}`, admin)).status, 204);
    assertBad(await whoAmI(again.token), 'deleted');
});

test('a bad token is refused where none is needed, too', async () => {
    for (const path of ['/posts', `/users/${ada.id}/posts`]) {
        assert.equal((await site.get(path)).status, 200);
        assertBad(await site.get(path, { token: 'a.b.c' }), path);
    }
});

test('every route that needs a token says so before it looks at anything else', async () => {
    const routes = [
        ['GET', '/users/me'], ['PATCH', '/users/me', {}], ['DELETE', '/users/me', {}],
            ['PUT', '/users/me/password', {}],
        ['GET', '/users'], ['PATCH', `/users/${bob.id}`, {}], ['DELETE', `/users/${bob.id}`],
            ['DELETE', '/users/abc'],
        ['POST', '/posts', {}], ['PUT', '/posts/1', {}], ['PUT', '/posts/abc', {}],
            ['PATCH', '/posts/1', { title: 5 }],
        ['DELETE', '/posts/1'], ['DELETE', '/posts/abc'], ['PUT', '/posts/1/vote', {}], ['DELETE', '/posts/1/vote'],
        ['POST', '/vote', {}], ['GET', '/users/me/voted-posts'], ['POST', '/auth/logout'],
    ];
    for (const [method, path, json] of routes) {
        const what = `${method} ${path}`;
        assertError(await site.request(method, path, { json }), 401, 'unauthenticated', 'Not authenticated');
        assertBad(await site.request(method, path, { json, token: 'a.b.c' }), what);
    }
});

for (const algorithm of ['HS384', 'HS512']) {
    test(`ALGORITHM=${algorithm} signs and believes that alone`, async () => {
        const other = await startSite({ settings: { ALGORITHM: algorithm, ACCESS_TOKEN_EXPIRE_MINUTES: 5,
            WORKERS: 1 } });
        const person = await other.signUp();
        const mine = decode(person.token);
        assert.equal(mine.head.alg, algorithm);
        assert.equal(mine.claims.exp - mine.claims.iat, 300);
        assert.equal((await other.get('/users/me', person)).status, 200);
        const forged = sign({ ...mine.head, alg: 'HS256' }, mine.claims, other.secret);
        assertBad(await other.get('/users/me', { token: forged }), 'HS256');
    });
}

// Refresh tokens: exchanged for the next pair, good for parallel tabs, and the end of the session when stolen.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { assertError, assertInvalid, HIDDEN, noObject, stringType } from './lib/contract.mjs';
import { decode } from './lib/jwt.mjs';
import { assertMembers } from './lib/shapes.mjs';
import { until } from './lib/processes.mjs';
import { startSite } from './lib/site.mjs';
import { test } from './lib/test.mjs';

const site = await startSite({ settings: { WORKERS: 8 } });
const ada = await site.signUp();

async function enter(person = ada) {
    const answer = await site.post('/auth/login', { email: person.email, password: person.password });
    return pair(answer);
}

/** The tokens of an answer, remembered as secrets. */
function pair(answer) {
    assert.equal(answer.status, 200, answer.raw);
    assertMembers(answer.json, ['access_token', 'token_type', 'expires_in', 'refresh_token']);
    assert.equal(answer.headers['cache-control'], 'no-store');
    assert.equal(answer.headers['set-cookie'], undefined);
    return { token: site.keep(answer.json.access_token), refresh: site.keep(answer.json.refresh_token) };
}

const exchange = (refresh, options) => site.post('/auth/refresh', { refresh_token: refresh }, options);
const sid = ({ token }) => decode(token).claims.sid;
const whoAmI = async ({ token }) => (await site.get('/users/me', { token })).status;
const digest = (refresh) => `x'${createHash('sha256').update(refresh).digest('hex')}'`;
/** As if a token had been used so many seconds ago. */
const age = (refresh, seconds) => site.query(`UPDATE refresh_tokens
    SET used_at = UTC_TIMESTAMP(6) - INTERVAL ${seconds} SECOND WHERE digest = ${digest(refresh)}`);

function assertRefused(answer) {
    assertError(answer, 401, 'invalid_token', 'Could not validate credentials');
    assert.equal(answer.headers['www-authenticate'], 'Bearer error="invalid_token"');
    assert.deepEqual(Object.keys(answer.json), ['detail']);
}

test('each log-in gives 256 random bits, of which only the SHA-256 is stored', async () => {
    const tokens = await enter();
    assert.match(tokens.refresh, /^[A-Za-z0-9_-]{43}$/);
    const rows = await site.query(`SELECT hex(digest) AS digest FROM refresh_tokens WHERE session_id = ${sid(tokens)}`);
    assert.deepEqual(rows.map((row) => row.digest.toLowerCase()),
        [createHash('sha256').update(tokens.refresh).digest('hex')]);
    const form = await site.request('POST', '/login', { form: { username: ada.username, password: ada.password } });
    assert.notEqual(pair(form).refresh, tokens.refresh);
});

test('an exchange gives a new pair of the same session, and both pairs of tokens differ', async () => {
    const first = await enter();
    const second = pair(await exchange(first.refresh));
    assert.notEqual(second.refresh, first.refresh);
    assert.notEqual(second.token, first.token);
    assert.equal(sid(second), sid(first));
    assert.equal(await whoAmI(second), 200);
    assert.equal(await whoAmI(first), 200); // an access token lives as long as it says, and its session
    assert.equal(pair(await exchange(second.refresh)).token.length > 100, true);
});

test('five tabs come with one token in the same second: each gets a pair of its own, and each pair goes on', async () => {
    const { refresh, ...start } = await enter();
    const tabs = (await Promise.all(Array.from({ length: 5 }, () => exchange(refresh)))).map(pair);
    assert.equal(new Set(tabs.map((tab) => tab.refresh)).size, 5);
    assert.deepEqual(new Set(tabs.map(sid)), new Set([sid(start)]));
    await age(refresh, 3600); // the grace is over, and nobody notices who does not come with it again
    const later = (await Promise.all(tabs.map((tab) => exchange(tab.refresh)))).map(pair);
    assert.deepEqual(await Promise.all(later.map(whoAmI)), Array(5).fill(200));
});

test('forty requests with one token on all workers leave one session, and no error', async () => {
    const { refresh, ...start } = await enter();
    const all = await Promise.all(Array.from({ length: 40 }, () => exchange(refresh)));
    all.forEach(pair);
    assert.equal(await site.count('refresh_tokens', `session_id = ${sid(start)}`), 41);
    assert.equal(await site.count('refresh_tokens', `session_id = ${sid(start)} AND used_at IS NOT NULL`), 1);
});

test('within the grace a used token is good, and the grace is counted from its first use', async () => {
    const { refresh } = await enter();
    pair(await exchange(refresh));
    await age(refresh, 3);
    pair(await exchange(refresh));
    const [{ aged }] = await site.query(`SELECT used_at < UTC_TIMESTAMP(6) - INTERVAL 2 SECOND AS aged
        FROM refresh_tokens WHERE digest = ${digest(refresh)}`);
    assert.equal(Number(aged), 1);
});

test('after the grace a used token ends the whole family, on every worker at once', async () => {
    const elsewhere = await enter();
    const first = await enter();
    const second = pair(await exchange(first.refresh));
    const third = pair(await exchange(second.refresh));
    await age(first.refresh, 11);
    const answer = await exchange(first.refresh);
    assertRefused(answer);
    const statuses = await Promise.all([first, second, third].flatMap((each) => Array(8).fill(each)).map(whoAmI));
    assert.deepEqual(new Set(statuses), new Set([401]));
    for (const each of [first, second, third]) {
        assertRefused(await exchange(each.refresh));
    }
    assert.equal(await site.count('sessions', `id = ${sid(first)}`), 0);
    assert.equal(await site.count('refresh_tokens', `session_id = ${sid(first)}`), 0);
    assert.equal(await whoAmI(elsewhere), 200);
    pair(await exchange(elsewhere.refresh));
    const line = await site.log.ofRequest(answer.headers['x-request-id']);
    assert.equal(line.status, 401);
});

test('a thief and its victim at the same moment: whatever comes first, the family is dead', async () => {
    for (let round = 0; round < 5; ++round) {
        const first = await enter();
        const second = pair(await exchange(first.refresh));
        await age(first.refresh, 11);
        const [stolen, own] = await Promise.all([exchange(first.refresh), exchange(second.refresh)]);
        assertRefused(stolen);
        assert.ok([200, 401].includes(own.status), own.raw);
        const last = own.status === 200 ? pair(own) : second;
        assert.equal(await whoAmI(last), 401);
        assertRefused(await exchange(last.refresh));
    }
});

test('unknown, altered, expired, of an ended or a revoked session: one same answer', async () => {
    const tokens = await enter();
    const expired = await enter();
    await site.query(`UPDATE refresh_tokens SET expires_at = UTC_TIMESTAMP(6) - INTERVAL 1 SECOND
        WHERE digest = ${digest(expired.refresh)}`);
    const ended = await enter();
    await site.query(`UPDATE sessions SET expires_at = UTC_TIMESTAMP(6) - INTERVAL 1 SECOND WHERE id = ${sid(ended)}`);
    const left = await enter();
    assert.equal((await site.post('/auth/logout', undefined, left)).status, 204);
    const answers = [];
    for (const refresh of ['x', '', 'a'.repeat(43), 'a'.repeat(4096), `${tokens.refresh}A`, tokens.refresh.slice(1), tokens.token,
        tokens.refresh.toLowerCase(), expired.refresh, ended.refresh, left.refresh]) {
        const answer = await exchange(refresh);
        assertRefused(answer);
        answers.push(answer.raw);
    }
    assert.equal(new Set(answers).size, 1);
    assert.equal(await whoAmI(tokens), 200);
    assert.equal(await whoAmI(expired), 200); // that one ends no session
});

test('an expired token that was used does not end its session either: it is simply over', async () => {
    const first = await enter();
    const second = pair(await exchange(first.refresh));
    await site.query(`UPDATE refresh_tokens SET expires_at = UTC_TIMESTAMP(6) - INTERVAL 1 SECOND,
        used_at = UTC_TIMESTAMP(6) - INTERVAL 1 DAY WHERE digest = ${digest(first.refresh)}`);
    assertRefused(await exchange(first.refresh));
    assert.equal(await whoAmI(second), 200);
    pair(await exchange(second.refresh));
    assert.equal(await site.count('refresh_tokens', `digest = ${digest(first.refresh)}`), 0, 'expired ones go');
});

test('an access token is no refresh token, and the other way round', async () => {
    const tokens = await enter();
    assertRefused(await exchange(tokens.token));
    assertError(await site.get('/users/me', { token: tokens.refresh }), 401, 'invalid_token');
});

test('nothing sent is 401, mistakes are 422 and show no secret', async () => {
    assertError(await site.request('POST', '/auth/refresh'), 401, 'unauthenticated', 'Not authenticated');
    assertError(await site.post('/auth/refresh', {}), 401, 'unauthenticated');
    assertInvalid(await site.post('/auth/refresh', { refresh_token: 5 }),
        [stringType(['body', 'refresh_token'], HIDDEN)]);
    assertInvalid(await site.post('/auth/refresh', []), [noObject(HIDDEN)]);
    const answer = await exchange(`${'s'.repeat(40)}\u0000`);
    assert.ok([401, 422].includes(answer.status), answer.raw);
    assert.ok(!answer.raw.includes('sss'), answer.raw);
    const long = await exchange('s'.repeat(4097));
    assert.equal(long.status, 422);
    assert.ok(!long.raw.includes('sss'), long.raw);
});

test('an Idempotency-Key is not looked at: no answer with tokens is kept', async () => {
    const first = await enter();
    const headers = { 'Idempotency-Key': 'renewal' };
    const second = pair(await exchange(first.refresh, { headers }));
    const third = pair(await exchange(first.refresh, { headers }));
    assert.notEqual(second.refresh, third.refresh);
    assert.equal(await site.count('idempotency_keys'), 0);
});

test('a new password, a deactivation, a deleted account: their refresh tokens are dead, also later', async () => {
    const admin = await site.admin();
    const bob = await site.signUp();
    const [mine, other] = [await enter(bob), await enter(bob)];
    const password = site.password();
    assert.equal((await site.put('/users/me/password',
        { current_password: bob.password, new_password: password }, mine)).status, 204);
    assertRefused(await exchange(other.refresh));
    const next = pair(await exchange(mine.refresh));
    bob.password = password;
    assert.equal((await site.patch(`/users/${bob.id}`, { is_active: false }, admin)).status, 200);
    assertRefused(await exchange(next.refresh));
    assert.equal(await site.count('sessions', `user_id = ${bob.id}`), 0);
    assert.equal((await site.patch(`/users/${bob.id}`, { is_active: true }, admin)).status, 200);
    assert.equal(await whoAmI(next), 401);
    assertRefused(await exchange(next.refresh));
    const last = await enter(bob);
    assert.equal((await site.delete(`/users/${bob.id}`, admin)).status, 204);
    assertRefused(await exchange(last.refresh));
});

test('somebody switched off in the database alone gets no tokens', async () => {
    const carl = await site.signUp();
    const tokens = await enter(carl);
    await site.query(`UPDATE users SET is_active = 0 WHERE id = ${carl.id}`);
    assertRefused(await exchange(tokens.refresh));
});

test('a session slides with each exchange, up to its longest life', async () => {
    const short = await startSite({ settings: { WORKERS: 1, REFRESH_TOKEN_EXPIRE_DAYS: 2, SESSION_EXPIRE_DAYS: 5 } });
    const person = await short.signUp();
    const login = await short.post('/auth/login', { email: person.email, password: person.password });
    let refresh = short.keep(login.json.refresh_token);
    short.keep(login.json.access_token);
    const id = sid({ token: login.json.access_token });
    const days = async () => {
        const [row] = await short.query(`SELECT timestampdiff(HOUR, UTC_TIMESTAMP(6), expires_at) / 24 AS days,
            (SELECT max(expires_at) FROM refresh_tokens WHERE session_id = ${id}) = expires_at AS same
            FROM sessions WHERE id = ${id}`);
        assert.equal(Number(row.same), 1);
        return Math.round(Number(row.days) * 10) / 10;
    };
    const back = (n, minutes = n * 1440) => short.query(`UPDATE sessions SET created_at = created_at - INTERVAL ${minutes} MINUTE,
            expires_at = expires_at - INTERVAL ${minutes} MINUTE WHERE id = ${id};
        UPDATE refresh_tokens SET expires_at = expires_at - INTERVAL ${minutes} MINUTE WHERE session_id = ${id}`);
    const renew = async () => {
        const answer = await short.post('/auth/refresh', { refresh_token: refresh });
        refresh = answer.json.refresh_token === undefined ? refresh : short.keep(answer.json.refresh_token);
        return answer.status;
    };
    assert.ok(Math.abs(await days() - 2) < 0.1);
    await back(1.5);
    assert.equal(await renew(), 200);
    assert.ok(Math.abs(await days() - 2) < 0.1);
    await back(1.5);
    assert.equal(await renew(), 200);
    await back(1);
    assert.equal(await renew(), 200);
    assert.ok(Math.abs(await days() - 1) < 0.1, 'five days after the log-in it is over');
    await back(0, 1430); // ten minutes are left: fewer than an access token is good for
    assert.equal(await renew(), 200);
    assert.equal(await days(), 0);
    await back(1.5);
    assert.equal(await renew(), 401);
});

test('sessions of people who do not come back are dropped at log-ins of others', async () => {
    const old = await site.signUp();
    await site.query(`UPDATE sessions SET expires_at = '2020-01-01' WHERE user_id = ${old.id}`);
    await until('one of so many log-ins has dropped them', async () => {
        await Promise.all(Array.from({ length: 16 }, () => enter()));
        return await site.count('sessions', `user_id = ${old.id}`) === 0;
    }, { patience: 60000 });
});

// Sessions as their owner sees and ends them.
import assert from 'node:assert/strict';
import { assertError } from './lib/contract.mjs';
import { decode } from './lib/jwt.mjs';
import { startSite } from './lib/site.mjs';
import { test } from './lib/test.mjs';

const site = await startSite();

const sid = ({ token }) => decode(token).claims.sid;
const list = async (person) => {
    const answer = await site.get('/auth/sessions', person);
    assert.equal(answer.status, 200, answer.raw);
    return answer.json;
};
const alive = async (person) => (await site.get('/users/me', { token: person.token })).status === 200;
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{6})?Z$/;

/** Logs somebody in with a browser of that name. */
async function enter(person, agent) {
    const answer = await site.post('/auth/login', { email: person.email, password: person.password },
        { headers: { 'User-Agent': agent } });
    assert.equal(answer.status, 200, answer.raw);
    return { ...person, token: site.keep(answer.json.access_token), refresh: site.keep(answer.json.refresh_token) };
}

test('the list shows where and when somebody logged in, and which session asks', async () => {
    const ada = await site.signUp();
    const phone = await enter(ada, 'a phone');
    const desk = await enter(ada, 'a desk');
    const rows = await list(desk);
    assert.deepEqual(rows.map(({ id, agent, address, current }) => ({ id, agent, address, current })), [
        { id: sid(desk), agent: 'a desk', address: '127.0.0.1', current: true },
        { id: sid(phone), agent: 'a phone', address: '127.0.0.1', current: false },
        { id: sid(ada), agent: null, address: '127.0.0.1', current: false },
    ]);
    for (const row of rows) {
        assert.deepEqual(Object.keys(row), ['id', 'created_at', 'last_used_at', 'expires_at', 'agent', 'address',
            'current']);
        assert.match(row.created_at, TIME);
        const days = (Date.parse(row.expires_at) - Date.now()) / 86400000;
        assert.ok(days > 13.9 && days < 14.1, row.expires_at);
    }
    assert.deepEqual((await list(phone)).find(({ current }) => current).id, sid(phone));
});

test('last_used_at moves with a renewal, and with nothing else', async () => {
    const bob = await site.signUp();
    const desk = await enter(bob, 'a desk');
    await site.query(`UPDATE sessions SET last_used_at = '2026-01-01', expires_at = '2099-01-01' WHERE id = ${sid(desk)}`);
    await list(desk);
    const mine = async () => (await list(bob)).find(({ id }) => id === sid(desk));
    assert.equal((await mine()).last_used_at, '2026-01-01T00:00:00Z');
    const { json } = await site.post('/auth/refresh', { refresh_token: desk.refresh });
    site.keep(json.access_token);
    site.keep(json.refresh_token);
    const { last_used_at: used, expires_at: end } = await mine();
    assert.ok(Math.abs(Date.parse(used) - Date.now()) < 60000, used);
    assert.ok(Date.parse(end) - Date.now() < 15 * 86400000, end);
    assert.equal((await list(bob))[0].id, sid(desk), 'the one last used comes first');
});

test('a session that has ended is not listed', async () => {
    const carl = await site.signUp();
    const gone = await enter(carl, 'gone');
    await site.query(`UPDATE sessions SET expires_at = '2020-01-01' WHERE id = ${sid(gone)}`);
    assert.deepEqual((await list(carl)).map(({ id }) => id), [sid(carl)]);
});

test('many sessions are pages of a list like any other', async () => {
    const dora = await site.signUp();
    await site.query(`INSERT INTO sessions (user_id, expires_at, last_used_at, agent)
        SELECT ${dora.id}, '2099-01-01', '2026-01-01', IF(seq = 7, 'a 100% Walnut', NULL) FROM seq_1_to_120`);
    assert.equal((await list(dora)).length, 10);
    const answer = await site.get('/auth/sessions?limit=100&count=exact', dora);
    assert.equal(answer.json.length, 100);
    assert.equal(answer.headers['x-total-count'], '121');
    assert.deepEqual(answer.json.map(({ current }) => current), [true, ...Array(99).fill(false)]);
    const next = new URL(/<([^>]*)>; rel="next"/.exec(answer.headers.link)[1], 'http://x').search;
    assert.equal((await site.get(`/auth/sessions${next}`, dora)).json.length, 21);
    const found = await site.get('/auth/sessions?search=100%25+walnut&fields=agent,current', dora);
    assert.deepEqual(found.json, [{ agent: 'a 100% Walnut', current: false }]);
    const first = await site.get('/auth/sessions?sort_by=id&limit=1', dora);
    assert.equal(first.json[0].id, sid(dora));
    // A position in somebody's list is none in another's.
    assertError(await site.get(`/auth/sessions${next}`, await site.signUp()), 400, 'bad_cursor');
});

test('one session is ended: its tokens are dead, the others live', async () => {
    const eve = await site.signUp();
    const phone = await enter(eve, 'a phone');
    const desk = await enter(eve, 'a desk');
    assert.equal((await site.delete(`/auth/sessions/${sid(phone)}`, desk)).status, 204);
    assert.deepEqual([await alive(phone), await alive(desk), await alive(eve)], [false, true, true]);
    assertError(await site.post('/auth/refresh', { refresh_token: phone.refresh }), 401, 'invalid_token');
    assertError(await site.delete(`/auth/sessions/${sid(phone)}`, desk), 404, 'not_found',
        `session with id: ${sid(phone)} not found`);
    assert.equal((await site.delete(`/auth/sessions/${sid(desk)}`, desk)).status, 204); // one's own
    assert.equal(await alive(desk), false);
});

test('all others are ended at once', async () => {
    const fred = await site.signUp();
    const others = [await enter(fred, 'a'), await enter(fred, 'b'), await enter(fred, 'c')];
    assert.equal((await site.delete('/auth/sessions', others[1])).status, 204);
    assert.deepEqual(await Promise.all([fred, ...others].map(alive)), [false, false, true, false]);
    assert.deepEqual((await list(others[1])).map(({ id }) => id), [sid(others[1])]);
    assert.equal((await site.delete('/auth/sessions', others[1])).status, 204); // none left
});

test('another\'s session does not exist, not for admins either', async () => {
    const gwen = await site.signUp();
    const hugo = await site.signUp();
    for (const person of [hugo, await site.admin()]) {
        assert.ok((await list(person)).every(({ id }) => id !== sid(gwen)));
        assertError(await site.delete(`/auth/sessions/${sid(gwen)}`, person), 404, 'not_found');
    }
    assert.equal((await site.delete('/auth/sessions', hugo)).status, 204);
    assert.equal(await alive(gwen), true);
});

test('a new password ends all other sessions, an account that is switched off all', async () => {
    const ida = await site.signUp();
    const phone = await enter(ida, 'a phone');
    const password = site.password();
    assert.equal((await site.put('/users/me/password',
        { current_password: ida.password, new_password: password }, phone)).status, 204);
    assert.deepEqual([await alive(ida), await alive(phone)], [false, true]);
    const admin = await site.admin();
    for (const is_active of [false, true]) {
        assert.equal((await site.patch(`/users/${ida.id}`, { is_active }, admin)).status, 200);
        assert.equal(await alive(phone), false);
    }
    assert.equal(await site.count('sessions', `user_id = ${ida.id}`), 0);
    assert.equal((await list(admin)).length > 0, true);
});

test('switching an account on, or off with a mistake, ends nothing', async () => {
    const jane = await site.signUp();
    const admin = await site.admin();
    for (const [json, status] of [[{ is_active: true }, 200], [{}, 200], [{ is_active: 'nonsense' }, 422]]) {
        assert.equal((await site.patch(`/users/${jane.id}`, json, admin)).status, status);
    }
    assert.equal(await alive(jane), true);
});

test('who one is takes one statement, whatever comes with it', async () => {
    const kate = await site.signUp();
    const answer = await site.get('/auth/sessions', kate);
    const line = await site.log.ofRequest(answer.headers['x-request-id']);
    assert.equal(line.statements, 2); // the bearer, and the list
});

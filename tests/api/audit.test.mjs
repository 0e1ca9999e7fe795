// Security events: what is noted and what never is, who may read it, the command line, and what goes with the years.
import assert from 'node:assert/strict';
import { assertError } from './lib/contract.mjs';
import { startSite } from './lib/site.mjs';
import { test } from './lib/test.mjs';

const site = await startSite({ settings: { WORKERS: 4, LIMIT_REGISTER: '3/24h', LOGIN_FAILURES: 4 } });
const admin = await site.admin();
let hosts = 1;
const elsewhere = () => `127.1.${++hosts}.1`;

/** Somebody new, signed in, from an address of their own. */
async function person() {
    const username = site.name();
    const body = { username, email: `${username}@example.com`, password: site.password() };
    const from = elsewhere();
    const made = await site.post('/auth/register', body, { from });
    assert.equal(made.status, 201, made.raw);
    const { json } = await site.post('/auth/login', { email: body.email, password: body.password }, { from });
    return { ...body, from, id: made.json.id, token: site.keep(json.access_token) };
}

/** The events that have somebody as their subject, the oldest first, without numbers and times. */
async function eventsOf({ id }) {
    const { json, raw } = await site.get(`/audit?subject_id=${id}&limit=100&sort_by=id`, admin);
    assert.ok(Array.isArray(json), raw);
    return json.map(({ event, actor_id, address, detail }) => [event, actor_id, address, detail]);
}

test('an account from its beginning to its end', async () => {
    const ada = await person();
    const net = ada.from.replace(/\.1$/, '.0/24');
    const here = '127.0.0.0/24';
    const next = site.password();
    assertError(await site.post('/auth/login', { email: ada.email, password: site.password() }, { from: ada.from }), 401,
        'invalid_credentials');
    assertError(await site.put('/users/me/password', { current_password: site.password(), new_password: next }, ada), 403,
        'wrong_password');
    assert.equal((await site.put('/users/me/password', { current_password: ada.password, new_password: next }, ada)).status,
        204);
    assert.equal((await site.post('/auth/logout', undefined, ada)).status, 204);
    const role = await site.grant(ada, 'curator');
    await site.grant(ada, 'curator'); // they hold it already: nothing has happened
    assert.equal((await site.delete(`/users/${ada.id}/roles/${role.id}`, admin)).status, 204);
    assertError(await site.delete(`/users/${ada.id}/roles/${role.id}`, admin), 404, 'not_found');
    assert.equal((await site.patch(`/users/${ada.id}`, { is_active: false }, admin)).status, 200);
    assertError(await site.post('/auth/login', { email: ada.email, password: next }), 403, 'inactive_user');
    assert.equal((await site.patch(`/users/${ada.id}`, { is_active: true }, admin)).status, 200);
    assert.equal((await site.patch(`/users/${ada.id}`, {}, admin)).status, 200);
    assert.equal((await site.delete(`/users/${ada.id}`, admin)).status, 204);
    const byAdmin = (event, detail = null) => [event, admin.id, here, detail];
    assert.deepEqual(await eventsOf(ada), [
        ['user_created', null, net, null], ['login', null, net, null], ['login_failed', null, net, null],
        ['password_wrong', ada.id, here, null], ['password_changed', ada.id, here, null], ['logout', ada.id, here, null],
        byAdmin('role_granted', '{"role":"curator"}'), byAdmin('role_revoked', '{"role":"curator"}'),
        byAdmin('user_deactivated'), ['login_failed', null, here, null], byAdmin('user_activated'),
        byAdmin('user_deleted'),
    ]);
    // nothing in the table tells who that was
    const rows = await site.query(`SELECT CONCAT_WS(' ', address, detail) AS text FROM audit_events WHERE ${ada.id} IN (actor_id, subject_id)`);
    assert.ok(rows.length > 8);
    for (const { text } of rows) {
        assert.doesNotMatch(text, new RegExp(`${ada.username}|${ada.from.replaceAll('.', '\\.')}\\b(?!/)`));
    }
});

test('roles that are made, renamed and deleted', async () => {
    const name = site.name('role');
    const role = await site.create('/roles', { name }, admin);
    await site.patch(`/roles/${role.id}`, { description: 'd' }, admin);
    await site.patch(`/roles/${role.id}`, { name: `${name}2` }, admin);
    await site.patch(`/roles/${role.id}`, { name: `${name}2` }, admin);
    assertError(await site.patch(`/roles/${role.id}`, { name: 'admin' }, admin), 409, 'duplicate');
    assert.equal((await site.delete(`/roles/${role.id}`, admin)).status, 204);
    const { json } = await site.get('/audit?limit=100', admin);
    const about = json.filter(({ detail }) => detail?.includes(name)).map(({ event, actor_id, subject_id, detail }) =>
        [event, actor_id, subject_id, detail]);
    assert.deepEqual(about.reverse(), [['role_created', admin.id, null, `{"role":"${name}"}`],
        ['role_changed', admin.id, null, `{"role":"${name}2"}`], ['role_deleted', admin.id, null, `{"role":"${name}2"}`]]);
});

test('an account switched to what it is already is no event, and no new version', async () => {
    const ada = await person();
    const path = `/users/${ada.id}`;
    for (const [active, change] of [[true, 0], [false, 1], [false, 0], [true, 1], [true, 0]]) {
        const before = await site.count('audit_events');
        const { headers, json } = await site.get(path, admin);
        const answer = await site.patch(path, { is_active: active }, admin);
        assert.deepEqual([answer.status, answer.json.is_active], [200, active]);
        assert.equal(await site.count('audit_events') - before, change);
        assert.equal(answer.headers.etag === headers.etag, change === 0);
        assert.equal(answer.json.updated_at === json.updated_at, change === 0);
    }
});

test('what is undone is no event', async () => {
    const ada = await person();
    const before = await site.count('audit_events');
    assertError(await site.post('/auth/register', { username: ada.username, email: ada.email, password: ada.password },
        { from: elsewhere() }), 409, 'duplicate');
    assertError(await site.patch(`/users/${admin.id}`, { is_active: false }, admin), 409, 'last_admin');
    assertError(await site.request('DELETE', `/users/${ada.id}`, { token: admin.token, headers: { 'If-Match': '"7-0"' } }),
        412, 'stale');
    assertError(await site.get('/users', ada), 403, 'forbidden');
    assert.equal(await site.count('audit_events'), before);
});

test('a log-in with a name that nobody has: whoever typed it there may have typed their password', async () => {
    const typed = site.password();
    await site.request('POST', '/login', { form: { username: typed, password: typed } });
    const [{ event, actor_id, subject_id, detail }] = (await site.get('/audit?limit=1', admin)).json;
    assert.deepEqual([event, actor_id, subject_id, detail], ['login_failed', null, null, null]);
});

test('a limit that is hit is one event a minute for each limit and address', async () => {
    const from = elsewhere();
    const register = () => {
        const username = site.name();
        return site.post('/auth/register', { username, email: `${username}@example.com`, password: site.password() }, { from });
    };
    for (let i = 0; i < 8; i++) {
        await register();
    }
    await Promise.all(Array.from({ length: 12 }, () => site.post('/auth/login',
        { email: 'nobody@example.com', password: site.password() }, { from })));
    const { json } = await site.get('/audit?event=limit_hit', admin);
    assert.deepEqual(json.map(({ address, detail }) => [address, detail]).sort(), [
        [from.replace(/\.1$/, '.0/24'), '{"limit":"login_failures"}'],
        [from.replace(/\.1$/, '.0/24'), '{"limit":"register"}']]);
});

test('admins read it: filters, ranges, pages', async () => {
    const ada = await person();
    assertError(await site.get('/audit', ada), 403, 'forbidden');
    assertError(await site.get('/audit'), 401, 'unauthenticated');
    await site.grant(ada, 'moderator');
    assertError(await site.get('/audit', ada), 403, 'forbidden');
    const all = (await site.get('/audit?limit=100', admin)).json;
    assert.ok(all.length > 20);
    assert.deepEqual(all.map(({ created_at }) => created_at), all.map(({ created_at }) => created_at).sort().reverse());
    const of = async (query) => (await site.get(`/audit?limit=100&${query}`, admin)).json.map(({ id }) => id);
    const where = (test) => all.filter(test).map(({ id }) => id);
    assert.deepEqual(await of('event=login'), where(({ event }) => event === 'login'));
    assert.deepEqual(await of(`actor_id=${admin.id}`), where(({ actor_id }) => actor_id === admin.id));
    assert.deepEqual(await of(`actor_id=${admin.id}&event=role_granted`),
        where(({ actor_id, event }) => actor_id === admin.id && event === 'role_granted'));
    const middle = all[Math.floor(all.length / 2)].created_at;
    assert.deepEqual(await of(`created_at_gte=${middle}`), where(({ created_at }) => created_at >= middle));
    assert.deepEqual(await of(`created_at_lt=${middle}`), where(({ created_at }) => created_at < middle));
    assertError(await site.get('/audit?event=coffee', admin), 422, 'validation_error');
    const walked = [];
    for (let next = '/audit?limit=7'; next !== undefined;) {
        const { json, headers } = await site.get(next, admin);
        walked.push(...json.map(({ id }) => id));
        next = /<[^>]*?\/api\/v1([^>]*)>; rel="next"/.exec(headers.link ?? '')?.[1];
    }
    assert.deepEqual(walked, all.map(({ id }) => id));
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) {
        assertError(await site.request(method, '/audit', { token: admin.token }), 405, 'method_not_allowed');
    }
    assertError(await site.request('DELETE', `/audit/${all[0].id}`, { token: admin.token }), 404, 'no_route');
});

test('the command line notes what it does, and shows what there is', async () => {
    const ada = await person();
    for (const verb of ['grant', 'revoke']) {
        await site.mustQuire(['user', verb, '--username', ada.username, '--role', 'curator']);
    }
    await site.quire(['user', 'revoke', '--username', ada.username, '--role', 'curator']);
    assert.deepEqual((await eventsOf(ada)).slice(2), [['role_granted', null, null, '{"role":"curator"}'],
        ['role_revoked', null, null, '{"role":"curator"}']]);
    const shown = async (...args) => (await site.mustQuire(['audit', ...args])).trim().split('\n');
    const lines = await shown('--user', ada.username, '--json');
    const { json: api } = await site.get(`/audit?subject_id=${ada.id}`, admin);
    assert.deepEqual(lines.map((line) => JSON.parse(line)), api.map((event) =>
        ({ ...event, detail: event.detail === null ? null : JSON.parse(event.detail) })));
    assert.deepEqual(await shown('--user', ada.email, '--json'), lines);
    assert.deepEqual(await shown('--user', String(ada.id), '--json'), lines);
    assert.equal((await shown('--event', 'role_granted', '--user', ada.username, '--json')).length, 1);
    assert.equal((await shown('--limit', '3')).length, 3);
    assert.equal((await shown('--limit', '100000')).length, await site.count('audit_events'));
    assert.match((await shown('--event', 'role_revoked', '--limit', '1'))[0],
        new RegExp(`^ *\\d+  \\d{4}-\\S+Z  role_revoked +actor -  subject ${ada.id}  from -  \\{"role":"curator"\\}$`));
    assert.deepEqual(await shown('--since', '2100-01-01T00:00:00Z'), ['']);
    for (const args of [['--event', 'coffee'], ['--since', 'today'], ['--limit', '0'], ['--user'], ['--json=1'],
        ['--before', '2020-01-01T00:00:00Z'], ['prune', '--json'], ['prune', '--before', 'x']]) {
        const { code, stderr } = await site.quire(['audit', ...args]);
        assert.equal(code, 2, args.join(' '));
        assert.match(stderr, /^quire: audit( prune)? does not know `/);
    }
    assert.equal((await site.quire(['audit', '--user', 'nobody-there'])).code, 1);
});

test('old events are dropped when they are told to go', async () => {
    await site.query(`INSERT INTO audit_events (event, created_at) SELECT 1, '2020-01-01' FROM seq_1_to_2300;
        INSERT INTO audit_events (event, created_at) VALUES (1, UTC_TIMESTAMP(6) - INTERVAL 40 DAY)`);
    const before = await site.count('audit_events');
    const kept = await site.mustQuire(['audit', 'prune'], { env: { AUDIT_KEEP_DAYS: '0' } });
    assert.match(kept, /nothing is dropped/);
    assert.equal(await site.count('audit_events'), before);
    assert.equal((await site.mustQuire(['audit', 'prune'])).trim(), 'dropped 2300 events');
    assert.equal((await site.mustQuire(['audit', 'prune'], { env: { AUDIT_KEEP_DAYS: '30' } })).trim(), 'dropped 1 events');
    assert.equal((await site.mustQuire(['audit', 'prune', '--before', '2020-01-01T00:00:00Z'])).trim(), 'dropped 0 events');
    assert.equal(await site.count('audit_events'), before - 2301);
});

test('no password, token or name that anybody sent is in the tables of limits and events', async () => {
    const columns = await site.query(`SELECT table_name AS t, column_name AS c FROM information_schema.columns
        WHERE table_schema = DATABASE() AND table_name IN ('audit_events', 'rate_limits', 'login_places')`);
    assert.ok(columns.length >= 14);
    assert.ok(site.passwords.size > 10 && site.tokens.size > 3);
    for (const { t, c } of columns) {
        const rows = await site.query(`SELECT CONVERT(${c} USING latin1) AS text FROM ${t} WHERE ${c} IS NOT NULL`);
        for (const { text } of rows) {
            const found = [...site.passwords, ...site.tokens, site.secret].find((secret) => text.includes(secret));
            assert.equal(found, undefined, `${t}.${c}`);
            assert.doesNotMatch(text, /example\.com|\$2b\$/);
        }
    }
});

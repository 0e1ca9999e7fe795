// Idempotency-Key: a POST that is sent again is done once, and answered with what was answered first.
import assert from 'node:assert/strict';
import { atGate, closeGate, gateReached, hold, lockAwaited } from './lib/locks.mjs';
import { startServer } from './lib/mariadb.mjs';
import { assertError, assertInvalid, entry, tooLong, tooShort } from './lib/contract.mjs';
import { poolOf } from './lib/pool.mjs';
import { until } from './lib/processes.mjs';
import { origins, startSite } from './lib/site.mjs';
import { test } from './lib/test.mjs';

const site = await startSite({ settings: { WORKERS: 8, DB_TIMEOUT: 30 } });
const ada = await site.signUp();
const bob = await site.signUp();
const admin = await site.admin();

let keys = 0;
const newKey = () => `key ${process.pid}-${++keys}`;
const article = { title: 'once', content: 'and only once' };
const LOC = ['header', 'idempotency-key'];

/** Posts with a key. */
function post(path, json, person, key, { at = site, headers = {}, ...rest } = {}) {
    return at.post(path, json, { token: person?.token, headers: { 'Idempotency-Key': key, ...headers }, ...rest });
}

const isReplay = (answer) => answer.headers['idempotent-replayed'] === 'true';

/** The same answer, marked as given again. */
function assertReplay(again, first) {
    assert.equal(first.headers['idempotent-replayed'], undefined, 'the first is no replay');
    assert.equal(again.headers['idempotent-replayed'], 'true', `${again.status} ${again.raw.slice(0, 300)}`);
    assertSame(again, first);
    assert.notEqual(again.headers['x-request-id'], first.headers['x-request-id']);
}

function assertSame(one, other) {
    assert.deepEqual([one.status, one.raw], [other.status, other.raw]);
    for (const name of ['location', 'etag', 'content-type', 'x-error-code']) {
        assert.equal(one.headers[name], other.headers[name], name);
    }
}

test('a POST sent again gives the first answer and does nothing', async () => {
    const key = newKey();
    const first = await post('/posts', article, ada, key);
    assert.equal(first.status, 201, first.raw);
    for (let i = 0; i < 3; i++) {
        assertReplay(await post('/posts', article, ada, key), first);
    }
    assert.equal(await site.count('posts', "title = 'once'"), 1);
    // Without a key, or with another, it is another post.
    assert.notEqual((await site.post('/posts', article, ada)).json.id, first.json.id);
    assert.notEqual((await post('/posts', article, ada, newKey())).json.id, first.json.id);
    // What became of the post since does not matter, nor which session asks.
    assert.equal((await site.delete(`/posts/${first.json.id}`, ada)).status, 204);
    assertReplay(await post('/posts', article, await site.login(ada), key), first);
});

test('every worker knows the answer, also one that was not there', async () => {
    const key = newKey();
    const first = await post('/posts', { ...article, title: 'by all' }, ada, key);
    const again = await Promise.all(Array.from({ length: 40 }, () => post('/posts', { ...article, title: 'by all' },
        ada, key)));
    again.forEach((answer) => assertReplay(answer, first));
    const before = site.workers();
    await poolOf(site).reload();
    await until('other workers', () => site.workers().every((pid) => !before.includes(pid)));
    assertReplay(await post('/posts', { ...article, title: 'by all' }, ada, key), first);
    assert.equal(await site.count('posts', "title = 'by all'"), 1);
});

test('every kind of POST can be sent again', async () => {
    const target = await site.createPost(ada);
    const book = await site.createBook(ada);
    const another = await site.signUp();
    for (const [path, json, person, status] of [
        ['/posts', article, ada, 201], [`/posts/${target.id}/comments`, { text: 'c' }, bob, 201],
        [`/posts/${target.id}/tags`, { tags: [{ name: 'keyed' }] }, ada, 200], ['/microposts', { body: 'm' }, ada, 201],
        ['/tags', { name: 'keyed too' }, ada, 201], ['/books', { title: 'b' }, ada, 201],
        [`/books/${book.uid}/tags`, { tags: [{ name: 'keyed' }, { name: 'three' }] }, ada, 200],
        [`/books/${book.uid}/reviews`, { rating: 5, review_text: 'r' }, bob, 201],
        ['/vote', { post_id: target.id, dir: 1 }, bob, 201], ['/vote', { post_id: target.id, dir: 0 }, bob, 201],
        ['/roles', { name: 'keyed role' }, admin, 201], ['/users/me/profile', { bio: 'b' }, another, 201],
    ]) {
        const key = newKey();
        const first = await post(path, json, person, key);
        assert.equal(first.status, status, `${path}: ${first.raw}`);
        assertReplay(await post(path, json, person, key), first);
        assertReplay(await post(`${path}/`, json, person, key), first);
    }
    await site.assertCounters();
    assert.equal((await site.get(`/posts/${target.id}`)).json.comment_count, 1);
});

test('the same key with another body, path or query is 422, and the first answer stays', async () => {
    const key = newKey();
    const first = await post('/posts', article, ada, key);
    for (const [path, json] of [['/posts', { ...article, title: 'twice' }], ['/posts', { ...article, x: 1 }],
        ['/books', article], ['/posts?x=1', article], ['/microposts', { body: 'm' }]]) {
        const answer = await post(path, json, ada, key);
        assertError(answer, 422, 'idempotency_key_reused', /Idempotency-Key/);
        assert.ok(!isReplay(answer));
    }
    const blank = await site.post('/posts', undefined, { token: ada.token, body: JSON.stringify(article, null, 1),
        headers: { 'Idempotency-Key': key } });
    assertError(blank, 422, 'idempotency_key_reused');
    assertReplay(await post('/posts', article, ada, key), first);
});

test('the key is bound to the user', async () => {
    const key = newKey();
    const hers = await post('/posts', article, ada, key);
    const his = await post('/posts', { ...article, title: 'his' }, bob, key);
    assert.deepEqual([his.status, his.json.owner_id], [201, bob.id]);
    assertReplay(await post('/posts', article, ada, key), hers);
    assertReplay(await post('/posts', { ...article, title: 'his' }, bob, key), his);
    // Nobody's key opens anybody's answer.
    assertError(await post('/posts', article, undefined, key), 401, 'unauthenticated');
});

test('registrations: nobody\'s keys are told apart by what is asked', async () => {
    const key = newKey();
    const person = () => {
        const username = site.name();
        return { username, email: `${username}@example.com`, password: site.password() };
    };
    const one = person();
    const first = await post('/auth/register', one, undefined, key);
    assert.equal(first.status, 201, first.raw);
    assertReplay(await post('/auth/register', one, undefined, key), first);
    assertError(await post('/users', one, undefined, key), 409, 'duplicate');
    assert.equal((await post('/auth/register', person(), undefined, key)).status, 201, 'a stranger with the same key');
    const fifty = person();
    const many = newKey();
    const answers = await Promise.all(Array.from({ length: 20 }, () => post('/auth/register', fifty, undefined, many)));
    assert.deepEqual(new Set(answers.map(({ status, raw }) => `${status} ${raw}`)).size, 1);
    assert.equal(answers.filter((answer) => !isReplay(answer)).length, 1);
});

test('keys of a wrong form are 422, together with what else is wrong', async () => {
    for (const key of ['a', '!', '~'.repeat(255), 'a b', '"quoted"', "'; DROP TABLE posts; --", '%00', '{}']) {
        assert.equal((await post('/posts', article, ada, key)).status, 201, key);
    }
    assertInvalid(await post('/posts', article, ada, ''), [tooShort(LOC, '', 1)]);
    assertInvalid(await post('/posts', article, ada, 'x'.repeat(256)), [tooLong(LOC, 'x'.repeat(256), 255)]);
    const mistaken = await post('/posts', { content: 'c' }, ada, '');
    assert.deepEqual(mistaken.json.detail.map(({ loc }) => loc), [LOC, ['body', 'title']]);
    const pattern = (key) => entry('string_pattern_mismatch', LOC, "String should match pattern '^[ -~]+$'", key,
        { pattern: '^[ -~]+$' });
    const body = JSON.stringify(article);
    for (const key of ['a\tb', 'é', '🍍', 'a\x7fb']) {
        // A HTTP client would not send these.
        const raw = await site.client.bytes(Buffer.from([`POST /api/v1/posts HTTP/1.1`, 'Host: x', 'Connection: close',
            `Authorization: Bearer ${ada.token}`, 'Content-Type: application/json', `Content-Length: ${body.length}`,
            `Idempotency-Key: ${key}`, '', body].join('\r\n')));
        assert.match(raw, /^HTTP\/1.1 422 /);
        assert.deepEqual(JSON.parse(raw.slice(raw.indexOf('\r\n\r\n'))).detail, [pattern(key)]);
    }
    const before = await site.count('idempotency_keys');
    const raw = await site.client.bytes(`POST /api/v1/posts HTTP/1.1\r\nHost: x\r\nConnection: close\r\n`
        + `Authorization: Bearer ${ada.token}\r\nContent-Length: 2\r\nIdempotency-Key: a\x01b\r\n\r\n{}`);
    assert.match(raw, /^HTTP\/1.1 (400|415|422) /);
    assert.equal(await site.count('idempotency_keys'), before);
});

test('other methods pay no attention to the header', async () => {
    const key = newKey();
    const headers = { 'Idempotency-Key': key };
    const { id } = await site.createPost(ada);
    for (let i = 0; i < 2; i++) {
        for (const [method, json] of [['GET'], ['PUT', { ...article, title: `${i}` }], ['PATCH', { title: `p${i}` }]]) {
            const answer = await site.request(method, `/posts/${id}`, { token: ada.token, json, headers });
            assert.deepEqual([answer.status, isReplay(answer)], [200, false]);
        }
    }
    assert.equal((await site.get(`/posts/${id}`)).json.title, 'p1');
    const long = await site.request('DELETE', `/posts/${id}`, { token: ada.token,
        headers: { 'Idempotency-Key': 'x'.repeat(300) } });
    assert.equal(long.status, 204);
});

test('refusals are stored and given again; what was not begun is not', async () => {
    // 404: the post comes into being only later.
    const { id } = await site.createPost(ada, { published: false });
    const late = newKey();
    const refused = await post(`/posts/${id}/comments`, { text: 'too early' }, bob, late);
    assertError(refused, 404, 'not_found');
    await site.patch(`/posts/${id}`, { published: true }, ada);
    assertReplay(await post(`/posts/${id}/comments`, { text: 'too early' }, bob, late), refused);
    assert.equal((await post(`/posts/${id}/comments`, { text: 'too early' }, bob, newKey())).status, 201);
    // 409, 403
    const twice = newKey();
    await site.post('/vote', { post_id: id, dir: 1 }, bob);
    const conflict = await post('/vote', { post_id: id, dir: 1 }, bob, twice);
    assertError(conflict, 409, 'conflict');
    await site.delete(`/posts/${id}/vote`, bob);
    assertReplay(await post('/vote', { post_id: id, dir: 1 }, bob, twice), conflict);
    const foreign = newKey();
    const forbidden = await post(`/posts/${id}/tags`, { tags: [{ name: 'x' }] }, bob, foreign);
    assertError(forbidden, 403, 'forbidden');
    assertReplay(await post(`/posts/${id}/tags`, { tags: [{ name: 'x' }] }, bob, foreign), forbidden);
    assertError(await post(`/posts/${id}/tags`, { tags: [{ name: 'y' }] }, bob, foreign), 422,
        'idempotency_key_reused');
    // What is wrong in form has not been begun: the key is still free.
    const free = newKey();
    assert.equal((await post('/posts', {}, ada, free)).status, 422);
    assertError(await post('/posts', article, undefined, free), 401);
    assertError(await post('/roles', { name: 'x' }, ada, free), 403, 'forbidden');
    assert.equal((await post('/posts', undefined, ada, free, { body: '{' })).status, 422);
    const done = await post('/posts', article, ada, free);
    assert.deepEqual([done.status, isReplay(done)], [201, false]);
});

test('a refusal in the form of RFC 9457 comes again as such, with the headers of who asks now', async () => {
    const key = newKey();
    const problem = { Accept: 'application/problem+json' };
    const first = await post('/posts/2147480000/comments', { text: 't' }, ada, key, { headers: problem,
        origin: origins[0] });
    assert.deepEqual([first.status, first.headers['content-type']], [404, 'application/problem+json']);
    const again = await post('/posts/2147480000/comments', { text: 't' }, ada, key, { headers: problem,
        origin: origins[1] });
    assertReplay(again, first);
    assert.equal(again.headers['access-control-allow-origin'], origins[1]);
    assert.match(again.headers.vary, /Origin/);
});

test('a log-in is never stored: no token in the table', async () => {
    const before = await site.count('idempotency_keys');
    const key = newKey();
    for (let i = 0; i < 2; i++) {
        const answer = await post('/auth/login', { email: ada.email, password: ada.password }, undefined, key);
        assert.deepEqual([answer.status, isReplay(answer)], [200, false]);
        site.keep(answer.json.access_token);
        const form = await site.post('/login', undefined, { form: { username: ada.email, password: ada.password },
            headers: { 'Idempotency-Key': key } });
        assert.deepEqual([form.status, isReplay(form)], [200, false]);
        site.keep(form.json.access_token);
    }
    assert.equal(await site.count('idempotency_keys'), before);
    const secrets = [...site.tokens, ...site.passwords];
    const stored = await site.query(`SELECT CONCAT(headers, body) AS text FROM idempotency_keys
        WHERE body IS NOT NULL`);
    assert.ok(stored.length > 20, `${stored.length} answers are stored`);
    for (const { text } of stored) {
        assert.ok(!secrets.some((secret) => text.includes(secret)));
        assert.doesNotMatch(text, /eyJ|access_token|password/);
    }
    // Nor the keys themselves, which some clients make of secrets.
    assert.equal(await site.count('idempotency_keys', "LENGTH(id) <> 32 OR id LIKE 'key %'"), 0);
});

test('a log-out ends the session that asks, whatever the key of an earlier one', async () => {
    const person = await site.signUp();
    const key = newKey();
    for (const session of [person, await site.login(person)]) {
        const answer = await post('/auth/logout', undefined, session, key);
        assert.deepEqual([answer.status, isReplay(answer)], [204, false]);
        assertError(await site.get('/users/me', session), 401, 'invalid_token');
    }
});

test('the answers go with their user', async () => {
    const person = await site.signUp();
    await post('/posts', article, person, newKey());
    assert.equal(await site.count('idempotency_keys', `user_id = ${person.id}`), 1);
    assert.equal((await site.delete(`/users/${person.id}`, person)).status, 204);
    assert.equal(await site.count('idempotency_keys', `user_id = ${person.id}`), 0);
});

test('after 24 hours a key is free again; what is older is cleared away', async () => {
    const person = await site.signUp();
    const key = newKey();
    const age = (hours) => site.query(`UPDATE idempotency_keys
        SET created_at = UTC_TIMESTAMP(6) - INTERVAL ${hours} HOUR WHERE user_id = ${person.id}`);
    const first = await post('/posts', article, person, key);
    await age('23');
    assertReplay(await post('/posts', article, person, key), first);
    await age('25');
    const second = await post('/posts', { ...article, title: 'a day later' }, person, key);
    assert.deepEqual([second.status, isReplay(second)], [201, false], second.raw);
    assertReplay(await post('/posts', { ...article, title: 'a day later' }, person, key), second);
    assert.equal(await site.count('posts', `owner_id = ${person.id}`), 2);
    // Each keyed POST may clear: within so many one certainly does (1 - (63/64)^1500 is one in ten thousand million).
    await age('25');
    for (let i = 0; i < 30 && await site.count('idempotency_keys', `user_id = ${person.id}`) > 0; i++) {
        await Promise.all(Array.from({ length: 50 }, () => post('/microposts', { body: 'm' }, bob, newKey())));
    }
    assert.equal(await site.count('idempotency_keys', `user_id = ${person.id}`), 0);
});

test('a refusal under a key that has expired is stored anew', async () => {
    const person = await site.signUp();
    const { id } = await site.createPost(ada, { published: false });
    const key = newKey();
    const ask = () => post(`/posts/${id}/comments`, { text: 'too early' }, person, key);
    for (let day = 0; day < 2; day++) {
        const first = await ask();
        assertError(first, 404, 'not_found');
        assertReplay(await ask(), first);
        await site.query(`UPDATE idempotency_keys SET created_at = UTC_TIMESTAMP(6) - INTERVAL 25 HOUR
            WHERE user_id = ${person.id}`);
    }
    assertError(await ask(), 404, 'not_found');
    await site.patch(`/posts/${id}`, { published: true }, ada);
    assertError(await ask(), 404, 'not_found');
    assert.equal(await site.count('idempotency_keys', `user_id = ${person.id}`), 1);
});

test('large answers to small requests are kept up to a bound; beyond it nothing is done, and the key stays free', async () => {
    const person = await site.signUp();
    const { id } = await site.createPost(person, { content: 'é'.repeat(500000) });
    const tag = (tags, key = newKey()) => post(`/posts/${id}/tags`, { tags }, person, key);
    const first = await tag([]);
    assert.equal(first.status, 200, first.raw.slice(0, 300));
    const fit = Math.floor(32 * 1024 * 1024 / Buffer.byteLength(first.raw));
    const statuses = [200];
    while (statuses.length < fit + 8) {
        statuses.push(...(await Promise.all(Array.from({ length: 8 }, () => tag([])))).map(({ status }) => status));
    }
    assert.equal(statuses.filter((status) => status === 200).length, fit, statuses.join());
    assert.equal(await site.count('idempotency_keys', `user_id = ${person.id}`), fit);
    const name = `never-${person.username}`;
    const key = newKey();
    const refused = await tag([{ name }], key);
    assertError(refused, 429, 'too_many_requests', /^too many large answers .* try again in \d+ s, or without a key$/);
    assert.ok(Number(refused.headers['retry-after']) > 0);
    assert.equal(await site.count('tags', `name = '${name}'`), 0);
    // A book with as many and as long tags as there may be is large, too.
    const book = await site.createBook(person);
    for (let i = 0; i < 5; i++) {
        const tags = Array.from({ length: 20 }, (_, j) => ({ name: `${i} ${j} ${'🍍'.repeat(40)}` }));
        assert.equal((await site.post(`/books/${book.uid}/tags`, { tags }, person)).status, 200);
    }
    const read = () => post(`/books/${book.uid}/tags`, { tags: [] }, person, newKey());
    await Promise.all(Array.from({ length: 50 }, read)); // what room was left for less than another post
    assertError(await read(), 429, 'too_many_requests');
    // Without a key, what is small, and what others do, is as ever.
    assert.equal((await site.post(`/posts/${id}/tags`, { tags: [] }, person)).status, 200);
    assert.equal((await post('/microposts', { body: 'm' }, person, newKey())).status, 201);
    assert.equal((await post('/posts', { title: 'l', content: 'y'.repeat(400000) }, person, newKey())).status, 201);
    assert.equal((await post(`/posts/${id}/tags`, { tags: [] }, admin, newKey())).status, 200);
    await site.query('DELETE FROM rate_limits');
    const done = await tag([{ name }], key);
    assert.deepEqual([done.status, isReplay(done)], [200, false]);
});

test('quire work drops what has expired, also when nobody asks for anything', async () => {
    await site.query(`INSERT INTO idempotency_keys (id, fingerprint, created_at, status, headers, body)
        SELECT UNHEX(SHA2(seq, 256)), UNHEX(SHA2(seq, 256)), UTC_TIMESTAMP(6) - INTERVAL 25 HOUR, 200, '', ''
        FROM seq_1_to_250`);
    const kept = await site.count('idempotency_keys', 'created_at > UTC_TIMESTAMP(6) - INTERVAL 23 HOUR');
    site.startWork();
    await until('the old ones are gone', async () => await site.count('idempotency_keys',
        'created_at < UTC_TIMESTAMP(6) - INTERVAL 24 HOUR') === 0);
    await site.work.stop('SIGTERM');
    assert.equal(await site.count('idempotency_keys'), kept);
});

// --- parallel ------------------------------------------------------------------------------------------------------

for (const [what, path, json] of [
    ['posts', '/posts', article],
    ['comments', (target) => `/posts/${target.id}/comments`, { text: 'c' }],
    ['votes of the older form', '/vote', (target) => ({ post_id: target.id, dir: 1 })],
]) {
    test(`50 parallel POSTs of ${what} with one key: one row, 50 same answers`, async () => {
        for (let round = 0; round < 3; round++) {
            const person = await site.signUp();
            const target = await site.createPost(ada);
            const key = newKey();
            const to = typeof path === 'function' ? path(target) : path;
            const body = typeof json === 'function' ? json(target) : json;
            const answers = await Promise.all(Array.from({ length: 50 }, () => post(to, body, person, key)));
            assert.equal(answers[0].status, 201, answers[0].raw);
            answers.forEach((answer) => assertSame(answer, answers[0]));
            assert.equal(answers.filter((answer) => !isReplay(answer)).length, 1);
            assert.equal(await site.count('posts', `owner_id = ${person.id}`) + await site.count('comments',
                `user_id = ${person.id}`) + await site.count('votes', `user_id = ${person.id}`), 1);
            assert.equal(await site.count('idempotency_keys', `user_id = ${person.id}`), 1);
        }
        await site.assertCounters();
    });
}

test('50 parallel refusals with one key are all the same', async () => {
    const key = newKey();
    const answers = await Promise.all(Array.from({ length: 50 }, () => post('/posts/2147480000/comments', { text: 't' },
        bob, key)));
    answers.forEach((answer) => assertSame(answer, answers[0]));
    assertError(answers[0], 404, 'not_found');
});

test('two bodies race for one key: one of them is done, the other is 422', async () => {
    for (let round = 0; round < 5; round++) {
        const person = await site.signUp();
        const key = newKey();
        const answers = await Promise.all(Array.from({ length: 20 }, (_, i) => post('/posts', { ...article,
            title: `race ${i % 2}` }, person, key)));
        const won = answers.find(({ status }) => status === 201).json.title;
        answers.forEach((answer, i) => {
            if (won === `race ${i % 2}`) {
                assert.deepEqual([answer.status, answer.json.title], [201, won]);
            } else {
                assertError(answer, 422, 'idempotency_key_reused');
            }
        });
        assert.equal(await site.count('posts', `owner_id = ${person.id}`), 1);
    }
});

test('while the first is running longer than a lock is waited for: 409; then its answer', async () => {
    // A micropost of one who is slow takes until the gate is opened; a lock of a row is waited for three seconds.
    const slow = await site.signUp();
    await site.query(`CREATE TRIGGER slow BEFORE INSERT ON microposts FOR EACH ROW
        DO IF(NEW.user_id = ${slow.id}, ${atGate(site)}, 0)`);
    const key = newKey();
    const letGo = await closeGate(site);
    const running = post('/microposts', { body: 'slow' }, slow, key);
    await gateReached(site);
    const [second, third] = await Promise.all([post('/microposts', { body: 'slow' }, slow, key),
        post('/microposts', { body: 'other' }, slow, key)]);
    assertError(second, 409, 'conflict', /still running/);
    assertError(third, 409, 'conflict', /still running/);
    await letGo();
    const first = await running;
    assert.equal(first.status, 201, first.raw);
    assertReplay(await post('/microposts', { body: 'slow' }, slow, key), first);
    await site.query('DROP TRIGGER slow');
    assert.equal(await site.count('microposts', `user_id = ${slow.id}`), 1);
    // The stored row itself held by somebody else.
    const release = await hold(site, `SELECT id FROM idempotency_keys WHERE user_id = ${slow.id} FOR UPDATE`);
    assertError(await post('/microposts', { body: 'slow' }, slow, key), 409, 'conflict', /still running/);
    await release();
    assertReplay(await post('/microposts', { body: 'slow' }, slow, key), first);
});

test('a lock on the user is no first request that is still running: the POST is tried again until it is done', async () => {
    const person = await site.signUp();
    const key = newKey();
    const release = await hold(site, `SELECT id FROM users WHERE id = ${person.id} FOR UPDATE`);
    const waiting = post('/microposts', { body: 'patient' }, person, key);
    await new Promise((resolve) => setTimeout(resolve, 4500)); // a lock is waited for three seconds
    await release();
    const first = await waiting;
    assert.equal(first.status, 201, first.raw);
    assertReplay(await post('/microposts', { body: 'patient' }, person, key), first);
    assert.equal(await site.count('microposts', `user_id = ${person.id}`), 1);
});

// --- losses --------------------------------------------------------------------------------------------------------

test('workers killed in the middle: sent again it is done once', async () => {
    const { id } = await site.createPost(ada);
    const key = newKey();
    // The comment has taken its key and waits for its post, which is locked.
    const release = await hold(site, `SELECT id FROM posts WHERE id = ${id} FOR UPDATE`);
    const lost = post(`/posts/${id}/comments`, { text: 'again and again' }, bob, key);
    await lockAwaited(site);
    site.workers().forEach((pid) => process.kill(pid, 'SIGKILL'));
    assertError(await lost, 503);
    await release();
    await until('the pool serves again', async () => (await site.get('//health/ready')).status === 200);
    const answers = await Promise.all(Array.from({ length: 5 }, () => post(`/posts/${id}/comments`,
        { text: 'again and again' }, bob, key)));
    answers.forEach((answer) => assertSame(answer, answers[0]));
    assert.equal(answers[0].status, 201, answers[0].raw);
    assert.equal(await site.count('comments', `post_id = ${id}`), 1);
    assert.equal((await site.get(`/posts/${id}`)).json.comment_count, 1);
});

test('the database away and back: what was stored is given again, a 503 is not stored', async () => {
    const server = await startServer();
    const own = await startSite({ server, settings: { WORKERS: 2, DB_TIMEOUT: 2 } });
    const person = await own.signUp();
    const [stored, away] = [newKey(), newKey()];
    const first = await post('/posts', article, person, stored, { at: own });
    assert.equal(first.status, 201, first.raw);
    await server.stop();
    assertError(await post('/posts', { ...article, title: 'away' }, person, away, { at: own }), 503);
    assertError(await post('/posts', article, person, stored, { at: own }), 503);
    await server.start();
    assertReplay(await post('/posts', article, person, stored, { at: own }), first);
    const late = await post('/posts', { ...article, title: 'away' }, person, away, { at: own });
    assert.deepEqual([late.status, isReplay(late)], [201, false]);
    assertReplay(await post('/posts', { ...article, title: 'away' }, person, away, { at: own }), late);
    assert.equal(await own.count('posts'), 2);
    await own.stop();
    await server.stop();
});

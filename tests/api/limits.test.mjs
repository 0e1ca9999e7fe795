// Limits: counted in the database, for all workers and all pools on it; what an answer says of them; log-ins that fail,
// strangers who hammer, and owners who still get in.
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { after } from 'node:test';
import { assertError, assertLimited } from './lib/contract.mjs';
import { exchange } from './lib/fastcgi.mjs';
import { environment, start, until } from './lib/processes.mjs';
import { quireBin, startSite } from './lib/site.mjs';
import { test } from './lib/test.mjs';

// Periods of a day: nothing becomes free again while a test runs, however slow the machine is.
const site = await startSite({ settings: { WORKERS: 8, LIMIT_LOGIN: '40/24h', LIMIT_LOGIN_ACCOUNT: '6/24h',
    LOGIN_FAILURES: 3, LIMIT_REGISTER: '4/24h', LIMIT_GENERATE: '3/24h', LIMIT_GENERATE_ADDRESS: '5/24h',
    LIMIT_REFRESH: '2/24h', LIMIT_MAIL: '4/24h', LIMIT_MAIL_ACCOUNT: '2/24h',
    GENERATE_WAIT: 0, CORS_ORIGINS: 'http://localhost:3000' } });

let addresses = 1;
/** An address that nobody has used yet. */
const elsewhere = () => `127.0.${++addresses >> 7}.${(addresses & 127) + 1}`;
const login = ({ email, password }, from) => site.post('/auth/login', { email, password }, { from });
const wrong = (person) => ({ ...person, password: site.password() });
const statuses = (answers) => answers.map(({ status }) => status);
const times = (n, make) => Promise.all(Array.from({ length: n }, (_, i) => make(i)));
const count = (list, value) => list.filter((each) => each === value).length;

/** Somebody new, who has not logged in yet. */
async function person(from = elsewhere()) {
    const username = site.name();
    const made = { username, email: `${username}@example.com`, password: site.password() };
    const answer = await site.post('/auth/register', made, { from });
    assert.equal(answer.status, 201, answer.raw);
    return { ...made, id: answer.json.id };
}

/** Lets every wait of failed log-ins be over, and what was counted be free again. */
const later = (seconds) => site.query(`
    UPDATE login_places SET free_at = free_at - INTERVAL ${seconds} SECOND, known_until = known_until - INTERVAL ${seconds} SECOND,
        kept_until = kept_until - INTERVAL ${seconds} SECOND;
    UPDATE rate_limits SET free_at = free_at - INTERVAL ${seconds} SECOND`);

/**
 * A log-in that fails; the next at its place must then wait so many seconds. That is made an hour, for on a slow machine a
 * second may be over before the next is sent.
 */
async function fails(who, from, wait) {
    const now = async () => (await site.query('SELECT UTC_TIMESTAMP(6) AS now'))[0].now;
    await site.query('UPDATE login_places SET free_at = UTC_TIMESTAMP(6) WHERE free_at > UTC_TIMESTAMP(6)');
    const before = await now();
    const answer = await login(wrong(who), from);
    assertError(answer, 401, 'invalid_credentials');
    const since = async (begun) => Number((await site.query(
        `SELECT TIMESTAMPDIFF(MICROSECOND, '${begun}', MAX(free_at)) / 1000000 AS seconds FROM login_places`))[0].seconds);
    const [least, most] = [await since(await now()), await since(before)];
    assert.ok(least <= wait && wait <= most, `${least} to ${most} s, not ${wait}`);
    await site.query('UPDATE login_places SET free_at = UTC_TIMESTAMP(6) + INTERVAL 1 HOUR ORDER BY free_at DESC LIMIT 1');
    return answer;
}

test('new accounts: an answer says what is left, and the one too many is refused until there is room', async () => {
    const from = elsewhere();
    const answers = [];
    for (let i = 0; i < 6; i++) {
        const username = site.name();
        answers.push(await site.post(i % 2 === 0 ? '/auth/register' : '/users',
            { username, email: `${username}@example.com`, password: site.password() }, { from }));
    }
    assert.deepEqual(statuses(answers), [201, 201, 201, 201, 429, 429]);
    assert.deepEqual(answers.map(({ headers }) => headers['ratelimit-remaining']), ['3', '2', '1', '0', '0', '0']);
    for (const { headers } of answers) {
        assert.equal(headers['ratelimit-limit'], '4');
    }
    assert.ok(Number(answers[0].headers['ratelimit-reset']) <= 6 * 3600, answers[0].headers['ratelimit-reset']);
    assert.ok(Number(answers[3].headers['ratelimit-reset']) > 23 * 3600);
    assertLimited(answers[4], 4);
    assert.ok(Number(answers[4].headers['retry-after']) <= 6 * 3600);
    await later(answers[4].headers['retry-after']);
    const username = site.name();
    const body = { username, email: `${username}@example.com`, password: site.password() };
    assert.equal((await site.post('/users', body, { from })).status, 201);
    assertLimited(await site.post('/users', { ...body, username: site.name() }, { from }), 4);
});

test('what is refused or rolled back counts, what is malformed does not', async () => {
    const from = elsewhere();
    const taken = await person();
    const answers = [];
    for (let i = 0; i < 3; i++) {
        assert.equal((await site.post('/auth/register', { username: 'x' }, { from })).status, 422);
    }
    for (let i = 0; i < 5; i++) {
        answers.push(await site.post('/auth/register', taken, { from }));
    }
    assert.deepEqual(statuses(answers), [409, 409, 409, 409, 429]);
});

test('an answer that is given again does not count; a refusal for a limit is not kept under the key', async () => {
    const from = elsewhere();
    const body = () => {
        const username = site.name();
        return { username, email: `${username}@example.com`, password: site.password() };
    };
    const ask = (json, key) => site.post('/auth/register', json, { from, headers: { 'Idempotency-Key': key } });
    const marks = (answers) => answers.map(({ status, headers }) => [status, headers['idempotent-replayed'],
        headers['ratelimit-remaining']].join());
    const [one, late] = [body(), body()];
    const answers = [];
    for (let i = 0; i < 6; i++) {
        answers.push(await ask(one, 'one'));
    }
    assert.deepEqual(marks(answers), ['201,,3', ...Array(5).fill('201,true,')]);
    assert.deepEqual(new Set(answers.map(({ raw }) => raw)).size, 1);
    for (const left of [2, 1, 0]) {
        assert.deepEqual(marks([await ask(body(), `with ${left} left`)]), [`201,,${left}`]);
    }
    assertLimited(await ask(late, 'late'), 4);
    // Nothing is left, but what was answered is.
    assert.deepEqual(marks([await ask(one, 'one')]), ['201,true,']);
    await later(24 * 3600);
    assert.deepEqual(marks([await ask(late, 'late')]), ['201,,3']);
});

test('a thread asked for again under its key uses nothing up; another request under it counts', async () => {
    const ada = await person();
    const { json: { access_token: token } } = await login(ada, elsewhere());
    site.keep(token);
    const ask = (topic, key = 'thread') => site.post('/tweets/generate', { topic: `To be asked ${topic}` }, { token, from: elsewhere(),
        headers: { 'Idempotency-Key': key } });
    const first = await ask('once');
    assert.deepEqual([first.status, first.headers['ratelimit-remaining']], [202, '2'], first.raw);
    for (let i = 0; i < 4; i++) {
        const again = await ask('once');
        assert.deepEqual([again.status, again.headers['idempotent-replayed'], again.raw], [202, 'true', first.raw]);
    }
    for (const left of ['1', '0']) {
        const reused = await ask('twice');
        assertError(reused, 422, 'idempotency_key_reused');
        assert.equal(reused.headers['ratelimit-remaining'], left);
    }
    assertLimited(await ask('twice'), 3);
    assertLimited(await ask('new', 'another'), 3);
    assert.equal((await ask('once')).status, 202);
});

test('many workers at once never let more through than allowed', async () => {
    const from = elsewhere();
    const answers = await times(40, () => {
        const username = site.name();
        return site.post('/auth/register', { username, email: `${username}@example.com`, password: site.password() },
            { from });
    });
    assert.deepEqual([count(statuses(answers), 201), count(statuses(answers), 429)], [4, 36], statuses(answers).join());
});

test('an account has its limit from wherever it asks, an address has its own', async () => {
    const ada = await person();
    const { json: { access_token: token } } = await login(ada, elsewhere());
    site.keep(token);
    const ask = (path, from, who = token) => site.post(path, { topic: 'How limits are counted' }, { token: who, from });
    const blank = await times(4, () => site.post('/tweets/generate', { topic: ' '.repeat(10) }, { token, from: elsewhere() }));
    assert.deepEqual(statuses(blank), [422, 422, 422, 422]); // a mistake takes none
    const answers = [];
    for (let i = 0; i < 4; i++) {
        answers.push(await ask('/tweets/generate', elsewhere()));
    }
    assert.deepEqual(statuses(answers), [202, 202, 202, 429]);
    assertLimited(answers[3], 3);
    assertLimited(await ask('/tweets/threads/1/regenerate', elsewhere()), 3);
    const from = elsewhere();
    const others = [];
    for (let i = 0; i < 3; i++) {
        const other = await person();
        const { json } = await login(other, elsewhere());
        others.push(await ask('/tweets/generate', from, site.keep(json.access_token)));
        others.push(await ask('/tweets/generate', from, json.access_token));
    }
    assert.deepEqual(statuses(others), [202, 202, 202, 202, 202, 429]);
    assertLimited(others[5], 5);
});

test('an address may try so many log-ins, by whatever name and in either form', async () => {
    const from = elsewhere();
    const answers = await times(44, (i) => (i % 2 === 0
        ? site.post('/auth/login', { email: `${site.name()}@example.com`, password: site.password() }, { from })
        : site.request('POST', '/login', { form: { username: site.name(), password: site.password() }, from })));
    assert.deepEqual([count(statuses(answers), 401), count(statuses(answers), 429)], [40, 4], statuses(answers).join());
    assertLimited(await site.request('POST', '/login', { form: { username: 'x', password: 'x' }, from }), 40);
    assertLimited(await site.post('/auth/login', { email: 'x@example.com', password: 'x' }, { from }), 40);
});

test('tokens renewed and mails asked for have their limits, too', async () => {
    const from = elsewhere();
    const renewals = [];
    for (let i = 0; i < 3; i++) {
        renewals.push(await site.post('/auth/refresh', { refresh_token: 'x'.repeat(43) }, { from }));
    }
    assert.deepEqual(statuses(renewals), [401, 401, 429]);
    assertLimited(renewals[2], 2);
    for (const path of ['/auth/verify-email', '/auth/password-reset']) {
        const place = elsewhere();
        const email = `${site.name()}@example.com`; // nobody's: that shows in nothing
        const answers = [];
        for (const address of [email, email, email, `${site.name()}@example.com`, `${site.name()}@example.com`]) {
            answers.push(await site.post(path, { email: address }, { from: place }));
        }
        assert.deepEqual(statuses(answers), [202, 202, 429, 202, 429], path);
    }
});

test('a changed address wants a mail, too, and tells whether it is taken: both are limited alike', async () => {
    const [ada, bob, from] = [await person(), await person(), elsewhere()];
    const token = site.keep((await login(ada, elsewhere())).json.access_token);
    const change = (json, at = from) => site.patch('/users/me', json, { token, from: at });
    const answers = [];
    for (const email of [`${site.name()}@example.com`, bob.email, `${site.name()}@example.com`, ada.email, `${site.name()}@example.com`]) {
        answers.push(await change({ email }));
    }
    assert.deepEqual(statuses(answers), [200, 409, 200, 200, 429]);
    assertLimited(answers[4], 4);
    assertLimited(await site.post('/auth/verify-email', { email: `${site.name()}@example.com` }, { from }), 4);
    const target = `${site.name()}@example.com`; // one that is written to from wherever
    const many = [];
    for (const email of [target, ada.email, target, target]) {
        many.push(await change({ email }, elsewhere()));
    }
    assert.deepEqual(statuses(many), [200, 200, 200, 429]);
    const answer = await change({ username: site.name() }); // wants no mail
    assert.equal(answer.status, 200, answer.raw);
    assert.equal(answer.headers['ratelimit-limit'], undefined);
    assert.equal((await change({})).status, 200);
});

test('asking for mails that nobody gets keeps nobody from asking for a new password', async () => {
    const [ada, bob] = [await person(), await person()];
    await site.query(`UPDATE users SET email_verified_at = UTC_TIMESTAMP(6) WHERE id = ${ada.id}`);
    const token = site.keep((await login(bob, elsewhere())).json.access_token);
    const email = ada.email;
    const asked = [];
    for (let i = 0; i < 3; i++) {
        asked.push(await site.post('/auth/verify-email', { email }, { from: elsewhere() }));
        asked.push(await site.patch('/users/me', { email }, { token, from: elsewhere() }));
    }
    assert.deepEqual(statuses(asked), [202, 409, 429, 429, 429, 429]);
    assert.equal((await site.post('/auth/password-reset', { email }, { from: elsewhere() })).status, 202);
});

test('who is signed in may not try passwords for ever either, to change it or to leave', async () => {
    const ada = await person();
    const token = site.keep((await login(ada, elsewhere())).json.access_token);
    const answers = await times(44, (i) => (i % 2 === 0
        ? site.put('/users/me/password', { current_password: site.password(), new_password: site.password() }, { token })
        : site.request('DELETE', '/users/me', { token, json: { current_password: site.password() } })));
    assert.deepEqual([count(statuses(answers), 403), count(statuses(answers), 429)], [40, 4], statuses(answers).join());
    assertLimited(await site.put('/users/me/password', { current_password: ada.password, new_password: site.password() },
        { token, from: elsewhere() }), 40);
    assertLimited(await site.request('DELETE', '/users/me', { token, json: { current_password: ada.password } }), 40);
    assert.equal((await site.get('/users/me', { token })).status, 200);
});

for (const [whose, name] of [['an account', async () => person()], ['a name that nobody has',
    async () => ({ email: `${site.name()}@example.com` })]]) {
    test(`failed log-ins of ${whose} must wait longer and longer at their place`, async () => {
        const [who, from] = [await name(), elsewhere()];
        for (let i = 0; i < 2; i++) {
            assertError(await login(wrong(who), from), 401, 'invalid_credentials');
        }
        for (const wait of [1, 2, 4, 8, 16]) {
            await fails(who, from, wait);
            const refused = await login(wrong(who), from);
            assertLimited(refused, 3);
            const left = Number(refused.headers['retry-after']);
            assert.ok(left > 3000 && left <= 3600, `${left}`); // of the hour that fails() has made of it
            const again = await login(wrong(who), from); // to be refused makes nothing longer
            assert.ok(Number(again.headers['retry-after']) <= left);
            await site.query('DELETE FROM rate_limits'); // what unknown places of the name share is another test's
        }
        await site.query('UPDATE login_places SET failures = 500, free_at = UTC_TIMESTAMP(6) - INTERVAL 1 SECOND WHERE failures > 3');
        assertError(await login(wrong(who), from), 401, 'invalid_credentials');
        const last = Number((await login(wrong(who), from)).headers['retry-after']);
        assert.ok(last > 800 && last <= 900, `${last}`); // never for good
        await later(900 + 3601);
        assertError(await login(wrong(who), from), 401, 'invalid_credentials');
        assertError(await login(wrong(who), from), 401, 'invalid_credentials'); // it begins anew
    });
}

test('the right password while others are tried at the same place: counted before it is looked at', async () => {
    for (let tries = 1; ; tries++) {
        const [ada, from] = [await person(), elsewhere()];
        const begun = Date.now();
        const answers = await times(24, () => login(wrong(ada), from));
        const counts = [count(statuses(answers), 401), count(statuses(answers), 429)];
        // The wait is a second: where all of them took longer, one more may have been let in.
        if (counts[0] === 3 || tries === 3 || Date.now() - begun < 1000) {
            assert.deepEqual(counts, [3, 21], statuses(answers).join());
            return;
        }
    }
});

test('a success forgets the failures', async () => {
    const [ada, from] = [await person(), elsewhere()];
    for (let round = 0; round < 4; round++) {
        assert.deepEqual(statuses([await login(wrong(ada), from), await login(wrong(ada), from)]), [401, 401]);
        const good = await login(ada, from);
        assert.equal(good.status, 200, good.raw);
        site.keep(good.json.access_token);
    }
});

for (const hammered of ['e-mail address', 'username']) {
    test(`strangers who hammer an account by its ${hammered} use up what unknown places have; its owner gets in`, async () => {
        const [ada, home, stranger] = [await person(), elsewhere(), elsewhere()];
        const enter = (password, from) => (hammered === 'username'
            ? site.request('POST', '/login', { form: { username: ada.username, password }, from })
            : site.post('/auth/login', { email: ada.email, password }, { from }));
        site.keep((await enter(ada.password, home)).json.access_token);
        const answers = [];
        for (let i = 0; i < 12; i++) {
            answers.push(await enter(site.password(), i < 6 ? stranger : elsewhere()));
        }
        assert.ok(count(statuses(answers), 401) <= 6, statuses(answers).join());
        const refused = await enter(site.password(), elsewhere());
        assertLimited(refused, 6);
        assertLimited(await enter(ada.password, elsewhere()), 6); // a right guess from an unknown place is not told from a wrong one
        for (let i = 0; i < 3; i++) {
            const good = await enter(ada.password, home);
            assert.equal(good.status, 200, good.raw);
            site.keep(good.json.access_token);
        }
        await site.query('UPDATE login_places SET known_until = UTC_TIMESTAMP(6)'); // ninety days later
        assertLimited(await enter(ada.password, home), 6);
    });
}

/** A token as a mail has carried it to somebody: what the database keeps of it is put there. */
async function mailed({ id, email }) {
    const bytes = randomBytes(32);
    await site.query(`REPLACE INTO mail_tokens (hash, user_id, purpose, address, expires_at) VALUES
        (UNHEX('${createHash('sha256').update(bytes).digest('hex')}'), ${id}, 1, '${email}', UTC_TIMESTAMP(6) + INTERVAL 1 HOUR)`);
    return site.keep(bytes.toString('base64url'));
}

const byName = ({ username, password }, from) => site.request('POST', '/login', { form: { username, password }, from });
const reset = (token, password, from) => site.post('/auth/password-reset/confirm', { token, new_password: password }, { from });

/** Strangers try until nothing is left to places that are not known. */
async function hammer(who, enter = login) {
    for (let i = 0; i < 6; i++) {
        await enter(wrong(who), elsewhere());
    }
    assertLimited(await enter(wrong(who), elsewhere()), 6);
}

test('who is hammered gets in from a new place, too, behind a new password by mail: by either name', async () => {
    const [ada, abroad] = [await person(), elsewhere()];
    await hammer(ada);
    await hammer(ada, byName);
    assertLimited(await login(ada, abroad), 6);
    assertError(await reset(randomBytes(32).toString('base64url'), site.password(), abroad), 400, 'mail_token_invalid');
    assertLimited(await login(ada, abroad), 6); // a token that is not good opens nothing
    const password = site.password();
    assert.equal((await reset(await mailed(ada), password, abroad)).status, 204);
    for (const enter of [login, byName]) {
        const good = await enter({ ...ada, password }, abroad);
        assert.equal(good.status, 200, good.raw);
        site.keep(good.json.access_token);
        assertLimited(await enter({ ...ada, password }, elsewhere()), 6); // that place alone has become known
    }
});

test('a place that a new password has made known still waits after failures, and forgets those before', async () => {
    const [ada, from] = [await person(), elsewhere()];
    const failThrice = async () => {
        for (const wait of [0, 0, 1]) {
            await fails(ada, from, wait);
        }
    };
    await failThrice();
    assertLimited(await login(wrong(ada), from), 3);
    const password = site.password();
    assert.equal((await reset(await mailed(ada), password, from)).status, 204);
    await failThrice();
    assertLimited(await login({ ...ada, password }, from), 3);
});

test('a username that is the address of another makes no place known for them', async () => {
    const [ada, stranger] = [await person(), elsewhere()];
    const mallory = await person();
    await site.query(`UPDATE users SET username = '${ada.email}', username_fold = '${ada.email}' WHERE id = ${mallory.id}`);
    await hammer(ada);
    assert.equal((await reset(await mailed(mallory), site.password(), stranger)).status, 204);
    assertLimited(await login(wrong(ada), stranger), 6);
});

test('nobody learns whether there is an account: the same answers, the same headers', async () => {
    const ada = await person();
    const nobody = { email: `${site.name()}@example.com` };
    const seen = [];
    for (const who of [ada, nobody]) {
        const from = elsewhere();
        const answers = [];
        for (const wait of [0, 0, 1]) {
            answers.push(await fails(who, from, wait));
        }
        answers.push(await login(wrong(who), from));
        // In how many seconds, of an hour, depends on when it was asked.
        seen.push(answers.map(({ status, raw, headers }) => [status, raw.replace(/in \d+ s/, ''), headers['ratelimit-limit'], headers['ratelimit-remaining']]));
    }
    assert.deepEqual(seen[0], seen[1]);
    assert.deepEqual(seen[0].map(([status]) => status), [401, 401, 401, 429]);
});

test('of IPv6 a /64 is one address; an IPv4 address written as IPv6 is itself', async () => {
    const register = async (address) => {
        const username = site.name();
        const answer = await exchange(site.socket, { REQUEST_METHOD: 'POST', REQUEST_URI: '/api/v1/auth/register',
            CONTENT_TYPE: 'application/json', REMOTE_ADDR: address },
        JSON.stringify({ username, email: `${username}@example.com`, password: site.password() }));
        return answer.status;
    };
    const ask = async (list) => {
        const got = [];
        for (const address of list) {
            got.push(await register(address));
        }
        return got;
    };
    assert.deepEqual(await ask(['2001:db8:1:2::1', '2001:db8:1:2::2', '2001:db8:1:2:ffff::3', '2001:db8:1:2:a:b:c:d',
        '2001:db8:1:2::5', '2001:db8:1:3::1']), [201, 201, 201, 201, 429, 201]);
    assert.deepEqual(await ask(['192.0.2.7', '::ffff:192.0.2.7', '::ffff:c000:207', '192.0.2.7', '::ffff:192.0.2.7',
        '192.0.2.8']), [201, 201, 201, 201, 429, 201]);
});

test('another pool on the same database shares the count', async () => {
    const socket = join(site.dir, 'other.sock');
    const other = start(quireBin, ['serve'], { env: environment({ ...site.settings, LISTEN: `unix:${socket}` }),
        cwd: site.dir, log: join(site.dir, 'other.log') });
    after(() => other.stop('SIGTERM'));
    const ask = (where) => {
        const username = site.name();
        return exchange(where, { REQUEST_METHOD: 'POST', REQUEST_URI: '/api/v1/auth/register',
            CONTENT_TYPE: 'application/json', REMOTE_ADDR: '198.51.100.1' },
        JSON.stringify({ username, email: `${username}@example.com`, password: site.password() }));
    };
    await until('the other pool serves', async () => {
        try {
            return (await exchange(socket, { REQUEST_METHOD: 'GET', REQUEST_URI: '/health/ready' })).status === 200;
        } catch {
            return false;
        }
    });
    const answers = await times(30, (i) => ask(i % 2 === 0 ? site.socket : socket));
    assert.deepEqual([count(statuses(answers), 201), count(statuses(answers), 429)], [4, 26]);
});

test('the tables name nobody, and what means nothing any more is dropped', async () => {
    const person1 = await person();
    await login(wrong(person1), elsewhere());
    const rows = await site.query(`SELECT CONCAT(HEX(id), ' ', CONVERT(id USING latin1)) AS text FROM rate_limits
        UNION ALL SELECT CONCAT(HEX(id), ' ', CONVERT(id USING latin1)) FROM login_places`);
    assert.ok(rows.length > 2);
    for (const { text } of rows) {
        assert.doesNotMatch(text, /127\.0|example\.com/);
    }
    await site.query(`DELETE FROM rate_limits; DELETE FROM login_places;
        INSERT INTO rate_limits (id, free_at) SELECT UNHEX(SHA2(seq, 256)), UTC_TIMESTAMP(6) - INTERVAL 1 HOUR FROM seq_1_to_150;
        INSERT INTO login_places (id, failures, free_at, kept_until) SELECT UNHEX(SHA2(seq, 256)), 1, '2020-01-01', '2020-01-02' FROM seq_1_to_150;
        INSERT INTO login_places (id, failures, free_at, kept_until) VALUES ('kept', 1, '2020-01-01', UTC_TIMESTAMP(6))`);
    await until('a purge has come by', async () => {
        await times(16, () => login({ email: `${site.name()}@example.com`, password: 'x' }, elsewhere()));
        const old = await site.query(`SELECT (SELECT COUNT(*) FROM rate_limits WHERE free_at < UTC_TIMESTAMP(6) - INTERVAL 30 MINUTE)
            + (SELECT COUNT(*) FROM login_places WHERE kept_until < '2021-01-01') AS n`);
        return old[0].n === '0';
    }, { patience: 60000 });
    assert.equal(await site.count('login_places', "id = 'kept'"), 1);
});

test('routes without a limit ask the database nothing more, and say nothing of limits', async () => {
    const answer = await site.get('/posts');
    assert.equal(answer.headers['ratelimit-limit'], undefined);
    const line = await site.log.ofRequest(answer.headers['x-request-id']);
    assert.equal(line.statements, 1);
});

test('nothing is limited where the settings say off', async () => {
    const open = await startSite({ settings: { WORKERS: 2 } });
    const answers = await times(20, () => open.post('/auth/login', { email: 'no@example.com', password: open.password() }));
    assert.deepEqual([...new Set(statuses(answers))], [401]);
    assert.equal(answers[0].headers['ratelimit-limit'], undefined);
    assert.equal(await open.count('rate_limits') + await open.count('login_places'), 0);
});

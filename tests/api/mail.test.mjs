// Mails through a real SMTP server: both flows end to end, everything that a token must not be good for, and everything
// that can happen to a mail on its way.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { assertError } from './lib/contract.mjs';
import { atGate, closeGate, gateReached } from './lib/locks.mjs';
import { Log } from './lib/logs.mjs';
import { until } from './lib/processes.mjs';
import { startSite } from './lib/site.mjs';
import { parse, startSmtp } from './lib/smtp.mjs';
import { test } from './lib/test.mjs';

const PASSWORD = 'the-postman-rings-twice-4711';
const smtp = await startSmtp();
const site = await startSite({
    work: true,
    settings: { SMTP_URL: smtp.url, SMTP_CA: smtp.ca, SMTP_USER: 'postman', SMTP_PASSWORD: PASSWORD, SMTP_TIMEOUT: 8,
        MAIL_FROM: '"Quire, the mail" <post@quire.example.com>', SITE_URL: 'https://quire.example.com', MAIL_RETRY: 1,
        MAIL_ATTEMPTS: 4, WORK_LEASE: 2, WORK_PROCESSES: 1 },
});
site.passwords.add(PASSWORD);
const good = { auth: true, password: PASSWORD };

/** A mail of the script that runs; its token is a secret from now on: no log may hold it. */
async function next(n = 1) {
    const mail = await smtp.mail(n);
    site.keep(mail.token);
    return mail;
}

const ask = (email) => site.post('/auth/password-reset', { email });
const reset = (token, password = site.password()) => site.post('/auth/password-reset/confirm', { token, new_password: password });
const verify = (token) => site.post('/auth/verify-email/confirm', { token });
const rowsOf = (person) => site.query(`SELECT m.* FROM mails m JOIN users u ON u.id = m.user_id WHERE u.id = ${person.id}`);
const verifiedAt = async (person) => (await site.query(`SELECT email_verified_at FROM users WHERE id = ${person.id}`))[0].email_verified_at;
const refused = (answer) => assertError(answer, 400, 'mail_token_invalid');

/** Somebody whose mail from signing up has come. */
async function newcomer(options) {
    await smtp.script(good);
    const person = await site.signUp(options);
    return { ...person, mail: await next() };
}

/** The token of a mail for a new password. */
async function resetToken(person) {
    await smtp.script(good);
    assert.equal((await ask(person.email)).status, 202);
    return (await next()).token;
}

test('signing up sends a mail by STARTTLS and AUTH; its link verifies the address, once', async () => {
    const ada = await newcomer();
    const { mail } = ada;
    assert.deepEqual(mail.to, [ada.email]);
    assert.equal(mail.sender, 'post@quire.example.com');
    assert.deepEqual([mail.tls, mail.login], [true, true]);
    assert.equal(mail.headers.to, `<${ada.email}>`);
    assert.equal(mail.headers.from, '"Quire, the mail" <post@quire.example.com>');
    assert.equal(mail.headers['auto-submitted'], 'auto-generated');
    assert.match(mail.headers['message-id'], /^<[0-9a-f]{32}@quire\.example\.com>$/);
    assert.ok(Math.abs(Date.parse(mail.headers.date) - Date.now()) < 60000, mail.headers.date);
    assert.match(mail.link, /^https:\/\/quire\.example\.com\/verify-email\.html#token=[\w-]{43}$/);
    assert.ok(mail.html.includes(`<a href="${mail.link}">`));
    assert.match(mail.text, /good for 48 hours/);
    await until('the row is gone', async () => (await rowsOf(ada)).length === 0);
    assert.equal(await verifiedAt(ada), null);
    assert.equal((await verify(mail.token)).status, 204);
    assert.notEqual(await verifiedAt(ada), null);
    refused(await verify(mail.token));
});

test('the token is kept as its SHA-256, and nowhere else', async () => {
    const ada = await newcomer();
    const [{ hash }] = await site.query(`SELECT hex(hash) AS hash FROM mail_tokens WHERE user_id = ${ada.id}`);
    const sum = createHash('sha256').update(Buffer.from(ada.mail.token, 'base64url')).digest('hex');
    assert.equal(hash.toLowerCase(), sum);
});

test('a new password: all sessions end, the link is used up, the address counts as verified', async () => {
    const ada = await newcomer();
    const token = await resetToken(ada);
    const password = site.password();
    assert.equal((await site.get('/users/me', ada)).status, 200);
    assertError(await reset(token, 'short'), 422, 'validation_error');
    assert.equal((await reset(token, password)).status, 204);
    assertError(await site.get('/users/me', ada), 401, 'invalid_token');
    assertError(await site.post('/auth/login', { email: ada.email, password: ada.password }), 401, 'invalid_credentials');
    await site.login({ ...ada, password });
    refused(await reset(token));
    assert.notEqual(await verifiedAt(ada), null);
});

test('what waits in the outbox for an address goes with its account, also what was wanted before there was one', async () => {
    const ada = await newcomer();
    await site.query(`INSERT INTO mails (address, purpose, user_id, seed, due_at, error) VALUES
        ('${ada.email}', 1, NULL, REPEAT('x', 24), NULL, 'given up')`);
    assert.equal((await site.request('DELETE', '/users/me', { token: ada.token, json: { current_password: 'not it' } })).status, 403);
    assert.equal(await site.count('mails', `address = '${ada.email}'`), 1);
    assert.equal((await site.request('DELETE', '/users/me', { token: ada.token, json: { current_password: ada.password } })).status, 204);
    assert.equal(await site.count('mails', `address = '${ada.email}'`), 0);
});

test('an address that nobody has: the same answer, no mail, and no row is left', async () => {
    await smtp.script(good);
    const ada = await newcomer();
    await until('the row is gone', async () => (await rowsOf(ada)).length === 0);
    const known = await ask(ada.email.toUpperCase());
    const unknown = await ask('nobody-at-all@example.com');
    assert.deepEqual([unknown.status, unknown.raw], [known.status, known.raw]);
    const lines = await Promise.all([known, unknown].map(({ headers }) => site.log.ofRequest(headers['x-request-id'])));
    assert.equal(lines[0].statements, lines[1].statements);
    const second = await site.post('/auth/verify-email', { email: 'nobody-at-all@example.com' });
    assert.equal(second.status, 202);
    await until('the outbox is empty', async () => await site.count('mails') === 0);
    assert.deepEqual(smtp.taken().flatMap(({ to }) => to), [ada.email, ada.email]);
    smtp.taken().forEach(({ token }) => site.keep(token));
});

test('a token is good for its purpose only, and no altered one is good', async () => {
    const ada = await newcomer();
    const token = await resetToken(ada);
    refused(await reset(ada.mail.token));
    refused(await verify(token));
    const replaced = (at) => token.slice(0, at) + (token[at] === 'A' ? 'B' : 'A') + token.slice(at + 1);
    for (let at = 0; at < token.length; at += 3) {
        refused(await reset(replaced(at)));
    }
    for (const other of [`${token}A`, token.slice(1), `${token}=`, ` ${token}`, 'x', `${token}\u0000`.slice(0, 43).toLowerCase()]) {
        refused(await reset(other));
    }
    assert.equal((await reset(token)).status, 204);
});

test('a token that has expired is none', async () => {
    const ada = await newcomer();
    const token = await resetToken(ada);
    const [row] = await site.query(`SELECT TIMESTAMPDIFF(SECOND, UTC_TIMESTAMP(), expires_at) AS s FROM mail_tokens
        WHERE user_id = ${ada.id} AND purpose = 1`);
    assert.ok(Number(row.s) > 3300 && Number(row.s) <= 3600, row.s);
    await site.query(`UPDATE mail_tokens SET expires_at = UTC_TIMESTAMP(6) - INTERVAL 1 SECOND WHERE user_id = ${ada.id}`);
    refused(await reset(token));
    refused(await verify(ada.mail.token));
});

test('a token is good while its account is on, and its address the one that the mail went to', async () => {
    const ada = await newcomer();
    const token = await resetToken(ada);
    const [{ email_fold: fold }] = await site.query(`SELECT email_fold FROM users WHERE id = ${ada.id}`);
    for (const change of ["email_fold = 'elsewhere@example.org'", 'is_active = 0']) {
        await site.query(`UPDATE users SET ${change} WHERE id = ${ada.id}`);
        refused(await reset(token));
        refused(await verify(ada.mail.token));
        await site.query(`UPDATE users SET email_fold = '${fold}', is_active = 1 WHERE id = ${ada.id}`);
    }
    assert.equal((await verify(ada.mail.token)).status, 204);
    assert.equal((await reset(token)).status, 204);
});

test('a newer mail replaces the older one\'s token', async () => {
    const ada = await newcomer();
    const first = await resetToken(ada);
    const second = await resetToken(ada);
    assert.notEqual(first, second);
    refused(await reset(first));
    assert.equal((await reset(second)).status, 204);
});

test('two at once with one token: one password is set', async () => {
    const ada = await newcomer();
    const token = await resetToken(ada);
    const passwords = Array.from({ length: 4 }, () => site.password());
    const answers = await Promise.all(passwords.map((password) => reset(token, password)));
    assert.deepEqual(answers.map(({ status }) => status).sort(), [204, 400, 400, 400]);
    const set = passwords[answers.findIndex(({ status }) => status === 204)];
    await site.login({ ...ada, password: set });
});

test('another address is not verified, and no token outlives the change', async () => {
    const ada = await newcomer();
    assert.equal((await verify(ada.mail.token)).status, 204);
    const token = await resetToken(ada);
    await smtp.script(good);
    const email = `${site.name()}@example.org`;
    assert.equal((await site.patch('/users/me', { email: ada.email.toUpperCase() }, ada)).status, 200);
    assert.notEqual(await verifiedAt(ada), null, 'only the case is another one');
    assert.equal((await site.patch('/users/me', { email }, ada)).status, 200);
    assert.equal(await verifiedAt(ada), null);
    refused(await reset(token));
    const mail = await next();
    assert.deepEqual(mail.to, [email]);
    assert.equal((await site.patch('/users/me', { email: ada.email }, ada)).status, 200);
    refused(await verify(mail.token));
    refused(await reset(token));
    await smtp.mail(2);
    site.keep(smtp.taken()[1].token);
});

test('an account that is switched off gets no mail, and its tokens are none', async () => {
    const ada = await newcomer();
    const token = await resetToken(ada);
    const admin = await site.admin();
    assert.equal((await site.patch(`/users/${ada.id}`, { is_active: false }, admin)).status, 200);
    refused(await reset(token));
    refused(await verify(ada.mail.token));
    await smtp.script(good);
    assert.equal((await ask(ada.email)).status, 202);
    await until('the outbox is empty', async () => await site.count('mails') === 0);
    assert.equal(smtp.of('connect').length, 0);
});

test('who looks at links uses up nothing: GET and HEAD of the pages and of the operations', async () => {
    const ada = await newcomer();
    const token = await resetToken(ada);
    for (const [path, one] of [['verify-email', ada.mail.token], ['password-reset', token]]) {
        for (const method of ['GET', 'HEAD']) {
            assert.equal((await site.request(method, `/auth/${path}/confirm?token=${one}`)).status, 405);
        }
    }
    for (const page of ['verify-email.html', 'reset-password.html']) {
        for (const method of ['GET', 'HEAD']) {
            const answer = await site.request(method, `//${page}?x=1`);
            assert.equal(answer.status, 200);
            assert.match(answer.headers['content-security-policy'], /default-src 'self'/);
            assert.doesNotMatch(answer.raw, /<script(?! src=)|style=|\son\w+=/);
        }
    }
    assert.equal((await site.get('//mail/token.js')).status, 200);
    assert.equal((await verify(ada.mail.token)).status, 204);
    assert.equal((await reset(token)).status, 204);
});

test('an answer that was lost is given again under its Idempotency-Key, which keeps nothing secret and goes with the account', async () => {
    const ada = await newcomer();
    const keyed = (path, json, key = 'a key') => site.request('POST', `/auth/${path}`, { json, headers: { 'Idempotency-Key': key } });
    const twice = async (path, json, status) => {
        const answers = [await keyed(path, json), await keyed(path, json)];
        assert.deepEqual(answers.map((answer) => [answer.status, answer.headers['idempotent-replayed']]),
            [[status, undefined], [status, 'true']], path);
        assert.equal(answers[1].raw, answers[0].raw);
    };
    await smtp.script(good);
    await twice('password-reset', { email: ada.email }, 202);
    const { token } = await next();
    const new_password = site.password();
    await twice('password-reset/confirm', { token, new_password }, 204);
    await twice('verify-email/confirm', { token: ada.mail.token }, 204);
    assert.equal(smtp.taken().length, 1, 'one mail');
    // Of another key, or with another password, the link is used up; and that is not kept, however often it is tried.
    refused(await keyed('password-reset/confirm', { token, new_password }, 'another key'));
    refused(await keyed('password-reset/confirm', { token, new_password: site.password() }));
    const rows = await site.query('SELECT user_id, CONCAT(headers, body) AS text, LENGTH(id) AS n FROM idempotency_keys ORDER BY created_at');
    assert.deepEqual(rows.map(({ user_id: id, n }) => [id === null ? null : Number(id), Number(n)]), [[null, 32], [ada.id, 32], [ada.id, 32]]);
    rows.forEach(({ text }) => assert.ok(![token, ada.mail.token, new_password, ada.email].some((each) => text.includes(each)), text));
    const back = await site.login({ ...ada, password: new_password });
    assert.equal((await site.request('DELETE', '/users/me', { token: back.token, json: { current_password: new_password } })).status, 204);
    assert.equal(await site.count('idempotency_keys', 'user_id IS NOT NULL'), 0);
});

test('a mistake beside a token does not show it', async () => {
    const ada = await newcomer();
    const answer = await site.post('/auth/password-reset/confirm', { token: ada.mail.token });
    assertError(answer, 422, 'validation_error');
    assert.ok(!answer.raw.includes(ada.mail.token));
});

// -- on its way --

test('not now (451), then yes: the same mail comes once', async () => {
    await smtp.script({ ...good, rcpt: ['451 4.7.1 greylisted', '451 4.7.1 greylisted', '250 OK'] });
    const ada = await site.signUp();
    const mail = await next();
    assert.equal(smtp.of('rcpt').length, 3);
    await until('the row is gone', async () => (await rowsOf(ada)).length === 0);
    assert.equal(smtp.taken().length, 1);
    assert.equal((await verify(mail.token)).status, 204);
});

test('not now behind the message (452): it is sent again, with the same Message-ID and token', async () => {
    await smtp.script({ ...good, data: ['452 4.3.1 full', '250 OK'] });
    await site.signUp();
    await next();
    const [first, second] = smtp.of('data').map(({ content }) => parse(content));
    assert.equal(first.headers['message-id'], second.headers['message-id']);
    assert.equal(first.token, second.token);
});

test('the sender is refused for good (553), then not: that is about us, and the mail comes', async () => {
    await smtp.script({ ...good, mail: ['553 5.7.1 not from you', '530 5.7.0 log in', '250 OK'] });
    const ada = await site.signUp();
    assert.deepEqual((await next()).to, [ada.email]);
    assert.equal(smtp.of('mail').length, 2);
});

test('never (550): given up at once, with the reason', async () => {
    for (const refusal of [{ rcpt: ['550 5.1.1 nobody here'] }, { data: ['554 5.6.0 spam'] }]) {
        await smtp.script({ ...good, ...refusal });
        const ada = await site.signUp();
        const row = await until('it was given up', async () => (await rowsOf(ada)).find(({ due_at }) => due_at === null));
        assert.deepEqual([row.attempts, row.holder], ['1', null]);
        assert.match(row.error, /55[04]/);
        const [{ created_at: wanted, ...shown }] = (await site.get('/users/me/export', ada)).json.mails;
        assert.deepEqual(shown, { id: Number(row.id), purpose: 'verify', user_id: ada.id }, 'the reason is the operator\'s');
        assert.ok(wanted);
        smtp.of('data').forEach(({ content }) => site.keep(parse(content).token));
        await site.query(`DELETE FROM mails WHERE id = ${row.id}`);
    }
});

test('a log-in that is refused is tried again, and the mail is given up in the end', async () => {
    await smtp.script({ auth: true, password: 'another' });
    const ada = await site.signUp();
    const row = await until('it was given up', async () => (await rowsOf(ada)).find(({ due_at }) => due_at === null));
    assert.equal(row.attempts, '4');
    assert.deepEqual([smtp.of('rcpt').length, smtp.of('auth').every(({ good: yes, tls }) => !yes && tls)], [0, true]);
    // Wanted again, it is a new one: its attempts are counted from the first.
    await smtp.script({ ...good, rcpt: ['550 5.1.1 nobody here'] });
    assert.equal((await site.post('/auth/verify-email', { email: ada.email })).status, 202);
    const again = await until('it was given up again', async () =>
        (await rowsOf(ada)).find(({ due_at, error }) => due_at === null && error.includes('550')));
    assert.deepEqual([again.id, again.attempts], [row.id, '1']);
    await site.query(`DELETE FROM mails WHERE id = ${row.id}`);
});

test('a server without STARTTLS gets no mail and no password', async () => {
    await smtp.script({ ...good, tls: false });
    const ada = await site.signUp();
    await until('it was tried', async () => (await rowsOf(ada))[0]?.error);
    assert.deepEqual([smtp.of('auth').length, smtp.of('rcpt').length], [0, 0]);
    await smtp.script(good);
    await next();
});

test('a server that is down: the mail waits; when it is back, it comes', async () => {
    await smtp.stop();
    const ada = await site.signUp();
    await until('it was tried', async () => (await rowsOf(ada))[0]?.error);
    await smtp.start();
    const mail = await next();
    assert.deepEqual(mail.to, [ada.email]);
});

const source = 'A letter that nobody carries is a page that nobody reads, and nobody answers it. '.repeat(5);
for (const where of ['connect', 'rcpt', 'end']) {
    test(`a server that hangs (${where}): the mail waits, and threads are composed meanwhile`, async () => {
        await smtp.script({ ...good, hang: where });
        const ada = await site.signUp();
        await until('it hangs', () => smtp.of(where === 'end' ? 'data' : where).length > 0);
        const asked = await site.request('POST', '/tweets/generate', { token: ada.token, headers: { Prefer: 'respond-async' },
            json: { topic: 'Letters that nobody carries', source } });
        assert.equal(asked.status, 202, asked.raw);
        const end = await until('the thread is made', async () => {
            const { json } = await site.get(`/tweets/histories/${asked.json.id}`, ada);
            return ['pending', 'running'].includes(json.status) ? null : json;
        });
        assert.equal(end.status, 'success', end.error);
        await until('it was tried', async () => (await rowsOf(ada))[0]?.error);
        smtp.of('data').forEach(({ content }) => site.keep(parse(content).token));
        await smtp.script(good);
        const mail = await next();
        assert.equal((await verify(mail.token)).status, 204);
    });
}

test('wanted again while it is on its way: the newer mail\'s token counts', async () => {
    const ada = await newcomer();
    await smtp.script({ ...good, hang: 'end' });
    await ask(ada.email);
    await until('it hangs', () => smtp.of('data').length > 0);
    const old = site.keep(parse(smtp.of('data')[0].content).token);
    await ask(ada.email);
    await smtp.script(good);
    const { token } = await next();
    assert.notEqual(old, token);
    refused(await reset(old));
    assert.equal((await reset(token)).status, 204);
});

/** The token of a mail that has come and will be sent again. */
async function tokenSentAgain(person) {
    await smtp.script({ ...good, data: ['452 4.3.1 full'] });
    await ask(person.email);
    await until('it was tried', async () => (await rowsOf(person))[0]?.error);
    return site.keep(parse(smtp.of('data')[0].content).token);
}

const dead = {
    'a new password': async (ada) => {
        const answer = await site.put('/users/me/password', { current_password: ada.password, new_password: site.password() }, ada);
        assert.equal((await verify(ada.mail.token)).status, 204); // that says nothing of a password
        return answer;
    },
    'a new password by that mail': (ada, token) => reset(token),
    'off and on': async (ada, token) => {
        const admin = await site.admin();
        assert.equal((await site.patch(`/users/${ada.id}`, { is_active: false }, admin)).status, 200);
        refused(await reset(token));
        return site.patch(`/users/${ada.id}`, { is_active: true }, admin);
    },
    'another address and back': async (ada) => {
        await site.patch('/users/me', { email: `${site.name()}@example.org` }, ada);
        return site.patch('/users/me', { email: ada.email }, ada);
    },
};
for (const [what, act] of Object.entries(dead)) {
    test(`a link that was delivered and is dead stays dead when its mail would be sent again: ${what}`, async () => {
        const ada = await newcomer();
        const token = await tokenSentAgain(ada);
        const answer = await act(ada, token);
        assert.ok(answer.status < 300, answer.raw);
        assert.deepEqual((await rowsOf(ada)).filter(({ purpose }) => purpose === '1'), []);
        await smtp.script(good);
        await until('the outbox is empty', async () => (await rowsOf(ada)).length === 0);
        smtp.taken().forEach((mail) => site.keep(mail.token));
        refused(await reset(token));
        assert.equal((await reset(await resetToken(ada))).status, 204);
    });
}

test('a password that is changed just when the postman has the mail: no link of it is good', async () => {
    const ada = await newcomer();
    const token = await tokenSentAgain(ada);
    await site.query(`UPDATE mails SET due_at = UTC_TIMESTAMP(6) + INTERVAL 1 HOUR WHERE user_id = ${ada.id}`);
    const open = await closeGate(site);
    // As PUT /users/me/password, slowly; the mail is due again meanwhile.
    const changed = site.query(`BEGIN; SELECT id FROM users WHERE id = ${ada.id} FOR UPDATE;
        DELETE FROM mail_tokens WHERE user_id = ${ada.id}; DO ${atGate(site)}; DELETE FROM mails WHERE user_id = ${ada.id}; COMMIT`);
    const seen = async (info) => (await site.query(`SELECT id FROM information_schema.processlist
        WHERE db = DATABASE() AND info LIKE '${info}%'`)).length > 0;
    await gateReached(site);
    await site.query(`UPDATE mails SET due_at = UTC_TIMESTAMP(6) WHERE user_id = ${ada.id}`);
    await until('the postman waits', () => seen('SELECT email, username'));
    await smtp.script(good);
    await open();
    await changed;
    await new Promise((resolve) => setTimeout(resolve, 500));
    assert.deepEqual([await site.count('mail_tokens', `user_id = ${ada.id} AND purpose = 1`), smtp.taken().length], [0, 0]);
    refused(await reset(token));
});

test('the postman is killed over a mail: another sends it, the same one', async () => {
    await smtp.script({ ...good, hang: 'rcpt' });
    const ada = await site.signUp();
    await until('it hangs', () => smtp.of('rcpt').length > 0);
    for (const pid of site.workProcesses()) {
        process.kill(pid, 'SIGKILL');
    }
    await smtp.script(good);
    const mail = await next();
    assert.deepEqual(mail.to, [ada.email]);
    await until('the row is gone', async () => (await rowsOf(ada)).length === 0);
    assert.equal(smtp.taken().length, 1);
});

test('the pool stops over a mail: it goes back at once', async () => {
    await smtp.script({ ...good, hang: 'rcpt' });
    const ada = await site.signUp();
    await until('it hangs', () => smtp.of('rcpt').length > 0);
    assert.equal((await site.work.stop('SIGTERM')).code, 0);
    assert.deepEqual((await rowsOf(ada)).map(({ attempts, holder }) => [attempts, holder]), [['0', null]]);
    await smtp.script(good);
    site.startWork();
    await next();
});

test('addresses beyond ASCII: the domain as the DNS knows it, the name by SMTPUTF8', async () => {
    const bob = await newcomer({ username: site.name(), email: `${site.name()}@b\u00fccher.example.com` });
    assert.equal(bob.mail.smtputf8, false);
    assert.match(bob.mail.to[0], /@xn--bcher-kva\.example\.com$/);
    const eve = await newcomer({ username: site.name(), email: `\u00e9ve${Date.now()}@example.com` });
    assert.equal(eve.mail.smtputf8, true);
    assert.deepEqual(eve.mail.to, [eve.email]);
});

test('a person who goes takes their mails and tokens along', async () => {
    const ada = await newcomer();
    await smtp.script({ ...good, rcpt: ['451 later'] });
    await ask(ada.email);
    await until('it was tried', async () => (await rowsOf(ada))[0]?.error);
    assert.equal(await site.count('mail_tokens', `user_id = ${ada.id}`) , 2);
    assert.equal((await site.request('DELETE', '/users/me', { token: ada.token, json: { current_password: ada.password } })).status, 204);
    const folded = Buffer.from(ada.email.toLowerCase()).toString('hex');
    assert.equal(await site.count('mails', `address = 0x${folded}`), 0);
    assert.equal(await site.count('mail_tokens', `user_id = ${ada.id}`), 0);
});

test('the log tells of each mail that was sent, and has a cause only for what went wrong', async () => {
    const log = new Log(join(site.dir, 'work.log'));
    const ofSent = () => log.lines().filter(({ message }) => message === 'a mail was sent');
    await until('the last one is told of', () => ofSent().length >= smtp.accepted);
    const [lines, sent] = [log.lines(), ofSent()];
    assert.ok(smtp.accepted > 20, `${smtp.accepted} mails`);
    assert.equal(sent.length, smtp.accepted);
    sent.forEach((line) => assert.deepEqual(Object.keys(line), ['time', 'level', 'message', 'mail', 'purpose', 'attempt']));
    assert.deepEqual(lines.filter(({ cause }) => cause === ''), []);
});

test('the server goes', () => smtp.stop());

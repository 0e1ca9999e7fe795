// Mails where no SMTP server is set, where nobody is to get one unasked, and when they are old.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { until } from './lib/processes.mjs';
import { startSite } from './lib/site.mjs';
import { parse } from './lib/smtp.mjs';
import { test } from './lib/test.mjs';

test('with no server set, mails are files that only their owner may read, and the log says so', async () => {
    const quiet = await startSite({ work: true, settings: { WORK_PROCESSES: 1, WORKERS: 2 } });
    const ada = await quiet.signUp();
    const dir = join(quiet.dir, 'mail');
    const name = await until('a file is there', () => readdirSync(dir).find((each) => each.endsWith('.eml')));
    assert.equal(statSync(join(dir, name)).mode & 0o777, 0o600);
    assert.equal(statSync(dir).mode & 0o777, 0o700);
    const mail = parse(readFileSync(join(dir, name), 'utf8'));
    quiet.keep(mail.token);
    assert.equal(mail.headers.to, `<${ada.email}>`);
    const log = () => readFileSync(join(quiet.dir, 'work.log'), 'utf8');
    await until('the log says so', () => log().includes(name));
    assert.match(log(), /mails are written as files, for SMTP_URL is not set/);
    assert.equal((await quiet.post('/auth/verify-email/confirm', { token: mail.token })).status, 204);
});

test('without MAIL_VERIFY nobody gets a mail unasked', async () => {
    const quiet = await startSite({ settings: { MAIL_VERIFY: 'false', WORKERS: 2 } });
    const ada = await quiet.signUp();
    assert.equal((await quiet.patch('/users/me', { email: `${quiet.name()}@example.org` }, ada)).status, 200);
    assert.equal(await quiet.count('mails'), 0);
});

test('what is old is dropped, however much it is: mails that were given up, tokens that have expired', async () => {
    const stamp = Date.now();
    const site = await startSite({ work: true, settings: { WORK_PROCESSES: 1, WORKERS: 1 } });
    await site.work.stop('SIGTERM');
    await site.query(`INSERT INTO mails (address, purpose, user_id, seed, due_at, created_at, error)
        SELECT CONCAT(seq, '-${stamp}@example.com'), 0, NULL, REPEAT('x', 24), NULL, UTC_TIMESTAMP(6) - INTERVAL 8 DAY, 'given up'
        FROM seq_1_to_250;
        INSERT INTO users (uid, username, username_fold, email, email_fold, password_hash)
        SELECT UNHEX(MD5(CONCAT(seq, '-${stamp}'))), CONCAT('old-', seq), CONCAT('old-', seq), CONCAT(seq, '-${stamp}@example.com'),
        CONCAT(seq, '-${stamp}@example.com'), '' FROM seq_1_to_250;
        INSERT INTO mail_tokens (hash, user_id, purpose, address, expires_at)
        SELECT UNHEX(SHA2(id, 256)), id, 1, email_fold, UTC_TIMESTAMP(6) - INTERVAL 1 SECOND FROM users WHERE username LIKE 'old-%'`);
    const old = async () => [await site.count('mails', "error = 'given up'"), await site.count('mail_tokens', 'expires_at < UTC_TIMESTAMP(6)')];
    assert.deepEqual(await old(), [250, 250]);
    const kept = await site.count('mail_tokens', 'expires_at > UTC_TIMESTAMP(6)');
    site.startWork();
    await until('it is gone', async () => (await old()).every((n) => n === 0));
    assert.equal(await site.count('mail_tokens'), kept);
});

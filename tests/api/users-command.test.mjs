// `quire user grant`, `revoke`, `delete` and `list`: who is there and holds what, from the command line.
import assert from 'node:assert/strict';
import { assertError } from './lib/contract.mjs';
import { atGate, closeGate, gateReached, lockAwaited } from './lib/locks.mjs';
import { sleep } from './lib/processes.mjs';
import { startSite } from './lib/site.mjs';
import { test } from './lib/test.mjs';

const site = await startSite({ settings: { WORKERS: 2 } });

const user = (...words) => site.quire(['user', ...words.map(String)]);

/** It went well and said so, on standard output. */
async function assertDone(done, said) {
    const { code, stdout, stderr } = await done;
    assert.equal(code, 0, stderr);
    assert.equal(stderr, '');
    assert.equal(stdout, `${said}\n`);
}

/** It failed with one sentence, on standard error. */
async function assertFailed(done, pattern) {
    const { code, stdout, stderr } = await done;
    assert.equal(code, 1, stderr);
    assert.equal(stdout, '');
    assert.match(stderr, /^quire: [^\n]+\n$/);
    assert.match(stderr, pattern);
}

const held = (name, role) => site.count(`user_roles ur JOIN users u ON u.id = ur.user_id
    JOIN roles r ON r.id = ur.role_id`, `u.username = '${name}' AND BINARY r.name = '${role}'`);

/** Makes these people admins, and nobody else one. */
async function makeAdmins(...people) {
    for (const { username } of people) {
        await site.mustQuire(['user', 'grant', '--username', username, '--role', 'admin']);
    }
    const others = await site.query(`SELECT u.username FROM users u JOIN user_roles ur ON ur.user_id = u.id
        JOIN roles r ON r.id = ur.role_id WHERE r.name = 'admin' AND u.id NOT IN (${people.map(({ id }) => id)})`);
    for (const { username } of others) {
        await site.mustQuire(['user', 'revoke', '--username', username, '--role', 'admin']);
    }
}

test('a role of another spelling makes no admin, and nobody the last one', async () => {
    const eve = await site.signUp();
    await site.query(`INSERT INTO roles (name, name_fold) VALUES ('Admin', 'admin');
        INSERT INTO user_roles (user_id, role_id) SELECT ${eve.id}, id FROM roles WHERE name_fold = 'admin'`);
    assert.equal(await held(eve.username, 'Admin'), 1);
    assertError(await site.get('/users', eve), 403, 'forbidden');
    const json = { current_password: eve.password };
    assert.equal((await site.request('DELETE', '/users/me', { token: eve.token, json })).status, 204);
    await site.query("DELETE FROM roles WHERE name_fold = 'admin'");
});

test('grant gives rights from the next request on, and makes the role when there is none', async () => {
    const ada = await site.signUp();
    assert.equal(await site.count('roles', "name = 'admin'"), 0);
    assert.equal((await site.get('/users', ada)).status, 403);
    await assertDone(user('grant', '--username', ada.username.toUpperCase(), '--role', 'admin'),
        `${ada.username} now holds the role admin`);
    assert.equal((await site.get('/users', ada)).status, 200);
    await assertDone(user('grant', '--username', ada.username, '--role', 'admin'),
        `${ada.username} already holds the role admin`);
    assert.equal(await held(ada.username, 'admin'), 1);

    const bob = await site.signUp();
    const at = bob.email.replace('@example.com', '@EXAMPLE.com');
    await assertDone(user('grant', '--email', at, '--role', 'Leser & Freund'),
        `${bob.username} now holds the role Leser & Freund`);
    assert.equal(await held(bob.username, 'Leser & Freund'), 1);

    await assertFailed(user('revoke', '--username', ada.username, '--role', 'admin'),
        new RegExp(`^quire: ${ada.username} is the last admin who can act, and stays one\n$`));
    assert.equal((await site.get('/users', ada)).status, 200);
    await assertDone(user('grant', '--role', 'admin', '--email', bob.email), `${bob.username} now holds the role admin`);
    await assertDone(user('revoke', '--email', ada.email, '--role', 'admin'),
        `${ada.username} no longer holds the role admin`);
    assert.equal((await site.get('/users', ada)).status, 403);
    assert.equal((await site.get('/users', bob)).status, 200);
    await assertFailed(user('revoke', '--email', ada.email, '--role', 'admin'), /does not hold the role admin/);
});

test('an admin who is switched off does not count', async () => {
    const [one, two] = [await site.signUp(), await site.signUp()];
    await makeAdmins(one, two);
    await site.query(`UPDATE users SET is_active = 0 WHERE id = ${two.id}`);
    await assertFailed(user('revoke', '--username', one.username, '--role', 'admin'), /last admin/);
    await assertDone(user('revoke', '--username', two.username, '--role', 'admin'),
        `${two.username} no longer holds the role admin`);
});

test('a moderator is one by exactly that name', async () => {
    const cleo = await site.signUp();
    await assertDone(user('grant', '--username', cleo.username, '--role', 'moderator'),
        `${cleo.username} now holds the role moderator`);
    await assertFailed(user('grant', '--username', cleo.username, '--role', 'Moderator'), /moderator.*stands in the way/);
    await assertFailed(user('revoke', '--username', cleo.username, '--role', 'Moderator'), /does not hold/);
    await assertFailed(user('list', '--role', 'Moderator'), /there is no role called Moderator/);
    assert.equal(await held(cleo.username, 'moderator'), 1);
});

for (const [name, words, pattern] of [
    ['an unknown username', ['grant', '--username', 'nobody-here', '--role', 'x'], /no user with the username nobody-here/],
    ['an unknown address', ['revoke', '--email', 'nobody@example.com', '--role', 'x'],
        /no user with the e-mail address nobody@example\.com/],
    ['a text that is no address', ['grant', '--email', 'nobody', '--role', 'x'], /e-mail address nobody/],
    ['somebody to delete who is not there', ['delete', '--username', 'nobody-here'], /no user with the username nobody-here/],
    ['a role without a name', ['grant', '--username', 'nobody-here', '--role', ''], /at least 1 character/],
    ['a role with too long a name', ['grant', '--username', 'nobody-here', '--role', 'x'.repeat(51)],
        /at most 50 characters/],
    ['a list of a role that is not there', ['list', '--role', 'nothing'], /there is no role called nothing/],
]) {
    test(`${name}: exit status 1 and a sentence`, async () => {
        const roles = await site.count('roles');
        await assertFailed(user(...words), pattern);
        assert.equal(await site.count('roles'), roles);
    });
}

for (const [name, words, pattern] of [
    ['grant without a person', ['grant', '--role', 'x'], /either --email or --username/],
    ['grant with two', ['grant', '--role', 'x', '--email', 'a@example.com', '--username', 'a'],
        /either --email or --username/],
    ['revoke without a role', ['revoke', '--username', 'ada'], /--role/],
    ['grant with a bare --role', ['grant', '--username', 'ada', '--role'], /--role/],
    ['revoke with an unknown option', ['revoke', '--all', 'x'], /--all/],
    ['delete without a person', ['delete'], /either --email or --username/],
    ['delete with a role', ['delete', '--username', 'ada', '--role', 'x'], /`--role`/],
    ['list with a limit of nothing', ['list', '--limit', '0'], /--limit .*`0`/],
    ['list with a word as limit', ['list', '--limit', 'all'], /--limit .*`all`/],
    ['list with an unknown option', ['list', '--active'], /--active/],
]) {
    test(`${name}: exit status 2 and a sentence`, async () => {
        const done = await user(...words);
        assert.equal(done.code, 2, done.stderr);
        assert.equal(done.stdout, '');
        assert.match(done.stderr.split('\n')[0], pattern);
        assert.match(done.stderr, /\nTry `quire user --help`\.\n$/);
    });
}

test('delete takes along what the API does, and is on record', async () => {
    const [ada, bob] = [await site.signUp(), await site.signUp()];
    const [hers, his] = [await site.createPost(ada), await site.createPost(bob)];
    assert.equal((await site.put(`/posts/${his.id}/vote`, { vote_type: 'upvote' }, ada)).status, 201);
    assert.equal((await site.post(`/posts/${his.id}/comments`, { text: 'of ada' }, ada)).status, 201);
    assert.equal((await site.get(`/posts/${his.id}`)).json.votes, 1);

    await assertDone(user('delete', '--email', ada.email.toUpperCase()), `deleted user ${ada.id}, ${ada.username}`);
    assertError(await site.get('/users/me', ada), 401);
    assert.equal((await site.get(`/posts/${hers.id}`)).status, 404);
    assert.equal((await site.get(`/posts/${his.id}`)).json.votes, 0);
    assert.equal(await site.count('comments', `post_id = ${his.id}`), 0);
    const [event] = await site.query(`SELECT * FROM audit_events ORDER BY id DESC LIMIT 1`);
    assert.deepEqual([event.event, event.subject_id, event.actor_id], ['13', String(ada.id), null]);
    await assertFailed(user('delete', '--username', ada.username), /there is no user/);
});

test('the last admin is not deleted', async () => {
    const ada = await site.signUp();
    await makeAdmins(ada);
    await assertFailed(user('delete', '--username', ada.username),
        new RegExp(`^quire: ${ada.username} is the last admin who can act, and stays one\n$`));
    assert.equal(await site.count('users', `id = ${ada.id}`), 1);
});

test('delete of somebody who goes in that moment says so', async () => {
    const ada = await site.signUp();
    const open = await closeGate(site);
    const other = site.query(`BEGIN; DELETE FROM users WHERE id = ${ada.id}; DO ${atGate(site)}; COMMIT`);
    await gateReached(site);
    const late = user('delete', '--username', ada.username);
    await lockAwaited(site);
    await open();
    await other;
    await assertFailed(late, new RegExp(`${ada.username} was deleted by somebody else`));
    assert.equal(await site.count('audit_events', `subject_id = ${ada.id} AND event = 13`), 0);
});

test('delete may take longer than a request may', async () => {
    const ada = await site.signUp();
    await site.createPost(ada);
    await site.query(`CREATE TRIGGER slow BEFORE DELETE ON posts FOR EACH ROW
        DO IF(OLD.owner_id = ${ada.id}, ${atGate(site)}, 0)`);
    const open = await closeGate(site);
    const deleted = site.quire(['user', 'delete', '--username', ada.username], { env: { DB_TIMEOUT: 1 } });
    await gateReached(site);
    await sleep(2000);
    await open();
    assert.equal((await deleted).code, 0, (await deleted).stderr);
    await site.query('DROP TRIGGER slow');
    assert.equal(await site.count('users', `id = ${ada.id}`) + await site.count('posts', `owner_id = ${ada.id}`), 0);
});

test('two admins who take the role from one another: one stays', async () => {
    for (let round = 0; round < 5; round++) {
        const pair = [await site.signUp(), await site.signUp()];
        await makeAdmins(...pair);
        const done = await Promise.all(pair.map(({ username }) => user('revoke', '--username', username, '--role',
            'admin')));
        assert.deepEqual(done.map(({ code }) => code).sort(), [0, 1], done.map(({ stderr }) => stderr).join(''));
        assert.match(done.find(({ code }) => code === 1).stderr, /last admin/);
    }
});

test('a new role granted by several at once is made once', async () => {
    const people = await Promise.all([1, 2, 3, 4].map(() => site.signUp()));
    for (let round = 0; round < 5; round++) {
        const done = await Promise.all(people.map(({ username }) => user('grant', '--username', username, '--role',
            `round ${round}`)));
        assert.deepEqual(done.map(({ code }) => code), [0, 0, 0, 0], done.map(({ stderr }) => stderr).join(''));
        assert.equal(await site.count('roles', `name = 'round ${round}'`), 1);
        assert.equal(await site.count('user_roles ur JOIN roles r ON r.id = ur.role_id', `r.name = 'round ${round}'`), 4);
    }
});

/** The table as objects, by the places of its titles. */
function parse(text) {
    const lines = text.split('\n');
    assert.equal(lines.pop(), '');
    const titles = [...lines[0].matchAll(/\S+/g)];
    assert.deepEqual(titles.map(([name]) => name), ['id', 'username', 'email', 'active', 'roles', 'created']);
    return lines.slice(1).map((line) => {
        const characters = [...line];
        return Object.fromEntries(titles.map(({ 0: name, index }, i) => {
            assert.ok(index === 0 || characters[index - 1] === ' ', `not aligned: ${line}`);
            return [name, characters.slice(index, titles[i + 1]?.index).join('').trimEnd()];
        }));
    });
}

test('list shows everybody by id, also more than it reads at a time', async () => {
    const filled = await startSite({ pool: false, front: false });
    await filled.mustQuire(['seed', '--users', '350']);
    await filled.query(`UPDATE users SET is_active = 0 WHERE id = 120; UPDATE users SET username = 'Zoë Ångström'
        WHERE id = 7`);
    const [name] = await filled.query('SELECT username FROM users WHERE id = 349');
    for (const role of ['moderator', 'admin']) {
        await filled.mustQuire(['user', 'grant', '--username', name.username, '--role', role]);
    }
    const rows = parse(await filled.mustQuire(['user', 'list']));
    const want = await filled.query('SELECT id, username, email, is_active, created_at FROM users ORDER BY id');
    assert.deepEqual(rows, want.map((row) => ({
        id: row.id, username: row.username, email: row.email, active: row.is_active === '1' ? 'yes' : 'no',
        roles: row.id === '349' ? 'moderator, admin' : '-', created: `${row.created_at.slice(0, 19).replace(' ', 'T')}Z`,
    })));
    for (const limit of [1, 99, 100, 101, 200]) {
        const some = parse(await filled.mustQuire(['user', 'list', '--limit', String(limit)]));
        assert.deepEqual(some, rows.slice(0, limit));
    }
    const admins = parse(await filled.mustQuire(['user', 'list', '--role', 'admin']));
    assert.deepEqual(admins.map(({ id }) => id), ['349']);
});

test('list of nobody is its titles; what a terminal would obey is shown as a question mark', async () => {
    const empty = await startSite({ pool: false, front: false });
    assert.deepEqual(parse(await empty.mustQuire(['user', 'list'])), []);
    await site.signUp({ username: 'red \u001b[31malert\u009b\u202e', email: `${site.name()}@example.com` });
    const shown = await site.mustQuire(['user', 'list']);
    assert.match(shown, / red \?\[31malert\?\? /);
    assert.doesNotMatch(shown, /[\u001b\u009b\u202e]/);
    const { email } = await site.signUp({ username: 'blue \u001b[34msky\u202e', email: `${site.name()}@example.com` });
    await assertDone(user('grant', '--email', email, '--role', 'reader'), 'blue ?[34msky? now holds the role reader');
    await assertDone(user('grant', '--email', email, '--role', 'red\u009b31m'), 'blue ?[34msky? now holds the role red\u009b31m');
    const events = await site.mustQuire(['audit', '--event', 'role_granted', '--limit', '1']);
    assert.match(events, /\{"role":"red\?31m"\}/);
    assert.match((await user('delete', '--email', email)).stdout, /^deleted user \d+, blue \?\[34msky\?\n$/);
});

test('a list that cannot be written fails', async () => {
    const { mustRun, environment } = await import('./lib/processes.mjs');
    const { quireBin } = await import('./lib/site.mjs');
    const said = await mustRun('sh', ['-c', `'${quireBin}' user list >/dev/full; echo "status $?"`],
        { cwd: site.dir, env: environment(site.settings) });
    assert.match(said, /^status 1$/m);
});

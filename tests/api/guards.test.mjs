// What must hold while several things happen at once, and at the edges of a site: the last admin who can act, a password
// that was right when it was asked for, locks that others hold, lists that are too big, an installed program.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { assertError } from './lib/contract.mjs';
import { lockAwaited } from './lib/locks.mjs';
import { environment, run, sleep } from './lib/processes.mjs';
import { quireBin, startSite } from './lib/site.mjs';
import { test } from './lib/test.mjs';

const site = await startSite({ settings: { BCRYPT_COST: 10, DB_TIMEOUT: 4 } });

async function makeAdmin() {
    const username = site.name();
    const password = site.password();
    const email = `${username}@example.com`;
    await site.mustQuire(['user', 'create', '--username', username, '--email', email, '--admin'],
        { input: `${password}\n` });
    return site.login({ email, password });
}

async function meOf(person) {
    return (await site.get('/users/me', person)).json;
}

/** Holds a lock on rows until the returned function is called, which ends the transaction. */
async function hold(sql, end = 'ROLLBACK') {
    const { socket } = site.server;
    const client = spawn('mariadb', ['--no-defaults', `--socket=${socket}`, '--user=root', '--unbuffered', '-N',
        site.database.name], { stdio: ['pipe', 'pipe', 'inherit'] });
    client.stdin.write(`BEGIN; ${sql} FOR UPDATE; SELECT 'held';\n`);
    await new Promise((resolve) => {
        let said = '';
        client.stdout.on('data', (bytes) => {
            said += bytes;
            if (said.includes('held')) {
                resolve();
            }
        });
    });
    return () => new Promise((resolve) => {
        client.on('exit', resolve);
        client.stdin.end(`${end};\n`);
    });
}

test('an admin who is switched off does not count: the last one who can act stays', async () => {
    const ada = await makeAdmin();
    const bob = await makeAdmin();
    const [{ id: adaId }, { id: bobId }] = [await meOf(ada), await meOf(bob)];
    assert.equal((await site.patch(`/users/${bobId}`, { is_active: false }, ada)).status, 200);
    assertError(await site.patch(`/users/${adaId}`, { is_active: false }, ada), 409, 'last_admin');
    assertError(await site.delete(`/users/${adaId}`, ada), 409, 'last_admin');
    assert.equal((await site.get('/users', ada)).status, 200);
    assert.equal((await site.patch(`/users/${bobId}`, { is_active: true }, ada)).status, 200);
    const answers = await Promise.all([
        site.patch(`/users/${bobId}`, { is_active: false }, ada),
        site.patch(`/users/${adaId}`, { is_active: false }, bob),
    ]);
    const states = await site.query(
        `SELECT COUNT(*) AS n FROM users WHERE id IN (${adaId}, ${bobId}) AND is_active = 1`);
    assert.equal(states[0].n, '1', answers.map(({ raw }) => raw).join('\n'));
});

test('a log-in with the old password does not outlive its change', async () => {
    for (let round = 0; round < 4; round++) {
        const ada = await site.signUp();
        const change = site.put('/users/me/password', { current_password: ada.password,
            new_password: site.password() }, ada);
        await sleep(40 * round);
        const late = await site.post('/auth/login', { email: ada.email, password: ada.password });
        assert.equal((await change).status, 204);
        if (late.status === 200) {
            const token = site.keep(late.json.access_token);
            assertError(await site.get('/users/me', { token }), 401, 'invalid_token');
        } else {
            assertError(late, 401, 'invalid_credentials');
        }
        assert.equal((await site.get('/users/me', ada)).status, 200);
    }
});

test('a log-in that waited for its account finds it as it is then', async () => {
    for (const change of ['is_active = 0', "password_hash = 'x'"]) {
        const ada = await site.signUp();
        const release = await hold(`UPDATE users SET ${change} WHERE id = ${ada.id}; SELECT id FROM users
            WHERE id = ${ada.id}`, 'COMMIT');
        const login = site.post('/auth/login', { email: ada.email, password: ada.password });
        await lockAwaited(site);
        await release();
        assertError(await login, 401, 'invalid_credentials');
    }
});

test('of two changes of one password at once, one is done', async () => {
    const ada = await site.signUp();
    const news = [site.password(), site.password()];
    const answers = await Promise.all(news.map((password) => site.put('/users/me/password',
        { current_password: ada.password, new_password: password }, ada)));
    assert.deepEqual(answers.map(({ status }) => status).sort(), [204, 403]);
    const winner = news[answers.findIndex(({ status }) => status === 204)];
    assert.equal((await site.post('/auth/login', { email: ada.email, password: winner })).status, 200);
});

test('a lock that somebody else holds is waited for, and no connection is lost over it', async () => {
    const ada = await site.signUp();
    const post = await site.createPost(ada);
    const release = await hold(`SELECT id FROM posts WHERE id = ${post.id}`);
    const vote = site.put(`/posts/${post.id}/vote`, { vote_type: 'upvote' }, ada);
    await sleep(2500); // longer than one wait for the lock, shorter than what is tried in all
    await release();
    assert.equal((await vote).status, 201);
    assert.equal((await site.get(`/posts/${post.id}`)).json.votes, 1);
    const long = await hold(`SELECT id FROM posts WHERE id = ${post.id}`);
    const refused = await site.delete(`/posts/${post.id}/vote`, ada);
    await long();
    assertError(refused, 503, 'lock_timeout');
    assert.ok(refused.headers['retry-after']);
    assert.equal((await site.get(`/posts/${post.id}`)).json.votes, 1);
});

test('voters come in the order of their votes', async () => {
    const [ada, bob, cyd] = [await site.signUp(), await site.signUp(), await site.signUp()];
    const post = await site.createPost(ada);
    for (const voter of [cyd, ada, bob]) {
        await site.put(`/posts/${post.id}/vote`, { vote_type: 'upvote' }, voter);
    }
    assert.deepEqual((await site.get(`/posts/${post.id}/voters`)).json.map(({ id }) => id), [cyd.id, ada.id, bob.id]);
});

test('a role of another spelling is no admin role, and user create says so', async () => {
    const other = await startSite({ pool: false, front: false });
    await other.query("INSERT INTO roles (name, name_fold) VALUES ('Admin', 'admin')");
    const { code, stderr } = await other.quire(['user', 'create', '--username', 'eve', '--email', 'eve@example.com',
        '--admin'], { input: 'long-enough-1\n' });
    assert.equal(code, 1);
    assert.match(stderr, /the role "Admin" stands in the way/);
    assert.equal((await other.query("SELECT id FROM users WHERE username = 'eve'")).length, 0);
    await other.stop();
});

test('expired sessions go at the next log-in of their owner', async () => {
    const ada = await site.signUp();
    await site.query(`UPDATE sessions SET expires_at = '2020-01-01' WHERE user_id = ${ada.id}`);
    assertError(await site.get('/users/me', ada), 401, 'invalid_token');
    await site.login(ada);
    assert.equal((await site.query(`SELECT id FROM sessions WHERE user_id = ${ada.id}`)).length, 1);
});

test('an installed program finds its migrations from anywhere', async () => {
    const { MIGRATIONS_DIR, ...settings } = site.settings;
    assert.ok(MIGRATIONS_DIR);
    // Where `make install` puts them is compiled in; on this machine that may have been done or not.
    const [installed] = /\/[\w./-]+\/share\/quire\/migrations/.exec(readFileSync(quireBin, 'latin1'));
    const { code, signal, stderr } = await run(quireBin, ['migrate', 'status'], { env: environment(settings) });
    assert.deepEqual([code, signal, stderr], existsSync(installed) ? [0, null, '']
        : [1, null, `quire: ${installed}: No such file or directory\n`]);
});

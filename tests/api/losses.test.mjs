// Losses: the connection to the database is cut before and after every single command of a request, and within the
// answer to it. What was lost before the COMMIT is done again and succeeds; what was lost on the COMMIT is reported
// and never done twice.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { assertError } from './lib/contract.mjs';
import { sharedServer } from './lib/mariadb.mjs';
import { folder, sleep, until } from './lib/processes.mjs';
import { startProxy } from './lib/proxy.mjs';
import { startSite } from './lib/site.mjs';
import { test } from './lib/test.mjs';

const server = await sharedServer();
const proxy = await startProxy(join(folder(), 'p'), server.socket);
// One worker, so that its statements are prepared once and the commands of a request are always the same.
const site = await startSite({ settings: { DB_SOCKET: join(folder(), 'p'), WORKERS: 1 } });
const ada = await site.signUp();
const bob = await site.signUp();

const vote = (post, person) => `user_id = ${person.id} AND post_id = ${post.id}`;

// What is prepared, what is asked, the status of success, and the rows that count whether it was done: [table,
// condition, before, after].
const cases = {
    'a post is read': {
        prepare: () => site.createPost(ada),
        ask: (post) => site.get(`/posts/${post.id}`, ada),
        status: 200,
    },
    'a list is read': { prepare: () => null, ask: () => site.get('/posts?limit=3'), status: 200 },
    'a post is created': {
        prepare: () => site.name('created'),
        ask: (title) => site.post('/posts', { title, content: 'c' }, ada),
        status: 201,
        single: true,
        rows: (title) => ['posts', `title = '${title}'`, 0, 1],
    },
    'a post is patched': {
        prepare: async () => ({ ...await site.createPost(ada), next: site.name('patched') }),
        ask: ({ id, next }) => site.patch(`/posts/${id}`, { title: next }, ada),
        status: 200,
        rows: ({ id, next }) => ['posts', `id = ${id} AND title = '${next}'`, 0, 1],
    },
    'a post with a vote is deleted': {
        prepare: async () => {
            const post = await site.createPost(ada);
            await site.put(`/posts/${post.id}/vote`, { vote_type: 'upvote' }, bob);
            return post;
        },
        ask: ({ id }) => site.delete(`/posts/${id}`, ada),
        status: 204,
        rows: ({ id }) => ['posts', `id = ${id}`, 1, 0],
    },
    'a vote is given': {
        prepare: () => site.createPost(ada),
        ask: (post) => site.put(`/posts/${post.id}/vote`, { vote_type: 'upvote' }, bob),
        status: 201,
        rows: (post) => ['votes', vote(post, bob), 0, 1],
    },
    'a vote is turned': {
        prepare: async () => {
            const post = await site.createPost(ada);
            await site.put(`/posts/${post.id}/vote`, { vote_type: 'upvote' }, bob);
            return post;
        },
        ask: (post) => site.put(`/posts/${post.id}/vote`, { vote_type: 'downvote' }, bob),
        status: 200,
        rows: (post) => ['votes', `${vote(post, bob)} AND vote_type = -1`, 0, 1],
    },
    'a vote is taken back': {
        prepare: async () => {
            const post = await site.createPost(ada);
            await site.put(`/posts/${post.id}/vote`, { vote_type: 'downvote' }, bob);
            return post;
        },
        ask: (post) => site.delete(`/posts/${post.id}/vote`, bob),
        status: 204,
        rows: (post) => ['votes', vote(post, bob), 1, 0],
    },
    'somebody registers': {
        prepare: () => site.name(),
        ask: (username) => site.post('/auth/register',
            { username, email: `${username}@example.com`, password: site.password() }),
        status: 201,
        rows: (username) => ['users', `username = '${username}'`, 0, 1],
    },
    'somebody logs in': {
        prepare: () => site.signUp(),
        ask: async (person) => {
            const answer = await site.post('/auth/login', { email: person.email, password: person.password });
            site.keep(answer.json.access_token ?? 'none');
            return answer;
        },
        status: 200,
        rows: ({ id }) => ['sessions', `user_id = ${id}`, 1, 2],
    },
    'somebody logs out': {
        prepare: () => site.login(bob),
        ask: (person) => site.post('/auth/logout', undefined, person),
        status: 204,
    },
    'a password is changed': {
        prepare: async () => {
            const person = await site.signUp();
            await site.login(person);
            return person;
        },
        ask: (person) => site.put('/users/me/password',
            { current_password: person.password, new_password: site.password() }, person),
        status: 204,
        rows: ({ id }) => ['sessions', `user_id = ${id}`, 2, 1],
    },
    'a user who voted is deleted': {
        prepare: async () => {
            const person = await site.signUp();
            await site.createPost(person);
            await site.put(`/posts/${(await site.createPost(ada)).id}/vote`, { vote_type: 'upvote' }, person);
            return person;
        },
        ask: (person) => site.delete(`/users/${person.id}`, person),
        status: 204,
        rows: ({ id }) => ['users', `id = ${id}`, 1, 0],
    },
};

for (const [name, { prepare, ask, status, rows, single = false }] of Object.entries(cases)) {
    test(`${name}, and the connection is lost at each command`, async () => {
        // The shortest of some: now and then, by chance, a request drops old rows, too.
        let length = Infinity;
        for (const sample of [await prepare(), await prepare(), await prepare()]) {
            await ask(await prepare());
            proxy.watch();
            assert.equal((await ask(sample)).status, status);
            length = Math.min(length, proxy.commands.length);
        }
        assert.ok(length > 0 && length < 20, proxy.commands.join(', '));

        for (const when of ['before', 'after', 'within']) {
            for (let at = 1, fired = true; fired; ++at) {
                const thing = await prepare();
                // The connection that the last round has cost is there again, and its statements are prepared.
                await ask(await prepare());
                proxy.arm(at, when);
                const answer = await ask(thing);
                const what = `cut ${when} ${at} of ${proxy.commands.join(', ')}`;
                ({ fired } = proxy); // until there is no such command
                assert.ok(fired || at > length, what);
                // What is a transaction by itself is committed by its last command.
                const commit = fired && (/^COMMIT$/i.test(proxy.commands[at - 1]) || (single && at === length));
                if (commit) {
                    assertError(answer, 503, 'outcome_unknown');
                } else {
                    assert.equal(answer.status, status, `${what}: ${answer.raw}`);
                }
                if (rows !== undefined) {
                    const [table, condition, undone, done] = rows(thing);
                    const expected = commit && when === 'before' ? undone : done;
                    // Where the connection was cut in front of it, the server takes a moment to notice and to undo.
                    const settled = async () => await site.count(table, condition) === expected;
                    await until(`${what}: ${expected} rows`, settled);
                }
                proxy.watch();
            }
        }
        await sleep(20);
        await site.assertCounters();
    });
}

test('two losses in one request are no endless loop', async () => {
    const post = await site.createPost(ada);
    await site.patch(`/posts/${post.id}`, { title: 'once' }, ada); // the connection is there
    const workers = site.workers();
    proxy.arm(4, 'before', 2); // in front of the COMMIT; then in the next attempt, behind the settings of its connection
    const answer = await site.patch(`/posts/${post.id}`, { title: 'twice' }, ada);
    assert.ok(proxy.fired, proxy.commands.join(', '));
    proxy.watch();
    assertError(answer, 503, 'connection_lost');
    assert.equal(await site.count('posts', "title = 'twice'"), 0);
    assert.deepEqual(site.workers(), workers);
    assert.equal((await site.get('/posts')).status, 200);
});

// `quire seed`: the same community from the same arguments, its counters right, and what happens when it is refused
// or interrupted.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { environment, run, start, tail, until } from './lib/processes.mjs';
import { quireBin, startSite } from './lib/site.mjs';
import { test } from './lib/test.mjs';

const TABLES = ['users', 'profiles', 'tags', 'posts', 'post_tags', 'comments', 'votes', 'books', 'book_tags', 'reviews',
    'microposts'];
const KINDS = ['users', 'tags', 'posts', 'comments', 'votes', 'books', 'reviews', 'microposts'];
const SMALL = { users: 40, tags: 90, posts: 700, comments: 1500, votes: 2000, books: 60, reviews: 400, microposts: 300 };

const site = await startSite({ settings: { WORKERS: 2 } });
const bare = (settings) => startSite({ pool: false, front: false, settings });

function args(counts, ...more) {
    return ['seed', ...Object.entries(counts).flatMap(([name, n]) => [`--${name}`, n]), ...more].map(String);
}

/** A hash of all rows of a table, in the order of its key. */
async function fingerprint(where, table) {
    const columns = await where.query(`SELECT column_name AS name, data_type AS type, column_key AS part
        FROM information_schema.columns WHERE table_schema = '${where.database.name}' AND table_name = '${table}'
        ORDER BY ordinal_position`);
    const list = columns.map(({ name, type }) => /binary|blob/.test(type) ? `HEX(${name}) AS ${name}` : name);
    const key = columns.filter(({ part }) => part === 'PRI').map(({ name }) => name);
    const rows = await where.query(`SELECT ${list.join(', ')} FROM ${table} ORDER BY ${key.join(', ')}`);
    return { rows: rows.length, hash: createHash('sha256').update(JSON.stringify(rows)).digest('hex') };
}

async function fingerprints(where) {
    return Object.fromEntries(await Promise.all(TABLES.map(async (name) => [name, await fingerprint(where, name)])));
}

async function counts(where) {
    return Object.fromEntries(await Promise.all(KINDS.map(async (name) => [name, await where.count(name)])));
}

/** Every stored counter equals the rows that it counts, and comments answer comments on the same post, later. */
async function assertWhole(where) {
    assert.deepEqual(await where.query(`SELECT p.id FROM posts p
        LEFT JOIN (SELECT post_id, count(*) AS n, sum(vote_type) AS s FROM votes GROUP BY post_id) v ON v.post_id = p.id
        LEFT JOIN (SELECT post_id, count(*) AS n FROM comments GROUP BY post_id) c ON c.post_id = p.id
        WHERE p.votes <> coalesce(v.n, 0) OR p.score <> coalesce(v.s, 0) OR p.comment_count <> coalesce(c.n, 0)`), []);
    assert.deepEqual(await where.query(`SELECT hex(b.uid) FROM books b
        LEFT JOIN (SELECT book_uid, count(*) AS n, sum(rating) AS s FROM reviews GROUP BY book_uid) r
        ON r.book_uid = b.uid
        WHERE b.review_count <> coalesce(r.n, 0) OR b.rating_sum <> coalesce(r.s, 0)`), []);
    assert.deepEqual(await where.query(`SELECT c.id FROM comments c JOIN comments p ON p.id = c.parent_id
        WHERE p.post_id <> c.post_id OR p.created_at > c.created_at OR p.id >= c.id`), []);
    assert.equal(await where.count('profiles'), await where.count('users'));
}

test('the same arguments give the same rows, another --seed gives others', async () => {
    const sites = [await bare(), await bare(), await bare()];
    for (const [i, seed] of [3, 3, 4].entries()) {
        const done = await sites[i].quire(args(SMALL, '--seed', seed));
        assert.equal(done.code, 0, done.stderr);
        assert.match(done.stdout, /^seeded 40 users, 90 tags, 700 posts, .* \d+ rows in [\d.]+ s, \d+ a second\n$/);
    }
    const [one, same, other] = await Promise.all(sites.map(fingerprints));
    assert.deepEqual(one, same);
    assert.deepEqual(await counts(sites[0]), SMALL);
    for (const table of TABLES) {
        assert.ok(one[table].rows > 0, table);
        assert.notEqual(one[table].hash, other[table].hash, table);
    }
    await assertWhole(sites[0]);
    await assertWhole(sites[2]);
});

test('the community is alive: threads, unpublished posts, several tags, a site that shows all of it', async () => {
    const done = await site.quire(args(SMALL));
    assert.equal(done.code, 0, done.stderr);
    const [{ deep }] = await site.query(`WITH RECURSIVE t AS (SELECT id, 1 AS depth FROM comments WHERE parent_id IS NULL
        UNION ALL SELECT c.id, depth + 1 FROM comments c JOIN t ON c.parent_id = t.id) SELECT max(depth) AS deep FROM t`);
    assert.ok(Number(deep) >= 4, `threads are ${deep} deep`);
    const hidden = await site.count('posts', 'published = 0');
    assert.ok(hidden > 20 && hidden < 120, `${hidden} posts are unpublished`);
    assert.ok(await site.count('(SELECT post_id FROM post_tags GROUP BY post_id HAVING count(*) > 1) AS t') > 50);
    assert.equal(await site.count('posts', "created_at < '2025-02-01' OR updated_at >= '2026-01-01'"), 0);

    const [{ email }] = await site.query('SELECT email FROM users WHERE id = 7');
    const person = await site.login({ email, password: 'Paper-Lantern-7' });
    const me = await site.get('/users/me', person);
    assert.equal(me.status, 200, me.raw);
    const posts = await site.get('/posts?limit=10&sort_by=-score');
    assert.equal(posts.json.length, 10);
    assert.ok(posts.json[0].score >= posts.json[9].score && posts.json[0].votes > 0);
    const [{ id }] = await site.query('SELECT id FROM posts WHERE published = 1 ORDER BY comment_count DESC LIMIT 1');
    const tree = await site.get(`/posts/${id}/comments?view=tree`);
    assert.equal(tree.status, 200, tree.raw);
    assert.ok(tree.json.length > 0);
    for (const path of ['/books?limit=5', '/tags?limit=5', '/microposts?limit=5']) {
        const answer = await site.get(path);
        assert.equal(answer.status, 200, answer.raw);
        assert.equal(answer.json.length, 5, path);
    }
    const created = await site.createPost(person, { title: 'behind them' });
    assert.equal(created.id, SMALL.posts + 1);
});

test('a database that holds users is refused; --append goes on behind them', async () => {
    const before = await counts(site);
    const done = await site.quire(args({ users: 5 }));
    assert.equal(done.code, 1);
    assert.match(done.stderr, /^quire: the database holds users already: --append adds to them\n$/);
    assert.deepEqual(await counts(site), before);
    for (let i = 1; i <= 2; i++) {
        const more = await site.quire(args(SMALL, '--append', '--password', 'another-secret'));
        assert.equal(more.code, 0, more.stderr);
        const now = await counts(site);
        for (const kind of KINDS) {
            assert.equal(now[kind], before[kind] + i * SMALL[kind], kind);
        }
    }
    await assertWhole(site);
    const [{ email }] = await site.query('SELECT email FROM users ORDER BY id DESC LIMIT 1');
    await site.login({ email, password: 'another-secret' });
});

test('production is refused without --yes', async () => {
    const prod = await bare({ APP_ENV: 'production' });
    const done = await prod.quire(args({ users: 2 }));
    assert.equal(done.code, 1);
    assert.match(done.stderr, /^quire: APP_ENV is production: .*--yes/);
    assert.equal(await prod.count('users'), 0);
    assert.equal((await prod.quire(args({ users: 2 }, '--yes'))).code, 0);
    assert.equal(await prod.count('users'), 2);
});

test('everybody votes on everything, when that is what is wanted', async () => {
    const full = await bare();
    const done = await full.quire(args({ users: 7, posts: 30, votes: 210, books: 11, reviews: 77 }));
    assert.equal(done.code, 0, done.stderr);
    assert.equal(await full.count('posts', 'votes = 7'), 30);
    assert.equal(await full.count('books', 'review_count = 7'), 11);
    await assertWhole(full);
});

for (const [name, list, pattern] of [
    ['nothing', [], /how much/],
    ['zeroes', ['--users', '0', '--posts', '0'], /how much/],
    ['a word', ['--posts', 'many'], /--posts must be a number from 0 to 100000000, not `many`/],
    ['a negative number', ['--votes', '-1'], /--votes .*`-1`/],
    ['too many', ['--comments', '100000001'], /--comments .*100000000/],
    ['an option without its value', ['--books'], /--books/],
    ['a seed that is none', ['--users', '1', '--seed', '4294967296'], /--seed/],
    ['an unknown option', ['--cats', '3'], /--cats/],
    ['a word of its own', ['now'], /now/],
    ['a short option', ['-', '1'], /-/],
    ['posts of nobody', ['--posts', '3'], /posts .*users/],
    ['more votes than voters', ['--users', '2', '--posts', '2', '--votes', '5'], /5 votes .* 4 /],
    ['a short password', ['--users', '1', '--password', 'short'], /--password/],
    ['a password that is too long', ['--users', '1', '--password', 'x'.repeat(73)], /--password/],
]) {
    test(`${name}: exit status 2, a sentence, and nothing is touched`, async () => {
        const done = await site.quire(['seed', ...list], { env: { DB_SOCKET: '/nowhere' } });
        assert.equal(done.code, 2, done.stderr);
        assert.match(done.stderr.split('\n')[0], /^quire: \S/);
        assert.match(done.stderr.split('\n')[0], pattern);
        assert.match(done.stderr, /\nTry `quire seed --help`\.\n$/);
    });
}

const LARGE = { users: 500, posts: 200000, comments: 300000, votes: 400000, tags: 100 };

/** Starts a large one and waits until some posts are committed. */
async function begin(where) {
    const log = join(where.dir, 'seed.out');
    const child = start(quireBin, args(LARGE), { env: environment(where.settings), cwd: where.dir, log });
    await until('posts are there', async () => await where.count('posts') > 2000);
    return { child, log };
}

/** What it says is there is what is there; and, when the connection was lost on a COMMIT, perhaps 512 posts more. */
async function assertSaid(where, log) {
    const said = tail(log);
    const now = await counts(where);
    const [, posts] = /what is committed stays and is whole: .*?(\d+) posts/.exec(said);
    const unknown = said.endsWith('; the last transaction may be there, too');
    assert.ok(now.posts > 2000 && now.posts < LARGE.posts, `${now.posts} posts`);
    assert.ok([0, unknown ? 512 : 0].includes(now.posts - posts), `${now.posts} posts: ${said}`);
    for (const kind of now.posts > posts ? ['users', 'tags'] : ['users', 'tags', 'comments', 'votes']) {
        assert.match(said, new RegExp(`what is committed stays and is whole: .*\\b${now[kind]} ${kind}\\b`));
    }
    await assertWhole(where);
}

for (const signal of ['SIGINT', 'SIGTERM']) {
    test(`interrupted by ${signal} it says what is there, and nothing is half there`, async () => {
        const where = await bare();
        const { child, log } = await begin(where);
        const how = await child.stop(signal);
        assert.equal(how.code, 1, tail(log));
        assert.match(tail(log), /^quire: interrupted; /m);
        await assertSaid(where, log);
    });
}

test('a connection that is lost leaves what is committed', async () => {
    const where = await bare();
    const { child, log } = await begin(where);
    await where.server.killConnections(where.database.user);
    assert.equal((await child.wait()).code, 1, tail(log));
    assert.match(tail(log), /^quire: \d+ .*; what is committed stays/m);
    await assertSaid(where, log);
});

test('a lock that is held for longer than it waits is waited for again', async () => {
    const where = await bare();
    const holder = where.query(`BEGIN; INSERT INTO users (id, uid, username, email, password_hash, username_fold,
        email_fold) VALUES (3, 'abcdefghijklmnop', 'held', 'held@example.com', 'x', 'held', 'held@example.com');
        SELECT SLEEP(5); ROLLBACK`);
    await until('the row is held', () => where.count('information_schema.processlist',
        `db = '${where.database.name}' AND state = 'User sleep'`));
    const done = await where.quire(args({ users: 20, posts: 20 }));
    assert.equal(done.code, 0, done.stderr);
    assert.equal(await where.count('users'), 20);
    await holder;
});

test('tags go on behind names that people have used', async () => {
    const where = await bare();
    await where.mustQuire(args({ users: 1, tags: 3 }));
    await where.query("INSERT INTO tags (uid, name, name_fold) VALUES ('abcdefghijklmnop', 'Ferry', 'ferry')");
    await where.mustQuire(args({ users: 1, tags: 600, posts: 5 }, '--append'));
    assert.equal(await where.count('tags'), 604);
    const names = (await where.query('SELECT name FROM tags WHERE created_at < NOW() - INTERVAL 1 DAY ORDER BY name'));
    assert.equal(names.filter(({ name }) => ['lantern', 'ferry'].includes(name.toLowerCase())).length, 1);
    assert.deepEqual(names.filter(({ name }) => name.length > 40), []);
});

test('a name that is taken: it stops with a sentence, its transaction undone', async () => {
    const [one, other] = [await bare(), await bare()];
    for (const where of [one, other]) {
        await where.mustQuire(args({ users: 3 }));
    }
    await one.mustQuire(args({ users: 1 }, '--append'));
    const [{ username }] = await one.query('SELECT username FROM users WHERE id = 4');
    await other.query(`UPDATE users SET username = '${username}', username_fold = '${username}' WHERE id = 2`);
    const done = await other.quire(args({ users: 1, tags: 9 }, '--append'));
    assert.equal(done.code, 1, done.stdout);
    assert.equal(done.stderr, 'quire: a user with this username already exists; what is committed stays and is whole: '
        + 'nothing\n');
    assert.equal(await other.count('users'), 3);
    assert.equal(await other.count('tags'), 0);
});

test('an empty database: the sentence says what is missing', async () => {
    const empty = await startSite({ migrate: false, pool: false, front: false });
    const done = await empty.quire(args({ users: 1 }));
    assert.equal(done.code, 1);
    assert.match(done.stderr, /^quire: .*users/);
});

test('on a terminal there is a bar, which goes away', async () => {
    const where = await bare();
    const command = [quireBin, ...args({ users: 600, posts: 600 })].map((word) => `'${word}'`).join(' ');
    const done = await run('script', ['-qec', command, '/dev/null'],
        { cwd: where.dir, env: environment({ ...where.settings, TERM: 'xterm' }) });
    assert.equal(done.code, 0, done.stdout);
    assert.match(done.stdout, /\r\[#+\.+\] +\d+ %  \w+ \d+ of \d+, \d+ rows\/s, \d+:\d\d left/);
    assert.match(done.stdout, /\r\x1b\[Kseeded 600 users, 600 posts/);
});

// The community of `make run` (scripts/demo), and the stories that `quire seed --from` takes: all of it is there with its
// times and counters, a second time adds nothing, and one wrong word leaves nothing.
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { environment, mustRun, root, run } from './lib/processes.mjs';
import { quireBin, startSite } from './lib/site.mjs';
import { test } from './lib/test.mjs';

const TABLES = ['users', 'profiles', 'tags', 'posts', 'comments', 'votes', 'books', 'reviews', 'microposts', 'tweet_threads'];
const DAY = 24 * 60 * 60 * 1000;
const counts = (site) => Promise.all(TABLES.map((name) => site.count(name)));

test('the demo: people with pictures, posts of the last months, threads; run twice it adds nothing', async () => {
    const site = await startSite({ work: true });
    const origin = `http://127.0.0.1:${site.front.port}`;
    const demo = () => mustRun(join(root, 'scripts/demo'), [origin],
        { env: environment({ ...site.settings, QUIRE_BIN: quireBin }) });
    await demo();
    const before = await counts(site);
    assert.ok(before.every((n) => n > 0), `${before}`);
    await site.assertCounters();
    assert.equal(await site.count('comments c JOIN posts p ON p.id = c.post_id', 'c.created_at < p.created_at'), 0);
    assert.equal(await site.count('posts', 'created_at > UTC_TIMESTAMP()'), 0);

    const { posts: told } = JSON.parse(readFileSync(join(root, 'scripts/demo.d/community.json'), 'utf8'));
    const posts = await site.get('/posts?limit=100&include=tags');
    assert.deepEqual(posts.json.map(({ title }) => title),
        told.filter(({ published }) => published !== false).map(({ title }) => title));
    assert.deepEqual(posts.json[0].tags.map(({ name }) => name).sort(), told[0].tags.toSorted());
    assert.equal(posts.json[0].content, readFileSync(join(root, 'scripts/demo.d', told[0].text), 'utf8'));
    const age = (Date.now() - Date.parse(posts.json[0].created_at)) / DAY;
    assert.ok(age > 171 && age < 171.2, `${age} days`);

    const mira = await site.login({ email: 'mira@example.com', password: 'Paper-Lantern-7' });
    assert.equal((await site.get('/tweets/history', mira)).json.total_count, 2);
    assert.equal((await site.get('/posts?published=false', mira)).json.length, 1);
    assert.equal((await site.get('/users/me', mira)).json.id, 2);
    const { json: profile } = await site.get('/users/2/profile');
    const picture = await fetch(origin + profile.avatar_url);
    assert.equal(picture.headers.get('content-type'), 'image/png');
    const admin = await site.login({ email: 'admin@example.com', password: 'Paper-Lantern-7' });
    assert.equal((await site.get('/users', admin)).status, 200);

    await demo();
    assert.deepEqual(await counts(site), before);
});

const site = await startSite({ pool: false, front: false });

/** Writes a story into a folder of its own and tells it. */
function tell(story, ...args) {
    const folder = join(site.dir, 'story');
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'text.md'), '# A text\n');
    writeFileSync(join(folder, 'story.json'), typeof story === 'string' ? story : JSON.stringify(story));
    return site.quire(['seed', '--from', join(folder, 'story.json'), ...args]);
}

const people = [{ username: 'ada', email: 'ada@example.com', ago: '9d' },
    { username: 'bob', email: 'bob@example.com', ago: '8d' }];
const post = { title: 'One', text: 'text.md', by: 'ada', ago: '2d 3h' };
const comment = { by: 'bob', ago: '2d', text: 'So it is.' };
const early = { ...comment, replies: [{ ...comment, ago: '2d 1h' }] };
const book = { title: 'B', by: 'ada', ago: '1d', reviews: [{ by: 'bob', ago: '1h', rating: 6, review_text: 'x' }] };

for (const [name, story, pattern] of [
    ['no JSON', '{"people": [', /story\.json: Expecting value, at character 12/],
    ['nobody of that name', { people, posts: [{ ...post, by: 'eve' }] }, /posts, number 1: nobody is called: eve/],
    ['a vote of nobody', { people, posts: [post, { ...post, up: ['ada', 'eve'] }] }, /posts, number 2: nobody is called: eve/],
    ['a moment that is none', { people, microposts: [{ by: 'ada', ago: '3 days', body: 'Fog.' }] },
        /microposts, number 1: ago .*: 3 days/],
    ['units in another order', { people, posts: [{ ...post, ago: '3h 2d' }] }, /posts, number 1: ago .*: 3h 2d/],
    ['an answer before its question', { people, posts: [{ ...post, comments: [early] }] },
        /posts, number 1: this is before .*: 2d 1h/],
    ['a post of somebody who had not come yet', { people, posts: [{ ...post, ago: '9d 1m' }] },
        /posts, number 1: this is before .*: 9d 1m/],
    ['what the interface would refuse', { people, books: [book] }, /books, number 1: .*less than or equal to 5/],
    ['a name that is taken', { people: [...people, { ...people[0], email: 'a@example.com' }] }, /username already exists/],
    ['a text that is not there', { people, posts: [{ ...post, text: 'gone.md' }] }, /gone\.md/],
    ['a picture that is none', { people: [{ ...people[0], avatar: 'text.md' }] }, /PNG|picture/],
    ['two votes of one person', { people, posts: [{ ...post, up: ['ada'], down: ['ada'] }] }, /vote/],
]) {
    test(`a story with ${name}: a sentence, and nothing is there`, async () => {
        const done = await tell(story);
        assert.equal(done.code, 1, done.stdout);
        assert.match(done.stderr, pattern);
        assert.deepEqual(await counts(site), TABLES.map(() => 0));
    });
}

test('a story begins a community: not with --append, not with numbers, not where people are', async () => {
    for (const more of [['--append'], ['--users', '3']]) {
        const done = await tell({ people }, ...more);
        assert.equal(done.code, 2);
        assert.match(done.stderr, /^quire: --from begins a community/);
    }
    const told = { people, posts: [{ ...post, tags: ['sea'], up: ['bob'], comments: [comment] }] };
    const done = await tell(told, '--password', 'Another-Word-1');
    assert.equal(done.code, 0, done.stderr);
    assert.match(done.stdout, /^seeded 2 users, 1 tags, 1 posts, 1 comments, 1 votes: /);
    await site.assertCounters();
    assert.match((await tell(told)).stderr, /^quire: the database holds users already/);
});

test('where people are already, the demo leaves them alone', async () => {
    const before = await counts(site);
    const done = await run(join(root, 'scripts/demo'), ['http://127.0.0.1:1'],
        { env: environment({ ...site.settings, QUIRE_BIN: quireBin }) });
    assert.equal(done.code, 0, done.stderr);
    assert.deepEqual(await counts(site), before);
});

// Export: GET /users/me/export is everything that the database holds of its asker, and of nobody else.
import assert from 'node:assert/strict';
import { assertError } from './lib/contract.mjs';
import { assertMembers } from './lib/shapes.mjs';
import { startSite } from './lib/site.mjs';
import { test } from './lib/test.mjs';

// What the program frees is overwritten (mallopt(3)): with what is read after it was freed an export would be another one.
const site = await startSite({ work: true, settings: { MALLOC_PERTURB_: 255 } });
const ada = await site.signUp();
const bob = await site.signUp();
const admin = await site.admin();

async function take(person) {
    const answer = await site.get('/users/me/export', person);
    assert.equal(answer.status, 200, answer.raw.slice(0, 300));
    return answer.json;
}

/** Something of every kind, told apart by a word. */
async function live(person, word) {
    const post = await site.createPost(person, { title: `${word} post`, published: false });
    assert.equal((await site.post(`/posts/${post.id}/tags`, { tags: [{ name: `${word}-tag` }] }, person)).status, 200);
    const open = await site.createPost(person, { title: `${word} open` });
    await site.put(`/posts/${open.id}/vote`, { vote_type: 'upvote' }, person);
    const comment = await site.createComment(person, open, `${word} comment`);
    const micropost = await site.create('/microposts', { body: `${word} micropost` }, person);
    const book = await site.createBook(person, { title: `${word} book` });
    const review = await site.createReview(person, book, 4, `${word} review`);
    await site.create('/users/me/profile', { bio: `${word} bio` }, person);
    await site.grant(person, 'curator');
    const thread = await site.post('/tweets/generate', { topic: `${word} and the lanterns of the harbour`, source: `A ${word} text.` }, person);
    assert.equal(thread.status, 200, thread.raw);
    const once = await site.post('/posts', { title: `${word} once`, content: 'c' },
        { token: person.token, headers: { 'Idempotency-Key': `${word} key` } });
    assert.equal(once.status, 201, once.raw);
    return { posts: [post, open, once.json], comment, micropost, book, review, thread: thread.json };
}

const mine = await live(ada, 'walnut');
await live(bob, 'hazel');

test('everything of one\'s own is in it, drafts and tags included', async () => {
    const all = await take(ada);
    assert.deepEqual(all.user, (await site.get('/users/me?fields=id,uid,username,email,is_active,created_at,updated_at', ada)).json);
    assert.deepEqual(all.posts.map(({ title }) => title), ['walnut post', 'walnut open', 'walnut once']);
    assert.deepEqual(all.posts[0].tags.map(({ name }) => name), ['walnut-tag']);
    assert.deepEqual(all.posts.map(({ id }) => id), mine.posts.map(({ id }) => id));
    assert.equal(all.posts[0].published, false);
    assert.deepEqual(all.comments.map(({ id, text }) => [id, text]), [[mine.comment.id, 'walnut comment']]);
    assert.deepEqual(all.votes.map(({ post_id, vote_type }) => [post_id, vote_type]), [[mine.posts[1].id, 'upvote']]);
    assert.deepEqual(all.microposts.map(({ body }) => body), ['walnut micropost']);
    assert.deepEqual(all.books.map(({ uid, title }) => [uid, title]), [[mine.book.uid, 'walnut book']]);
    assert.deepEqual(all.reviews.map(({ review_text }) => review_text), ['walnut review']);
    assert.deepEqual(all.profiles.map(({ bio }) => bio), ['walnut bio']);
    assert.deepEqual(all.user_roles.map(({ role, assigned_by }) => [role.name, assigned_by]), [['curator', admin.id]]);
    assert.deepEqual(all.tweet_threads.map(({ id, tweets }) => [id, tweets]), [[mine.thread.id, mine.thread.tweets]]);
    assert.deepEqual(all.tweet_histories.map(({ thread_id, status }) => [thread_id, status]), [[mine.thread.id, 'success']]);
    assert.equal(all.sessions.length, 1);
    assert.ok(Math.abs(Date.parse(all.exported_at) - Date.now()) < 60000);
});

test('every table that refers to users is in it, and nothing else', async () => {
    const tables = await site.query(`SELECT DISTINCT table_name AS name FROM information_schema.key_column_usage
        WHERE table_schema = DATABASE() AND referenced_table_name = 'users' AND column_name <> 'assigned_by' ORDER BY 1`);
    assert.ok(tables.length >= 12);
    assertMembers(await take(ada), ['exported_at', 'user', ...tables.map(({ name }) => name)]);
});

test('nothing of another is in it, and nothing secret', async () => {
    const raw = JSON.stringify(await take(ada));
    for (const foreign of ['hazel', bob.username, bob.email, bob.uid, ada.password, ada.token, 'password', 'hash', 'fold', 'fingerprint',
        '$2b$']) {
        assert.ok(!raw.includes(foreign), foreign);
    }
    // An admin's export has what they did, not whom they did it to.
    assert.deepEqual((await take(admin)).user_roles.map(({ role }) => role.name), ['admin']);
});

test('it is a file to be saved, kept by no cache, for who is signed in', async () => {
    const answer = await site.get('/users/me/export', ada);
    assert.equal(answer.headers['content-disposition'], 'attachment; filename="export.json"');
    assert.equal(answer.headers['cache-control'], 'no-store');
    assertError(await site.get('/users/me/export'), 401, 'unauthenticated');
});

test('who has nothing gets empty lists', async () => {
    const all = await take(await site.signUp());
    assert.deepEqual([all.posts, all.votes, all.profiles, all.sessions.length], [[], [], [], 1]);
});

test('it is read page by page: thousands of rows, long ones, and rows with a composite key or a uid', async () => {
    const carl = await site.signUp();
    const uid = `UNHEX('${carl.uid.replaceAll('-', '')}')`;
    await site.query(`INSERT INTO posts (title, content, owner_id) SELECT CONCAT('p', seq), 'c', ${carl.id} FROM seq_1_to_345;
        INSERT INTO votes (user_id, post_id, vote_type) SELECT ${carl.id}, id, 1 FROM posts WHERE owner_id = ${carl.id};
        INSERT INTO books (uid, title, author, publisher, user_uid) SELECT UNHEX(MD5(CONCAT('b', seq))), CONCAT('${'𝄞'.repeat(190)}', seq),
            '${'𝄞'.repeat(200)}', '${'𝄞'.repeat(200)}', ${uid} FROM seq_1_to_300;
        INSERT INTO tweet_threads (user_id, topic, tweets, tweet_count, max_tweets)
            SELECT ${carl.id}, CONCAT('topic number ', seq), '["one"]', 1, 1 FROM seq_1_to_250`);
    const all = await take(carl);
    const numbers = (rows, member, from) => rows.map((row) => Number(row[member].replace(/^\D+/, ''))).sort((a, b) => a - b)
        .filter((n, i) => n !== i + from);
    assert.deepEqual([all.posts.length, all.votes.length, all.books.length, all.tweet_threads.length], [345, 345, 300, 250]);
    assert.deepEqual(numbers(all.posts, 'title', 1), []);
    assert.deepEqual(numbers(all.books, 'title', 1), []);
    assert.deepEqual(numbers(all.tweet_threads, 'topic', 1), []);
    assert.equal(new Set(all.votes.map(({ post_id }) => post_id)).size, 345);
});

test('it is what there was at one moment, whatever is written meanwhile', async () => {
    const dora = await site.signUp();
    const posts = [await site.createPost(dora), await site.createPost(dora)];
    let going = true;
    const writer = (async () => {
        for (let i = 0; going; i++) {
            await site.createComment(dora, posts[i % 2]);
        }
    })();
    for (let i = 0; i < 25; i++) {
        const all = await take(dora);
        const counted = all.posts.reduce((sum, post) => sum + post.comment_count, 0);
        assert.equal(all.comments.length, counted);
    }
    going = false;
    await writer;
});

test('one that would be too large is refused with a word on what to do', { timeout: 60000 }, async () => {
    const erik = await site.signUp();
    await site.query(`INSERT INTO posts (title, content, owner_id) SELECT 't', REPEAT(CHAR(1), 500000), ${erik.id} FROM seq_1_to_20`);
    assertError(await site.get('/users/me/export', erik), 400, 'answer_too_large',
        `the export is over 48 MiB: read the lists of what is yours instead, such as /users/${erik.id}/posts`);
    await site.query(`DELETE FROM posts WHERE owner_id = ${erik.id} ORDER BY id LIMIT 10`);
    assert.equal((await take(erik)).posts.length, 10);
});

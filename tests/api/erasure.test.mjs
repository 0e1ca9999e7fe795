// Erasure: when an account is deleted, nothing of the person is left in any table, but what the contract says outlives them.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { until } from './lib/processes.mjs';
import { startSite } from './lib/site.mjs';
import { test } from './lib/test.mjs';

const site = await startSite({ work: true });
const admin = await site.admin();
const bob = await site.signUp();

const word = () => `canary${randomUUID().replaceAll('-', '')}`;

/** Somebody who has left something in every table, through the API, and all by which they could be known again. */
async function inhabit() {
    // A number that is in the dump only where this account is meant.
    const id = 7000000000000 + Math.floor(Math.random() * 1e9) * 100;
    await site.query(`ALTER TABLE users AUTO_INCREMENT = ${id}`);
    const marks = { agent: word(), title: word(), content: word(), comment: word(), micropost: word(), bio: word(), website: word(),
        topic: word(), source: word(), tone: word(), key: word(), username: word().slice(0, 40), email: `${word()}@example.com` };
    const password = site.password();
    const keyed = (key) => ({ headers: { 'Idempotency-Key': key } });
    const registered = await site.post('/auth/register', { username: marks.username, email: marks.email, password }, keyed(marks.key));
    assert.equal(registered.status, 201, registered.raw);
    assert.equal(registered.json.id, id);
    const entered = await site.request('POST', '/auth/login',
        { json: { email: marks.email, password }, headers: { 'User-Agent': marks.agent } });
    const person = { ...registered.json, password, token: site.keep(entered.json.access_token) };
    const role = await site.grant(person, 'admin');
    const made = await site.post('/posts', { title: marks.title, content: marks.content }, { token: person.token, ...keyed(`${marks.key}2`) });
    assert.equal(made.status, 201, made.raw);
    const post = made.json;
    assert.equal((await site.post(`/posts/${post.id}/tags`, { tags: [{ name: site.name('tag') }] }, person)).status, 200);
    const others = await site.createPost(bob);
    for (const each of [post, others]) {
        await site.createComment(person, each, marks.comment);
        assert.equal((await site.put(`/posts/${each.id}/vote`, { vote_type: 'downvote' }, person)).status, 201);
    }
    const theirs = await site.createComment(bob, post, 'an answer');
    await site.createComment(person, others, marks.comment, await site.createComment(bob, others));
    assert.ok(theirs.id > 0);
    await site.create('/microposts', { body: marks.micropost }, person);
    await site.create('/users/me/profile', { bio: marks.bio, website: `https://${marks.website}.example` }, person);
    const book = await site.createBook(person, { title: 'a book that stays' });
    const review = await site.createReview(person, book, 5, 'a review that stays');
    const thread = await site.post('/tweets/generate', { topic: `${marks.topic} by the sea`, source: `${marks.source}. It was late.`,
        tone: marks.tone }, person);
    assert.equal(thread.status, 200, thread.raw);
    assert.equal((await site.put(`/users/${bob.id}/roles/${(await site.role('curator')).id}`, undefined, person)).status, 201);
    assert.ok(role.id > 0);
    // The mail of the sign-up has been sent, another one waits.
    await until('the token of a mail', async () => await site.count('mail_tokens', `user_id = ${id}`) > 0);
    await site.work.stop('SIGTERM');
    assert.equal((await site.post('/auth/password-reset', { email: person.email }, keyed(`${marks.key}3`))).status, 202);
    return { person, book, review, others, marks: { ...marks, id: String(id), uid: person.uid, hex: person.uid.replaceAll('-', '').toUpperCase() } };
}

/** Which of the marks a dump of the whole database holds. */
async function left(marks) {
    const dump = await site.server.dump(site.database.name);
    return Object.entries(marks).filter(([, mark]) => dump.toLowerCase().includes(mark.toLowerCase())).map(([name]) => name);
}

/** The tables that refer to users and have no row of that person. */
async function empty({ id, uid }) {
    const columns = await site.query(`SELECT table_name AS name, column_name AS field, referenced_column_name AS key_
        FROM information_schema.key_column_usage WHERE table_schema = DATABASE() AND referenced_table_name = 'users'`);
    assert.ok(columns.length >= 12);
    const counts = await Promise.all(columns.map(({ name, field, key_ }) =>
        site.count(name, `${field} = ${key_ === 'uid' ? `UNHEX('${uid.replaceAll('-', '')}')` : id}`)));
    return columns.filter((_, i) => counts[i] === 0).map(({ name, field }) => `${name}.${field}`);
}

for (const [who, leave] of [
    ['the person themself', ({ password, token }) => site.request('DELETE', '/users/me', { token, json: { current_password: password } })],
    ['an admin', ({ id }) => site.delete(`/users/${id}`, admin)],
]) {
    test(`an account deleted by ${who} leaves nothing behind`, async () => {
        const { person, book, review, others, marks } = await inhabit();
        assert.deepEqual(await empty(person), [], 'inhabit() of tests/api/erasure.test.mjs must leave something of the person in every one of these columns');
        const { key, ...visible } = marks; // of an Idempotency-Key only a keyed hash is stored
        assert.deepEqual(await left(marks), Object.keys(visible));
        assert.ok(key.length > 0);
        const gone = await leave(person);
        site.startWork();
        assert.equal(gone.status, 204, gone.raw);
        // The audit table keeps a bare number, which nobody has any more and nobody will be given (docs/security.md).
        assert.deepEqual((await left(marks)).filter((name) => name !== 'id'), []);
        await site.query(`DELETE FROM audit_events WHERE ${marks.id} IN (actor_id, subject_id)`);
        assert.deepEqual(await left(marks), []);
        // What outlives its author, without a name.
        assert.equal((await site.get(`/books/${book.uid}`)).json.user, null);
        assert.equal((await site.get(`/reviews/${review.uid}`)).json.user_uid, null);
        const [held] = (await site.get(`/users/${bob.id}/roles`, bob)).json;
        assert.deepEqual([held.role.name, held.assigned_by], ['curator', null]);
        const after = (await site.get(`/posts/${others.id}`)).json;
        assert.deepEqual([after.votes, after.score, after.comment_count], [0, 0, 1]);
        await site.assertCounters();
        assert.equal((await site.delete(`/users/${bob.id}/roles/${held.role.id}`, admin)).status, 204);
    });
}

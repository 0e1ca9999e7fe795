// Ownership: every writing route of the program, tried by its owner, by another, by a moderator, by an admin and by
// nobody. `quire routes` says which there are: one that is missing here fails the first test.
import assert from 'node:assert/strict';
import { assertError } from './lib/contract.mjs';
import { file, form, png } from './lib/pictures.mjs';
import { decode } from './lib/jwt.mjs';
import { startSite } from './lib/site.mjs';
import { test } from './lib/test.mjs';

const site = await startSite({ work: true });
const third = await site.signUp();
const WHO = ['owner', 'other', 'moderator', 'admin', 'nobody'];
const LIKE_OWNER = [200, 403, 403, 200];
const GONE_LIKE_OWNER = [204, 403, 403, 204];
const post = { title: 'stolen', content: 'stolen' };
const account = () => {
    const username = site.name();
    return { username, email: `${username}@example.com`, password: site.password() };
};
const review = { rating: 1, review_text: 'stolen' };
const topic = 'How the first programs were written';
const tags = () => ({ tags: [{ name: site.name('tag') }] });

// Route, the things of the fixture whose keys fill its path, the body (a function gets the fixture and who acts;
// `sent`: what is no JSON), and the status for the owner, another, a moderator, an admin, and nobody (401 unless given).
const rows = [
    ['POST /auth/register', [], account, 201, 201, 201, 201, 201],
    ['POST /users', [], account, 201, 201, 201, 201, 201],
    ['POST /auth/login', [], ({ owner: { email, password } }) => ({ email, password }), 200, 200, 200, 200, 200],
    ['POST /login', [], ({ owner: { email: username, password } }) => ({ sent: { form: { username, password } } }),
        200, 200, 200, 200, 200],
    ['POST /auth/refresh', [], ({ owner: { refresh: refresh_token } }) => ({ refresh_token }), 200, 200, 200, 200, 200],
    ['POST /auth/verify-email', [], ({ owner: { email } }) => ({ email }), 202, 202, 202, 202, 202],
    ['POST /auth/verify-email/confirm', [], { token: 'x' }, 400, 400, 400, 400, 400],
    ['POST /auth/password-reset', [], ({ owner: { email } }) => ({ email }), 202, 202, 202, 202, 202],
    ['POST /auth/password-reset/confirm', [], { token: 'x', new_password: 'some-other-one' }, 400, 400, 400, 400, 400],
    ['POST /auth/logout', [], undefined, 204, 204, 204, 204],
    ['DELETE /auth/sessions', [], undefined, 204, 204, 204, 204],
    ['DELETE /auth/sessions/{id}', ['session'], undefined, 204, 404, 404, 404],
    ['PATCH /users/me', [], () => ({ username: site.name() }), 200, 200, 200, 200],
    ['DELETE /users/me', [], (_, { password }) => ({ current_password: password }), 204, 204, 204, 204],
    ['PUT /users/me/password', [], (_, { password }) => ({ current_password: password,
        new_password: site.password() }), 204, 204, 204, 204],
    ['PATCH /users/{id}', ['owner'], { is_active: false }, 403, 403, 403, 200],
    ['DELETE /users/{id}', ['owner'], undefined, ...GONE_LIKE_OWNER],

    ['POST /users/me/profile', [], { bio: 'b' }, 409, 201, 201, 201],
    ['PUT /users/me/profile', [], { bio: 'b' }, 200, 201, 201, 201],
    ['PATCH /users/me/profile', [], { bio: 'b' }, 200, 404, 404, 404],
    ['DELETE /users/me/profile', [], undefined, 204, 404, 404, 404],
    ['PUT /users/me/avatar', [], () => ({ sent: form([file(png())]) }), 200, 201, 201, 201],

    ['POST /roles', [], () => ({ name: site.name('role') }), 403, 403, 403, 201],
    ['PATCH /roles/{id}', ['role'], () => ({ name: site.name('role') }), 403, 403, 403, 200],
    ['DELETE /roles/{id}', ['role'], undefined, 403, 403, 403, 204],
    ['PUT /users/{id}/roles/{role_id}', ['owner', 'role'], undefined, 403, 403, 403, 201],
    ['PUT /users/{id}/roles/{role_id}', ['owner', 'adminRole'], undefined, 403, 403, 403, 201],
    ['PUT /users/{id}/roles/{role_id}', ['owner', 'held'], undefined, 403, 403, 403, 200],
    ['DELETE /users/{id}/roles/{role_id}', ['owner', 'held'], undefined, 403, 403, 403, 204],

    ['POST /posts', [], post, 201, 201, 201, 201],
    ['PUT /posts/{id}', ['open'], post, ...LIKE_OWNER],
    ['PATCH /posts/{id}', ['open'], { title: 'stolen' }, ...LIKE_OWNER],
    ['DELETE /posts/{id}', ['open'], undefined, ...GONE_LIKE_OWNER],
    ['PUT /posts/{id}', ['hidden'], post, 200, 404, 404, 200],
    ['PATCH /posts/{id}', ['hidden'], { title: 'stolen' }, 200, 404, 404, 200],
    ['DELETE /posts/{id}', ['hidden'], undefined, 204, 404, 404, 204],

    ['PUT /posts/{id}/vote', ['open'], { vote_type: 'upvote' }, 200, 201, 201, 201],
    ['PUT /posts/{id}/vote', ['hidden'], { vote_type: 'upvote' }, 201, 404, 404, 201],
    ['DELETE /posts/{id}/vote', ['open'], undefined, 204, 404, 404, 404],
    ['DELETE /posts/{id}/vote', ['hidden'], undefined, 404, 404, 404, 404],
    ['POST /vote', [], ({ open }) => ({ post_id: open.id, dir: 1 }), 409, 201, 201, 201],
    ['POST /vote', [], ({ open }) => ({ post_id: open.id, dir: 0 }), 201, 404, 404, 404],
    ['POST /vote', [], ({ hidden }) => ({ post_id: hidden.id, dir: 1 }), 201, 404, 404, 201],

    ['POST /posts/{id}/comments', ['open'], { text: 't' }, 201, 201, 201, 201],
    ['POST /posts/{id}/comments', ['hidden'], { text: 't' }, 201, 404, 404, 201],
    ['PATCH /comments/{id}', ['comment'], { text: 'stolen' }, ...LIKE_OWNER],
    ['DELETE /comments/{id}', ['comment'], undefined, ...GONE_LIKE_OWNER],
    ['PATCH /comments/{id}', ['foreign'], { text: 'stolen' }, 403, 403, 403, 200],
    ['DELETE /comments/{id}', ['foreign'], undefined, 403, 403, 403, 204],
    ['PATCH /comments/{id}', ['whisper'], { text: 'stolen' }, 200, 404, 404, 200],
    ['DELETE /comments/{id}', ['whisper'], undefined, 204, 404, 404, 204],

    ['POST /microposts', [], { body: 'b' }, 201, 201, 201, 201],
    ['PATCH /microposts/{id}', ['micropost'], { body: 'stolen' }, ...LIKE_OWNER],
    ['DELETE /microposts/{id}', ['micropost'], undefined, ...GONE_LIKE_OWNER],

    ['POST /tags', [], () => ({ name: site.name('tag') }), 201, 201, 201, 201],
    ['PUT /tags/{tag_uid}', ['tag'], () => ({ name: site.name('tag') }), 403, 403, 200, 200],
    ['PATCH /tags/{tag_uid}', ['tag'], () => ({ name: site.name('tag') }), 403, 403, 200, 200],
    ['DELETE /tags/{tag_uid}', ['tag'], undefined, 403, 403, 204, 204],
    ['POST /posts/{id}/tags', ['open'], tags, ...LIKE_OWNER],
    ['POST /posts/{id}/tags', ['hidden'], tags, 200, 404, 404, 200],
    ['DELETE /posts/{id}/tags/{tag_uid}', ['open', 'tag'], undefined, ...GONE_LIKE_OWNER],
    ['DELETE /posts/{id}/tags/{tag_uid}', ['hidden', 'tag'], undefined, 204, 404, 404, 204],
    ['POST /books/{book_uid}/tags', ['book'], tags, ...LIKE_OWNER],
    ['DELETE /books/{book_uid}/tags/{tag_uid}', ['book', 'tag'], undefined, ...GONE_LIKE_OWNER],

    ['POST /books', [], { title: 't' }, 201, 201, 201, 201],
    ['PUT /books/{book_uid}', ['book'], { title: 'stolen' }, ...LIKE_OWNER],
    ['PATCH /books/{book_uid}', ['book'], { title: 'stolen' }, ...LIKE_OWNER],
    ['DELETE /books/{book_uid}', ['book'], undefined, ...GONE_LIKE_OWNER],
    ['POST /books/{book_uid}/reviews', ['book'], review, 201, 201, 201, 201],
    ['POST /books/{book_uid}/reviews', ['reviewed'], review, 409, 201, 201, 201],
    ['PATCH /reviews/{review_uid}', ['review'], { rating: 1 }, ...LIKE_OWNER],
    ['DELETE /reviews/{review_uid}', ['review'], undefined, ...GONE_LIKE_OWNER],

    ['POST /tweets/generate', [], { topic }, 200, 200, 200, 200],
    ['POST /tweets/threads/{id}/regenerate', ['thread'], undefined, 200, 404, 404, 404],
    ['PUT /tweets/threads/{id}', ['thread'], { topic, tweets: ['stolen'] }, 200, 404, 404, 404],
    ['PATCH /tweets/threads/{id}', ['thread'], { tweets: ['stolen'] }, 200, 404, 404, 404],
    ['DELETE /tweets/threads/{id}', ['thread'], undefined, 204, 404, 404, 404],
];
// Who may not change something may not change nothing in it either.
const all = [...rows, ...rows.filter(([route]) => route.startsWith('PATCH'))
    .map(([route, keys, , ...statuses]) => [route, keys, {}, ...statuses])];

/** The owner and all that is theirs, and who else tries. */
async function makeFixture() {
    const [owner, other, moderator, admin] = await Promise.all(Array.from({ length: 4 }, () => site.signUp()));
    const [, adminRole] = [await site.grant(moderator, 'moderator'), await site.grant(admin, 'admin')];
    const heldName = site.name('held');
    const role = await site.role(site.name('role'));
    const held = await site.grant(owner, heldName);
    const [open, hidden, book, reviewed, theirs] = await Promise.all([site.createPost(owner),
        site.createPost(owner, { published: false }), site.createBook(owner), site.createBook(third),
        site.createPost(third)]);
    const [comment, foreign, whisper, micropost, tag] = await Promise.all([site.createComment(owner, theirs),
        site.createComment(third, open), site.createComment(owner, hidden),
        site.create('/microposts', { body: 'mine' }, owner), site.create('/tags', { name: site.name('tag') }, owner)]);
    for (const path of [`/posts/${open.id}`, `/posts/${hidden.id}`, `/books/${book.uid}`]) {
        assert.equal((await site.post(`${path}/tags`, { tags: [{ name: tag.name }] }, owner)).status, 200);
    }
    await site.create('/users/me/profile', { bio: 'mine' }, owner);
    assert.equal((await site.put(`/posts/${open.id}/vote`, { vote_type: 'upvote' }, owner)).status, 201);
    const mine = await site.createReview(owner, reviewed);
    const made = await site.post('/tweets/generate', { topic }, owner);
    assert.equal(made.status, 200, made.raw);
    return { owner, other, moderator, admin, role, held, adminRole, open, hidden, book, reviewed, review: mine, comment,
        foreign, whisper, micropost, tag, thread: made.json, session: { id: decode(owner.token).claims.sid } };
}

// Every table but those that a refusal may change: what it counts, and what is told of it.
const BESIDES = ['audit_events', 'idempotency_keys', 'login_places', 'mail_tokens', 'mails', 'rate_limits'];
const TABLES = (await site.query('SELECT table_name AS name FROM information_schema.tables WHERE table_schema = DATABASE()'))
    .map(({ name }) => name).filter((name) => !BESIDES.includes(name));
const state = () => site.query(`CHECKSUM TABLE ${TABLES.join(', ')}`);

// A fixture is used until something has changed it.
let spare = null;

async function fixture() {
    if (spare === null) {
        const things = await makeFixture();
        spare = { things, before: await state() };
    }
    return spare;
}

const ONE_THING = /^(PUT|PATCH) \/(posts|books|reviews|microposts|comments)\/\{\w+\}$/;
const CODES = { 400: ['mail_token_invalid'], 401: ['unauthenticated'], 403: ['forbidden'], 404: ['not_found'],
    409: ['conflict', 'duplicate'] };

test('the table has every writing route of the program, and no other', async () => {
    const lines = (await site.mustQuire(['routes'])).trimEnd().split('\n').map((line) => line.split(/ +/));
    assert.ok(lines.length > 50, 'quire routes says too little');
    const written = lines.filter(([method]) => method !== 'GET').map(([method, path]) =>
        `${method} ${path.replace(/^\/api\/v1/, '')}`);
    const known = rows.map(([route]) => route);
    assert.deepEqual(written.filter((route) => !known.includes(route)), [],
        'tests/api/ownership.test.mjs: each of these writing routes wants its row in `rows`: who may, and who may not');
    assert.deepEqual(known.filter((route) => !written.includes(route)), [], 'the program has no such routes');
});

for (const [route, keys, json, ...statuses] of all) {
    const [method, template] = route.split(' ');
    const what = `${route}${keys.length > 0 ? ` of ${keys.join(', ')}` : ''}`;
    for (const [i, who] of WHO.entries()) {
        const expected = statuses[i] ?? 401;
        test(`${what}${json && Object.keys(json).length === 0 ? ' {}' : ''} by ${who}: ${expected}`, async () => {
            const { things, before } = await fixture();
            const left = keys.map((key) => {
                assert.ok(key in things, `tests/api/ownership.test.mjs: makeFixture() makes no ${key}`);
                return things[key].id ?? things[key].uid;
            });
            const path = template.replace(/\{\w+\}/g, () => left.shift());
            const actor = things[who];
            const body = typeof json === 'function' ? json(things, actor ?? things.other) : json;
            const answer = await site.request(method, path, { ...body?.sent ?? { json: body }, token: actor?.token });
            assert.equal(answer.status, expected, answer.raw);
            if (expected >= 400) {
                assertError(answer, expected);
                assert.ok(CODES[expected].includes(answer.headers['x-error-code']), answer.headers['x-error-code']);
                assert.deepEqual(await state(), before, 'a refusal has changed something');
                return;
            }
            spare = null;
            // Whoever has changed it, it is still the owner's.
            const { owner } = things;
            if (ONE_THING.test(route) && keys[0] !== 'foreign') {
                assert.ok([answer.json.owner_id, answer.json.user_id, answer.json.author?.id].includes(owner.id)
                    || answer.json.user_uid === owner.uid, answer.raw);
            }
        });
    }
}

test('another\'s mistakes in the body do not show before their lack of rights, where a role decides', async () => {
    const { things: { owner, other, role, tag, moderator } } = await fixture();
    for (const [method, path, json] of [['PATCH', `/users/${owner.id}`, { is_active: 'nonsense' }],
        ['GET', '/users?limit=nonsense'], ['GET', '/reviews?limit=nonsense'], ['POST', '/roles', { name: 5 }],
        ['PATCH', `/roles/${role.id}`, { name: 5 }], ['PUT', '/users/x/roles/y'], ['GET', '/roles/x/users']]) {
        for (const person of [other, moderator]) {
            assertError(await site.request(method, path, { json, token: person.token }), 403, 'forbidden');
        }
    }
    for (const [method, json] of [['PUT', { name: 5 }], ['PATCH', { name: 5 }]]) {
        assertError(await site.request(method, `/tags/${tag.uid}`, { json, token: other.token }), 403, 'forbidden');
    }
});

test('rights are those of the moment: an admin who was one has none', async () => {
    const former = await site.makeAdmin();
    const { things: { open } } = await fixture();
    spare = null;
    assert.equal((await site.patch(`/posts/${open.id}`, { title: 'moderated' }, former)).status, 200);
    await site.query(`DELETE FROM user_roles WHERE user_id = ${former.id}`);
    assertError(await site.patch(`/posts/${open.id}`, { title: 'again' }, former), 403, 'forbidden');
});

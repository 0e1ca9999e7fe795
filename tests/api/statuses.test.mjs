// Statuses: what the OpenAPI document declares of any operation in general is caused for each: refusals by the web server
// and before a handler is reached, what is missing, taken, stale, forbidden. Which operations there are, and which
// statuses they have, is read from the document; that an answer is as declared is the recorder's business.
import assert from 'node:assert/strict';
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { assertError } from './lib/contract.mjs';
import { fetchDocument } from './lib/document.mjs';
import { operationsOf } from './lib/operations.mjs';
import { file, form, png } from './lib/pictures.mjs';
import { until } from './lib/processes.mjs';
import { decode } from './lib/jwt.mjs';
import { atGate, closeGate, gateReached, hold, lockAwaited } from './lib/locks.mjs';
import { startSite, strangeOrigin } from './lib/site.mjs';
import { test } from './lib/test.mjs';

const site = await startSite({ settings: { WORKERS: 16 }, work: true });
const admin = await site.admin();
const ada = await site.signUp();
const bob = await site.signUp();
const role = await site.role('curator');
const post = await site.createPost(ada);
const comment = await site.createComment(ada, post);
const micropost = await site.create('/microposts', { body: 'a note' }, ada);
const book = await site.createBook(ada);
const review = await site.createReview(ada, book);
const tag = await site.create('/tags', { name: site.name('tag') }, ada);
for (const person of [ada, admin]) {
    await site.create('/users/me/profile', { bio: 'a bio' }, person);
}

const topic = 'How the first programs were written';
const thread = (await site.post('/tweets/generate', { topic }, admin)).json; // of who asks below: others do not know of it
const [attempt] = (await site.get('/tweets/histories', admin)).json;

/** What stands for {…} behind each first segment, and what never does. */
const KEYS = { posts: post.id, comments: comment.id, microposts: micropost.id, users: ada.id, roles: role.id,
    books: book.uid, reviews: review.uid, tags: tag.uid, threads: thread.id, histories: attempt.id,
    sessions: decode(ada.token).claims.sid };
const NOBODY = { id: '4611686018427387904', uid: randomUUID() };
/** A good body of every operation that reads one. */
const text = { text: 'a comment' };
const BODIES = {
    register: () => account(), createUser: () => account(),
    logIn: () => ({ email: ada.email, password: ada.password }),
    refreshSession: () => ({ refresh_token: 'x' }),
    grantToken: () => ({ username: ada.email, password: ada.password }),
    verifyEmail: () => ({ token: 'x' }), resetPassword: () => ({ token: 'x', new_password: site.password() }),
    requestEmailVerification: () => ({ email: ada.email }), requestPasswordReset: () => ({ email: ada.email }),
    updateMe: () => ({}), deleteMe: () => ({ current_password: ada.password }),
    replaceMyPassword: () => ({ current_password: ada.password, new_password: ada.password }),
    updateUser: () => ({ is_active: true }), createRole: () => ({ name: site.name('role') }),
    createPost: () => ({ title: 't', content: 'c' }), replacePost: () => ({ title: 't', content: 'c' }),
    putVote: () => ({ vote_type: 'upvote' }), castVote: () => ({ post_id: post.id, dir: 1 }),
    createPostComment: () => text, createMicropost: () => ({ body: 'b' }), createTag: () => ({ name: site.name('tag') }),
    replaceTag: () => ({ name: site.name('tag') }), addPostTags: () => ({ tags: [] }), addBookTags: () => ({ tags: [] }),
    createBook: () => ({ title: 't' }), replaceBook: () => ({ title: 't' }),
    generateThread: () => ({ topic }), replaceThread: () => ({ topic, tweets: ['one'] }),
    createBookReview: () => ({ rating: 3, review_text: 'r' }),
};

function account() {
    const username = site.name();
    return { username, email: `${username}@example.com`, password: site.password() };
}

const document = await fetchDocument(site.client);
const operations = operationsOf(document).map(({ method, path, operation }) => ({
    method, path, operation, id: operation.operationId, mine: /\/me(\/|$)/.test(path),
    open: operation.security.length === 0, body: operation.requestBody?.content ?? {},
}));

/** The operations that declare a status, and are none of those named. */
function declaring(status, ...others) {
    return operations.filter(({ id, operation }) => operation.responses[status] && !others.includes(id));
}

/** Whether an operation declares that error. */
function fails({ operation }, status, code) {
    const { $ref } = operation.responses[status] ?? {};
    return $ref !== undefined
        && document.components.responses[$ref.split('/').at(-1)].headers['X-Error-Code'].schema.enum.includes(code);
}

/** The path with things that are there, or with `keys` in place of theirs. */
function target({ path }, keys = {}) {
    const filled = path.replace(/\{([^}]+)\}/g, (_, name, at) => {
        const kind = /_(uid|id)$/.test(name) ? `${name.replace(/_(uid|id)$/, '')}s` : path.slice(0, at - 1).split('/').at(-1);
        assert.ok(kind in KEYS, `tests/api/statuses.test.mjs: KEYS has no ${kind}, for ${path}`);
        return keys[/uid$/.test(name) ? 'uid' : 'id'] ?? KEYS[kind];
    });
    return filled.startsWith('/api/v1') ? filled.slice('/api/v1'.length) : `/${filled}`;
}

/** The body of a request as the operation takes it. */
function body({ id, body: content }) {
    const made = BODIES[id]?.() ?? {};
    if (content['application/json']) {
        return { json: made };
    }
    if (content['application/x-www-form-urlencoded']) {
        return { form: made };
    }
    return content['multipart/form-data'] ? form([file(png())]) : {};
}

/** Asks an operation; options go over a good body and the admin's token. */
function ask(operation, options = {}, keys = undefined) {
    const who = operation.open ? {} : { token: admin.token };
    return site.request(operation.method, target(operation, keys), { ...body(operation), ...who, ...options });
}

test('there is a good body for every operation that demands one', () => {
    const demanding = operations.filter(({ id, body: { 'application/json': json } }) => {
        const { $ref, ...itself } = json?.schema ?? {};
        const schema = $ref === undefined ? itself : document.components.schemas[$ref.split('/').at(-1)];
        return schema.required?.length > 0 && !(id in BODIES);
    });
    assert.deepEqual(demanding.map(({ id }) => id), [], 'tests/api/statuses.test.mjs: BODIES has no body for these operations');
});

/** Every operation that declares the status answers it to what `cause` does. */
function all(status, cause, ...others) {
    const list = declaring(status, ...others);
    test(`${status}: ${list.length} operations`, { timeout: 120000 }, async () => {
        assert.ok(list.length > 0);
        for (const operation of list) {
            const answer = await cause(operation);
            assert.equal(answer.status, status, `${operation.id}: ${answer.raw.slice(0, 300)}`);
        }
    });
}

all(400, (each) => ask(each, { headers: { Host: 'a b/c' } }));
all(414, (each) => site.request(each.method, `${target(each)}?x=${'x'.repeat(9000)}`));
all(431, (each) => ask(each, { headers: { 'X-Large': 'x'.repeat(9000) } }));
all(501, (each) => ask(each, { headers: { 'Transfer-Encoding': 'br' } }));
all(401, (each) => (each.open
    ? ask(each, each.id === 'grantToken' ? { form: { username: ada.email, password: 'wrong' } }
        : { json: { email: ada.email, password: 'wrong' } })
    : ask(each, { token: 'none' })));
all(404, (each) => {
    if (each.mine) {
        return ask(each, { token: bob.token }); // who has nothing of the kind yet
    }
    if (each.id === 'getMetrics') {
        return ask(each, { from: '127.0.0.2' }); // whom nginx does not let ask
    }
    return ask(each, each.id === 'castVote' ? { json: { post_id: NOBODY.id, dir: 1 } } : {}, NOBODY);
});
all(413, (each) => ask(each, each.body['multipart/form-data'] && !each.body['application/x-www-form-urlencoded']
    ? form([file(Buffer.alloc(3 << 20))]) : { json: undefined, form: undefined, body: 'x'.repeat((1 << 20) + 1) }));
all(415, (each) => ask(each, { json: undefined, form: undefined, body: 'x', type: 'text/plain' }));
all(412, (each) => ask(each, { headers: { 'If-Match': '"0-0"' }, ...(each.id === 'deleteMe'
    ? { token: ada.token } : {}) }), 'deleteUser', 'deleteMe');
all(422, (each) => {
    const { parameters = [] } = each.operation;
    if (parameters.some(({ in: where }) => where === 'path')) {
        return ask(each, {}, { id: 'x', uid: 'x' });
    }
    if (parameters.some(({ name }) => name === 'fields')) {
        return ask(each, { query: { fields: 'nothing' } });
    }
    if (parameters.some(({ name }) => name === 'page')) {
        return ask(each, { query: { page: 0 } });
    }
    if (parameters.some(({ name }) => name === 'Idempotency-Key')) {
        return ask(each, { headers: { 'Idempotency-Key': 'x'.repeat(256) } });
    }
    return ask(each, each.body['application/json'] ? { json: [] } : each.body['application/x-www-form-urlencoded']
        ? { form: {} } : form([]));
});
all(304, async (each) => {
    const { headers } = await ask(each);
    return ask(each, { headers: { 'If-None-Match': headers.etag } });
});

test('403: who may not', async () => {
    const inactive = await site.signUp();
    await site.patch(`/users/${inactive.id}`, { is_active: false }, admin);
    const wrong = { current_password: 'wrong', new_password: 'wrong-as-well' };
    const codes = ['forbidden', 'inactive_user', 'wrong_password'];
    for (const each of declaring(403).filter((one) => codes.some((code) => fails(one, 403, code)))) {
        const options = { token: bob.token };
        if (each.open) {
            const { email, password } = inactive;
            Object.assign(options, each.id === 'grantToken' ? { form: { username: email, password } }
                : { json: { email, password } }, { token: undefined });
        } else if (each.mine) {
            options.json = wrong;
        }
        const answer = await ask(each, options);
        assert.equal(answer.status, 403, `${each.id}: ${answer.raw}`);
    }
});

test('403: a foreign page with the cookies of somebody', async () => {
    const list = operations.filter((each) => fails(each, 403, 'foreign_origin'));
    const named = list.map(({ id }) => id);
    assert.deepEqual(named, operations.filter(({ id, open, method }) => (open
        ? ['logIn', 'refreshSession'].includes(id) : method !== 'GET')).map(({ id }) => id));
    for (const each of list) {
        const json = { logIn: { ...BODIES.logIn(), mode: 'cookie' }, refreshSession: {} }[each.id];
        const answer = await ask(each, { token: undefined, origin: strangeOrigin, ...(json ? { json } : {}),
            headers: { Cookie: 'quire_access=x; quire_refresh=x' } });
        assert.equal(answer.status, 403, `${each.id}: ${answer.raw}`);
        assert.equal(answer.headers['x-error-code'], 'foreign_origin', each.id);
    }
});

/** The token of a mail to somebody, as if it had been sent: purpose 0 verifies, 1 resets. */
async function mailed({ id }, purpose) {
    const token = randomBytes(32);
    const hash = createHash('sha256').update(token).digest('hex');
    await site.query(`REPLACE INTO mail_tokens (hash, user_id, purpose, address, expires_at)
        SELECT 0x${hash}, id, ${purpose}, email_fold, UTC_TIMESTAMP(6) + INTERVAL 1 HOUR FROM users WHERE id = ${id}`);
    return site.keep(token.toString('base64url'));
}

test('409: the same Idempotency-Key while the first request is running', { timeout: 120000 }, async () => {
    const carl = await site.signUp();
    await until('his mail is sent', async () => await site.count('mails', `user_id = ${carl.id}`) === 0);
    // A link that is none leaves no key.
    const links = { verifyEmail: { token: await mailed(carl, 0) },
        resetPassword: { token: await mailed(carl, 1), new_password: site.password() } };
    const list = operations.filter(({ id, operation }) => operation.parameters?.some(({ name }) => name === 'Idempotency-Key')
        && !/^(register|createUser)$/.test(id));
    const key = (id) => ({ 'Idempotency-Key': `a key of ${id}` });
    const sent = new Map(list.map((each) => [each, each.id in links ? { json: links[each.id] } : body(each)]));
    const again = (each) => ask(each, { ...sent.get(each), headers: key(each.id), token: ada.token });
    for (const each of list) {
        await again(each);
    }
    // As while they run: the rows are there, and not committed.
    await site.query('CREATE TABLE kept AS SELECT * FROM idempotency_keys; DELETE FROM idempotency_keys');
    const release = await hold(site, 'INSERT INTO idempotency_keys SELECT * FROM kept');
    const stored = new Set((await Promise.all(list.map(again))).map(({ status }, i) => `${list[i].id} ${status}`));
    await release();
    await site.query('DROP TABLE kept');
    for (const { id, operation } of list) {
        // What was refused before the key was looked at (an admin's business) has left none.
        assert.ok(stored.has(`${id} ${operation.responses[403] && id === 'createRole' ? 403 : 409}`),
            `${id}: ${[...stored].join(', ')}`);
    }
});

test('409: a POST that takes something away and is still running', async () => {
    // A lock is waited for three seconds; the vote of this one takes longer to go, though not the ten that an answer may.
    const carl = await site.signUp();
    const vote = (dir, key) => site.post('/vote', { post_id: post.id, dir }, { token: carl.token, headers: key });
    assert.equal((await vote(1)).status, 201);
    await site.query(`CREATE TRIGGER slow BEFORE DELETE ON votes FOR EACH ROW
        DO IF(OLD.user_id = ${carl.id}, ${atGate(site)}, 0)`);
    const open = await closeGate(site);
    const takeBack = () => vote(0, { 'Idempotency-Key': 'once' });
    const first = takeBack();
    await gateReached(site);
    assertError(await takeBack(), 409, 'conflict', /still running/);
    await open();
    assert.equal((await first).status, 201);
    await site.query('DROP TRIGGER slow');
});

test('409: what is taken', async () => {
    const taken = { username: ada.username, email: ada.email };
    const cases = { register: { ...account(), ...taken }, createUser: { ...account(), ...taken }, updateMe: taken,
        createRole: { name: role.name }, updateRole: { name: 'admin' }, createTag: { name: tag.name },
        replaceTag: { name: tag.name }, updateTag: { name: tag.name }, createMyProfile: {} };
    const other = await site.create('/tags', { name: site.name('tag') }, ada);
    for (const [id, json] of Object.entries(cases)) {
        const each = operations.find((one) => one.id === id);
        const answer = await ask(each, { json }, { uid: other.uid });
        assert.equal(answer.status, 409, `${id}: ${answer.raw}`);
    }
});

test('409: the last admin stays one', async () => {
    const adminRole = await site.role('admin');
    const { token, password } = admin;
    const answers = [
        await site.request('DELETE', '/users/me', { token, json: { current_password: password } }),
        await site.patch(`/users/${admin.id}`, { is_active: false }, admin),
        await site.delete(`/users/${admin.id}`, admin),
        await site.delete(`/roles/${adminRole.id}`, admin),
        await site.patch(`/roles/${adminRole.id}`, { name: 'no admin' }, admin),
        await site.delete(`/users/${admin.id}/roles/${adminRole.id}`, admin),
    ];
    assert.deepEqual(answers.map(({ status, headers }) => `${status} ${headers['x-error-code']}`),
        Array(6).fill('409 last_admin'));
});

test('409: what a new row refers to goes at the same moment', async () => {
    const cases = [
        ['PUT', () => '/users/me/profile', { json: { bio: 'b' } }],
        ['PUT', () => '/users/me/avatar', form([file(png())])],
        ['PUT', ({ id }) => `/users/${id}/roles/${role.id}`, { token: admin.token }],
        ['PUT', () => `/posts/${post.id}/vote`, { json: { vote_type: 'upvote' } }],
    ];
    for (const [method, path, options] of cases) {
        const victim = await site.signUp();
        const open = await closeGate(site);
        const gone = site.query(`BEGIN; DELETE FROM users WHERE id = ${victim.id}; DO ${atGate(site)}; COMMIT`);
        await gateReached(site);
        const asked = site.request(method, path(victim), { token: victim.token, ...options });
        await lockAwaited(site);
        await open();
        const answer = await asked;
        await gone;
        assert.equal(answer.status, 409, `${path(victim)}: ${answer.raw}`);
    }
});

test('412: of accounts that go', async () => {
    const carl = await site.signUp();
    const headers = { 'If-Match': '"0-0"' };
    const own = await site.request('DELETE', '/users/me',
        { token: carl.token, json: { current_password: carl.password }, headers });
    const any = await site.request('DELETE', `/users/${carl.id}`, { token: admin.token, headers });
    assert.deepEqual([own.status, any.status], [412, 412]);
});

test('428: where If-Match is required, for every operation that takes it', async () => {
    const strict = await startSite({ settings: { WORKERS: 2, REQUIRE_IF_MATCH: 'true' } });
    const person = await strict.signUp();
    const described = operationsOf(await fetchDocument(strict.client))
        .filter(({ operation }) => operation.responses[428]).map(({ operation }) => operation.operationId).sort();
    const taking = operations.filter(({ operation }) => operation.parameters?.some(({ name }) => name === 'If-Match'));
    assert.deepEqual(described, taking.map(({ id }) => id).sort());
    assert.ok(described.length > 15);
    for (const id of ['updateMe', 'deleteMe', 'replaceMyProfile', 'replaceMyAvatar', 'updateMyProfile']) {
        const each = operations.find((one) => one.id === id);
        const { json, ...rest } = body(each);
        const sent = id === 'deleteMe' ? { json: { current_password: person.password } } : { json, ...rest };
        const answer = await strict.request(each.method, target(each), { ...sent, token: person.token });
        assert.equal(answer.status, 428, `${id}: ${answer.raw}`);
    }
});

test('503: every operation, while nobody serves', async () => {
    const empty = await startSite({ pool: false });
    for (const each of declaring(503)) {
        const answer = await empty.request(each.method, target(each), {});
        assert.equal(answer.status, 503, `${each.id}: ${answer.raw}`);
    }
    assert.equal(declaring(503).length, operations.length);
});

// ETags: If-None-Match spares what is known, If-Match refuses to overwrite what somebody else has edited.
import assert from 'node:assert/strict';
import { routes } from './lib/community.mjs';
import { assertError } from './lib/contract.mjs';
import { origins, startSite } from './lib/site.mjs';
import { test } from './lib/test.mjs';

const STRONG = /^"[\x21\x23-\x7e]+"$/;

const site = await startSite({ settings: { WORKERS: 8 }, work: true });
const admin = await site.admin();
const ada = await site.signUp();
const bob = await site.signUp();

const post = { title: 'a title', content: 'some content' };
let made = 0;

/** Everything that can be edited: make() gives { path, person }, who may write it; PUT and PATCH are bodies. */
function objects(at) {
    const people = at === site ? { admin, ada } : at.persons;
    const from = async (path, json, person, route = path) => {
        const answer = await at.post(path, json, person);
        assert.equal(answer.status, 201, answer.raw);
        return { path: `${route}/${answer.json.id ?? answer.json.uid}`, person };
    };
    const profile = async () => {
        const person = await at.signUp();
        assert.equal((await at.post('/users/me/profile', { bio: 'b' }, person)).status, 201);
        return { path: '/users/me/profile', person };
    };
    const thread = async (person) => {
        const answer = await at.post('/tweets/generate', { topic: 'How the first programs were written' }, person);
        assert.equal(answer.status, 200, answer.raw);
        return { path: `/tweets/threads/${answer.json.id}`, person };
    };
    const someone = async () => ({ path: '/users/me', person: await at.signUp() });
    return [
        { route: '/posts/{id}', make: () => from('/posts', post, people.ada), PUT: { ...post, title: 'new' },
            PATCH: { title: 'newer' }, DELETE: true },
        { route: '/comments/{id}', make: async () => {
            const { id } = await at.createPost(people.ada);
            return from(`/posts/${id}/comments`, { text: 't' }, people.ada, '/comments');
        }, PATCH: { text: 'new' }, DELETE: true },
        { route: '/microposts/{id}', make: () => from('/microposts', { body: 'b' }, people.ada), PATCH: { body: 'n' },
            DELETE: true },
        { route: '/tags/{tag_uid}', make: () => from('/tags', { name: `tag ${++made}` }, people.admin),
            PUT: () => ({ name: `tag ${++made}` }), PATCH: () => ({ name: `tag ${++made}` }), DELETE: true },
        { route: '/books/{book_uid}', make: () => from('/books', { title: 't' }, people.ada), PUT: { title: 'new' },
            PATCH: { author: 'a' }, DELETE: true },
        { route: '/reviews/{review_uid}', make: async () => {
            const { uid } = await at.createBook(people.ada);
            return from(`/books/${uid}/reviews`, { rating: 1, review_text: 't' }, people.ada, '/reviews');
        }, PATCH: { rating: 2 }, DELETE: true },
        { route: '/roles/{id}', make: () => from('/roles', { name: `role ${++made}` }, people.admin),
            PATCH: () => ({ name: `role ${++made}` }), DELETE: true },
        { route: '/tweets/threads/{id}', make: () => thread(people.ada), PUT: { topic: 'Another topic', tweets: ['new'] },
            PATCH: { tweets: ['newer'] }, DELETE: true },
        { route: '/users/me/profile', make: profile, PUT: { bio: 'new' }, PATCH: { bio: 'newer' }, DELETE: true },
        { route: '/users/me', make: someone, PATCH: () => ({ username: at.name() }), DELETE: true },
        { route: '/users/{id}', make: async () => ({ path: `/users/${(await at.signUp()).id}`, person: people.admin }),
            PATCH: { is_active: false }, DELETE: true },
    ];
}

/** A write with an If-Match (undefined: without one), or with these headers. */
function write(at, method, object, { path, person }, ifMatch) {
    const body = typeof object[method] === 'function' ? object[method]() : object[method];
    const farewell = path === '/users/me' ? { current_password: person.password } : undefined;
    const json = method === 'DELETE' ? farewell : body;
    const named = typeof ifMatch === 'object' ? ifMatch : { 'If-Match': ifMatch };
    const headers = ifMatch === undefined ? {} : named;
    return at.request(method, path, { token: person.token, json, headers });
}

const methodsOf = (object) => ['PUT', 'PATCH', 'DELETE'].filter((method) => object[method] !== undefined);

async function read(at, { path, person }) {
    const answer = await at.get(path, person);
    assert.equal(answer.status, 200, answer.raw);
    assert.match(answer.headers.etag ?? '', STRONG, path);
    return answer;
}

// What changes something else than an object that has been read: nothing to be stale.
const WITHOUT = ['DELETE /auth/sessions', 'DELETE /auth/sessions/{id}', 'PUT /users/me/password', 'PUT /users/me/avatar',
    'PUT /posts/{id}/vote', 'DELETE /posts/{id}/vote', 'PUT /users/{id}/roles/{role_id}', 'DELETE /users/{id}/roles/{role_id}',
    'DELETE /posts/{id}/tags/{tag_uid}', 'DELETE /books/{book_uid}/tags/{tag_uid}'];

test('the table knows every route that edits', async () => {
    const known = objects(site).flatMap((object) => methodsOf(object).map((method) => `${method} ${object.route}`));
    const all = (await routes(site)).filter(({ method }) => ['PUT', 'PATCH', 'DELETE'].includes(method))
        .map(({ method, path }) => `${method} ${path}`);
    assert.deepEqual(all.filter((route) => !WITHOUT.includes(route)).sort(), known.sort());
    assert.deepEqual(WITHOUT.filter((route) => !all.includes(route)), [], 'routes that are no more');
});

for (const object of objects(site)) {
    test(`${object.route}: the ETag is that of the representation, in every answer the same`, async () => {
        const one = await object.make();
        const first = await read(site, one);
        assert.equal((await read(site, one)).headers.etag, first.headers.etag);
        const head = await site.head(one.path, one.person);
        assert.equal(head.headers.etag, first.headers.etag);
        for (const method of methodsOf(object).filter((each) => each !== 'DELETE')) {
            const before = (await read(site, one)).headers.etag;
            const answer = await write(site, method, object, one);
            assert.equal(answer.status, 200, answer.raw);
            assert.match(answer.headers.etag, STRONG);
            assert.notEqual(answer.headers.etag, before);
            const after = await read(site, one);
            assert.deepEqual(after.json, answer.json);
            assert.equal(after.headers.etag, answer.headers.etag);
        }
    });

    test(`${object.route}: If-None-Match`, async () => {
        const one = await object.make();
        const { headers: { etag } } = await read(site, one);
        const ask = (method, value) => site.request(method, one.path, { token: one.person.token, origin: origins[0],
            headers: { 'If-None-Match': value } });
        for (const value of [etag, `W/${etag}`, '*', `"x", ${etag}`, `"x",${etag},"y"`, `W/"a,b" , W/${etag}`,
            `${etag}, "x"`]) {
            for (const method of ['GET', 'HEAD']) {
                const answer = await ask(method, value);
                assert.equal(answer.status, 304, `${method} ${value}`);
                assert.equal(answer.headers.etag, etag);
                assert.equal(answer.raw, '');
                assert.equal(answer.headers['access-control-allow-origin'], origins[0]);
            }
        }
        for (const value of ['"x"', 'W/"x"', etag.slice(0, -2), etag.slice(1, -1), `"${etag}"`, etag.replace('"', '"0'),
            '', ',', 'nonsense']) {
            const answer = await ask('GET', value);
            assert.equal(answer.status, 200, value);
            assert.notEqual(answer.raw, '');
        }
        // Only reading is spared: a write pays no attention.
        const json = typeof object.PATCH === 'function' ? object.PATCH() : object.PATCH;
        const edit = await site.request('PATCH', one.path, { token: one.person.token, json,
            headers: { 'If-None-Match': etag } });
        assert.equal(edit.status, 200, edit.raw);
        assert.equal((await ask('GET', etag)).status, 200, 'it has been edited');
    });

    for (const method of methodsOf(object)) {
        const done = method === 'DELETE' ? 204 : 200;
        test(`${method} ${object.route}: If-Match`, async () => {
            for (const dress of [(etag) => etag, (etag) => `W/${etag}`, () => '*', (etag) => `"x", ${etag}`,
                (etag) => `"999-0" ,"1000-0",W/${etag},"7"`]) {
                const one = await object.make();
                const { headers: { etag } } = await read(site, one);
                const answer = await write(site, method, object, one, dress(etag));
                assert.equal(answer.status, done, `${dress(etag)}: ${answer.raw}`);
            }
            // Stale, strange, or nobody's: refused, and nothing has changed.
            const one = await object.make();
            const old = (await read(site, one)).headers.etag;
            assert.equal((await write(site, 'PATCH', object, one)).status, 200);
            const before = await read(site, one);
            for (const value of ['', old, `W/${old}`, `${old}, "x"`, '"x"', '""', 'W/""', 'nonsense', '"', old.slice(1, -1),
                before.headers.etag.slice(1, -1), `"-1"`, '"18446744073709551618-0"', '"99999999999999999999"', ',,,',
                "\"' OR 1=1 -- \""]) {
                const answer = await write(site, method, object, one, value);
                assertError(answer, 412, 'stale');
                assert.match(answer.json.detail, /edited/);
            }
            const after = await read(site, one);
            assert.deepEqual([after.raw, after.headers.etag], [before.raw, before.headers.etag]);
            // If-None-Match: * would only make it; that there is one refuses it.
            const create = { 'If-None-Match': '*' };
            assertError(await write(site, method, object, one, create), 412, 'stale', /is there already/);
            assertError(await write(site, method, object, one, { ...create, 'If-Match': after.headers.etag }), 412, 'stale');
            assert.equal((await read(site, one)).raw, before.raw);
            assert.equal((await write(site, method, object, one, before.headers.etag)).status, done);
        });
    }

    test(`${object.route}: a PATCH with nothing in it is held to If-Match, too`, async () => {
        const one = await object.make();
        const { headers: { etag } } = await read(site, one);
        const patch = (value) => site.request('PATCH', one.path, { token: one.person.token, json: {},
            headers: { 'If-Match': value } });
        const answer = await patch(etag);
        assert.deepEqual([answer.status, answer.headers.etag], [200, etag]);
        assertError(await patch('"0-0"'), 412, 'stale');
        assert.equal((await read(site, one)).headers.etag, etag);
    });
}

test('what is not there, or another\'s, is not stale', async () => {
    for (const object of objects(site)) {
        const one = await object.make();
        const { headers: { etag } } = await read(site, one);
        if (!one.path.startsWith('/users/me')) {
            for (const method of methodsOf(object)) {
                const other = await write(site, method, object, { ...one, person: bob }, '"0-0"');
                assertError(other, ...one.path.startsWith('/tweets/') ? [404, 'not_found'] : [403, 'forbidden']);
            }
        }
        assert.equal((await write(site, 'DELETE', object, one, etag)).status, 204, object.route);
        const makesNew = (method) => method === 'PUT' && object.route === '/users/me/profile';
        for (const method of methodsOf(object).filter((each) => !makesNew(each))) {
            const again = await write(site, method, object, one, etag);
            assertError(again, one.path === '/users/me' ? 401 : 404);
        }
    }
});

test('PUT of a profile that is gone creates none when it is conditional', async () => {
    const person = await site.signUp();
    const put = (headers) => site.request('PUT', '/users/me/profile', { token: person.token, json: { bio: 'b' },
        headers });
    assertError(await put({ 'If-Match': '*' }), 412, 'stale');
    assertError(await put({ 'If-Match': '"1-0"' }), 412, 'stale');
    assertError(await site.get('/users/me/profile', person), 404, 'not_found');
    assertError(await put({ 'If-Match': '' }), 412, 'stale');
    assert.equal((await put({ 'If-None-Match': '*' })).status, 201);
    assertError(await put({ 'If-None-Match': '*' }), 412, 'stale');
    assert.equal((await put({ 'If-Match': '*' })).status, 200);
    assert.equal((await put({})).status, 200);
});

test('votes and comments make another representation, but no edit', async () => {
    const one = await site.createPost(ada);
    const first = await site.get(`/posts/${one.id}`);
    assert.equal((await site.put(`/posts/${one.id}/vote`, { vote_type: 'upvote' }, bob)).status, 201);
    const voted = await site.get(`/posts/${one.id}`);
    assert.notEqual(voted.headers.etag, first.headers.etag);
    await site.createComment(bob, one);
    const commented = await site.get(`/posts/${one.id}`);
    assert.notEqual(commented.headers.etag, voted.headers.etag);
    const known = async ({ headers: { etag } }) => (await site.get(`/posts/${one.id}`,
        { headers: { 'If-None-Match': etag } })).status === 304;
    assert.deepEqual([await known(first), await known(commented)], [false, true]);
    const edit = await site.patch(`/posts/${one.id}`, { title: 'edited' }, { token: ada.token,
        headers: { 'If-Match': first.headers.etag } });
    assert.equal(edit.status, 200, edit.raw);
    assert.deepEqual([edit.json.votes, edit.json.comment_count], [1, 1]);
    assertError(await site.delete(`/posts/${one.id}`, { token: ada.token,
        headers: { 'If-Match': commented.headers.etag } }), 412, 'stale');

    const book = await site.createBook(ada);
    const unread = (await site.get(`/books/${book.uid}`)).headers.etag;
    await site.createReview(bob, book);
    assert.notEqual((await site.get(`/books/${book.uid}`)).headers.etag, unread);
    assert.equal((await site.patch(`/books/${book.uid}`, { language: 'en' }, { token: ada.token,
        headers: { 'If-Match': unread } })).status, 200);
});

test('another selection of members is another representation of the same version', async () => {
    const one = await site.createPost(ada);
    const path = `/posts/${one.id}`;
    const whole = (await site.get(path)).headers.etag;
    const tags = [whole];
    for (const query of ['fields=id', 'fields=id,title', 'include=tags', 'include=comments']) {
        const answer = await site.get(`${path}?${query}`);
        assert.match(answer.headers.etag, STRONG);
        assert.ok(!tags.includes(answer.headers.etag), query);
        tags.push(answer.headers.etag);
        const known = await site.get(`${path}?${query}`, { headers: { 'If-None-Match': answer.headers.etag } });
        assert.equal(known.status, 304);
    }
    const edit = await site.patch(path, { title: 'x' }, { token: ada.token, headers: { 'If-Match': tags[1] } });
    assert.equal(edit.status, 200);
    // A person sees more of themself than others do.
    const theirs = (await site.get(`/users/${ada.id}`, ada)).headers.etag;
    const others = (await site.get(`/users/${ada.id}`, bob)).headers.etag;
    assert.notEqual(theirs, others);
});

test('the public ETag of a user tells nothing of what only they see', async () => {
    const person = await site.signUp();
    const path = `/users/${person.id}`;
    const [own, others, seen] = await Promise.all([site.get(path, person), site.get(path, bob), site.get(path, admin)]);
    const password = 'another password than before';
    assert.equal((await site.put('/users/me/password', { current_password: person.password, new_password: password },
        person)).status, 204);
    assert.equal((await site.patch('/users/me', { email: `moved.${person.email}` }, person)).status, 200);
    const later = await site.get(path, bob);
    assert.deepEqual([later.raw, later.headers.etag], [others.raw, others.headers.etag]);
    assert.equal((await site.get(path, { token: bob.token, headers: { 'If-None-Match': others.headers.etag } })).status,
        304);
    // It is none to edit by; what they and admins were given is.
    const edit = (at, json, who, etag) => site.patch(at, json, { token: who.token, headers: { 'If-Match': etag } });
    assertError(await edit('/users/me', { username: site.name() }, person, later.headers.etag), 412, 'stale');
    assertError(await edit('/users/me', { username: site.name() }, person, own.headers.etag), 412, 'stale');
    assertError(await edit(path, { is_active: true }, admin, seen.headers.etag), 412, 'stale');
    const { etag } = (await site.get(path, person)).headers;
    assert.equal((await edit('/users/me', { username: site.name() }, person, etag)).status, 200);
    assert.notEqual((await site.get(path, bob)).headers.etag, others.headers.etag, 'the name is public');
    assert.equal((await edit(path, { is_active: true }, admin, (await site.get(path, admin)).headers.etag)).status, 200);
});

test('what is created has its ETag at once', async () => {
    const answer = await site.post('/posts', post, ada);
    assert.match(answer.headers.etag, STRONG);
    const location = answer.headers.location.replace('/api/v1', '');
    assert.equal((await site.get(location, ada)).headers.etag, answer.headers.etag);
    const edit = await site.patch(location, { title: 'x' }, { token: ada.token, headers: { 'If-Match': answer.headers
        .etag } });
    assert.equal(edit.status, 200);
});

test('compressed by nginx: lists are, objects keep their strong ETag', async () => {
    const big = { title: 'big', content: 'compress me '.repeat(1000) };
    const one = await site.createPost(ada, big);
    const headers = { 'Accept-Encoding': 'gzip' };
    const { uid } = await site.createBook(ada);
    await site.createReview(bob, { uid }, 3, 'compress me '.repeat(200));
    for (const path of [`/posts/${one.id}`, `/posts/${one.id}/`, `/posts/${one.id}?include=tags`, `/books/${uid}`,
        `/books/${uid.replaceAll('-', '')}`]) {
        const answer = await site.get(path, { headers });
        assert.equal(answer.headers['content-encoding'], undefined);
        assert.match(answer.headers.etag, STRONG);
    }
    const list = await site.client.bytes(`GET /api/v1/posts?search=big HTTP/1.1\r\nHost: x\r\nAccept-Encoding: gzip\r\n`
        + 'Connection: close\r\n\r\n');
    assert.match(list, /\r\nContent-Encoding: gzip\r\n/i);
    assert.ok(list.length < big.content.length);
    const tagged = await site.post(`/posts/${one.id}/tags`, { tags: [] }, { token: ada.token, headers });
    assert.equal(tagged.headers['content-encoding'], undefined);
    assert.match(tagged.headers.etag, STRONG);
    // What another server on the way compresses has a weak one; If-Match overlooks that.
    assert.equal((await site.patch(`/posts/${one.id}`, { title: 'b' }, { token: ada.token,
        headers: { 'If-Match': `W/${tagged.headers.etag}` } })).status, 200);
});

test('REQUIRE_IF_MATCH: 428 without the header, for every route that edits', async () => {
    const strict = await startSite({ settings: { WORKERS: 2, REQUIRE_IF_MATCH: 'true' }, work: true });
    strict.persons = { admin: await strict.admin(), ada: await strict.signUp() };
    for (const object of objects(strict)) {
        for (const method of methodsOf(object)) {
            const one = await object.make();
            const { headers: { etag }, raw } = await read(strict, one);
            assertError(await write(strict, method, object, one), 428, 'precondition_required', /If-Match/);
            assert.equal((await read(strict, one)).raw, raw);
            assertError(await write(strict, method, object, one, '"0-0"'), 412, 'stale');
            assert.equal((await write(strict, method, object, one, etag)).status, method === 'DELETE' ? 204 : 200);
        }
    }
    // Where there is nothing to be stale, nothing is asked for.
    const one = await strict.createPost(strict.persons.ada);
    assert.equal((await strict.put(`/posts/${one.id}/vote`, { vote_type: 'upvote' }, strict.persons.ada)).status, 201);
    assert.equal((await strict.delete(`/posts/${one.id}/vote`, strict.persons.ada)).status, 204);
});

// --- races -----------------------------------------------------------------------------------------------------------

test('1,000 races of two PUTs from one ETag: one 200 and one 412 each, no update lost', async () => {
    const [LANES, ROUNDS] = [5, 200];
    const wins = new Map();
    await Promise.all(Array.from({ length: LANES }, async (_, lane) => {
        const { id } = await site.createPost(ada);
        let { etag } = (await site.get(`/posts/${id}`)).headers;
        for (let round = 0; round < ROUNDS; round++) {
            const answers = await Promise.all(['a', 'b'].map((who) => site.put(`/posts/${id}`, {
                title: `${round}${who}`, content: `by ${who} in lane ${lane}`,
            }, { token: ada.token, headers: { 'If-Match': etag } })));
            assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 412], `round ${round}`);
            const winner = answers.findIndex(({ status }) => status === 200);
            const { json, headers } = answers[winner];
            assert.equal(json.title, `${round}${'ab'[winner]}`);
            assert.equal(json.content, `by ${'ab'[winner]} in lane ${lane}`);
            etag = headers.etag;
            wins.set(id, json);
        }
        const last = await site.get(`/posts/${id}`);
        assert.deepEqual([last.json, last.headers.etag], [wins.get(id), etag]);
    }));
    for (const id of wins.keys()) {
        const [{ version }] = await site.query(`SELECT version FROM posts WHERE id = ${id}`);
        assert.equal(Number(version), 1 + ROUNDS, 'each of the rounds has written once');
    }
});

test('twenty edits of different members from one ETag: one wins; each that reads again gets in', async () => {
    const { uid } = await site.createBook(ada);
    const edits = Array.from({ length: 20 }, (_, i) => (i % 2 ? { author: `a${i}` } : { publisher: `p${i}` }));
    const { etag } = (await site.get(`/books/${uid}`)).headers;
    const answers = await Promise.all(edits.map((json) => site.patch(`/books/${uid}`, json, { token: ada.token,
        headers: { 'If-Match': etag } })));
    assert.equal(answers.filter(({ status }) => status === 200).length, 1);
    assert.equal(answers.filter(({ status }) => status === 412).length, 19);
    // A counter in the text of a member, raised by twenty at once, each trying until it gets in.
    await site.patch(`/books/${uid}`, { language: '0' }, ada);
    await Promise.all(edits.map(async () => {
        for (let tries = 0; ; tries++) {
            assert.ok(tries < 200, 'nobody gets in');
            const now = await site.get(`/books/${uid}`);
            const answer = await site.patch(`/books/${uid}`, { language: String(Number(now.json.language) + 1) },
                { token: ada.token, headers: { 'If-Match': now.headers.etag } });
            if (answer.status === 200) {
                return;
            }
            assertError(answer, 412, 'stale');
        }
    }));
    assert.equal((await site.get(`/books/${uid}`)).json.language, '20');
});

test('an edit and a deletion from one ETag: never both', async () => {
    for (let round = 0; round < 20; round++) {
        const one = await site.createPost(ada);
        const headers = { 'If-Match': (await site.get(`/posts/${one.id}`)).headers.etag };
        const asked = { token: ada.token, headers };
        const [edit, end] = await Promise.all([site.patch(`/posts/${one.id}`, { title: 'x' }, asked),
            site.delete(`/posts/${one.id}`, asked)]);
        assert.ok((edit.status === 200 && end.status === 412) || (edit.status === 404 && end.status === 204),
            `${edit.status} ${end.status}`);
        assert.equal((await site.get(`/posts/${one.id}`)).status, end.status === 204 ? 404 : 200);
    }
});

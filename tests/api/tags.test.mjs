// Tags: words that posts and books are found by. Anybody makes them, moderators keep them, owners put them on.
import assert from 'node:assert/strict';
import {
    assertError, assertInvalid, badItem, listType, missing, noObject, stringType, tooLong, tooMany, tooShort,
    uuidParsing,
} from './lib/contract.mjs';
import { assertBetween, assertBook, assertPost, assertTag } from './lib/shapes.mjs';
import { startSite } from './lib/site.mjs';
import { test } from './lib/test.mjs';

const site = await startSite({ settings: { WORKERS: 8 } });
const admin = await site.admin();
const moderator = await site.signUp();
await site.grant(moderator, 'moderator');
const ada = await site.signUp();
const bob = await site.signUp();
const NONE = '019a0000-0000-7000-8000-000000000000';

const make = (name = site.name('tag'), by = ada) => site.create('/tags', { name }, by);
const names = ({ json }) => json.tags.map(({ name }) => name).sort();
const asked = (list) => ({ tags: list.map((name) => ({ name })) });

// What carries tags: how one is made, where it is, and what it looks like.
const carriers = [
    { kind: 'posts', create: (by) => site.createPost(by), path: ({ id }) => `/posts/${id}`, check: assertPost },
    { kind: 'books', create: (by) => site.createBook(by), path: ({ uid }) => `/books/${uid}`, check: assertBook },
];

test('POST makes a tag: 201, Location, the object; anyone may read it', async () => {
    const before = Date.now();
    const name = site.name('Tag');
    const answer = await site.post('/tags', { name, uid: NONE }, ada);
    assert.equal(answer.status, 201, answer.raw);
    assertTag(answer.json, { name });
    assert.notEqual(answer.json.uid, NONE);
    assertBetween(answer.json.created_at, before, Date.now());
    assert.equal(answer.headers.location, `/api/v1/tags/${answer.json.uid}`);
    for (const reader of [bob, undefined]) {
        assert.deepEqual((await site.get(`/tags/${answer.json.uid}`, reader)).json, answer.json);
        assert.deepEqual((await site.get('/tags', { query: { search: name }, token: reader?.token })).json,
            [answer.json]);
    }
    assertError(await site.post('/tags', { name }), 401, 'unauthenticated');
});

test('a name has 1 to 50 characters', async () => {
    for (const character of ['x', 'é', '日', '😀']) {
        const name = character.repeat(50);
        assertTag(await make(name), { name });
        assertInvalid(await site.post('/tags', { name: `${name}${character}` }, ada),
            [tooLong(['body', 'name'], `${name}${character}`, 50)]);
    }
    const tag = await make();
    for (const [json, entries] of [[{ name: '' }, [tooShort(['body', 'name'], '', 1)]],
        [{ name: null }, [stringType(['body', 'name'], null)]],
        [{ name: ['x'] }, [stringType(['body', 'name'], ['x'])]]]) {
        assertInvalid(await site.post('/tags', json, ada), entries);
        assertInvalid(await site.put(`/tags/${tag.uid}`, json, moderator), entries);
        assertInvalid(await site.patch(`/tags/${tag.uid}`, json, moderator), entries);
    }
    assertInvalid(await site.post('/tags', {}, ada), [missing(['body', 'name'], {})]);
    assertInvalid(await site.put(`/tags/${tag.uid}`, {}, moderator), [missing(['body', 'name'], {})]);
    assert.deepEqual((await site.patch(`/tags/${tag.uid}`, {}, moderator)).json, tag);
});

for (const [one, same] of [['rust', 'RUST'], ['Éclair', 'éCLAIR'], ['ΣΙΓΜΑ', 'σιγμα'], ['ПРИВЕТ', 'привет'],
    ['😀 Smile', '😀 sMILE']]) {
    test(`"${one}" and "${same}" are the same tag`, async () => {
        const end = site.name('');
        const tag = await make(`${one}${end}`);
        const other = await make();
        for (const name of [`${one}${end}`, `${same}${end}`, `${same}${end}`.toUpperCase()]) {
            assertError(await site.post('/tags', { name }, bob), 409, 'duplicate', /name/);
            assertError(await site.patch(`/tags/${other.uid}`, { name }, moderator), 409, 'duplicate', /name/);
            assertError(await site.put(`/tags/${other.uid}`, { name }, moderator), 409, 'duplicate', /name/);
        }
        assertTag((await site.patch(`/tags/${tag.uid}`, { name: `${same}${end}` }, moderator)).json,
            { uid: tag.uid, name: `${same}${end}` });
    });
}

test('accents, blanks and emoji make different tags', async () => {
    const end = site.name('');
    const different = ['e', 'é', 'e\u0301', 'ê', 'e ', ' e', 'e  ', 'ß', 'ss', '😀', '😁', '👍', '👍🏽', '❤', '❤️',
        'ａ', 'a', 'σ', 'ς', 'ſ'];
    const uids = new Set();
    for (const start of different) {
        uids.add((await make(`${start}${end}`)).uid);
        uids.add((await make(`${end}${start}`)).uid);
    }
    assert.equal(uids.size, 2 * different.length);
    const post = await site.createPost(ada);
    const answer = await site.post(`/posts/${post.id}/tags`, asked(different.map((start) => `${end}${start}`)), ada);
    assert.deepEqual(names(answer), different.map((start) => `${end}${start}`).sort());
    assert.equal(await site.count('tags', `name LIKE '%${end}%'`), 2 * different.length);
    // A filter goes by the database's order, in which accents and blanks at the end are nothing; `tag` by the name itself.
    const found = (await site.get('/tags', { query: { name: `${end}E`, limit: 100 } })).json.map(({ name }) => name);
    assert.deepEqual(found.sort(), ['e', 'é', 'e\u0301', 'ê', 'e ', 'e  '].map((start) => `${end}${start}`).sort());
    assert.equal((await site.delete(`/posts/${post.id}/tags/${answer.json.tags.find(({ name }) => name === `${end}e`).uid}`, ada)).status, 204);
    assert.equal((await site.get('/posts', { query: { tag: `${end}É` } })).json.length, 1);
    assert.equal((await site.get('/posts', { query: { tag: `${end}E` } })).json.length, 0);
});

test('PUT, PATCH and DELETE are for moderators and admins', async () => {
    for (const keeper of [moderator, admin]) {
        const tag = await make();
        const path = `/tags/${tag.uid}`;
        for (const person of [ada, bob]) {
            assertError(await site.put(path, { name: 'stolen' }, person), 403, 'forbidden');
            assertError(await site.patch(path, { name: 5 }, person), 403, 'forbidden');
            assertError(await site.delete(path, person), 403, 'forbidden');
        }
        assert.deepEqual((await site.get(path)).json, tag);
        for (const method of ['PUT', 'PATCH']) {
            const name = site.name('renamed');
            const answer = await site.request(method, path, { json: { name }, token: keeper.token });
            assert.deepEqual(answer.json, { ...tag, name });
        }
        assert.equal((await site.delete(path, keeper)).status, 204);
        for (const answer of [await site.get(path), await site.delete(path, keeper),
            await site.put(path, { name: 'x' }, keeper), await site.patch(path, { name: 'x' }, keeper),
            await site.get(`${path}/posts`), await site.get(`${path}/books`)]) {
            assertError(answer, 404, 'not_found', `tag with uid: ${tag.uid} not found`);
        }
    }
});

test('an edit from an old state is 412; what is no UUID is 422', async () => {
    const { json: tag, headers } = await site.post('/tags', { name: site.name('tag') }, ada);
    const old = { token: moderator.token, headers: { 'If-Match': headers.etag } };
    assert.equal((await site.patch(`/tags/${tag.uid}`, { name: site.name('tag') }, old)).status, 200);
    for (const answer of [await site.patch(`/tags/${tag.uid}`, { name: 'x' }, old),
        await site.put(`/tags/${tag.uid}`, { name: 'x' }, old), await site.delete(`/tags/${tag.uid}`, old)]) {
        assertError(answer, 412, 'stale');
    }
    assertInvalid(await site.get('/tags/nope'), [uuidParsing(['path', 'tag_uid'], 'nope',
        'invalid character: found `n` at 1')]);
});

for (const { kind, create, path } of carriers) {
    test(`one of the ${kind} has a hundred tags at most, and shows all of them`, async () => {
        const thing = await create(ada);
        const put = (list) => site.post(`${path(thing)}/tags`, asked(list), ada);
        const start = site.name('t');
        const all = Array.from({ length: 100 }, (_, i) => `${start}-${i}`);
        for (let i = 0; i < 80; i += 20) {
            await put(all.slice(i, i + 20));
        }
        assert.equal((await put(all.slice(80, 99))).json.tags.length, 99);
        assertError(await put([all[0], all[99], `${start}-100`]), 409, 'conflict',
            `a ${kind.slice(0, -1)} has at most 100 tags: this one has 99, and 2 more were sent`);
        assert.equal(await site.count('tags', `name = '${start}-100'`), 0);
        const full = await put([all[0], all[99]]);
        assert.deepEqual(names(full), [...all].sort());
        assert.equal((await put([all[5].toUpperCase()])).json.tags.length, 100);
        assertError(await put([`${start}-100`]), 409, 'conflict');
        await site.delete(`${path(thing)}/tags/${full.json.tags[0].uid}`, ada);
        assert.equal((await put([`${start}-100`])).json.tags.length, 100);
    });
}

for (const { kind, create, path, check } of carriers) {
    test(`POST /${kind}/…/tags puts tags on, makes what is missing, and shows the whole`, async () => {
        const thing = await create(ada);
        const there = await make(site.name('there'));
        const missingName = site.name('missing');
        const answer = await site.post(`${path(thing)}/tags`, asked([there.name.toUpperCase(), missingName]), ada);
        assert.equal(answer.status, 200, answer.raw);
        check(answer.json);
        assert.deepEqual(names(answer), [there.name, missingName].sort());
        assert.deepEqual(answer.json.tags.find(({ uid }) => uid === there.uid), there);
        const again = await site.post(`${path(thing)}/tags`, asked([missingName, there.name]), ada);
        assert.equal(again.status, 200);
        assert.deepEqual(again.json, answer.json);
        const more = await site.post(`${path(thing)}/tags`, asked([site.name('more')]), ada);
        assert.equal(more.json.tags.length, 3);
        assert.deepEqual((await site.get(`${path(thing)}?include=tags`)).json.tags, more.json.tags);
        assert.equal((await site.post(`${path(thing)}/tags`, { tags: [] }, ada)).json.tags.length, 3);
    });

    test(`POST /${kind}/…/tags: doubles and case variants in one request are one tag, the first spelling counts`,
        async () => {
            const name = site.name('Double');
            const thing = await create(ada);
            const answer = await site.post(`${path(thing)}/tags`,
                asked([name, name, name.toUpperCase(), name.toLowerCase()]), ada);
            assert.deepEqual(names(answer), [name]);
            assert.equal(await site.count('tags', `name = '${name}'`), 1);
        });

    test(`POST /${kind}/…/tags takes twenty, not twenty-one`, async () => {
        const thing = await create(ada);
        const twenty = asked(Array.from({ length: 20 }, () => site.name('many')));
        assert.equal((await site.post(`${path(thing)}/tags`, twenty, ada)).json.tags.length, 20);
        const more = asked(Array.from({ length: 21 }, () => site.name('toomany')));
        assertInvalid(await site.post(`${path(thing)}/tags`, more, ada), [tooMany(['body', 'tags'], more.tags, 20)]);
        assertInvalid(await site.post(`${path(thing)}/tags`, { tags: Array(25).fill(1) }, ada),
            [tooMany(['body', 'tags'], Array(25).fill(1), 20)]);
        assert.equal(await site.count('tags', 'name LIKE "toomany%"'), 0);
    });

    test(`POST /${kind}/…/tags: all that is wrong is said, and nothing is written`, async () => {
        const thing = await create(ada);
        const fresh = site.name('fresh');
        const item = (i) => ['body', 'tags', i, 'name'];
        for (const [json, entries] of [
            [{}, [missing(['body', 'tags'], {})]], [[], [noObject([])]],
            [{ tags: 'x' }, [listType(['body', 'tags'], 'x')]], [{ tags: null }, [listType(['body', 'tags'], null)]],
            [{ tags: { name: 'x' } }, [listType(['body', 'tags'], { name: 'x' })]],
            [{ tags: [{ name: fresh }, {}, 'x', { name: '' }, null, { name: 5 }, { name: 'y'.repeat(51) }, ['z']] }, [
                missing(item(1), {}), badItem(['body', 'tags', 2], 'x'), tooShort(item(3), '', 1),
                badItem(['body', 'tags', 4], null), stringType(item(5), 5), tooLong(item(6), 'y'.repeat(51), 50),
                badItem(['body', 'tags', 7], ['z'])]],
        ]) {
            assertInvalid(await site.post(`${path(thing)}/tags`, json, ada), entries);
        }
        assert.equal(await site.count('tags', `name = '${fresh}'`), 0);
        assert.deepEqual((await site.get(`${path(thing)}?include=tags`)).json.tags, []);
    });

    test(`DELETE /${kind}/…/tags/{tag_uid} takes one off: 204, then 404; the tag stays`, async () => {
        const thing = await create(ada);
        const { json } = await site.post(`${path(thing)}/tags`, asked([site.name('a'), site.name('b')]), ada);
        const [one, two] = json.tags;
        const link = `${path(thing)}/tags/${one.uid}`;
        assertError(await site.delete(link, bob), 403, 'forbidden');
        assertError(await site.post(`${path(thing)}/tags`, asked(['x']), bob), 403, 'forbidden');
        assert.equal((await site.delete(link, ada)).status, 204);
        assertError(await site.delete(link, ada), 404, 'not_found', `tag with uid: ${one.uid} not found`);
        assertError(await site.delete(`${path(thing)}/tags/${NONE}`, ada), 404, 'not_found');
        assert.deepEqual((await site.get(`${path(thing)}?include=tags`)).json.tags, [two]);
        assert.deepEqual((await site.get(`/tags/${one.uid}`)).json, one);
        assert.equal((await site.delete(`${path(thing)}/tags/${two.uid}`, admin)).status, 204);
        assert.equal((await site.delete(path(thing), ada)).status, 204);
        assertError(await site.post(`${path(thing)}/tags`, asked(['x']), ada), 404, 'not_found');
        assertError(await site.delete(`${path(thing)}/tags/${two.uid}`, ada), 404, 'not_found');
    });

    test(`?tag= and /tags/{uid}/${kind} find what carries a tag, whatever the case`, async () => {
        const [first, second, third] = [await create(ada), await create(bob), await create(ada)];
        const [red, blue] = [site.name('Red'), site.name('Blue')];
        const tag = (await site.post(`${path(first)}/tags`, asked([red]), ada)).json.tags[0];
        await site.post(`${path(second)}/tags`, asked([red, blue]), bob);
        const found = async (query) => (await site.get(`/${kind}`, { query: { limit: 100, ...query } })).json.map(path);
        const both = [path(first), path(second)].sort();
        assert.deepEqual((await found({ tag: red })).sort(), both);
        assert.deepEqual((await found({ tag: red.toUpperCase() })).sort(), both);
        assert.deepEqual(await found({ tag: blue }), [path(second)]);
        assert.deepEqual(await found({ tag: site.name('none') }), []);
        assert.deepEqual((await site.get(`/tags/${tag.uid}/${kind}`)).json.map(path).sort(), both);
        const counted = await site.get(`/tags/${tag.uid}/${kind}?limit=1&count=exact`);
        assert.equal(counted.headers['x-total-count'], '2');
        assert.ok(!both.includes(path(third)));
        assert.equal((await site.delete(`/tags/${tag.uid}`, moderator)).status, 204);
        assert.deepEqual(await found({ tag: red }), []);
        assert.deepEqual((await site.get(`${path(first)}?include=tags`)).json.tags, []);
        assertError(await site.get(`/tags/${NONE}/${kind}`), 404, 'not_found', `tag with uid: ${NONE} not found`);
    });

    test(`twenty parallel requests make one row of each new tag on ${kind}`, async () => {
        for (let round = 0; round < 3; ++round) {
            const wanted = Array.from({ length: 10 }, () => site.name('race'));
            const things = await Promise.all(Array.from({ length: 20 }, (_, i) => create(i % 2 ? ada : bob)));
            const answers = await Promise.all(things.map((thing, i) => {
                const order = i % 3 === 0 ? [...wanted].reverse() : i % 3 === 1 ? wanted.map((n) => n.toUpperCase())
                    : wanted;
                return site.post(`${path(thing)}/tags`, asked(order), i % 2 ? ada : bob);
            }));
            assert.deepEqual([...new Set(answers.map(({ status }) => status))], [200]);
            const uids = (answer) => answer.json.tags.map(({ uid }) => uid).sort();
            for (const answer of answers) {
                assert.deepEqual(uids(answer), uids(answers[0]));
            }
            assert.equal(await site.count('tags', `lower(name) IN ('${wanted.join("', '")}')`), 10);
        }
    });
}

test('others\' unpublished posts do not show by their tags', async () => {
    const [hidden, open] = [await site.createPost(ada, { published: false }), await site.createPost(ada)];
    const name = site.name('secret');
    const [tag] = (await site.post(`/posts/${hidden.id}/tags`, asked([name]), ada)).json.tags;
    await site.post(`/posts/${open.id}/tags`, asked([name]), ada);
    const ids = (answer) => answer.json.map(({ id }) => id).sort((a, b) => a - b);
    for (const [person, expected] of [[ada, [hidden.id, open.id]], [admin, [hidden.id, open.id]], [bob, [open.id]],
        [moderator, [open.id]], [undefined, [open.id]]]) {
        assert.deepEqual(ids(await site.get(`/tags/${tag.uid}/posts`, person)), expected);
        assert.deepEqual(ids(await site.get('/posts', { query: { tag: name }, token: person?.token })), expected);
    }
    for (const [method, path, json] of [['POST', `/posts/${hidden.id}/tags`, asked(['x'])],
        ['DELETE', `/posts/${hidden.id}/tags/${tag.uid}`, undefined]]) {
        assertError(await site.request(method, path, { json, token: bob.token }), 404, 'not_found');
    }
});

test('a tag made twenty times at once is made once', async () => {
    for (let round = 0; round < 3; ++round) {
        const name = site.name('once');
        const answers = await Promise.all(Array.from({ length: 20 }, (_, i) =>
            site.post('/tags', { name: i % 2 ? name : name.toUpperCase() }, ada)));
        assert.deepEqual(answers.map(({ status }) => status).sort(), [201, ...Array(19).fill(409)]);
        assert.equal(await site.count('tags', `name = '${name}'`), 1);
    }
});

test('tags deleted while they are put on things: no server error, no link to nothing', async () => {
    const post = await site.createPost(ada);
    for (let round = 0; round < 10; ++round) {
        const wanted = Array.from({ length: 4 }, () => site.name('gone'));
        const tags = await Promise.all(wanted.map((name) => make(name)));
        const answers = await Promise.all([...Array.from({ length: 6 }, () =>
            site.post(`/posts/${post.id}/tags`, asked(wanted), ada)),
        ...tags.map(({ uid }) => site.delete(`/tags/${uid}`, moderator))]);
        assert.ok(answers.every(({ status }) => [200, 204].includes(status)),
            answers.map(({ status, raw }) => `${status} ${status >= 400 ? raw : ''}`).join('\n'));
    }
    assert.equal(await site.count('post_tags', 'tag_uid NOT IN (SELECT uid FROM tags)'), 0);
});

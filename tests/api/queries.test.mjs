// The other abilities of lists: fields, q, search, filters of every kind, count=exact; on all lists that have them.
import assert from 'node:assert/strict';
import { lists, settle } from './lib/community.mjs';
import { assertInvalid, entry, literal } from './lib/contract.mjs';
import { assertMembers } from './lib/shapes.mjs';
import { linksOf } from './lib/link.mjs';
import { startSite } from './lib/site.mjs';
import { test } from './lib/test.mjs';

const site = await startSite({ settings: { WORKERS: 2 } });
const people = await settle(site, 20);
const { admin, ada } = people;
const all = lists(people);

async function get(path, query = {}, person = admin) {
    const answer = await site.get(path, { query, token: person.token });
    assert.equal(answer.status, 200, `${path} ${JSON.stringify(query)}: ${answer.raw.slice(0, 300)}`);
    return answer;
}

// --- fields ----------------------------------------------------------------------------------------------------------

for (const list of all) {
    test(`${list.route}: fields`, async () => {
        const plain = (await get(list.path, { limit: 5 }, list.as)).json;
        const names = Object.keys(plain[0]);
        const ask = async (fields, more = {}) => (await get(list.path, { limit: 5, fields, ...more }, list.as)).json;
        for (const only of [...names.map((name) => [name]), names.slice(0, 2), names.slice(-2).reverse(), names,
            [names[0], names[0]]]) {
            const rows = await ask(only.join(','));
            assert.deepEqual(rows, plain.map((row) => Object.fromEntries(names.filter((name) => only.includes(name))
                .map((name) => [name, row[name]]))), only.join(','));
        }
        const [relation] = Object.keys(list.include);
        if (relation) {
            for (const row of await ask(names[0], { include: relation })) {
                assertMembers(row, [names[0], relation]);
            }
            assertMembers((await ask(`${names[1]},${relation}`, { include: relation }))[0], [names[1], relation]);
        }
        const wrong = await site.get(`${list.path}?fields=nonsense`, list.as ?? admin);
        const { expected } = wrong.json.detail[0].ctx;
        assert.deepEqual(expected.match(/'[^']+'/g).map((name) => name.slice(1, -1)).sort(), [...names].sort());
        for (const value of ['nonsense', '', ',', `${names[0]},`, `${names[0]},nonsense`, ` ${names[0]}`, '*',
            'password_hash', 'version', names[0].toUpperCase(), `-${names[0]}`]) {
            assertInvalid(await site.get(list.path, { query: { fields: value }, token: (list.as ?? admin).token }),
                [literal(['query', 'fields'], value, expected)]);
        }
        assert.equal((await site.get(list.path, { query: { fields: Array(69).fill(names[0]).join(',') },
            token: (list.as ?? admin).token })).status, 422, 'more names than any row has');
    });
}

test('fields with members that stand flat: voters', async () => {
    const path = `/posts/${people.post}/voters`;
    const [whole] = (await get(path, { limit: 1 })).json;
    assertMembers(whole, ['id', 'uid', 'username', 'created_at', 'vote_type', 'voted_at']);
    assert.deepEqual((await get(path, { limit: 1, fields: 'vote_type,username' })).json,
        [{ username: whole.username, vote_type: whole.vote_type }]);
    assert.equal((await site.get(`${path}?fields=voter`, admin)).status, 422);
    const next = linksOf(await get(path, { limit: 3, fields: 'vote_type', sort_by: '-voted_at' })).next;
    const rest = (await site.get(next, admin)).json;
    assert.deepEqual(Object.keys(rest[0]), ['vote_type']);
});

// --- count -----------------------------------------------------------------------------------------------------------

for (const list of all) {
    test(`${list.route}: count=exact counts what the filters leave, on any page`, async () => {
        const person = list.as ?? admin;
        for (const query of [{}, list.search && { search: list.search }, list.q && { q: list.q }, list.filter
            && Object.fromEntries(new URLSearchParams(list.filter)), list.search && { search: 'no such thing' }]
            .filter(Boolean)) {
            const { json } = await get(list.path, { ...query, limit: 100 }, person);
            for (const page of [{}, { limit: 1 }, { skip: 5 }, { skip: 1000000 }, { fields: list.key, limit: 3 }]) {
                const answer = await get(list.path, { ...query, ...page, count: 'exact' }, person);
                assert.equal(answer.headers['x-total-count'], String(json.length), JSON.stringify([query, page]));
            }
            const head = await site.head(list.path, { query: { ...query, count: 'exact' }, token: person.token });
            assert.equal(head.headers['x-total-count'], String(json.length));
            assert.equal((await get(list.path, query, person)).headers['x-total-count'], undefined);
        }
        const next = linksOf(await get(list.path, { limit: 7, count: 'exact' }, person)).next;
        const page = await site.get(next, person);
        const total = (await get(list.path, { limit: 100 }, person)).json.length;
        assert.equal(page.headers['x-total-count'], String(total), 'with a cursor');
        for (const value of ['', 'Exact', 'planned', 'true', '1', 'exact ']) {
            assertInvalid(await site.get(list.path, { query: { count: value }, token: person.token }),
                [literal(['query', 'count'], value, "'exact'")]);
        }
    });
}

// --- full text -------------------------------------------------------------------------------------------------------

const shelf = '/books';
async function titles(q, more = {}) {
    return (await get(shelf, { q, limit: 100, publisher: 'x', ...more })).json.map(({ title }) => title);
}

test('q: the most relevant first, in title, author and publisher', async () => {
    await site.createBook(ada, { title: 'zebra zebra zebra zebra' });
    await site.createBook(ada, { title: 'one zebra and many other words that are of no interest at all here' });
    await site.createBook(ada, { title: 'by a zebra', author: 'Zebra', publisher: 'Zebra' });
    await site.createBook(ada, { title: 'no stripes', author: 'Émile Ĝirafo' });
    const found = await titles('zebra');
    assert.equal(found.length, 3);
    assert.equal(found[0], 'zebra zebra zebra zebra');
    assert.match(found[2], /^one zebra/);
    assert.deepEqual(await titles('ZEBRA'), found);
    assert.deepEqual(await titles('girafo'), ['no stripes']);
    assert.deepEqual(await titles('Émile'), ['no stripes']);
    assert.equal((await titles('zebra girafo')).length, 4, 'any of the words');
    assert.deepEqual(await titles('zeb'), [], 'whole words');
    assert.deepEqual(await titles('nosuchword'), []);
});

test('q with sort_by, search, filters, skip and count', async () => {
    assert.deepEqual(await titles('zebra', { sort_by: 'title' }), [...await titles('zebra')].sort());
    assert.deepEqual(await titles('zebra', { sort_by: '-title' }), [...await titles('zebra')].sort().reverse());
    assert.deepEqual(await titles('zebra', { search: 'by a' }), ['by a zebra']);
    assert.deepEqual(await titles('zebra', { author: 'Zebra' }), ['by a zebra']);
    assert.deepEqual(await titles('zebra', { skip: 2 }), (await titles('zebra')).slice(2));
    assert.equal((await get(shelf, { q: 'zebra', count: 'exact', limit: 1 })).headers['x-total-count'], '3');
});

test('q takes any text: quotes, operators, short and common words, emoji, nothing', async () => {
    const whole = (await get(shelf, { limit: 100 })).json.length;
    await site.createBook(ada, { title: 'the cat sat' });
    for (const q of ['"zebra"', '+zebra -stripes', 'zebra*', '(zebra)', '~zebra', '@zebra', '<zebra>', 'zebra)',
        '"zebra', '((((', '*', '+', '-', '"', "'", "zebra' OR 1=1 -- ", '%', '_', '\\', 'zebra\\', '🍍 zebra', 'zebra\0',
        'zebra'.repeat(500), 'zebra '.repeat(500), '\u202e', '中文', 'é'.repeat(84), 'a'.repeat(85)]) {
        const answer = await site.get(shelf, { query: { q }, token: admin.token });
        assert.equal(answer.status, 200, `${q}: ${answer.raw.slice(0, 200)}`);
    }
    for (let code = 0; code < 128; code++) {
        const c = String.fromCharCode(code);
        for (const q of [c, c + c, `${c}zebra`, `zebra${c}`, `zebra ${c} girafo`]) {
            assert.equal((await site.get(shelf, { query: { q, limit: 1 } })).status, 200, JSON.stringify(q));
        }
    }
    assert.equal((await titles('"zebra"')).length, 3);
    assert.equal((await titles('+zebra -stripes')).length, 4, 'operators are none: stripes is one more word');
    assert.deepEqual(await titles('cat'), ['the cat sat'], 'three letters');
    assert.deepEqual(await titles('the'), [], 'a stop word finds nothing');
    assert.deepEqual(await titles('the cat'), ['the cat sat']);
    assert.deepEqual(await titles('🍍'), []);
    assert.equal((await get(shelf, { q: '', limit: 100 })).json.length, whole + 1, 'nothing asks for nothing');
});

test('q in posts looks into content, in microposts into the body; others\' drafts stay hidden', async () => {
    const draft = await site.createPost(ada, { title: 'hidden', content: 'an okapi in the dark', published: false });
    const shown = await site.createPost(ada, { title: 'shown', content: 'an okapi at noon' });
    const ids = async (person) => (await site.get('/posts?q=okapi', person)).json.map(({ id }) => id).sort();
    assert.deepEqual(await ids(undefined), [shown.id]);
    assert.deepEqual(await ids(await site.signUp()), [shown.id]);
    assert.deepEqual(await ids(ada), [draft.id, shown.id]);
    assert.equal((await site.get('/posts?q=okapi&count=exact')).headers['x-total-count'], '1');
    await site.patch(`/posts/${shown.id}`, { content: 'nothing any more' }, ada);
    assert.deepEqual(await ids(ada), [draft.id]);
    await site.post('/microposts', { body: 'an okapi, short' }, ada);
    assert.equal((await site.get('/microposts?q=okapi')).json.length, 1);
});

// --- search and filters ----------------------------------------------------------------------------------------------

test('filters and ranges of every list: what is left is what a look at all rows leaves', async () => {
    const day = (text) => text?.slice(0, 10);
    const comments = `/posts/${people.post}/comments`;
    const ok = {
        gt: (a, b) => a > b, gte: (a, b) => a >= b, lt: (a, b) => a < b, lte: (a, b) => a <= b,
    };
    const time = '2024-01-03T00:00:00.000001Z';
    const full = (text) => text.replace(/(:\d\d)Z$/, '$1.000000Z');
    for (const [path, name, value, read] of [
        ['/posts', 'created_at', time, full], ['/books', 'created_at', time, full],
        ['/users', 'created_at', time, full],
        ['/microposts', 'timestamp', time, full], [comments, 'created_at', time, full], ['/reviews', 'created_at', time,
            full],
        ['/books', 'published_date', '2000-01-03', day], ['/posts', 'owner_id', String(ada.id), Number],
        [comments, 'user_id', String(ada.id), Number], ['/microposts', 'user_id', String(ada.id), Number],
        [comments, 'parent_id', '200001', Number],
    ]) {
        const rows = (await get(path, { limit: 100 })).json;
        const member = (row) => row[name] ?? (name === 'user_id' ? row.author.id : null);
        const wanted = read(value);
        for (const [suffix, test_] of [['', (a, b) => a === b], ...Object.entries(ok)]) {
            const parameter = suffix ? `${name}_${suffix}` : name;
            const got = (await get(path, { limit: 100, [parameter]: value })).json;
            const left = rows.filter((row) => member(row) !== null && test_(read(String(member(row))), wanted));
            assert.deepEqual(got, left, `${path}?${parameter}=${value}`);
        }
    }
});

test('filters by text, tag and uid; null is no value', async () => {
    const { uid } = await site.createBook(ada, { title: 'Filtered', author: 'Ann', language: 'eo' });
    const one = async (query) => (await get('/books', { ...query, limit: 100 })).json.map((book) => book.uid);
    assert.deepEqual(await one({ title: 'Filtered' }), [uid]);
    assert.deepEqual(await one({ author: 'Ann', language: 'eo' }), [uid]);
    assert.deepEqual(await one({ author: 'Ann', language: 'de' }), []);
    assert.ok((await one({ user_uid: ada.uid })).includes(uid));
    assert.deepEqual(await one({ user_uid: admin.uid }), []);
    assert.deepEqual(await one({ author: '' }), []);
    await site.post(`/books/${uid}/tags`, { tags: [{ name: 'Sci-Fi' }] }, ada);
    for (const tag of ['Sci-Fi', 'sci-fi', 'SCI-FI']) {
        assert.deepEqual(await one({ tag }), [uid]);
    }
    for (const tag of ['sci', 'sci-fi ', '', '%', 'ſci-fi']) {
        assert.deepEqual(await one({ tag }), [], tag);
    }
    const post = await site.createPost(ada);
    await site.post(`/posts/${post.id}/tags`, { tags: [{ name: '🍍' }, { name: 'sci-FI' }] }, ada);
    for (const tag of ['🍍', 'sci-fi']) {
        assert.deepEqual((await get('/posts', { tag })).json.map(({ id }) => id), [post.id]);
    }
    assert.deepEqual((await get('/posts', { tag: '🍎' })).json, []);
});

test('all filters of a list at once, and wrong ones all together', async () => {
    const time = '2024-01-03T00:00:00Z';
    const ranges = (name, value) => Object.fromEntries(['', '_gt', '_gte', '_lt', '_lte']
        .map((suffix) => [name + suffix, value]));
    const posts = { ...ranges('created_at', time), ...ranges('owner_id', 1), title: 'a', published: true, tag: 'x',
        search: 'a', q: 'walnut', sort_by: '-votes,score,title,-date', include: 'tags,comments', fields: 'id',
        count: 'exact', limit: 1 };
    assert.deepEqual((await get('/posts', posts)).json, []);
    assert.deepEqual((await get('/posts', posts, ada)).json, []);
    const books = { ...ranges('created_at', time), ...ranges('published_date', '2000-01-01'), title: 'a', author: 'a',
        language: 'en', user_uid: ada.uid, tag: 'x', search: 'a', q: 'walnut', count: 'exact',
        sort_by: 'published_date,-average_rating,author,title', include: 'tags,reviews' };
    assert.deepEqual((await get('/books', books)).json, []);
    const wrong = await site.get('/books', { query: { ...ranges('created_at', 'x'), ...ranges('published_date', 'x'),
        user_uid: 'x', limit: 0, skip: -1, sort_by: 'x', include: 'x', fields: 'x', count: 'x', cursor: 'x' } });
    assert.equal(wrong.status, 422);
    const places = wrong.json.detail.map(({ loc }) => loc[1]);
    assert.equal(new Set(places).size, places.length, places.join());
    assert.equal(places.length, 5 + 5 + 1 + 6, places.join());
});

test('wrong values of filters', async () => {
    for (const [path, name, values, type] of [
        ['/books', 'published_date_gte', ['nope', '', '2024-02-30', '2024-13-01'], /^date_/],
        ['/books', 'user_uid', ['nope', '', '123', `${ada.uid}0`], /^uuid_/],
        ['/books', 'created_at', ['nope', '2024-02-30T00:00:00Z'], /^datetime_/],
        ['/posts', 'owner_id_gt', ['x', '1.5', ''], /^int_/], ['/users', 'is_active', ['maybe', ''], /^bool_/],
        ['/microposts', 'timestamp_lt', ['x'], /^datetime_/],
    ]) {
        for (const value of values) {
            const answer = await site.get(path, { query: { [name]: value }, token: admin.token });
            assert.equal(answer.status, 422, `${path}?${name}=${value}`);
            assert.equal(answer.json.detail.length, 1);
            assert.deepEqual(answer.json.detail[0].loc, ['query', name]);
            assert.match(answer.json.detail[0].type, type);
            assert.equal(answer.json.detail[0].input, value);
        }
    }
});

test('search finds parts of the main text in every list that has one', async () => {
    for (const list of all.filter(({ search }) => search)) {
        const found = (await get(list.path, { search: list.search.toUpperCase(), limit: 100 }, list.as)).json;
        assert.ok(found.length > 0, list.route);
        for (const search of ['no such text', '%', '_', '\\', "' OR '1'='1"]) {
            assert.deepEqual((await get(list.path, { search }, list.as)).json, [], `${list.route}?search=${search}`);
        }
    }
});

test('sort_by: five keys are too many and told so, unknown ones are named', async () => {
    assert.equal((await site.get('/books?sort_by=title,author,published_date,review_count')).status, 200);
    const five = 'title,author,published_date,review_count,date';
    assertInvalid(await site.get(`/books?sort_by=${five}`), [entry('too_long', ['query', 'sort_by'],
        'List should have at most 4 items after validation, not 5', five,
        { field_type: 'List', max_length: 4, actual_length: 5 })]);
    for (const list of all.filter(({ sort }) => sort.length > 0)) {
        const answer = await site.get(`${list.path}?sort_by=nonsense`, list.as ?? admin);
        const names = answer.json.detail[0].ctx.expected.match(/'[^']+'/g).map((name) => name.slice(1, -1));
        assert.deepEqual(names.sort(), [...list.sort].sort(), list.route);
    }
    // A list that cannot be sorted says so as well.
    assert.equal((await site.get(`/users/${ada.id}/roles?sort_by=role_id`, admin)).status, 422);
});

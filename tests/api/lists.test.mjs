// Lists: limit, skip, sort_by, search and filters, on posts.
import assert from 'node:assert/strict';
import { assertError, assertInvalid, atLeast, atMost, boolParsing, entry, intParsing } from './lib/contract.mjs';
import { assertPost } from './lib/shapes.mjs';
import { startSite } from './lib/site.mjs';
import { test } from './lib/test.mjs';

const site = await startSite();
const ada = await site.signUp();
const bob = await site.signUp();
const cyd = await site.signUp();

// Six posts with a word in common; titles, votes and times in different orders.
const word = 'Walnut';
const rows = [
    { title: `${word} delta`, created: '2024-01-03 00:00:00', votes: [ada], owner: ada },
    { title: `${word} alpha`, created: '2024-01-01 00:00:00', votes: [ada, bob], owner: bob },
    { title: `${word} charlie`, created: '2024-01-02 00:00:00', votes: [], owner: ada },
    { title: `${word} bravo`, created: '2024-01-02 00:00:00', votes: [ada, bob, cyd], down: true, owner: bob },
    { title: `${word} alpha`, created: '2024-01-05 12:00:00.500000', votes: [], owner: ada },
    { title: `${word} echo`, created: '2024-01-04 00:00:00', votes: [cyd], down: true, owner: ada, published: false },
];
const posts = [];
for (const { title, created, votes, down, owner, published = true } of rows) {
    const post = await site.createPost(owner, { title, published: true });
    for (const voter of votes) {
        const answer = await site.put(`/posts/${post.id}/vote`, { vote_type: down ? 'downvote' : 'upvote' }, voter);
        assert.equal(answer.status, 201, answer.raw);
    }
    if (!published) {
        assert.equal((await site.patch(`/posts/${post.id}`, { published }, owner)).status, 200);
    }
    await site.query(`UPDATE posts SET created_at = '${created}' WHERE id = ${post.id}`);
    posts.push(post);
}

/** The positions in rows (1 to 6) of what a list holds, seen by ada. */
async function found(query, path = '/posts') {
    const answer = await site.get(path, { query: { search: word, sort_by: 'id', limit: 100, ...query },
        token: ada.token });
    assert.equal(answer.status, 200, answer.raw);
    answer.json.forEach((post) => assertPost(post));
    return answer.json.map(({ id }) => 1 + posts.findIndex((post) => post.id === id)).join('');
}

test('a list is a bare array of whole posts', async () => {
    const answer = await site.get('/posts?search=delta');
    assert.equal(answer.status, 200);
    assert.equal(answer.json.length, 1);
    const one = await site.get(`/posts/${posts[0].id}`);
    assert.deepEqual(answer.json[0], one.json);
});

for (const [sort, order] of [
    ['id', '123456'], ['-id', '654321'],
    ['title', '254316'], ['-title', '613425'],
    ['created_at', '234165'], ['-created_at', '561342'], ['date', '234165'], ['-date', '561342'],
    ['votes', '351624'], ['-votes', '421635'],
    ['score', '463512'], ['-score', '213564'],
    ['title,-id', '524316'], ['votes,-created_at', '536124'], ['-score,title', '215364'],
        ['created_at,votes', '234165'],
    ['-created_at,-votes,-id', '561432'], ['title,title', '254316'], ['title,-title', '254316'],
]) {
    test(`sort_by=${sort}`, async () => {
        const got = await found({ sort_by: sort });
        // Where the sorted values are the same, the key decides; which way is ours to say, but it must not change.
        if (!sort.includes('id')) {
            assert.equal(await found({ sort_by: sort }), got);
        }
        assertOrder(got, order, sort);
    });
}

/** Equal, or equal after exchanging rows that the sort cannot tell apart. */
function assertOrder(got, order, sort) {
    const keys = sort.split(',').map((name) => name.replace('-', ''));
    const value = (digit) => {
        const { title, created, votes, down } = rows[digit - 1];
        const of = { id: digit, title, created_at: created, date: created, votes: votes.length,
            score: votes.length * (down ? -1 : 1) };
        return keys.map((key) => of[key]).join('|');
    };
    assert.equal([...got].sort().join(''), [...order].sort().join(''), got);
    assert.deepEqual([...got].map(value), [...order].map(value), `${got} is not in the order of ${order}`);
}

test('more parameters than are read are refused, and none is dropped in silence', async () => {
    const some = (n) => Array.from({ length: n }, (_, i) => `x${i}=1`).join('&');
    const { id } = (await site.get('/posts?limit=1')).json[0];
    for (const path of ['/posts', `/posts/${id}`, `/posts/${id}/comments`]) {
        assert.equal((await site.get(`${path}?${some(64)}`)).status, 200);
        assertInvalid(await site.get(`${path}?${some(64)}&fields=id`),
            [entry('value_error', ['query'], 'Value error, there are more than 64 parameters', null,
                { error: 'there are more than 64 parameters' })]);
    }
});

test('the order of equals is the same on every page', async () => {
    for (const sort of ['title', '-votes', 'score']) {
        const whole = await found({ sort_by: sort });
        let walked = '';
        for (let skip = 0; skip < 7; skip += 2) {
            walked += await found({ sort_by: sort, limit: 2, skip });
        }
        assert.equal(walked, whole);
    }
});

for (const sort of ['nonsense', '', '-', ',', 'id,', 'id,nonsense', '--id', 'ID', 'content', 'owner_id',
    'owner.username', 'id desc',
    'id; DROP TABLE posts', '(select sleep(5))', 'id`', 'password_hash', '1', ' id', 'id,-']) {
    test(`sort_by=${sort || '(nothing)'} is 422 naming what is allowed`, async () => {
        const answer = await site.get('/posts', { query: { sort_by: sort } });
        assert.equal(answer.status, 422, answer.raw);
        assert.equal(answer.json.detail.length, 1);
        const [{ type, loc, msg, ctx }] = answer.json.detail;
        assert.deepEqual([type, loc], ['literal_error', ['query', 'sort_by']]);
        assert.equal(msg, `Input should be ${ctx.expected}`);
        for (const name of ['id', 'title', 'created_at', 'date', 'updated_at', 'votes', 'score']) {
            assert.ok(ctx.expected.includes(`'${name}'`), ctx.expected);
        }
        assert.match(ctx.expected, / or '[a-z_-]+'$/);
    });
}

test('limit and skip: defaults, bounds, beyond the end', async () => {
    const person = await site.signUp();
    for (let i = 0; i < 12; ++i) {
        await site.createPost(person, { title: `dozen ${i}` });
    }
    const count = async (query) => (await site.get(`/users/${person.id}/posts`, { query })).json.length;
    assert.equal(await count({}), 10);
    assert.equal(await count({ skip: 10 }), 2);
    assert.equal(await count({ limit: 12 }), 12);
    assert.equal(await count({ limit: 100 }), 12);
    assert.equal(await count({ limit: 1 }), 1);
    assert.equal(await count({ skip: 12 }), 0);
    assert.equal(await count({ skip: 1000000 }), 0);
    assert.equal(await count({ skip: '9223372036854775807' }), 0);
});

test('integers in the query are read as pydantic reads them', async () => {
    for (const limit of ['+1', '001', ' 1', '1 ', '1.0']) {
        const answer = await site.get('/posts', { query: { limit } });
        assert.equal(answer.status, 200, `${limit}: ${answer.raw}`);
        assert.equal(answer.json.length, 1, limit);
    }
});

for (const [name, value] of [['a word', 'abc'], ['nothing', ''], ['a fraction', '1.5'], ['an exponent', '1e3'],
    ['hexadecimal', '0x10'],
    ['SQL', '1; DROP TABLE posts'], ['a list', '[1]'], ['null', 'null'], ['a boolean', 'true'],
        ['full-width digits', '１２']]) {
    test(`limit and skip of ${name} are 422, both together`, async () => {
        assertInvalid(await site.get('/posts', { query: { limit: value, skip: value } }),
            [intParsing(['query', 'limit'], value), intParsing(['query', 'skip'], value)]);
    });
}

test('limit and skip out of bounds are 422', async () => {
    assertInvalid(await site.get('/posts?limit=0'), [atLeast(['query', 'limit'], '0', 1)]);
    // Below zero the bound named is 0, as the original's answers have it; at zero it is the 1 of the contract.
    assertInvalid(await site.get('/posts?limit=-1&skip=-1'),
        [atLeast(['query', 'limit'], '-1', 0), atLeast(['query', 'skip'], '-1', 0)]);
    for (const limit of ['101', '1000000', '2147483648', '4294967297', '9223372036854775807']) {
        assertInvalid(await site.get(`/posts?limit=${limit}`), [atMost(['query', 'limit'], limit, 100)]);
    }
});

test('numbers of any length neither wrap around nor break anything', async () => {
    for (const value of ['9223372036854775808', '18446744073709551616', '-9223372036854775809', '9'.repeat(40),
        `-${'9'.repeat(40)}`,
        '9'.repeat(4000)]) {
        for (const name of ['limit', 'skip']) {
            const answer = await site.get('/posts', { query: { [name]: value } });
            if (answer.status === 200) {
                assert.ok(name === 'skip' && answer.json.length === 0, `${name}=${value}`);
            } else {
                assert.equal(answer.status, 422);
                assert.deepEqual(answer.json.detail[0].loc, ['query', name]);
            }
        }
    }
});

for (const [query, expected] of [
    [{ search: 'walnut' }, '123456'], [{ search: 'WALNUT ALPHA' }, '25'], [{ search: 'lnut br' }, '4'],
        [{ search: '' }, null],
    [{ search: 'walnut%' }, ''], [{ search: 'w_lnut' }, ''], [{ search: '%' }, ''], [{ search: '_' }, ''],
        [{ search: '\\' }, ''],
    [{ search: 'no such thing' }, ''],
    [{ published: 'true' }, '12345'], [{ published: 'false' }, '6'], [{ published: '0' }, '6'],
        [{ published: 'YES' }, '12345'],
    [{ owner_id: ada.id }, '1356'], [{ owner_id: bob.id }, '24'], [{ owner_id: 2147480000 }, ''],
    [{ title: `${word} alpha` }, '25'], [{ title: 'alpha' }, ''],
    [{ owner_id: ada.id, published: 'false', search: 'echo' }, '6'],
    [{ created_at: '2024-01-02T00:00:00Z' }, '34'],
    [{ created_at_gte: '2024-01-03T00:00:00Z' }, '156'], [{ created_at_gt: '2024-01-03T00:00:00Z' }, '56'],
    [{ created_at_lte: '2024-01-02T00:00:00Z' }, '234'], [{ created_at_lt: '2024-01-02T00:00:00Z' }, '2'],
    [{ created_at_gte: '2024-01-02T00:00:00Z', created_at_lt: '2024-01-04T00:00:00Z' }, '134'],
    [{ created_at_gte: '2024-01-05T12:00:00.500000Z' }, '5'], [{ created_at_gt: '2024-01-05T12:00:00.499999Z' }, '5'],
    [{ created_at_gt: '2024-01-05T12:00:00.5Z' }, ''],
    [{ created_at_gte: '2024-01-05T14:00:00.5+02:00' }, '5'], [{ created_at_lt: '2023-12-31T23:30:00-01:00' }, '2'],
    [{ created_at_gt: '2024-01-05T00:00:00Z', created_at_lt: '2024-01-01T00:00:00Z' }, ''],
]) {
    test(`filter ${JSON.stringify(query)}`, async () => {
        if (expected === null) {
            assert.ok((await found(query)).length >= 6);
        } else {
            assert.equal(await found(query), expected);
        }
    });
}

test('search is of the title, and % _ \\ are ordinary characters', async () => {
    const person = await site.signUp();
    const titles = ['100% sure', '100 sure', 'a_b', 'aXb', 'back\\slash', 'backslash', "it's", 'ÄRGER', 'x'];
    for (const title of titles) {
        await site.createPost(person, { title, content: 'pineapple' });
    }
    const hits = async (search) => (await site.get(`/users/${person.id}/posts`,
        { query: { search, sort_by: 'id' } })).json.map(({ title }) => title);
    assert.deepEqual(await hits('0%'), ['100% sure']);
    assert.deepEqual(await hits('100% S'), ['100% sure']);
    assert.deepEqual(await hits('a_b'), ['a_b']);
    assert.deepEqual(await hits('k\\s'), ['back\\slash']);
    assert.deepEqual(await hits('\\'), ['back\\slash']);
    assert.deepEqual(await hits("'"), ["it's"]);
    assert.deepEqual(await hits('ärger'), ['ÄRGER']);
    assert.deepEqual(await hits('arGér'), ['ÄRGER']);
    assert.deepEqual(await hits('pineapple'), []);
    assert.deepEqual(await hits('🍍'), []);
});

test('wrong filters are 422, in the order of the parameters, all together', async () => {
    assertInvalid(await site.get('/posts', { query: { published: 'maybe' } }),
        [boolParsing(['query', 'published'], 'maybe')]);
    assertInvalid(await site.get('/posts', { query: { published: '' } }), [boolParsing(['query', 'published'], '')]);
    assertInvalid(await site.get('/posts', { query: { owner_id: 'abc' } }),
        [intParsing(['query', 'owner_id'], 'abc')]);
    const answer = await site.get('/posts', { query: { owner_id: 'x', published: '2', skip: 'x', limit: '0' } });
    assert.equal(answer.status, 422);
    assert.deepEqual(answer.json.detail.map(({ loc }) => loc[1]).sort(), ['limit', 'owner_id', 'published', 'skip']);
});

test('wrong times are 422 and say so', async () => {
    for (const value of ['nope', '', '2024-13-01T00:00:00Z', '2024-02-30T00:00:00Z', '2024-01-01T25:00:00Z',
        "2024-01-01' OR 1=1", '2024-01-01T00:00:00Zx']) {
        const answer = await site.get('/posts', { query: { created_at_gte: value } });
        assert.equal(answer.status, 422, `${value}: ${answer.raw}`);
        const [{ type, loc, input }] = answer.json.detail;
        assert.match(type, /^datetime_/);
        assert.deepEqual(loc, ['query', 'created_at_gte']);
        assert.equal(input, value);
    }
});

test('unknown parameters are ignored; of repeated ones the last counts', async () => {
    assert.equal(await found({ bogus: '1', 'order by': 'id; drop', content: 'x', password_hash: 'x' }), '123456');
    assert.equal((await site.get('/posts', { query: { limit: [5, 2] } })).json.length, 2);
    assert.equal(await found({ published: ['true', 'false'] }), '6');
});

test('broken encodings in the query are answered, not fatal', async () => {
    for (const query of ['search=%zz', 'search=%', 'search=%ff%fe', 'search=%c3', 'search=%ed%a0%80', 'search=%00',
        'search', '&&&', '=&=', '%00=1',
        'limit=%31', 'search=%f0%9f%8d%8d', `search=${'a'.repeat(7000)}`, '?', 'limit=5&', '[]=1', 'search[]=x',
            ';limit=3']) {
        const answer = await site.get(`/posts?${query}`);
        assert.ok([200, 400, 422].includes(answer.status), `${query.slice(0, 40)}: ${answer.raw}`);
    }
    assert.equal((await site.get('/posts?limit=%31')).json.length, 1);
    assert.equal((await site.get('/posts?limit=1&search=Walnut+delta')).json.length, 1);
    assert.equal((await site.get('/posts?limit=1&search=Walnut%20delta')).json.length, 1);
});

test('a list of a user that is not there is 404, and its filters hold too', async () => {
    assertError(await site.get('/users/2147480000/posts'), 404, 'not_found');
    assert.equal(await found({ search: 'alpha' }, `/users/${bob.id}/posts`), '2');
    assert.equal(await found({ owner_id: ada.id }, `/users/${bob.id}/posts`), '');
});

test('the number of statements does not depend on the number of rows', async () => {
    const many = await site.signUp();
    const fan = await site.signUp();
    const single = await site.signUp();
    for (let i = 0; i < 100; ++i) {
        const post = await site.createPost(many, { title: `statement ${i}` });
        await site.put(`/posts/${post.id}/vote`, { vote_type: 'upvote' }, fan);
    }
    const one = await site.createPost(single, { title: 'a lonely statement' });
    await site.put(`/posts/${one.id}/vote`, { vote_type: 'upvote' }, single);
    const admin = await site.admin();
    const popular = await site.createPost(single, { title: 'popular' });
    for (const voter of [ada, bob, cyd, many, admin]) {
        await site.put(`/posts/${popular.id}/vote`, { vote_type: 'upvote' }, voter);
    }
    const statements = async (path, rows, token) => {
        const answer = await site.get(path, { token });
        assert.equal(answer.status, 200, answer.raw);
        assert.equal(answer.json.length, rows, path);
        return (await site.log.ofRequest(answer.headers['x-request-id'])).statements;
    };
    // A path for one row, a path for many rows, how many, a token, the budget: the list is one statement, who asks
    // another, whether the user or post that the path names is there a third; what an admin's roles give is one more.
    for (const [few, lots, rows, token, budget] of [
        ['/posts?search=a%20lonely%20statement', '/posts?limit=100&search=statement', 100, undefined, 1],
        ['/posts?search=a%20lonely%20statement', '/posts?limit=100&search=statement', 100, ada.token, 2],
        [`/users/${single.id}/posts?limit=1`, `/users/${many.id}/posts?limit=100`, 100, undefined, 2],
        ['/users/me/voted-posts', '/users/me/voted-posts?limit=100', 100, null, 2],
        [`/users/${single.id}/voted-posts`, `/users/${fan.id}/voted-posts?limit=100`, 100, ada.token, 3],
        [`/posts/${one.id}/voters`, `/posts/${popular.id}/voters`, 5, ada.token, 3],
        ['/users?limit=1', '/users?limit=5', 5, admin.token, 3],
    ]) {
        const mine = token === null; // whose list it is depends on who asks
        const counted = [
            await statements(few, 1, mine ? single.token : token),
                await statements(lots, rows, mine ? fan.token : token),
        ];
        assert.equal(counted[0], counted[1], `${lots}: ${counted}`);
        assert.ok(counted[1] >= 1 && counted[1] <= budget,
            `${lots} takes ${counted[1]} statements, more than ${budget}`);
    }
});

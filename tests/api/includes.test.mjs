// include: relations embedded in lists and single objects, how many rows of each, and what it costs: the number of
// statements of every list is the same for 10 and for 1,000 rows.
import assert from 'node:assert/strict';
import { lists, routes, settle } from './lib/community.mjs';
import { assertInvalid, literal } from './lib/contract.mjs';
import { until } from './lib/processes.mjs';
import { assertMembers } from './lib/shapes.mjs';
import { startSite } from './lib/site.mjs';
import { test } from './lib/test.mjs';

const site = await startSite({ settings: { WORKERS: 2 } });
const few = await settle(site, 10);
const { admin, ada } = few;

/** Every subset of the relations of a list. */
function subsets(names) {
    return names.reduce((all, name) => [...all, ...all.map((each) => [...each, name])], [[]]);
}

const withInclude = (path, include, query = '') => {
    const parts = [query, include.length > 0 && `include=${include.join(',')}`].filter(Boolean);
    return parts.length > 0 ? `${path}?${parts.join('&')}` : path;
};

async function get(path, person = admin) {
    const answer = await site.get(path, person);
    assert.equal(answer.status, 200, `${path}: ${answer.raw.slice(0, 300)}`);
    return answer;
}

// --- the budget ------------------------------------------------------------------------------------------------------

const asks = (list) => list.as ?? admin;
// Who asks, what the roles give (all who ask here have some), whether what the path names is there.
const fixed = (list) => 2 + Boolean(list.parent);

/** Of every list with every include: how many rows a page of 100 shows, and the statements that took. */
async function measure() {
    const asked = [];
    for (const list of lists(few)) {
        for (const include of subsets(Object.keys(list.include))) {
            for (const count of [false, true]) {
                const path = withInclude(list.path, include, `limit=100${count ? '&count=exact' : ''}`);
                const answer = await get(path, asks(list));
                const many = include.filter((name) => list.include[name] === 'many').length;
                asked.push({ route: `${list.route}${count ? ' count=exact' : ''}`, include, count, many, answer,
                    fixed: fixed(list) });
            }
        }
        for (const sort of list.sort) {
            asked.push({ route: `${list.route} sort_by=-${sort}`, include: [], count: false, many: 0,
                fixed: fixed(list), answer: await get(`${list.path}?limit=100&sort_by=-${sort}`, asks(list)) });
        }
    }
    const tree = await get(`/posts/${few.post}/comments?view=tree&limit=100`);
    asked.push({ route: '/posts/{id}/comments view=tree', include: [], count: false, many: 0, fixed: 3, answer: tree });
    const ids = asked.map(({ answer }) => answer.headers['x-request-id']);
    const statements = await until('all are in the log', () => {
        // A request that was slow has a second line, with a message.
        const all = new Map(site.log.lines().filter(({ message }) => message === undefined)
            .map((line) => [line.request_id, line.statements]));
        return ids.every((id) => all.has(id)) && all;
    });
    return asked.map((each) => ({ ...each, rows: each.answer.json.length,
        statements: statements.get(each.answer.headers['x-request-id']) }));
}

test('the statements of every list: the same for 10 and for 1,000 rows, one more for each relation to many', {
    timeout: 120000 }, async () => {
    const ten = await measure();
    await settle(site, 1000);
    const thousand = await measure();
    const table = new Map();
    assert.equal(ten.length, thousand.length);
    for (const [i, { route, include, count, many, fixed, rows, statements }] of ten.entries()) {
        const what = `${route} include=${include.join(',')}`;
        assert.ok(rows >= (route.includes('tree') ? 8 : 10) && rows <= 20, `${what}: ${rows} rows of 10`);
        assert.equal(thousand[i].rows, 100, what);
        // What is fixed, the page, one for each relation to many, the exact number.
        assert.equal(statements, fixed + 1 + many + count, `${what}, 10 rows`);
        assert.equal(thousand[i].statements, statements, `${what}: ${statements} for 10 rows, more for 1,000`);
        if (!count && !route.includes('sort_by')) {
            table.set(route, [...(table.get(route) ?? []), `${include.join('+') || '-'} ${statements}/`
                + `${thousand[i].statements}`]);
        }
    }
    const gets = (await routes(site)).filter(({ method }) => method === 'GET').map(({ path }) => path);
    const known = new Set(lists(few).map(({ route }) => route));
    assert.deepEqual([...known].filter((route) => !gets.includes(route)), [], 'routes that are no more');
    const width = Math.max(...[...table.keys()].map((route) => route.length));
    process.stderr.write(`statements for 10/1,000 rows, with each include\n${[...table].map(([route, cells]) =>
        `${route.padEnd(width)}  ${cells.join('  ')}\n`).join('')}`);
});

// --- what is embedded ------------------------------------------------------------------------------------------------

const MEMBERS = {
    tags: ['uid', 'name', 'created_at'],
    comments: ['id', 'post_id', 'parent_id', 'text', 'author', 'created_at', 'updated_at'],
    profile: ['user_id', 'avatar_url', 'website', 'bio', 'created_at', 'updated_at'],
    roles: ['role_id', 'name', 'role', 'assigned_at', 'assigned_by'],
    books: ['uid', 'title', 'author', 'publisher', 'published_date', 'page_count', 'language', 'user_uid', 'user',
        'review_count', 'average_rating', 'created_at', 'updated_at'],
    reviews: ['uid', 'rating', 'review_text', 'user_uid', 'user', 'book_uid', 'created_at', 'updated_at'],
};

for (const list of lists(few).filter(({ include }) => Object.keys(include).length > 0)) {
    const names = Object.keys(list.include);
    test(`${list.route}: include of each of ${names.join(', ')}, and of all on 100 rows`, async () => {
        const plain = (await get(`${list.path}?limit=100`, list.as)).json;
        for (const include of [...names.map((name) => [name]), names]) {
            const { json } = await get(withInclude(list.path, include, 'limit=100'), list.as);
            assert.equal(json.length, 100);
            json.forEach((row, i) => {
                const { ...rest } = row;
                for (const name of include) {
                    const one = list.include[name] === 'one';
                    assert.ok(one || Array.isArray(row[name]), `${name} of ${JSON.stringify(row).slice(0, 200)}`);
                    assert.ok(one || row[name].length <= (name === 'reviews' && 'review_count' in row ? 20 : 100), name);
                    (one ? [row[name]].filter(Boolean) : row[name]).forEach((each) => assertMembers(each,
                        MEMBERS[name]));
                    delete rest[name];
                }
                assert.deepEqual(rest, plain[i], 'the row itself is the same');
            });
            for (const name of include) {
                assert.ok(json.some((row) => (Array.isArray(row[name]) ? row[name].length > 0 : row[name])), name);
            }
        }
        // Twice the same name is once; the order of names is of no importance.
        const twice = await get(withInclude(list.path, [...names].reverse().concat(names), 'limit=5'), list.as);
        names.forEach((name) => assert.equal(twice.raw.split(`"${name}":`).length - 1, 5, `${name}: once in each of five rows`));
    });

    test(`${list.route}: an unknown include is 422 and names the allowed ones`, async () => {
        const allowed = (await site.get(`${list.path}?include=nonsense`, list.as ?? admin)).json.detail[0].ctx.expected;
        assert.deepEqual(allowed.match(/'([^']+)'/g).map((name) => name.slice(1, -1)).sort(), [...names].sort());
        for (const value of ['nonsense', '', ',', `${names[0]},`, `,${names[0]}`, `${names[0]},nonsense`, names[0]
            .toUpperCase(), ` ${names[0]}`, 'owner', 'id', '*', `${names[0]}.author`, `${names[0]};`]) {
            assertInvalid(await site.get(`${list.path}?include=${encodeURIComponent(value)}`, list.as ?? admin),
                [literal(['query', 'include'], value, allowed)]);
        }
    });
}

test('lists without relations know no include', async () => {
    for (const list of lists(few).filter(({ include }) => Object.keys(include).length === 0)) {
        const plain = await get(`${list.path}?limit=3`, list.as);
        assert.equal((await get(`${list.path}?limit=3&include=nonsense`, list.as)).raw, plain.raw, list.route);
    }
});

for (const [path, names, shown = []] of [
    [`/posts/${few.post}`, ['tags', 'comments']],
    [`/books/${few.book}`, ['tags', 'reviews'], ['tags', 'reviews']],
    ['/users/me', ['profile', 'roles', 'books', 'reviews'], ['books', 'reviews']],
]) {
    test(`GET ${path.replace(/\/[-0-9a-f]{5,}/, '/{}')}: every include, alone and together`, async () => {
        const plain = (await get(path, ada)).json;
        shown.forEach((name) => assert.ok(Array.isArray(plain[name]), `${name} unasked`));
        for (const include of subsets(names)) {
            const { json } = await get(withInclude(path, include), ada);
            assert.deepEqual(Object.keys(json).sort(), [...new Set([...Object.keys(plain), ...include])].sort());
            for (const name of include.filter((each) => each !== 'profile')) {
                assert.ok(json[name].length > 0, name);
                json[name].forEach((each) => assertMembers(each, MEMBERS[name]));
            }
        }
        const wrong = await site.get(`${path}?include=nonsense`, ada);
        assert.deepEqual([wrong.status, wrong.json.detail.length, wrong.json.detail[0].type], [422, 1,
            'literal_error']);
        names.forEach((name) => assert.ok(wrong.json.detail[0].ctx.expected.includes(`'${name}'`), name));
        const only = await get(`${path}?fields=created_at&include=${names[0]}`, ada);
        assertMembers(only.json, ['created_at', names[0]]);
    });
}

test('what is embedded is what the own lists show, in their order', async () => {
    const post = await site.createPost(ada, { title: 'embedding' });
    for (const name of ['b', 'a', 'ä', '🍍']) {
        await site.post(`/posts/${post.id}/tags`, { tags: [{ name: `embedded ${name}` }] }, ada);
    }
    for (let i = 0; i < 5; i++) {
        await site.createComment(ada, post, `number ${i}`);
    }
    const { json } = await get(`/posts/${post.id}?include=tags,comments`);
    assert.deepEqual(json.comments, (await get(`/posts/${post.id}/comments`)).json);
    assert.deepEqual(json.tags.map(({ name }) => name).sort(), ['embedded a', 'embedded b', 'embedded ä', 'embedded 🍍']
        .sort());
    const [listed] = (await get(`/posts?search=embedding&include=comments,tags`)).json;
    assert.deepEqual([listed.comments, listed.tags], [json.comments, json.tags], 'alone or in a list');
    const lonely = await site.createPost(ada, { title: 'lonely' });
    const bare = (await get(`/posts/${lonely.id}?include=tags,comments`)).json;
    assert.deepEqual([bare.tags, bare.comments], [[], []]);
});

test('relations are limited: the first 100 comments, the newest 20 reviews, also beside others in a list', async () => {
    const ofPost = (await get(`/posts/${few.post}?include=comments`)).json.comments;
    assert.equal(ofPost.length, 100);
    assert.deepEqual(ofPost.map(({ id }) => id), Array.from({ length: 100 }, (_, i) => 200001 + i));
    const listed = (await get('/posts?include=comments&limit=100&sort_by=id')).json;
    assert.deepEqual(listed.find(({ id }) => id === few.post).comments, ofPost);
    assert.equal(listed.find(({ id }) => id === few.post + 1).comments.length, 1);

    const ofBook = (await get(`/books/${few.book}`)).json.reviews;
    assert.equal(ofBook.length, 20);
    const newest = (await site.query(`SELECT LOWER(HEX(uid)) AS uid FROM reviews WHERE book_uid = UNHEX('${few.book
        .replaceAll('-', '')}') ORDER BY uid DESC LIMIT 20`)).map(({ uid }) => uid);
    assert.deepEqual(ofBook.map(({ uid }) => uid.replaceAll('-', '')), newest);
    const books = (await get('/books?include=reviews&limit=100')).json;
    assert.deepEqual(books.find(({ uid }) => uid === few.book).reviews, ofBook);

    const me = (await get('/users/me', ada)).json;
    assert.deepEqual([me.books.length, me.reviews.length], [100, 100]);
});

test('rows of one parent do not get to another', async () => {
    const { json } = await get('/posts?include=tags,comments&limit=100&sort_by=-id');
    for (const post of json) {
        post.comments.forEach((comment) => assert.equal(comment.post_id, post.id));
    }
    const books = (await get('/books?include=reviews,tags&limit=100&sort_by=-title')).json;
    for (const book of books) {
        book.reviews.forEach((review) => assert.equal(review.book_uid, book.uid));
    }
    const users = (await get('/users?include=books,reviews,roles,profile&limit=100')).json;
    for (const user of users) {
        user.books.forEach((book) => assert.equal(book.user_uid, user.uid));
        user.reviews.forEach((review) => assert.equal(review.user_uid, user.uid));
        assert.ok(user.profile === null || user.profile.user_id === user.id);
    }
});

test('books and reviews of somebody who is gone are embedded with nobody', async () => {
    const bob = await site.signUp();
    const book = await site.createBook(bob, { title: 'left behind' });
    await site.createReview(bob, book);
    assert.equal((await site.delete(`/users/${bob.id}`, admin)).status, 204);
    const [left] = (await get('/books?search=left%20behind&include=reviews,tags')).json;
    assert.deepEqual([left.user, left.user_uid, left.tags], [null, null, []]);
    assert.deepEqual([left.reviews.length, left.reviews[0].user, left.reviews[0].user_uid], [1, null, null]);
});

test('include on HEAD, and with everything else at once', async () => {
    const query = 'include=tags%2Ccomments&fields=id&count=exact&limit=2&sort_by=-votes%2Ctitle&search=a&published=true'
        + '&created_at_gte=2024-01-01&q=walnut&skip=1';
    const answer = await get(`/posts?${query}`);
    assert.deepEqual(answer.json.map((row) => Object.keys(row).sort()), Array(2).fill(['comments', 'id', 'tags']));
    const head = await site.head(`/posts?${query}`, admin);
    assert.deepEqual([head.status, head.headers['x-total-count'], head.headers.link],
        [200, answer.headers['x-total-count'], answer.headers.link]);
});

// Cursors: the Link header of lists, and walks that give every row once.
import assert from 'node:assert/strict';
import { lists, routes, settle } from './lib/community.mjs';
import { assertError } from './lib/contract.mjs';
import { linksOf, parseLink, walk } from './lib/link.mjs';
import { startSite } from './lib/site.mjs';
import { test } from './lib/test.mjs';

const site = await startSite({ settings: { WORKERS: 4 } });
const people = await settle(site, 45);
const { admin, ada } = people;
const all = lists(people);

/** The rows' keys. */
const keysOf = (rows, { key }) => rows.map((row) => row[key]);
const withQuery = (path, query) => `${path}?${new URLSearchParams(query)}`;

/** The whole list in one page. */
async function whole(list, query = {}) {
    const answer = await site.get(withQuery(list.path, { ...query, limit: 100 }), list.as ?? admin);
    assert.equal(answer.status, 200, answer.raw.slice(0, 300));
    assert.equal(linksOf(answer).next, undefined, `${list.path} has over 100 rows`);
    return answer.json;
}

/** Walks a list forward to its end and back from there: both must be the whole list. */
async function assertWalks(list, query, limit = 7) {
    const person = list.as ?? admin;
    const rows = await whole(list, query);
    const forward = await walk(site, withQuery(list.path, { ...query, limit }), { person });
    const what = `${list.path} ${JSON.stringify(query)}`;
    assert.deepEqual(forward.flatMap((page) => page.rows), rows, what);
    assert.ok(forward.slice(0, -1).every((page) => page.rows.length === limit), `${what}: a page that is not full`);
    assert.equal(forward[0].links.prev, undefined, `${what}: something before the first page`);
    if (forward.length > 1) {
        const back = await walk(site, forward.at(-1).links.prev, { person, relation: 'prev' });
        const before = back.reverse().flatMap((page) => page.rows);
        assert.deepEqual([...before, ...forward.at(-1).rows], rows, `${what}, backward`);
        assert.ok(back.every((page) => page.links.next !== undefined), `${what}: no way forward again`);
    }
    return rows;
}

test('the table knows every list of the program', async () => {
    const gets = (await routes(site)).filter(({ method }) => method === 'GET').map(({ path }) => path);
    const ids = { '/users': ada.id, '/posts': people.post, '/roles': people.role, '/comments': 200001,
        '/microposts': 300001, '/tweets': people.thread };
    const found = [];
    for (const route of gets) {
        const kind = `/${route.split('/')[1]}`;
        assert.ok(!route.includes('{id}') || kind in ids, `tests/api/cursors.test.mjs: \`ids\` has no ${kind}, for GET ${route}`
            + ' (settle() of tests/api/lib/community.mjs makes the rows)');
        const path = route.replace('{id}', ids[kind]).replace('{tag_uid}', people.tag)
            .replace('{book_uid}', people.book).replace('{review_uid}', people.book.replace(/^0000000./, '00000003'));
        assert.ok(!path.includes('{'), `tests/api/cursors.test.mjs: nothing here stands for the uid of GET ${path}`);
        const answer = await site.get(path, path.startsWith('/tweets/') ? ada : admin); // a thread is its owner's alone
        if (path !== '/users/me/profile' && !path.endsWith(`/${ada.id}/profile`)) {
            assert.equal(answer.status, 200, `${path}: ${answer.raw}`);
        }
        if (Array.isArray(answer.json)) {
            found.push(route);
        }
    }
    assert.deepEqual(found.sort(), all.map(({ route }) => route).sort(),
        'each list wants its line in lists() of tests/api/lib/community.mjs, and rows from settle() there');
});

test('the parser of Link headers takes RFC 8288 and nothing else', () => {
    for (const [header, expected] of [
        ['', []],
        ['<a>', [{ target: 'a', parameters: [] }]],
        [' <a> ; rel = next ', [{ target: 'a', parameters: [['rel', 'next']] }]],
        ['<a,b;c>; REL="next prev", ,<d>;x', [{ target: 'a,b;c', parameters: [['rel', 'next prev']] },
            { target: 'd', parameters: [['x', '']] }]],
        ['<a>; title="x, \\"y\\"; <z>"; rel=next,<b>', [{ target: 'a', parameters: [['title', 'x, "y"; <z>'],
            ['rel', 'next']] }, { target: 'b', parameters: [] }]],
    ]) {
        assert.deepEqual(parseLink(header), expected, header);
    }
    for (const header of ['a', '<a', '<a b>', '<a>;', '<a>; rel="next', '<a>; rel=', '<a> <b>', '<a>,', '<a> x']) {
        assert.throws(() => parseLink(header), { name: 'AssertionError' }, header);
    }
});

test('first, next and prev; the last page has no next, the first no prev', async () => {
    const list = all.find(({ route }) => route === '/users/{id}/posts');
    const pages = await walk(site, `${list.path}?limit=20&search=&skip=0`, { person: admin });
    assert.deepEqual(pages.map(({ rows }) => rows.length), [20, 20, 5]);
    assert.deepEqual(pages.map(({ links }) => Object.keys(links).sort().join(' ')),
        ['first next', 'first next prev', 'first prev']);
    for (const { links, answer } of pages) {
        assert.equal(links.first, `${list.path}?limit=20&search=`);
        assert.deepEqual(parseLink(answer.headers.link).map(({ parameters }) => parameters.length),
            Object.keys(links).map(() => 1));
    }
    const exact = await site.get(`${list.path}?limit=45`, admin);
    assert.equal(linksOf(exact).next, undefined, 'nothing is behind the last row');
    const none = await site.get(`${list.path}?search=no-such-title`, admin);
    assert.deepEqual([none.json, Object.keys(linksOf(none))], [[], ['first']]);
    const plain = linksOf(await site.get(list.path, admin));
    assert.equal(plain.first, list.path, 'no query, no question mark');
    assert.match(plain.next, /^[^?]+\?cursor=[A-Za-z0-9_-]+$/);
    const slash = await site.get(`${list.path}/?limit=3`, admin);
    assert.deepEqual(linksOf(slash), linksOf(await site.get(`${list.path}?limit=3`, admin)));
    assert.deepEqual(linksOf(await site.head(`${list.path}?limit=3`, admin)), linksOf(slash));
});

test('skip leads into a walk, too', async () => {
    const list = all.find(({ route }) => route === '/books');
    const rows = await whole(list, { sort_by: '-author' });
    const pages = await walk(site, '/books?sort_by=-author&limit=7&skip=12', { person: admin });
    assert.deepEqual(pages.flatMap((page) => page.rows), rows.slice(12));
    assert.ok(!pages[0].links.next.includes('skip'));
    const back = await walk(site, pages[0].links.prev, { person: admin, relation: 'prev' });
    assert.deepEqual(back.reverse().flatMap((page) => page.rows), rows.slice(0, 12));
});

/** What can be said of an order from outside: numbers, times and dates rise or fall, null is the least. */
function assertSorted(rows, by) {
    const falling = by.startsWith('-');
    const name = by.replace('-', '').replace(/^date$/, 'created_at');
    const values = rows.map((row) => row[name]);
    if (['title', 'author', 'name', 'username'].includes(name)) {
        return; // the collation's business
    }
    // Times in one form compare as text, but for the microseconds that are left out when they are zero.
    const rank = (v) => (v === null ? -Infinity : typeof v === 'number' ? v : v.replace(/(:\d\d)Z$/, '$1.000000Z'));
    for (let i = 1; i < values.length; i++) {
        const [a, b] = falling ? [values[i], values[i - 1]] : [values[i - 1], values[i]];
        const [x, y] = [rank(a), rank(b)];
        assert.ok(x === -Infinity || (y !== -Infinity && x <= y), `sort_by=${by}: ${a} does not go before ${b}`);
    }
}

for (const list of all) {
    test(`${list.route} is walked forward and back in every order`, async () => {
        const rows = await assertWalks(list, {});
        assert.ok(rows.length >= 45, `${rows.length} rows`);
        assert.equal(new Set(keysOf(rows, list)).size, rows.length);
        for (const by of list.sort.flatMap((name) => [name, `-${name}`])) {
            const sorted = await assertWalks(list, { sort_by: by });
            assertSorted(sorted, by);
            assert.deepEqual(keysOf(sorted, list).sort(), keysOf(rows, list).sort(), by);
        }
    });
}

test('several sort keys: falling, rising, with nulls and ties, up to four', async () => {
    const books = all.find(({ route }) => route === '/books');
    const posts = all.find(({ route }) => route === '/posts');
    for (const [list, by] of [
        [books, 'author,-published_date'], [books, '-author,average_rating'],
        [books, 'published_date,author,title'], [books, '-average_rating,-published_date,author,title'],
        [books, '-published_date,published_date,-title'],
        [books, 'review_count,-average_rating,author,-published_date'],
        [posts, '-score,title'], [posts, 'title,-votes'], [posts, '-title,-date,votes,score'], [posts, 'votes,-id'],
        [posts, '-created_at,updated_at,-votes'],
    ]) {
        const rows = await assertWalks(list, { sort_by: by }, 4);
        assertSorted(rows, by.split(',')[0]);
    }
});

test('limit=1 and limit=100 walk alike', async () => {
    const list = all.find(({ route }) => route === '/tags');
    await assertWalks(list, { sort_by: 'name' }, 1);
    await assertWalks(list, { sort_by: '-name' }, 100);
});

test('search, q, filters, include and fields stay in the links', async () => {
    for (const list of all) {
        const queries = [list.search && { search: list.search }, list.q && { q: list.q },
            list.q && { q: list.q, sort_by: `-${list.sort[0]}` }, list.filter && Object.fromEntries(
                new URLSearchParams(list.filter)), { fields: list.key, count: 'exact' }];
        if (Object.keys(list.include).length > 0) {
            queries.push({ include: Object.keys(list.include).join(','), search: list.search });
        }
        for (const query of queries.filter(Boolean)) {
            const rows = await assertWalks(list, query, 6);
            assert.ok(rows.length > 6, `${list.path} ${JSON.stringify(query)} finds ${rows.length} rows`);
            const { next, first } = linksOf(await site.get(withQuery(list.path, { ...query, limit: 6 }),
                list.as ?? admin));
            for (const target of [next, first]) {
                const sent = new URL(target, 'http://x').searchParams;
                for (const [name, value] of Object.entries(query)) {
                    assert.equal(sent.get(name), value, target);
                }
            }
        }
    }
});

test('what is odd in a query comes back so that it is understood the same', async () => {
    const path = `/users/${ada.id}/posts`;
    for (const title of ['<x>; rel="next"', 'a, b', 'ü 🍍', '100% & = + ?', 'back\\slash"quote']) {
        for (let i = 0; i < 3; i++) {
            await site.createPost(ada, { title });
        }
        const raw = `${path}?limit=2&search=${encodeURIComponent(title)}`;
        const pages = await walk(site, raw, { person: admin });
        assert.deepEqual(pages.map(({ rows }) => rows.length), [2, 1], title);
    }
    // As no browser would send it, but some programs do: not escaped at all.
    const bytes = await site.client.bytes(`GET /api/v1${path}?limit=2&search=<x> HTTP/1.1\r\nHost: x\r\n`
        + 'Connection: close\r\n\r\n');
    assert.match(bytes, /^HTTP\/1\.1 200 /);
    assert.equal(parseLink(/\r\nLink: (.*)\r\n/.exec(bytes)[1]).length, 2);
    await site.query(`DELETE FROM posts WHERE id > 20000`);
});

test('the longest sort values there can be fit into a cursor and its header', async () => {
    for (let i = 0; i < 3; i++) {
        await site.createBook(ada, { title: '🍍'.repeat(199) + i, author: '📚'.repeat(199) + i,
            publisher: 'the long ones' });
    }
    for (const by of ['title,author', '-author,-title,published_date,average_rating']) {
        const path = withQuery('/books', { sort_by: by, q: 'long ones', limit: 1 });
        const pages = await walk(site, path, { person: admin });
        assert.equal(pages.length, 3, by);
        const back = await walk(site, pages.at(-1).links.prev, { person: admin, relation: 'prev' });
        assert.equal(back.length, 2, by);
    }
    await site.query(`DELETE FROM books WHERE publisher = 'the long ones'`);
});

test('a query that is too long for the header loses the links that matter least; too long for the way on, it is 400',
    async () => {
        const path = (n) => withQuery('/books', { limit: 7, sort_by: 'title', padding: 'x'.repeat(n) });
        const rows = await whole(all.find(({ route }) => route === '/books'), { sort_by: 'title' });
        for (const [n, relations] of [[3000, 'first next prev'], [5000, 'next prev'], [7500, 'next']]) {
            const pages = await walk(site, path(n), { person: admin });
            assert.deepEqual(pages.flatMap((page) => page.rows), rows, `${n} bytes`);
            assert.equal(Object.keys(pages[1].links).sort().join(' '), relations);
        }
        const answer = await site.get(path(7940), admin);
        assertError(answer, 400, 'bad_request');
        assert.match(answer.json.detail, /too long/);
        const last = await site.get(`${path(7940)}&skip=${rows.length - 1}`, admin);
        assert.deepEqual([last.status, last.json, linksOf(last).next], [200, rows.slice(-1), undefined]);
    });

test('a search that is too long for the header leaves the links out, not the list', async () => {
    const answer = await site.get(withQuery('/posts', { search: 'x'.repeat(7000) }), admin);
    assert.equal(answer.status, 200, answer.raw.slice(0, 200));
});

// --- cursors that are none -----------------------------------------------------------------------------------------

const position = linksOf(await site.get('/books?sort_by=author&limit=7', admin)).next;
const cursor = new URL(position, 'http://x').searchParams.get('cursor');

async function assertBad(path, query, person = admin) {
    const answer = await site.get(withQuery(path, query), person);
    assertError(answer, 400, 'bad_cursor');
    return answer;
}

test('a cursor that is changed in any place is 400 bad_cursor', async () => {
    const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    assert.equal((await site.get(position, admin)).status, 200);
    const changed = [...cursor].flatMap((digit, at) => {
        const place = digits.indexOf(digit);
        // The next digit is the smallest change; of the last one each is tried: its last bits may mean nothing.
        const others = at === cursor.length - 1 ? [...digits].filter((other) => other !== digit)
            : [digits[(place + 1) % 64], digits[place ^ 32], '=', '%', ' ', '\n', 'é', '+'];
        return others.map((other) => cursor.slice(0, at) + other + cursor.slice(at + 1));
    });
    for (let at = 0; at < changed.length; at += 50) {
        await Promise.all(changed.slice(at, at + 50).map((each) => assertBad('/books', { sort_by: 'author',
            cursor: each })));
    }
});

test('a cursor that is cut off, made longer, empty, or huge is 400 bad_cursor', async () => {
    const others = [...cursor].map((_, at) => cursor.slice(0, at));
    others.push(`${cursor}A`, `${cursor}AAAA`, `${cursor}=`, `${cursor}==`, cursor + cursor, ` ${cursor}`, `${cursor} `,
        'x', 'null', '0', '-1', '[]', '../../etc/passwd', "' OR 1=1 --", '\0', '🍍', 'A'.repeat(7000),
        Buffer.alloc(4000, 255).toString('base64url'), Buffer.alloc(18).toString('base64url'),
        Buffer.from('{"id":1}').toString('base64url'));
    for (const each of others) {
        await assertBad('/books', { sort_by: 'author', cursor: each });
    }
    // Two of them: the last counts.
    const twice = `/books?sort_by=author&cursor=${cursor}&cursor=x`;
    assertError(await site.get(twice, admin), 400, 'bad_cursor');
    assertError(await site.head(`/books?sort_by=author&cursor=x`, admin), 400, 'bad_cursor');
});

test('a cursor of another order, list, search or person is 400 bad_cursor', async () => {
    for (const by of ['-author', 'title', 'author,title', 'author,-title', '']) {
        await assertBad('/books', { ...(by && { sort_by: by }), cursor });
    }
    await assertBad('/books', { sort_by: 'author', q: 'walnut', cursor });
    const found = new URL(linksOf(await site.get('/books?q=walnut&limit=7', admin)).next, 'http://x').searchParams
        .get('cursor');
    await assertBad('/books', { q: 'walnut 1', cursor: found });
    await assertBad('/books', { cursor: found });
    // Of every list to every other that has the same order by default.
    const cursors = [];
    for (const list of all) {
        const { next } = linksOf(await site.get(withQuery(list.path, { limit: 7 }), list.as ?? admin));
        cursors.push([list, new URL(next, 'http://x').searchParams.get('cursor')]);
    }
    for (const [list, own] of cursors) {
        await Promise.all(cursors.map(async ([other, theirs]) => {
            const answer = await site.get(withQuery(list.path, { cursor: theirs }), list.as ?? admin);
            assert.equal(answer.status, other === list ? 200 : 400, `${other.path} → ${list.path}`);
        }));
        assert.equal((await site.get(withQuery(list.path, { cursor: own }), list.as ?? admin)).status, 200);
    }
    // Another user's list: by its path, and by who asks.
    const bob = await site.signUp();
    const ofAda = new URL(linksOf(await site.get(`/users/${ada.id}/posts?limit=7`, admin)).next, 'http://x')
        .searchParams.get('cursor');
    await assertBad(`/users/${bob.id}/posts`, { cursor: ofAda });
    const mine = new URL(linksOf(await site.get('/users/me/voted-posts?limit=7', ada)).next, 'http://x').searchParams
        .get('cursor');
    await assertBad('/users/me/voted-posts', { cursor: mine }, bob);
    assert.equal((await site.get(withQuery('/users/me/voted-posts', { cursor: mine }), ada)).status, 200);
    // And where everybody has rows of their own in one list, though the path does not say so.
    const attempt = new URL(linksOf(await site.get('/tweets/histories?limit=7', ada)).next, 'http://x').searchParams
        .get('cursor');
    await assertBad('/tweets/histories', { cursor: attempt }, bob);
    await assertBad('/tweets/histories', { cursor: attempt });
    assert.equal((await site.get(withQuery('/tweets/histories', { cursor: attempt }), ada)).status, 200);
});

test('a cursor hides the values that it holds, and how well a row matches each time in another way', async () => {
    const bytesOf = async (path) => {
        const { next } = linksOf(await site.get(path, admin));
        return Buffer.from(new URL(next, 'http://x').searchParams.get('cursor'), 'base64url');
    };
    const id = Buffer.alloc(8);
    const [{ id: last }] = (await site.get('/users?limit=1', admin)).json;
    id.writeBigInt64LE(BigInt(last));
    const byId = await bytesOf('/users?limit=1');
    assert.equal(byId.includes(id), false);
    assert.deepEqual(await bytesOf('/users?limit=1'), byId, 'the same position is the same text');
    // The relevance depends on what others have written, drafts too: neither it nor whether it has changed is told.
    const [one, two] = [await bytesOf('/books?q=walnut&limit=7'), await bytesOf('/books?q=walnut&limit=7')];
    assert.equal(one.length, two.length);
    const same = one.filter((byte, at) => byte === two[at]).length;
    assert.ok(same < one.length / 2, `${same} of ${one.length} bytes are the same`);
});

test('other mistakes go before a bad cursor, and who may not ask does not hear of it', async () => {
    const answer = await site.get('/books?cursor=x&limit=0', admin);
    assert.deepEqual([answer.status, answer.json.detail.length], [422, 1]);
    assertError(await site.get('/users?cursor=x'), 401);
    assertError(await site.get('/users?cursor=x', ada), 403);
});

test('a cursor goes on with another limit, other fields and other filters', async () => {
    const list = all.find(({ route }) => route === '/books');
    const rows = await whole(list, { sort_by: 'author' });
    for (const limit of [1, 3, 20]) {
        const answer = await site.get(withQuery('/books', { sort_by: 'author', cursor, limit }), admin);
        assert.deepEqual(answer.json, rows.slice(7, 7 + limit));
    }
    const few = await site.get(withQuery('/books', { sort_by: 'author', cursor, fields: 'uid', language: 'en',
        limit: 100 }), admin);
    assert.deepEqual(few.json, rows.slice(7).filter(({ language }) => language === 'en').map(({ uid }) => ({ uid })));
});

test('a cursor outlives the row it stands at', async () => {
    const posts = [];
    for (let i = 0; i < 6; i++) {
        posts.push(await site.createPost(ada, { title: `standing ${i}` }));
    }
    const path = `/users/${ada.id}/posts?search=standing&sort_by=title&limit=2`;
    const { next } = linksOf(await site.get(path, admin));
    await site.delete(`/posts/${posts[1].id}`, ada);
    await site.delete(`/posts/${posts[2].id}`, ada);
    const page = await site.get(next, admin);
    assert.deepEqual(page.json.map(({ title }) => title), ['standing 3', 'standing 4']);
    assert.deepEqual((await site.get(linksOf(page).prev, admin)).json.map(({ title }) => title), ['standing 0']);
    await site.query(`DELETE FROM posts WHERE title LIKE 'standing %'`);
});

// --- while others write ----------------------------------------------------------------------------------------------

for (const by of ['created_at', '-created_at']) {
    test(`500 rows of one time, limit=7, sort_by=${by}, while 200 come and go: survivors come once`, async () => {
        await site.query(`DELETE FROM posts; INSERT INTO posts (id, title, content, owner_id, created_at)
            SELECT 500000 + 10 * seq, 'walked', 'c', ${ada.id}, '2024-02-29 12:00:00' FROM seq_1_to_500`);
        const path = `/users/${ada.id}/posts?limit=7&sort_by=${by}`;
        const born = new Set(Array.from({ length: 500 }, (_, i) => 500010 + 10 * i));
        const lived = new Set(born);
        // Half of the changes are rows deleted, all over the list, half rows inserted between them.
        let changes = 0;
        let seed = 7;
        const random = (n) => {
            seed = (seed * 1103515245 + 12345) % 2147483648;
            return Math.floor((seed / 2147483648) * n);
        };
        const change = async () => {
            const id = 500010 + 10 * random(500);
            if (changes++ % 2 === 0 && lived.delete(id)) {
                assert.equal((await site.delete(`/posts/${id}`, ada)).status, 204);
            } else {
                await site.query(`INSERT IGNORE INTO posts (id, title, content, owner_id, created_at)
                    VALUES (${id + 1 + random(9)}, 'made meanwhile', 'c', ${ada.id}, '2024-02-29 12:00:00')`);
            }
        };
        const running = [];
        const pages = await walk(site, path, { person: admin, between: async () => {
            if (changes < 200) {
                const three = [change(), change(), change()];
                running.push(...three);
                await three[0]; // one has ended before the next page, two may run beside it
            }
        } });
        await Promise.all(running);
        const seen = pages.flatMap(({ rows }) => rows.map(({ id }) => id));
        const times = new Map();
        seen.forEach((id) => times.set(id, (times.get(id) ?? 0) + 1));
        assert.ok(changes >= 200, `${changes} changes`);
        for (const id of lived) {
            assert.equal(times.get(id) ?? 0, 1, `row ${id} was seen ${times.get(id) ?? 0} times`);
        }
        assert.ok([...times.values()].every((n) => n === 1), 'some row came twice');
        const sorted = [...seen].sort((a, b) => (by.startsWith('-') ? b - a : a - b));
        assert.deepEqual(seen, sorted);
    });
}

// Books: shelves, and what is on them. They outlive their people.
import assert from 'node:assert/strict';
import {
    assertError, assertInvalid, atLeast, dateInexact, dateParsing, dateType, intFromFloat, intParsing, intTooBig,
    intType, literal, missing, stringType, tooLong, tooShort, uuidParsing,
} from './lib/contract.mjs';
import { assertBetween, assertBook, assertReview } from './lib/shapes.mjs';
import { startSite } from './lib/site.mjs';
import { test } from './lib/test.mjs';

const site = await startSite();
const admin = await site.admin();
const ada = await site.signUp();
const bob = await site.signUp();
const NONE = '019a0000-0000-7000-8000-000000000000';
const full = { title: 'Middlemarch', author: 'George Eliot', publisher: 'Blackwood', published_date: '1871-12-01',
    page_count: 880, language: 'en' };
const bare = { author: null, publisher: null, published_date: null, page_count: null, language: null };
const card = ({ id, uid, username }) => ({ id, uid, username });
/** As lists show it: without what one book alone has. */
const listed = ({ tags, reviews, ...book }) => book;

test('POST creates: 201, Location, the whole object', async () => {
    const before = Date.now();
    const forced = { uid: NONE, user_uid: bob.uid, user: 1, review_count: 9, average_rating: 5, rating_sum: 45,
        created_at: 'x', tags: [{ name: 'x' }], reviews: [] };
    const answer = await site.post('/books', { ...full, ...forced }, ada);
    assert.equal(answer.status, 201, answer.raw);
    assertBook(answer.json, { ...full, user_uid: ada.uid, user: card(ada), review_count: 0, average_rating: null,
        tags: [], reviews: [] });
    assert.notEqual(answer.json.uid, NONE);
    assertBetween(answer.json.created_at, before, Date.now());
    assert.equal(answer.json.updated_at, answer.json.created_at);
    assert.equal(answer.headers.location, `/api/v1/books/${answer.json.uid}`);
    for (const reader of [ada, bob, undefined]) {
        assert.deepEqual((await site.get(`/books/${answer.json.uid}`, reader)).json, answer.json);
    }
    assertError(await site.post('/books', full), 401, 'unauthenticated');
});

test('only a title is required', async () => {
    assertBook(await site.create('/books', { title: 't' }, ada), { title: 't', ...bare });
    assertBook(await site.create('/books', { title: 't', ...bare }, ada), bare);
    assertInvalid(await site.post('/books', { author: 'a' }, ada), [missing(['body', 'title'], { author: 'a' })]);
    assertBook(await site.create('/books', { title: 't', author: '', publisher: '', language: '' }, ada),
        { author: '', publisher: '', language: '' });
});

test('lengths are in characters: title, author and publisher 200, language 20', async () => {
    for (const character of ['x', 'é', '😀']) {
        const right = { title: character.repeat(200), author: character.repeat(200), publisher: character.repeat(200),
            language: character.repeat(20) };
        const book = await site.create('/books', right, ada);
        assertBook(book, right);
        const wrong = Object.fromEntries(Object.entries(right).map(([name, text]) => [name, text + character]));
        const entries = Object.entries(wrong).map(([name, text]) =>
            tooLong(['body', name], text, name === 'language' ? 20 : 200));
        assertInvalid(await site.post('/books', wrong, ada), entries);
        assertInvalid(await site.put(`/books/${book.uid}`, wrong, ada), entries);
        assertInvalid(await site.patch(`/books/${book.uid}`, wrong, ada), entries);
    }
});

const at = (name) => ['body', name];
for (const [name, body, entries] of [
    ['an empty title', { title: '' }, [tooShort(at('title'), '', 1)]],
    ['a null title', { title: null }, [stringType(at('title'), null)]],
    ['numbers as texts', { title: 1, author: 2, publisher: 3, language: 4 }, [stringType(at('title'), 1),
        stringType(at('author'), 2), stringType(at('publisher'), 3), stringType(at('language'), 4)]],
    ['no pages', { page_count: 0 }, [atLeast(at('page_count'), 0, 1)]],
    ['minus one page', { page_count: '-1' }, [atLeast(at('page_count'), '-1', 1)]],
    ['half a page', { page_count: 1.5 }, [intFromFloat(at('page_count'), 1.5)]],
    ['words as pages', { page_count: 'many' }, [intParsing(at('page_count'), 'many')]],
    ['a list of pages', { page_count: [1] }, [intType(at('page_count'), [1])]],
    ['too many pages', { page_count: '9223372036854775808' }, [intTooBig(at('page_count'),
        '9223372036854775808')]],
    ['a date that is none', { published_date: 'wrong' }, [dateParsing(at('published_date'), 'wrong',
        'input is too short')]],
    ['an empty date', { published_date: '' }, [dateParsing(at('published_date'), '', 'input is too short')]],
    ['a time of day', { published_date: '2024-02-29T12:00:00Z' }, [dateInexact(at('published_date'),
        '2024-02-29T12:00:00Z')]],
    ['a list as a date', { published_date: [] }, [dateType(at('published_date'), [])]],
    ['true as a date', { published_date: true }, [dateType(at('published_date'), true)]],
    ['everything wrong', { language: 'x'.repeat(21), page_count: 0, published_date: {}, title: '' },
        [tooShort(at('title'), '', 1), dateType(at('published_date'), {}), atLeast(at('page_count'), 0, 1),
            tooLong(at('language'), 'x'.repeat(21), 20)]],
]) {
    test(`POST, PUT and PATCH with ${name} are 422 and change nothing`, async () => {
        const book = await site.createBook(ada, full);
        const whole = { title: 't', ...body };
        assertInvalid(await site.post('/books', whole, ada), entries);
        assertInvalid(await site.put(`/books/${book.uid}`, whole, ada), entries);
        assertInvalid(await site.patch(`/books/${book.uid}`, body, ada), entries);
        assert.deepEqual((await site.get(`/books/${book.uid}`)).json, book);
    });
}

test('days that no calendar has are no dates', async () => {
    for (const day of ['2023-02-29', '2024-02-30', '1900-02-29', '2024-13-01', '2024-00-10', '2024-01-00', '2024-04-31',
        '20240101', '2024-1-1', '01/02/2024', '2024-01-01x', '2024-01-01T', '-2024-01-01', '２０２４-01-01']) {
        const answer = await site.post('/books', { title: 't', published_date: day }, ada);
        assert.equal(answer.status, 422, day);
        assert.equal(answer.json.detail[0].type, 'date_from_datetime_parsing', day);
        assert.deepEqual(answer.json.detail[0].loc, ['body', 'published_date']);
    }
    for (const [sent, kept] of [['2024-02-29', '2024-02-29'], ['2000-02-29', '2000-02-29'],
        ['0001-01-01', '0001-01-01'], ['9999-12-31', '9999-12-31'], ['2024-02-29T00:00:00', '2024-02-29'],
        ['2026-01-02T00:00:00+02:00', '2026-01-02'], ['2026-01-02T00:00:00-05:00', '2026-01-02']]) {
        assertBook(await site.createBook(ada, { published_date: sent }), { published_date: kept });
    }
});

test('page counts are read as pydantic reads integers', async () => {
    for (const [sent, kept] of [[1, 1], ['12', 12], [12.0, 12], [true, 1], [' 7 ', 7], [2147483648, 2147483648],
        [9007199254740991, 9007199254740991]]) {
        assertBook(await site.createBook(ada, { page_count: sent }), { page_count: kept });
    }
});

test('PUT replaces: what is left out is null; PATCH changes what is sent, null clears', async () => {
    const book = await site.createBook(ada, full);
    const path = `/books/${book.uid}`;
    for (const name of Object.keys(bare)) {
        const { json } = await site.patch(path, { [name]: null }, ada);
        assertBook(json, { [name]: null });
        assert.deepEqual((await site.get(path)).json, json);
    }
    const put = await site.put(path, { ...full, user_uid: bob.uid, review_count: 5 }, ada);
    assert.equal(put.status, 200, put.raw);
    assertBook(put.json, { ...book, updated_at: put.json.updated_at });
    assert.ok(put.json.updated_at > book.updated_at);
    assert.deepEqual((await site.patch(path, {}, ada)).json, put.json);
    assert.deepEqual((await site.patch(path, { user_uid: bob.uid, average_rating: 5 }, ada)).json, put.json);
    const { json: replaced } = await site.put(path, { title: 'Only' }, ada);
    assertBook(replaced, { ...book, title: 'Only', ...bare, updated_at: replaced.updated_at });
    assertInvalid(await site.put(path, { author: 'a' }, ada), [missing(['body', 'title'], { author: 'a' })]);
});

test('an edit from an old state is 412', async () => {
    const { json, headers } = await site.post('/books', full, ada);
    const path = `/books/${json.uid}`;
    const old = { token: ada.token, headers: { 'If-Match': headers.etag } };
    assert.equal((await site.get(path, { headers: { 'If-None-Match': headers.etag } })).status, 304);
    assert.equal((await site.patch(path, { title: 'two' }, old)).status, 200);
    for (const answer of [await site.patch(path, { title: 'three' }, old), await site.put(path, full, old),
        await site.delete(path, old)]) {
        assertError(answer, 412, 'stale');
    }
    assert.equal((await site.get(path)).json.title, 'two');
});

test('what is no book is 404, what is no UUID 422', async () => {
    const detail = `book with uid: ${NONE} not found`;
    const path = `/books/${NONE}`;
    for (const answer of [await site.get(path), await site.put(path, full, ada), await site.patch(path, {}, ada),
        await site.patch(path, { title: 'x' }, ada), await site.delete(path, ada), await site.get(`${path}/reviews`)]) {
        assertError(answer, 404, 'not_found', detail);
    }
    assertInvalid(await site.get('/books/nope'), [uuidParsing(['path', 'book_uid'], 'nope',
        'invalid character: found `n` at 1')]);
    assertInvalid(await site.put('/books/nope', { page_count: 0 }, ada), [uuidParsing(['path', 'book_uid'], 'nope',
        'invalid character: found `n` at 1'), missing(['body', 'title'], { page_count: 0 }),
    atLeast(['body', 'page_count'], 0, 1)]);
    const { uid } = await site.createBook(ada);
    for (const spelt of [uid.toUpperCase(), uid.replaceAll('-', '')]) {
        assert.equal((await site.get(`/books/${spelt}`)).json.uid, uid);
    }
});

test('DELETE is 204, then 404; reviews and links go along, tags stay', async () => {
    const book = await site.createBook(ada);
    const review = await site.createReview(bob, book);
    const name = site.name('tag');
    const [tag] = (await site.post(`/books/${book.uid}/tags`, { tags: [{ name }] }, ada)).json.tags;
    assertError(await site.delete(`/books/${book.uid}`, bob), 403, 'forbidden');
    assert.equal((await site.delete(`/books/${book.uid}`, ada)).status, 204);
    assertError(await site.delete(`/books/${book.uid}`, ada), 404, 'not_found');
    assertError(await site.get(`/reviews/${review.uid}`), 404, 'not_found', `review with uid: ${review.uid} not found`);
    assert.deepEqual((await site.get(`/tags/${tag.uid}`)).json, tag);
    assert.deepEqual((await site.get(`/tags/${tag.uid}/books`)).json, []);
});

test('GET /users/{id}/books is that person\'s shelf', async () => {
    const person = await site.signUp();
    const mine = [listed(await site.createBook(person, { title: 'a' })), listed(await site.createBook(person,
        { title: 'b' }))];
    await site.createBook(bob);
    assert.deepEqual((await site.get(`/users/${person.id}/books?sort_by=title`)).json, mine);
    assert.deepEqual((await site.get(`/users/${person.id}/books?sort_by=-title&limit=1`)).json, [mine[1]]);
    assert.deepEqual((await site.get(`/books?user_uid=${person.uid}&sort_by=title`)).json, mine);
    assert.deepEqual((await site.get(`/users/${(await site.signUp()).id}/books`)).json, []);
    assertError(await site.get('/users/2147480000/books'), 404, 'not_found', 'user with id: 2147480000 not found');
});

test('a book outlives its person: its user is null, and only admins write it', async () => {
    const person = await site.signUp();
    const book = await site.createBook(person, full);
    assert.equal((await site.delete(`/users/${person.id}`, person)).status, 204);
    const { json } = await site.get(`/books/${book.uid}`);
    assertBook(json, { ...book, user_uid: null, user: null });
    for (const [method, body] of [['PUT', full], ['PATCH', { title: 'x' }], ['PATCH', {}], ['DELETE', undefined]]) {
        assertError(await site.request(method, `/books/${book.uid}`, { json: body, token: bob.token }), 403,
            'forbidden');
    }
    assert.equal((await site.patch(`/books/${book.uid}`, { title: 'kept' }, admin)).json.title, 'kept');
    assert.ok((await site.get('/books?limit=100&sort_by=-created_at')).json.some(({ uid }) => uid === book.uid));
});

test('filters, sorting and search', async () => {
    const author = site.name('Author');
    const books = [];
    for (const [title, page_count, published_date, language] of [['Alpha', 3, '2001-01-01', 'en'],
        ['beta', null, '1999-12-31', 'de'], ['Gamma', 1, null, 'en']]) {
        books.push(listed(await site.createBook(ada, { title, author, page_count, published_date, language })));
    }
    const list = async (query) =>
        (await site.get('/books', { query: { author, ...query } })).json.map(({ title }) => title);
    assert.deepEqual(await list({ sort_by: 'title' }), ['Alpha', 'beta', 'Gamma']);
    assert.deepEqual(await list({ sort_by: '-published_date' }), ['Alpha', 'beta', 'Gamma']);
    assert.deepEqual(await list({ sort_by: 'published_date' }), ['Gamma', 'beta', 'Alpha']);
    assert.deepEqual(await list({ language: 'en', sort_by: '-title' }), ['Gamma', 'Alpha']);
    assert.deepEqual(await list({ search: 'AMM' }), ['Gamma']);
    assert.deepEqual(await list({ published_date_gte: '2000-01-01' }), ['Alpha']);
    assert.deepEqual(await list({ published_date: '2001-01-01T00:00:00+02:00' }), ['Alpha']);
    assert.deepEqual((await site.get('/books', { query: { author, title: 'beta' } })).json, [books[1]]);
    assertInvalid(await site.get('/books?sort_by=isbn'), [literal(['query', 'sort_by'], 'isbn',
        "'title', 'author', 'published_date', 'review_count', 'average_rating', 'created_at', 'date' or "
        + "'updated_at'")]);
});

test('one book shows its tags and the newest twenty of its reviews; lists on request', async () => {
    const book = await site.createBook(ada);
    const people = [];
    for (let i = 0; i < 25; ++i) {
        people.push(await site.signUp());
    }
    const reviews = [];
    for (const [i, person] of people.entries()) {
        reviews.push(await site.createReview(person, book, 1 + i % 5, `review ${i}`));
    }
    const name = site.name('tag');
    await site.post(`/books/${book.uid}/tags`, { tags: [{ name }] }, ada);
    const { json } = await site.get(`/books/${book.uid}`);
    assertBook(json, { review_count: 25, average_rating: 3 });
    assert.deepEqual(json.tags.map((tag) => tag.name), [name]);
    assert.deepEqual(json.reviews, reviews.slice(5).reverse());
    const query = { title: book.title, user_uid: ada.uid, sort_by: '-created_at', limit: 1 };
    assert.deepEqual((await site.get('/books', { query })).json, [listed(json)]);
    assert.deepEqual((await site.get('/books', { query: { ...query, include: 'tags,reviews' } })).json, [json]);
    json.reviews.forEach((review) => assertReview(review));
});

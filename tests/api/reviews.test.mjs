// Reviews: one a person a book; the book knows how many there are and what they say on average.
import assert from 'node:assert/strict';
import {
    assertError, assertInvalid, atLeast, atMost, intFromFloat, intParsing, intType, missing, stringType, tooLong,
    tooShort, uuidParsing,
} from './lib/contract.mjs';
import { assertBetween, assertHas, assertReview } from './lib/shapes.mjs';
import { startSite } from './lib/site.mjs';
import { test } from './lib/test.mjs';

const site = await startSite({ settings: { WORKERS: 8 } });
const admin = await site.admin();
const ada = await site.signUp();
const bob = await site.signUp();
const crowd = await Promise.all(Array.from({ length: 20 }, () => site.signUp()));
const NONE = '019a0000-0000-7000-8000-000000000000';
const card = ({ id, uid, username }) => ({ id, uid, username });
const rated = async ({ uid }, review_count, average_rating) => assertHas((await site.get(`/books/${uid}`)).json,
    { review_count, average_rating });
const texts = { rating: 4, review_text: 'Good.' };

test('POST creates: 201, Location, the whole object', async () => {
    const book = await site.createBook(ada);
    const path = `/books/${book.uid}/reviews`;
    const before = Date.now();
    const forced = { uid: NONE, user_uid: ada.uid, book_uid: NONE, created_at: 'x' };
    const answer = await site.post(path, { ...texts, ...forced }, bob);
    assert.equal(answer.status, 201, answer.raw);
    assertReview(answer.json, { ...texts, user_uid: bob.uid, user: card(bob), book_uid: book.uid });
    assertBetween(answer.json.created_at, before, Date.now());
    assert.equal(answer.json.updated_at, answer.json.created_at);
    assert.equal(answer.headers.location, `/api/v1/reviews/${answer.json.uid}`);
    for (const reader of [ada, bob, undefined]) {
        assert.deepEqual((await site.get(`/reviews/${answer.json.uid}`, reader)).json, answer.json);
        assert.deepEqual((await site.get(path, reader)).json, [answer.json]);
    }
    assertReview(await site.createReview(ada, book), { user_uid: ada.uid });
    assertError(await site.post(path, texts), 401, 'unauthenticated');
});

test('a second review of one book is 409; after the first is deleted another can be written', async () => {
    const book = await site.createBook(ada);
    const first = await site.createReview(bob, book, 2);
    assertError(await site.post(`/books/${book.uid}/reviews`, texts, bob), 409, 'duplicate',
        'a review with this user_uid and book_uid already exists');
    await rated(book, 1, 2);
    assert.equal((await site.delete(`/reviews/${first.uid}`, bob)).status, 204);
    await site.createReview(bob, book, 5);
    await rated(book, 1, 5);
    await site.createReview(bob, await site.createBook(ada), 1);
});

test('of twenty parallel reviews by one person one stands', async () => {
    for (let round = 0; round < 3; ++round) {
        const book = await site.createBook(ada);
        const answers = await Promise.all(Array.from({ length: 20 }, (_, i) => site.post(`/books/${book.uid}/reviews`,
            { rating: 1 + i % 5, review_text: `r${i}` }, bob)));
        assert.deepEqual(answers.map(({ status }) => status).sort(), [201, ...Array(19).fill(409)]);
        await rated(book, 1, answers.find(({ status }) => status === 201).json.rating);
    }
});

const at = (name) => ['body', name];
for (const [name, change, entries] of [
    ['no rating', { rating: undefined }, [missing(at('rating'), { review_text: 'Good.' })]],
    ['no text', { review_text: undefined }, [missing(at('review_text'), { rating: 4 })]],
    ['a rating of 0', { rating: 0 }, [atLeast(at('rating'), 0, 1)]],
    ['a rating of -1', { rating: '-1' }, [atLeast(at('rating'), '-1', 1)]],
    ['a rating of 6', { rating: 6 }, [atMost(at('rating'), 6, 5)]],
    ['a rating of 4.5', { rating: 4.5 }, [intFromFloat(at('rating'), 4.5)]],
    ['a rating of five', { rating: 'five' }, [intParsing(at('rating'), 'five')]],
    ['a null rating', { rating: null }, [intType(at('rating'), null)]],
    ['false as a rating', { rating: false }, [atLeast(at('rating'), false, 1)]],
    ['an empty text', { review_text: '' }, [tooShort(at('review_text'), '', 1)]],
    ['a null text', { review_text: null }, [stringType(at('review_text'), null)]],
    ['a text of 5,001 characters', { review_text: '😀'.repeat(5001) }, [tooLong(at('review_text'), '😀'.repeat(5001),
        5000)]],
    ['everything wrong', { review_text: 5, rating: {} }, [intType(at('rating'), {}), stringType(at('review_text'), 5)]],
]) {
    test(`POST and PATCH with ${name} are 422 and change nothing`, async () => {
        const book = await site.createBook(ada);
        assertInvalid(await site.post(`/books/${book.uid}/reviews`, { ...texts, ...change }, bob), entries);
        await rated(book, 0, null);
        const review = await site.createReview(bob, book);
        if (entries[0].type !== 'missing') {
            assertInvalid(await site.patch(`/reviews/${review.uid}`, change, bob), entries);
        }
        assert.deepEqual((await site.get(`/reviews/${review.uid}`)).json, review);
        await rated(book, 1, 3);
    });
}

test('ratings 1 to 5, also as text; a text of 5,000 characters', async () => {
    const book = await site.createBook(ada);
    for (const [i, rating] of [1, 5, '3', 4.0, true].entries()) {
        const review = await site.create(`/books/${book.uid}/reviews`, { rating, review_text: '😀'.repeat(5000) },
            crowd[i]);
        assertReview(review, { rating: Number(rating), review_text: '😀'.repeat(5000) });
    }
    await rated(book, 5, 14 / 5);
});

test('the average follows: reviews written, changed, deleted', async () => {
    const book = await site.createBook(ada);
    await rated(book, 0, null);
    const [one, two] = [await site.createReview(ada, book, 5), await site.createReview(bob, book, 2)];
    await rated(book, 2, 3.5);
    await site.createReview(crowd[0], book, 1);
    await rated(book, 3, 8 / 3);
    assert.equal((await site.patch(`/reviews/${two.uid}`, { rating: 4 }, bob)).json.rating, 4);
    await rated(book, 3, 10 / 3);
    assert.equal((await site.patch(`/reviews/${two.uid}`, { review_text: 'other words' }, bob)).status, 200);
    assert.equal((await site.patch(`/reviews/${two.uid}`, {}, bob)).status, 200);
    await rated(book, 3, 10 / 3);
    assert.equal((await site.delete(`/reviews/${one.uid}`, ada)).status, 204);
    await rated(book, 2, 2.5);
    const list = await site.get('/books', { query: { user_uid: ada.uid, sort_by: '-created_at', limit: 1 } });
    assertHas(list.json[0], { uid: book.uid, review_count: 2, average_rating: 2.5 });
    await site.assertCounters();
});

test('PATCH and DELETE: own or admin; an edit from an old state is 412', async () => {
    const book = await site.createBook(ada);
    const { json: review, headers } = await site.post(`/books/${book.uid}/reviews`, texts, bob);
    const path = `/reviews/${review.uid}`;
    for (const [method, json] of [['PATCH', { rating: 1 }], ['PATCH', {}], ['DELETE', undefined]]) {
        assertError(await site.request(method, path, { json, token: ada.token }), 403, 'forbidden');
    }
    const patched = await site.patch(path, { rating: 1, book_uid: NONE, user_uid: ada.uid }, bob);
    assertReview(patched.json, { ...review, rating: 1, updated_at: patched.json.updated_at });
    assert.ok(patched.json.updated_at > review.updated_at);
    const old = { token: bob.token, headers: { 'If-Match': headers.etag } };
    assertError(await site.patch(path, { rating: 5 }, old), 412, 'stale');
    assertError(await site.delete(path, old), 412, 'stale');
    await rated(book, 1, 1);
    assert.equal((await site.patch(path, { rating: 5 }, admin)).json.user_uid, bob.uid);
    await rated(book, 1, 5);
    assertError(await site.put(path, texts, bob), 405, 'method_not_allowed');
    assert.equal((await site.delete(path, admin)).status, 204);
    await rated(book, 0, null);
    for (const answer of [await site.get(path), await site.patch(path, { rating: 1 }, bob),
        await site.delete(path, bob)]) {
        assertError(answer, 404, 'not_found', `review with uid: ${review.uid} not found`);
    }
});

test('of what is no book there are no reviews; what is no UUID is 422', async () => {
    const detail = `book with uid: ${NONE} not found`;
    assertError(await site.post(`/books/${NONE}/reviews`, texts, bob), 404, 'not_found', detail);
    assertError(await site.get(`/books/${NONE}/reviews`), 404, 'not_found', detail);
    assertError(await site.get(`/reviews/${NONE}`), 404, 'not_found', `review with uid: ${NONE} not found`);
    const why = 'invalid character: found `n` at 1';
    assertInvalid(await site.post('/books/nope/reviews', { ...texts, rating: 9 }, bob),
        [uuidParsing(['path', 'book_uid'], 'nope', why), atMost(['body', 'rating'], 9, 5)]);
    assertInvalid(await site.get('/reviews/nope'), [uuidParsing(['path', 'review_uid'], 'nope', why)]);
});

test('a review outlives its person: its user is null, and it counts as before', async () => {
    const person = await site.signUp();
    const gone = await site.signUp();
    const book = await site.createBook(person);
    const reviews = [await site.createReview(person, book, 1), await site.createReview(gone, book, 4)];
    for (const each of [person, gone]) {
        assert.equal((await site.delete(`/users/${each.id}`, each)).status, 204);
    }
    for (const review of reviews) {
        assertReview((await site.get(`/reviews/${review.uid}`)).json, { ...review, user_uid: null, user: null });
        assertError(await site.patch(`/reviews/${review.uid}`, { rating: 5 }, bob), 403, 'forbidden');
    }
    await rated(book, 2, 2.5);
    await site.createReview(bob, book, 4);
    await rated(book, 3, 3);
    assert.equal((await site.patch(`/reviews/${reviews[0].uid}`, { rating: 4 }, admin)).status, 200);
    assert.equal((await site.delete(`/reviews/${reviews[1].uid}`, admin)).status, 204);
    await rated(book, 2, 4);
    await site.assertCounters();
});

test('lists: of a book and of a person newest first; all of them for admins only', async () => {
    const person = await site.signUp();
    const [one, two] = [await site.createBook(ada), await site.createBook(ada)];
    const mine = [await site.createReview(person, one, 1), await site.createReview(person, two, 2)];
    const theirs = await site.createReview(bob, one, 3);
    assert.deepEqual((await site.get(`/books/${one.uid}/reviews`)).json, [theirs, mine[0]]);
    assert.deepEqual((await site.get(`/books/${one.uid}/reviews?sort_by=created_at&limit=1`)).json, [mine[0]]);
    assert.deepEqual((await site.get(`/users/${person.id}/reviews`)).json, [mine[1], mine[0]]);
    assert.deepEqual((await site.get(`/users/${crowd[19].id}/reviews?limit=1&search=${site.name()}`)).json, []);
    assertError(await site.get('/users/2147480000/reviews'), 404, 'not_found', 'user with id: 2147480000 not found');
    assertError(await site.get('/reviews'), 401, 'unauthenticated');
    assertError(await site.get('/reviews', person), 403, 'forbidden');
    assert.deepEqual((await site.get('/reviews?limit=3', admin)).json, [theirs, mine[1], mine[0]]);
    assert.deepEqual((await site.get(`/reviews?user_uid=${person.uid}&book_uid=${two.uid}`, admin)).json, [mine[1]]);
    const { json } = await site.get('/users', { token: admin.token, query: { include: 'reviews,books',
        username: person.username } });
    assert.deepEqual(json[0].reviews, [mine[1], mine[0]]);
    assert.deepEqual(json[0].books, []);
});

test('reviews by twenty people at once, changed and deleted at once: the average is right', async () => {
    const book = await site.createBook(ada);
    const made = await Promise.all(crowd.map((person, i) => site.createReview(person, book, 1 + i % 5)));
    await rated(book, 20, 3);
    const answers = await Promise.all(made.flatMap(({ uid }, i) => [
        site.patch(`/reviews/${uid}`, { rating: 5 - i % 5 }, crowd[i]),
        i % 2 ? site.delete(`/reviews/${uid}`, crowd[i]) : site.patch(`/reviews/${uid}`, { rating: 1 }, admin)]));
    assert.ok(answers.every(({ status }) => [200, 204, 404].includes(status)),
        answers.map(({ status }) => status).join(' '));
    await site.assertCounters();
    assertHas((await site.get(`/books/${book.uid}`)).json, { review_count: 10 });
});

test('reviews while the book is deleted: 201 or 404, and nothing is left', async () => {
    for (let round = 0; round < 10; ++round) {
        const book = await site.createBook(ada);
        const answers = await Promise.all(crowd.slice(0, 10).map((person, i) => (i === 5
            ? site.delete(`/books/${book.uid}`, ada)
            : site.post(`/books/${book.uid}/reviews`, texts, person))));
        assert.equal(answers[5].status, 204);
        for (const { status, raw } of answers) {
            assert.ok([201, 204, 404].includes(status), raw);
        }
        assert.equal(await site.count('reviews', 'book_uid NOT IN (SELECT uid FROM books)'), 0);
    }
    await site.assertCounters();
});

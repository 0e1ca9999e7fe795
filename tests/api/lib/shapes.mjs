// shapes: what users, posts, books and all the rest look like outside.
//
//     assertUser(answer.json); assertPost(answer.json, { title: 't', votes: 0 });
import assert from 'node:assert/strict';

const UUID_7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
// RFC 3339 in UTC; microseconds only when not zero.
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.(?!000000)\d{6})?Z$/;

/** Exactly these members, in any order; `optional` ones may be missing. */
export function assertMembers(object, names, optional = []) {
    const found = Object.keys(object).filter((name) => !optional.includes(name)).sort();
    assert.deepEqual(found, [...names].sort());
}

export function assertTime(text) {
    assert.match(text, TIME);
    assert.ok(!Number.isNaN(Date.parse(text)), text);
}

/** A time that lies between two moments of this machine's clock (milliseconds). */
export function assertBetween(text, from, to) {
    assertTime(text);
    const at = Date.parse(text);
    assert.ok(at >= from - 2 && at <= to + 2,
        `${text} is not between ${new Date(from).toISOString()} and ${new Date(to).toISOString()}`);
}

function assertId(id) {
    assert.ok(Number.isSafeInteger(id) && id > 0, `an id: ${id}`);
}

export function assertUser(user, expected = {}) {
    assertMembers(user, ['id', 'uid', 'username', 'email', 'is_active', 'created_at', 'updated_at']);
    assertId(user.id);
    assert.match(user.uid, UUID_7);
    assertTime(user.created_at);
    assertTime(user.updated_at);
    assertHas(user, expected);
}

/** What the person themself sees at /users/me: with their books and reviews. */
export function assertSelf(user, expected = {}) {
    const { books, reviews, ...account } = user;
    assert.ok(Array.isArray(books) && Array.isArray(reviews), JSON.stringify(user));
    assertUser(account);
    assertHas(user, expected);
}

export function assertPublicUser(user, expected = {}) {
    assertMembers(user, ['id', 'uid', 'username', 'created_at']);
    assertId(user.id);
    assert.match(user.uid, UUID_7);
    assertTime(user.created_at);
    assertHas(user, expected);
}

export function assertPost(post, expected = {}) {
    assertMembers(post, ['id', 'title', 'content', 'published', 'owner_id', 'owner', 'votes', 'score',
        'comment_count', 'created_at', 'updated_at'], ['tags', 'comments']);
    assertId(post.id);
    assertMembers(post.owner, ['id', 'username']);
    assert.equal(post.owner.id, post.owner_id);
    assertTime(post.created_at);
    assertTime(post.updated_at);
    assertHas(post, expected);
}

function assertUid(uid) {
    assert.match(uid, UUID_7);
}

export function assertProfile(profile, expected = {}) {
    assertMembers(profile, ['user_id', 'avatar_url', 'website', 'bio', 'created_at', 'updated_at']);
    assertId(profile.user_id);
    assertTime(profile.created_at);
    assertTime(profile.updated_at);
    assertHas(profile, expected);
}

export function assertRole(role, expected = {}) {
    assertMembers(role, ['id', 'name', 'description']);
    assertId(role.id);
    assertHas(role, expected);
}

/** A role that somebody holds. */
export function assertGrant(grant, expected = {}) {
    assertMembers(grant, ['role', 'assigned_at', 'assigned_by'], ['role_id', 'name']);
    assertRole(grant.role);
    assertTime(grant.assigned_at);
    if (grant.assigned_by !== null) {
        assertId(grant.assigned_by);
    }
    assertHas(grant, expected);
}

/** Without the replies that a tree adds. */
export function assertComment(comment, expected = {}) {
    assertMembers(comment, ['id', 'post_id', 'parent_id', 'text', 'author', 'created_at', 'updated_at']);
    assertId(comment.id);
    assertId(comment.post_id);
    assertMembers(comment.author, ['id', 'username']);
    assertTime(comment.created_at);
    assertTime(comment.updated_at);
    assertHas(comment, expected);
}

export function assertMicropost(micropost, expected = {}) {
    assertMembers(micropost, ['id', 'body', 'timestamp', 'user_id', 'author']);
    assertId(micropost.id);
    assert.equal(micropost.author.id, micropost.user_id);
    assertMembers(micropost.author, ['id', 'username']);
    assertTime(micropost.timestamp);
    assertHas(micropost, expected);
}

export function assertTag(tag, expected = {}) {
    assertMembers(tag, ['uid', 'name', 'created_at']);
    assertUid(tag.uid);
    assertTime(tag.created_at);
    assertHas(tag, expected);
}

/** Whose a book or a review is: a person, or nobody any more. */
function assertBelongs({ user, user_uid: uid }) {
    if (uid === null) {
        assert.equal(user, null);
    } else {
        assertUid(uid);
        assertMembers(user, ['id', 'uid', 'username']);
        assert.equal(user.uid, uid);
    }
}

/** `tags` and `reviews` come with a single book, and on request. */
export function assertBook(book, expected = {}) {
    assertMembers(book, ['uid', 'title', 'author', 'publisher', 'published_date', 'page_count', 'language', 'user_uid',
        'user', 'review_count', 'average_rating', 'created_at', 'updated_at'], ['tags', 'reviews']);
    assertUid(book.uid);
    assertBelongs(book);
    assert.equal(book.average_rating === null, book.review_count === 0);
    assertTime(book.created_at);
    assertTime(book.updated_at);
    book.tags?.forEach((tag) => assertTag(tag));
    book.reviews?.forEach((review) => assertReview(review, { book_uid: book.uid }));
    assertHas(book, expected);
}

export function assertReview(review, expected = {}) {
    assertMembers(review, ['uid', 'rating', 'review_text', 'user_uid', 'user', 'book_uid', 'created_at', 'updated_at']);
    assertUid(review.uid);
    assertUid(review.book_uid);
    assertBelongs(review);
    assertTime(review.created_at);
    assertTime(review.updated_at);
    assertHas(review, expected);
}

/** The members named in expected have these values. */
export function assertHas(object, expected) {
    const found = Object.fromEntries(Object.keys(expected).map((name) => [name, object[name]]));
    assert.deepEqual(found, expected);
}

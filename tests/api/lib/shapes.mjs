// shapes: what users, posts and their parts look like outside.
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

export function assertPublicUser(user, expected = {}) {
    assertMembers(user, ['id', 'uid', 'username', 'created_at']);
    assertId(user.id);
    assert.match(user.uid, UUID_7);
    assertTime(user.created_at);
    assertHas(user, expected);
}

export function assertPost(post, expected = {}) {
    assertMembers(post, ['id', 'title', 'content', 'published', 'owner_id', 'owner', 'votes', 'score', 'created_at',
        'updated_at'], ['comment_count', 'tags', 'comments']);
    assertId(post.id);
    assertMembers(post.owner, ['id', 'username']);
    assert.equal(post.owner.id, post.owner_id);
    assertTime(post.created_at);
    assertTime(post.updated_at);
    assertHas(post, expected);
}

/** The members named in expected have these values. */
export function assertHas(object, expected) {
    const found = Object.fromEntries(Object.keys(expected).map((name) => [name, object[name]]));
    assert.deepEqual(found, expected);
}

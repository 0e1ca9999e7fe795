// community: many rows of everything, written into a site's database at once, for tests of lists; and the table of the
// program's lists.
//
// Sort values have ties, gaps (null) and texts that are equal to the collation and different to the eye. Rows have
// fixed keys, so a community can be made larger: what is there stays. Stored counters are values to sort by, no counts.
//
//     const people = await settle(site, 10);          // { admin, ada }, who owns everything
//     await settle(site, 1000);
//     for (const list of lists(people)) await site.get(list.path, people.admin);
import assert from 'node:assert/strict';

/** The first keys of each kind; row i of a kind has key first + i, i from 1 on. */
const MEMBERS = 100000;
const ROLES = 1000;
const POSTS = 10000;
const COMMENTS = 200000;
const MICROPOSTS = 300000;
const THREADS = 400000; // and the attempts at them
const EVENTS = 500000;
const SESSIONS = 600000;
const [TAG, BOOK, OWN_REVIEW, OTHERS_REVIEW, MEMBER] = [1, 2, 3, 4, 5];

/** Row i's uid of a kind, in SQL: a UUID of version 7. */
const uid = (kind, i) => `UNHEX(CONCAT(LPAD(HEX(${kind}), 8, '0'), '000070008000', LPAD(HEX(${i}), 12, '0')))`;
/** The same as text. */
const uuid = (kind, i) => `${String(kind).padStart(8, '0')}-0000-7000-8000-${i.toString(16).padStart(12, '0')}`;
// Equal to the collation: a, A, á; a with a blank behind it.
const text = (i) => `ELT(1 + ${i} % 7, 'a', 'A', 'á', 'a ', 'b', ' a', CONCAT('title ', ${i}))`;
const day = (i, n) => `'2024-01-01' + INTERVAL ${i} % ${n} DAY + INTERVAL ${i} % 2 MICROSECOND`;

/** Rows of everything up to number n. Returns who can see it all, and who owns it. */
export async function settle(site, n) {
    site.settled ??= { admin: await site.admin(), ada: await site.signUp() };
    const { ada } = site.settled;
    const own = `UNHEX('${ada.uid.replaceAll('-', '')}')`;
    await site.query(`
        INSERT IGNORE INTO users (id, uid, username, email, password_hash, username_fold, email_fold, created_at)
            SELECT ${MEMBERS} + seq, ${uid(MEMBER, 'seq')}, CONCAT('member', seq), CONCAT('m', seq, '@example.com'),
                '!', CONCAT('member', seq), CONCAT('m', seq, '@example.com'), ${day('seq', 5)} FROM seq_1_to_${n};
        INSERT IGNORE INTO profiles (user_id, bio) SELECT ${MEMBERS} + seq, 'a bio' FROM seq_1_to_${n}
            WHERE seq % 2 = 0;
        INSERT IGNORE INTO roles (id, name, name_fold) SELECT ${ROLES} + seq,
            CONCAT(ELT(1 + seq % 3, 'r', 'R', 'ŕ'), seq div 3), CONCAT('role', seq) FROM seq_1_to_${n};
        INSERT IGNORE INTO user_roles (user_id, role_id) SELECT ${ada.id}, ${ROLES} + seq FROM seq_1_to_${n};
        INSERT IGNORE INTO user_roles (user_id, role_id) SELECT ${MEMBERS} + seq, ${ROLES} + 1 FROM seq_1_to_${n};
        INSERT IGNORE INTO user_roles (user_id, role_id) SELECT ${MEMBERS} + seq, ${ROLES} + 2 FROM seq_1_to_${n};
        INSERT IGNORE INTO posts (id, title, content, owner_id, votes, score, created_at, updated_at)
            SELECT ${POSTS} + seq, ${text('seq')},
                CONCAT('walnut ', IF(seq % 3, '', 'walnut '), IF(seq % 4, '', 'cake'), seq), ${ada.id}, seq % 5,
                CAST(seq % 4 AS SIGNED) - 2, ${day('seq', 7)}, ${day('seq', 3)} FROM seq_1_to_${n};
        INSERT IGNORE INTO tags (uid, name, name_fold, created_at)
            SELECT ${uid(TAG, 'seq')}, IF(seq > 45, CONCAT('tag', seq), CONCAT(ELT(1 + seq % 3, 'a', 'á', 'A'),
                REPEAT(' ', seq div 3))), CONCAT('tag', seq), ${day('seq', 4)} FROM seq_1_to_${n};
        INSERT IGNORE INTO post_tags (post_id, tag_uid) SELECT ${POSTS} + p.seq, ${uid(TAG, 't.seq')}
            FROM seq_1_to_${n} p, seq_1_to_3 t;
        INSERT IGNORE INTO comments (id, post_id, parent_id, text, user_id, created_at)
            SELECT ${COMMENTS} + seq, ${POSTS} + 1, IF(seq % 5 = 0, ${COMMENTS} + 1, NULL), 'a comment', ${ada.id},
                ${day('seq', 6)} FROM seq_1_to_${n};
        INSERT IGNORE INTO comments (id, post_id, text, user_id) SELECT ${COMMENTS} + 50000 + seq, ${POSTS} + seq,
            'another', ${ada.id} FROM seq_2_to_${n};
        INSERT IGNORE INTO microposts (id, body, timestamp, user_id)
            SELECT ${MICROPOSTS} + seq, CONCAT('walnut ', IF(seq % 3, '', 'walnut '), seq), ${day('seq', 6)}, ${ada.id}
            FROM seq_1_to_${n};
        INSERT IGNORE INTO books (uid, title, author, publisher, published_date, language, user_uid, review_count,
                rating_sum, created_at, updated_at)
            SELECT ${uid(BOOK, 'seq')}, ${text('seq')}, ELT(1 + seq % 6, 'a', 'A', 'á', 'b', NULL, 'a '), 'walnut',
                IF(seq % 3, '2000-01-01' + INTERVAL seq % 4 DAY, NULL), ELT(1 + seq % 2, 'en', NULL), ${own}, seq % 4,
                (seq % 4) * (seq % 3) + seq % 5, ${day('seq', 7)}, ${day('seq', 3)} FROM seq_1_to_${n};
        INSERT IGNORE INTO book_tags (book_uid, tag_uid) SELECT ${uid(BOOK, 'b.seq')}, ${uid(TAG, 't.seq')}
            FROM seq_1_to_${n} b, seq_1_to_3 t;
        INSERT IGNORE INTO reviews (uid, rating, review_text, user_uid, book_uid, created_at)
            SELECT ${uid(OWN_REVIEW, 'seq')}, 1 + seq % 5, 'a review', ${own}, ${uid(BOOK, 'seq')}, ${day('seq', 6)}
            FROM seq_1_to_${n};
        INSERT IGNORE INTO reviews (uid, rating, review_text, user_uid, book_uid, created_at)
            SELECT ${uid(OTHERS_REVIEW, 'seq')}, 1 + seq % 5, 'a review', ${uid(MEMBER, 'seq')}, ${uid(BOOK, 1)},
                ${day('seq', 6)} FROM seq_1_to_${n};
        INSERT IGNORE INTO votes (user_id, post_id, vote_type, voted_at) SELECT ${ada.id}, ${POSTS} + seq, 1,
            ${day('seq', 5)} FROM seq_1_to_${n};
        INSERT IGNORE INTO votes (user_id, post_id, vote_type, voted_at) SELECT ${MEMBERS} + seq, ${POSTS} + 1, -1,
            ${day('seq', 5)} FROM seq_1_to_${n};
        INSERT IGNORE INTO sessions (id, user_id, created_at, last_used_at, expires_at, agent)
            SELECT ${SESSIONS} + seq, ${ada.id}, ${day('seq', 6)}, ${day('seq', 5)}, '2099-01-01', CONCAT('walnut ', seq)
            FROM seq_1_to_${n};
        INSERT IGNORE INTO audit_events (id, event, created_at) SELECT ${EVENTS} + seq, 1, ${day('seq', 6)}
            FROM seq_1_to_${n};
        INSERT IGNORE INTO tweet_threads (id, user_id, topic, tweets, tweet_count, max_tweets)
            SELECT ${THREADS} + seq, ${ada.id}, 'a topic of ten', '["a tweet"]', 1, 5 FROM seq_1_to_${n};
        INSERT IGNORE INTO tweet_histories (id, thread_id, user_id, status, topic, max_tweets, due_at)
            SELECT ${THREADS} + seq, ${THREADS} + 1, ${ada.id}, 2, 'a topic of ten', 5, NULL FROM seq_1_to_${n};`);
    return { ...site.settled, thread: THREADS + 1, post: POSTS + 1, book: uuid(BOOK, 1), tag: uuid(TAG, 1), role: ROLES + 1 };
}

const POST = { sort: ['id', 'title', 'created_at', 'date', 'updated_at', 'votes', 'score'], q: 'walnut', key: 'id',
    search: 'a', include: { tags: 'many', comments: 'many' }, filter: 'published=true' };
const USER = { sort: ['id', 'username', 'created_at', 'date'], key: 'id', search: 'member', filter: 'is_active=true',
    include: { profile: 'one', roles: 'many', books: 'many', reviews: 'many' } };
const BOOKS = { sort: ['title', 'author', 'published_date', 'review_count', 'average_rating', 'created_at', 'date',
    'updated_at'], q: 'walnut', key: 'uid', search: 'a', include: { tags: 'many', reviews: 'many' },
filter: 'published_date_gte=2000-01-01' };
const REVIEW = { sort: ['created_at'], key: 'uid', search: 'review', filter: 'created_at_gte=2024-01-02T00:00:00Z' };
const MICROPOST = { sort: ['id', 'timestamp'], q: 'walnut', key: 'id', search: 'walnut',
    filter: 'timestamp_lt=2024-01-05T00:00:00Z' };
const HISTORY = { sort: ['id'], key: 'id' };

/**
 * Every list of the program: route, path in the settled site, and of what it is: key (a member that tells rows apart),
 * sort, include, search and filter that find some, q where there is full text. `parent`: one statement more looks for
 * what the path names. `as`: who asks, when it is not the admin.
 */
export function lists({ ada, post, book, tag, role, thread }) {
    return [
        { route: '/users', ...USER },
        { route: '/roles', sort: ['id', 'name'], key: 'id', search: 'r' },
        { route: '/roles/{id}/users', path: `/roles/${role}/users`, parent: true, ...USER },
        { route: '/users/{id}/roles', path: `/users/${ada.id}/roles`, parent: true, sort: [], key: 'role_id' },
        { route: '/posts', ...POST },
        { route: '/users/{id}/posts', path: `/users/${ada.id}/posts`, parent: true, ...POST },
        { route: '/users/me/votes', as: ada, sort: ['voted_at'], key: 'post_id', filter: `post_id_gte=${post}` },
        { route: '/users/me/voted-posts', as: ada, ...POST },
        { route: '/users/{id}/voted-posts', path: `/users/${ada.id}/voted-posts`, parent: true, ...POST },
        { route: '/posts/{id}/voters', path: `/posts/${post}/voters`, parent: true, sort: ['voted_at'], key: 'id' },
        { route: '/posts/{id}/comments', path: `/posts/${post}/comments`, parent: true, sort: ['id', 'created_at'],
            key: 'id', search: 'comment', filter: `user_id=${ada.id}` },
        { route: '/microposts', ...MICROPOST },
        { route: '/users/{id}/microposts', path: `/users/${ada.id}/microposts`, parent: true, ...MICROPOST },
        { route: '/tags', sort: ['name', 'created_at'], key: 'uid', search: 'a' },
        { route: '/tags/{tag_uid}/posts', path: `/tags/${tag}/posts`, parent: true, ...POST },
        { route: '/tags/{tag_uid}/books', path: `/tags/${tag}/books`, parent: true, ...BOOKS },
        { route: '/books', ...BOOKS },
        { route: '/users/{id}/books', path: `/users/${ada.id}/books`, parent: true, ...BOOKS },
        { route: '/reviews', ...REVIEW },
        { route: '/books/{book_uid}/reviews', path: `/books/${book}/reviews`, parent: true, ...REVIEW },
        { route: '/auth/sessions', as: ada, sort: ['id', 'last_used_at'], key: 'id', search: 'walnut' },
        { route: '/audit', sort: ['id', 'created_at'], key: 'id', filter: 'event=login' },
        { route: '/tweets/histories', as: ada, ...HISTORY, filter: `thread_id=${thread}` },
        { route: '/tweets/threads/{id}/history', as: ada, path: `/tweets/threads/${thread}/history`, parent: true,
            ...HISTORY },
        { route: '/users/{id}/reviews', path: `/users/${ada.id}/reviews`, parent: true, ...REVIEW },
    ].map((list) => ({ path: list.route, include: {}, ...list }));
}

/** The program's routes below /api/v1, from the program itself: { method, path, access }. */
export async function routes(site) {
    const lines = (await site.mustQuire(['routes'])).trim().split('\n').map((line) => line.split(/ +/));
    const all = lines.filter(([, path]) => path.startsWith('/api/v1/'))
        .map(([method, path, access]) => ({ method, path: path.slice('/api/v1'.length), access }));
    assert.ok(all.length > 50, `quire routes knows ${all.length} routes`);
    return all;
}

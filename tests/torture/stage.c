#include "torture/stage.h"

#include <mysql.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/buf.h"
#include "io/password.h"

enum { COST = 5 }; /* not that of the site: so a log-in stores a new hash */

struct stage {
    MYSQL *mysql;
    str hash;
};

static void query(struct stage *s, const char *sql, size_t n)
{
    if (mysql_real_query(s->mysql, sql, n) != 0) {
        fail_msg("%s\n%.300s", mysql_error(s->mysql), sql);
    }
}

static const char *setting(const char *name)
{
    const char *value = getenv(name);
    if (value == NULL || *value == '\0') {
        fail_msg("%s is not set: tests/api/torture.test.mjs runs this program", name);
    }
    return value;
}

struct stage *stage_open(struct arena *a)
{
    static const char session[] =
        "SET time_zone = '+00:00', innodb_lock_wait_timeout = 3, group_concat_max_len = 1000000";
    struct stage *s = ARENA_NEW(a, struct stage);
    s->mysql = mysql_init(NULL);
    assert_non_null(s->mysql);
    if (mysql_real_connect(s->mysql, NULL, setting("DB_USER"), setting("DB_PASSWORD"), setting("DB_NAME"), 0,
                           setting("DB_SOCKET"), CLIENT_MULTI_STATEMENTS) == NULL) {
        fail_msg("%s", mysql_error(s->mysql));
    }
    query(s, session, sizeof session - 1);
    assert_null(password_hash(a, COST, STR(STAGE_PASSWORD), &s->hash));
    return s;
}

static void put_person(struct buf *script, str hash, int id, const char *name, const char *folded)
{
    buf_printf(
        script,
        "INSERT INTO users (id, uid, username, email, password_hash, username_fold, email_fold) VALUES "
        "(%d, UNHEX('0000000000007000800000000000000%d'), '%s', '%s@example.com', '%.*s', '%s', "
        "'%s@example.com');",
        id, id, name, folded, STR_ARGS(hash), folded, folded);
}

/* Runs statements that have no rows, all in one trip. */
static void run_script(struct stage *s, str script)
{
    query(s, script.p, script.n);
    for (int more = 0; more == 0;) {
        more = mysql_next_result(s->mysql);
        if (more > 0) {
            fail_msg("%s", mysql_error(s->mysql));
        }
    }
}

/* Comments from the leaves: the database gives up on chains that are too long. */
static const char *const before[] = {"BEGIN",
                                     "DELETE FROM comments ORDER BY id DESC",
                                     "DELETE FROM users",
                                     "DELETE FROM roles",
                                     "DELETE FROM books",
                                     "DELETE FROM tags",
                                     "DELETE FROM mails",
                                     "DELETE FROM idempotency_keys",
                                     "DELETE FROM audit_events",
                                     "DELETE FROM rate_limits",
                                     "DELETE FROM login_places"};
static const char *const after[] = {
    "INSERT INTO roles (id, name, name_fold) VALUES (1, 'admin', 'admin'), (2, 'moderator', 'moderator')",
    "INSERT INTO user_roles (user_id, role_id) VALUES (1, 1), (3, 2)",
    "INSERT INTO profiles (user_id, bio) VALUES (3, 'bio')",
    "INSERT INTO sessions (id, user_id, expires_at) VALUES (11, 1, '2100-01-01'), (12, 2, '2100-01-01'), "
    "(13, 2, '2100-01-01'), (14, 3, '2100-01-01')",
    "INSERT INTO refresh_tokens (digest, session_id, expires_at, used_at) VALUES "
    "(UNHEX(SHA2('" STAGE_REFRESH "', 256)), 12, '2100-01-01', NULL), "
    "(UNHEX(SHA2('" STAGE_STOLEN "', 256)), 12, '2100-01-01', '2020-01-01')",
    "INSERT INTO posts (id, title, content, published, owner_id, votes, score, comment_count) VALUES "
    "(5, 'post', 'c', 1, 2, 1, 1, 4), (6, 'other', 'c', 1, 3, 2, 0, 0), (7, 'draft', 'c', 0, 2, 0, 0, 0)",
    "INSERT INTO comments (id, post_id, parent_id, text, user_id) VALUES (21, 5, NULL, 'root', 2), "
    "(22, 5, 21, 'reply', 3), (23, 5, 22, 'reply to it', 2), (24, 5, NULL, 'another', 3)",
    "INSERT INTO tags (uid, name, name_fold) VALUES (UNHEX('00000000000070008000000000000031'), 'Old', "
    "'old')",
    "INSERT INTO post_tags (post_id, tag_uid) VALUES (5, UNHEX('00000000000070008000000000000031'))",
    "INSERT INTO microposts (id, body, user_id) VALUES (41, 'short', 2)",
    "INSERT INTO books (uid, title, user_uid, review_count, rating_sum) VALUES "
    "(UNHEX('00000000000070008000000000000051'), 'book', UNHEX('00000000000070008000000000000002'), 1, "
    "4), "
    "(UNHEX('00000000000070008000000000000052'), 'fresh', UNHEX('00000000000070008000000000000003'), 0, "
    "0)",
    "INSERT INTO reviews (uid, rating, review_text, user_uid, book_uid) VALUES "
    "(UNHEX('00000000000070008000000000000061'), 4, 'good', UNHEX('00000000000070008000000000000003'), "
    "UNHEX('00000000000070008000000000000051'))",
    "INSERT INTO tweet_threads (id, user_id, topic, tweets, tweet_count, max_tweets) VALUES "
    "(71, 2, 'ten letters', '[\"a tweet\"]', 1, 5)",
    "INSERT INTO tweet_histories (id, thread_id, user_id, status, topic, max_tweets, due_at) VALUES "
    "(81, 71, 2, 2, 'ten letters', 5, NULL)",
    "INSERT INTO mail_tokens SELECT UNHEX(SHA2(REPEAT(CHAR(p), 32), 256)), 2, p, 'ada@example.com', "
    "'2100-01-01' FROM (SELECT 0 AS p UNION SELECT 1) AS purposes",
    "INSERT INTO votes (user_id, post_id, vote_type) VALUES (3, 5, 1), (2, 6, 1), (1, 6, -1)",
    "COMMIT",
};

void stage_reset(struct stage *s)
{
    struct arena a;
    struct buf script;
    arena_init(&a, 16 << 10);
    buf_init(&script, &a, 8 << 10, 64 << 10);
    for (size_t i = 0; i < sizeof before / sizeof before[0]; i++) {
        buf_printf(&script, "%s;", before[i]);
    }
    put_person(&script, s->hash, STAGE_ADMIN, "Root", "root");
    put_person(&script, s->hash, STAGE_ADA, "Ada", "ada");
    put_person(&script, s->hash, STAGE_BOB, "Bob", "bob");
    for (size_t i = 0; i < sizeof after / sizeof after[0]; i++) {
        buf_printf(&script, "%s;", after[i]);
    }
    run_script(s, buf_view(&script));
    arena_free(&a);
}

/* All cells of the first column, a line each. */
static str column(struct stage *s, struct arena *a, const char *sql)
{
    struct buf out;
    query(s, sql, strlen(sql));
    MYSQL_RES *rows = mysql_store_result(s->mysql);
    if (rows == NULL) {
        fail_msg("%s\n%.300s", mysql_error(s->mysql), sql);
    }
    buf_init(&out, a, 1024, 1 << 20);
    for (MYSQL_ROW row = mysql_fetch_row(rows); row != NULL; row = mysql_fetch_row(rows)) {
        buf_c(&out, row[0] == NULL ? "NULL" : row[0]);
        buf_char(&out, '\n');
    }
    mysql_free_result(rows);
    return buf_view(&out);
}

/* What is stored, one SELECT a table: a line a row. New rows have keys above those of the stage, or random ones. */
static const char everything[] =
    "SELECT line FROM (SELECT CONCAT_WS(' ', 'user', username, email, is_active, IF(password_hash = '%.*s', "
    "'old', 'new'), "
    "username_fold, email_fold, email_verified_at IS NULL, version) AS line FROM users "
    "UNION ALL SELECT CONCAT_WS(' ', 'role', IF(id < 3, id, 'new'), name, name_fold, version) FROM roles "
    "UNION ALL SELECT CONCAT_WS(' ', 'grant', u.username, r.name, ur.assigned_by) FROM user_roles ur "
    "JOIN users u ON u.id = ur.user_id JOIN roles r ON r.id = ur.role_id "
    "UNION ALL SELECT CONCAT_WS(' ', 'profile', user_id, avatar_url, website, bio, version) FROM profiles "
    "UNION ALL SELECT CONCAT_WS(' ', 'session', u.username, IF(s.id < 15, s.id, 'new'), s.agent) FROM "
    "sessions s "
    "JOIN users u ON u.id = s.user_id "
    "UNION ALL SELECT CONCAT_WS(' ', 'refresh', IF(session_id < 15, session_id, 'new'), expires_at >= "
    "'2100-01-01', used_at IS NOT NULL) FROM refresh_tokens "
    "UNION ALL SELECT CONCAT_WS(' ', 'post', IF(p.id < 8, p.id, 'new'), p.title, p.content, p.published, "
    "u.username, "
    "p.votes, p.score, p.comment_count, p.version) FROM posts p JOIN users u ON u.id = p.owner_id "
    "UNION ALL SELECT CONCAT_WS(' ', 'vote', user_id, post_id, vote_type) FROM votes "
    "UNION ALL SELECT CONCAT_WS(' ', 'comment', IF(id < 25, id, 'new'), post_id, COALESCE(parent_id, '-'), "
    "text, user_id, "
    "version) FROM comments "
    "UNION ALL SELECT CONCAT_WS(' ', 'tag', name, HEX(name_fold), version) FROM tags "
    "UNION ALL SELECT CONCAT_WS(' ', 'on post', l.post_id, t.name) FROM post_tags l JOIN tags t ON t.uid = "
    "l.tag_uid "
    "UNION ALL SELECT CONCAT_WS(' ', 'on book', b.title, t.name) FROM book_tags l JOIN tags t ON t.uid = "
    "l.tag_uid "
    "JOIN books b ON b.uid = l.book_uid "
    "UNION ALL SELECT CONCAT_WS(' ', 'micropost', IF(id < 42, id, 'new'), body, user_id, version) FROM "
    "microposts "
    "UNION ALL SELECT CONCAT_WS(' ', 'book', title, author, COALESCE(HEX(user_uid), '-'), review_count, "
    "rating_sum, version) "
    "FROM books "
    "UNION ALL SELECT CONCAT_WS(' ', 'review', rating, review_text, COALESCE(HEX(user_uid), '-'), "
    "HEX(book_uid), version) "
    "FROM reviews "
    "UNION ALL SELECT CONCAT_WS(' ', 'thread', IF(id < 72, id, 'new'), user_id, topic, tweets, tweet_count, "
    "version) FROM tweet_threads "
    "UNION ALL SELECT CONCAT_WS(' ', 'history', IF(id < 82, id, 'new'), thread_id, user_id, status, topic, "
    "due_at IS NULL) FROM tweet_histories "
    "UNION ALL SELECT CONCAT_WS(' ', 'mail', m.address, m.purpose, COALESCE(u.username, '-'), m.attempts) "
    "FROM "
    "mails m "
    "LEFT JOIN users u ON u.id = m.user_id "
    "UNION ALL SELECT CONCAT_WS(' ', 'token', user_id, purpose, address) FROM mail_tokens "
    "UNION ALL SELECT CONCAT_WS(' ', 'answer', COALESCE(user_id, '-'), HEX(id), status) FROM "
    "idempotency_keys "
    "UNION ALL SELECT CONCAT_WS(' ', 'event', event, COALESCE(actor_id, '-'), IF(subject_id < 4, subject_id, "
    "'new'), "
    "detail) FROM audit_events WHERE event NOT IN (2, 4, 21)" /* refusals are noted when all is over, if they can be */
    ") AS everything ORDER BY line";

str stage_state(struct stage *s, struct arena *a)
{
    return column(s, a, str_format(a, everything, STR_ARGS(s->hash)).p);
}

unsigned stage_miscounted(struct stage *s, struct arena *a)
{
    str wrong = column(
        s, a,
        "SELECT p.id FROM posts p WHERE p.votes <> (SELECT COUNT(*) FROM votes v WHERE v.post_id = p.id) OR "
        "p.score <> (SELECT COALESCE(SUM(v.vote_type), 0) FROM votes v WHERE v.post_id = p.id) OR "
        "p.comment_count <> (SELECT COUNT(*) FROM comments c WHERE c.post_id = p.id) "
        "UNION ALL SELECT b.title FROM books b WHERE "
        "b.review_count <> (SELECT COUNT(*) FROM reviews r WHERE r.book_uid = b.uid) OR "
        "b.rating_sum <> (SELECT COALESCE(SUM(r.rating), 0) FROM reviews r WHERE r.book_uid = b.uid)");
    unsigned n = 0;
    for (size_t i = 0; i < wrong.n; i++) {
        n += wrong.p[i] == '\n';
    }
    return n;
}

void stage_close(struct stage *s)
{
    mysql_close(s->mysql);
}

/* engine/remove: what goes first, what is locked, what is counted off, in which order and in how many statements. */
#include "engine/remove.h"

#include <string.h>

#include "base/buf.h"
#include "io/db.h"
#include "models/comment.h"
#include "models/post.h"
#include "models/role.h"
#include "models/tag.h"
#include "models/user.h"
#include "models/vote.h"
#include "schema/registry.h"
#include "support/fake_db.h"
#include "support/unit.h"

enum { BATCH = 32 };

/* What these tests are about: a resource that the program gets besides changes no statement of theirs. */
static const struct resource *const some[] = {&user_resource,    &role_resource,    &post_resource,
                                              &vote_resource,    &comment_resource, &tag_resource,
                                              &post_tag_resource};
static const struct registry models_here = {some, LENGTH(some)};

static struct db *db;
static struct arena request; /* is rewound after each batch: what is noted is kept in the other */

static int set_up(void **state)
{
    (void)arena_setup(state);
    arena_init(&request, 4096);
    fake_db_start(&arena);
    db = db_new(NULL);
    db_want_transaction(db);
    return 0;
}

static int tear_down(void **state)
{
    arena_free(&request);
    return arena_teardown(state);
}

static struct where of(const struct resource *r, int field, int64_t id)
{
    struct where w = {.count = 0};
    where_add(&w, &r->fields[field], OP_EQ, value_int(id));
    return w;
}

/* Removes what has that key; how many rows there were. */
static uint64_t removed(const struct resource *r, int field, int64_t id)
{
    uint64_t matched = 77;
    struct where w = of(r, field, id);
    err e = remove_rows(db, &request, &models_here, r, &w, &matched);
    if (e != NULL) {
        fail_msg("%.*s", STR_ARGS(e->detail));
    }
    return matched;
}

#define LOCK_VOTES "SELECT COUNT(*) FROM votes t0 WHERE t0.user_id = ? FOR UPDATE  [7]\n"
#define COUNT_OFF                                                                                            \
    "UPDATE posts p JOIN (SELECT post_id AS k, COUNT(*) AS c6, SUM(vote_type) AS c7 FROM votes "             \
    "WHERE user_id = ? GROUP BY post_id) d ON d.k = p.id SET p.votes = p.votes - d.c6, p.score = p.score - " \
    "d.c7  [7]\n"

static void counters_go_ahead_of_deletes(void **state)
{
    (void)state;
    assert_int_equal(removed(&vote_resource, VOTE_USER_ID, 7), 1);
    check_str(fake_db_log(),
              STR("BEGIN\n" LOCK_VOTES COUNT_OFF "DELETE FROM votes WHERE user_id = ?  [7]\n"));
}

/* Who holds a role, and which tags are on what, is counted nowhere: that is left to the database. */
static void what_does_not_matter_is_one_statement(void **state)
{
    (void)state;
    fake_db_find_nothing(2);
    assert_int_equal(removed(&role_resource, ROLE_ID, 7), 1);
    assert_int_equal(removed(&tag_resource, TAG_CREATED_AT, 8), 0);
    check_str(fake_db_log(), STR("BEGIN\nDELETE FROM roles WHERE id = ?  [7]\n"
                                 "DELETE FROM tags WHERE created_at = ?  [8]\n"));
}

/* --- trees --------------------------------------------------------------------------------------------------- */

/* "(t0.id = ? OR t0.id = ? …)  [1, 2, …]", as many as a batch has, the rest filled with the first. One is alone. */
static void put_batch(struct buf *b, const char *before, const char *column, const char *behind,
                      const int64_t *keys, size_t n)
{
    size_t marks = n == 1 ? 1 : BATCH;
    buf_c(b, before);
    for (size_t i = 0; i < marks; i++) {
        buf_printf(b, "%s%s = ?", i == 0 ? "(" : " OR ", column);
    }
    buf_printf(b, ")%s", behind);
    for (size_t i = 0; i < marks; i++) {
        buf_printf(b, "%s%lld", i == 0 ? "  [" : ", ", (long long)keys[i < n ? i : 0]);
    }
    buf_lit(b, "]\n");
}

static void put_lock(struct buf *b, const char *by, const int64_t *keys, size_t n)
{
    put_batch(b, "SELECT t0.id FROM comments t0 WHERE ", by, " FOR UPDATE", keys, n);
}

/* A batch of comments counted off and deleted. */
static void put_delete(struct buf *b, const int64_t *keys, size_t n)
{
    put_batch(b, "SELECT COUNT(*) FROM comments t0 WHERE ", "t0.id", " FOR UPDATE", keys, n);
    put_batch(b, "UPDATE posts p JOIN (SELECT post_id AS k, COUNT(*) AS c8 FROM comments WHERE ", "id",
              " GROUP BY post_id) d ON d.k = p.id SET p.comment_count = p.comment_count - d.c8", keys, n);
    put_batch(b, "DELETE FROM comments WHERE ", "id", " ORDER BY id DESC", keys, n);
}

static struct buf begun(void)
{
    struct buf b;
    buf_init(&b, &arena, 1024, 1 << 20);
    buf_lit(&b, "BEGIN\n");
    return b;
}

/* Comments 10 and 12 stand below the post; 11 and 15 answer 10, 13 answers 11. 12 is found again below 10: that cannot
 * be, but must not count twice. Children go first, the youngest first of all, the post last; all in one batch. */
static void replies_go_before_what_they_answer(void **state)
{
    (void)state;
    const struct value roots[] = {value_int(10), value_int(12)};
    const struct value replies[] = {value_int(11), value_int(15), value_int(12)};
    const struct value deeper[] = {value_int(13), value_int(11)};
    fake_db_cell(1, value_int(5));
    fake_db_cells(2, roots, LENGTH(roots));
    fake_db_cells(3, replies, LENGTH(replies));
    fake_db_cells(4, deeper, LENGTH(deeper));
    fake_db_find_nothing(5);
    assert_int_equal(removed(&post_resource, POST_ID, 5), 1);
    struct buf want = begun();
    buf_lit(&want, "SELECT t0.id FROM posts t0 WHERE t0.id = ? FOR UPDATE  [5]\n");
    put_lock(&want, "t0.post_id", (const int64_t[]){5}, 1);
    put_lock(&want, "t0.parent_id", (const int64_t[]){10, 12}, 2);
    put_lock(&want, "t0.parent_id", (const int64_t[]){11, 15}, 2);
    put_lock(&want, "t0.parent_id", (const int64_t[]){13}, 1);
    put_delete(&want, (const int64_t[]){15, 13, 12, 11, 10}, 5);
    buf_lit(&want, "DELETE FROM posts WHERE id = ?  [5]\n");
    check_str(fake_db_log(), buf_view(&want));
}

/* Seventy roots: searched and deleted thirty-two at a time. */
static void many_go_in_batches(void **state)
{
    (void)state;
    enum { ALL = 70 };
    struct value roots[ALL];
    int64_t up[ALL];
    int64_t down[ALL];
    struct buf want = begun();
    for (size_t i = 0; i < ALL; i++) {
        up[i] = (int64_t)i + 100;
        down[i] = ALL - 1 - (int64_t)i + 100;
        roots[i] = value_int(up[i]);
    }
    fake_db_cells(1, roots, ALL);
    for (unsigned i = 2; i <= 4; i++) {
        fake_db_find_nothing(i);
    }
    assert_int_equal(removed(&comment_resource, COMMENT_USER_ID, 7), ALL);
    buf_lit(&want, "SELECT t0.id FROM comments t0 WHERE t0.user_id = ? FOR UPDATE  [7]\n");
    for (size_t at = 0; at < ALL; at += BATCH) {
        put_lock(&want, "t0.parent_id", up + at, at + BATCH < ALL ? BATCH : ALL - at);
    }
    for (size_t at = 0; at < ALL; at += BATCH) {
        put_delete(&want, down + at, at + BATCH < ALL ? BATCH : ALL - at);
    }
    check_str(fake_db_log(), buf_view(&want));
}

/* Far deeper than the database would go by itself: each answers the one before. */
static void a_deep_thread(void **state)
{
    (void)state;
    enum { DEPTH = 40 };
    struct value found[DEPTH];
    int64_t down[DEPTH];
    struct buf want = begun();
    buf_lit(&want, "SELECT t0.id FROM comments t0 WHERE t0.id = ? FOR UPDATE  [200]\n");
    for (unsigned i = 0; i < DEPTH; i++) {
        int64_t id = 200 + (int64_t)i;
        found[i] = value_int(id);
        down[DEPTH - 1 - i] = id;
        fake_db_cells(i + 1, &found[i], 1);
        put_lock(&want, "t0.parent_id", &id, 1);
    }
    fake_db_find_nothing(DEPTH + 1);
    assert_int_equal(removed(&comment_resource, COMMENT_ID, 200), 1); /* one was asked for */
    put_delete(&want, down, BATCH);
    put_delete(&want, down + BATCH, DEPTH - BATCH);
    check_str(fake_db_log(), buf_view(&want));
}

static void a_tree_that_is_not_there(void **state)
{
    (void)state;
    fake_db_find_nothing(1);
    assert_int_equal(removed(&comment_resource, COMMENT_ID, 9), 0);
    fake_db_find_nothing(2);
    assert_int_equal(removed(&post_resource, POST_ID, 9), 0);
    fake_db_find_nothing(3);
    assert_int_equal(removed(&user_resource, USER_ID, 9), 0);
    check_str(fake_db_log(), STR("BEGIN\nSELECT t0.id FROM comments t0 WHERE t0.id = ? FOR UPDATE  [9]\n"
                                 "SELECT t0.id FROM posts t0 WHERE t0.id = ? FOR UPDATE  [9]\n"
                                 "SELECT t0.id FROM users t0 WHERE t0.id = ? FOR UPDATE  [9]\n"));
}

/* A user with neither posts nor comments: their votes are counted off, the rest is the database's. */
static void what_goes_along_is_counted_off(void **state)
{
    (void)state;
    fake_db_cell(1, value_int(7));
    fake_db_find_nothing(2); /* posts */
    fake_db_cell(3, value_int(7));
    fake_db_cell(7, value_int(7));
    fake_db_find_nothing(8); /* comments */
    assert_int_equal(removed(&user_resource, USER_ID, 7), 1);
    check_str(
        fake_db_log(),
        STR("BEGIN\nSELECT t0.id FROM users t0 WHERE t0.id = ? FOR UPDATE  [7]\n"
            "SELECT t0.id FROM posts t0 WHERE (t0.owner_id = ?) FOR UPDATE  [7]\n"
            "SELECT t0.id FROM users t0 WHERE t0.id = ? FOR UPDATE  [7]\n"
            "SELECT COUNT(*) FROM votes t0 WHERE (t0.user_id = ?) FOR UPDATE  [7]\n"
            "UPDATE posts p JOIN (SELECT post_id AS k, COUNT(*) AS c6, SUM(vote_type) AS c7 FROM votes "
            "WHERE (user_id = ?) GROUP BY post_id) d ON d.k = p.id SET p.votes = p.votes - d.c6, p.score "
            "= p.score - d.c7  [7]\n"
            "DELETE FROM votes WHERE (user_id = ?)  [7]\n"
            "SELECT t0.id FROM users t0 WHERE t0.id = ? FOR UPDATE  [7]\n"
            "SELECT t0.id FROM comments t0 WHERE (t0.user_id = ?) FOR UPDATE  [7]\n"
            "DELETE FROM users WHERE id = ?  [7]\n"));
}

enum { PERSON_ID, PERSON_FOLLOWERS };
enum { FOLLOW_ID, FOLLOW_WHO, FOLLOW_WHOM };
static const struct resource person, follow;
static const struct field person_fields[] = {
    [PERSON_ID] = ID("id"),
    [PERSON_FOLLOWERS] = COUNT("followers", .to = &follow, .key = FOLLOW_WHOM),
};
static const struct field follow_fields[] = {
    [FOLLOW_ID] = ID("id"),
    [FOLLOW_WHO] = REF("who_id", .to = &person, .on_delete = CASCADE, .flags = READ_ONLY),
    [FOLLOW_WHOM] = REF("whom_id", .to = &person, .on_delete = CASCADE, .flags = READ_ONLY),
};
static const struct key by_id[] = {PRIMARY(0)};
static const struct resource person = {
    .name = "person", .table = "people", FIELDS(person_fields), KEYS(by_id)};
static const struct resource follow = {
    .name = "follow", .table = "follows", FIELDS(follow_fields), KEYS(by_id)};

/* Who follows whom, counted by those who are followed: the rows of who goes are taken off others' counters; those that
 * were counted by who goes are the database's. */
static void rows_between_two_of_a_kind(void **state)
{
    (void)state;
    static const struct resource *const list[] = {&person, &follow};
    const struct registry all = {list, LENGTH(list)};
    const struct where w = of(&person, PERSON_ID, 7);
    uint64_t matched = 0;
    fake_db_cell(1, value_int(7));
    fake_db_cell(2, value_int(3));
    assert_null(remove_rows(db, &request, &all, &person, &w, &matched));
    check_str(fake_db_log(),
              STR("BEGIN\nSELECT t0.id FROM people t0 WHERE t0.id = ? FOR UPDATE  [7]\n"
                  "SELECT COUNT(*) FROM follows t0 WHERE (t0.who_id = ?) FOR UPDATE  [7]\n"
                  "UPDATE people p JOIN (SELECT whom_id AS k, COUNT(*) AS c1 FROM follows WHERE (who_id = ?) "
                  "GROUP BY whom_id) d ON d.k = p.id SET p.followers = p.followers - d.c1  [7]\n"
                  "DELETE FROM follows WHERE (who_id = ?)  [7]\n"
                  "DELETE FROM people WHERE id = ?  [7]\n"));
}

/* The rows of seventy people: thirty-two people at a time, and nobody is left out. */
static void rows_of_many(void **state)
{
    (void)state;
    enum { ALL = 70 };
    static const struct resource *const list[] = {&person, &follow};
    const struct registry all = {list, LENGTH(list)};
    const struct where w = {.count = 0};
    struct value people[ALL];
    int64_t ids[ALL];
    uint64_t matched = 0;
    for (size_t i = 0; i < ALL; i++) {
        ids[i] = (int64_t)i + 1000;
        people[i] = value_int(ids[i]);
    }
    fake_db_cells(1, people, ALL);
    assert_null(remove_rows(db, &request, &all, &person, &w, &matched));
    const char *log = str_c(&arena, fake_db_log());
    for (size_t at = 0; at < ALL; at += BATCH) {
        struct buf want;
        buf_init(&want, &arena, 1024, 1 << 20);
        put_batch(&want, "DELETE FROM follows WHERE ", "who_id", "", ids + at,
                  at + BATCH < ALL ? BATCH : ALL - at);
        assert_non_null(strstr(log, str_c(&arena, buf_view(&want))));
    }
}

/* --- failures ------------------------------------------------------------------------------------------------ */

/* Whichever statement fails, the error comes through and nothing else is tried. */
static void any_failure_ends_it(void **state)
{
    (void)state;
    struct where w = of(&post_resource, POST_ID, 5);
    uint64_t matched = 77;
    assert_int_equal(removed(&post_resource, POST_ID, 5), 1);
    unsigned all = fake_db_count();
    assert_int_equal(all, 7);
    for (unsigned n = 1; n <= all; n++) {
        fake_db_start(&arena);
        db_want_transaction(db);
        fake_db_fail(n, ERROR_DEADLOCK, NULL);
        assert_int_equal(remove_rows(db, &request, &models_here, &post_resource, &w, &matched)->code,
                         ERROR_DEADLOCK);
        assert_int_equal(fake_db_count(), n);
        assert_int_equal(matched, 77);
    }
}

static void what_is_still_referred_to_is_said_so(void **state)
{
    (void)state;
    struct where w = of(&role_resource, ROLE_ID, 7);
    uint64_t matched = 0;
    fake_db_fail(1, ERROR_CONFLICT, NULL);
    check_str(remove_rows(db, &request, &models_here, &role_resource, &w, &matched)->detail,
              STR("what this role refers to is gone or still in use"));
}

#define CASE(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(counters_go_ahead_of_deletes),
        CASE(what_does_not_matter_is_one_statement),
        CASE(replies_go_before_what_they_answer),
        CASE(many_go_in_batches),
        CASE(a_deep_thread),
        CASE(a_tree_that_is_not_there),
        CASE(what_goes_along_is_counted_off),
        CASE(rows_between_two_of_a_kind),
        CASE(rows_of_many),
        CASE(any_failure_ends_it),
        CASE(what_is_still_referred_to_is_said_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

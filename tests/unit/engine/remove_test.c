/* engine/remove: what goes first, what is locked, what is counted off, in which order and in how many statements. */
#include "engine/remove.h"

#include "io/db.h"
#include "models/all.h"
#include "models/role.h"
#include "models/vote.h"
#include "support/fake_db.h"
#include "support/unit.h"

static struct db *db;

static int set_up(void **state)
{
    (void)arena_setup(state);
    fake_db_start(&arena);
    db = db_new(NULL);
    db_want_transaction(db);
    return 0;
}

static struct where of(const struct resource *r, int field, int64_t id)
{
    struct where w = {.count = 0};
    where_add(&w, &r->fields[field], OP_EQ, value_int(id));
    return w;
}

#define COUNT_OFF(condition)                                                                     \
    "UPDATE posts p JOIN (SELECT post_id AS k, COUNT(*) AS c6, SUM(vote_type) AS c7 FROM votes " \
    "WHERE " condition                                                                           \
    " GROUP BY post_id) d ON d.k = p.id SET p.votes = p.votes - d.c6, p.score = p.score - d.c7"

static void counters_go_ahead_of_deletes(void **state)
{
    (void)state;
    uint64_t matched = 0;
    struct where w = of(&vote_resource, VOTE_USER_ID, 7);
    assert_null(remove_rows(db, &arena, &models, &vote_resource, &w, &matched));
    assert_int_equal(matched, 1);
    check_str(fake_db_log(),
              STR("BEGIN\n" COUNT_OFF("user_id = ?") "  [7]\nDELETE FROM votes WHERE user_id = ?  [7]\n"));
}

static void the_number_of_rows(void **state)
{
    (void)state;
    uint64_t matched = 7;
    struct where w = of(&role_resource, ROLE_ID, 7);
    fake_db_find_nothing(1);
    assert_null(remove_rows(db, &arena, &models, &role_resource, &w, &matched));
    assert_int_equal(matched, 0);
    check_str(fake_db_log(), STR("BEGIN\nDELETE FROM roles WHERE id = ?  [7]\n"));
}

#define CASE(function) cmocka_unit_test_setup_teardown(function, set_up, arena_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(counters_go_ahead_of_deletes),
        CASE(the_number_of_rows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

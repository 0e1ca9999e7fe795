/* engine/bulk: rows as one statement. */
#include "engine/bulk.h"

#include "models/tag.h"
#include "models/vote.h"
#include "support/unit.h"

static void columns_are_those_of_the_first_row(void **state)
{
    (void)state;
    struct bulk_sql s;
    const struct value rows[2][VOTE__MAX] = {
        {[VOTE_USER_ID] = value_int(1), [VOTE_POST_ID] = value_int(2), [VOTE_TYPE] = value_null()},
        {[VOTE_USER_ID] = value_int(3), [VOTE_POST_ID] = value_int(4), [VOTE_TYPE] = value_int(VOTE_UP)},
    };
    bulk_sql(&s, &arena, &vote_resource, rows[0], 2);
    check_str(buf_view(&s.text),
              STR("INSERT INTO votes (user_id, post_id, vote_type) VALUES (?,?,?), (?,?,?)"));
    assert_int_equal(s.count, 6);
    assert_int_equal(s.values[0].i, 1);
    assert_int_equal(s.values[2].kind, VALUE_NULL);
    assert_int_equal(s.values[4].i, 4);
    bulk_sql(&s, &arena, &vote_resource, rows[1], 1);
    check_str(buf_view(&s.text), STR("INSERT INTO votes (user_id, post_id, vote_type) VALUES (?,?,?)"));
}

/* What shows a row has no column. */
static void relations_are_left_out(void **state)
{
    (void)state;
    struct bulk_sql s;
    const struct value row[VOTE__MAX] = {[VOTE_USER_ID] = value_int(1), [VOTE_VOTER] = value_int(7)};
    bulk_sql(&s, &arena, &vote_resource, row, 1);
    check_str(buf_view(&s.text), STR("INSERT INTO votes (user_id) VALUES (?)"));
    assert_int_equal(s.count, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(columns_are_those_of_the_first_row),
        TEST(relations_are_left_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

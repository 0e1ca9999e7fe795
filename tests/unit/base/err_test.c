#include "base/err.h"

#include <ctype.h>
#include <string.h>

#include "support/unit.h"

static void what_codes_mean(void **state)
{
    (void)state;
    assert_int_equal(error_status(ERROR_NOT_FOUND), 404);
    assert_string_equal(error_name(ERROR_NOT_FOUND), "not_found");
    assert_string_equal(error_title(ERROR_NOT_FOUND), "Not Found");
    assert_int_equal(error_status(ERROR_INVALID), 422);
    assert_string_equal(error_name(ERROR_JSON_INVALID), "json_invalid");
    assert_int_equal(error_status(ERROR_CONNECTION_LOST), 503);
}

static void names_are_distinct_and_well_formed(void **state)
{
    (void)state;
    for (int i = 0; i < ERROR__MAX; i++) {
        const char *name = error_name((enum error_code)i);
        assert_in_range(error_status((enum error_code)i), 400, 599);
        assert_true(strlen(error_title((enum error_code)i)) > 0);
        assert_int_equal(strspn(name, "abcdefghijklmnopqrstuvwxyz_"), strlen(name));
        assert_true(islower((unsigned char)name[0]));
        for (int k = 0; k < i; k++) {
            assert_string_not_equal(name, error_name((enum error_code)k));
        }
    }
}

/* The same status has the same title, whatever the code. */
static void titles_follow_statuses(void **state)
{
    (void)state;
    for (int i = 0; i < ERROR__MAX; i++) {
        for (int k = 0; k < i; k++) {
            if (error_status((enum error_code)i) == error_status((enum error_code)k)) {
                assert_string_equal(error_title((enum error_code)i), error_title((enum error_code)k));
            }
        }
    }
}

static void a_sentence_for_the_client(void **state)
{
    (void)state;
    char name[] = "post";
    err e = error_new(&arena, ERROR_NOT_FOUND, "%s with id: %d not found", name, 7);
    name[0] = 'X';
    assert_non_null(e);
    assert_int_equal(e->code, ERROR_NOT_FOUND);
    check_str(e->detail, STR("post with id: 7 not found"));
    assert_int_equal(e->cause.n, 0);
    assert_int_equal(e->problems.n, 0);
    assert_int_equal(e->retry_after, 0);
    e = error_new(&arena, ERROR_CONFLICT, "%0*d", 5000, 1);
    assert_int_equal(e->detail.n, 5000);
}

static void a_cause_for_the_log(void **state)
{
    (void)state;
    err e = error_cause(&arena, ERROR_INTERNAL, "1054: Unknown column '%s'", "x");
    check_str(e->detail, STR("Internal Server Error"));
    check_str(e->cause, STR("1054: Unknown column 'x'"));
    assert_int_equal(e->retry_after, 0);
    e = error_cause(&arena, ERROR_UNAVAILABLE, "2002");
    check_str(e->detail, STR("Service Unavailable"));
    assert_true(e->retry_after > 0); /* 503 says when to come again */
}

static void a_list_of_problems(void **state)
{
    (void)state;
    err e = error_invalid(&arena, ERROR_INVALID, STR("[{\"type\":\"missing\"}]"));
    assert_int_equal(e->code, ERROR_INVALID);
    check_str(e->problems, STR("[{\"type\":\"missing\"}]"));
    check_str(e->detail, STR("Unprocessable Content"));
}

static int steps;

static err step(err result)
{
    steps++;
    return result;
}

static err walk(err second)
{
    TRY(step(NULL));
    TRY(step(second));
    TRY(step(NULL));
    return NULL;
}

static void a_reason_is_the_cause_or_the_sentence(void **state)
{
    (void)state;
    err plain = error_new(&arena, ERROR_CONFLICT, "in use");
    check_str(error_reason(plain), STR("in use"));
    err caused = error_caused(&arena, plain, STR("1452 of the database"));
    check_str(error_reason(caused), STR("1452 of the database"));
    check_str(caused->detail, STR("in use"));
    assert_int_equal(caused->code, ERROR_CONFLICT);
    assert_int_equal(plain->cause.n, 0);
}

static void try_returns_the_first_error(void **state)
{
    (void)state;
    err e = error_new(&arena, ERROR_BUSY, "busy");
    steps = 0;
    assert_ptr_equal(walk(e), e);
    assert_int_equal(steps, 2);
    steps = 0;
    assert_null(walk(NULL));
    assert_int_equal(steps, 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_codes_mean),
        TEST(names_are_distinct_and_well_formed),
        TEST(titles_follow_statuses),
        TEST(a_sentence_for_the_client),
        TEST(a_cause_for_the_log),
        TEST(a_list_of_problems),
        TEST(a_reason_is_the_cause_or_the_sentence),
        TEST(try_returns_the_first_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* http/accept: who asks for the form of RFC 9457. */
#include "http/accept.h"

#include "support/unit.h"

static void who_names_it_gets_it(void **state)
{
    (void)state;
    static const char *const wanted[] = {
        "application/problem+json",
        "APPLICATION/Problem+JSON",
        "text/html, application/problem+json",
        "application/problem+json;q=0.1",
        "application/problem+json; charset=utf-8 , */*",
        "application/problem+json;q=",
        "application/problem+json;q=0.001",
    };
    for (size_t i = 0; i < LENGTH(wanted); i++) {
        assert_true(accept_problem(str_of(wanted[i])));
    }
}

static void who_does_not_name_it_or_refuses_it_does_not(void **state)
{
    (void)state;
    static const char *const others[] = {
        "",
        "*/*",
        "application/json",
        "application/*",
        "application/problem+json5",
        ",,",
        "application/problem+json;q=0",
        "application/problem+json; charset=utf-8; Q=0.000, application/json",
    };
    for (size_t i = 0; i < LENGTH(others); i++) {
        assert_false(accept_problem(str_of(others[i])));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {TEST(who_names_it_gets_it),
                                       TEST(who_does_not_name_it_or_refuses_it_does_not)};
    return cmocka_run_group_tests(tests, arena_setup, arena_teardown);
}

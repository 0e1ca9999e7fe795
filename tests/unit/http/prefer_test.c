/* http/prefer: what is read of a Prefer header. */
#include "http/prefer.h"

#include "support/unit.h"

static void what_is_said(void **state)
{
    (void)state;
    static const struct {
        const char *header;
        bool async;
        int64_t wait;
    } cases[] = {
        {"", false, -1},
        {"respond-async", true, -1},
        {"Respond-Async , wait=5", true, 5},
        {"wait = 0", false, 0},
        {"wait=\"12\"; q=1, return=minimal", false, 12},
        {"wait=3, wait=9", false, 3},
        {"wait=x, wait=-1, wait=99999999999999999999", false, -1},
        {"respond-async; a=b, , ,", true, -1},
        {"respond-asynchronous, waits=3, =5, \"", false, -1},
    };
    for (size_t i = 0; i < LENGTH(cases); i++) {
        struct preference p = prefer_read(str_of(cases[i].header));
        print_message("%s\n", cases[i].header);
        assert_int_equal(p.respond_async, cases[i].async);
        assert_int_equal(p.wait, cases[i].wait);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(what_is_said)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

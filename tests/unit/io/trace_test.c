/* io/trace: the statements of a request, bounded. */
#include "io/trace.h"

#include <string.h>
#include <time.h>

#include "support/unit.h"

static struct trace trace;

static void pause_two_milliseconds(void)
{
    (void)nanosleep(&(struct timespec){.tv_nsec = 2000000}, NULL);
}

static void statements_and_their_time(void **state)
{
    (void)state;
    trace_start(&trace);
    trace_begin(&trace, STR("SELECT 1"));
    pause_two_milliseconds();
    trace_end(&trace, 7);
    trace_end(&trace, 9);                  /* nothing is under way */
    trace_begin(&trace, STR("SELECT 22")); /* fails, and nobody ends it */
    pause_two_milliseconds();
    trace_begin(&trace, STR("ROLLBACK"));
    trace_end(&trace, 0);
    assert_int_equal(trace.count, 3);
    assert_int_equal(trace.kept, 3);
    check_str(trace_text(&trace, 0), STR("SELECT 1"));
    check_str(trace_text(&trace, 1), STR("SELECT 22"));
    check_str(trace_text(&trace, 2), STR("ROLLBACK"));
    assert_int_equal(trace.steps[0].rows, 7);
    assert_true(trace.steps[0].micros >= 2000 && trace.steps[1].micros >= 2000);
    assert_int_equal(trace.micros, trace.steps[0].micros + trace.steps[1].micros + trace.steps[2].micros);
    trace_start(&trace);
    assert_int_equal(trace.count + trace.kept + trace.used, 0);
    trace_begin(NULL, STR("SELECT 1"));
    trace_end(NULL, 1);
}

static void bounds(void **state)
{
    (void)state;
    static char text[TRACE_STEP_BYTES + 1];
    memset(text, 'x', sizeof text);
    trace_start(&trace);
    for (unsigned i = 0; i < 3 * TRACE_STEPS; i++) {
        trace_begin(&trace, (str){text, i == 1 ? TRACE_STEP_BYTES : 3});
        trace_end(&trace, 1);
    }
    assert_int_equal(trace.count, 3 * TRACE_STEPS);
    assert_int_equal(trace.kept, TRACE_STEPS);
    assert_false(trace.steps[1].cut);

    trace_start(&trace);
    for (unsigned i = 0; i < TRACE_STEPS; i++) {
        trace_begin(&trace, (str){text, sizeof text});
        trace_end(&trace, 1);
    }
    assert_int_equal(trace.kept, TRACE_BYTES / TRACE_STEP_BYTES);
    assert_true(trace.steps[0].cut);
    assert_int_equal(trace_text(&trace, 0).n, TRACE_STEP_BYTES);
    trace_begin(&trace, STR("short")); /* in its order or not at all */
    trace_end(&trace, 1);
    assert_int_equal(trace.kept, TRACE_BYTES / TRACE_STEP_BYTES);
}

int main(void)
{
    const struct CMUnitTest tests[] = {TEST(statements_and_their_time), TEST(bounds)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

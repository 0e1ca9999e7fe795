#include "base/clock.h"

#include <time.h>

#include "base/buf.h"
#include "support/unit.h"

static const int64_t day = 86400 * INT64_C(1000000);

static str put_time(int64_t micros)
{
    struct buf b;
    buf_init(&b, &arena, 40, 40);
    clock_put_time(&b, micros);
    return buf_view(&b);
}

static str put_date(int64_t days)
{
    struct buf b;
    buf_init(&b, &arena, 40, 40);
    clock_put_date(&b, days);
    return buf_view(&b);
}

static unsigned month_length(int year, unsigned month)
{
    static const unsigned lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = year % 400 == 0 || (year % 4 == 0 && year % 100 != 0);
    return month == 2 && leap ? 29 : lengths[month - 1];
}

/* Counts through the calendar day by day. */
static void every_day_of_all_years(void **state)
{
    (void)state;
    int64_t days = -719162; /* 0001-01-01 */
    for (int year = 1; year <= 9999; year++) {
        for (unsigned month = 1; month <= 12; month++) {
            for (unsigned d = 1; d <= month_length(year, month); d++, days++) {
                struct civil c = {
                    .year = year, .month = month, .day = d, .hour = 23, .minute = 59, .second = 58};
                int64_t micros = clock_from_civil(&c);
                struct civil back = clock_to_civil(micros);
                if (micros != days * day + day - 2000000 || back.year != year || back.month != month ||
                    back.day != d || back.hour != 23 || back.minute != 59 || back.second != 58 ||
                    back.micro != 0) {
                    fail_msg("%04d-%02u-%02u", year, month, d);
                }
            }
            assert_true(clock_valid_date(year, month, month_length(year, month)));
            assert_false(clock_valid_date(year, month, month_length(year, month) + 1));
        }
    }
    assert_int_equal(days, 2932897); /* 10000-01-01 */
}

static void writing(void **state)
{
    (void)state;
    check_str(put_time(0), STR("1970-01-01T00:00:00Z"));
    check_str(put_time(1), STR("1970-01-01T00:00:00.000001Z"));
    check_str(put_time(-1), STR("1969-12-31T23:59:59.999999Z"));
    check_str(put_time(INT64_C(1767323045000006)), STR("2026-01-02T03:04:05.000006Z"));
    check_str(put_time(INT64_C(951782400500000)), STR("2000-02-29T00:00:00.500000Z"));
    check_str(put_time(INT64_C(-62135596800000000)), STR("0001-01-01T00:00:00Z"));
    check_str(put_time(INT64_C(253402300799999999)), STR("9999-12-31T23:59:59.999999Z"));
    check_str(put_date(0), STR("1970-01-01"));
    check_str(put_date(-1), STR("1969-12-31"));
    check_str(put_date(-719162), STR("0001-01-01"));
    check_str(put_date(2932896), STR("9999-12-31"));
}

static void what_is_written_reads_back(void **state)
{
    (void)state;
    uint64_t x = 88172645463325252U; /* xorshift: the same moments at every run */
    for (int i = 0; i < 20000; i++) {
        x ^= x << 13;
        x ^= x >> 7;
        x ^= x << 17;
        int64_t micros = (int64_t)(x % UINT64_C(315537897600000000)) - INT64_C(62135596800000000);
        int64_t back = 0;
        arena_reset(&arena);
        if (!clock_parse_time(put_time(micros), &back) || back != micros) {
            fail_msg("%lld", (long long)micros);
        }
        int64_t days = micros / day;
        if (!clock_parse_date(put_date(days), &back) || back != days) {
            fail_msg("day %lld", (long long)days);
        }
    }
}

static void times_read(void **state)
{
    (void)state;
    static const struct {
        str text;
        str time;
    } cases[] = {
        {STR_INIT("2026-01-02T03:04:05Z"), STR_INIT("2026-01-02T03:04:05Z")},
        {STR_INIT("2026-01-02t03:04:05z"), STR_INIT("2026-01-02T03:04:05Z")},
        {STR_INIT("2026-01-02 03:04:05"), STR_INIT("2026-01-02T03:04:05Z")},
        {STR_INIT("2026-01-02_03:04:05"), STR_INIT("2026-01-02T03:04:05Z")},
        {STR_INIT("2026-01-02T03:04"), STR_INIT("2026-01-02T03:04:00Z")},
        {STR_INIT("2026-01-02T03:04Z"), STR_INIT("2026-01-02T03:04:00Z")},
        {STR_INIT("2026-01-02T03:04+01:00"), STR_INIT("2026-01-02T02:04:00Z")},
        {STR_INIT("2026-01-02T03:04:05.1"), STR_INIT("2026-01-02T03:04:05.100000Z")},
        {STR_INIT("2026-01-02T03:04:05,12"), STR_INIT("2026-01-02T03:04:05.120000Z")},
        {STR_INIT("2026-01-02T03:04:05.123456Z"), STR_INIT("2026-01-02T03:04:05.123456Z")},
        {STR_INIT("2026-01-02T03:04:05.1234569"), STR_INIT("2026-01-02T03:04:05.123456Z")},
        {STR_INIT("2026-01-02T03:04:05.123456789999Z"), STR_INIT("2026-01-02T03:04:05.123456Z")},
        {STR_INIT("2026-01-02T03:04:05+0130"), STR_INIT("2026-01-02T01:34:05Z")},
        {STR_INIT("2026-01-02T03:04:05-23:59"), STR_INIT("2026-01-03T03:03:05Z")},
        {STR_INIT("2026-01-02T03:04:05-00:00"), STR_INIT("2026-01-02T03:04:05Z")},
        {STR_INIT("2026-01-01T00:30:00+01:00"), STR_INIT("2025-12-31T23:30:00Z")},
        {STR_INIT("2024-02-29T00:00:00Z"), STR_INIT("2024-02-29T00:00:00Z")},
        {STR_INIT("2000-02-29T00:00:00Z"), STR_INIT("2000-02-29T00:00:00Z")},
        {STR_INIT("0001-01-01T00:00:00Z"), STR_INIT("0001-01-01T00:00:00Z")},
        {STR_INIT("9999-12-31T23:59:59.999999Z"), STR_INIT("9999-12-31T23:59:59.999999Z")},
        {STR_INIT("9999-12-31T23:59:59+00:01"), STR_INIT("9999-12-31T23:58:59Z")},
    };
    for (size_t i = 0; i < LENGTH(cases); i++) {
        int64_t micros = 0;
        if (!clock_parse_time(cases[i].text, &micros)) {
            fail_msg("%s", str_c(&arena, cases[i].text));
        }
        check_str(put_time(micros), cases[i].time);
    }
}

static void times_refused(void **state)
{
    (void)state;
    static const str bad[] = {
        STR_INIT(""),
        STR_INIT("now"),
        STR_INIT("2026-01-02"),
        STR_INIT("2026-01-02T"),
        STR_INIT("2026-01-02T03"),
        STR_INIT("2026-01-02T03:"),
        STR_INIT("2026-01-02T03:04:"),
        STR_INIT("2026-01-02T03:04:5"),
        STR_INIT("2026-01-02T3:04:05"),
        STR_INIT("2026-01-02T03:04:05."),
        STR_INIT("2026-01-02T03:04:05.Z"),
        STR_INIT("2026-01-02T03:04.5"),
        STR_INIT("2026-01-02T03:04:05ZZ"),
        STR_INIT("2026-01-02T03:04:05Z+01:00"),
        STR_INIT("2026-01-02T03:04:05 Z"),
        STR_INIT("2026-01-02T03:04:05+"),
        STR_INIT("2026-01-02T03:04:05+01"),
        STR_INIT("2026-01-02T03:04:05+1:00"),
        STR_INIT("2026-01-02T03:04:05+01:0"),
        STR_INIT("2026-01-02T03:04:05+01:60"),
        STR_INIT("2026-01-02T03:04:05-24:00"),
        STR_INIT("2026-01-02T03:04:05+01:00x"),
        STR_INIT("2026-01-02T24:00:00Z"),
        STR_INIT("2026-01-02T23:60:00Z"),
        STR_INIT("2026-01-02T23:59:60Z"),
        STR_INIT("2026-02-29T00:00:00Z"),
        STR_INIT("1900-02-29T00:00:00Z"),
        STR_INIT("2026-13-01T00:00:00Z"),
        STR_INIT("2026-00-01T00:00:00Z"),
        STR_INIT("2026-01-00T00:00:00Z"),
        STR_INIT("2026-04-31T00:00:00Z"),
        STR_INIT("0000-01-01T00:00:00Z"),
        STR_INIT("0001-01-01T00:00:00+00:01"),
        STR_INIT("9999-12-31T23:59:00-00:01"),
        STR_INIT("-026-01-02T03:04:05Z"),
        STR_INIT("12026-01-02T03:04:05Z"),
        STR_INIT("2026-1-2T03:04:05Z"),
        STR_INIT("20260102T030405Z"),
        STR_INIT("2026/01/02T03:04:05Z"),
        STR_INIT(" 2026-01-02T03:04:05Z"),
        STR_INIT("2026-01-02T03:04:05Z "),
        STR_INIT("2026-01-02\0"
                 "03:04:05Z"),
        STR_INIT("2026-01-02T03:04:05\0"),
        STR_INIT("2026-01-02T03:04\0"
                 "05"),
        STR_INIT("2026-01-02T03:04:05\0"
                 "5"),
    };
    for (size_t i = 0; i < LENGTH(bad); i++) {
        int64_t micros = 42;
        if (clock_parse_time(bad[i], &micros) || micros != 42) {
            fail_msg("%s", str_c(&arena, bad[i]));
        }
    }
}

static void dates(void **state)
{
    (void)state;
    static const str bad[] = {STR_INIT(""),           STR_INIT("2026-02-29"),  STR_INIT("2026-1-02"),
                              STR_INIT("2026-01-2"),  STR_INIT("2026-01-02T"), STR_INIT("2026-01-02 "),
                              STR_INIT("0000-01-01"), STR_INIT("2026-01"),     STR_INIT("2026-0a-01")};
    int64_t days = 42;
    for (size_t i = 0; i < LENGTH(bad); i++) {
        assert_false(clock_parse_date(bad[i], &days));
        assert_int_equal(days, 42);
    }
    assert_true(clock_parse_date(STR("2024-02-29"), &days));
    assert_int_equal(days, 19782);
    assert_true(clock_parse_date(STR("1970-01-01"), &days));
    assert_int_equal(days, 0);
    assert_false(clock_valid_date(2026, 0, 1));
    assert_false(clock_valid_date(2026, 13, 1));
    assert_false(clock_valid_date(2026, 1, 0));
    assert_false(clock_valid_date(0, 1, 1));
    assert_false(clock_valid_date(10000, 1, 1));
}

static void the_clocks(void **state)
{
    (void)state;
    int64_t wall = clock_now();
    int64_t seconds = (int64_t)time(NULL);
    assert_true(wall / 1000000 >= seconds - 2 && wall / 1000000 <= seconds + 2);
    int64_t before = clock_steady();
    for (int i = 0; i < 1000; i++) {
        int64_t after = clock_steady();
        assert_true(after >= before);
        before = after;
    }
    struct timespec pause = {.tv_nsec = 2000000};
    (void)nanosleep(&pause, NULL);
    assert_true(clock_steady() - before >= 2000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(every_day_of_all_years),
        TEST(writing),
        TEST(what_is_written_reads_back),
        TEST(times_read),
        TEST(times_refused),
        TEST(dates),
        TEST(the_clocks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

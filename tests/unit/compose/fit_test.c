#include "compose/fit.h"

#include <string.h>

#include "base/buf.h"
#include "compose/cut.h"
#include "compose/tidy.h"
#include "compose/weight.h"

#include "support/unit.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static struct thread fit_list(const str *pieces, size_t n, unsigned max, bool numbered)
{
    struct thread t;
    struct fit how = {.max_tweets = max, .numbered = numbered};
    assert_null(thread_fit(&arena, pieces, n, &how, &t));
    assert_true(t.n >= 1 && t.n <= max);
    for (size_t i = 0; i < t.n; i++) {
        unsigned weight;
        assert_null(weight_of(&arena, t.tweets[i], &weight));
        assert_true(weight <= TWEET_MAX && tidy_shows(t.tweets[i]));
    }
    return t;
}

#define FIT(max, numbered, ...) \
    fit_list((const str[]){__VA_ARGS__}, COUNT(((const str[]){__VA_ARGS__})), (max), (numbered))

static str repeat(const char *what, size_t times)
{
    struct buf b;
    buf_init(&b, &arena, 64, SIZE_MAX / 4);
    while (times-- > 0) {
        buf_c(&b, what);
    }
    return buf_view(&b);
}

static str joined(str a, str b)
{
    return str_format(&arena, "%.*s%.*s", STR_ARGS(a), STR_ARGS(b));
}

static void tidied(void **state)
{
    (void)state;
    static const struct {
        str given, want;
    } cases[] = {
        {STR_INIT("  a\t b\r\n\r\n\r\nc\a "), STR_INIT("a b\n\nc")},
        {STR_INIT("a \n b"), STR_INIT("a\nb")},
        {STR_INIT("\xEF\xBB\xBF\x01\xEF\xBF\xBE"
                  "a\xC2\x85"
                  "b\xE2\x80\xA8"
                  "c"),
         STR_INIT("a\nb\nc")},
        {STR_INIT("e\x02\xCC\x81"), STR_INIT("\xC3\xA9")},
        {STR_INIT("a\xC2\xA0\xE3\x80\x80"
                  "b"),
         STR_INIT("a b")},
        {STR_INIT("<b>&amp;</b>"), STR_INIT("<b>&amp;</b>")},
        {STR_INIT(" \n\t\xE2\x80\x89"), STR_INIT("")},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        str out;
        assert_null(tidy_text(&arena, cases[i].given, &out));
        check_str(out, cases[i].want);
    }
    assert_false(tidy_shows(STR("\xE2\x80\x8B\xEF\xB8\x8F \n\xE3\x85\xA4")));
    assert_true(tidy_shows(STR("\xE2\x80\x8B.")));
}

static void pieces_stay(void **state)
{
    (void)state;
    struct thread t = FIT(5, false, STR("one"), STR(" \xE2\x80\x8B "), STR("two "), STR("three"));
    assert_int_equal(t.n, 3);
    check_str(t.tweets[1], STR("two"));
    assert_false(t.cut);
    t = FIT(5, true, STR("one"), STR("two"));
    check_str(t.tweets[0], STR("one 1/2"));
    check_str(t.tweets[1], STR("two 2/2"));
    t = FIT(5, true, STR("alone"));
    check_str(t.tweets[0], STR("alone"));
}

static void nothing(void **state)
{
    (void)state;
    static const str blank[] = {STR_INIT(""), STR_INIT(" \n"), STR_INIT("\xE2\x80\x8B")};
    struct thread t;
    struct fit how = {.max_tweets = 3};
    err e = thread_fit(&arena, blank, COUNT(blank), &how, &t);
    assert_non_null(e);
    assert_int_equal(e->code, ERROR_INVALID);
    assert_non_null(thread_fit(&arena, blank, 0, &how, &t));
}

static void likings(void **state)
{
    (void)state;
    str words = repeat("word ", 40); /* 200 */
    struct thread t =
        FIT(5, false, str_format(&arena, "%.*send. Then %.*s", STR_ARGS(words), STR_ARGS(words)));
    assert_int_equal(t.n, 2);
    check_str(t.tweets[0], joined(words, STR("end."))); /* a sentence */
    t = FIT(5, false, str_format(&arena, "%.*shere, %.*s", STR_ARGS(words), STR_ARGS(words)));
    check_str(t.tweets[0], joined(words, STR("here,"))); /* a clause */
    t = FIT(5, false, repeat("word ", 80));
    assert_int_equal(t.n, 2);
    check_str(t.tweets[0], str_trim(repeat("word ", 56))); /* a space */
    t = FIT(5, false, str_format(&arena, "%.*s\n\n%.*s", STR_ARGS(str_trim(words)), STR_ARGS(words)));
    check_str(t.tweets[0], str_trim(words)); /* a line */
}

static void long_words(void **state)
{
    (void)state;
    struct thread t = FIT(5, false, repeat("x", 500));
    assert_int_equal(t.n, 2);
    check_str(t.tweets[0], repeat("x", 280));
    t = FIT(5, false, repeat("e\xCC\xB2", 300)); /* two code points each, in form C too */
    assert_int_equal(t.n, 3);
    check_str(t.tweets[0], repeat("e\xCC\xB2", 140));
    str word = repeat("y", 200); /* fits alone: never cut, however empty the tweet before it */
    t = FIT(
        5, false,
        str_format(&arena, "a few words first %.*s then %.*s", STR_ARGS(repeat("y", 270)), STR_ARGS(word)));
    check_str(t.tweets[0], STR("a few words first"));
    t = FIT(20, false,
            repeat("\xE4\xB8\xAD\xE5\x9B\xBD\xE4\xBA\xBA\xE6\xB0\x91", 50)); /* 200 characters of Han */
    assert_int_equal(t.n, 2);
    assert_int_equal(t.tweets[0].n, 140 * 3);
}

static void addresses_stay(void **state)
{
    (void)state;
    str url = joined(STR("https://example.com/"), repeat("p", 600));
    url = (str){url.p, 20 + 600};
    struct thread t =
        FIT(5, false, str_format(&arena, "%.*s %.*s end", STR_ARGS(repeat("z", 250)), STR_ARGS(url)));
    assert_int_equal(t.n, 1 + (250 + 1 + 23 + 4 > TWEET_MAX));
    t = FIT(5, false, str_format(&arena, "%.*s %.*s end", STR_ARGS(repeat("z", 270)), STR_ARGS(url)));
    assert_int_equal(t.n, 2);
    check_str(t.tweets[1], str_format(&arena, "%.*s end", STR_ARGS(url)));
}

static void too_many(void **state)
{
    (void)state;
    struct thread t = FIT(2, false, STR("one"), STR("two"), STR("three"));
    assert_int_equal(t.n, 2);
    assert_false(t.cut);
    check_str(t.tweets[0], STR("one\n\ntwo")); /* neighbours that fit become one */
    t = FIT(2, true, repeat("word ", 200));
    assert_int_equal(t.n, 2);
    assert_true(t.cut);
    check_str(str_slice(t.tweets[1], t.tweets[1].n - 11, t.tweets[1].n), STR("word\xE2\x80\xA6 2/2"));
    t = FIT(
        1, false,
        str_format(&arena, "%.*sdone. %.*s", STR_ARGS(repeat("word ", 40)), STR_ARGS(repeat("More ", 80))));
    assert_true(t.cut);
    check_str(str_slice(t.tweets[0], t.tweets[0].n - 9, t.tweets[0].n), STR("done. \xE2\x80\xA6"));
    /* A dash at the end goes, but not an address's own. */
    str words = repeat("word ", 40);
    t = FIT(1, false, joined(words, STR("and so -")), repeat("b", 260));
    check_str(t.tweets[0], joined(words, STR("and so\xE2\x80\xA6")));
    t = FIT(1, false, joined(words, STR("http://a.com/?b-")), repeat("b", 260));
    check_str(t.tweets[0], joined(words, STR("http://a.com/?b- \xE2\x80\xA6")));
}

static void twelve(void **state)
{
    (void)state;
    struct thread t = fit_list((const str[]){repeat("word ", 600)}, 1, 20, true); /* 3,000 */
    assert_int_equal(t.n, 11);
    check_str(str_slice(t.tweets[8], t.tweets[8].n - 5, t.tweets[8].n), STR(" 9/11"));
    check_str(str_slice(t.tweets[10], t.tweets[10].n - 6, t.tweets[10].n), STR(" 11/11"));
    assert_false(t.cut);
}

static void tower(void **state)
{
    (void)state;
    struct thread t = FIT(5, true, joined(STR("Z"), repeat("\xCC\xB2", 400)), STR("end"));
    assert_int_equal(t.n, 2);
    assert_true(t.cut);
    check_str(t.tweets[0],
              str_format(&arena, "Z%.*s 1/2", STR_ARGS(repeat("\xCC\xB2", CUT_GRAPHEME_MAX - 1))));
    /* Text around it stays whole. */
    t = FIT(5, false, str_format(&arena, "before Z%.*s after", STR_ARGS(repeat("\xCC\xB2", 400))));
    assert_int_equal(t.n, 2);
    check_str(t.tweets[0],
              str_format(&arena, "before Z%.*s", STR_ARGS(repeat("\xCC\xB2", CUT_GRAPHEME_MAX - 1))));
    check_str(t.tweets[1], STR("after"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(tidied),         TEST(pieces_stay), TEST(nothing), TEST(likings), TEST(long_words),
        TEST(addresses_stay), TEST(too_many),    TEST(twelve),  TEST(tower),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

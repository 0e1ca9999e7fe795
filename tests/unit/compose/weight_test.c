#include "compose/weight.h"

#include <string.h>

#include "support/unit.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

#define SMILE "\xF0\x9F\x98\x80"

static unsigned weigh(str text)
{
    unsigned weight = 0;
    assert_null(weight_of(&arena, text, &weight));
    return weight;
}

static void check_weights(const char *const *texts, size_t n, unsigned want)
{
    for (size_t i = 0; i < n; i++) {
        unsigned got = weigh(str_of(texts[i]));
        if (got != want) {
            print_error("%s weighs %u, not %u\n", texts[i], got, want);
            fail();
        }
    }
}

#define ALL(want, ...) \
    check_weights((const char *const[]){__VA_ARGS__}, COUNT(((const char *const[]){__VA_ARGS__})), (want))

/* The ends of the ranges, and what lies beside them. */
static void characters(void **state)
{
    (void)state;
    assert_int_equal(weigh(STR("")), 0);
    assert_int_equal(weigh(STR("\0")), 1);
    ALL(1, "a", "\xC3\xA9", "e\xCC\x81", "\xE1\x83\xBF", "\xE2\x80\x80", "\xE2\x80\x8D", "\xE2\x80\x90",
        "\xE2\x80\x9F", "\xE2\x80\xB2", "\xE2\x80\xB7", "\xC2\xA9");
    ALL(2, "\xE1\x84\x80", "\xE1\xBF\xBE", "\xE2\x80\x8E", "\xE2\x80\x8F", "\xE2\x80\xA0", "\xE2\x80\xA6",
        "\xE2\x80\xB1", "\xE2\x80\xB8", "\xE4\xB8\xAD", "\xF0\x90\x80\x80", "\xFF", "\xEF\xBF\xBD");
    ALL(3, "\xEF\xAC\xAC"); /* three characters in form C */
}

static void emoji(void **state)
{
    (void)state;
    ALL(2, SMILE, "\xC2\xA9\xEF\xB8\x8F", "1\xEF\xB8\x8F\xE2\x83\xA3", "1\xE2\x83\xA3",
        "\xF0\x9F\x87\xA9\xF0\x9F\x87\xAA", "\xF0\x9F\x91\x8D\xF0\x9F\x8F\xBD",
        "\xE2\x98\x9D\xEF\xB8\x8F\xF0\x9F\x8F\xBD",
        "\xF0\x9F\x91\xA9\xE2\x80\x8D\xE2\x9D\xA4\xEF\xB8\x8F\xE2\x80\x8D\xF0\x9F\x92\x8B\xE2\x80\x8D\xF0\x9F"
        "\x91\xA8",
        "\xF0\x9F\x90\xBB\xE2\x80\x8D\xE2\x9D\x84\xEF\xB8\x8F" /* newer than twitter-text */,
        "\xF0\x9F\x8F\xB4\xF3\xA0\x81\xA7\xF3\xA0\x81\xA2\xF3\xA0\x81\xA5\xF3\xA0\x81\xAE\xF3\xA0\x81\xA7\xF3"
        "\xA0\x81\xBF");
    ALL(3, "1\xEF\xB8\x8F");
    ALL(4, "\xE2\x98\x80\xEF\xB8\x8E" /* as text */, "\xF0\x9F\x87\xA9\xF0\x9F\x87\xA9" /* no country */,
        SMILE "\xF0\x9F\x8F\xBD" /* no person */, SMILE SMILE);
    ALL(5, SMILE "\xE2\x80\x8D" SMILE);
}

static void addresses(void **state)
{
    (void)state;
    ALL(23, "http://a.com", "https://example.com/a/long/path/that/weighs/as/little?as=any&other",
        "HTTP://A.COM", "a.co", "www.example.co.uk/x", "example.com/a(b)c", "example.com/a(b(c)d)",
        "http://\xE4\xBE\x8B\xE3\x81\x88.jp", "http://a.\xD1\x80\xD1\x84", "http://a.\xD0\xA0\xD0\xA4",
        "http://a.xn--p1ai", "https://t.co/abc", "http://x_y.a.com", "http://a.com:80/", "a.com/\xC3\xA4",
        "example.onion");
    ALL(24, "http://a.com.", "(a.com", "a.com)", "https://t.co/abc-", "http://a.com?", "a.com:",
        "\n"
        "a.com",
        "a.com\xC3\xA9");
    ALL(25, "http://a.com/a(b", "a.com/()", "a.com..");
    ALL(23, "a.com/a(b)(c)", "a.com/(b)", "a.com/a;(b)c");
    ALL(27, "a.com/a;(b)", "a.com/;(b)");
    ALL(5, "@a.co", "#a.co", "$a.co", "-a.co", "_a.co", "/a.co", "a.co1", "a_.co", "a.co-");
    assert_int_equal(weigh(STR("http://a_b.com")), 14); /* a name has no underscore */
    assert_int_equal(weigh(STR("a.com and b.com/x")), 51);
    assert_int_equal(weigh(STR("\xE4\xB8\xAD"
                               "a.com")),
                     25); /* without a protocol, the Latin part */
    assert_int_equal(weigh(STR("http://a.notatld")), 16);
    assert_int_equal(weigh(STR("me@example.com")), 14);
}

/* Labels of 63 characters as the DNS writes them, codes of 40, addresses of 4096. */
static void limits(void **state)
{
    (void)state;
    char text[5000];
    memset(text, 'a', sizeof text);
    assert_int_equal(weigh(str_format(&arena, "http://%.*s.com", 63, text)), 23);
    assert_int_equal(weigh(str_format(&arena, "http://%.*s.com", 64, text)), 75);
    assert_int_equal(weigh(str_format(&arena, "http://%.*s\xC3\xA9.com", 55, text)), 23);
    assert_int_equal(weigh(str_format(&arena, "http://%.*s\xC3\xA9.com", 56, text)), 68);
    assert_int_equal(weigh(str_format(&arena, "http://t.co/%.*s", 40, text)), 23);
    assert_int_equal(weigh(str_format(&arena, "http://t.co/%.*s", 41, text)), 53);
    assert_int_equal(weigh(str_format(&arena, "http://a.com/%.*s", 4096 - 7 - 13, text)), 23);
    assert_int_equal(weigh(str_format(&arena, "http://a.com/%.*s", 4096 - 7 - 12, text)), 4096 - 6);
}

static void parts(void **state)
{
    (void)state;
    struct weight_part *list;
    size_t n;
    assert_null(weight_parts(&arena, STR("\xC3\xA9 a.com " SMILE "\xE4\xB8\xAD"), &list, &n));
    static const struct weight_part want[] = {{0, 2, 1, false}, {2, 1, 1, false}, {3, 5, 23, true},
                                              {8, 1, 1, false}, {9, 4, 2, false}, {13, 3, 2, false}};
    assert_int_equal(n, COUNT(want));
    for (size_t i = 0; i < n; i++) {
        assert_int_equal(list[i].at, want[i].at);
        assert_int_equal(list[i].n, want[i].n);
        assert_int_equal(list[i].weight, want[i].weight);
        assert_int_equal(list[i].url, want[i].url);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {TEST(characters), TEST(emoji), TEST(addresses), TEST(limits),
                                       TEST(parts)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

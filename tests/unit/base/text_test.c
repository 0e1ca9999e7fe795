#include "base/text.h"

#include <string.h>

#include "support/unit.h"

static bool is_surrogate(uint32_t code)
{
    return code >= 0xD800 && code <= 0xDFFF;
}

static void every_code_point(void **state)
{
    (void)state;
    for (uint32_t code = 0; code <= 0x10FFFF; code++) {
        char bytes[4];
        if (is_surrogate(code)) {
            continue;
        }
        str s = {bytes, text_encode(code, bytes)};
        size_t at = 0;
        uint32_t back = text_next(s, &at);
        if (!text_is_utf8(s) || back != code || at != s.n || text_length(s) != 1) {
            fail_msg("U+%04X", (unsigned)code);
        }
        s.n--; /* cut short */
        if (s.n > 0 && text_is_utf8(s)) {
            fail_msg("U+%04X without its last byte", (unsigned)code);
        }
    }
}

/* Every text of three bytes is checked against the definition: it is well-formed when encoding what it
 * decodes to gives it back. */
static void every_three_bytes(void **state)
{
    (void)state;
    for (uint32_t x = 0x800000; x <= 0xFFFFFF; x++) {
        unsigned char p[3] = {(unsigned char)(x >> 16), (unsigned char)(x >> 8), (unsigned char)x};
        uint32_t code = (p[0] & 0x0FU) << 12 | (p[1] & 0x3FU) << 6 | (p[2] & 0x3FU);
        bool three = (p[0] & 0xF0) == 0xE0 && (p[1] & 0xC0) == 0x80 && (p[2] & 0xC0) == 0x80 &&
                     code >= 0x800 && !is_surrogate(code);
        bool two_one = p[0] >= 0xC2 && p[0] <= 0xDF && (p[1] & 0xC0) == 0x80 && p[2] < 0x80;
        if (text_is_utf8((str){(const char *)p, 3}) != (three || two_one)) {
            fail_msg("%06X", (unsigned)x);
        }
    }
}

static void ill_formed(void **state)
{
    (void)state;
    static const str bad[] = {
        STR_INIT("\x80"),
        STR_INIT("\xBF"),
        STR_INIT("\xC0\x80"),
        STR_INIT("\xC1\xBF"),
        STR_INIT("\xC2"),
        STR_INIT("\xC2\x41"),
        STR_INIT("\xE0\x80\x80"),
        STR_INIT("\xE0\x9F\xBF"),
        STR_INIT("\xE1\x80"),
        STR_INIT("\xED\xA0\x80"),
        STR_INIT("\xED\xBF\xBF"),
        STR_INIT("\xF0\x80\x80\x80"),
        STR_INIT("\xF0\x8F\xBF\xBF"),
        STR_INIT("\xF1\x80\x80"),
        STR_INIT("\xF4\x90\x80\x80"),
        STR_INIT("\xF5\x80\x80\x80"),
        STR_INIT("\xF8\x88\x80\x80"),
        STR_INIT("\xFE"),
        STR_INIT("\xFF"),
        STR_INIT("\xC3\xC3\xA4"),
    };
    /* At every distance from the eight bytes that are looked at in one step. */
    for (size_t i = 0; i < LENGTH(bad); i++) {
        for (size_t before = 0; before < 20; before++) {
            char text[40];
            memset(text, 'a', sizeof text);
            memcpy(text + before, bad[i].p, bad[i].n);
            if (text_is_utf8((str){text, sizeof text}) || text_is_utf8((str){text, before + bad[i].n})) {
                fail_msg("case %zu at %zu", i, before);
            }
        }
    }
    assert_true(text_is_utf8(STR("")));
    assert_true(text_is_utf8((str){NULL, 0}));
    assert_true(text_is_utf8(STR("a\0b")));
    assert_true(text_is_utf8(STR("0123456789\xC3\xA9"
                                 "0123456789\xF0\x9F\x98\x80")));
}

static void lengths(void **state)
{
    (void)state;
    assert_int_equal(text_length(STR("")), 0);
    assert_int_equal(text_length(STR("abc")), 3);
    assert_int_equal(text_length(STR("a\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80")), 4);
    assert_int_equal(text_length(STR("e\xCC\x81")), 2); /* code points, not what one sees */
    /* More than the eight bytes that are looked at together, cut and begun anywhere. */
    str all =
        STR("a\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80\xEF\xBF\xBF\x7F\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80xyz");
    for (size_t from = 0; from < all.n; from++) {
        size_t begun = 0;
        for (size_t to = from; to < all.n; to++) {
            assert_int_equal(text_length(str_slice(all, from, to)), begun);
            begun += ((unsigned char)all.p[to] & 0xC0) != 0x80;
        }
    }
}

static void walking(void **state)
{
    (void)state;
    static const uint32_t want[] = {'a', 0xE9, 0xFFFD, 0x20AC, 0xFFFD, 'z', 0x1F600, 0xFFFD};
    str s = STR("a\xC3\xA9\xFF\xE2\x82\xAC\xE2\x82z\xF0\x9F\x98\x80\xF0\x9F\x98");
    size_t at = 0;
    for (size_t i = 0; i < LENGTH(want); i++) {
        assert_int_equal(text_next(s, &at), want[i]);
    }
    assert_int_equal(at, s.n);
}

/* The examples of Unicode 15, tables 3-8 to 3-11, and a few more. */
static void repairing(void **state)
{
    (void)state;
    static const struct {
        str text;
        str repaired;
    } cases[] = {
        {STR_INIT(""), STR_INIT("")},
        {STR_INIT("plain"), STR_INIT("plain")},
        {STR_INIT("\xC3\xA9"), STR_INIT("\xC3\xA9")},
        {STR_INIT("\xC0\xAF\xE0\x80\xBF\xF0\x81\x82\x41"), STR_INIT("????????A")},
        {STR_INIT("\xED\xA0\x80\xED\xBF\xBF\xED\xAF\x41"), STR_INIT("????????A")},
        {STR_INIT("\xF4\x91\x92\x93\xFF\x41\x80\xBF\x42"), STR_INIT("?????A??B")},
        {STR_INIT("\xE1\x80\xE2\xF0\x91\x92\xF1\xBF\x41"), STR_INIT("????A")},
        {STR_INIT("a\xE2\x82"), STR_INIT("a?")},
        {STR_INIT("\xC3"), STR_INIT("?")},
    };
    for (size_t i = 0; i < LENGTH(cases); i++) {
        str got = text_repair(&arena, cases[i].text);
        assert_true(text_is_utf8(got));
        char shown[64];
        size_t n = 0;
        for (size_t at = 0; at < got.n;) {
            uint32_t code = text_next(got, &at);
            n += text_encode(code == 0xFFFD ? '?' : code, shown + n);
        }
        str visible = {shown, n};
        check_str(visible, cases[i].repaired);
    }
}

static void beginnings(void **state)
{
    (void)state;
    str s = STR("a\u00e9\u20ac\U0001F600z");
    static const size_t want[] = {0, 1, 1, 3, 3, 3, 6, 6, 6, 6, 10, 11, 11, 11};
    for (size_t most = 0; most < sizeof want / sizeof want[0]; most++) {
        str start = text_start(s, most);
        assert_int_equal(start.n, want[most]);
        assert_ptr_equal(start.p, s.p);
    }
    assert_int_equal(text_start(STR(""), 5).n, 0);
}

static void folding(void **state)
{
    (void)state;
    static const struct {
        str text;
        str folded;
    } cases[] = {
        {STR_INIT(""), STR_INIT("")},
        {STR_INIT("AZaz09[@`{"), STR_INIT("azaz09[@`{")},
        {STR_INIT("\xC3\x84\xC3\x96\xC3\x9C\xC3\x9F"),
         STR_INIT("\xC3\xA4\xC3\xB6\xC3\xBC\xC3\x9F")},               /* ÄÖÜß */
        {STR_INIT("\xCE\x91\xCE\xA9"), STR_INIT("\xCE\xB1\xCF\x89")}, /* ΑΩ */
        {STR_INIT("\xD0\x96\xD0\xAF"), STR_INIT("\xD0\xB6\xD1\x8F")}, /* ЖЯ */
        {STR_INIT("\xE2\x84\xAA"), STR_INIT("k")},                    /* KELVIN SIGN */
        {STR_INIT("\xF0\x90\x90\x80"), STR_INIT("\xF0\x90\x90\xA8")}, /* Deseret */
        {STR_INIT("\xF0\x9F\x98\x80 \xE6\x9D\xB1"), STR_INIT("\xF0\x9F\x98\x80 \xE6\x9D\xB1")},
        {STR_INIT("a "), STR_INIT("a ")},
        {STR_INIT("\xC3\x81"), STR_INIT("\xC3\xA1")}, /* the accent counts */
    };
    for (size_t i = 0; i < LENGTH(cases); i++) {
        check_str(text_fold(&arena, cases[i].text), cases[i].folded);
        check_str(text_fold(&arena, cases[i].folded), cases[i].folded);
    }
    assert_false(str_eq(text_fold(&arena, STR("\xC3\x81")), text_fold(&arena, STR("a"))));
}

static void what_a_terminal_would_obey(void **state)
{
    (void)state;
    check_str(text_printable(&arena, STR("")), STR(""));
    check_str(text_printable(&arena, STR("Zo\xC3\xAB \xF0\x9F\x98\x80")), STR("Zo\xC3\xAB \xF0\x9F\x98\x80"));
    check_str(text_printable(&arena, STR("a\x1B[31m\n\x7F")), STR("a?[31m??"));
    /* U+009B, U+00A0; U+2027, U+2028, U+202E; U+2066, U+2069, U+206A */
    check_str(text_printable(&arena, STR("\xC2\x9B|\xC2\xA0")), STR("?|\xC2\xA0"));
    check_str(text_printable(&arena, STR("\xE2\x80\xA7|\xE2\x80\xA8\xE2\x80\xAE")), STR("\xE2\x80\xA7|??"));
    check_str(text_printable(&arena, STR("\xE2\x81\xA6\xE2\x81\xA9|\xE2\x81\xAA")), STR("??|\xE2\x81\xAA"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(every_code_point), TEST(every_three_bytes), TEST(ill_formed),
        TEST(lengths),          TEST(walking),           TEST(repairing),
        TEST(folding),          TEST(beginnings),        TEST(what_a_terminal_would_obey),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

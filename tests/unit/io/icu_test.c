#include "io/icu.h"

#include <string.h>

#include "support/unit.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static void form_c(void **state)
{
    (void)state;
    static const struct {
        str given, want;
    } cases[] = {
        {STR_INIT(""), STR_INIT("")},
        {STR_INIT("plain"), STR_INIT("plain")},
        {STR_INIT("e\xCC\x81"), STR_INIT("\xC3\xA9")},
        {STR_INIT("\xE2\x84\xAB"), STR_INIT("\xC3\x85")},                             /* the angstrom sign */
        {STR_INIT("\xEF\xAC\xAC"), STR_INIT("\xD7\xA9\xD6\xBC\xD7\x81")},             /* grows */
        {STR_INIT("\xE1\x84\x80\xE1\x85\xA1\xE1\x86\xA8"), STR_INIT("\xEA\xB0\x81")}, /* Hangul */
        {STR_INIT("a\xED\xA0\x80z\xFF"), STR_INIT("a\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBDz\xEF\xBF\xBD")},
        {STR_INIT("\xF0\x9F\x98\x80"), STR_INIT("\xF0\x9F\x98\x80")},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        str out;
        assert_null(icu_nfc(&arena, cases[i].given, &out));
        check_str(out, cases[i].want);
    }
}

static void form_c_in_units(void **state)
{
    (void)state;
    struct utf16 out;
    assert_null(icu_nfc16(&arena, STR("e\xCC\x81\xF0\x9F\x98\x80"), &out));
    assert_int_equal(out.n, 3);
    assert_int_equal(out.p[0], 0xE9);
    uint32_t code;
    assert_int_equal(utf16_next(out, 1, &code), 3);
    assert_int_equal(code, 0x1F600);
    assert_int_equal(utf16_next(out, 2, &code), 3); /* half a pair */
    assert_int_equal(code, 0xDE00);
}

/* What grows beyond the room that is tried first. */
static void form_c_grows(void **state)
{
    (void)state;
    enum { TIMES = 100 };
    char text[3 * TIMES];
    str out;
    for (size_t i = 0; i < TIMES; i++) {
        memcpy(text + 3 * i, "\xEF\xAC\xAC", 3);
    }
    assert_null(icu_nfc(&arena, (str){text, sizeof text}, &out));
    assert_int_equal(out.n, 6 * TIMES);
}

static void check_ends(enum icu_boundary kind, str text, const size_t *want, size_t count)
{
    size_t *ends;
    size_t n;
    assert_null(icu_boundaries(&arena, kind, text, &ends, &n));
    assert_int_equal(n, count);
    for (size_t i = 0; i < n; i++) {
        assert_int_equal(ends[i], want[i]);
    }
}

#define ENDS(kind, text, ...) \
    check_ends((kind), STR(text), (const size_t[]){__VA_ARGS__}, COUNT(((const size_t[]){__VA_ARGS__})))

static void boundaries(void **state)
{
    (void)state;
    check_ends(ICU_GRAPHEME, STR(""), NULL, 0);
    ENDS(ICU_GRAPHEME, "ae\xCC\x81z", 1, 4, 5);
    ENDS(ICU_GRAPHEME, "\xF0\x9F\x91\xA9\xE2\x80\x8D\xF0\x9F\x9A\x80!", 11, 12); /* joined */
    ENDS(ICU_GRAPHEME, "\xF0\x9F\x87\xA9\xF0\x9F\x87\xAA\xF0\x9F\x87\xAB\xF0\x9F\x87\xB7", 8,
         16); /* two flags */
    ENDS(ICU_GRAPHEME, "\r\na", 2, 3);
    ENDS(ICU_WORD, "can't stop", 5, 6, 10);
    ENDS(ICU_WORD, "\xE4\xB8\xAD\xE5\x9B\xBD\xE4\xBA\xBA\xE6\xB0\x91", 6, 12); /* by the dictionary */
    ENDS(ICU_SENTENCE, "One. Two? Three", 5, 10, 15);
    ENDS(ICU_SENTENCE, "3.5 is a number", 15);
}

static bool is_emoji(str text)
{
    const struct icu_emoji *set;
    struct utf16 wide;
    assert_null(icu_emoji(&arena, &set));
    assert_null(icu_nfc16(&arena, text, &wide));
    return icu_emoji_has(set, wide);
}

static void emoji(void **state)
{
    (void)state;
    assert_true(is_emoji(STR("\xF0\x9F\x98\x80")));
    assert_true(is_emoji(STR("1\xEF\xB8\x8F\xE2\x83\xA3"))); /* keycap */
    assert_true(
        is_emoji(STR("\xF0\x9F\x91\xA9\xF0\x9F\x8F\xBD\xE2\x80\x8D\xF0\x9F\x9A\x80"))); /* astronaut */
    assert_true(is_emoji(STR("\xF0\x9F\x87\xA9\xF0\x9F\x87\xAA")));
    assert_false(is_emoji(STR("\xF0\x9F\x87\xA9\xF0\x9F\x87\xA9")));
    assert_false(is_emoji(STR("1")));
    assert_false(is_emoji(STR("")));
    assert_false(is_emoji(STR("\xF0\x9F\x98\x80\xF0\x9F\x98\x80")));
}

static void properties(void **state)
{
    (void)state;
    assert_int_equal(icu_upper('a'), 'A');
    assert_int_equal(icu_upper(0xDF), 0xDF);
    assert_int_equal(icu_upper(0x3C2), 0x3A3);
    assert_true(icu_is_ignorable(0x200B) && icu_is_ignorable(0xFE0F) && icu_is_ignorable(0x3164));
    assert_true(icu_is_ignorable(0x600)); /* category Cf */
    assert_false(icu_is_ignorable('a') || icu_is_ignorable(' ') || icu_is_ignorable(0x301));
    assert_true(icu_is_unspaced(0x4E2D) && icu_is_unspaced(0x3042) && icu_is_unspaced(0xE01));
    assert_false(icu_is_unspaced('a') || icu_is_unspaced(0xAC00) || icu_is_unspaced(0x905));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(form_c),     TEST(form_c_in_units), TEST(form_c_grows),
        TEST(boundaries), TEST(emoji),           TEST(properties),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

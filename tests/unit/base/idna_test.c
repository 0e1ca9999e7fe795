#include "base/idna.h"

#include <string.h>

#include "base/text.h"
#include "support/unit.h"

/* Several are the samples of RFC 3492, section 7.1. */
static const struct {
    str unicode;
    str ascii;
} labels[] = {
    {STR_INIT("b\xC3\xBC"
              "cher"),
     STR_INIT("xn--bcher-kva")},
    {STR_INIT("stra\xC3\x9F"
              "e"),
     STR_INIT("xn--strae-oqa")},
    {STR_INIT("\xC3\xBC"), STR_INIT("xn--tda")},
    {STR_INIT("a-\xC3\xBC-b"), STR_INIT("xn--a--b-1ra")},
    {STR_INIT("l\xC2\xB7l"), STR_INIT("xn--ll-0ea")},
    {STR_INIT(
         "\xE4\xBB\x96\xE4\xBB\xAC\xE4\xB8\xBA\xE4\xBB\x80\xE4\xB9\x88\xE4\xB8\x8D\xE8\xAF\xB4\xE4\xB8\xAD"
         "\xE6\x96\x87"),
     STR_INIT("xn--ihqwcrb4cv8a8dqg056pqjye")},
    {STR_INIT("\xF0\xA0\xAE\xB7\xE9\x87\x8E\xE5\xAE\xB6"), STR_INIT("xn--fctt27jo60v")},
    {STR_INIT("\xED\x95\x9C\xEA\xB5\xAD\xEC\x96\xB4"), STR_INIT("xn--3e0bk47br7k")},
    {STR_INIT("\xE0\xA4\xAA\xE0\xA5\x81\xE0\xA4\xB8\xE0\xA5\x8D\xE0\xA4\xA4\xE0\xA4\x95"),
     STR_INIT("xn--11b3ar0d1b5d")},
    {STR_INIT("\xD7\xA2\xD7\x91\xD7\xA8\xD7\x99\xD7\xAA"), STR_INIT("xn--5dbqzzl")},
    {STR_INIT("example"), STR_INIT("example")},
    {STR_INIT("a-b"), STR_INIT("a-b")},
    {STR_INIT("123"), STR_INIT("123")},
};

static void both_ways(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(labels); i++) {
        str out = {0};
        str why = {0};
        assert_true(idna_to_ascii(&arena, labels[i].unicode, &out, &why));
        check_str(out, labels[i].ascii);
        assert_true(idna_to_unicode(&arena, labels[i].ascii, &out, &why));
        check_str(out, labels[i].unicode);
        assert_true(idna_to_ascii(&arena, labels[i].ascii, &out, &why)); /* it may be given in this form */
        check_str(out, labels[i].ascii);
    }
}

static void mapping(void **state)
{
    (void)state;
    static const struct {
        str domain;
        str mapped;
    } cases[] = {
        {STR_INIT("Example.COM"), STR_INIT("example.com")},
        {STR_INIT("B\xC3\x9C"
                  "CHER.de"),
         STR_INIT("b\xC3\xBC"
                  "cher.de")},
        {STR_INIT("a\xE3\x80\x82"
                  "b\xEF\xBC\x8E"
                  "c\xEF\xBD\xA1"
                  "d"),
         STR_INIT("a.b.c.d")},
        {STR_INIT("\xEF\xBC\xA1\xEF\xBD\x82\xEF\xBC\x8D\xEF\xBC\x91"), STR_INIT("ab-1")},
        {STR_INIT("a\xEF\xBC\xA0"), STR_INIT("a@")}, /* whoever asked has to look */
        {STR_INIT("\xE2\x84\xAA"), STR_INIT("k")},
        {STR_INIT("\xE2\x98\x83"), STR_INIT("\xE2\x98\x83")},
    };
    for (size_t i = 0; i < LENGTH(cases); i++) {
        str out = {0};
        str why = {0};
        assert_true(idna_map(&arena, cases[i].domain, &out, &why));
        check_str(out, cases[i].mapped);
    }
    str out = STR("untouched");
    str why = {0};
    assert_false(idna_map(&arena, STR("a.b\xEF\xAC\x81"), &out, &why));
    check_str(why, STR("Codepoint U+FB01 not allowed at position 4 in 'a.b\xEF\xAC\x81'"));
    assert_false(
        idna_map(&arena, STR("\xC4\xB0"), &out, &why)); /* a capital whose lower case is two characters */
}

static void labels_refused(void **state)
{
    (void)state;
    static const struct {
        str label;
        str why;
    } cases[] = {
        {STR_INIT("\xE2\x98\x83"), STR_INIT("Codepoint U+2603 at position 1 of '\xE2\x98\x83' not allowed")},
        {STR_INIT("B\xC3\xBC"), STR_INIT("Codepoint U+0042 at position 1 of 'B\xC3\xBC' not allowed")},
        {STR_INIT("\xC3\x9C"), STR_INIT("Codepoint U+00DC at position 1 of '\xC3\x9C' not allowed")},
        {STR_INIT("\xC3\xBC_"), STR_INIT("Codepoint U+005F at position 2 of '\xC3\xBC_' not allowed")},
        {STR_INIT("\xC3\xBC\xE2\x80\x8B"),
         STR_INIT("Codepoint U+200B at position 2 of '\xC3\xBC\\u200b' not allowed")},
        {STR_INIT("\xC3\xBC-"), STR_INIT("Label must not start or end with a hyphen")},
        {STR_INIT("-\xC3\xBC"), STR_INIT("Label must not start or end with a hyphen")},
        {STR_INIT("\xC3\xBC"
                  "b--c"),
         STR_INIT("Label has disallowed hyphens in 3rd and 4th position")},
        {STR_INIT("\xCC\x81"
                  "e"),
         STR_INIT("Label begins with an illegal combining character")},
        {STR_INIT("a\xC2\xB7l"), STR_INIT("Codepoint U+00B7 not allowed at position 2 in 'a\xC2\xB7l'")},
        {STR_INIT("l\xC2\xB7"), STR_INIT("Codepoint U+00B7 not allowed at position 2 in 'l\xC2\xB7'")},
        {STR_INIT("a\xD7\xB3"), STR_INIT("Codepoint U+05F3 not allowed at position 2 in 'a\xD7\xB3'")},
        {STR_INIT("a\xCD\xB5"
                  "a"),
         STR_INIT("Codepoint U+0375 not allowed at position 2 in 'a\xCD\xB5"
                  "a'")},
        {STR_INIT("a\xE3\x83\xBB"),
         STR_INIT("Codepoint U+30FB not allowed at position 2 in 'a\xE3\x83\xBB'")},
        {STR_INIT("\xD9\xA1\xDB\xB1"),
         STR_INIT("Codepoint U+0661 not allowed at position 1 in '\xD9\xA1\xDB\xB1'")},
        {STR_INIT("xn--"), STR_INIT("Malformed A-label, no Punycode eligible content found")},
        {STR_INIT("xn--a-"), STR_INIT("A-label must not end with a hyphen")},
        {STR_INIT("xn--a"), STR_INIT("Codepoint U+0080 at position 1 of '\\x80' not allowed")},
        {STR_INIT("xn--99999999"), STR_INIT("Invalid A-label")},
        {STR_INIT("xn--a_"), STR_INIT("Invalid A-label")},
        {STR_INIT("xn--b!cher-kva"), STR_INIT("Codepoint U+0021 at position 2 of 'b!c\xC3\xAA"
                                              "her' not allowed")},
        {STR_INIT("xn--n3h"), STR_INIT("Codepoint U+2603 at position 1 of '\xE2\x98\x83' not allowed")},
    };
    for (size_t i = 0; i < LENGTH(cases); i++) {
        str out = STR("untouched");
        str why = {0};
        if (idna_to_ascii(&arena, cases[i].label, &out, &why)) {
            fail_msg("accepted: %s", str_c(&arena, cases[i].label));
        }
        check_str(why, cases[i].why);
    }
}

static void context(void **state)
{
    (void)state;
    static const str good[] = {
        STR_INIT("l\xC2\xB7l"),
        STR_INIT("a\xCD\xB5\xCE\xB1"),
        STR_INIT("\xD7\x90\xD7\xB3"),
        STR_INIT("\xE3\x83\x8A\xE3\x83\xBB\xE3\x82\xAB"),
        STR_INIT("\xE6\x9D\xB1\xE3\x83\xBB"),
        STR_INIT("\xD9\xA1\xD9\xA2"),
        STR_INIT("\xDB\xB1\xDB\xB2"),
        STR_INIT("\xE0\xBD\x80\xE0\xBC\x8B"),
    };
    for (size_t i = 0; i < LENGTH(good); i++) {
        str ascii = {0};
        str back = {0};
        str why = {0};
        if (!idna_to_ascii(&arena, good[i], &ascii, &why)) {
            fail_msg("%s", str_c(&arena, why));
        }
        assert_true(idna_to_unicode(&arena, ascii, &back, &why));
        check_str(back, good[i]);
    }
}

static void labels_too_long(void **state)
{
    (void)state;
    char text[4096];
    str out = {0};
    str why = {0};
    memset(text, 'a', sizeof text);
    assert_true(idna_to_ascii(&arena, (str){text, 63}, &out, &why));
    assert_false(idna_to_ascii(&arena, (str){text, 64}, &out, &why));
    check_str(why, STR("Label too long"));
    for (size_t i = 0; i + 1 < sizeof text; i += 2) {
        memcpy(text + i, "\xC3\xA9", 2);
    }
    assert_false(idna_to_ascii(&arena, (str){text, sizeof text}, &out, &why));
    check_str(why, STR("Label too long"));
    size_t longest = 0;
    for (size_t n = 2; n <= 128; n += 2) {
        if (idna_to_ascii(&arena, (str){text, n}, &out, &why)) {
            longest = n / 2;
            assert_true(out.n <= 63);
        }
    }
    assert_int_equal(longest, 57); /* "xn--", digits for the first, then one for each further */
}

/* Every letter by itself goes to Punycode and back. */
static void every_letter(void **state)
{
    (void)state;
    size_t taken = 0;
    for (uint32_t code = 0x80; code <= 0x10FFFF; code++) {
        char bytes[8] = "x";
        str label = {bytes, 1 + text_encode(code >= 0xD800 && code <= 0xDFFF ? 0xFFFD : code, bytes + 1)};
        str ascii = {0};
        str back = {0};
        str why = {0};
        if (idna_to_ascii(&arena, label, &ascii, &why)) {
            taken++;
            if (!idna_to_unicode(&arena, ascii, &back, &why) || !str_eq(back, label)) {
                fail_msg("U+%04X: %s", (unsigned)code, str_c(&arena, ascii));
            }
        }
        arena_reset(&arena);
    }
    assert_true(taken > 125000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(both_ways), TEST(mapping),         TEST(labels_refused),
        TEST(context),   TEST(labels_too_long), TEST(every_letter),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "base/encoding.h"

#include "base/text.h"
#include "support/unit.h"

static void accepted(void **state)
{
    (void)state;
    static const struct {
        str bytes;
        str utf8;
    } cases[] = {
        {STR_INIT(""), STR_INIT("")},
        {STR_INIT("a"), STR_INIT("a")},
        {STR_INIT("\0"), STR_INIT("\0")},
        {STR_INIT("abc"), STR_INIT("abc")},
        {STR_INIT("a\xC3\xA9"), STR_INIT("a\xC3\xA9")},
        {STR_INIT("\xEF\xBB\xBF"), STR_INIT("")},
        {STR_INIT("\xEF\xBB\xBF{}"), STR_INIT("{}")},
        {STR_INIT("\xEF\xBB\xBF\xEF\xBB\xBF"), STR_INIT("\xEF\xBB\xBF")}, /* only one mark is taken off */
        {STR_INIT("\xFF\xFE"), STR_INIT("")},
        {STR_INIT("\xFF\xFE\xE9\0"), STR_INIT("\xC3\xA9")},
        {STR_INIT("\xFE\xFF\0\xE9"), STR_INIT("\xC3\xA9")},
        {STR_INIT("\xFF\xFE\x3D\xD8\x00\xDE"), STR_INIT("\xF0\x9F\x98\x80")},
        {STR_INIT("\xFF\xFE\0\0\x00\xF6\x01\0"), STR_INIT("\xF0\x9F\x98\x80")},
        {STR_INIT("1\0"), STR_INIT("1")},
        {STR_INIT("\0"
                  "1"),
         STR_INIT("1")},
        {STR_INIT("1\0"
                  "2\0"),
         STR_INIT("12")},
        {STR_INIT("\0"
                  "1\0"
                  "2"),
         STR_INIT("12")},
        {STR_INIT("1\0\xAC\x20"), STR_INIT("1\xE2\x82\xAC")},
        {STR_INIT("1\0\0\0"), STR_INIT("1")},
        {STR_INIT("\0\0\0"
                  "1"),
         STR_INIT("1")},
        {STR_INIT("\0\0\xFE\xFF\0\x01\xF6\x00"), STR_INIT("\xF0\x9F\x98\x80")},
        {STR_INIT("\0"
                  "ab"),
         STR_INIT("\0"
                  "ab")}, /* three bytes are UTF-8 */
    };
    for (size_t i = 0; i < LENGTH(cases); i++) {
        str out = {0};
        assert_true(encoding_to_utf8(&arena, cases[i].bytes, &out));
        check_str(out, cases[i].utf8);
    }
}

static void refused(void **state)
{
    (void)state;
    static const str bad[] = {
        STR_INIT("\xFF"),
        STR_INIT("\xEF\xBB"),
        STR_INIT("\xEF\xBB\xBF\xFF"),
        STR_INIT("a\xED\xA0\x80"),
        STR_INIT("\xFF\xFE"
                 "1"),
        STR_INIT("\xFE\xFF\0"
                 "1\0"),
        STR_INIT("1\0"
                 "2\0"
                 "3"),
        STR_INIT("\xFF\xFE\x00\xD8"),
        STR_INIT("\xFF\xFE\x00\xD8\x31\x00"),
        STR_INIT("\xFF\xFE\x00\xDC\x00\xD8"),
        STR_INIT("1\0\0\0"
                 "2\0\0"),
        STR_INIT("1\0\0\0\0\0\x11\0"),
        STR_INIT("1\0\0\0\0\xD8\0\0"),
        STR_INIT("\0\0\xFE\xFF\xFF\xFF\xFF\xFF"),
    };
    for (size_t i = 0; i < LENGTH(bad); i++) {
        str out = STR("untouched");
        if (encoding_to_utf8(&arena, bad[i], &out)) {
            fail_msg("case %zu", i);
        }
    }
}

static str utf16(uint32_t code, bool big)
{
    unsigned char *p = arena_alloc(&arena, 6);
    uint32_t units[2] = {code, 0};
    size_t n = 1;
    if (code >= 0x10000) {
        units[0] = 0xD800 + ((code - 0x10000) >> 10);
        units[1] = 0xDC00 + ((code - 0x10000) & 0x3FF);
        n = 2;
    }
    p[big ? 0 : 1] = 0xFE;
    p[big ? 1 : 0] = 0xFF;
    for (size_t i = 0; i < n; i++) {
        p[2 + 2 * i + (big ? 0 : 1)] = (unsigned char)(units[i] >> 8);
        p[2 + 2 * i + (big ? 1 : 0)] = (unsigned char)units[i];
    }
    return (str){(const char *)p, 2 + 2 * n};
}

static void every_code_point_in_utf16(void **state)
{
    (void)state;
    for (uint32_t code = 1; code <= 0x10FFFF; code += code < 0x11000 ? 1 : 37) {
        char bytes[4];
        str out = {0};
        bool surrogate = code >= 0xD800 && code <= 0xDFFF;
        bool ok = encoding_to_utf8(&arena, utf16(code, code % 2 == 0), &out);
        if (ok == surrogate || (ok && !str_eq(out, (str){bytes, text_encode(code, bytes)}))) {
            fail_msg("U+%04X", (unsigned)code);
        }
        arena_reset(&arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {TEST(accepted), TEST(refused), TEST(every_code_point_in_utf16)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

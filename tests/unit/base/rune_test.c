#include "base/rune.h"

#include "base/buf.h"
#include "support/unit.h"

static void kinds(void **state)
{
    (void)state;
    static const struct {
        uint32_t code;
        enum rune_kind kind;
        bool word;
    } cases[] = {
        {'a', RUNE_VISIBLE, true},      {'Z', RUNE_VISIBLE, true},        {'0', RUNE_VISIBLE, true},
        {'_', RUNE_VISIBLE, false},     {'~', RUNE_VISIBLE, false},       {' ', RUNE_SPACE, false},
        {0x00, RUNE_UNSAFE, false},     {0x1F, RUNE_UNSAFE, false},       {0x7F, RUNE_UNSAFE, false},
        {0x80, RUNE_UNSAFE, false},     {0x9F, RUNE_UNSAFE, false},       {0xA0, RUNE_SPACE, false},
        {0xA9, RUNE_VISIBLE, false},    {0xAD, RUNE_UNSAFE, false},       {0xB2, RUNE_VISIBLE, false},
        {0xE9, RUNE_VISIBLE, true},     {0x301, RUNE_MARK, false},        {0x378, RUNE_UNSAFE, false},
        {0x488, RUNE_MARK, false},      {0x5D0, RUNE_VISIBLE, true},      {0x600, RUNE_UNSAFE, false},
        {0x660, RUNE_VISIBLE, true},    {0x903, RUNE_MARK, false},        {0x1680, RUNE_SPACE, false},
        {0x180E, RUNE_UNSAFE, false},   {0x2003, RUNE_SPACE, false},      {0x2007, RUNE_SPACE, false},
        {0x200B, RUNE_UNSAFE, false},   {0x200D, RUNE_UNSAFE, false},     {0x2028, RUNE_UNSAFE, false},
        {0x202E, RUNE_UNSAFE, false},   {0x202F, RUNE_SPACE, false},      {0x20AC, RUNE_VISIBLE, false},
        {0x2160, RUNE_VISIBLE, true},   {0x3000, RUNE_SPACE, false},      {0x4E00, RUNE_VISIBLE, true},
        {0xAC00, RUNE_VISIBLE, true},   {0xD800, RUNE_UNSAFE, false},     {0xE000, RUNE_UNSAFE, false},
        {0xFE0F, RUNE_MARK, false},     {0xFEFF, RUNE_UNSAFE, false},     {0xFFFD, RUNE_VISIBLE, false},
        {0xFFFE, RUNE_UNSAFE, false},   {0x1F600, RUNE_VISIBLE, false},   {0x20000, RUNE_VISIBLE, true},
        {0xE0001, RUNE_UNSAFE, false},  {0xE0100, RUNE_MARK, false},      {0x10FFFD, RUNE_UNSAFE, false},
        {0x110000, RUNE_UNSAFE, false}, {UINT32_MAX, RUNE_UNSAFE, false},
    };
    for (size_t i = 0; i < LENGTH(cases); i++) {
        if (rune_kind(cases[i].code) != cases[i].kind || rune_is_word(cases[i].code) != cases[i].word) {
            fail_msg("U+%04X is kind %d, word %d", (unsigned)cases[i].code, (int)rune_kind(cases[i].code),
                     rune_is_word(cases[i].code));
        }
    }
}

/* Whatever the tables of the C library's version say, these hold. */
static void kinds_agree_with_each_other(void **state)
{
    (void)state;
    size_t marks = 0;
    size_t words = 0;
    for (uint32_t code = 0; code <= 0x10FFFF; code++) {
        enum rune_kind kind = rune_kind(code);
        marks += kind == RUNE_MARK;
        words += rune_is_word(code);
        if ((rune_is_word(code) && kind != RUNE_VISIBLE) || (kind == RUNE_SPACE && !rune_is_blank(code)) ||
            (rune_is_blank(code) && kind != RUNE_SPACE && kind != RUNE_UNSAFE) ||
            rune_lower(rune_lower(code)) != rune_lower(code) ||
            (rune_lower(code) != code && !rune_is_word(code))) {
            /* Circled capitals are symbols with a lower case. */
            if (code < 0x24B6 || code > 0x24CF) {
                fail_msg("U+%04X", (unsigned)code);
            }
        }
    }
    assert_true(marks > 2300);
    assert_true(words > 130000);
}

static void blanks(void **state)
{
    (void)state;
    static const uint32_t yes[] = {'\t', '\n',   '\v',   '\f',   '\r',   0x1C,   0x1F,   ' ',    0x85,
                                   0xA0, 0x1680, 0x2000, 0x200A, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000};
    static const uint32_t no[] = {0, 8, 0x0E, 0x1B, 'x', 0x180E, 0x200B, 0x2060, 0xFEFF};
    for (size_t i = 0; i < LENGTH(yes); i++) {
        assert_true(rune_is_blank(yes[i]));
    }
    for (size_t i = 0; i < LENGTH(no); i++) {
        assert_false(rune_is_blank(no[i]));
    }
}

static void lower_case(void **state)
{
    (void)state;
    assert_int_equal(rune_lower('A'), 'a');
    assert_int_equal(rune_lower('['), '[');
    assert_int_equal(rune_lower(0xC9), 0xE9);
    assert_int_equal(rune_lower(0xDF), 0xDF);
    assert_int_equal(rune_lower(0x212A), 'k');
    assert_int_equal(rune_lower(0x10400), 0x10428);
    assert_int_equal(rune_lower(0x4E00), 0x4E00);
    assert_int_equal(rune_lower(0x110000), 0x110000);
}

static void names(void **state)
{
    (void)state;
    static const struct {
        uint32_t code;
        str name;
    } cases[] = {
        {' ', STR_INIT("SPACE")},
        {0xA0, STR_INIT("NO-BREAK SPACE")},
        {0xAD, STR_INIT("SOFT HYPHEN")},
        {0x200B, STR_INIT("ZERO WIDTH SPACE")},
        {0x202E, STR_INIT("RIGHT-TO-LEFT OVERRIDE")},
        {0x3000, STR_INIT("IDEOGRAPHIC SPACE")},
        {0xFEFF, STR_INIT("ZERO WIDTH NO-BREAK SPACE")},
        {0x07, STR_INIT("U+0007")},
        {0xE000, STR_INIT("U+E000")},
        {0xF0000, STR_INIT("U+000F0000")},
    };
    for (size_t i = 0; i < LENGTH(cases); i++) {
        struct buf b;
        buf_init(&b, &arena, 64, 64);
        rune_put_name(&b, cases[i].code);
        check_str(buf_view(&b), cases[i].name);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {TEST(kinds), TEST(kinds_agree_with_each_other), TEST(blanks),
                                       TEST(lower_case), TEST(names)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

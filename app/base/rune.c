#include "base/rune.h"

#include <locale.h>
#include <stddef.h>
#include <stdlib.h>
#include <wctype.h>

#include "base/buf.h"

/* Categories Cf and Co, which the C library takes for printable. */
static const struct {
    uint32_t first, last;
} unseen[] = {
    {0x00AD, 0x00AD},   {0x0600, 0x0605},   {0x061C, 0x061C},   {0x06DD, 0x06DD},     {0x070F, 0x070F},
    {0x0890, 0x0891},   {0x08E2, 0x08E2},   {0x180E, 0x180E},   {0x200B, 0x200F},     {0x202A, 0x202E},
    {0x2060, 0x2064},   {0x2066, 0x206F},   {0xE000, 0xF8FF},   {0xFEFF, 0xFEFF},     {0xFFF9, 0xFFFB},
    {0x110BD, 0x110BD}, {0x110CD, 0x110CD}, {0x13430, 0x13438}, {0x1BCA0, 0x1BCA3},   {0x1D173, 0x1D17A},
    {0xE0001, 0xE0001}, {0xE0020, 0xE007F}, {0xF0000, 0xFFFFD}, {0x100000, 0x10FFFD},
};

static const struct {
    uint32_t code;
    const char *name;
} names[] = {
    {0x0020, "SPACE"},
    {0x00A0, "NO-BREAK SPACE"},
    {0x00AD, "SOFT HYPHEN"},
    {0x061C, "ARABIC LETTER MARK"},
    {0x1680, "OGHAM SPACE MARK"},
    {0x180E, "MONGOLIAN VOWEL SEPARATOR"},
    {0x2000, "EN QUAD"},
    {0x2001, "EM QUAD"},
    {0x2002, "EN SPACE"},
    {0x2003, "EM SPACE"},
    {0x2004, "THREE-PER-EM SPACE"},
    {0x2005, "FOUR-PER-EM SPACE"},
    {0x2006, "SIX-PER-EM SPACE"},
    {0x2007, "FIGURE SPACE"},
    {0x2008, "PUNCTUATION SPACE"},
    {0x2009, "THIN SPACE"},
    {0x200A, "HAIR SPACE"},
    {0x200B, "ZERO WIDTH SPACE"},
    {0x200C, "ZERO WIDTH NON-JOINER"},
    {0x200D, "ZERO WIDTH JOINER"},
    {0x200E, "LEFT-TO-RIGHT MARK"},
    {0x200F, "RIGHT-TO-LEFT MARK"},
    {0x2028, "LINE SEPARATOR"},
    {0x2029, "PARAGRAPH SEPARATOR"},
    {0x202A, "LEFT-TO-RIGHT EMBEDDING"},
    {0x202B, "RIGHT-TO-LEFT EMBEDDING"},
    {0x202C, "POP DIRECTIONAL FORMATTING"},
    {0x202D, "LEFT-TO-RIGHT OVERRIDE"},
    {0x202E, "RIGHT-TO-LEFT OVERRIDE"},
    {0x202F, "NARROW NO-BREAK SPACE"},
    {0x205F, "MEDIUM MATHEMATICAL SPACE"},
    {0x2060, "WORD JOINER"},
    {0x2061, "FUNCTION APPLICATION"},
    {0x2062, "INVISIBLE TIMES"},
    {0x2063, "INVISIBLE SEPARATOR"},
    {0x2064, "INVISIBLE PLUS"},
    {0x2066, "LEFT-TO-RIGHT ISOLATE"},
    {0x2067, "RIGHT-TO-LEFT ISOLATE"},
    {0x2068, "FIRST STRONG ISOLATE"},
    {0x2069, "POP DIRECTIONAL ISOLATE"},
    {0x3000, "IDEOGRAPHIC SPACE"},
    {0xFEFF, "ZERO WIDTH NO-BREAK SPACE"},
};

/* The C library's C.UTF-8. Made at the first use, never freed. */
static locale_t utf8_locale(void)
{
    static locale_t made;
    if (made == (locale_t)0) {
        made = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
        if (made == (locale_t)0) {
            abort();
        }
    }
    return made;
}

static bool is_mark(uint32_t code)
{
    return iswctype_l((wint_t)code, wctype_l("combining", utf8_locale()), utf8_locale()) != 0;
}

static bool is_unseen(uint32_t code)
{
    size_t low = 0;
    size_t high = sizeof unseen / sizeof unseen[0];
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (code > unseen[middle].last) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < sizeof unseen / sizeof unseen[0] && code >= unseen[low].first;
}

static bool is_space(uint32_t code)
{
    return code == 0x20 || code == 0xA0 || code == 0x1680 || (code >= 0x2000 && code <= 0x200A) ||
           code == 0x202F || code == 0x205F || code == 0x3000;
}

enum rune_kind rune_kind(uint32_t code)
{
    if (code < 0x7F) {
        return code == ' ' ? RUNE_SPACE : code < ' ' ? RUNE_UNSAFE : RUNE_VISIBLE;
    }
    if (is_space(code)) {
        return RUNE_SPACE;
    }
    if (code > 0x10FFFF || iswprint_l((wint_t)code, utf8_locale()) == 0 || is_unseen(code)) {
        return RUNE_UNSAFE;
    }
    return is_mark(code) ? RUNE_MARK : RUNE_VISIBLE;
}

bool rune_is_word(uint32_t code)
{
    return code <= 0x10FFFF && iswalnum_l((wint_t)code, utf8_locale()) != 0 && !is_mark(code);
}

bool rune_is_blank(uint32_t code)
{
    return is_space(code) || (code >= 0x09 && code <= 0x0D) || (code >= 0x1C && code <= 0x1F) ||
           code == 0x85 || code == 0x2028 || code == 0x2029;
}

uint32_t rune_lower(uint32_t code)
{
    if (code < 0x80) {
        return code >= 'A' && code <= 'Z' ? code + 32 : code;
    }
    return code > 0x10FFFF ? code : (uint32_t)towlower_l((wint_t)code, utf8_locale());
}

void rune_put_name(struct buf *b, uint32_t code)
{
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (names[i].code == code) {
            buf_c(b, names[i].name);
            return;
        }
    }
    buf_printf(b, code < 0xFFFF ? "U+%04X" : "U+%08X", (unsigned)code);
}

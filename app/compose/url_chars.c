#include "compose/url_chars.h"

#include <string.h>

struct range {
    uint16_t first, last;
};

static bool is_one_of(uint16_t c, const char *set)
{
    return c != 0 && c < 0x80 && strchr(set, c) != NULL;
}

/* latinAccentChars, with what has the same upper case as one of them: the expressions ignore case. */
static bool is_latin(uint16_t c)
{
    static const struct range ranges[] = {
        {0xC0, 0xD6},   {0xD8, 0xF6},     {0xF8, 0x24F},    {0x253, 0x254},   {0x256, 0x257},
        {0x259, 0x259}, {0x25B, 0x25B},   {0x260, 0x260},   {0x263, 0x263},   {0x268, 0x269},
        {0x26F, 0x26F}, {0x272, 0x272},   {0x275, 0x275},   {0x280, 0x280},   {0x283, 0x283},
        {0x288, 0x28C}, {0x292, 0x292},   {0x2BB, 0x2BB},   {0x300, 0x36F},   {0x399, 0x399},
        {0x3B9, 0x3B9}, {0x1E00, 0x1EFF}, {0x1FBE, 0x1FBE}, {0x2C65, 0x2C66}, {0x2C7E, 0x2C7F},
    };
    for (size_t i = 0; i < sizeof ranges / sizeof ranges[0] && ranges[i].first <= c; i++) {
        if (c <= ranges[i].last) {
            return true;
        }
    }
    return false;
}

/* cyrillicLettersAndMarks, likewise. */
static bool is_cyrillic(uint16_t c)
{
    return (c >= 0x400 && c <= 0x4FF) || (c >= 0x1C80 && c <= 0x1C87);
}

static bool is_letter(uint16_t c)
{
    return url_is_alnum(c) || (c >= 0xC0 && (is_latin(c) || is_cyrillic(c)));
}

bool url_may_precede(uint16_t c)
{
    return !url_is_alnum(c) && c != '@' && c != 0xFF20 && c != '$' && c != '#' && c != 0xFF03 &&
           c != 0xFFFE && c != 0xFEFF && c != 0xFFFF;
}

bool url_is_domain(uint16_t c)
{
    if (c < 0x80) {
        return c != 0x20 && !(c >= 0x09 && c <= 0x0D) && !is_one_of(c, "!'#%&()*+,\\-./:;<=>?@[]^_{|}~$");
    }
    return !(c == 0x85 || c == 0xA0 || c == 0x61C || c == 0x1680 || c == 0x180E ||
             (c >= 0x2000 && c <= 0x200A) || c == 0x200E || c == 0x200F || (c >= 0x2028 && c <= 0x202F) ||
             c == 0x205F || (c >= 0x2066 && c <= 0x2069) || c == 0x3000 || c == 0xFEFF || c == 0xFFFE ||
             c == 0xFFFF);
}

bool url_is_plain(uint16_t c)
{
    return c == '-' || url_is_alnum(c) || is_latin(c);
}

bool url_is_path(uint16_t c)
{
    return is_letter(c) || is_one_of(c, "!*';:=+,.$/%#[]-_~@|&") || c == 0x2013;
}

bool url_is_path_end(uint16_t c)
{
    return is_letter(c) || is_one_of(c, "+-=_#/");
}

bool url_is_query(uint16_t c)
{
    return url_is_alnum(c) || is_one_of(c, "!?*'@();:&=+$/%#[]-_.,~|");
}

bool url_is_query_end(uint16_t c)
{
    return url_is_alnum(c) || is_one_of(c, "-_&=#/");
}

#include "compose/tld.h"

#include <string.h>

#include "compose/url_chars.h"

/* The longest name of ASCII has 18 characters. */
enum { LONGEST = 24 };

static bool ends_name(struct utf16 t, size_t at)
{
    uint16_t c = url_unit(t, at);
    return at >= t.n || !(url_is_alnum(c) || c == '@' || c == '+' || c == '-');
}

/* As JavaScript compares letters when case is ignored: by their upper case, which never makes ASCII of what is not. */
static uint32_t fold(uint16_t c)
{
    uint32_t upper = icu_upper(c);
    return upper < 0x80 && c >= 0x80 ? c : upper;
}

/* Where the first name of a row that stands at `at` ends, or TLD_NONE. */
static size_t match_row(const uint16_t *row, struct utf16 t, size_t at)
{
    for (row++; *row != 0; row++) {
        size_t end = at;
        while (*row != ' ' && end < t.n && fold(*row) == fold(t.p[end])) {
            row++;
            end++;
        }
        if (*row == ' ' && ends_name(t, end)) {
            return end;
        }
        while (*row != ' ') {
            row++;
        }
    }
    return TLD_NONE;
}

static size_t match_wide(struct utf16 t, size_t at)
{
    size_t end = TLD_NONE;
    for (size_t i = 0; i < tld_wide_n && end == TLD_NONE; i++) {
        end = match_row(tld_wide[i], t, at);
    }
    return end;
}

/* name with a space at both ends, n characters */
static bool is_listed(const char *name, size_t n)
{
    size_t low = 0;
    size_t high = tld_ascii_n;
    while (high - low > 1) {
        size_t middle = (low + high) / 2;
        if (strncmp(name, tld_ascii[middle], n) >= 0) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return strstr(tld_ascii[low], name) != NULL;
}

static size_t match_punycode(struct utf16 t, size_t at)
{
    if ((url_unit(t, at) | 0x20) != 'x' || (url_unit(t, at + 1) | 0x20) != 'n' ||
        url_unit(t, at + 2) != '-' || url_unit(t, at + 3) != '-') {
        return TLD_NONE;
    }
    size_t end = at + 4;
    while (url_is_alnum(url_unit(t, end)) || url_unit(t, end) == '-') {
        end++;
    }
    return end > at + 4 ? end : TLD_NONE;
}

/* A name of ASCII ends where the letters and digits do; none of the others begins with one of these, so the order of
 * the lists does not matter. */
size_t tld_match(struct utf16 t, size_t at)
{
    char name[LONGEST + 3] = " ";
    size_t n = 0;
    while (n <= LONGEST && url_is_alnum(url_unit(t, at + n))) {
        uint16_t c = t.p[at + n++];
        name[n] = (char)(url_is_digit(c) ? c : c | 0x20);
    }
    if (n > 0 && n <= LONGEST && ends_name(t, at + n)) {
        name[n + 1] = ' ';
        if (is_listed(name, n + 2)) {
            return at + n;
        }
    }
    size_t end = url_unit(t, at + n) >= 0x80 ? match_wide(t, at) : TLD_NONE;
    return end != TLD_NONE ? end : match_punycode(t, at);
}

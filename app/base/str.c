#include "base/str.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

str str_of(const char *c)
{
    return c == NULL ? (str){"", 0} : (str){c, strlen(c)};
}

bool str_eq(str a, str b)
{
    return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

static unsigned char lower(char c)
{
    unsigned char u = (unsigned char)c;
    return u >= 'A' && u <= 'Z' ? (unsigned char)(u + 32) : u;
}

static bool same_nocase(const char *a, const char *b, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (lower(a[i]) != lower(b[i])) {
            return false;
        }
    }
    return true;
}

bool str_eq_nocase(str a, str b)
{
    return a.n == b.n && same_nocase(a.p, b.p, a.n);
}

bool str_starts(str s, str prefix)
{
    return s.n >= prefix.n && (prefix.n == 0 || memcmp(s.p, prefix.p, prefix.n) == 0);
}

bool str_starts_nocase(str s, str prefix)
{
    return s.n >= prefix.n && same_nocase(s.p, prefix.p, prefix.n);
}

size_t str_find(str s, char c, size_t from)
{
    if (from >= s.n) {
        return s.n;
    }
    const char *hit = memchr(s.p + from, c, s.n - from);
    return hit == NULL ? s.n : (size_t)(hit - s.p);
}

str str_slice(str s, size_t from, size_t to)
{
    if (to > s.n) {
        to = s.n;
    }
    if (from > to) {
        from = to;
    }
    return (str){from > 0 ? s.p + from : s.p, to - from}; /* the p of an empty str may be NULL */
}

static bool blank(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

str str_trim(str s)
{
    while (s.n > 0 && blank(s.p[0])) {
        s.p++;
        s.n--;
    }
    while (s.n > 0 && blank(s.p[s.n - 1])) {
        s.n--;
    }
    return s;
}

str str_copy(struct arena *a, str s)
{
    return (str){str_c(a, s), s.n};
}

char *str_c(struct arena *a, str s)
{
    char *copy = arena_alloc(a, s.n + 1);
    if (s.n > 0) {
        memcpy(copy, s.p, s.n);
    }
    copy[s.n] = '\0';
    return copy;
}

str str_format(struct arena *a, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    str s = str_vformat(a, format, args);
    va_end(args);
    return s;
}

str str_vformat(struct arena *a, const char *format, va_list args)
{
    va_list again;
    va_copy(again, args);
    int n = vsnprintf(NULL, 0, format, args);
    if (n < 0) {
        abort();
    }
    char *text = arena_alloc(a, (size_t)n + 1);
    (void)vsnprintf(text, (size_t)n + 1, format, again);
    va_end(again);
    return (str){text, (size_t)n};
}

bool str_to_uint(str s, uint64_t *out)
{
    if (s.n == 0 || s.n > 18) {
        return false;
    }
    uint64_t n = 0;
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] < '0' || s.p[i] > '9') {
            return false;
        }
        n = n * 10 + (uint64_t)(s.p[i] - '0');
    }
    *out = n;
    return true;
}

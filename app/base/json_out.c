#include "base/json_out.h"

#include <endian.h>
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/text.h"

static void put_escape(struct buf *b, unsigned char c)
{
    static const char short_forms[] = "btn\0fr"; /* for 0x08..0x0D; 0x0B has none */
    static const char hex[] = "0123456789abcdef";
    if (c == '"' || c == '\\') {
        char pair[2] = {'\\', (char)c};
        buf_put(b, pair, 2);
    } else if (c >= 0x08 && c <= 0x0D && c != 0x0B) {
        char pair[2] = {'\\', short_forms[c - 0x08]};
        buf_put(b, pair, 2);
    } else {
        char six[6] = {'\\', 'u', '0', '0', hex[c >> 4], hex[c & 15]};
        buf_put(b, six, 6);
    }
}

static bool must_escape(unsigned char c)
{
    return c < 0x20 || c == '"' || c == '\\';
}

/* The top bits of the bytes that must be escaped. In each line such a bit is set when the byte is under 0x20, is a
 * quote, is a backslash; bytes over 0x7F do not count. A borrow may mark a byte wrongly, but only above one that is
 * marked rightly: the lowest mark is true. */
static uint64_t marks_of(uint64_t eight)
{
    const uint64_t each = 0x0101010101010101U;
    uint64_t marks = eight - each * 0x20;
    marks |= (eight ^ each * '"') - each;
    marks |= (eight ^ each * '\\') - each;
    return marks & ~eight & each * 0x80;
}

/* The index of the first byte from `at` on that must be escaped, or s.n. */
static size_t plain_until(str s, size_t at)
{
    for (; s.n - at >= 8; at += 8) {
        uint64_t eight;
        memcpy(&eight, s.p + at, sizeof eight);
        uint64_t marks = marks_of(le64toh(eight));
        if (marks != 0) {
            return at + (size_t)__builtin_ctzll(marks) / 8;
        }
    }
    while (at < s.n && !must_escape((unsigned char)s.p[at])) {
        at++;
    }
    return at;
}

void json_put_str(struct buf *b, str s)
{
    buf_char(b, '"');
    for (size_t at = 0; at < s.n; at++) {
        size_t end = plain_until(s, at);
        buf_put(b, s.p + at, end - at);
        if (end < s.n) {
            put_escape(b, (unsigned char)s.p[end]);
        }
        at = end;
    }
    buf_char(b, '"');
}

void json_put_dirty(struct buf *b, str s)
{
    if (text_is_utf8(s)) {
        json_put_str(b, s);
    } else {
        json_put_str(b, text_repair(b->arena, s));
    }
}

void json_put_bool(struct buf *b, bool v)
{
    if (v) {
        buf_lit(b, "true");
    } else {
        buf_lit(b, "false");
    }
}

void json_put_double(struct buf *b, double v)
{
    if (!isfinite(v)) {
        buf_lit(b, "null");
        return;
    }
    char text[32];
    int most_need = fabs(v) < DBL_MIN ? 1 : 15; /* %g drops zeros at the end, so 15 digits do
                                                   for all that need fewer */
    for (int digits = most_need; digits <= 17; digits++) {
        (void)snprintf(text, sizeof text, "%.*g", digits, v);
        if (strtod(text, NULL) == v) {
            break;
        }
    }
    buf_c(b, text);
    if (strpbrk(text, ".en") == NULL) {
        buf_lit(b, ".0");
    }
}

#include "base/json_out.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/json_plain.h"
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

void json_put_str(struct buf *b, str s)
{
    buf_char(b, '"');
    for (size_t at = 0; at < s.n; at++) {
        /* What is left is put in any case, and escapes only add to it. */
        if (b->cap - b->n < s.n - at && !buf_reserve(b, s.n - at)) {
            return;
        }
        size_t plain = json_plain_copy(b->p + b->n, s.p + at, s.n - at);
        size_t end = at + plain;
        b->n += plain;
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

#include "base/url.h"

#include <string.h>

#include "base/arena.h"
#include "base/text.h"

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    if (c >= 'a' && c <= 'f') {
        return c - 'a' + 10;
    }
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static bool needs_decoding(str s, bool plus)
{
    return str_find(s, '%', 0) < s.n || (plus && str_find(s, '+', 0) < s.n) || !text_is_utf8(s);
}

str url_decode(struct arena *a, str s, bool plus)
{
    if (!needs_decoding(s, plus)) {
        return s;
    }
    char *text = arena_alloc(a, s.n);
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++) {
        int high = s.p[i] == '%' && i + 2 < s.n ? hex_digit(s.p[i + 1]) : -1;
        int low = high >= 0 ? hex_digit(s.p[i + 2]) : -1;
        if (low >= 0) {
            text[n++] = (char)(unsigned char)(high * 16 + low);
            i += 2;
        } else {
            text[n] = s.p[i];
            if (plus && text[n] == '+') {
                text[n] = ' ';
            }
            n++;
        }
    }
    str decoded = {text, n};
    return text_is_utf8(decoded) ? decoded : text_repair(a, decoded);
}

size_t url_pairs(struct arena *a, str s, size_t most, struct pair **out)
{
    size_t parts = 1;
    for (size_t i = 0; i < s.n; i++) {
        parts += s.p[i] == '&';
    }
    struct pair *pairs = ARENA_ARRAY(a, struct pair, parts < most ? parts : most);
    size_t count = 0;
    for (size_t at = 0; at < s.n && count < most;) {
        size_t end = str_find(s, '&', at);
        str part = str_slice(s, at, end);
        if (part.n > 0) {
            size_t equals = str_find(part, '=', 0);
            pairs[count].name = url_decode(a, str_slice(part, 0, equals), true);
            pairs[count].value = url_decode(a, str_slice(part, equals + 1, part.n), true);
            count++;
        }
        at = end + 1;
    }
    *out = pairs;
    return count;
}

const struct pair *url_find(const struct pair *pairs, size_t count, str name)
{
    for (size_t i = count; i > 0; i--) {
        if (str_eq(pairs[i - 1].name, name)) {
            return &pairs[i - 1];
        }
    }
    return NULL;
}

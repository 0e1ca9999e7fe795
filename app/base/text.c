#include "base/text.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/rune.h"

/* The length of the well-formed sequence at p, or 0; *bad is then how many bytes one U+FFFD stands for. */
static size_t sequence(const unsigned char *p, size_t n, size_t *bad)
{
    *bad = 1;
    if (p[0] < 0x80) {
        return 1;
    }
    size_t length = p[0] >= 0xF0 ? 4 : p[0] >= 0xE0 ? 3 : 2;
    if (p[0] < 0xC2 || p[0] > 0xF4) {
        return 0;
    }
    unsigned char low = p[0] == 0xE0 ? 0xA0 : p[0] == 0xF0 ? 0x90 : 0x80;
    unsigned char high = p[0] == 0xED ? 0x9F : p[0] == 0xF4 ? 0x8F : 0xBF;
    for (size_t i = 1; i < length; i++) {
        if (i >= n || p[i] < low || p[i] > high) {
            *bad = i;
            return 0;
        }
        low = 0x80;
        high = 0xBF;
    }
    return length;
}

/* How many bytes of ASCII there are at p, up to seven of the last not counted. */
static size_t ascii_words(const unsigned char *p, size_t n)
{
    const uint64_t tops = 0x8080808080808080U;
    uint64_t words[4];
    size_t i = 0;
    for (; n - i >= sizeof words; i += sizeof words) {
        memcpy(words, p + i, sizeof words);
        if (((words[0] | words[1] | words[2] | words[3]) & tops) != 0) {
            break;
        }
    }
    for (; n - i >= sizeof words[0]; i += sizeof words[0]) {
        memcpy(words, p + i, sizeof words[0]);
        if ((words[0] & tops) != 0) {
            break;
        }
    }
    return i;
}

bool text_is_utf8(str s)
{
    const unsigned char *p = (const unsigned char *)s.p;
    size_t i = 0;
    while (i < s.n) {
        i += ascii_words(p + i, s.n - i);
        if (i == s.n) {
            return true;
        }
        size_t bad = 0;
        size_t length = sequence(p + i, s.n - i, &bad);
        if (length == 0) {
            return false;
        }
        i += length;
    }
    return true;
}

size_t text_length(str s)
{
    const uint64_t each = 0x0101010101010101U;
    size_t continuing = 0; /* bytes of the form 10xxxxxx, which begin no character */
    size_t i = 0;
    for (; s.n - i >= 8; i += 8) {
        uint64_t eight;
        memcpy(&eight, s.p + i, sizeof eight);
        if ((eight & 0x8080808080808080U) == 0) {
            continue;
        }
        uint64_t marks = eight >> 7 & ~eight >> 6 & each;
        continuing += marks * each >> 56; /* the sum of the eight bytes */
    }
    for (; i < s.n; i++) {
        continuing += ((unsigned char)s.p[i] & 0xC0) == 0x80;
    }
    return s.n - continuing;
}

uint32_t text_next(str s, size_t *at)
{
    const unsigned char *p = (const unsigned char *)s.p + *at;
    size_t bad = 0;
    size_t length = sequence(p, s.n - *at, &bad);
    *at += length == 0 ? bad : length;
    switch (length) {
    case 1:
        return p[0];
    case 2:
        return (p[0] & 0x1FU) << 6 | (p[1] & 0x3FU);
    case 3:
        return (p[0] & 0x0FU) << 12 | (p[1] & 0x3FU) << 6 | (p[2] & 0x3FU);
    case 4:
        return (p[0] & 0x07U) << 18 | (p[1] & 0x3FU) << 12 | (p[2] & 0x3FU) << 6 | (p[3] & 0x3FU);
    default:
        return 0xFFFD;
    }
}

size_t text_encode(uint32_t code, char out[4])
{
    if (code < 0x80) {
        out[0] = (char)code;
        return 1;
    }
    if (code < 0x800) {
        out[0] = (char)(0xC0 | code >> 6);
        out[1] = (char)(0x80 | (code & 0x3F));
        return 2;
    }
    if (code < 0x10000) {
        out[0] = (char)(0xE0 | code >> 12);
        out[1] = (char)(0x80 | (code >> 6 & 0x3F));
        out[2] = (char)(0x80 | (code & 0x3F));
        return 3;
    }
    out[0] = (char)(0xF0 | code >> 18);
    out[1] = (char)(0x80 | (code >> 12 & 0x3F));
    out[2] = (char)(0x80 | (code >> 6 & 0x3F));
    out[3] = (char)(0x80 | (code & 0x3F));
    return 4;
}

str text_start(str s, size_t most)
{
    size_t n = most < s.n ? most : s.n;
    while (n > 0 && n < s.n && ((unsigned char)s.p[n] & 0xC0) == 0x80) {
        n--;
    }
    return str_slice(s, 0, n);
}

str text_repair(struct arena *a, str s)
{
    struct buf out;
    buf_init(&out, a, s.n + 16, SIZE_MAX / 4);
    for (size_t i = 0; i < s.n;) {
        char bytes[4];
        buf_put(&out, bytes, text_encode(text_next(s, &i), bytes));
    }
    return buf_view(&out);
}

str text_fold(struct arena *a, str s)
{
    struct buf out;
    buf_init(&out, a, s.n + 16, SIZE_MAX / 4);
    for (size_t i = 0; i < s.n;) {
        unsigned char c = (unsigned char)s.p[i];
        if (c < 0x80) {
            buf_char(&out, (char)(c >= 'A' && c <= 'Z' ? c + 32 : c));
            i++;
        } else {
            char bytes[4];
            buf_put(&out, bytes, text_encode(rune_lower(text_next(s, &i)), bytes));
        }
    }
    return buf_view(&out);
}

str text_printable(struct arena *a, str s)
{
    struct buf b;
    size_t at = 0;
    buf_init(&b, a, s.n + 1, 4 * s.n + 1);
    while (at < s.n) {
        size_t start = at;
        uint32_t code = text_next(s, &at);
        bool obeyed = code < 0x20 || (code >= 0x7F && code < 0xA0) || (code >= 0x2028 && code <= 0x202E) ||
                      (code >= 0x2066 && code <= 0x2069);
        buf_str(&b, obeyed ? STR("?") : str_slice(s, start, at));
    }
    return buf_view(&b);
}

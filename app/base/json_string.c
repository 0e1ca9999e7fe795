#include "base/json_string.h"

#include <string.h>

#include "base/arena.h"
#include "base/json_plain.h"
#include "base/text.h"

static const char bad_unicode[] = "Invalid \\uXXXX escape";

/* The first quote, backslash or control character at or after p. */
static const char *plain_end(const char *p, const char *end)
{
    return p + json_plain(p, (size_t)(end - p));
}

/* The four hex digits after the u at p. Python wants one character more behind
 * them: the quote at least. */
static bool read_unit(const char *p, const char *end, uint32_t *unit)
{
    if (end - p <= 5) {
        return false;
    }
    *unit = 0;
    for (int i = 1; i <= 4; i++) {
        char c = p[i];
        unsigned digit = 0;
        if (c >= '0' && c <= '9') {
            digit = (unsigned)(c - '0');
        } else if ((c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F')) {
            digit = (unsigned)((c | 0x20) - 'a') + 10;
        } else {
            return false;
        }
        *unit = *unit << 4 | digit;
    }
    return true;
}

/* Decodes the escape whose u is at *p and moves *p behind it, over both halves
 * of a pair. */
static bool read_unicode(const char **p, const char *end, uint32_t *code, struct json_string *out)
{
    uint32_t low = 0;
    if (!read_unit(*p, end, code)) {
        return false;
    }
    *p += 5;
    out->has_nul = out->has_nul || *code == 0;
    if (*code < 0xD800 || *code > 0xDFFF) {
        return true;
    }
    if (*code < 0xDC00 && end - *p >= 2 && (*p)[0] == '\\' && (*p)[1] == 'u' &&
        read_unit(*p + 1, end, &low) && low >= 0xDC00 && low <= 0xDFFF) {
        *code = 0x10000 + ((*code - 0xD800) << 10 | (low - 0xDC00));
        *p += 6;
        return true;
    }
    *code = 0xFFFD;
    out->lone_surrogate = true;
    return true;
}

/* What a one-letter escape stands for; NUL when it stands for nothing. */
static char short_escape(char c)
{
    switch (c) {
    case 'b':
        return '\b';
    case 'f':
        return '\f';
    case 'n':
        return '\n';
    case 'r':
        return '\r';
    case 't':
        return '\t';
    case '"':
    case '\\':
    case '/':
        return c;
    default:
        return '\0';
    }
}

/* At least as many bytes as the string decodes to: up to its closing quote, or
 * to where it breaks off. */
static size_t bound(const char *p, const char *end)
{
    const char *q = plain_end(p, end);
    while (end - q >= 2 && *q == '\\') {
        q = plain_end(q + 2, end);
    }
    return (size_t)(q - p);
}

/* first: the first byte that is not plain. */
static const char *read_escaped(struct arena *a, const char **at, const char *first, const char *end,
                                struct json_string *out)
{
    const char *from = *at + 1;
    const char *p = first;
    char *text = arena_alloc(a, bound(from, end));
    char *to = text;
    while (p < end && *p == '\\') {
        memcpy(to, from, (size_t)(p - from));
        to += p - from;
        if (++p == end) {
            break;
        }
        uint32_t code = (unsigned char)short_escape(*p);
        if (*p == 'u') {
            if (!read_unicode(&p, end, &code, out)) {
                *at = p;
                return bad_unicode;
            }
        } else if (code == 0) {
            *at = p - 1;
            return "Invalid \\escape";
        } else {
            p++;
        }
        to += text_encode(code, to);
        from = p;
        p = plain_end(p, end);
    }
    if (p == end) {
        return "Unterminated string starting at";
    }
    if (*p != '"') {
        *at = p;
        return "Invalid control character at";
    }
    memcpy(to, from, (size_t)(p - from));
    out->text = (str){text, (size_t)(to - text) + (size_t)(p - from)};
    *at = p + 1;
    return NULL;
}

const char *json_string_read(struct arena *a, const char **at, const char *end, struct json_string *out)
{
    const char *from = *at + 1;
    const char *p = plain_end(from, end);
    *out = (struct json_string){.text = {from, (size_t)(p - from)}};
    if (p == end || *p != '"') {
        return read_escaped(a, at, p, end, out);
    }
    *at = p + 1;
    return NULL;
}

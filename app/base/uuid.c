#include "base/uuid.h"

#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/rand.h"
#include "base/text.h"

/* The last identifier's milliseconds and counter, for RFC 9562, section 6.2,
 * method 1. One for each process: after a fork both go on from the same point,
 * and only the 62 random bits tell their identifiers apart. */
static struct {
    int64_t millis;
    unsigned counter; /* 12 bits */
} last;

/* A new millisecond starts its counter in the lower half, so that there is room
 * for at least 2048 more. When that is not enough, or when the clock went back,
 * time is taken to be ahead of the clock. */
static void tick(unsigned seed)
{
    int64_t now = clock_now() / 1000;
    if (now > last.millis) {
        last.millis = now;
        last.counter = seed & 0x7FF;
    } else if (++last.counter > 0xFFF) {
        last.millis++;
        last.counter = seed & 0x7FF;
    }
}

void uuid_v7(unsigned char out[UUID_BYTES])
{
    unsigned char noise[10];
    rand_bytes(noise, sizeof noise);
    tick((unsigned)noise[8] << 8 | noise[9]);
    for (int i = 0; i < 6; i++) {
        out[i] = (unsigned char)((uint64_t)last.millis >> (40 - 8 * i));
    }
    out[6] = (unsigned char)(0x70 | last.counter >> 8);
    out[7] = (unsigned char)last.counter;
    memcpy(out + 8, noise, 8);
    out[8] = (unsigned char)(0x80 | (noise[0] & 0x3F));
}

void uuid_put(struct buf *b, const unsigned char id[UUID_BYTES])
{
    static const char hex[] = "0123456789abcdef";
    char text[UUID_TEXT];
    char *at = text;
    for (int i = 0; i < UUID_BYTES; i++) {
        if (i == 4 || i == 6 || i == 8 || i == 10) {
            *at++ = '-';
        }
        *at++ = hex[id[i] >> 4];
        *at++ = hex[id[i] & 15];
    }
    buf_put(b, text, sizeof text);
}

/* The value of a hex digit, or -1. */
static int digit(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool read_digits(str s, bool hyphens, unsigned char out[UUID_BYTES])
{
    size_t at = 0;
    unsigned char id[UUID_BYTES];
    for (int i = 0; i < UUID_BYTES; i++) {
        if (hyphens && (i == 4 || i == 6 || i == 8 || i == 10) && s.p[at++] != '-') {
            return false;
        }
        int high = digit(s.p[at++]);
        int low = digit(s.p[at++]);
        if (high < 0 || low < 0) {
            return false;
        }
        id[i] = (unsigned char)(high << 4 | low);
    }
    memcpy(out, id, sizeof id);
    return true;
}

static str take_apart(str s, bool *wrapped)
{
    *wrapped = true;
    if (s.n >= 2 && s.p[0] == '{' && s.p[s.n - 1] == '}') {
        return str_slice(s, 1, s.n - 1);
    }
    if (str_starts(s, STR("urn:uuid:"))) {
        return str_slice(s, 9, s.n);
    }
    *wrapped = false;
    return s;
}

static str bad_character(struct arena *a, str whole, str found)
{
    struct buf b;
    buf_init(&b, a, 64, 128);
    buf_lit(&b, "invalid character: found `");
    buf_str(&b, found);
    buf_printf(&b, "` at %zu", (size_t)(found.p - whole.p) + 1);
    return buf_view(&b);
}

/* What is wrong with a text that is no UUID: whole, of which inner is what
 * stood within braces or behind urn:uuid:. As the contract's original has it,
 * positions count bytes from 1, and what follows the fourth hyphen is measured
 * in the whole. */
static str complaint(struct arena *a, str whole, str inner, bool wrapped)
{
    static const struct {
        size_t start;
        unsigned length;
    } groups[5] = {{0, 8}, {9, 4}, {14, 4}, {19, 4}, {24, 12}};
    size_t hyphens = 0;
    size_t bounds[4] = {0};
    for (size_t i = 0; i < inner.n; i++) {
        if (inner.p[i] == '-') {
            if (hyphens < 4) {
                bounds[hyphens] = i;
            }
            hyphens++;
        } else if (digit(inner.p[i]) < 0) {
            size_t next = i;
            (void)text_next(inner, &next);
            return bad_character(a, whole, str_slice(inner, i, next));
        }
    }
    if (hyphens == 0 && !wrapped) {
        return str_format(a, "invalid length: expected length 32 for simple format, found %zu", whole.n);
    }
    if (hyphens != 4) {
        return str_format(a, "invalid group count: expected 5, found %zu", hyphens + 1);
    }
    unsigned g = 0;
    while (g < 4 && bounds[g] == groups[g].start + groups[g].length) {
        g++;
    }
    return str_format(a, "invalid group length in group %u: expected %u, found %zu", g, groups[g].length,
                      (g < 4 ? bounds[g] : whole.n) - groups[g].start);
}

bool uuid_parse(struct arena *a, str s, unsigned char out[UUID_BYTES], str *why)
{
    bool wrapped = false;
    str inner = take_apart(s, &wrapped);
    if (inner.n == UUID_TEXT && read_digits(inner, true, out)) {
        return true;
    }
    if (!wrapped && inner.n == 2 * UUID_BYTES && read_digits(inner, false, out)) {
        return true;
    }
    if (wrapped && inner.n == UUID_TEXT) {
        /* The original has taken the wrapping off for good when the length is
         * right, and then looks anew. */
        s = inner;
        inner = take_apart(s, &wrapped);
    }
    *why = complaint(a, s, inner, wrapped);
    return false;
}

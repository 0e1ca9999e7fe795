#include "base/uuid.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/rand.h"
#include "base/text.h"

/* The time of the last identifier, in 4096ths of a millisecond: 48 bits of milliseconds and 12 of what is finer (RFC
 * 9562, section 6.2, method 3), so that also what several processes make one after another sorts so, to a microsecond.
 * One for each process: after a fork both go on from the same point, and only the 62 random bits tell their identifiers
 * apart. */
static uint64_t last;

/* When more are wanted in a moment than it has parts, or when the clock went back, time is taken to be ahead of the
 * clock. */
static uint64_t tick(void)
{
    uint64_t now = (uint64_t)clock_now() * 512 / 125; /* 4096 / 1000 */
    last = now > last ? now : last + 1;
    return last;
}

void uuid_v7(unsigned char out[UUID_BYTES])
{
    uint64_t now = tick();
    rand_bytes(out + 8, 8);
    for (int i = 0; i < 6; i++) {
        out[i] = (unsigned char)(now >> (52 - 8 * i));
    }
    out[6] = (unsigned char)(0x70 | (now >> 8 & 0x0F));
    out[7] = (unsigned char)now;
    out[8] = (unsigned char)(0x80 | (out[8] & 0x3F));
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

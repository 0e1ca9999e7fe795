#include "base/base64.h"

#include "base/arena.h"
#include "base/buf.h"

static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

void base64_put(struct buf *b, const unsigned char *bytes, size_t n)
{
    for (size_t i = 0; i < n; i += 3) {
        size_t left = n - i;
        uint32_t three = (uint32_t)bytes[i] << 16 | (left > 1 ? (uint32_t)bytes[i + 1] << 8 : 0) |
                         (left > 2 ? bytes[i + 2] : 0);
        const char four[] = {digits[three >> 18], digits[three >> 12 & 63], digits[three >> 6 & 63],
                             digits[three & 63]};
        buf_put(b, four, left > 2 ? 4 : left + 1);
    }
}

/* One more than the six bits of a character; 0 for any other. A table, because no processor guesses well which kind of
 * character comes next. */
static const unsigned char sextets[256] = {
    ['A'] = 1,  ['B'] = 2,  ['C'] = 3,  ['D'] = 4,  ['E'] = 5,  ['F'] = 6,  ['G'] = 7,  ['H'] = 8,
    ['I'] = 9,  ['J'] = 10, ['K'] = 11, ['L'] = 12, ['M'] = 13, ['N'] = 14, ['O'] = 15, ['P'] = 16,
    ['Q'] = 17, ['R'] = 18, ['S'] = 19, ['T'] = 20, ['U'] = 21, ['V'] = 22, ['W'] = 23, ['X'] = 24,
    ['Y'] = 25, ['Z'] = 26, ['a'] = 27, ['b'] = 28, ['c'] = 29, ['d'] = 30, ['e'] = 31, ['f'] = 32,
    ['g'] = 33, ['h'] = 34, ['i'] = 35, ['j'] = 36, ['k'] = 37, ['l'] = 38, ['m'] = 39, ['n'] = 40,
    ['o'] = 41, ['p'] = 42, ['q'] = 43, ['r'] = 44, ['s'] = 45, ['t'] = 46, ['u'] = 47, ['v'] = 48,
    ['w'] = 49, ['x'] = 50, ['y'] = 51, ['z'] = 52, ['0'] = 53, ['1'] = 54, ['2'] = 55, ['3'] = 56,
    ['4'] = 57, ['5'] = 58, ['6'] = 59, ['7'] = 60, ['8'] = 61, ['9'] = 62, ['-'] = 63, ['_'] = 64,
};

static unsigned sextet(char c)
{
    return sextets[(unsigned char)c];
}

bool base64_is(str text)
{
    for (size_t i = 0; i < text.n; i++) {
        if (sextet(text.p[i]) == 0) {
            return false;
        }
    }
    if (text.n % 4 == 1) {
        return false;
    }
    /* Of the last character the bits that belong to no byte (RFC 4648, section 3.5). */
    unsigned unused = text.n % 4 == 2 ? 0xF : text.n % 4 == 3 ? 0x3 : 0;
    return unused == 0 || ((sextet(text.p[text.n - 1]) - 1) & unused) == 0;
}

bool base64_read(struct arena *a, str text, str *out)
{
    if (!base64_is(text)) {
        return false;
    }
    char *bytes = arena_alloc(a, text.n / 4 * 3 + 3);
    size_t n = 0;
    uint32_t bits = 0;
    unsigned held = 0;
    for (size_t i = 0; i < text.n; i++) {
        bits = (bits << 6 | (sextet(text.p[i]) - 1)) & 0xFFFF;
        held += 6;
        if (held >= 8) {
            held -= 8;
            bytes[n++] = (char)(unsigned char)(bits >> held & 0xFF);
        }
    }
    *out = (str){bytes, n};
    return true;
}

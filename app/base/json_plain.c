#include "base/json_plain.h"

#include <endian.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

static bool is_plain(unsigned char c)
{
    return c >= 0x20 && c != '"' && c != '\\';
}

/* The top bits of the bytes that are not plain. In each line such a bit is set when the byte is under 0x20, is a
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

static size_t plain_of_words(const char *p, size_t n)
{
    size_t at = 0;
    for (; n - at >= 8; at += 8) {
        uint64_t eight;
        memcpy(&eight, p + at, sizeof eight);
        uint64_t marks = marks_of(le64toh(eight));
        if (marks != 0) {
            return at + (size_t)__builtin_ctzll(marks) / 8;
        }
    }
    while (at < n && is_plain((unsigned char)p[at])) {
        at++;
    }
    return at;
}

static size_t copy_words(char *to, const char *p, size_t n)
{
    size_t plain = plain_of_words(p, n);
    memcpy(to, p, plain);
    return plain;
}

#ifdef __SSE2__

enum { STEP = 16 };

static __m128i load(const char *p)
{
    return _mm_loadu_si128((const __m128i *)(const void *)p);
}

/* A bit for each of the sixteen bytes that is not plain. */
static unsigned marks_of_sixteen(__m128i x)
{
    __m128i control = _mm_cmpeq_epi8(_mm_min_epu8(x, _mm_set1_epi8(0x1F)), x);
    __m128i quote = _mm_cmpeq_epi8(x, _mm_set1_epi8('"'));
    __m128i backslash = _mm_cmpeq_epi8(x, _mm_set1_epi8('\\'));
    return (unsigned)_mm_movemask_epi8(_mm_or_si128(control, _mm_or_si128(quote, backslash)));
}

/* The last step goes over some bytes again, which are known to be plain. */
size_t json_plain(const char *p, size_t n)
{
    if (n < STEP) {
        return plain_of_words(p, n);
    }
    size_t at = 0;
    size_t last = n - STEP;
    unsigned marks;
    while ((marks = marks_of_sixteen(load(p + at))) == 0 && at < last) {
        at = at + STEP < last ? at + STEP : last;
    }
    return marks == 0 ? n : at + (size_t)__builtin_ctz(marks);
}

size_t json_plain_copy(char *to, const char *p, size_t n)
{
    if (n < STEP) {
        return copy_words(to, p, n);
    }
    size_t last = n - STEP;
    for (size_t at = 0;; at = at + STEP < last ? at + STEP : last) {
        __m128i sixteen = load(p + at);
        _mm_storeu_si128((__m128i *)(void *)(to + at), sixteen);
        unsigned marks = marks_of_sixteen(sixteen);
        if (marks != 0) {
            return at + (size_t)__builtin_ctz(marks);
        }
        if (at == last) {
            return n;
        }
    }
}

#else

size_t json_plain(const char *p, size_t n)
{
    return plain_of_words(p, n);
}

size_t json_plain_copy(char *to, const char *p, size_t n)
{
    return copy_words(to, p, n);
}

#endif

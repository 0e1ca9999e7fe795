#include "base/buf.h"

#include <stdio.h>

#include "base/arena.h"

/* Behind cap there is always one byte more, for the NUL that vsnprintf wants to write. */

void buf_init(struct buf *b, struct arena *a, size_t first, size_t limit)
{
    size_t cap = first < limit ? first : limit;
    *b = (struct buf){.p = arena_alloc(a, cap + 1), .cap = cap, .limit = limit, .arena = a};
}

bool buf_reserve(struct buf *b, size_t n)
{
    if (n > b->limit || b->n > b->limit - n) {
        b->full = true;
        return false;
    }
    if (b->cap - b->n >= n) {
        return true;
    }
    size_t cap = b->cap < 64 ? 64 : b->cap;
    while (cap < b->n + n) {
        cap *= 2;
    }
    cap = cap < b->limit ? cap : b->limit;
    b->p = arena_grow(b->arena, b->p, b->cap + 1, cap + 1);
    b->cap = cap;
    return true;
}

void buf_uint(struct buf *b, uint64_t i)
{
    char digits[20];
    size_t at = sizeof digits;
    for (; i >= 100; i /= 100) { /* two at a time: a division is the slow part */
        digits[--at] = (char)('0' + i % 10);
        digits[--at] = (char)('0' + i / 10 % 10);
    }
    if (i >= 10) {
        digits[--at] = (char)('0' + i % 10);
        i /= 10;
    }
    digits[--at] = (char)('0' + i);
    buf_put(b, digits + at, sizeof digits - at);
}

void buf_int(struct buf *b, int64_t i)
{
    if (i < 0) {
        buf_char(b, '-');
        buf_uint(b, (uint64_t)0 - (uint64_t)i);
    } else {
        buf_uint(b, (uint64_t)i);
    }
}

void buf_vprintf(struct buf *b, const char *format, va_list args)
{
    va_list again;
    va_copy(again, args);
    size_t room = b->cap - b->n;
    int n = vsnprintf(b->p + b->n, room + 1, format, args);
    if (n > 0 && ((size_t)n <= room || buf_reserve(b, (size_t)n))) {
        if ((size_t)n > room) {
            (void)vsnprintf(b->p + b->n, (size_t)n + 1, format, again);
        }
        b->n += (size_t)n;
    }
    va_end(again);
}

void buf_printf(struct buf *b, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    buf_vprintf(b, format, args);
    va_end(args);
}

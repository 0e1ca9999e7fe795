/*
 * buf: text that grows at its end, in an arena. Bounded by birth: past its limit it drops what is put and
 * says so in `full`, which whoever sends it must look at.
 *
 * The bytes belong to the arena; growing the newest allocation costs no copy.
 *
 *     struct buf out;
 *     buf_init(&out, a, 4096, 16 << 20);
 *     buf_lit(&out, "{\"id\":");
 *     buf_int(&out, id);
 *     str text = buf_view(&out);
 */
#ifndef QUIRE_BASE_BUF_H
#define QUIRE_BASE_BUF_H

#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/cold.h"
#include "base/str.h"

struct arena;

struct buf {
    char *p;
    size_t n;
    size_t cap;
    size_t limit;
    bool full; /* something did not fit under the limit and was dropped */
    struct arena *arena;
};

/* An empty buf with room for first bytes, never longer than limit bytes. */
void buf_init(struct buf *b, struct arena *a, size_t first, size_t limit);
/* Makes room for n more bytes; false, with `full` set, when the limit forbids it. */
COLD bool buf_reserve(struct buf *b, size_t n);
void buf_int(struct buf *b, int64_t i);
void buf_uint(struct buf *b, uint64_t i);
void buf_printf(struct buf *b, const char *format, ...) __attribute__((format(printf, 2, 3)));
void buf_vprintf(struct buf *b, const char *format, va_list args) __attribute__((format(printf, 2, 0)));

static inline void buf_put(struct buf *b, const char *p, size_t n)
{
    if (n > 0 && (b->cap - b->n >= n || buf_reserve(b, n))) {
        memcpy(b->p + b->n, p, n);
        b->n += n;
    }
}

static inline void buf_str(struct buf *b, str s)
{
    buf_put(b, s.p, s.n);
}

static inline void buf_char(struct buf *b, char c)
{
    buf_put(b, &c, 1);
}

#define buf_lit(b, literal) buf_put((b), "" literal "", sizeof(literal) - 1)

static inline void buf_c(struct buf *b, const char *c)
{
    buf_put(b, c, strlen(c));
}

/* What has been put so far; valid until the next put. */
static inline str buf_view(const struct buf *b)
{
    return (str){b->p, b->n};
}

#endif

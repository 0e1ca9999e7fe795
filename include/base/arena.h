/*
 * arena: memory that is given back all at once. One arena serves one request, or one command.
 *
 * Allocation never returns NULL: what a client can make large is limited before it is stored, so running out
 * is the machine's fault and aborts. Nothing is freed singly. What a library hands out (a malloc'd string, a
 * handle) is given to the arena with arena_defer() in the line that receives it; reset and rewind run the
 * defers last in, first out, before the memory goes.
 *
 * With -DARENA_DEBUG each allocation is a block of its own, so that the sanitizers see every overrun.
 *
 *     struct arena a;
 *     arena_init(&a, 64 << 10);
 *     char *copy = arena_alloc(&a, n);
 *     arena_defer(&a, free, strdup(x));
 *     arena_reset(&a);        // everything above is gone; the first block is kept for the next request
 */
#ifndef QUIRE_BASE_ARENA_H
#define QUIRE_BASE_ARENA_H

#include <stddef.h>

struct arena_block;
struct arena_deferred;

struct arena {
    struct arena_block *blocks;       /* newest first */
    struct arena_deferred *deferreds; /* newest first; lives in the arena itself */
    char *at;                         /* the next free byte of the newest block */
    char *end;
    size_t block_size;
};

/* A point to go back to. */
struct arena_mark {
    struct arena_block *blocks;
    struct arena_deferred *deferreds;
    char *at;
};

/* An empty arena that grows by blocks of block_size bytes (a larger request gets a block of its own). */
void arena_init(struct arena *a, size_t block_size);
/* size bytes, aligned for any object, contents undefined. size 0 is allowed. */
void *arena_alloc(struct arena *a, size_t size);
/* The same, filled with zero bytes. */
void *arena_zero(struct arena *a, size_t size);
/* The same for an array; a size that cannot be is abort(). */
void *arena_zeros(struct arena *a, size_t count, size_t size);
/* Makes room: p held old bytes, the result holds size (>= old) and the old contents. In place when p is the
 * newest allocation and its block has room. */
void *arena_grow(struct arena *a, void *p, size_t old, size_t size);
/* Calls run(thing) at reset, or when rewinding past this point. A NULL thing is not passed on. */
void arena_defer(struct arena *a, void (*run)(void *), void *thing);
struct arena_mark arena_mark(const struct arena *a);
/* Gives back all that came after the mark. */
void arena_rewind(struct arena *a, struct arena_mark mark);
/* Gives everything back, keeping one block for the next use. */
void arena_reset(struct arena *a);
/* Gives everything back to the system. */
void arena_free(struct arena *a);

#define ARENA_NEW(a, type)          ((type *)arena_zero((a), sizeof(type)))
#define ARENA_ARRAY(a, type, count) ((type *)arena_zeros((a), (count), sizeof(type)))

#endif

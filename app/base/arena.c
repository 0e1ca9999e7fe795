#include "base/arena.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct arena_block {
    struct arena_block *next;
    size_t size;
    alignas(max_align_t) char bytes[];
};

struct arena_deferred {
    struct arena_deferred *next;
    void (*run)(void *);
    void *thing;
};

enum { ALIGN = alignof(max_align_t) };

void arena_init(struct arena *a, size_t block_size)
{
    *a = (struct arena){.block_size = block_size};
}

static void add_block(struct arena *a, size_t size)
{
    struct arena_block *block = malloc(sizeof *block + size);
    if (block == NULL) {
        (void)fputs("quire: out of memory\n", stderr);
        abort();
    }
    block->next = a->blocks;
    block->size = size;
    a->blocks = block;
    a->at = block->bytes;
    a->end = block->bytes + size;
}

void *arena_alloc(struct arena *a, size_t size)
{
    if (size > SIZE_MAX / 2) {
        abort();
    }
#ifdef ARENA_DEBUG
    add_block(a, size);
    a->at = a->end;
    return a->blocks->bytes;
#else
    size_t rounded = (size + ALIGN - 1) & ~(size_t)(ALIGN - 1);
    if (a->at == NULL || (size_t)(a->end - a->at) < rounded) {
        add_block(a, rounded > a->block_size ? rounded : a->block_size);
    }
    void *p = a->at;
    a->at += rounded;
    return p;
#endif
}

void *arena_zero(struct arena *a, size_t size)
{
    void *p = arena_alloc(a, size);
    if (size > 0) {
        memset(p, 0, size);
    }
    return p;
}

void *arena_zeros(struct arena *a, size_t count, size_t size)
{
    size_t all;
    if (__builtin_mul_overflow(count, size, &all)) {
        abort();
    }
    return arena_zero(a, all);
}

void *arena_grow(struct arena *a, void *p, size_t old, size_t size)
{
#ifndef ARENA_DEBUG
    if (size > SIZE_MAX / 2) {
        abort();
    }
    size_t old_rounded = (old + ALIGN - 1) & ~(size_t)(ALIGN - 1);
    size_t rounded = (size + ALIGN - 1) & ~(size_t)(ALIGN - 1);
    if (p != NULL && (char *)p + old_rounded == a->at && (size_t)(a->end - (char *)p) >= rounded) {
        a->at = (char *)p + rounded;
        return p;
    }
#endif
    void *grown = arena_alloc(a, size);
    if (p != NULL && old > 0) {
        memcpy(grown, p, old);
    }
    return grown;
}

void arena_defer(struct arena *a, void (*run)(void *), void *thing)
{
    if (thing == NULL) {
        return;
    }
    struct arena_deferred *d = arena_alloc(a, sizeof *d);
    *d = (struct arena_deferred){a->deferreds, run, thing};
    a->deferreds = d;
}

struct arena_mark arena_mark(const struct arena *a)
{
    return (struct arena_mark){a->blocks, a->deferreds, a->at};
}

static void run_deferreds(struct arena *a, const struct arena_deferred *until)
{
    while (a->deferreds != until) {
        struct arena_deferred *d = a->deferreds;
        a->deferreds = d->next;
        d->run(d->thing);
    }
}

void arena_rewind(struct arena *a, struct arena_mark mark)
{
    run_deferreds(a, mark.deferreds);
    while (a->blocks != mark.blocks) {
        struct arena_block *block = a->blocks;
        a->blocks = block->next;
        free(block);
    }
    a->at = mark.at;
    a->end = a->blocks == NULL ? NULL : a->blocks->bytes + a->blocks->size;
}

void arena_reset(struct arena *a)
{
    run_deferreds(a, NULL);
#ifndef ARENA_DEBUG
    while (a->blocks != NULL && a->blocks->next != NULL) {
        struct arena_block *block = a->blocks;
        a->blocks = block->next;
        free(block);
    }
    if (a->blocks != NULL && a->blocks->size == a->block_size) {
        a->at = a->blocks->bytes;
        a->end = a->at + a->blocks->size;
        return;
    }
#endif
    arena_free(a);
}

void arena_free(struct arena *a)
{
    arena_rewind(a, (struct arena_mark){NULL, NULL, NULL});
}

/*
 * pile: rows of one resource that wait to be inserted together. Full, it inserts them by itself; their text lives in
 * the pile's own arena until then, so memory stays the same however many rows there are.
 *
 *     struct pile posts;
 *     pile_init(&posts, db, &post_resource, 512);
 *     struct value *row = NULL;
 *     TRY(pile_add(&posts, &row));
 *     row[POST_TITLE] = value_text(title);      // made in posts.arena
 *     TRY(pile_flush(&posts));
 */
#ifndef QUIRE_SEED_PILE_H
#define QUIRE_SEED_PILE_H

#include "base/arena.h"
#include "base/err.h"
#include "base/value.h"
#include "schema/resource.h"

struct db;

struct pile {
    struct db *db;
    const struct resource *resource;
    struct arena arena;
    struct value *rows;
    size_t n, room;
    int64_t inserted; /* since it was made */
};

/* room is a power of two. */
void pile_init(struct pile *p, struct db *db, const struct resource *r, size_t room);
void pile_free(struct pile *p);
/* An empty row to be filled, in place. Errors of the insert that made room live until pile_free(). */
MUST_USE err pile_add(struct pile *p, struct value **row);
/* Inserts what waits. */
MUST_USE err pile_flush(struct pile *p);
/* Forgets what waits. */
void pile_drop(struct pile *p);

#endif

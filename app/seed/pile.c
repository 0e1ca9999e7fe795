#include "seed/pile.h"

#include <stdlib.h>

#include "engine/bulk.h"

void pile_init(struct pile *p, struct db *db, const struct resource *r, size_t room)
{
    if (room == 0 || (room & (room - 1)) != 0) {
        abort();
    }
    *p = (struct pile){.db = db, .resource = r, .room = room};
    arena_init(&p->arena, 1 << 20);
    pile_drop(p);
}

void pile_free(struct pile *p)
{
    arena_free(&p->arena);
}

void pile_drop(struct pile *p)
{
    arena_reset(&p->arena);
    p->rows = ARENA_ARRAY(&p->arena, struct value, p->room * p->resource->field_count);
    p->n = 0;
}

err pile_add(struct pile *p, struct value **row)
{
    if (p->n == p->room) {
        TRY(pile_flush(p));
    }
    *row = p->rows + p->n++ * p->resource->field_count;
    return NULL;
}

/* What does not fill the pile goes in powers of two: few different statements, which the connection remembers. */
err pile_flush(struct pile *p)
{
    size_t at = 0;
    while (at < p->n) {
        size_t part = p->room;
        while (part > p->n - at) {
            part /= 2;
        }
        TRY(bulk_insert(p->db, &p->arena, p->resource, p->rows + at * p->resource->field_count, part));
        at += part;
    }
    p->inserted += (int64_t)p->n;
    pile_drop(p);
    return NULL;
}

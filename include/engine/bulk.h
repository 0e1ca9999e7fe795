/*
 * bulk: many rows of one resource in one statement, for who fills a database rather than serves it.
 *
 * The columns are derived from the declaration and from what the first row gives. Nothing is made up on the way: a
 * row that leaves open an identifier, a time or a stored counter is a programmer's mistake and aborts, so a column
 * that is added later cannot be filled wrongly in silence. Only folded copies are filled in. Stored counters of other
 * rows are not moved: whoever inserts in bulk gives each counter its final value.
 *
 *     struct value *rows = ARENA_ARRAY(a, struct value, n * post_resource.field_count);
 *     rows[0 * post_resource.field_count + POST_TITLE] = value_text(title);
 *     ...
 *     TRY(bulk_insert(db, a, &post_resource, rows, n));
 */
#ifndef QUIRE_ENGINE_BULK_H
#define QUIRE_ENGINE_BULK_H

#include "base/buf.h"
#include "base/err.h"
#include "base/value.h"
#include "schema/resource.h"

struct db;

/* A statement of any size. */
struct bulk_sql {
    struct buf text;
    struct value *values;
    size_t count;
};

/* INSERT INTO … VALUES (…), (…): the columns that the first row gives; every other row gives the same ones. */
void bulk_sql(struct bulk_sql *s, struct arena *a, const struct resource *r, const struct value *rows,
              size_t n);
/* Inserts n rows (at least one) of r->field_count values each, which lie one after another. A refused key or reference
 * is said as write_insert() does. */
MUST_USE err bulk_insert(struct db *db, struct arena *a, const struct resource *r, struct value *rows,
                         size_t n);

#endif

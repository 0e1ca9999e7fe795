/*
 * catalog: all tables of a schema in their normal form (schema/table.h): those that the program declares, or those that
 * a database has, so that the two can be compared (migrate/diff.h).
 *
 * Of a database it holds the tables but quire_migrations, also those with system versions. An index that the server
 * made by itself for a foreign key is left out. Views, triggers, routines, events, partitions and versions are not
 * looked at: nobody declares them.
 *
 *     struct catalog now, wanted;
 *     TRY(catalog_read(db, a, &now));
 *     catalog_declare(a, &models, &wanted);
 */
#ifndef QUIRE_MIGRATE_CATALOG_H
#define QUIRE_MIGRATE_CATALOG_H

#include "base/err.h"
#include "schema/registry.h"
#include "schema/table.h"

struct arena;
struct db;

struct catalog {
    struct table *tables;
    size_t n;
};

/* What the connection's database has, tables by name, columns in their order. Failures are those of io/stmt.h. */
MUST_USE err catalog_read(struct db *db, struct arena *a, struct catalog *out);
/* What is declared, in the order of the registry. */
void catalog_declare(struct arena *a, const struct registry *all, struct catalog *out);
/* The table of that name, or NULL. */
const struct table *catalog_find(const struct catalog *c, str name);

#endif

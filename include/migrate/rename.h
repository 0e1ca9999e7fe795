/*
 * rename: the renames that are declared (`.was`) and not yet carried out, and what a schema looks like after them, so
 * that the rest can be compared by name.
 *
 *     struct catalog renamed;
 *     rename_plan(a, &now, &wanted, &plan);     // plan.after: `now` with all renames done
 */
#ifndef QUIRE_MIGRATE_RENAME_H
#define QUIRE_MIGRATE_RENAME_H

#include "migrate/catalog.h"

struct arena;

/* A table that gets its name, or with `column` a column that does. */
struct rename {
    str table; /* its new name */
    str old_name;
    str new_name;
    bool is_column;
};

struct rename_plan {
    struct rename *items; /* tables first */
    size_t n;
    str *refusals; /* sentences */
    size_t refusal_count;
    struct catalog after; /* a copy of `from` with the renames done, in names, keys and expressions alike */
};

/* Everything lives in the arena. */
void rename_plan(struct arena *a, const struct catalog *from, const struct catalog *to,
                 struct rename_plan *out);

#endif

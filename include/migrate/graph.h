/*
 * graph: all migrations of a folder in the order in which they are applied: parents before children, and where that
 * leaves a choice, the smaller revision first.
 *
 * Refused, each naming the files concerned: files that cannot be read, a revision that two files have, parents that
 * no file has, and circles. Several heads (migrations that are nobody's parent) are sound: two people have added to
 * the history at once. Only who needs one head asks graph_one_head() for it, which says how to join them.
 *
 * A set of migrations is an array of g->n booleans, in the order of g->items.
 *
 *     struct graph g;
 *     TRY(graph_load(a, STR("migrations"), &g));
 *     for (size_t i = 0; i < g.n; i++) puts(str_c(a, g.items[i].name));
 *     bool *in = ARENA_ARRAY(a, bool, g.n);
 *     in[g.n - 1] = true;
 *     graph_add_ancestors(&g, in);             // what must be applied for the last one to be
 */
#ifndef QUIRE_MIGRATE_GRAPH_H
#define QUIRE_MIGRATE_GRAPH_H

#include <stdbool.h>

#include "migrate/migration.h"

struct arena;

struct graph {
    struct migration *items;
    size_t n;
};

/* Reads every *.sql file of the folder. ERROR_NOT_FOUND without a folder, ERROR_INVALID with all mistakes
 * of all files and of the graph, a line each. A folder without such files is an empty graph. */
MUST_USE err graph_load(struct arena *a, str dir, struct graph *out);
/* Sorts parsed migrations (the array is reordered). ERROR_INVALID as above. */
MUST_USE err graph_sort(struct arena *a, struct migration *items, size_t n);
/* The place of a revision in the graph, or g->n. */
size_t graph_find(const struct graph *g, str revision);

/* How many migrations have this one as a parent: none of a head has, several of a branch point. */
size_t graph_children(const struct graph *g, size_t i);
bool graph_is_head(const struct graph *g, size_t i);
/* Adds to a set of migrations all that they come from, or all that comes from them. */
void graph_add_ancestors(const struct graph *g, bool *in);
void graph_add_descendants(const struct graph *g, bool *in);
/* The place of the only head; g->n in an empty graph. ERROR_CONFLICT names several, and how to join them. */
MUST_USE err graph_one_head(struct arena *a, const struct graph *g, size_t *out);

#endif

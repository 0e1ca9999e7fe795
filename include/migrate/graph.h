/*
 * graph: all migrations of a folder in the order in which they are applied: parents before children, and where that
 * leaves a choice, the smaller revision first.
 *
 * Refused, each naming the files concerned: files that cannot be read, a revision that two files have, parents that
 * no file has, circles, and more than one head (a migration that is nobody's parent), for then two people have
 * added to the history at once and somebody must say which comes first.
 *
 *     struct graph g;
 *     TRY(graph_load(a, STR("migrations"), &g));
 *     for (size_t i = 0; i < g.n; i++) puts(str_c(a, g.items[i].name));
 */
#ifndef QUIRE_MIGRATE_GRAPH_H
#define QUIRE_MIGRATE_GRAPH_H

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

#endif

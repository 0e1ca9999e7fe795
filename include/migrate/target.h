/*
 * target: what a word on the command line means: a revision in full, its file's name, the unique beginning of either,
 * `head` (the only one), `heads` (all), `base` (before the first), `+2` and `-1`.
 *
 *     struct target t;
 *     TRY(target_read(a, &graph, STR("0002"), &t));
 *     if (t.kind == TARGET_SET && t.in[3]) ...
 */
#ifndef QUIRE_MIGRATE_TARGET_H
#define QUIRE_MIGRATE_TARGET_H

#include "migrate/graph.h"

enum { TARGET_STEPS_MAX = 100000 };

enum target_kind {
    TARGET_SET,     /* the migrations in `in`, which base leaves empty */
    TARGET_FORWARD, /* `steps` forward */
    TARGET_BACK     /* `steps` back */
};

struct target {
    enum target_kind kind;
    bool *in; /* a set of the graph's migrations; never NULL */
    unsigned steps;
};

/* ERROR_NOT_FOUND for what names no migration, with those that it may have meant; ERROR_CONFLICT for what names
 * several, and for `head` when there are several. */
MUST_USE err target_read(struct arena *a, const struct graph *g, str word, struct target *out);
/* The same for exactly one migration: no base, heads or steps. */
MUST_USE err target_one(struct arena *a, const struct graph *g, str word, size_t *out);
/* A number of steps, 1 to TARGET_STEPS_MAX, without a sign. */
bool target_steps(str text, unsigned *out);

#endif

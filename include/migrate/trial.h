/*
 * trial: every migration of a graph tried on an empty database: up one by one, down one by one, up again, the schema
 * compared at every step. After a way down it must be what it was before the way up, and after going up again what it
 * was after the first time. A migration that is irreversible ends the way down.
 *
 * Rows are for a table, one a migration. The differences are those of fingerprint_differences().
 *
 *     struct trial t = {.db = scratch, .a = a, .graph = &graph};
 *     err failed = trial_run(&t);
 *     for (size_t i = 0; i < graph.n; i++) ... t.rows[i].down ...
 */
#ifndef QUIRE_MIGRATE_TRIAL_H
#define QUIRE_MIGRATE_TRIAL_H

#include <stdbool.h>
#include <stdio.h>

#include "base/err.h"

struct arena;
struct db;
struct graph;

/* What became of one way of a migration. */
enum trial_result {
    TRIAL_NOT_TRIED,
    TRIAL_DONE,
    TRIAL_SAME,
    TRIAL_DIFFERS,
    TRIAL_FAILED,
    TRIAL_IRREVERSIBLE
};

struct trial_row {
    enum trial_result up, down, again;
    int64_t micros; /* all that was tried of it */
};

struct trial {
    struct db *db;
    struct arena *a;
    const struct graph *graph;
    FILE *progress;         /* a line a section; NULL: nowhere */
    bool verbose;           /* and a statement */
    struct trial_row *rows; /* the result: as many as the graph has; also when it fails */
    str *schemas;           /* schemas[i]: the text of the fingerprint after the first i migrations */
    size_t lowest;          /* so many migrations stayed, since the last of them is irreversible */
};

/* ERROR_CONFLICT with the first schema that differs and how; or as a statement did. */
MUST_USE err trial_run(struct trial *t);
/* A word for a table: "ok", "same", "differs", … */
const char *trial_word(enum trial_result result);

#endif

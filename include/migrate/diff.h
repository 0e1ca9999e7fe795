/*
 * diff: what must happen to a schema so that it becomes another, as data: a list of steps in an order that is safe to
 * carry out, and backwards safe to take back.
 *
 * A rename is declared (`.was`), never guessed; without it a column that went and one that came are just that. Order of
 * columns and of keys is no difference. Columns are added where the declaration has them.
 *
 * What no SQL can decide is not made a step but refused, each with its reason: values for a new column that may be
 * neither null nor has a default, types between which nothing is converted, a changed primary key.
 *
 *     struct diff d;
 *     diff_compare(a, &now, &wanted, &d);
 *     for (size_t i = 0; i < d.n; i++) emit_up(&out, &d.steps[i]);       // migrate/emit.h
 */
#ifndef QUIRE_MIGRATE_DIFF_H
#define QUIRE_MIGRATE_DIFF_H

#include "migrate/catalog.h"

struct arena;

/* In the order in which they are taken. What makes room comes before what needs it: an index that a foreign key uses is
 * added before the one that it used goes. */
enum step_kind {
    STEP_RENAME_TABLE,
    STEP_RENAME_COLUMN,
    STEP_DROP_REFERENCE,
    STEP_DROP_CHECK,
    STEP_DROP_INDEX_FIRST, /* an index over a generated column that is made anew */
    STEP_DROP_GENERATED,
    STEP_CHANGE_TABLE, /* engine, collation */
    STEP_CREATE_TABLE,
    STEP_ADD_COLUMN,
    STEP_CHANGE_COLUMN,
    STEP_ADD_GENERATED,
    STEP_FILL, /* the values of a stored counter, from the rows that it counts */
    STEP_RENAME_INDEX,
    STEP_ADD_INDEX,
    STEP_CHANGE_INDEX, /* the same name for something else */
    STEP_DROP_INDEX,
    STEP_DROP_COLUMN,
    STEP_ADD_CHECK,
    STEP_ADD_REFERENCE,
    STEP_DROP_TABLE
};

/* `from` is null for what is added, `to` for what goes; which pair is set follows from the kind. */
struct step {
    enum step_kind kind;
    str table; /* its name at that point; for STEP_RENAME_TABLE the new one */
    const struct table *from_table, *to_table;
    const struct column *from_column, *to_column;
    const struct index *from_index, *to_index;
    const struct reference *from_reference, *to_reference;
    const struct check *from_check, *to_check;
    str old_name;   /* of what is renamed */
    str after;      /* the column behind which one is added; empty: the first */
    str back_after; /* the same when a dropped one is put back */
    str loses;      /* what cannot be had back: a sentence; empty: nothing */
    str back_loses; /* the same of taking the step back */
    str fails;      /* when the statement fails, depending on the rows: a sentence; empty: never for that */
    str back_fails; /* the same of taking the step back */
};

struct diff {
    struct step *steps;
    size_t n;
    str *refusals; /* one sentence each, beginning with the place */
    size_t refusal_count;
};

/* The steps from one to the other; the arena holds them, and they point into both catalogs. */
void diff_compare(struct arena *a, const struct catalog *from, const struct catalog *to, struct diff *out);

#endif

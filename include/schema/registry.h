/*
 * registry: the list of all resources, and what can be known only by looking at all of them.
 *
 *     for (size_t i = 0; i < models.count; i++) use(models.resources[i]);
 *     err e = schema_check(a, &models);        // at start: a hole in a declaration is named
 */
#ifndef QUIRE_SCHEMA_REGISTRY_H
#define QUIRE_SCHEMA_REGISTRY_H

#include "base/err.h"
#include "schema/resource.h"

struct arena;

/* Every resource that has a table, referred-to before referring (schema_check() insists where rows go along); kept by
 * app/models/all.c. */
struct registry {
    const struct resource *const *resources;
    size_t count;
};

/* A statement whose shape cannot be derived: a constant of its model, with the kinds of its columns. */
struct statement {
    const char *name;
    str sql;
    size_t values;  /* how many it binds */
    size_t columns; /* how many it returns; 0 for a write */
    const enum value_kind *kinds;
    bool locks; /* locks what it reads: it belongs to the transaction */
};

/* Checks every declaration: types complete, relations pointing where they say, keys serving every field that
 * is filtered or sorted by, shapes well-formed. ERROR_INTERNAL whose detail names resource, field and
 * mistake, all mistakes, a line each. */
MUST_USE err schema_check(struct arena *a, const struct registry *all);
/* The same of what a route reads, which is in no registry when it is a form: its fields, and whether each that clients
 * send can be read, from JSON or, with `texts`, from a form's or a query's pairs. A line each; NULL: there are none. */
const char *schema_form_mistakes(struct arena *a, const struct resource *form, bool texts);

#endif

/*
 * query_part: what the files of engine/query share: the parameters of a list (query.c) and those that say what is shown
 * of a row (query_view.c). Nobody else has a use for it.
 *
 *     const struct pair *fields = query_sent(r, STR("fields"));
 *     for (size_t at = 0; query_next_name(fields->value, &at, &name);) ...
 */
#ifndef QUIRE_ENGINE_QUERY_PART_H
#define QUIRE_ENGINE_QUERY_PART_H

#include "engine/query.h"

/* What is read and what it is read from. */
struct query_reading {
    struct problems *problems;
    struct arena *arena;
    const struct query *query;
    struct plan *plan;
};

/* The parameter of that name, or NULL. */
const struct pair *query_sent(const struct query_reading *r, str name);
/* The next of comma-separated names; false behind the last. */
bool query_next_name(str list, size_t *at, str *name);
/* Whether a parameter lists no more names than it may; else says so. */
bool query_few_names(const struct query_reading *r, str parameter, str list, size_t most);
/* "Input should be 'id', 'title' or 'date'" */
void query_refuse(const struct query_reading *r, str parameter, str value, const struct query_names *allowed);
/* Makes the plan show what is asked for: the members of the usual shape that `fields` names, and the relations that
 * `include` names. */
void query_show(const struct query_reading *r);

#endif

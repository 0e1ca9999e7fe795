/*
 * expression: what can be said of the text of an SQL expression, or of a list of columns, without knowing SQL: whether
 * two are the same but for spelling, and the same with a column renamed.
 *
 *     expression_same(a, STR("`rating` >= 1 and `rating` <= 5"), STR("rating >= 1 AND rating <= 5"))  ->  true
 *     expression_rename(a, STR("title, body(10)"), STR("body"), STR("content"))  ->  "title, content(10)"
 */
#ifndef QUIRE_MIGRATE_EXPRESSION_H
#define QUIRE_MIGRATE_EXPRESSION_H

#include <stdbool.h>

#include "base/str.h"

struct arena;

/* Whether they differ only in blanks, in backticks, in the case of what is not quoted, and in parentheses around
 * all. */
bool expression_same(struct arena *a, str x, str y);
/* A copy in which the name stands as `to` wherever it stands as a word or in backticks outside of strings. */
str expression_rename(struct arena *a, str text, str name, str to);

#endif

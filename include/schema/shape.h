/*
 * shape: what is wrong with a selection of fields to show, found at start, so that plan and render meet only what they
 * can show.
 *
 * A mistake is the end of a sentence that says where the shape stands: "shows password_hash, which cannot be shown".
 *
 *     const char *mistake = shape_mistake(a, &user_public, false);
 */
#ifndef QUIRE_SCHEMA_SHAPE_H
#define QUIRE_SCHEMA_SHAPE_H

#include "schema/resource.h"

struct arena;

/* A field that it cannot show, or shows twice, or a member of a FLAT row that it has already; NULL: there is none.
 * Lists of rows and marks are shown where rows stand for themselves, not `inside` of others. */
const char *shape_mistake(struct arena *a, const struct shape *shape, bool inside);
/* More columns or joins than a statement has, for a shape without a mistake; NULL: they are enough. `asked`: with every
 * relation ON_REQUEST that a request can add. */
const char *shape_excess(struct arena *a, const struct shape *shape, bool asked);

#endif

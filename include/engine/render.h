/*
 * render: rows of a plan as JSON, straight into the output buffer, following the plan's shape.
 *
 *     render_list(&out, plan.shape, &rows);       // [{…},{…}]
 *     render_row(&out, plan.shape, rows.cells);   // {…}
 */
#ifndef QUIRE_ENGINE_RENDER_H
#define QUIRE_ENGINE_RENDER_H

#include "base/buf.h"
#include "io/stmt.h"
#include "schema/resource.h"

/* One object of the shape; cells are its shape_width() columns. */
void render_row(struct buf *b, const struct shape *shape, const struct value *cells);
/* A JSON array of objects. */
void render_list(struct buf *b, const struct shape *shape, const struct rows *rows);
/* One value as JSON, as its field shows it. */
void render_value(struct buf *b, const struct field *f, struct value v);
/* One value for a sentence: no quotes. */
void render_plain(struct buf *b, struct value v);

#endif

/*
 * render: rows of a plan as JSON, straight into the output buffer, following the plan's shape.
 *
 *     render_list(&out, &plan, &page);       // [{…},{…}]
 *     render_row(&out, &plan, &page, 0);     // {…}
 */
#ifndef QUIRE_ENGINE_RENDER_H
#define QUIRE_ENGINE_RENDER_H

#include "base/buf.h"
#include "engine/load.h"

/* Row number `row` of a page as an object, with its relations. */
void render_row(struct buf *b, const struct plan *p, const struct page *page, size_t row);
/* A JSON array of all rows. */
void render_list(struct buf *b, const struct plan *p, const struct page *page);
/* An object of the shape, which has no relations to many, from its shape_width() cells. */
void render_cells(struct buf *b, const struct shape *shape, const struct value *cells);
/* One value as JSON, as its field shows it. */
void render_value(struct buf *b, const struct field *f, struct value v);
/* One value for a sentence: no quotes. */
void render_plain(struct buf *b, struct value v);

#endif

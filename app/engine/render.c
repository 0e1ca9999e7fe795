#include "engine/render.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/json_out.h"
#include "base/uuid.h"
#include "engine/plan.h"

void render_plain(struct buf *b, struct value v)
{
    switch (v.kind) {
    case VALUE_INT:
        buf_int(b, v.i);
        return;
    case VALUE_BOOL:
        json_put_bool(b, v.i != 0);
        return;
    case VALUE_DOUBLE:
        json_put_double(b, v.d);
        return;
    case VALUE_TEXT:
        buf_str(b, v.text);
        return;
    case VALUE_BYTES:
        uuid_put(b, (const unsigned char *)v.text.p);
        return;
    case VALUE_TIME:
        clock_put_time(b, v.i);
        return;
    case VALUE_DATE:
        clock_put_date(b, v.i);
        return;
    case VALUE_ABSENT:
    case VALUE_NULL:
        buf_lit(b, "null");
        return;
    }
    abort();
}

static void put_choice(struct buf *b, const struct choice *choices, int64_t stored)
{
    for (const struct choice *c = choices; c->name != NULL; c++) {
        if (c->stored == stored) {
            json_put_str(b, str_of(c->name));
            return;
        }
    }
    abort(); /* the table's CHECK allows no other */
}

void render_value(struct buf *b, const struct field *f, struct value v)
{
    if (f->type == FIELD_CHOICE && v.kind == VALUE_INT) {
        put_choice(b, f->choices, v.i);
        return;
    }
    switch (v.kind) {
    case VALUE_TEXT:
        json_put_str(b, v.text);
        return;
    case VALUE_BYTES:
    case VALUE_TIME:
    case VALUE_DATE:
        buf_char(b, '"');
        render_plain(b, v);
        buf_char(b, '"');
        return;
    case VALUE_INT:
    case VALUE_BOOL:
    case VALUE_DOUBLE:
    case VALUE_ABSENT:
    case VALUE_NULL:
        render_plain(b, v);
        return;
    }
    abort();
}

static void put_name(struct buf *b, const char *name, bool *first)
{
    if (*first) {
        buf_char(b, '"');
        *first = false;
    } else {
        buf_lit(b, ",\"");
    }
    buf_c(b, name);
    buf_lit(b, "\":");
}

static const struct value *put_members(struct buf *b, const struct shape *shape, const struct value *cells,
                                       bool *first);

/* An embedded row: null when its reference is. Returns the cell behind it. */
static const struct value *put_one(struct buf *b, const struct field *f, const struct value *cells,
                                   bool *first)
{
    if ((f->flags & FLAT) != 0) {
        return put_members(b, f->show, cells, first);
    }
    put_name(b, f->name, first);
    if (cells->kind == VALUE_NULL) {
        buf_lit(b, "null");
        return cells + shape_width(f->show);
    }
    bool inner = true;
    buf_char(b, '{');
    cells = put_members(b, f->show, cells, &inner);
    buf_char(b, '}');
    return cells;
}

static const struct value *put_members(struct buf *b, const struct shape *shape, const struct value *cells,
                                       bool *first)
{
    for (size_t i = 0; i < shape->count; i++) {
        const struct field *f = &shape->resource->fields[shape->fields[i]];
        if (f->type == FIELD_ONE) {
            cells = put_one(b, f, cells, first);
        } else {
            put_name(b, f->name, first);
            render_value(b, f, *cells++);
        }
    }
    return cells;
}

void render_row(struct buf *b, const struct shape *shape, const struct value *cells)
{
    bool first = true;
    buf_char(b, '{');
    (void)put_members(b, shape, cells, &first);
    buf_char(b, '}');
}

void render_list(struct buf *b, const struct shape *shape, const struct rows *rows)
{
    buf_char(b, '[');
    for (size_t i = 0; i < rows->n; i++) {
        if (i > 0) {
            buf_char(b, ',');
        }
        render_row(b, shape, rows->cells + i * rows->columns);
    }
    buf_char(b, ']');
}

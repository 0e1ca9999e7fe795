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
    case VALUE_LIST: /* of input only */
        buf_lit(b, "null");
        return;
    }
    abort();
}

static void put_choice(struct buf *b, const struct field *f, int64_t stored)
{
    const struct choice *c = field_choice(f, stored);
    if (c == NULL) {
        abort(); /* engine/load gives no row with another */
    }
    json_put_str(b, str_of(c->name));
}

void render_value(struct buf *b, const struct field *f, struct value v)
{
    if (f->type == FIELD_CHOICE && v.kind == VALUE_INT) {
        put_choice(b, f, v.i);
        return;
    }
    if (f->type == FIELD_TEXTS && v.kind == VALUE_TEXT) {
        buf_str(b, v.text); /* is JSON, of our own making */
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
    case VALUE_LIST:
        render_plain(b, v);
        return;
    }
    abort();
}

static void put_name(struct buf *b, const struct field *f, bool *first)
{
    size_t comma = *first ? 1 : 0; /* before the first member there is none */
    *first = false;
    buf_put(b, f->member.p + comma, f->member.n - comma);
}

/* Where a row is written: at the top there may be members left out and relations; embedded rows have neither. */
struct showing {
    struct buf *out;
    const struct plan *plan;   /* NULL: an embedded row */
    const struct page *page;   /* the relations of the plan's rows; NULL: it has none */
    const struct value *cells; /* the whole row */
    unsigned many;             /* relations written so far */
    bool first;
};

static const struct value *put_members(struct showing *s, const struct shape *shape,
                                       const struct value *cells);

static const struct value *put_object(struct buf *b, const struct shape *shape, const struct value *cells)
{
    struct showing inner = {.out = b, .first = true};
    buf_char(b, '{');
    cells = put_members(&inner, shape, cells);
    buf_char(b, '}');
    return cells;
}

/* An embedded row: null when there is none. Returns the cell behind it. */
static const struct value *put_one(struct showing *s, const struct field *f, const struct value *cells)
{
    if ((f->flags & FLAT) != 0) {
        return put_members(s, f->show, cells);
    }
    put_name(s->out, f, &s->first);
    if (cells->kind == VALUE_NULL) {
        buf_lit(s->out, "null");
        return cells + shape_width(f->show);
    }
    return put_object(s->out, f->show, cells);
}

static bool same_key(struct value a, struct value b)
{
    if (a.kind != b.kind) {
        return false;
    }
    return a.kind == VALUE_BYTES || a.kind == VALUE_TEXT ? str_eq(a.text, b.text) : a.i == b.i;
}

/* The rows of the next relation that belong to this row. */
static void put_many(struct showing *s, const struct field *f)
{
    if (s->plan == NULL) {
        abort(); /* schema_check() lets no embedded row show a relation to many */
    }
    unsigned i = s->many++;
    const struct rows *rows = &s->page->many[i];
    struct value parent = s->cells[s->plan->many[i].column];
    size_t at = 0;
    put_name(s->out, f, &s->first);
    buf_char(s->out, '[');
    while (at < rows->n && !same_key(rows->cells[at * rows->columns], parent)) {
        at++;
    }
    for (size_t n = 0; at < rows->n && same_key(rows->cells[at * rows->columns], parent); n++, at++) {
        buf_c(s->out, n > 0 ? "," : "");
        (void)put_object(s->out, f->show, rows->cells + at * rows->columns + 1);
    }
    buf_char(s->out, ']');
}

static void put_mark(struct showing *s, struct value v)
{
    if (s->plan == NULL) {
        abort(); /* schema_check() lets no embedded row show one */
    }
    json_put_bool(s->out, s->plan->mark.kind != VALUE_NULL && same_key(v, s->plan->mark));
}

static void put_member(struct showing *s, const struct field *f, struct value v)
{
    put_name(s->out, f, &s->first);
    if (f->type == FIELD_MARK) {
        put_mark(s, v);
    } else {
        render_value(s->out, f, v);
    }
}

static const struct value *put_members(struct showing *s, const struct shape *shape,
                                       const struct value *cells)
{
    for (size_t i = 0; i < shape->count; i++) {
        const struct field *f = &shape->resource->fields[shape->fields[i]];
        if (f->type == FIELD_MANY) {
            put_many(s, f);
        } else if (field_is_one(f)) {
            cells = put_one(s, f, cells);
        } else if (s->plan != NULL && !plan_shows(s->plan, f)) {
            cells++;
        } else {
            put_member(s, f, *cells++);
        }
    }
    return cells;
}

void render_row(struct buf *b, const struct plan *p, const struct page *page, size_t row)
{
    struct showing s = {.out = b,
                        .plan = p,
                        .page = page,
                        .cells = page->rows.cells + row * page->rows.columns,
                        .first = true};
    buf_char(b, '{');
    (void)put_members(&s, p->shape, s.cells);
    buf_char(b, '}');
}

void render_cells(struct buf *b, const struct shape *shape, const struct value *cells)
{
    (void)put_object(b, shape, cells);
}

void render_list(struct buf *b, const struct plan *p, const struct page *page)
{
    buf_char(b, '[');
    for (size_t i = 0; i < page->rows.n; i++) {
        if (i > 0) {
            buf_char(b, ',');
        }
        render_row(b, p, page, i);
    }
    buf_char(b, ']');
}

#include "engine/load.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "engine/render.h"
#include "engine/sql.h"

/* A page has at most so many rows; a power of two. */
enum { MANY_MAX_PARENTS = 128 };

void load_kinds(const struct plan *p, enum value_kind *kinds)
{
    for (unsigned i = 0; i < p->column_count; i++) {
        const struct field *f = p->columns[i].field;
        kinds[i] = f == NULL ? VALUE_DOUBLE : field_kind(f);
    }
}

/* Whether every choice is known, in rows of the plan's columns behind `ahead` others. While programs are exchanged, a
 * newer one may have stored what this one has no name for: then one request fails, not the worker. */
static err know_choices(struct arena *a, const struct plan *p, const struct rows *rows, size_t ahead)
{
    for (unsigned i = 0; i < p->column_count; i++) {
        const struct field *f = p->columns[i].field;
        for (size_t row = 0; f != NULL && f->type == FIELD_CHOICE && row < rows->n; row++) {
            struct value v = rows->cells[row * rows->columns + ahead + i];
            if (v.kind == VALUE_INT && field_choice(f, v.i) == NULL) {
                return error_cause(a, ERROR_INTERNAL,
                                   "%s is stored as %lld, which is no choice of this program", f->name,
                                   (long long)v.i);
            }
        }
    }
    return NULL;
}

err load_rows(struct db *db, struct arena *a, const struct plan *p, struct rows *out)
{
    enum value_kind kinds[PLAN_MAX_COLUMNS];
    struct sql s;
    load_kinds(p, kinds);
    sql_select(&s, a, p);
    str text = buf_view(&s.text);
    struct rows rows;
    TRY(p->lock   ? stmt_lock(db, a, text, s.values, s.count, kinds, p->column_count, &rows)
        : p->peek ? stmt_read_page(db, a, text, s.values, s.count, kinds, p->column_count, &rows)
                  : stmt_read(db, a, text, s.values, s.count, kinds, p->column_count, &rows));
    TRY(know_choices(a, p, &rows, 0));
    *out = rows;
    return NULL;
}

err load_count(struct db *db, struct arena *a, const struct plan *p, int64_t *out)
{
    static const enum value_kind kinds[] = {VALUE_INT};
    struct sql s;
    struct rows rows;
    sql_count(&s, a, p);
    str text = buf_view(&s.text);
    TRY(p->lock ? stmt_lock(db, a, text, s.values, s.count, kinds, 1, &rows)
                : stmt_read(db, a, text, s.values, s.count, kinds, 1, &rows));
    *out = rows.cells[0].i;
    return NULL;
}

/* Backward, rows come in the wrong order. */
static void turn_around(struct arena *a, struct rows *rows)
{
    size_t width = sizeof *rows->cells * rows->columns;
    struct value *turned = arena_alloc(a, width * rows->n);
    for (size_t i = 0; i < rows->n; i++) {
        memcpy(turned + (rows->n - 1 - i) * rows->columns, rows->cells + i * rows->columns, width);
    }
    rows->cells = turned;
}

/* The next power of two: few different statements for pages of all sizes. */
static size_t padded(size_t n)
{
    size_t power = 1;
    while (power < n) {
        power *= 2;
    }
    return power;
}

/* The rows of relation m for all rows of the page. What no row can refer to (null) is left out. */
static err load_many(struct db *db, struct arena *a, const struct plan_many *m, const struct rows *page,
                     struct rows *out)
{
    struct value parents[MANY_MAX_PARENTS];
    enum value_kind kinds[1 + PLAN_MAX_COLUMNS];
    struct plan p;
    struct sql s;
    size_t n = 0;
    for (size_t i = 0; i < page->n && n < MANY_MAX_PARENTS; i++) {
        struct value key = page->cells[i * page->columns + m->column];
        if (key.kind != VALUE_NULL) {
            parents[n++] = key;
        }
    }
    if (n == 0) {
        *out = (struct rows){0};
        return NULL;
    }
    for (size_t all = padded(n); n < all; n++) {
        parents[n] = value_null();
    }
    plan_init(&p, m->many->to, m->many->show);
    kinds[0] = parents[0].kind;
    load_kinds(&p, kinds + 1);
    sql_many(&s, a, m->many, &p, parents, n);
    struct rows rows;
    TRY(stmt_read(db, a, buf_view(&s.text), s.values, s.count, kinds, 1 + p.column_count, &rows));
    TRY(know_choices(a, &p, &rows, 1));
    *out = rows;
    return NULL;
}

err load_relations(struct db *db, struct arena *a, const struct plan *p, struct page *out)
{
    for (unsigned i = 0; i < p->many_count; i++) {
        TRY(load_many(db, a, &p->many[i], &out->rows, &out->many[i]));
    }
    return NULL;
}

err load_page(struct db *db, struct arena *a, const struct plan *p, struct page *out)
{
    struct page page = {.more = false};
    if (p->many_count > 0 && p->limit > MANY_MAX_PARENTS) {
        abort(); /* relations are shown of pages, whose limit is far lower */
    }
    TRY(load_rows(db, a, p, &page.rows));
    if (p->peek && p->limit > 0 && page.rows.n > (uint64_t)p->limit) {
        page.more = true;
        page.rows.n = (size_t)p->limit;
    }
    page.more = page.more || page.rows.cut;
    if (p->seek.backward) {
        turn_around(a, &page.rows);
    }
    TRY(load_relations(db, a, p, &page));
    *out = page;
    return NULL;
}

err load_not_found(struct arena *a, const struct resource *r, const struct field *key, struct value value)
{
    struct buf b;
    buf_init(&b, a, 64, 4096);
    render_plain(&b, value);
    return error_new(a, ERROR_NOT_FOUND, "%s with %s: %.*s not found", r->name, key->name,
                     STR_ARGS(buf_view(&b)));
}

err load_one(struct db *db, struct arena *a, const struct plan *p, const struct field *key,
             struct value value, struct page *out)
{
    struct page page;
    TRY(load_page(db, a, p, &page));
    if (page.rows.n == 0) {
        return load_not_found(a, p->resource, key, value);
    }
    *out = page;
    return NULL;
}

err load_statement(struct db *db, struct arena *a, const struct statement *s, const struct value *values,
                   struct rows *out)
{
    return s->locks ? stmt_lock(db, a, s->sql, values, s->values, s->kinds, s->columns, out)
                    : stmt_read(db, a, s->sql, values, s->values, s->kinds, s->columns, out);
}

err load_statement_page(struct db *db, struct arena *a, const struct statement *s, const struct value *values,
                        struct rows *out)
{
    return stmt_read_page(db, a, s->sql, values, s->values, s->kinds, s->columns, out);
}

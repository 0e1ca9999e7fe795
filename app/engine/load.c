#include "engine/load.h"

#include "base/arena.h"
#include "engine/render.h"
#include "engine/sql.h"

err load_page(struct db *db, struct arena *a, const struct plan *p, struct rows *out)
{
    enum value_kind kinds[PLAN_MAX_COLUMNS];
    struct sql s;
    for (unsigned i = 0; i < p->column_count; i++) {
        kinds[i] = field_kind(p->columns[i].field);
    }
    sql_select(&s, a, p);
    str text = buf_view(&s.text);
    return p->lock ? stmt_lock(db, a, text, s.values, s.count, kinds, p->column_count, out)
                   : stmt_read(db, a, text, s.values, s.count, kinds, p->column_count, out);
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
             struct value value, struct rows *out)
{
    struct rows rows;
    TRY(load_page(db, a, p, &rows));
    if (rows.n == 0) {
        return load_not_found(a, p->resource, key, value);
    }
    *out = rows;
    return NULL;
}

err load_statement(struct db *db, struct arena *a, const struct statement *s, const struct value *values,
                   struct rows *out)
{
    return s->locks ? stmt_lock(db, a, s->sql, values, s->values, s->kinds, s->columns, out)
                    : stmt_read(db, a, s->sql, values, s->values, s->kinds, s->columns, out);
}

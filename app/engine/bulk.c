#include "engine/bulk.h"

#include <stdlib.h>

#include "base/arena.h"
#include "engine/write.h"
#include "io/stmt.h"

enum { TEXT_BYTES = 1 << 20 };

static bool has_cell(const struct field *f, struct value v)
{
    return v.kind != VALUE_ABSENT && field_has_column(f);
}

void bulk_sql(struct bulk_sql *s, struct arena *a, const struct resource *r, const struct value *rows,
              size_t n)
{
    size_t columns = 0;
    buf_init(&s->text, a, 4096, TEXT_BYTES);
    buf_printf(&s->text, "INSERT INTO %s (", r->table);
    for (size_t i = 0; i < r->field_count; i++) {
        if (has_cell(&r->fields[i], rows[i])) {
            buf_c(&s->text, columns++ == 0 ? "" : ", ");
            buf_c(&s->text, r->fields[i].name);
        }
    }
    s->values = ARENA_ARRAY(a, struct value, columns * n);
    s->count = 0;
    for (size_t row = 0; row < n; row++) {
        buf_c(&s->text, row == 0 ? ") VALUES (" : "), (");
        size_t before = s->count;
        for (size_t i = 0; i < r->field_count; i++) {
            const struct value *v = &rows[row * r->field_count + i];
            if (has_cell(&r->fields[i], rows[i]) != has_cell(&r->fields[i], *v)) {
                abort();
            }
            if (has_cell(&r->fields[i], *v)) {
                buf_c(&s->text, s->count == before ? "?" : ",?");
                s->values[s->count++] = *v;
            }
        }
    }
    buf_char(&s->text, ')');
    if (s->text.full || s->count > STMT_MAX_VALUES) {
        abort();
    }
}

/* What the program or the database would otherwise make up. */
static bool must_be_given(const struct field *f)
{
    return f->type == FIELD_COUNT || f->type == FIELD_SUM || (f->flags & GENERATED) != 0 ||
           (field_has_column(f) && f->initial.kind == INITIAL_NOW);
}

err bulk_insert(struct db *db, struct arena *a, const struct resource *r, struct value *rows, size_t n)
{
    struct bulk_sql s;
    struct written done;
    for (size_t row = 0; row < n; row++) {
        struct value *cells = rows + row * r->field_count;
        for (size_t i = 0; i < r->field_count; i++) {
            if (must_be_given(&r->fields[i]) && cells[i].kind == VALUE_ABSENT) {
                abort();
            }
        }
        write_fold(a, r, cells);
    }
    bulk_sql(&s, a, r, rows, n);
    err e = stmt_write(db, a, buf_view(&s.text), s.values, s.count, &done);
    return e == NULL ? NULL : write_explain(db, a, r, e);
}

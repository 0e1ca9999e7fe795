#include "engine/ddl.h"

#include <stdlib.h>

/* The longest text that is still a VARCHAR here: beyond it a row would not fit its page. */
enum { VARCHAR_MAX = 1000 };

static void put_type(struct buf *out, const struct field *f)
{
    switch (f->type) {
    case FIELD_ID:
    case FIELD_INT:
    case FIELD_COUNT:
    case FIELD_SUM:
    case FIELD_VERSION:
        buf_lit(out, "BIGINT");
        return;
    case FIELD_BOOL:
        buf_lit(out, "TINYINT(1)");
        return;
    case FIELD_CHOICE:
        buf_lit(out, "TINYINT");
        return;
    case FIELD_AVERAGE:
        buf_lit(out, "DOUBLE");
        return;
    case FIELD_TEXT:
    case FIELD_URL:
    case FIELD_EMAIL:
        if (f->max <= VARCHAR_MAX) {
            buf_printf(out, "VARCHAR(%lld)", (long long)f->max);
        } else {
            buf_lit(out, "MEDIUMTEXT");
        }
        return;
    case FIELD_TIME:
        buf_lit(out, "DATETIME(6)");
        return;
    case FIELD_DATE:
        buf_lit(out, "DATE");
        return;
    case FIELD_UUID:
        buf_lit(out, "BINARY(16)");
        return;
    case FIELD_BYTES:
    case FIELD_FOLD:
        if (f->max <= VARCHAR_MAX * 4) {
            buf_printf(out, "VARBINARY(%lld)", (long long)f->max);
        } else {
            buf_lit(out, "MEDIUMBLOB");
        }
        return;
    case FIELD_REF:
        put_type(out, field_target(f));
        return;
    case FIELD_NONE:
    case FIELD_PASSWORD:
    case FIELD_ONE:
    case FIELD_HAS:
    case FIELD_MANY:
    case FIELD_LIST:
    case FIELD__MAX:
        break;
    }
    abort(); /* has no column */
}

static void put_default(struct buf *out, const struct field *f)
{
    switch (f->initial.kind) {
    case INITIAL_INT:
        buf_printf(out, " DEFAULT %lld", (long long)f->initial.i);
        return;
    case INITIAL_TEXT:
        buf_printf(out, " DEFAULT '%s'", f->initial.text); /* a literal of the source, without quotes in it */
        return;
    case INITIAL_NOW:
        buf_lit(out, " DEFAULT CURRENT_TIMESTAMP(6)");
        return;
    case INITIAL_NONE:
        break;
    }
    if (f->type == FIELD_COUNT || f->type == FIELD_SUM) {
        buf_lit(out, " DEFAULT 0");
    } else if (f->type == FIELD_VERSION) {
        buf_lit(out, " DEFAULT 1");
    } else if ((f->flags & NULLABLE) != 0) {
        buf_lit(out, " DEFAULT NULL");
    }
}

static void put_column(struct buf *out, const struct resource *r, const struct field *f)
{
    buf_printf(out, "  %s ", f->name);
    put_type(out, f);
    if (f->type == FIELD_AVERAGE) {
        buf_printf(out, " GENERATED ALWAYS AS (%s * 1e0 / NULLIF(%s, 0)) STORED", r->fields[f->of].name,
                   r->fields[f->key].name);
        return;
    }
    buf_c(out, (f->flags & NULLABLE) != 0 ? " NULL" : " NOT NULL");
    put_default(out, f);
    if (f->type == FIELD_ID) {
        buf_lit(out, " AUTO_INCREMENT");
    }
}

static void put_key(struct buf *out, const struct resource *r, const struct key *k)
{
    static const char *const words[] = {[KEY_PRIMARY] = "PRIMARY KEY",
                                        [KEY_UNIQUE] = "UNIQUE KEY uq",
                                        [KEY_INDEX] = "KEY ix",
                                        [KEY_FULLTEXT] = "FULLTEXT KEY ft"};
    buf_printf(out, ",\n  %s", words[k->kind]);
    if (k->kind != KEY_PRIMARY) {
        buf_printf(out, "_%s", r->table);
        for (unsigned i = 0; i < k->count; i++) {
            buf_printf(out, "_%s", r->fields[k->fields[i]].name);
        }
    }
    for (unsigned i = 0; i < k->count; i++) {
        buf_printf(out, "%s%s", i == 0 ? " (" : ", ", r->fields[k->fields[i]].name);
    }
    buf_char(out, ')');
}

static void put_reference(struct buf *out, const struct resource *r, const struct field *f)
{
    static const char *const actions[] = {
        [RESTRICT] = "RESTRICT", [CASCADE] = "CASCADE", [SET_NULL] = "SET NULL"};
    buf_printf(out,
               ",\n  CONSTRAINT fk_%s_%s_%s FOREIGN KEY (%s) REFERENCES %s (%s) "
               "ON DELETE %s",
               r->table, f->name, f->to->table, f->name, f->to->table, field_target(f)->name,
               actions[f->on_delete]);
}

static void put_check(struct buf *out, const struct resource *r, const struct field *f)
{
    buf_printf(out, ",\n  CONSTRAINT ck_%s_%s CHECK (%s IN (", r->table, f->name, f->name);
    for (size_t i = 0; f->choices[i].name != NULL; i++) {
        buf_printf(out, "%s%d", i == 0 ? "" : ", ", f->choices[i].stored);
    }
    buf_lit(out, "))");
}

/* The bounds of a number that people send. */
static void put_bounds(struct buf *out, const struct resource *r, const struct field *f)
{
    bool least = f->bounded || f->min != 0;
    bool most = f->bounded || f->max != 0;
    buf_printf(out, ",\n  CONSTRAINT ck_%s_%s CHECK (", r->table, f->name);
    if (least) {
        buf_printf(out, "%s >= %lld%s", f->name, (long long)f->min, most ? " AND " : "");
    }
    if (most) {
        buf_printf(out, "%s <= %lld", f->name, (long long)f->max);
    }
    buf_char(out, ')');
}

void ddl_create_table(struct buf *out, const struct resource *r)
{
    buf_printf(out, "CREATE TABLE %s (\n", r->table);
    bool first = true;
    for (size_t i = 0; i < r->field_count; i++) {
        if (field_has_column(&r->fields[i])) {
            buf_c(out, first ? "" : ",\n");
            put_column(out, r, &r->fields[i]);
            first = false;
        }
    }
    for (size_t i = 0; i < r->key_count; i++) {
        put_key(out, r, &r->keys[i]);
    }
    for (size_t i = 0; i < r->field_count; i++) {
        const struct field *f = &r->fields[i];
        if (f->type == FIELD_REF) {
            put_reference(out, r, f);
        } else if (f->type == FIELD_CHOICE) {
            put_check(out, r, f);
        } else if (f->type == FIELD_INT && (f->bounded || f->min != 0 || f->max != 0)) {
            put_bounds(out, r, f);
        }
    }
    buf_lit(out, "\n) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 "
                 "COLLATE=utf8mb4_unicode_520_ci");
}

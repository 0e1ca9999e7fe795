#include "engine/ddl.h"

#include <stdlib.h>

#include "base/arena.h"

enum { EXPRESSION_BYTES = 4096 };

/* -- columns -- */

static str type_of(struct arena *a, const struct field *f)
{
    switch (f->type) {
    case FIELD_ID:
    case FIELD_INT:
    case FIELD_COUNT:
    case FIELD_SUM:
    case FIELD_VERSION:
        return STR("BIGINT");
    case FIELD_BOOL:
        return STR("TINYINT(1)");
    case FIELD_CHOICE:
        return STR("TINYINT");
    case FIELD_AVERAGE:
        return STR("DOUBLE");
    case FIELD_TEXT:
    case FIELD_URL:
    case FIELD_EMAIL:
        return f->max <= VARCHAR_MAX ? str_format(a, "VARCHAR(%lld)", (long long)f->max) : STR("MEDIUMTEXT");
    case FIELD_TEXTS:
        return STR("MEDIUMTEXT");
    case FIELD_TIME:
        return STR("DATETIME(6)");
    case FIELD_DATE:
        return STR("DATE");
    case FIELD_UUID:
        return STR("BINARY(16)");
    case FIELD_BYTES:
    case FIELD_FOLD:
        return f->max <= VARCHAR_MAX * 4 ? str_format(a, "VARBINARY(%lld)", (long long)f->max)
                                         : STR("MEDIUMBLOB");
    case FIELD_REF:
        return type_of(a, field_target(f));
    case FIELD_NONE:
    case FIELD_PASSWORD:
    case FIELD_ONE:
    case FIELD_HAS:
    case FIELD_MANY:
    case FIELD_LIST:
    case FIELD_MARK:
    case FIELD__MAX:
        break;
    }
    abort(); /* has no column */
}

static str initial_of(struct arena *a, const struct field *f)
{
    switch (f->initial.kind) {
    case INITIAL_INT:
        return str_format(a, "%lld", (long long)f->initial.i);
    case INITIAL_TEXT:
        return str_format(a, "'%s'", f->initial.text); /* a literal of the source, without quotes in it */
    case INITIAL_NOW:
        return STR("CURRENT_TIMESTAMP(6)");
    case INITIAL_NONE:
        break;
    }
    return f->type == FIELD_COUNT || f->type == FIELD_SUM ? STR("0")
           : f->type == FIELD_VERSION                     ? STR("1")
                                                          : STR("");
}

/* What a stored counter or sum of r holds: the rows of `to` whose `key` points to its row. They are counted in a table
 * of their own, so that they can be rows of r itself, which a statement that changes r may not read in MySQL. */
static str fill_of(struct arena *a, const struct resource *r, const struct field *f)
{
    if (f->type != FIELD_COUNT && f->type != FIELD_SUM) {
        return STR("");
    }
    const struct field *key = &f->to->fields[f->key];
    const char *what =
        f->type == FIELD_COUNT ? "COUNT(*)" : str_format(a, "SUM(%s)", f->to->fields[f->of].name).p;
    return str_format(a,
                      "COALESCE((SELECT counted.n FROM (SELECT %s AS k, %s AS n FROM %s GROUP BY %s) counted "
                      "WHERE counted.k = %s.%s), 0)",
                      key->name, what, f->to->table, key->name, r->table, field_target(key)->name);
}

static struct column column_of(struct arena *a, const struct resource *r, const struct field *f)
{
    struct column c = {.name = field_name(f), .type = type_of(a, f)};
    c.was = str_of(f->was == NULL ? "" : f->was);
    c.nullable = (f->flags & NULLABLE) != 0;
    if (f->type == FIELD_AVERAGE) {
        c.expression =
            str_format(a, "%s * 1e0 / NULLIF(%s, 0)", r->fields[f->of].name, r->fields[f->key].name);
        c.stored = true;
        return c;
    }
    c.initial = initial_of(a, f);
    c.counts = f->type == FIELD_ID;
    c.fill = fill_of(a, r, f);
    c.filled_by = c.fill.n > 0 ? str_of(f->to->table) : STR("");
    return c;
}

/* -- keys and constraints -- */

static struct index index_of(struct arena *a, const struct resource *r, const struct key *k)
{
    struct buf columns;
    buf_init(&columns, a, 64, EXPRESSION_BYTES);
    for (unsigned i = 0; i < k->count; i++) {
        buf_printf(&columns, "%s%s", i == 0 ? "" : ", ", r->fields[k->fields[i]].name);
    }
    return (struct index){.name = resource_key_name(a, r, k), .kind = k->kind, .columns = buf_view(&columns)};
}

static struct reference reference_of(struct arena *a, const struct resource *r, const struct field *f)
{
    static const char *const actions[] = {
        [RESTRICT] = "RESTRICT", [CASCADE] = "CASCADE", [SET_NULL] = "SET NULL"};
    return (struct reference){.name = resource_reference_name(a, r, f),
                              .columns = field_name(f),
                              .table = str_of(f->to->table),
                              .to_columns = field_name(field_target(f)),
                              .on_delete = str_of(actions[f->on_delete]),
                              .on_update = STR("RESTRICT")};
}

/* The values of a choice, or the bounds of a number that people send. */
static bool check_of(struct arena *a, const struct resource *r, const struct field *f, struct check *out)
{
    struct buf clause;
    buf_init(&clause, a, 64, EXPRESSION_BYTES);
    if (f->type == FIELD_CHOICE) {
        for (size_t i = 0; f->choices[i].name != NULL; i++) {
            buf_printf(&clause, "%s%d", i == 0 ? str_format(a, "%s IN (", f->name).p : ", ",
                       f->choices[i].stored);
        }
        buf_char(&clause, ')');
    } else if (f->type == FIELD_INT) {
        bool least = f->bounded || f->min != 0;
        bool most = f->bounded || f->max != 0;
        if (least) {
            buf_printf(&clause, "%s >= %lld%s", f->name, (long long)f->min, most ? " AND " : "");
        }
        if (most) {
            buf_printf(&clause, "%s <= %lld", f->name, (long long)f->max);
        }
    }
    *out = (struct check){.name = resource_check_name(a, r, f), .clause = buf_view(&clause)};
    return clause.n > 0;
}

void ddl_describe(struct arena *a, const struct resource *r, struct table *out)
{
    struct table t = {.name = str_of(r->table),
                      .was = str_of(r->was == NULL ? "" : r->was),
                      .engine = TABLE_ENGINE,
                      .collation = TABLE_COLLATION,
                      .columns = ARENA_ARRAY(a, struct column, r->field_count),
                      .indexes = ARENA_ARRAY(a, struct index, r->key_count),
                      .references = ARENA_ARRAY(a, struct reference, r->field_count),
                      .checks = ARENA_ARRAY(a, struct check, r->field_count)};
    for (size_t i = 0; i < r->field_count; i++) {
        const struct field *f = &r->fields[i];
        if (!field_has_column(f)) {
            continue;
        }
        t.columns[t.column_count++] = column_of(a, r, f);
        if (f->type == FIELD_REF) {
            t.references[t.reference_count++] = reference_of(a, r, f);
        }
        t.check_count += check_of(a, r, f, &t.checks[t.check_count]) ? 1 : 0;
    }
    for (size_t i = 0; i < r->key_count; i++) {
        t.indexes[t.index_count++] = index_of(a, r, &r->keys[i]);
    }
    *out = t;
}

#include "engine/sql.h"

#include <stdlib.h>

#include "base/arena.h"

static void start(struct sql *s, struct arena *a)
{
    buf_init(&s->text, a, 512, 64 << 10);
    s->count = 0;
}

static void bind(struct sql *s, struct value v)
{
    if (s->count == SQL_MAX_VALUES) {
        abort();
    }
    s->values[s->count++] = v;
}

/* t0.name; without a table number where a statement has only one table. */
static void put_column(struct sql *s, int table, const struct field *f)
{
    if (table >= 0) {
        buf_char(&s->text, 't');
        buf_int(&s->text, table);
        buf_char(&s->text, '.');
    }
    buf_c(&s->text, f->name);
}

/* The value as a LIKE pattern that finds it anywhere, literally. */
static struct value contains_pattern(struct arena *a, str text)
{
    struct buf b;
    buf_init(&b, a, text.n + 16, SIZE_MAX / 4);
    buf_char(&b, '%');
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] == '%' || text.p[i] == '_' || text.p[i] == '\\') {
            buf_char(&b, '\\');
        }
        buf_char(&b, text.p[i]);
    }
    buf_char(&b, '%');
    return value_text(buf_view(&b));
}

static void put_related(struct sql *s, int table, const struct resource *base, const struct condition *c)
{
    put_column(s, table, &base->fields[resource_key(base)]);
    buf_printf(&s->text, " IN (SELECT %s FROM %s WHERE %s = ?)", c->field->name, c->link->table,
               c->far->name);
    bind(s, c->value);
}

static void put_condition(struct sql *s, int table, const struct resource *base, const struct condition *c)
{
    static const char *const operators[] = {
        [OP_EQ] = " = ?", [OP_NE] = " <> ?", [OP_LT] = " < ?",          [OP_LE] = " <= ?",
        [OP_GT] = " > ?", [OP_GE] = " >= ?", [OP_CONTAINS] = " LIKE ?",
    };
    if (c->op == OP_RELATED) {
        put_related(s, table, base, c);
        return;
    }
    put_column(s, table, c->field);
    if (c->value.kind == VALUE_NULL) {
        buf_c(&s->text, c->op == OP_EQ ? " IS NULL" : " IS NOT NULL");
        return;
    }
    buf_c(&s->text, operators[c->op]);
    bind(s, c->op == OP_CONTAINS ? contains_pattern(s->text.arena, c->value.text) : c->value);
}

static void put_where(struct sql *s, int table, const struct resource *base, const struct where *w)
{
    for (unsigned i = 0; i < w->count; i++) {
        unsigned group = w->list[i].group;
        bool alternative = i > 0 && group != 0 && w->list[i - 1].group == group;
        bool opens = group != 0 && !alternative;
        buf_c(&s->text, i == 0 ? " WHERE " : alternative ? " OR " : " AND ");
        if (opens) {
            buf_char(&s->text, '(');
        }
        put_condition(s, table, base, &w->list[i]);
        if (group != 0 && (i + 1 == w->count || w->list[i + 1].group != group)) {
            buf_char(&s->text, ')');
        }
    }
}

static void put_joins(struct sql *s, const struct plan *p)
{
    for (unsigned i = 0; i < p->join_count; i++) {
        const struct plan_join *j = &p->joins[i];
        const struct resource *to = j->one->to;
        buf_lit(&s->text, " LEFT JOIN ");
        buf_c(&s->text, to->table);
        buf_lit(&s->text, " t");
        buf_uint(&s->text, i + 1);
        buf_lit(&s->text, " ON ");
        put_column(s, (int)i + 1, &to->fields[resource_key(to)]);
        buf_lit(&s->text, " = ");
        put_column(s, (int)j->from, &j->from_resource->fields[j->one->key]);
    }
}

void sql_select(struct sql *s, struct arena *a, const struct plan *p)
{
    start(s, a);
    for (unsigned i = 0; i < p->column_count; i++) {
        buf_c(&s->text, i == 0 ? "SELECT " : ", ");
        put_column(s, (int)p->columns[i].table, p->columns[i].field);
    }
    buf_lit(&s->text, " FROM ");
    buf_c(&s->text, p->resource->table);
    buf_lit(&s->text, " t0");
    put_joins(s, p);
    put_where(s, 0, p->resource, &p->where);
    for (unsigned i = 0; i < p->order_count; i++) {
        buf_c(&s->text, i == 0 ? " ORDER BY " : ", ");
        put_column(s, 0, p->order[i].field);
        if (p->order[i].descending) {
            buf_lit(&s->text, " DESC");
        }
    }
    if (p->limit > 0) {
        buf_lit(&s->text, " LIMIT ? OFFSET ?");
        bind(s, value_int(p->limit));
        bind(s, value_int(p->offset));
    }
    if (p->lock) {
        buf_lit(&s->text, " FOR UPDATE");
    }
}

void sql_insert(struct sql *s, struct arena *a, const struct resource *r, const struct value *row)
{
    start(s, a);
    buf_lit(&s->text, "INSERT INTO ");
    buf_c(&s->text, r->table);
    buf_lit(&s->text, " (");
    for (size_t i = 0; i < r->field_count; i++) {
        if (row[i].kind != VALUE_ABSENT && field_has_column(&r->fields[i])) {
            buf_c(&s->text, s->count == 0 ? "" : ", ");
            buf_c(&s->text, r->fields[i].name);
            bind(s, row[i]);
        }
    }
    buf_lit(&s->text, ") VALUES (");
    for (unsigned i = 0; i < s->count; i++) {
        buf_c(&s->text, i == 0 ? "?" : ", ?");
    }
    buf_char(&s->text, ')');
}

void sql_update(struct sql *s, struct arena *a, const struct resource *r, const struct value *row,
                const struct where *w)
{
    start(s, a);
    buf_printf(&s->text, "UPDATE %s", r->table);
    const char *separator = " SET ";
    for (size_t i = 0; i < r->field_count; i++) {
        const struct field *f = &r->fields[i];
        bool given = row[i].kind != VALUE_ABSENT && field_has_column(f);
        if (!given && (f->flags & TOUCHED) == 0) {
            continue;
        }
        buf_c(&s->text, separator);
        buf_c(&s->text, f->name);
        separator = ", ";
        if (given) {
            buf_lit(&s->text, " = ?");
            bind(s, row[i]);
        } else {
            buf_lit(&s->text, " = CURRENT_TIMESTAMP(6)");
        }
    }
    put_where(s, -1, r, w);
}

void sql_delete(struct sql *s, struct arena *a, const struct resource *r, const struct where *w)
{
    start(s, a);
    buf_printf(&s->text, "DELETE FROM %s", r->table);
    put_where(s, -1, r, w);
}

/* Whether counter f of parent counts the rows of child by its reference ref. */
static bool counts(const struct field *f, const struct resource *child, const struct field *ref)
{
    return (f->type == FIELD_COUNT || f->type == FIELD_SUM) && f->to == child &&
           &child->fields[f->key] == ref;
}

/* Whether a change of the child's row to `row` (NULL: its removal) moves the counter. */
static bool moves(const struct field *counter, const struct value *row)
{
    return row == NULL || (counter->type == FIELD_SUM && row[counter->of].kind != VALUE_ABSENT);
}

static bool any_moves(const struct resource *child, const struct field *ref, const struct value *row)
{
    for (size_t i = 0; i < ref->to->field_count; i++) {
        if (counts(&ref->to->fields[i], child, ref) && moves(&ref->to->fields[i], row)) {
            return true;
        }
    }
    return false;
}

/* The totals by which counters fall: COUNT(*), SUM(of), or for a change the sum of the differences. */
static void put_totals(struct sql *s, const struct resource *child, const struct field *ref,
                       const struct value *row)
{
    const struct resource *parent = ref->to;
    for (size_t i = 0; i < parent->field_count; i++) {
        const struct field *f = &parent->fields[i];
        if (!counts(f, child, ref) || !moves(f, row)) {
            continue;
        }
        if (f->type == FIELD_COUNT) {
            buf_printf(&s->text, ", COUNT(*) AS c%zu", i);
        } else if (row == NULL) {
            buf_printf(&s->text, ", SUM(%s) AS c%zu", child->fields[f->of].name, i);
        } else {
            buf_printf(&s->text, ", SUM(%s - ?) AS c%zu", child->fields[f->of].name, i);
            bind(s, row[f->of]);
        }
    }
}

bool sql_count_off(struct sql *s, struct arena *a, const struct resource *child, const struct field *ref,
                   const struct value *row, const struct where *w)
{
    const struct resource *parent = ref->to;
    if (!any_moves(child, ref, row)) {
        return false;
    }
    start(s, a);
    buf_printf(&s->text, "UPDATE %s p JOIN (SELECT %s AS k", parent->table, ref->name);
    put_totals(s, child, ref, row);
    buf_printf(&s->text, " FROM %s", child->table);
    put_where(s, -1, child, w);
    buf_printf(&s->text, " GROUP BY %s) d ON d.k = p.%s", ref->name,
               parent->fields[resource_key(parent)].name);
    const char *separator = " SET";
    for (size_t i = 0; i < parent->field_count; i++) {
        const struct field *f = &parent->fields[i];
        if (counts(f, child, ref) && moves(f, row)) {
            buf_printf(&s->text, "%s p.%s = p.%s - d.c%zu", separator, f->name, f->name, i);
            separator = ",";
        }
    }
    return true;
}

bool sql_count_on(struct sql *s, struct arena *a, const struct resource *child, const struct field *ref,
                  const struct value *row)
{
    const struct resource *parent = ref->to;
    bool any = false;
    start(s, a);
    buf_printf(&s->text, "UPDATE %s", parent->table);
    for (size_t i = 0; i < parent->field_count; i++) {
        const struct field *f = &parent->fields[i];
        if (!counts(f, child, ref)) {
            continue;
        }
        buf_printf(&s->text, "%s %s = %s + ", any ? "," : " SET", f->name, f->name);
        any = true;
        if (f->type == FIELD_COUNT) {
            buf_char(&s->text, '1');
        } else {
            buf_char(&s->text, '?');
            bind(s, row[f->of]);
        }
    }
    if (!any) {
        return false;
    }
    buf_printf(&s->text, " WHERE %s = ?", parent->fields[resource_key(parent)].name);
    bind(s, row[ref - child->fields]);
    return true;
}

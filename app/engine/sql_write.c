#include "engine/sql.h"
#include "engine/sql_part.h"

void sql_insert(struct sql *s, struct arena *a, const struct resource *r, const struct value *row)
{
    sql_start(s, a);
    buf_lit(&s->text, "INSERT INTO ");
    buf_c(&s->text, r->table);
    buf_lit(&s->text, " (");
    for (size_t i = 0; i < r->field_count; i++) {
        if (row[i].kind != VALUE_ABSENT && field_has_column(&r->fields[i])) {
            buf_c(&s->text, s->count == 0 ? "" : ", ");
            buf_c(&s->text, r->fields[i].name);
            sql_bind(s, row[i]);
        }
    }
    buf_lit(&s->text, ") VALUES (");
    for (unsigned i = 0; i < s->count; i++) {
        buf_c(&s->text, i == 0 ? "?" : ", ?");
    }
    buf_char(&s->text, ')');
}

/* What is known of a field of the row that this one refers to; absent when it must be looked for. */
static struct value known_value(const struct plan *p, const struct plan_join *j, const struct field *f)
{
    const struct value nothing = {.kind = VALUE_ABSENT};
    bool known = p->known.row != NULL && p->known.key == j->one->key;
    return known ? p->known.row[f - j->one->to->fields] : nothing;
}

/* A column of the row that this one refers to: (SELECT username FROM users t1 WHERE t1.id = posts.owner_id); or,
 * without looking there, the one that this row's own refers to, or what is known. */
static void put_referred(struct sql *s, const struct plan *p, unsigned table, const struct field *f)
{
    const struct resource *r = p->resource;
    const struct plan_join *j = &p->joins[table - 1];
    const struct field *ref = &r->fields[j->one->key];
    struct value known = known_value(p, j, f);
    if (f == field_target(ref)) {
        sql_put_column(s, -1, ref);
        return;
    }
    if (value_given(known)) {
        buf_char(&s->text, '?');
        sql_bind(s, known);
        return;
    }
    buf_lit(&s->text, "(SELECT ");
    sql_put_column(s, (int)table, f);
    buf_printf(&s->text, " FROM %s t%u WHERE ", j->one->to->table, table);
    sql_put_column(s, (int)table, field_target(ref));
    buf_printf(&s->text, " = %s.%s)", r->table, ref->name);
}

bool sql_can_return(const struct plan *p)
{
    for (unsigned i = 0; i < p->join_count; i++) {
        if (p->joins[i].from != 0 || p->joins[i].one->type != FIELD_ONE) {
            return false;
        }
    }
    return true;
}

void sql_insert_returning(struct sql *s, struct arena *a, const struct resource *r, const struct value *row,
                          const struct plan *p)
{
    sql_insert(s, a, r, row);
    for (unsigned i = 0; i < p->column_count; i++) {
        const struct plan_column *c = &p->columns[i];
        buf_c(&s->text, i == 0 ? " RETURNING " : ", ");
        if (c->table == 0) {
            sql_put_column(s, -1, c->field);
        } else {
            put_referred(s, p, c->table, c->field);
        }
    }
}

void sql_update(struct sql *s, struct arena *a, const struct resource *r, const struct value *row,
                const struct where *w)
{
    sql_start(s, a);
    buf_printf(&s->text, "UPDATE %s", r->table);
    const char *separator = " SET ";
    for (size_t i = 0; i < r->field_count; i++) {
        const struct field *f = &r->fields[i];
        bool given = row[i].kind != VALUE_ABSENT && field_has_column(f);
        if (!given && (f->flags & TOUCHED) == 0 && f->type != FIELD_VERSION) {
            continue;
        }
        buf_c(&s->text, separator);
        buf_c(&s->text, f->name);
        separator = ", ";
        if (given) {
            buf_lit(&s->text, " = ?");
            sql_bind(s, row[i]);
        } else if (f->type == FIELD_VERSION) {
            buf_printf(&s->text, " = %s + 1", f->name);
        } else {
            buf_lit(&s->text, " = CURRENT_TIMESTAMP(6)");
        }
    }
    sql_put_where(s, -1, w);
}

void sql_delete(struct sql *s, struct arena *a, const struct resource *r, const struct where *w,
                const struct field *last_first)
{
    sql_start(s, a);
    buf_printf(&s->text, "DELETE FROM %s", r->table);
    sql_put_where(s, -1, w);
    if (last_first != NULL) {
        buf_printf(&s->text, " ORDER BY %s DESC", last_first->name);
    }
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

bool sql_is_counted(const struct resource *child, const struct field *ref)
{
    return any_moves(child, ref, NULL);
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
            sql_bind(s, row[f->of]);
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
    sql_start(s, a);
    buf_printf(&s->text, "UPDATE %s p JOIN (SELECT %s AS k", parent->table, ref->name);
    put_totals(s, child, ref, row);
    buf_printf(&s->text, " FROM %s", child->table);
    sql_put_where(s, -1, w);
    buf_printf(&s->text, " GROUP BY %s) d ON d.k = p.%s", ref->name, field_target(ref)->name);
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
    sql_start(s, a);
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
            sql_bind(s, row[f->of]);
        }
    }
    if (!any) {
        return false;
    }
    buf_printf(&s->text, " WHERE %s = ?", field_target(ref)->name);
    sql_bind(s, row[ref - child->fields]);
    return true;
}

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

/* t0.post_id IN (SELECT post_id FROM post_tags WHERE tag_uid = ?), or by way of the row that it refers to. */
static void put_related(struct sql *s, const struct condition *c)
{
    const struct relation *by = &c->by;
    if (by->hop == NULL) {
        buf_printf(&s->text, " IN (SELECT %s FROM %s WHERE %s = ?)", by->near->name, by->link->table,
                   by->far->name);
    } else {
        buf_printf(&s->text, " IN (SELECT l.%s FROM %s l JOIN %s f ON f.%s = l.%s WHERE f.%s = ?)",
                   by->near->name, by->link->table, by->far->to->table, field_target(by->far)->name,
                   by->far->name, by->hop->name);
    }
    bind(s, c->value);
}

static void put_condition(struct sql *s, int table, const struct condition *c)
{
    static const char *const operators[] = {
        [OP_EQ] = " = ?", [OP_NE] = " <> ?", [OP_LT] = " < ?",          [OP_LE] = " <= ?",
        [OP_GT] = " > ?", [OP_GE] = " >= ?", [OP_CONTAINS] = " LIKE ?",
    };
    put_column(s, table, c->field);
    if (c->op == OP_RELATED) {
        put_related(s, c);
        return;
    }
    if (c->value.kind == VALUE_NULL) {
        buf_c(&s->text, c->op == OP_EQ ? " IS NULL" : " IS NOT NULL");
        return;
    }
    buf_c(&s->text, operators[c->op]);
    bind(s, c->op == OP_CONTAINS ? contains_pattern(s->text.arena, c->value.text) : c->value);
}

static void put_where(struct sql *s, int table, const struct where *w)
{
    for (unsigned i = 0; i < w->count; i++) {
        unsigned group = w->list[i].group;
        bool alternative = i > 0 && group != 0 && w->list[i - 1].group == group;
        bool opens = group != 0 && !alternative;
        buf_c(&s->text, i == 0 ? " WHERE " : alternative ? " OR " : " AND ");
        if (opens) {
            buf_char(&s->text, '(');
        }
        put_condition(s, table, &w->list[i]);
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
        bool back = j->one->type == FIELD_HAS; /* the joined row holds the reference */
        const struct field *ref = back ? &to->fields[j->one->key] : &j->from_resource->fields[j->one->key];
        buf_lit(&s->text, " LEFT JOIN ");
        buf_c(&s->text, to->table);
        buf_lit(&s->text, " t");
        buf_uint(&s->text, i + 1);
        buf_lit(&s->text, " ON ");
        put_column(s, (int)i + 1, back ? ref : field_target(ref));
        buf_lit(&s->text, " = ");
        put_column(s, (int)j->from, back ? field_target(ref) : ref);
    }
}

/* How well a row of the base table matches. */
static void put_match(struct sql *s, const struct plan *p)
{
    buf_lit(&s->text, "MATCH (");
    for (unsigned i = 0; i < p->match.key->count; i++) {
        buf_c(&s->text, i == 0 ? "" : ", ");
        put_column(s, 0, &p->resource->fields[p->match.key->fields[i]]);
    }
    buf_lit(&s->text, ") AGAINST (?)");
    bind(s, value_text(p->match.text));
}

static void put_sorted(struct sql *s, const struct plan *p, const struct field *f)
{
    if (f == NULL) {
        put_match(s, p);
    } else {
        put_column(s, 0, f);
    }
}

/* The rows at the position in this one sort key. */
static void put_same(struct sql *s, const struct plan *p, const struct field *f, struct value v)
{
    put_sorted(s, p, f);
    if (v.kind == VALUE_NULL) {
        buf_lit(&s->text, " IS NULL");
    } else {
        buf_lit(&s->text, " = ?");
        bind(s, v);
    }
}

/* The rows behind the position in sort key i; false when there can be none: null comes last of a falling order. */
static bool put_behind(struct sql *s, const struct plan *p, unsigned i)
{
    const struct field *f = p->order[i].field;
    struct value v = p->seek.values[i];
    bool falling = p->order[i].descending != p->seek.backward;
    if (v.kind == VALUE_NULL) {
        if (!falling) {
            put_sorted(s, p, f);
            buf_lit(&s->text, " IS NOT NULL");
        }
        return !falling;
    }
    bool or_null = falling && f != NULL && (f->flags & NULLABLE) != 0;
    buf_c(&s->text, or_null ? "(" : "");
    put_sorted(s, p, f);
    buf_c(&s->text, falling ? " < ?" : " > ?");
    bind(s, v);
    if (or_null) {
        buf_lit(&s->text, " OR ");
        put_sorted(s, p, f);
        buf_lit(&s->text, " IS NULL)");
    }
    return true;
}

/* The rows behind a position: behind it in the first key, or the same there and behind it in the second, and so on. The
 * first comparison is said once more, outside of the alternatives, for the optimiser to find its range. */
static void put_seek(struct sql *s, const struct plan *p)
{
    const struct order *first = &p->order[0];
    bool plain = first->field != NULL && (first->field->flags & NULLABLE) == 0;
    if (plain && p->order_count > 1) {
        put_column(s, 0, first->field);
        buf_c(&s->text, first->descending != p->seek.backward ? " <= ? AND " : " >= ? AND ");
        bind(s, p->seek.values[0]);
    }
    const char *before = "(";
    for (unsigned i = 0; i < p->order_count; i++) {
        size_t start_of = s->text.n;
        unsigned bound = s->count;
        buf_c(&s->text, before);
        for (unsigned j = 0; j < i; j++) {
            put_same(s, p, p->order[j].field, p->seek.values[j]);
            buf_lit(&s->text, " AND ");
        }
        if (put_behind(s, p, i)) {
            before = " OR ";
        } else {
            s->text.n = start_of;
            s->count = bound;
        }
    }
    buf_char(&s->text, ')');
}

/* Everything that selects rows of the base table. */
static void put_selection(struct sql *s, const struct plan *p, bool with_seek)
{
    const char *before = p->where.count > 0 ? " AND " : " WHERE ";
    put_where(s, 0, &p->where);
    if (p->match.key != NULL) {
        buf_c(&s->text, before);
        put_match(s, p);
        before = " AND ";
    }
    if (with_seek && p->seek.given) {
        buf_c(&s->text, before);
        put_seek(s, p);
    }
}

static void put_columns(struct sql *s, const struct plan *p, const char *before)
{
    for (unsigned i = 0; i < p->column_count; i++) {
        buf_c(&s->text, i == 0 ? before : ", ");
        if (p->columns[i].field == NULL) {
            put_match(s, p);
        } else {
            put_column(s, (int)p->columns[i].table, p->columns[i].field);
        }
    }
}

void sql_select(struct sql *s, struct arena *a, const struct plan *p)
{
    start(s, a);
    put_columns(s, p, "SELECT ");
    buf_lit(&s->text, " FROM ");
    buf_c(&s->text, p->resource->table);
    buf_lit(&s->text, " t0");
    put_joins(s, p);
    put_selection(s, p, true);
    for (unsigned i = 0; i < p->order_count; i++) {
        buf_c(&s->text, i == 0 ? " ORDER BY " : ", ");
        put_sorted(s, p, p->order[i].field);
        if (p->order[i].descending != p->seek.backward) {
            buf_lit(&s->text, " DESC");
        }
    }
    if (p->limit > 0) {
        buf_lit(&s->text, " LIMIT ? OFFSET ?");
        bind(s, value_int(p->limit + p->peek));
        bind(s, value_int(p->offset));
    }
    if (p->lock) {
        buf_lit(&s->text, " FOR UPDATE");
    }
}

void sql_count(struct sql *s, struct arena *a, const struct plan *p)
{
    start(s, a);
    buf_printf(&s->text, "SELECT COUNT(*) FROM %s t0", p->resource->table);
    put_selection(s, p, false);
    if (p->lock) {
        buf_lit(&s->text, " FOR UPDATE");
    }
}

/* The keys of a relation's rows, by what they refer to; of each parent at most so many. For one parent that is the
 * beginning of an index; for several, rows are numbered. */
static void put_many_keys(struct sql *s, const struct field *many, const struct value *parents, size_t n)
{
    const struct resource *from = many->via != NULL ? many->via : many->to;
    const struct key *primary = resource_key_of_kind(many->to, KEY_PRIMARY);
    const char *near = from->fields[many->key].name;
    const char *falling = (many->flags & NEWEST_FIRST) != 0 ? " DESC" : "";
    struct buf order;
    buf_init(&order, s->text.arena, 64, 1024);
    buf_printf(&s->text, "(SELECT %s AS parent", near);
    for (unsigned i = 0; i < primary->count; i++) {
        const char *name =
            many->via != NULL ? from->fields[many->far_key].name : many->to->fields[primary->fields[i]].name;
        buf_printf(&s->text, ", %s AS k%u", name, i);
        buf_printf(&order, "%s%s%s", i == 0 ? " ORDER BY " : ", ", name, falling);
    }
    if (n > 1) {
        buf_printf(&s->text, ", ROW_NUMBER() OVER (PARTITION BY %s%.*s) AS place", near,
                   STR_ARGS(buf_view(&order)));
    }
    buf_printf(&s->text, " FROM %s WHERE %s IN (", from->table, near);
    for (size_t i = 0; i < n; i++) {
        buf_c(&s->text, i == 0 ? "?" : ", ?");
        bind(s, parents[i]);
    }
    buf_char(&s->text, ')');
    if (n == 1) {
        buf_str(&s->text, buf_view(&order));
        buf_lit(&s->text, " LIMIT ?");
        bind(s, value_int(many->max));
    }
    buf_char(&s->text, ')');
}

void sql_many(struct sql *s, struct arena *a, const struct field *many, const struct plan *p,
              const struct value *parents, size_t n)
{
    const struct key *primary = resource_key_of_kind(many->to, KEY_PRIMARY);
    start(s, a);
    put_columns(s, p, "SELECT l.parent, ");
    buf_lit(&s->text, " FROM ");
    put_many_keys(s, many, parents, n);
    buf_printf(&s->text, " l JOIN %s t0 ON ", many->to->table);
    for (unsigned i = 0; i < primary->count; i++) {
        buf_c(&s->text, i == 0 ? "" : " AND ");
        put_column(s, 0, &many->to->fields[primary->fields[i]]);
        buf_printf(&s->text, " = l.k%u", i);
    }
    put_joins(s, p);
    if (n > 1) {
        buf_lit(&s->text, " WHERE l.place <= ? ORDER BY l.parent, l.place");
        bind(s, value_int(many->max));
        return;
    }
    for (unsigned i = 0; i < primary->count; i++) {
        buf_printf(&s->text, "%sl.k%u%s", i == 0 ? " ORDER BY " : ", ", i,
                   (many->flags & NEWEST_FIRST) != 0 ? " DESC" : "");
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
        if (!given && (f->flags & TOUCHED) == 0 && f->type != FIELD_VERSION) {
            continue;
        }
        buf_c(&s->text, separator);
        buf_c(&s->text, f->name);
        separator = ", ";
        if (given) {
            buf_lit(&s->text, " = ?");
            bind(s, row[i]);
        } else if (f->type == FIELD_VERSION) {
            buf_printf(&s->text, " = %s + 1", f->name);
        } else {
            buf_lit(&s->text, " = CURRENT_TIMESTAMP(6)");
        }
    }
    put_where(s, -1, w);
}

void sql_delete(struct sql *s, struct arena *a, const struct resource *r, const struct where *w,
                const struct field *last_first)
{
    start(s, a);
    buf_printf(&s->text, "DELETE FROM %s", r->table);
    put_where(s, -1, w);
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
    put_where(s, -1, w);
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
    buf_printf(&s->text, " WHERE %s = ?", field_target(ref)->name);
    bind(s, row[ref - child->fields]);
    return true;
}

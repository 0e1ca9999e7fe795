#include "engine/sql.h"

#include "engine/sql_part.h"

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
        sql_put_column(s, (int)i + 1, back ? ref : field_target(ref));
        buf_lit(&s->text, " = ");
        sql_put_column(s, (int)j->from, back ? field_target(ref) : ref);
    }
}

/* How well a row of the base table matches. */
static void put_match(struct sql *s, const struct plan *p)
{
    buf_lit(&s->text, "MATCH (");
    for (unsigned i = 0; i < p->match.key->count; i++) {
        buf_c(&s->text, i == 0 ? "" : ", ");
        sql_put_column(s, 0, &p->resource->fields[p->match.key->fields[i]]);
    }
    buf_lit(&s->text, ") AGAINST (?)");
    sql_bind(s, value_text(p->match.text));
}

static void put_sorted(struct sql *s, const struct plan *p, const struct field *f)
{
    if (f == NULL) {
        put_match(s, p);
    } else {
        sql_put_column(s, 0, f);
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
        sql_bind(s, v);
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
    sql_bind(s, v);
    if (or_null) {
        buf_lit(&s->text, " OR ");
        put_sorted(s, p, f);
        buf_lit(&s->text, " IS NULL)");
    }
    return true;
}

/* The rows behind a position: behind it in the first key, or the same there and behind it in the second, and so on: of
 * the index that serves the order, one range. */
static void put_seek(struct sql *s, const struct plan *p)
{
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
    sql_put_where(s, 0, &p->where);
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
            sql_put_column(s, (int)p->columns[i].table, p->columns[i].field);
        }
    }
}

void sql_select(struct sql *s, struct arena *a, const struct plan *p)
{
    sql_start(s, a);
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
        sql_bind(s, value_int(p->limit + p->peek));
        sql_bind(s, value_int(p->offset));
    }
    if (p->lock) {
        buf_lit(&s->text, " FOR UPDATE");
    }
}

void sql_count(struct sql *s, struct arena *a, const struct plan *p)
{
    sql_start(s, a);
    buf_printf(&s->text, "SELECT COUNT(*) FROM %s t0", p->resource->table);
    put_selection(s, p, false);
    if (p->lock) {
        buf_lit(&s->text, " FOR UPDATE");
    }
}

/* The keys of a relation's rows of one parent, with what they refer to: the beginning of an index. */
static void put_keys_of_one(struct sql *s, const struct field *many, struct value parent)
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
    buf_printf(&s->text, " FROM %s WHERE %s = ?%.*s LIMIT ?)", from->table, near, STR_ARGS(buf_view(&order)));
    sql_bind(s, parent);
    sql_bind(s, value_int(many->max));
}

/* Of each parent at most so many, whatever it has: numbered in one SELECT, all of all would be read and sorted. */
static void put_many_keys(struct sql *s, const struct field *many, const struct value *parents, size_t n)
{
    buf_c(&s->text, n > 1 ? "(" : "");
    for (size_t i = 0; i < n; i++) {
        buf_c(&s->text, i == 0 ? "" : " UNION ALL ");
        put_keys_of_one(s, many, parents[i]);
    }
    buf_c(&s->text, n > 1 ? ")" : "");
}

void sql_many(struct sql *s, struct arena *a, const struct field *many, const struct plan *p,
              const struct value *parents, size_t n)
{
    const struct key *primary = resource_key_of_kind(many->to, KEY_PRIMARY);
    sql_start(s, a);
    put_columns(s, p, "SELECT l.parent, ");
    buf_lit(&s->text, " FROM ");
    put_many_keys(s, many, parents, n);
    buf_printf(&s->text, " l JOIN %s t0 ON ", many->to->table);
    for (unsigned i = 0; i < primary->count; i++) {
        buf_c(&s->text, i == 0 ? "" : " AND ");
        sql_put_column(s, 0, &many->to->fields[primary->fields[i]]);
        buf_printf(&s->text, " = l.k%u", i);
    }
    put_joins(s, p);
    buf_lit(&s->text, " ORDER BY l.parent");
    for (unsigned i = 0; i < primary->count; i++) {
        buf_printf(&s->text, ", l.k%u%s", i, (many->flags & NEWEST_FIRST) != 0 ? " DESC" : "");
    }
}

#include "engine/sql_part.h"

#include <stdlib.h>

#include "base/arena.h"

void sql_start(struct sql *s, struct arena *a)
{
    buf_init(&s->text, a, 512, 64 << 10);
    s->count = 0;
}

void sql_bind(struct sql *s, struct value v)
{
    if (s->count == SQL_MAX_VALUES) {
        abort();
    }
    s->values[s->count++] = v;
}

_Static_assert(PLAN_MAX_JOINS < 10, "a table's number is a digit");

void sql_put_column(struct sql *s, int table, const struct field *f)
{
    if (table >= 0) {
        const char name[] = {'t', (char)('0' + table), '.'};
        buf_put(&s->text, name, sizeof name);
    }
    buf_str(&s->text, field_name(f));
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
    sql_bind(s, c->value);
}

static void put_condition(struct sql *s, int table, const struct condition *c)
{
    static const char *const operators[] = {
        [OP_EQ] = " = ?", [OP_NE] = " <> ?", [OP_LT] = " < ?",          [OP_LE] = " <= ?",
        [OP_GT] = " > ?", [OP_GE] = " >= ?", [OP_CONTAINS] = " LIKE ?",
    };
    sql_put_column(s, table, c->field);
    if (c->op == OP_RELATED) {
        put_related(s, c);
        return;
    }
    if (c->value.kind == VALUE_NULL) {
        buf_c(&s->text, c->op == OP_EQ ? " IS NULL" : " IS NOT NULL");
        return;
    }
    buf_c(&s->text, operators[c->op]);
    sql_bind(s, c->op == OP_CONTAINS ? contains_pattern(s->text.arena, c->value.text) : c->value);
}

void sql_put_where(struct sql *s, int table, const struct where *w)
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

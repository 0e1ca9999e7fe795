#include "migrate/rename.h"

#include <string.h>

#include "base/arena.h"
#include "migrate/expression.h"

/* -- a copy that can be changed -- */

static void *copy_of(struct arena *a, const void *items, size_t bytes)
{
    void *copy = arena_alloc(a, bytes);
    if (bytes > 0) {
        memcpy(copy, items, bytes);
    }
    return copy;
}

static struct catalog copy_catalog(struct arena *a, const struct catalog *from)
{
    struct catalog c = {copy_of(a, from->tables, from->n * sizeof *from->tables), from->n};
    for (size_t i = 0; i < c.n; i++) {
        struct table *t = &c.tables[i];
        t->columns = copy_of(a, t->columns, t->column_count * sizeof *t->columns);
        t->indexes = copy_of(a, t->indexes, t->index_count * sizeof *t->indexes);
        t->references = copy_of(a, t->references, t->reference_count * sizeof *t->references);
        t->checks = copy_of(a, t->checks, t->check_count * sizeof *t->checks);
    }
    return c;
}

/* -- carrying a rename through -- */

static void table_renamed(struct catalog *c, str name, str to)
{
    for (size_t i = 0; i < c->n; i++) {
        struct table *t = &c->tables[i];
        t->name = str_eq(t->name, name) ? to : t->name;
        for (size_t j = 0; j < t->reference_count; j++) {
            struct reference *f = &t->references[j];
            f->table = str_eq(f->table, name) ? to : f->table;
        }
    }
}

static void column_renamed(struct arena *a, struct catalog *c, struct table *t, str name, str to)
{
    for (size_t i = 0; i < t->column_count; i++) {
        struct column *column = &t->columns[i];
        column->name = str_eq(column->name, name) ? to : column->name;
        column->expression = expression_rename(a, column->expression, name, to);
        column->extra = expression_rename(a, column->extra, name, to); /* a check of its own */
    }
    for (size_t i = 0; i < t->index_count; i++) {
        t->indexes[i].columns = expression_rename(a, t->indexes[i].columns, name, to);
    }
    for (size_t i = 0; i < t->reference_count; i++) {
        t->references[i].columns = expression_rename(a, t->references[i].columns, name, to);
    }
    for (size_t i = 0; i < t->check_count; i++) {
        t->checks[i].clause = expression_rename(a, t->checks[i].clause, name, to);
    }
    for (size_t i = 0; i < c->n; i++) {
        for (size_t j = 0; j < c->tables[i].reference_count; j++) {
            struct reference *f = &c->tables[i].references[j];
            if (str_eq(f->table, t->name)) {
                f->to_columns = expression_rename(a, f->to_columns, name, to);
            }
        }
    }
}

/* -- which ones -- */

enum finding { NOT_RENAMED, RENAMED, BOTH_THERE };

/* has_new, has_old: in the database; wants_old: the old name is declared too, for something else. */
static enum finding judge(bool declared, bool has_new, bool has_old, bool wants_old)
{
    if (!declared || !has_old || wants_old) {
        return NOT_RENAMED;
    }
    return has_new ? BOTH_THERE : RENAMED;
}

static void refuse(struct arena *a, struct rename_plan *p, str place, str was, const char *what)
{
    p->refusals[p->refusal_count++] = str_format(
        a,
        "%.*s is declared to have been %.*s, but there are %s of both names: move the rows by hand, or take "
        "the `.was` away",
        STR_ARGS(place), STR_ARGS(was), what);
}

static void plan_tables(struct arena *a, const struct catalog *to, struct rename_plan *p)
{
    for (size_t i = 0; i < to->n; i++) {
        const struct table *t = &to->tables[i];
        enum finding found = judge(t->was.n > 0, catalog_find(&p->after, t->name) != NULL,
                                   catalog_find(&p->after, t->was) != NULL, catalog_find(to, t->was) != NULL);
        if (found == BOTH_THERE) {
            refuse(a, p, t->name, t->was, "tables");
        } else if (found == RENAMED) {
            p->items[p->n++] = (struct rename){.table = t->name, .old_name = t->was, .new_name = t->name};
            table_renamed(&p->after, t->was, t->name);
        }
    }
}

static void plan_columns(struct arena *a, const struct table *wanted, struct table *t, struct rename_plan *p)
{
    for (size_t i = 0; i < wanted->column_count; i++) {
        const struct column *c = &wanted->columns[i];
        enum finding found = judge(c->was.n > 0, table_column(t, c->name) != NULL,
                                   table_column(t, c->was) != NULL, table_column(wanted, c->was) != NULL);
        if (found == BOTH_THERE) {
            refuse(a, p, str_format(a, "%.*s.%.*s", STR_ARGS(t->name), STR_ARGS(c->name)), c->was, "columns");
        } else if (found == RENAMED) {
            p->items[p->n++] =
                (struct rename){.table = t->name, .old_name = c->was, .new_name = c->name, .is_column = true};
            column_renamed(a, &p->after, t, c->was, c->name);
        }
    }
}

void rename_plan(struct arena *a, const struct catalog *from, const struct catalog *to,
                 struct rename_plan *out)
{
    size_t most = to->n;
    for (size_t i = 0; i < to->n; i++) {
        most += to->tables[i].column_count;
    }
    *out = (struct rename_plan){.items = ARENA_ARRAY(a, struct rename, most),
                                .refusals = ARENA_ARRAY(a, str, most),
                                .after = copy_catalog(a, from)};
    plan_tables(a, to, out);
    for (size_t i = 0; i < out->after.n; i++) {
        struct table *t = &out->after.tables[i];
        const struct table *wanted = catalog_find(to, t->name);
        if (wanted != NULL) {
            plan_columns(a, wanted, t, out);
        }
    }
}

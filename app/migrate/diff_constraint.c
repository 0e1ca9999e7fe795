#include "migrate/finding.h"

#include "base/arena.h"
#include "migrate/expression.h"

/* Names may be quoted on one side. */
static bool same_reference(struct arena *a, const struct reference *x, const struct reference *y)
{
    return expression_same(a, x->columns, y->columns) && str_eq(x->table, y->table) &&
           expression_same(a, x->to_columns, y->to_columns) && str_eq(x->on_delete, y->on_delete) &&
           str_eq(x->on_update, y->on_update);
}

/* Whether one of those columns of the table gets another type, which the server refuses while a foreign key holds
 * it. */
static bool changes_type(const struct finding *d, str table, str columns)
{
    const struct table *from = catalog_find(&d->from, table);
    const struct table *to = catalog_find(d->to, table);
    for (size_t i = 0; from != NULL && to != NULL && i < from->column_count; i++) {
        const struct column *x = &from->columns[i];
        const struct column *y = table_column(to, x->name);
        if (y != NULL && finding_has_word(d->a, columns, x->name) &&
            (!str_eq(x->type, y->type) || !str_eq(x->collation, y->collation))) {
            return true;
        }
    }
    return false;
}

static bool stays(const struct finding *d, const struct table *t, const struct reference *x,
                  const struct reference *y)
{
    return x != NULL && y != NULL && same_reference(d->a, x, y) && !changes_type(d, t->name, x->columns) &&
           !changes_type(d, x->table, x->to_columns);
}

/* Whether a foreign key to those columns can use the index: they are the first of it. */
static bool serves(struct arena *a, const struct index *k, str columns)
{
    size_t end = 0;
    for (size_t at = 0; at < columns.n; at = str_find(columns, ',', at) + 1) {
        end = str_find(k->columns, ',', end == 0 ? 0 : end + 1);
    }
    return k->kind != KEY_FULLTEXT && expression_same(a, str_slice(k->columns, 0, end), columns);
}

/* An index that becomes another counts as one that goes, be the other as good. */
bool finding_is_settled(const struct finding *d, const struct reference *f)
{
    const struct table *from = catalog_find(&d->from, f->table);
    const struct table *to = catalog_find(d->to, f->table);
    bool served = from == NULL || to == NULL;
    for (size_t i = 0; !served && i < from->index_count; i++) {
        const struct index *k = table_index(to, from->indexes[i].name);
        served = k != NULL && k->kind == from->indexes[i].kind &&
                 serves(d->a, &from->indexes[i], f->to_columns) && serves(d->a, k, f->to_columns);
    }
    return served && !changes_type(d, f->table, f->to_columns);
}

static str fails_on_strangers(struct arena *a, const struct reference *f)
{
    return str_format(a, "a row refers to a row of %.*s that is not there", STR_ARGS(f->table));
}

static str fails_on_rows(struct arena *a, const struct check *c)
{
    return str_format(a, "a row does not satisfy %.*s", STR_ARGS(c->clause));
}

void finding_add_reference(struct finding *d, const struct table *to, const struct reference *f)
{
    finding_add(d, (struct step){.kind = STEP_ADD_REFERENCE,
                                 .table = to->name,
                                 .to_reference = f,
                                 .fails = fails_on_strangers(d->a, f)});
}

void finding_compare_references(struct finding *d, const struct table *from, const struct table *to)
{
    for (size_t i = 0; i < from->reference_count; i++) {
        const struct reference *x = &from->references[i];
        const struct reference *y = table_reference(to, x->name);
        if (!stays(d, to, x, y)) {
            finding_add(d, (struct step){.kind = STEP_DROP_REFERENCE,
                                         .table = to->name,
                                         .from_reference = x,
                                         .back_fails = fails_on_strangers(d->a, x)});
        }
    }
    for (size_t i = 0; i < to->reference_count; i++) {
        const struct reference *y = &to->references[i];
        const struct reference *x = table_reference(from, y->name);
        if (!stays(d, to, x, y)) {
            finding_add_reference(d, to, y);
        }
    }
}

void finding_compare_checks(struct finding *d, const struct table *from, const struct table *to)
{
    for (size_t i = 0; i < from->check_count; i++) {
        const struct check *x = &from->checks[i];
        const struct check *y = table_check(to, x->name);
        if (y == NULL || !expression_same(d->a, x->clause, y->clause)) {
            finding_add(d, (struct step){.kind = STEP_DROP_CHECK,
                                         .table = to->name,
                                         .from_check = x,
                                         .back_fails = fails_on_rows(d->a, x)});
        }
    }
    for (size_t i = 0; i < to->check_count; i++) {
        const struct check *y = &to->checks[i];
        const struct check *x = table_check(from, y->name);
        if (x == NULL || !expression_same(d->a, x->clause, y->clause)) {
            finding_add(d, (struct step){.kind = STEP_ADD_CHECK,
                                         .table = to->name,
                                         .to_check = y,
                                         .fails = fails_on_rows(d->a, y)});
        }
    }
}

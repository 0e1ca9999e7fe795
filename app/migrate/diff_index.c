#include "migrate/finding.h"

#include "base/arena.h"
#include "migrate/expression.h"

/* Names may be quoted on one side. */
static bool same_index(struct arena *a, const struct index *x, const struct index *y)
{
    return x->kind == y->kind && expression_same(a, x->columns, y->columns);
}

bool finding_has_word(struct arena *a, str list, str word)
{
    return !str_eq(expression_rename(a, list, word, STR("?")), list);
}

/* Whether it is over a generated column that is made anew: then it goes with the old one. */
static bool loses_its_column(const struct finding *d, const struct table *from, const struct table *to,
                             const struct index *k)
{
    for (size_t i = 0; i < from->column_count; i++) {
        const struct column *y = table_column(to, from->columns[i].name);
        bool goes = from->columns[i].expression.n > 0 &&
                    (y == NULL || finding_is_made_anew(d->a, &from->columns[i], y));
        if (goes && finding_has_word(d->a, k->columns, from->columns[i].name)) {
            return true;
        }
    }
    return false;
}

/* An index of `to` that is not in `from` by name, but is the same: k under another name. */
static const struct index *new_name_of(struct arena *a, const struct table *from, const struct table *to,
                                       const struct index *k)
{
    for (size_t i = 0; i < to->index_count; i++) {
        const struct index *y = &to->indexes[i];
        if (same_index(a, k, y) && table_index(from, y->name) == NULL) {
            return y;
        }
    }
    return NULL;
}

static str fails_on_twins(struct arena *a, const struct index *k)
{
    return k->kind == KEY_UNIQUE ? str_format(a, "two rows have the same %.*s", STR_ARGS(k->columns))
                                 : STR("");
}

static void drop_or_change_index(struct finding *d, const struct table *from, const struct table *to,
                                 const struct index *x)
{
    const struct index *y = table_index(to, x->name);
    struct step s = {.table = to->name, .from_index = x, .to_index = y};
    if (y == NULL) {
        s.kind = loses_its_column(d, from, to, x) ? STEP_DROP_INDEX_FIRST : STEP_DROP_INDEX;
        s.back_fails = fails_on_twins(d->a, x);
    } else if (x->kind == KEY_PRIMARY) {
        finding_refuse_at(d, to, STR("PRIMARY KEY"),
                          "(%.*s) cannot become (%.*s) by itself: write that migration by hand",
                          STR_ARGS(x->columns), STR_ARGS(y->columns));
        return;
    } else {
        s.kind = STEP_CHANGE_INDEX;
        s.fails = fails_on_twins(d->a, y);
        s.back_fails = fails_on_twins(d->a, x);
    }
    finding_add(d, s);
}

void finding_compare_indexes(struct finding *d, const struct table *from, const struct table *to)
{
    for (size_t i = 0; i < from->index_count; i++) {
        const struct index *x = &from->indexes[i];
        const struct index *y = table_index(to, x->name);
        const struct index *renamed = y == NULL ? new_name_of(d->a, from, to, x) : NULL;
        bool goes_with_column = loses_its_column(d, from, to, x);
        if (goes_with_column && (y != NULL || renamed != NULL)) {
            finding_add(d, (struct step){.kind = STEP_DROP_INDEX_FIRST, .table = to->name, .from_index = x});
            finding_add(d, (struct step){.kind = STEP_ADD_INDEX,
                                         .table = to->name,
                                         .to_index = y != NULL ? y : renamed});
        } else if (renamed != NULL) {
            finding_add(d, (struct step){.kind = STEP_RENAME_INDEX,
                                         .table = to->name,
                                         .from_index = x,
                                         .to_index = renamed,
                                         .old_name = x->name});
        } else if (y == NULL || !same_index(d->a, x, y)) {
            drop_or_change_index(d, from, to, x);
        }
    }
    for (size_t i = 0; i < to->index_count; i++) {
        const struct index *y = &to->indexes[i];
        bool is_new = table_index(from, y->name) == NULL;
        for (size_t j = 0; is_new && j < from->index_count; j++) {
            is_new = table_index(to, from->indexes[j].name) != NULL ||
                     new_name_of(d->a, from, to, &from->indexes[j]) != y;
        }
        if (is_new) {
            finding_add(d, (struct step){.kind = STEP_ADD_INDEX,
                                         .table = to->name,
                                         .to_index = y,
                                         .fails = fails_on_twins(d->a, y)});
        }
    }
}

#include "migrate/diff.h"

#include <string.h>

#include "base/arena.h"
#include "migrate/finding.h"
#include "migrate/rename.h"

/* -- tables -- */

static void compare_table(struct finding *d, const struct table *from, const struct table *to)
{
    if (!str_eq(from->engine, to->engine) || !str_eq(from->collation, to->collation)) {
        finding_add(d, (struct step){
                           .kind = STEP_CHANGE_TABLE, .table = to->name, .from_table = from, .to_table = to});
    }
    finding_compare_columns(d, from, to);
    finding_compare_indexes(d, from, to);
    finding_compare_references(d, from, to);
    finding_compare_checks(d, from, to);
}

/* Whether t refers to a table of the list that is not among the first `placed`; itself does not count. */
static bool waits(const struct table *t, const struct table *const *list, size_t placed, size_t n)
{
    for (size_t i = 0; i < t->reference_count; i++) {
        for (size_t j = placed; j < n; j++) {
            if (list[j] != t && str_eq(list[j]->name, t->references[i].table)) {
                return true;
            }
        }
    }
    return false;
}

/* Those of c that `other` has not, referred-to before referring. Where they refer to each other in a circle, the first
 * comes first. */
static const struct table **missing_tables(struct arena *a, const struct catalog *c,
                                           const struct catalog *other, size_t *count)
{
    const struct table **list = ARENA_ARRAY(a, const struct table *, c->n);
    size_t n = 0;
    for (size_t i = 0; i < c->n; i++) {
        if (catalog_find(other, c->tables[i].name) == NULL) {
            list[n++] = &c->tables[i];
        }
    }
    for (size_t placed = 0; placed < n; placed++) {
        size_t next = placed;
        while (next < n && waits(list[next], list, placed, n)) {
            next++;
        }
        next = next == n ? placed : next;
        const struct table *chosen = list[next];
        memmove(&list[placed + 1], &list[placed], (next - placed) * sizeof(struct table *));
        list[placed] = chosen;
    }
    *count = n;
    return list;
}

/* A copy without the references to what is not there yet, or not any more: tables that come later in the list, columns
 * and keys that come or go in the same step. Those are handed to `apart`. */
static const struct table *without_later(struct finding *d, const struct table *t,
                                         const struct table *const *list, size_t at, size_t n,
                                         void (*apart)(struct finding *d, const struct table *t,
                                                       const struct reference *f))
{
    struct table *copy = ARENA_NEW(d->a, struct table);
    *copy = *t;
    copy->references = ARENA_ARRAY(d->a, struct reference, t->reference_count);
    copy->reference_count = 0;
    for (size_t i = 0; i < t->reference_count; i++) {
        bool later = !finding_is_settled(d, &t->references[i]);
        for (size_t j = at + 1; j < n; j++) {
            later = later || str_eq(list[j]->name, t->references[i].table);
        }
        if (later) {
            apart(d, t, &t->references[i]);
        } else {
            copy->references[copy->reference_count++] = t->references[i];
        }
    }
    return copy;
}

static void drop_reference(struct finding *d, const struct table *t, const struct reference *f)
{
    finding_add(d, (struct step){.kind = STEP_DROP_REFERENCE, .table = t->name, .from_reference = f});
}

static void compare_all(struct finding *d)
{
    size_t n = 0;
    const struct table **list = missing_tables(d->a, d->to, &d->from, &n);
    for (size_t i = 0; i < n; i++) {
        finding_add(d,
                    (struct step){.kind = STEP_CREATE_TABLE,
                                  .table = list[i]->name,
                                  .to_table = without_later(d, list[i], list, i, n, finding_add_reference)});
    }
    for (size_t i = 0; i < d->to->n; i++) {
        const struct table *from = catalog_find(&d->from, d->to->tables[i].name);
        if (from != NULL) {
            compare_table(d, from, &d->to->tables[i]);
        }
    }
    list = missing_tables(d->a, &d->from, d->to, &n);
    for (size_t i = n; i > 0; i--) {
        finding_add(
            d, (struct step){.kind = STEP_DROP_TABLE,
                             .table = list[i - 1]->name,
                             .from_table = without_later(d, list[i - 1], list, i - 1, n, drop_reference),
                             .loses = str_format(d->a, "the rows of %.*s", STR_ARGS(list[i - 1]->name))});
    }
}

/* -- all -- */

static void add_renames(struct finding *d, const struct rename_plan *p)
{
    for (size_t i = 0; i < p->n; i++) {
        const struct rename *r = &p->items[i];
        const struct table *t = catalog_find(d->to, r->table);
        finding_add(d, (struct step){.kind = r->is_column ? STEP_RENAME_COLUMN : STEP_RENAME_TABLE,
                                     .table = r->table,
                                     .old_name = r->old_name,
                                     .to_table = t,
                                     .to_column = r->is_column ? table_column(t, r->new_name) : NULL});
    }
    for (size_t i = 0; i < p->refusal_count; i++) {
        finding_refuse(d, p->refusals[i]);
    }
}

/* By kind; within one, as they were found. */
static void sort_steps(struct finding *d)
{
    for (size_t i = 1; i < d->n; i++) {
        struct step s = d->steps[i];
        size_t at = i;
        for (; at > 0 && d->steps[at - 1].kind > s.kind; at--) {
            d->steps[at] = d->steps[at - 1];
        }
        d->steps[at] = s;
    }
}

void diff_compare(struct arena *a, const struct catalog *from, const struct catalog *to, struct diff *out)
{
    struct rename_plan plan;
    rename_plan(a, from, to, &plan);
    struct finding d = {.a = a, .from = plan.after, .to = to};
    add_renames(&d, &plan);
    compare_all(&d);
    sort_steps(&d);
    *out =
        (struct diff){.steps = d.steps, .n = d.n, .refusals = d.refusals, .refusal_count = d.refusal_count};
}

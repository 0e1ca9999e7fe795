#include "migrate/finding.h"

#include "base/arena.h"
#include "migrate/conversion.h"
#include "migrate/expression.h"

static bool is_generated(const struct column *c)
{
    return c->expression.n > 0;
}

/* A generated column is not changed but made anew: its values follow from others. */
bool finding_is_made_anew(struct arena *a, const struct column *from, const struct column *to)
{
    return (is_generated(from) || is_generated(to)) &&
           (!expression_same(a, from->expression, to->expression) || from->stored != to->stored ||
            !str_eq(from->type, to->type));
}

static bool same_column(const struct column *x, const struct column *y)
{
    return str_eq(x->type, y->type) && str_eq(x->collation, y->collation) && str_eq(x->initial, y->initial) &&
           str_eq(x->extra, y->extra) && x->nullable == y->nullable && x->counts == y->counts;
}

/* The nearest column before that one which is there when it is added: of `in`, one that `other` has as well, or one
 * that is added before it. A generated column comes behind all others. */
static str place(const struct finding *d, const struct table *in, const struct table *other,
                 const struct column *c, bool added_count)
{
    str after = STR("");
    for (size_t i = 0; i < in->column_count && &in->columns[i] != c; i++) {
        const struct column *same = table_column(other, in->columns[i].name);
        bool stays = same != NULL && !finding_is_made_anew(d->a, same, &in->columns[i]);
        bool was_added = added_count && (!is_generated(&in->columns[i]) || is_generated(c));
        after = stays || was_added ? in->columns[i].name : after;
    }
    return after;
}

static void add_column(struct finding *d, const struct table *from, const struct table *to,
                       const struct column *c)
{
    if (!is_generated(c) && !c->nullable && c->initial.n == 0) {
        finding_refuse_at(
            d, to, c->name,
            "a new column that may not be null needs a default, for the rows that are there: declare it "
            "NULLABLE, "
            "fill it in a migration of its own, and make it required in a third");
        return;
    }
    finding_add(d, (struct step){.kind = is_generated(c) ? STEP_ADD_GENERATED : STEP_ADD_COLUMN,
                                 .table = to->name,
                                 .to_column = c,
                                 .after = place(d, to, from, c, true)});
    if (c->fill.n > 0 && catalog_find(&d->from, c->filled_by) != NULL) {
        finding_add(d, (struct step){.kind = STEP_FILL, .table = to->name, .to_column = c});
    }
}

static void refuse_counting(struct finding *d, const struct table *to, const struct column *c)
{
    finding_refuse_at(d, to, c->name,
                      "AUTO_INCREMENT cannot be added or taken away by itself: write that migration by hand");
}

static void drop_column(struct finding *d, const struct table *from, const struct table *to,
                        const struct column *c)
{
    bool generated = is_generated(c);
    if (c->counts) {
        refuse_counting(d, to, c);
        return;
    }
    finding_add(d, (struct step){.kind = generated ? STEP_DROP_GENERATED : STEP_DROP_COLUMN,
                                 .table = to->name,
                                 .from_column = c,
                                 .back_after = place(d, from, to, c, generated),
                                 .loses = generated ? STR("")
                                                    : str_format(d->a, "the values of %.*s.%.*s",
                                                                 STR_ARGS(to->name), STR_ARGS(c->name))});
}

static str unfitting(const struct finding *d, const struct table *t, const struct column *c, str type)
{
    return str_format(d->a, "values of %.*s.%.*s that do not fit %.*s", STR_ARGS(t->name), STR_ARGS(c->name),
                      STR_ARGS(type));
}

static void change_column(struct finding *d, const struct table *to, const struct column *x,
                          const struct column *y)
{
    bool same_type = str_eq(x->type, y->type);
    enum conversion c = same_type ? CONVERSION_KEEPS : conversion_of(x->type, y->type);
    if (x->counts != y->counts) {
        refuse_counting(d, to, y);
        return;
    }
    if (c == CONVERSION_NONE) {
        finding_refuse_at(
            d, to, y->name,
            "nothing converts %.*s to %.*s: add a column of the new type, fill it in a migration, and "
            "drop the old "
            "one",
            STR_ARGS(x->type), STR_ARGS(y->type));
        return;
    }
    struct column *kept = ARENA_NEW(d->a, struct column);
    *kept = *y;
    kept->comment = x->comment;
    struct step s = {.kind = STEP_CHANGE_COLUMN, .table = to->name, .from_column = x, .to_column = kept};
    s.loses = c == CONVERSION_LOSES ? unfitting(d, to, y, y->type) : STR("");
    s.back_loses = !same_type && conversion_of(y->type, x->type) == CONVERSION_LOSES
                       ? unfitting(d, to, y, x->type)
                       : STR("");
    if (x->nullable != y->nullable) {
        *(y->nullable ? &s.back_fails : &s.fails) =
            str_format(d->a, "a row has NULL in %.*s", STR_ARGS(y->name));
    }
    finding_add(d, s);
}

static void compare_column(struct finding *d, const struct table *from, const struct table *to,
                           const struct column *x)
{
    const struct column *y = table_column(to, x->name);
    if (y == NULL) {
        return;
    }
    if (!finding_is_made_anew(d->a, x, y)) {
        if (!same_column(x, y)) {
            change_column(d, to, x, y);
        }
    } else if (is_generated(x) && is_generated(y)) {
        add_column(d, from, to, y);
    } else {
        finding_refuse_at(d, to, y->name,
                          "a column cannot become generated, or cease to be, in one step: drop it in one "
                          "migration and "
                          "add it in the next");
    }
}

/* Generated ones, which may be over others before them, go in the opposite order, and come back in their own. */
static void drop_columns(struct finding *d, const struct table *from, const struct table *to)
{
    for (size_t i = from->column_count; i-- > 0;) {
        const struct column *x = &from->columns[i];
        const struct column *y = table_column(to, x->name);
        bool goes = y == NULL || (is_generated(y) && finding_is_made_anew(d->a, x, y));
        if (is_generated(x) && goes) {
            drop_column(d, from, to, x);
        }
    }
    for (size_t i = 0; i < from->column_count; i++) {
        const struct column *x = &from->columns[i];
        if (!is_generated(x) && table_column(to, x->name) == NULL) {
            drop_column(d, from, to, x);
        }
    }
}

void finding_compare_columns(struct finding *d, const struct table *from, const struct table *to)
{
    drop_columns(d, from, to);
    for (size_t i = 0; i < from->column_count; i++) {
        compare_column(d, from, to, &from->columns[i]);
    }
    for (size_t i = 0; i < to->column_count; i++) {
        if (table_column(from, to->columns[i].name) == NULL) {
            add_column(d, from, to, &to->columns[i]);
        }
    }
}

#include "schema/shape.h"

#include <string.h>

#include "base/str.h"

static bool can_be_shown(const struct field *f, bool inside)
{
    if ((f->flags & (WRITE_ONLY | HIDDEN)) != 0 || f->type == FIELD_BYTES || f->type == FIELD_FOLD) {
        return false;
    }
    bool of_rows_alone = f->type == FIELD_MANY || f->type == FIELD_MARK;
    return field_has_column(f) || field_is_one(f) || (of_rows_alone && !inside);
}

static const char *field_mistake(struct arena *a, const struct shape *shape, bool inside)
{
    if (shape->count == 0) {
        return "shows nothing";
    }
    for (size_t i = 0; i < shape->count; i++) {
        if (shape->fields[i] >= shape->resource->field_count) {
            return "shows a field that its resource has not";
        }
        const struct field *f = &shape->resource->fields[shape->fields[i]];
        if (!can_be_shown(f, inside)) {
            return str_format(a, "shows %s, which cannot be shown", f->name).p;
        }
        if (memchr(shape->fields, shape->fields[i], i) != NULL) {
            return str_format(a, "shows %s twice", f->name).p;
        }
    }
    return NULL;
}

/* Whether the row that f embeds can be walked into. */
static bool is_embedded(struct arena *a, const struct field *f)
{
    return field_is_one(f) && f->show != NULL && f->show->resource == f->to &&
           field_mistake(a, f->show, true) == NULL;
}

/* Whether its members stand among those of the row around it. */
static bool is_flat(struct arena *a, const struct field *f)
{
    return (f->flags & FLAT) != 0 && is_embedded(a, f);
}

/* How many members of that name there are, those of FLAT rows included. */
static unsigned count_members(struct arena *a, const struct shape *shape, const char *name, unsigned depth)
{
    unsigned n = 0;
    for (size_t i = 0; i < shape->count && depth <= SHAPE_MAX_JOINS; i++) {
        const struct field *f = &shape->resource->fields[shape->fields[i]];
        if (is_flat(a, f)) {
            n += count_members(a, f->show, name, depth + 1);
        } else if (f->name != NULL && strcmp(f->name, name) == 0) {
            n++;
        }
    }
    return n;
}

/* The name of the first member of `part` that `whole` has twice; NULL: there is none. */
static const char *twin(struct arena *a, const struct shape *whole, const struct shape *part, unsigned depth)
{
    const char *name = NULL;
    for (size_t i = 0; i < part->count && depth <= SHAPE_MAX_JOINS && name == NULL; i++) {
        const struct field *f = &part->resource->fields[part->fields[i]];
        if (is_flat(a, f)) {
            name = twin(a, whole, f->show, depth + 1);
        } else if (f->name != NULL && count_members(a, whole, f->name, 0) > 1) {
            name = f->name;
        }
    }
    return name;
}

const char *shape_mistake(struct arena *a, const struct shape *shape, bool inside)
{
    const char *mistake = field_mistake(a, shape, inside);
    const char *name = mistake == NULL ? twin(a, shape, shape, 0) : NULL;
    return name == NULL ? mistake : str_format(a, "shows two members %s", name).p;
}

/* The columns and joins of a shape, embedded ones included; of one that embeds itself, too many. */
static void measure(struct arena *a, const struct shape *shape, unsigned depth, unsigned *columns,
                    unsigned *joins)
{
    for (size_t i = 0; i < shape->count && depth <= SHAPE_MAX_JOINS; i++) {
        const struct field *f = &shape->resource->fields[shape->fields[i]];
        if (is_embedded(a, f)) {
            *joins += 1;
            measure(a, f->show, depth + 1, columns, joins);
        } else if (f->type != FIELD_MANY) {
            *columns += 1;
        }
    }
}

const char *shape_excess(struct arena *a, const struct shape *shape, bool asked)
{
    unsigned columns = 0;
    unsigned joins = 0;
    measure(a, shape, 0, &columns, &joins);
    for (size_t i = 0; asked && i < shape->resource->field_count; i++) {
        const struct field *f = &shape->resource->fields[i];
        if ((f->flags & ON_REQUEST) != 0 && is_embedded(a, f)) {
            joins += 1;
            measure(a, f->show, 1, &columns, &joins);
        }
    }
    if (columns <= SHAPE_MAX_COLUMNS && joins <= SHAPE_MAX_JOINS) {
        return NULL;
    }
    return str_format(a, "takes %u columns and %u joins, the limits are %d and %d", columns, joins,
                      SHAPE_MAX_COLUMNS, SHAPE_MAX_JOINS)
        .p;
}

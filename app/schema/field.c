#include "schema/field.h"

#include <stdlib.h>

#include "schema/resource.h"

static const struct {
    const char *name;
    bool column;
    enum value_kind kind;
} types[FIELD__MAX] = {[FIELD_NONE] = {"FIELD_NONE", false, VALUE_ABSENT},
#define FIELD_ROW(type, column, kind) [type] = {#type, column, kind},
                       FIELD_TYPES(FIELD_ROW)
#undef FIELD_ROW
};

bool field_has_column(const struct field *f)
{
    return types[f->type].column;
}

enum value_kind field_kind(const struct field *f)
{
    return f->type == FIELD_REF ? field_kind(field_target(f)) : types[f->type].kind;
}

const struct field *field_target(const struct field *ref)
{
    return &ref->to->fields[ref->of];
}

bool field_is_one(const struct field *f)
{
    return f->type == FIELD_ONE || f->type == FIELD_HAS;
}

bool field_is_input(const struct field *f)
{
    bool relation = field_is_one(f) || f->type == FIELD_MANY;
    bool derived = f->type == FIELD_COUNT || f->type == FIELD_SUM || f->type == FIELD_FOLD ||
                   f->type == FIELD_AVERAGE || f->type == FIELD_VERSION || f->type == FIELD_MARK;
    return !relation && !derived && (f->flags & (READ_ONLY | HIDDEN)) == 0;
}

bool field_is_output(const struct field *f)
{
    return f->type != FIELD_PASSWORD && f->type != FIELD_LIST &&
           (f->flags & (WRITE_ONLY | HIDDEN | ON_REQUEST)) == 0;
}

bool field_is_scalar(const struct field *f)
{
    bool relation = field_is_one(f) || f->type == FIELD_MANY;
    bool several = f->type == FIELD_LIST || f->type == FIELD_TEXTS;
    bool bytes = f->type == FIELD_BYTES || f->type == FIELD_FOLD;
    bool computed = f->type == FIELD_AVERAGE || f->type == FIELD_MARK;
    return !relation && !several && !bytes && !computed && f->type != FIELD_NONE;
}

const struct choice *field_choice(const struct field *f, int64_t stored)
{
    for (const struct choice *c = f->choices; c->name != NULL; c++) {
        if (c->stored == stored) {
            return c;
        }
    }
    return NULL;
}

bool field_is_ordered(const struct field *f)
{
    switch (field_kind(f)) {
    case VALUE_INT:
    case VALUE_DOUBLE:
    case VALUE_TIME:
    case VALUE_DATE:
        return f->type != FIELD_CHOICE;
    case VALUE_ABSENT:
    case VALUE_NULL:
    case VALUE_BOOL:
    case VALUE_TEXT:
    case VALUE_BYTES:
    case VALUE_LIST:
        return false;
    }
    abort();
}

const char *field_type_name(enum field_type type)
{
    return types[type].name;
}

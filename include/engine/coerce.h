/*
 * coerce: one value of one type, from JSON or from text, as pydantic's lax mode does it; the building stones
 * of engine/validate. Each returns true and writes *out, or notes one problem and returns false.
 */
#ifndef QUIRE_ENGINE_COERCE_H
#define QUIRE_ENGINE_COERCE_H

#include "engine/problem.h"
#include "schema/field.h"

/* What is being read: exactly one of json and text is meant. */
struct source {
    struct problems *problems;
    struct arena *arena;
    const struct field *field;
    const struct place *at;
    struct input input; /* json != NULL: JSON, else text */
};

bool coerce_int(const struct source *s, struct value *out);
bool coerce_bool(const struct source *s, struct value *out);
bool coerce_text(const struct source *s, struct value *out);
bool coerce_choice(const struct source *s, struct value *out);
bool coerce_uuid(const struct source *s, struct value *out);
bool coerce_time(const struct source *s, struct value *out);
bool coerce_date(const struct source *s, struct value *out);
/* By the field's type. */
bool coerce(const struct source *s, struct value *out);

#endif

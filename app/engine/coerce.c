#include "engine/coerce.h"

#include <stdlib.h>

bool coerce(const struct source *s, struct value *out)
{
    switch (s->field->type) {
    case FIELD_ID:
    case FIELD_INT:
    case FIELD_COUNT:
    case FIELD_SUM:
    case FIELD_VERSION:
        return coerce_int(s, out);
    case FIELD_BOOL:
        return coerce_bool(s, out);
    case FIELD_TEXT:
    case FIELD_URL:
    case FIELD_EMAIL:
    case FIELD_PASSWORD:
        return coerce_text(s, out);
    case FIELD_CHOICE:
        return coerce_choice(s, out);
    case FIELD_TIME:
        return coerce_time(s, out);
    case FIELD_DATE:
        return coerce_date(s, out);
    case FIELD_UUID:
        return coerce_uuid(s, out);
    case FIELD_REF:
        return field_kind(s->field) == VALUE_BYTES ? coerce_uuid(s, out) : coerce_int(s, out);
    case FIELD_NONE:
    case FIELD_BYTES:
    case FIELD_FOLD:
    case FIELD_AVERAGE:
    case FIELD_LIST:
    case FIELD_MARK:
    case FIELD_TEXTS:
    case FIELD_ONE:
    case FIELD_HAS:
    case FIELD_MANY:
    case FIELD__MAX:
        break;
    }
    abort(); /* not a type that is read from outside */
}

#include "io/stmt_bind.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/clock.h"

static MYSQL_TIME time_of(struct value v)
{
    int64_t micros = v.kind == VALUE_DATE ? v.i * 86400 * 1000000 : v.i;
    struct civil c = clock_to_civil(micros);
    return (MYSQL_TIME){
        .year = (unsigned)c.year,
        .month = c.month,
        .day = c.day,
        .hour = c.hour,
        .minute = c.minute,
        .second = c.second,
        .second_part = c.micro,
        .time_type = v.kind == VALUE_DATE ? MYSQL_TIMESTAMP_DATE : MYSQL_TIMESTAMP_DATETIME,
    };
}

struct value stmt_time(const MYSQL_TIME *t, enum value_kind kind)
{
    struct civil c = {
        (int)t->year, t->month, t->day, t->hour, t->minute, t->second, (unsigned)t->second_part};
    int64_t micros = clock_from_civil(&c);
    return kind == VALUE_DATE ? value_date(micros / (86400 * 1000000LL)) : value_time(micros);
}

/* The library takes pointers to what it sends; it only reads through them. */
static void *readable(const void *p)
{
    union {
        const void *from;
        void *to;
    } pun = {p};
    return pun.to;
}

enum enum_field_types stmt_type(enum value_kind kind)
{
    switch (kind) {
    case VALUE_INT:
    case VALUE_BOOL:
        return MYSQL_TYPE_LONGLONG;
    case VALUE_DOUBLE:
        return MYSQL_TYPE_DOUBLE;
    case VALUE_TEXT:
        return MYSQL_TYPE_STRING;
    case VALUE_BYTES:
        return MYSQL_TYPE_BLOB;
    case VALUE_TIME:
        return MYSQL_TYPE_DATETIME;
    case VALUE_DATE:
        return MYSQL_TYPE_DATE;
    case VALUE_ABSENT:
    case VALUE_NULL:
        return MYSQL_TYPE_NULL;
    case VALUE_LIST:
        break; /* of input only */
    }
    abort();
}

struct stmt_slots *stmt_slots_new(size_t count)
{
    struct stmt_slots *s = calloc(1, sizeof *s + count * sizeof s->slots[0]);
    if (s == NULL) {
        abort();
    }
    s->count = count;
    return s;
}

bool stmt_slots_fill(struct stmt_slots *s, const struct value *values)
{
    bool bound = s->bound;
    for (size_t i = 0; i < s->count; i++) {
        struct stmt_slot *slot = &s->slots[i];
        const struct value *v = &values[i];
        bool text = v->kind == VALUE_TEXT || v->kind == VALUE_BYTES;
        bound = bound && !text && slot->kind == v->kind;
        slot->kind = v->kind;
        if (v->kind == VALUE_TIME || v->kind == VALUE_DATE) {
            slot->cell.t = time_of(*v);
        } else if (v->kind == VALUE_DOUBLE) {
            slot->cell.d = v->d;
        } else if (!text) {
            slot->cell.i = v->i;
        }
    }
    return bound;
}

bool stmt_slots_bind(struct stmt_slots *s, MYSQL_STMT *handle, struct arena *a, const struct value *values)
{
    MYSQL_BIND *binds = ARENA_ARRAY(a, MYSQL_BIND, s->count); /* the library copies them */
    for (size_t i = 0; i < s->count; i++) {
        const struct value *v = &values[i];
        bool text = v->kind == VALUE_TEXT || v->kind == VALUE_BYTES;
        binds[i].buffer_type = stmt_type(v->kind);
        binds[i].buffer = text ? readable(v->text.p) : &s->slots[i].cell;
        binds[i].buffer_length = text ? v->text.n : 0;
    }
    s->bound = mysql_stmt_bind_param(handle, binds) == 0;
    return s->bound;
}

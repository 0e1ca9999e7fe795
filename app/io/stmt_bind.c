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

void stmt_bind(struct arena *a, const struct value *v, MYSQL_BIND *b)
{
    switch (v->kind) {
    case VALUE_INT:
    case VALUE_BOOL:
        b->buffer_type = MYSQL_TYPE_LONGLONG;
        b->buffer = readable(&v->i);
        return;
    case VALUE_DOUBLE:
        b->buffer_type = MYSQL_TYPE_DOUBLE;
        b->buffer = readable(&v->d);
        return;
    case VALUE_TEXT:
    case VALUE_BYTES:
        b->buffer_type = v->kind == VALUE_TEXT ? MYSQL_TYPE_STRING : MYSQL_TYPE_BLOB;
        b->buffer = readable(v->text.p);
        b->buffer_length = v->text.n;
        return;
    case VALUE_TIME:
    case VALUE_DATE: {
        MYSQL_TIME *t = arena_alloc(a, sizeof *t);
        *t = time_of(*v);
        b->buffer_type = v->kind == VALUE_DATE ? MYSQL_TYPE_DATE : MYSQL_TYPE_DATETIME;
        b->buffer = t;
        return;
    }
    case VALUE_ABSENT:
    case VALUE_NULL:
        b->buffer_type = MYSQL_TYPE_NULL;
        return;
    case VALUE_LIST:
        break; /* of input only */
    }
    abort();
}

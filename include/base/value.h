/*
 * value: one cell: absent, null, or a value of one of the few kinds that fields have.
 *
 * Absent is not null: a PATCH leaves an absent field alone and sets a null one to NULL. Text points into the
 * arena of the request (or into a literal); a value owns nothing and is copied freely.
 *
 *     struct value row[POST__MAX] = {0};              // all absent
 *     row[POST_TITLE] = value_text(title);
 *     if (row[POST_ID].kind == VALUE_INT) ...
 */
#ifndef QUIRE_BASE_VALUE_H
#define QUIRE_BASE_VALUE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

enum value_kind {
    VALUE_ABSENT,
    VALUE_NULL,
    VALUE_INT,    /* i */
    VALUE_BOOL,   /* i: 0 or 1 */
    VALUE_DOUBLE, /* d */
    VALUE_TEXT,   /* text: valid UTF-8 */
    VALUE_BYTES,  /* text: any bytes (a UUID's sixteen, a hash) */
    VALUE_TIME,   /* i: microseconds since the epoch */
    VALUE_DATE,   /* i: days since the epoch */
    VALUE_LIST    /* list: rows of a form, one after another */
};

struct value {
    enum value_kind kind;
    union {
        int64_t i;
        double d;
        str text;
        struct {
            const struct value *rows;
            size_t n; /* how many rows */
        } list;
    };
};

static inline struct value value_null(void)
{
    return (struct value){.kind = VALUE_NULL};
}

static inline struct value value_int(int64_t i)
{
    return (struct value){.kind = VALUE_INT, .i = i};
}

static inline struct value value_bool(bool b)
{
    return (struct value){.kind = VALUE_BOOL, .i = b};
}

static inline struct value value_text(str s)
{
    return (struct value){.kind = VALUE_TEXT, .text = s};
}

static inline struct value value_bytes(const void *p, size_t n)
{
    return (struct value){.kind = VALUE_BYTES, .text = {p, n}};
}

static inline struct value value_time(int64_t micros)
{
    return (struct value){.kind = VALUE_TIME, .i = micros};
}

static inline struct value value_date(int64_t days)
{
    return (struct value){.kind = VALUE_DATE, .i = days};
}

/* Neither absent nor null. */
static inline bool value_given(struct value v)
{
    return v.kind != VALUE_ABSENT && v.kind != VALUE_NULL;
}

#endif

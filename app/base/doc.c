#include "base/doc.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/json_out.h"

struct doc doc_over(struct buf *out)
{
    return (struct doc){.out = out};
}

/* What stands before a value: comma, line end, name. */
static void put_name(struct doc *d, str name)
{
    const char *first = d->depth > 0 ? "\n" : "";
    buf_c(d->out, d->filled ? ",\n" : first);
    if (name.p != NULL) {
        json_put_str(d->out, name);
        buf_char(d->out, ':');
    }
    d->filled = true;
}

static str named(const char *name)
{
    str none = {NULL, 0};
    return name == NULL ? none : str_of(name);
}

static void open_one(struct doc *d, str name, bool list)
{
    if (d->depth == DOC_MAX_DEPTH) {
        abort();
    }
    put_name(d, name);
    buf_char(d->out, list ? '[' : '{');
    uint32_t bit = UINT32_C(1) << d->depth++;
    d->lists = list ? d->lists | bit : d->lists & ~bit;
    d->filled = false;
}

void doc_object(struct doc *d, const char *name)
{
    open_one(d, named(name), false);
}

void doc_object_str(struct doc *d, str name)
{
    open_one(d, name, false);
}

void doc_list(struct doc *d, const char *name)
{
    open_one(d, named(name), true);
}

void doc_end(struct doc *d)
{
    if (d->depth == 0) {
        abort();
    }
    bool list = (d->lists >> --d->depth & 1) != 0;
    buf_char(d->out, list ? ']' : '}');
    d->filled = true;
}

void doc_str(struct doc *d, const char *name, str s)
{
    put_name(d, named(name));
    json_put_str(d->out, s);
}

void doc_c(struct doc *d, const char *name, const char *s)
{
    doc_str(d, name, str_of(s));
}

void doc_int(struct doc *d, const char *name, int64_t i)
{
    put_name(d, named(name));
    buf_int(d->out, i);
}

void doc_bool(struct doc *d, const char *name, bool truth)
{
    put_name(d, named(name));
    json_put_bool(d->out, truth);
}

void doc_format(struct doc *d, const char *name, const char *format, ...)
{
    char text[512];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(text, sizeof text, format, args);
    va_end(args);
    doc_c(d, name, text);
}

void doc_json(struct doc *d, const char *name, const char *json)
{
    put_name(d, named(name));
    buf_c(d->out, json);
}

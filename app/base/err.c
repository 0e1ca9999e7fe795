#include "base/err.h"

#include <stdarg.h>

#include "base/arena.h"

static const struct {
    unsigned status;
    const char *name;
    const char *title;
} codes[ERROR__MAX] = {
#define ERROR_ROW(constant, status, name, title) [constant] = {status, name, title},
    ERROR_CODES(ERROR_ROW)
#undef ERROR_ROW
};

err(error_new)(struct arena *a, enum error_code code, const char *format, ...)
{
    struct error *e = ARENA_NEW(a, struct error);
    va_list args;
    va_start(args, format);
    e->code = code;
    e->detail = str_vformat(a, format, args);
    va_end(args);
    return e;
}

err(error_cause)(struct arena *a, enum error_code code, const char *format, ...)
{
    struct error *e = ARENA_NEW(a, struct error);
    va_list args;
    va_start(args, format);
    e->code = code;
    e->detail = str_of(codes[code].title);
    e->cause = str_vformat(a, format, args);
    e->retry_after = codes[code].status == 503 ? 1 : 0;
    va_end(args);
    return e;
}

err(error_invalid)(struct arena *a, enum error_code code, str problems)
{
    struct error *e = ARENA_NEW(a, struct error);
    e->code = code;
    e->detail = str_of(codes[code].title);
    e->problems = problems;
    return e;
}

err error_caused(struct arena *a, err e, str cause)
{
    struct error *with = ARENA_NEW(a, struct error);
    *with = *e;
    with->cause = cause;
    return with;
}

str error_reason(err e)
{
    return e->cause.n > 0 ? e->cause : e->detail;
}

unsigned error_status(enum error_code code)
{
    return codes[code].status;
}

const char *error_name(enum error_code code)
{
    return codes[code].name;
}

const char *error_title(enum error_code code)
{
    return codes[code].title;
}

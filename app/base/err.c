#include "base/err.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

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

__attribute__((format(printf, 2, 0))) static str format_sentence(struct arena *a, const char *format,
                                                                 va_list args)
{
    va_list again;
    va_copy(again, args);
    int n = vsnprintf(NULL, 0, format, args);
    if (n < 0) {
        abort();
    }
    char *text = arena_alloc(a, (size_t)n + 1);
    (void)vsnprintf(text, (size_t)n + 1, format, again);
    va_end(again);
    return (str){text, (size_t)n};
}

err(error_new)(struct arena *a, enum error_code code, const char *format, ...)
{
    struct error *e = ARENA_NEW(a, struct error);
    va_list args;
    va_start(args, format);
    e->code = code;
    e->detail = format_sentence(a, format, args);
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
    e->cause = format_sentence(a, format, args);
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

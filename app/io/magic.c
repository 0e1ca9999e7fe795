#include "io/magic.h"

#include <magic.h>
#include <stdlib.h>

#include "base/arena.h"

struct magic {
    magic_t cookie; /* NULL until it is needed */
};

enum {
    NUMBERS_ONLY = MAGIC_MIME_TYPE | MAGIC_ERROR | MAGIC_NO_CHECK_COMPRESS | MAGIC_NO_CHECK_TAR |
                   MAGIC_NO_CHECK_APPTYPE | MAGIC_NO_CHECK_ELF | MAGIC_NO_CHECK_TEXT | MAGIC_NO_CHECK_CDF |
                   MAGIC_NO_CHECK_CSV | MAGIC_NO_CHECK_TOKENS | MAGIC_NO_CHECK_ENCODING | MAGIC_NO_CHECK_JSON
};

struct magic *magic_new(void)
{
    struct magic *m = calloc(1, sizeof *m);
    if (m == NULL) {
        abort();
    }
    return m;
}

void magic_free(struct magic *m)
{
    if (m != NULL && m->cookie != NULL) {
        magic_close(m->cookie);
    }
    free(m);
}

static const char *complaint(magic_t cookie)
{
    const char *text = magic_error(cookie);
    return text != NULL ? text : "no reason given";
}

static err open_database(struct magic *m, struct arena *a)
{
    magic_t cookie = magic_open(NUMBERS_ONLY);
    if (cookie == NULL) {
        abort(); /* out of memory */
    }
    if (magic_load(cookie, NULL) != 0) {
        err e = error_cause(a, ERROR_INTERNAL, "libmagic has no database: %s", complaint(cookie));
        magic_close(cookie);
        return e;
    }
    m->cookie = cookie;
    return NULL;
}

err magic_media_type(struct magic *m, struct arena *a, str head, str *type)
{
    if (m->cookie == NULL) {
        TRY(open_database(m, a));
    }
    const char *name = magic_buffer(m->cookie, head.p, head.n < MAGIC_BYTES ? head.n : MAGIC_BYTES);
    if (name == NULL) {
        return error_cause(a, ERROR_INTERNAL, "libmagic fails: %s", complaint(m->cookie));
    }
    *type = str_copy(a, str_of(name));
    return NULL;
}

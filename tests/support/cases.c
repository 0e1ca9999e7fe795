#include "support/cases.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/file.h"

enum { CASES_BYTES = 4 << 20 };

void cases_open(struct cases *c, struct arena *a, const char *path)
{
    *c = (struct cases){.path = path};
    err e = file_read(a, path, CASES_BYTES, &c->text);
    if (e != NULL) {
        fail_msg("%.*s (the tests run in the project's folder)", STR_ARGS(e->detail));
    }
}

bool cases_next(struct cases *c, str *line)
{
    while (c->at < c->text.n) {
        size_t end = str_find(c->text, '\n', c->at);
        *line = str_slice(c->text, c->at, end);
        c->at = end + 1;
        c->line++;
        if (line->n > 0 && line->p[0] != '#') {
            return true;
        }
    }
    return false;
}

str cases_part(str *s, const char *separator)
{
    const char *hit = memmem(s->p, s->n, separator, strlen(separator));
    size_t at = hit == NULL ? s->n : (size_t)(hit - s->p);
    str part = str_trim(str_slice(*s, 0, at));
    *s = str_trim(str_slice(*s, at + strlen(separator), s->n));
    return part;
}

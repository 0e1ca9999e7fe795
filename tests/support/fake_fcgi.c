#include "support/fake_fcgi.h"

#include <string.h>

#include "base/arena.h"
#include "io/fcgi.h"

void fake_fcgi_use(void)
{
}

char *const *fcgi_params(const struct fcgi *f)
{
    return f->params;
}

err fcgi_read_body(struct fcgi *f, struct arena *a, size_t limit, int64_t content_length, str *body)
{
    if (f->body.n > limit || (content_length > 0 && (uint64_t)content_length > limit)) {
        return error_new(a, ERROR_TOO_LARGE, "the body is too large");
    }
    if (content_length >= 0 && (uint64_t)content_length != f->body.n) {
        return error_new(a, ERROR_BAD_REQUEST, "the body was cut short");
    }
    *body = str_copy(a, f->body);
    return NULL;
}

err fcgi_read_some(struct fcgi *f, struct arena *a, char *p, size_t room, size_t *n)
{
    str piece = str_slice(f->body, f->taken, f->taken + room);
    if (piece.n == 0 && f->cut) {
        return error_new(a, ERROR_BAD_REQUEST, "the body was cut short");
    }
    if (piece.n > 0) {
        memcpy(p, piece.p, piece.n);
    }
    f->taken += piece.n;
    *n = piece.n;
    return NULL;
}

bool fcgi_send(struct fcgi *f, str head, str body)
{
    f->answer = str_format(f->arena, "%.*s%.*s", STR_ARGS(head), STR_ARGS(body));
    return !f->gone;
}

bool fcgi_client_gone(const struct fcgi *f)
{
    return f->gone;
}

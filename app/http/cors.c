#include "http/cors.h"

void cors_init(struct cors *c, str origins, bool credentials)
{
    *c = (struct cors){.credentials = credentials};
    for (size_t at = 0; at < origins.n && c->count < CORS_MAX_ORIGINS;) {
        size_t comma = str_find(origins, ',', at);
        str origin = str_trim(str_slice(origins, at, comma));
        if (str_eq(origin, STR("*"))) {
            c->any = true;
        } else if (origin.n > 0) {
            c->origins[c->count++] = origin;
        }
        at = comma + 1;
    }
}

static bool listed(const struct cors *c, str origin)
{
    for (unsigned i = 0; i < c->count; i++) {
        if (str_eq(c->origins[i], origin)) {
            return true;
        }
    }
    return false;
}

static bool allowed(const struct cors *c, str origin)
{
    return origin.n > 0 && (c->any || listed(c, origin));
}

bool cors_trusts(const struct cors *c, str origin)
{
    return c->credentials && listed(c, origin);
}

bool cors_varies(const struct cors *c)
{
    return c->count > 0 || c->any;
}

void cors_apply(const struct cors *c, const struct request *q, struct reply *r)
{
    if (!allowed(c, q->origin)) {
        return;
    }
    reply_header_str(r, "Access-Control-Allow-Origin", q->origin);
    if (c->credentials) {
        buf_lit(&r->headers, "Access-Control-Allow-Credentials: true\r\n");
    }
    buf_lit(&r->headers, "Access-Control-Expose-Headers: Link, ETag, Location, "
                         "X-Total-Count, X-Request-ID, "
                         "X-Error-Code, Retry-After, RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset, "
                         "Idempotent-Replayed, Preference-Applied\r\n");
}

bool cors_is_preflight(const struct request *q)
{
    return q->method == METHOD_OPTIONS && q->origin.n > 0 && q->preflight_method.n > 0;
}

void cors_preflight(const struct cors *c, const struct request *q, struct reply *r)
{
    reply_empty(r);
    buf_lit(&r->headers, "Vary: Access-Control-Request-Method, "
                         "Access-Control-Request-Headers\r\n");
    if (!allowed(c, q->origin)) {
        return;
    }
    buf_lit(&r->headers, "Access-Control-Allow-Methods: GET, HEAD, POST, PUT, PATCH, DELETE\r\n");
    if (q->preflight_headers.n > 0) {
        reply_header_str(r, "Access-Control-Allow-Headers", q->preflight_headers);
    }
    buf_lit(&r->headers, "Access-Control-Max-Age: 600\r\n");
}

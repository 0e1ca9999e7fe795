#include "http/caching.h"

#include "conf/settings.h"
#include "http/route.h"

/* must-revalidate and max-age=0 speak to browsers, s-maxage and what follows to the cache that we run ourselves. */
#define MOMENT  "public, max-age=0, must-revalidate, s-maxage=1, stale-while-revalidate=1, stale-if-error=10"
#define MINUTES "public, max-age=300"
#define ASK     "private, no-cache"
#define NEVER   "no-store"

static enum caching caching_of(const struct route *route)
{
    if (route->method != METHOD_GET) {
        return CACHING_NEVER;
    }
    if (route->caching != CACHING_BY_ACCESS) {
        return route->caching;
    }
    return route->access == ACCESS_OPEN   ? CACHING_NEVER
           : route->access == ACCESS_READ ? CACHING_MOMENT
                                          : CACHING_ASK;
}

static bool says_who(const struct request *q)
{
    return q->has_authorization || q->cookie.n > 0;
}

static const char *policy(const struct call *c, err e)
{
    if (e != NULL) {
        return NEVER;
    }
    enum caching caching = caching_of(c->route);
    bool closed = c->route->access != ACCESS_OPEN && !c->settings->public_read;
    if (caching == CACHING_NEVER) {
        return NEVER;
    }
    if (caching == CACHING_ASK || closed || says_who(c->request)) {
        return ASK;
    }
    return caching == CACHING_MINUTES ? MINUTES : MOMENT;
}

/* One line: some caches look at one alone. */
static void put_vary(struct call *c, err e, bool varies_by_origin)
{
    bool by_actor = c->route != NULL && c->route->access != ACCESS_OPEN;
    struct buf names;
    buf_init(&names, c->arena, 64, 64);
    buf_c(&names, by_actor ? ", Authorization, Cookie" : "");
    buf_c(&names, e != NULL ? ", Accept" : ""); /* RFC 9457, for whom wants it */
    buf_c(&names, varies_by_origin ? ", Origin" : "");
    if (names.n > 0) {
        str list = str_slice(buf_view(&names), 2, names.n);
        reply_header_str(c->reply, "Vary", list);
    }
}

void caching_put(struct call *c, err e, bool varies_by_origin)
{
    if (c->route != NULL || e != NULL) {
        reply_header_str(c->reply, "Cache-Control", str_of(policy(c, e)));
    }
    put_vary(c, e, varies_by_origin);
}

const char *caching_name(const struct route *route)
{
    static const char *const names[] = {[CACHING_MOMENT] = "public",
                                        [CACHING_MINUTES] = "minutes",
                                        [CACHING_ASK] = "private",
                                        [CACHING_NEVER] = "never"};
    return names[caching_of(route)];
}

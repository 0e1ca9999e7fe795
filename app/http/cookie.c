#include "http/cookie.h"

#include "conf/settings.h"
#include "http/cors.h"

static const struct {
    str secure;
    str plain;
} names[COOKIE__MAX] = {
    [COOKIE_ACCESS] = {STR_INIT("__Host-quire_access"), STR_INIT("quire_access")},
    [COOKIE_REFRESH] = {STR_INIT("__Host-quire_refresh"), STR_INIT("quire_refresh")},
};

static bool ends_nocase(str s, str end)
{
    return s.n >= end.n && str_eq_nocase(str_slice(s, s.n - end.n, s.n), end);
}

/* Digits and dots alone: 127.0.0.1.example.com is somebody else's. */
static bool is_loopback_address(str host)
{
    for (size_t i = 0; i < host.n; i++) {
        if (host.p[i] != '.' && (host.p[i] < '0' || host.p[i] > '9')) {
            return false;
        }
    }
    return str_starts(host, STR("127."));
}

/* What Host names, without its port, is this machine itself (RFC 6761, section 6.3). */
static bool is_loopback(str host)
{
    if (str_starts(host, STR("["))) {
        return str_starts(host, STR("[::1]"));
    }
    str name = str_slice(host, 0, str_find(host, ':', 0));
    return str_eq_nocase(name, STR("localhost")) || ends_nocase(name, STR(".localhost")) ||
           is_loopback_address(name);
}

static bool is_secure(const struct call *c)
{
    const struct settings *s = c->settings;
    if (!str_eq(s->cookie_secure, STR("auto"))) {
        return str_eq(s->cookie_secure, STR("on"));
    }
    return str_eq(c->request->scheme, STR("https")) || str_starts(s->site_url, STR("https:")) ||
           !is_loopback(c->request->host);
}

static str name_of(const struct call *c, enum cookie which)
{
    return is_secure(c) ? names[which].secure : names[which].plain;
}

bool cookie_read(const struct call *c, enum cookie which, str *value)
{
    str all = c->request->cookie;
    if (all.n == 0) {
        return false;
    }
    str name = name_of(c, which);
    for (size_t at = 0; at < all.n;) {
        size_t end = str_find(all, ';', at);
        str pair = str_trim(str_slice(all, at, end));
        size_t equals = str_find(pair, '=', 0);
        if (str_eq(str_slice(pair, 0, equals), name)) {
            *value = str_slice(pair, equals + 1, pair.n);
            return value->n > 0;
        }
        at = end + 1;
    }
    return false;
}

void cookie_set(struct call *c, enum cookie which, str value, int64_t seconds)
{
    reply_header(c->reply, "Set-Cookie", "%.*s=%.*s; Path=/; Max-Age=%lld; HttpOnly;%s SameSite=Lax",
                 STR_ARGS(name_of(c, which)), STR_ARGS(value), (long long)seconds,
                 is_secure(c) ? " Secure;" : "");
}

void cookie_clear(struct call *c)
{
    str value = {0};
    for (int which = 0; which < COOKIE__MAX; which++) {
        if (cookie_read(c, (enum cookie)which, &value)) {
            cookie_set(c, (enum cookie)which, (str){0}, 0);
        }
    }
}

/* Scheme, name and port of a URL. */
static str origin_of(str url)
{
    size_t authority = str_find(url, ':', 0) + 3;
    return str_slice(url, 0, str_find(url, '/', authority));
}

/* The origin under which the web server was asked. */
static bool is_asked(const struct request *q, str origin)
{
    size_t n = q->scheme.n + 3;
    return q->scheme.n > 0 && q->host.n > 0 && origin.n == n + q->host.n && str_starts(origin, q->scheme) &&
           str_eq(str_slice(origin, q->scheme.n, n), STR("://")) &&
           str_eq_nocase(str_slice(origin, n, origin.n), q->host);
}

err cookie_check_origin(const struct call *c)
{
    const struct request *q = c->request;
    bool good = q->origin.p == NULL
                    ? str_eq(q->fetch_site, STR("same-origin"))
                    : is_asked(q, q->origin) || str_eq_nocase(q->origin, origin_of(c->settings->site_url)) ||
                          cors_trusts(c->cors, q->origin);
    return good ? NULL
                : error_new(c->arena, ERROR_FOREIGN_ORIGIN,
                            "with cookies only pages of this site and of its allowed origins may write");
}

#include "conf/database_url.h"

#include <string.h>

#include "base/arena.h"

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* False when it decodes to a NUL, which no part can hold. */
static bool decode(struct arena *a, str s, str *out)
{
    char *text = arena_alloc(a, s.n);
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        if (c == '%' && i + 2 < s.n && hex_digit(s.p[i + 1]) >= 0 && hex_digit(s.p[i + 2]) >= 0) {
            c = (char)(hex_digit(s.p[i + 1]) * 16 + hex_digit(s.p[i + 2]));
            i += 2;
        }
        if (c == '\0') {
            return false;
        }
        text[n++] = c;
    }
    *out = (str){text, n};
    return true;
}

static bool refuse(str *why, str sentence)
{
    *why = sentence;
    return false;
}

static const str nul = STR_INIT("holds %00, which no part of an address can");

/* Takes "scheme://" off the front. */
static bool take_scheme(str *rest, str *why)
{
    size_t colon = str_find(*rest, ':', 0);
    str scheme = str_slice(*rest, 0, colon);
    str family = str_slice(scheme, 0, str_find(scheme, '+', 0));
    bool ours = str_eq_nocase(family, STR("mysql")) || str_eq_nocase(family, STR("mariadb"));
    if (!ours || !str_starts(str_slice(*rest, colon, rest->n), STR("://"))) {
        return refuse(why, STR("must begin with mysql:// (or mysql+driver://, mariadb://)"));
    }
    *rest = str_slice(*rest, colon + 3, rest->n);
    return true;
}

/* Takes "user:password@" off the front. */
static bool take_user(struct arena *a, str *rest, struct database_url *out, str *why)
{
    size_t at = rest->n;
    while (at > 0 && rest->p[at - 1] != '@') {
        at--;
    }
    if (at == 0) {
        return true;
    }
    str info = str_slice(*rest, 0, at - 1);
    size_t colon = str_find(info, ':', 0);
    out->has_password = colon < info.n;
    *rest = str_slice(*rest, at, rest->n);
    return (decode(a, str_slice(info, 0, colon), &out->user) &&
            decode(a, str_slice(info, colon + 1, info.n), &out->password)) ||
           refuse(why, nul);
}

static bool read_port(str digits, struct database_url *out, str *why)
{
    uint64_t port = 0;
    if (!str_to_uint(digits, &port) || port < 1 || port > 65535) {
        return refuse(why, STR("the port must be a whole number from 1 to 65535"));
    }
    out->port = (int64_t)port;
    return true;
}

/* Reads "host", "host:port", "[v6]:port", ":port" or nothing; the port may be empty (RFC 3986, section
 * 3.2.3). */
static bool read_host(struct arena *a, str text, struct database_url *out, str *why)
{
    size_t end = str_find(text, ':', 0);
    str host = str_slice(text, 0, end);
    if (text.n > 0 && text.p[0] == '[') {
        size_t bracket = str_find(text, ']', 0);
        host = str_slice(text, 1, bracket);
        end = bracket + 1;
        if (host.n == 0 || bracket == text.n || (end < text.n && text.p[end] != ':')) {
            return refuse(why, STR("an IPv6 host must stand in brackets: [::1]:3306"));
        }
    }
    if (!decode(a, host, &out->host)) {
        return refuse(why, nul);
    }
    return end + 1 >= text.n || read_port(str_slice(text, end + 1, text.n), out, why);
}

static bool read_option(struct arena *a, str option, struct database_url *out, str *why)
{
    size_t equals = str_find(option, '=', 0);
    str name = str_slice(option, 0, equals);
    str value;
    if (!decode(a, str_slice(option, equals + 1, option.n), &value)) {
        return refuse(why, nul);
    }
    if (str_eq(name, STR("unix_socket"))) {
        out->socket = value;
    } else if (str_eq(name, STR("ssl_ca"))) {
        out->ssl_ca = value;
    } else if (!str_eq(name, STR("charset"))) {
        *why = str_format(a,
                          "the parameter \"%.*s\" is not known; unix_socket, "
                          "ssl_ca and charset are",
                          STR_ARGS(name));
        return false;
    } else if (!str_eq(value, STR("utf8mb4"))) {
        return refuse(why, STR("charset can only be utf8mb4"));
    }
    return true;
}

static bool read_options(struct arena *a, str query, struct database_url *out, str *why)
{
    while (query.n > 0) {
        size_t end = str_find(query, '&', 0);
        if (end > 0 && !read_option(a, str_slice(query, 0, end), out, why)) {
            return false;
        }
        query = str_slice(query, end + 1, query.n);
    }
    return true;
}

bool database_url_parse(struct arena *a, str url, struct database_url *out, str *why)
{
    struct database_url u = {.port = 0};
    str rest = url;
    if (!take_scheme(&rest, why) || !take_user(a, &rest, &u, why)) {
        return false;
    }
    if (str_find(rest, '#', 0) < rest.n) {
        return refuse(why, STR("a # after the host must be written %23"));
    }
    size_t question = str_find(rest, '?', 0);
    str path = str_slice(rest, 0, question);
    size_t slash = str_find(path, '/', 0);
    str name = str_slice(path, slash + 1, path.n);
    if (str_find(name, '/', 0) < name.n) {
        return refuse(why, STR("the database's name ends the path; a / in it must "
                               "be written %2F"));
    }
    if (!read_host(a, str_slice(path, 0, slash), &u, why) ||
        !read_options(a, str_slice(rest, question + 1, rest.n), &u, why)) {
        return false;
    }
    if (!decode(a, name, &u.name)) {
        return refuse(why, nul);
    }
    *out = u;
    return true;
}

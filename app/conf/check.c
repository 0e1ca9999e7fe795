#include "conf/check.h"

#include <errno.h>
#include <string.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/email.h"
#include "base/mailbox.h"
#include "base/url.h"
#include "conf/rate.h"
#include "conf/settings.h"
#include "io/hosts.h"

static const str fine = STR_INIT("");

static bool lower_alnum(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

static bool is_port(str digits)
{
    uint64_t port = 0;
    return str_to_uint(digits, &port) && port >= 1 && port <= 65535 && digits.p[0] != '0';
}

/* A name, an IPv4 address, or an IPv6 address in brackets. */
static bool is_host(str host)
{
    bool v6 = host.n > 2 && host.p[0] == '[' && host.p[host.n - 1] == ']';
    if (v6) {
        host = str_slice(host, 1, host.n - 1);
    }
    for (size_t i = 0; i < host.n; i++) {
        char c = host.p[i];
        bool good = v6 ? c == ':' || c == '.' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f')
                       : c == '.' || c == '-' || c == '_' || lower_alnum(c);
        if (!good) {
            return false;
        }
    }
    return host.n > 0;
}

/* Splits "host:port"; the colons inside brackets are the host's. False when there is no port. */
static bool split_port(str authority, str *host, str *port)
{
    size_t from = authority.n > 0 && authority.p[0] == '[' ? str_find(authority, ']', 0) : 0;
    size_t colon = str_find(authority, ':', from);
    *host = str_slice(authority, 0, colon);
    *port = str_slice(authority, colon + 1, authority.n);
    return colon < authority.n;
}

static bool default_port(str scheme, str port)
{
    return (str_eq(scheme, STR("http")) && str_eq(port, STR("80"))) ||
           (str_eq(scheme, STR("https")) && str_eq(port, STR("443")));
}

static bool is_scheme(str scheme)
{
    for (size_t i = 0; i < scheme.n; i++) {
        char c = scheme.p[i];
        if (!lower_alnum(c) && (i == 0 || (c != '+' && c != '-' && c != '.'))) {
            return false;
        }
    }
    return scheme.n > 0 && (scheme.p[0] < '0' || scheme.p[0] > '9');
}

static str check_origin(struct arena *a, str origin)
{
    size_t end = str_find(origin, ':', 0);
    str scheme = str_slice(origin, 0, end);
    str rest = str_slice(origin, end, origin.n);
    if (str_eq(origin, STR("*"))) {
        return STR("* stands alone: it allows every origin");
    }
    if (!is_scheme(scheme) || !str_starts(rest, STR("://"))) {
        return str_format(a, "\"%.*s\" must be scheme://host[:port], in lower case", STR_ARGS(origin));
    }
    str authority = str_slice(rest, 3, rest.n);
    str host;
    str port;
    bool with_port = split_port(authority, &host, &port);
    if (memchr(authority.p, '/', authority.n) != NULL) {
        return str_format(a, "\"%.*s\" must end after the host or port: an origin has no path",
                          STR_ARGS(origin));
    }
    if (!is_host(host)) {
        return str_format(a,
                          "\"%.*s\" has no valid host (in lower case, "
                          "international names as xn--)",
                          STR_ARGS(origin));
    }
    if (with_port && !is_port(port)) {
        return str_format(a, "\"%.*s\" must have a port from 1 to 65535", STR_ARGS(origin));
    }
    if (with_port && default_port(scheme, port)) {
        return str_format(a, "\"%.*s\" must leave out the default port, as browsers do", STR_ARGS(origin));
    }
    return fine;
}

str check_origins(struct arena *a, str value)
{
    if (value.n == 0 || str_eq(str_trim(value), STR("*"))) {
        return fine;
    }
    size_t count = 0;
    for (size_t at = 0; at <= value.n;) {
        if (++count > SETTINGS_MAX_ORIGINS) {
            return str_format(a, "there must be at most %d origins", SETTINGS_MAX_ORIGINS);
        }
        size_t end = str_find(value, ',', at);
        str wrong = check_origin(a, str_trim(str_slice(value, at, end)));
        if (wrong.n > 0) {
            return wrong;
        }
        at = end + 1;
    }
    return fine;
}

str check_listen(struct arena *a, str value)
{
    bool is_unix = str_starts(value, STR("unix:"));
    if (is_unix || str_starts(value, STR("/"))) {
        str path = is_unix ? str_slice(value, 5, value.n) : value;
        enum { MOST = sizeof((struct sockaddr_un *)NULL)->sun_path - 1 };
        if (path.n == 0 || path.n > MOST) {
            return str_format(a, "the path of a unix socket must have 1 to %d bytes, not %zu", (int)MOST,
                              path.n);
        }
        return fine;
    }
    str host;
    str port;
    if (!split_port(value, &host, &port) || !is_port(port) || (host.n > 0 && !is_host(host))) {
        return str_format(a, "\"%.*s\" must be unix:/path, host:port or :port", STR_ARGS(value));
    }
    return fine;
}

str check_hosts(struct arena *a, str value)
{
    struct hosts hosts;
    enum { ANY_PORT = 3306 };
    return value.n == 0 || hosts_read(&hosts, value, ANY_PORT)
               ? fine
               : str_format(
                     a, "\"%.*s\" must be 1 to %d of host, host:port, [v6]:port or /path, comma-separated",
                     STR_ARGS(value), (int)HOSTS_MAX);
}

str check_one_host(struct arena *a, str value)
{
    bool several = str_find(value, ',', 0) < value.n;
    return several ? str_format(a, "\"%.*s\" must be one host; several go into DB_HOSTS", STR_ARGS(value))
                   : fine;
}

/* An address as it may be shown: who was to log in, and with which password, is not. */
static str masked(struct arena *a, str address)
{
    const char *at = address.n == 0 ? NULL : memrchr(address.p, '@', address.n);
    if (at == NULL) {
        return address;
    }
    size_t colon = str_find(address, ':', 0);
    size_t end = (size_t)(at - address.p);
    bool has_scheme = colon < end && str_starts(str_slice(address, colon, address.n), STR("://"));
    str start = str_slice(address, 0, has_scheme ? colon + 3 : 0);
    str rest = str_slice(address, end, address.n);
    return str_format(a, "%.*s***%.*s", STR_ARGS(start), STR_ARGS(rest));
}

str check_smtp_url(struct arena *a, str value)
{
    bool plain = str_starts(value, STR("smtp://"));
    str authority = str_slice(value, plain ? 7 : 8, value.n);
    str host;
    str port;
    bool with_port = split_port(authority, &host, &port);
    bool good = (plain || str_starts(value, STR("smtps://"))) && is_host(with_port ? host : authority) &&
                (!with_port || is_port(port));
    return value.n == 0 || good ? fine
                                : str_format(a, "\"%.*s\" must be smtp://host:port or smtps://host:port",
                                             STR_ARGS(masked(a, value)));
}

str check_mail_from(struct arena *a, str value)
{
    str normal;
    str why;
    if (value.n == 0) {
        return fine;
    }
    if (!email_check(a, mailbox_trim(mailbox_without_name(value)), &normal, &why)) {
        return str_format(a, "is no e-mail address: %.*s", STR_ARGS(why));
    }
    for (size_t i = 0; i < normal.n; i++) {
        if ((unsigned char)normal.p[i] > 0x7e) {
            return STR("must have its address in ASCII, an international domain as xn--");
        }
    }
    return fine;
}

str check_base_path(struct arena *a, str value)
{
    for (size_t i = 0; i < value.n; i++) {
        char c = value.p[i];
        bool slash = c == '/';
        bool segment = lower_alnum(c) || (c >= 'A' && c <= 'Z') || strchr("-_~.", c) != NULL;
        bool after_slash = i > 0 && value.p[i - 1] == '/';
        if ((i == 0 && !slash) || (slash && (after_slash || i + 1 == value.n)) || (!slash && !segment)) {
            return str_format(a,
                              "\"%.*s\" must be like /api/v1: no slash at the end, "
                              "letters, digits and -_~. only",
                              STR_ARGS(value));
        }
    }
    return value.n > 0 ? fine : STR("must be like /api/v1, not empty");
}

/* Whether a path can be put behind it. */
static bool is_open_ended(str value)
{
    return value.n > 0 && value.p[value.n - 1] != '/' && memchr(value.p, '?', value.n) == NULL &&
           memchr(value.p, '#', value.n) == NULL;
}

str check_media_url(struct arena *a, str value)
{
    bool scheme = false;
    if (is_open_ended(value) && (url_is_local(value) || url_mistake(value, &scheme) == NULL)) {
        return fine;
    }
    return str_format(a, "\"%.*s\" must be like /media or https://example.com/media: no slash at the end",
                      STR_ARGS(value));
}

str check_provider_url(struct arena *a, str value)
{
    bool scheme = false;
    /* A password in an address would be shown where secrets are not: it belongs into OPENAI_API_KEY. */
    if (value.n == 0 || (is_open_ended(value) && memchr(value.p, '@', value.n) == NULL &&
                         url_mistake(value, &scheme) == NULL)) {
        return fine;
    }
    return str_format(a, "\"%.*s\" must be like https://example.com/v1: no slash at the end, no password",
                      STR_ARGS(masked(a, value)));
}

str check_rate(struct arena *a, str value)
{
    struct rate rate;
    return rate_parse(value, &rate) ? fine
                                    : str_format(a,
                                                 "\"%.*s\" must be a number of times and a period of at most "
                                                 "a day, like 10/60s, 5/15m or "
                                                 "100/1h, or off",
                                                 STR_ARGS(value));
}

str check_temperature(struct arena *a, str value)
{
    enum { MOST_DIGITS = 4, MOST = 20000 };
    size_t point = str_find(value, '.', 0);
    str whole = str_slice(value, 0, point);
    str fraction = str_slice(value, point + 1, value.n);
    uint64_t units = 0;
    uint64_t parts = 0;
    bool number = whole.n == 1 && str_to_uint(whole, &units) &&
                  (point == value.n || (fraction.n <= MOST_DIGITS && str_to_uint(fraction, &parts)));
    for (size_t digits = fraction.n; digits < MOST_DIGITS; digits++) {
        parts *= 10;
    }
    if (value.n == 0 || (number && units * 10000 + parts <= MOST)) {
        return fine;
    }
    return str_format(a, "\"%.*s\" must be a number from 0 to 2, like 0.7", STR_ARGS(value));
}

str check_token(str value)
{
    for (size_t i = 0; i < value.n; i++) {
        if (value.p[i] < '!' || value.p[i] > '~') {
            return STR("must hold only visible ASCII characters");
        }
    }
    return fine;
}

str check_readable(struct arena *a, str value)
{
    if (value.n == 0 || access(str_c(a, value), R_OK) == 0) {
        return fine;
    }
    return str_format(a, "the file \"%.*s\" cannot be read: %s", STR_ARGS(value), strerror(errno));
}

static bool contains_nocase(str s, str part)
{
    for (size_t i = 0; i + part.n <= s.n; i++) {
        if (str_eq_nocase(str_slice(s, i, i + part.n), part)) {
            return true;
        }
    }
    return false;
}

/* Whether s is one shorter text written over and over ("abcabcab" is). */
static bool repeats(str s)
{
    for (size_t period = 1; period <= s.n / 2; period++) {
        if (memcmp(s.p, s.p + period, s.n - period) == 0) {
            return true;
        }
    }
    return false;
}

static unsigned distinct_bytes(str s)
{
    bool seen[256] = {false};
    unsigned count = 0;
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        count += seen[c] ? 0 : 1;
        seen[c] = true;
    }
    return count;
}

str check_secret_strength(struct arena *a, str value)
{
    static const str words[] = {
        STR_INIT("changeme"),
        STR_INIT("change-me"),
        STR_INIT("change_me"),
        STR_INIT("change this"),
        STR_INIT("change-this"),
        STR_INIT("change_this"),
        STR_INIT("changethis"),
        STR_INIT("placeholder"),
        STR_INIT("your-secret"),
        STR_INIT("your_secret"),
        STR_INIT("yoursecret"),
        STR_INIT("secret-key"),
        STR_INIT("secret_key"),
        STR_INIT("secretkey"),
        STR_INIT("supersecret"),
        STR_INIT("super-secret"),
        STR_INIT("super_secret"),
        STR_INIT("replace-me"),
        STR_INIT("replace_me"),
        STR_INIT("replaceme"),
        STR_INIT("example"),
        STR_INIT("insecure"),
        STR_INIT("default"),
        STR_INIT("password"),
        /* printed in a tutorial of a widely used framework, and found in many
           running programs since */
        STR_INIT("09d25e094faa6ca2556c818166b7a9563b93f7099f6f0f4caa6cf63b88e8d3e7"),
    };
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (contains_nocase(value, words[i])) {
            return STR("is a placeholder or a published example; " SECRET_ADVICE);
        }
    }
    enum { FEWEST = 8 };
    if (repeats(value) || distinct_bytes(value) < FEWEST) {
        return str_format(a,
                          "repeats itself (at least %d different characters, no "
                          "repetition); " SECRET_ADVICE,
                          (int)FEWEST);
    }
    return fine;
}

str check_pool_name(struct arena *a, str value)
{
    for (size_t i = 0; i < value.n; i++) {
        if (!lower_alnum(value.p[i]) && value.p[i] != '-' && value.p[i] != '_') {
            return str_format(a, "\"%.*s\" may hold letters a to z, digits, - and _ only", STR_ARGS(value));
        }
    }
    return value.n <= CHECK_POOL_MOST ? fine
                                      : str_format(a, "it may have at most %d letters", (int)CHECK_POOL_MOST);
}

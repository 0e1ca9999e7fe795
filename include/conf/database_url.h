/*
 * database_url: a database address in one line, as SQLAlchemy and most platforms spell it:
 *
 *     mysql[+anything]://user:password@host:port/name?unix_socket=/path&ssl_ca=/path&charset=utf8mb4
 *
 * mariadb:// is the same. Every part may be missing. Parts are percent-decoded (RFC 3986, section 2.1; a + is
 * a +); a % without two hexadecimal digits behind it is itself. The user ends at the first colon and the
 * password at the last @ of the line, so that a password may hold : / # % ' and even @ unencoded; an @
 * further on is written %40. An IPv6 host stands in brackets.
 *
 *     struct database_url u;
 *     str why;
 *     if (!database_url_parse(a, STR("mysql://quire:p%40ss@db:3306/quire"), &u, &why)) ...
 *     // u.password: "p@ss"
 */
#ifndef QUIRE_CONF_DATABASE_URL_H
#define QUIRE_CONF_DATABASE_URL_H

#include <stdbool.h>

#include "base/str.h"

struct arena;

/* What is empty (0 for the port) was not given. */
struct database_url {
    str user;
    bool has_password; /* an empty password may be given */
    str password;
    str host; /* without brackets */
    int64_t port;
    str name;
    str socket;
    str ssl_ca;
};

/* False: *why says what is wrong, without showing the password. The parts live in the arena. */
bool database_url_parse(struct arena *a, str url, struct database_url *out, str *why);

#endif

/*
 * url: paths, query strings and form bodies taken apart (WHATWG URL, application/x-www-form-urlencoded).
 *
 * Decoded text lives in the arena and is valid UTF-8: what is not becomes U+FFFD, as the contract's original
 * does.
 *
 *     struct pair *pairs;
 *     size_t count = url_pairs(a, STR("limit=5&search=a+b"), 64, &pairs);
 *     const struct pair *last = url_find(pairs, count, STR("limit"));
 */
#ifndef QUIRE_BASE_URL_H
#define QUIRE_BASE_URL_H

#include <stdbool.h>

#include "base/str.h"

struct arena;

/* A query parameter or a form member, decoded. */
struct pair {
    str name;
    str value;
};

/* What keeps a text from being an absolute http or https address (RFC 3986: a scheme, a host of letters, digits, dots
 * and hyphens or a bracketed number, perhaps a port, no blanks or control characters anywhere); NULL when nothing does.
 * *scheme: it is an address, but of another scheme. */
const char *url_mistake(str s, bool *scheme);
/* Whether it is a path of this very site, /a/b.png: whole segments of unreserved characters (RFC 3986), none of them
 * only dots, so that no browser takes it for anything else. */
bool url_is_local(str s);
/* Percent-decodes; `+` is a blank when plus is true. A broken escape stays as it is. */
str url_decode(struct arena *a, str s, bool plus);
/* Splits at `&` and `=` and decodes; at most `most` pairs, the rest is dropped. Empty parts are skipped. */
size_t url_pairs(struct arena *a, str s, size_t most, struct pair **out);
/* The last pair of that name, or NULL. */
const struct pair *url_find(const struct pair *pairs, size_t count, str name);

#endif

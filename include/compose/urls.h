/*
 * urls: finds the addresses of the web that X shortens in a tweet, as twitter-text 3.1.0 does (extractUrlsWithIndices),
 * to the letter: with https:// or http://, or without (then only names of ASCII and Latin letters, and not behind one
 * of - _ . /); any subdomains, a top-level domain of its list (compose/tld), a port, a path with balanced parentheses,
 * a query; not behind a letter, a digit, @, $ or #; labels of at most 63 characters as the DNS writes them; t.co links
 * end after their code.
 *
 * Works in UTF-16, as the original: where a match may begin and how long it is depends on it.
 *
 *     struct url_span *spans;
 *     size_t n = urls_find(a, text, &spans);
 */
#ifndef QUIRE_COMPOSE_URLS_H
#define QUIRE_COMPOSE_URLS_H

#include "io/icu.h"

/* Units [at, at + n) of the text. */
struct url_span {
    size_t at;
    size_t n;
};

/* The addresses in the order in which they are found; *out is in the arena. */
size_t urls_find(struct arena *a, struct utf16 text, struct url_span **out);

#endif

/*
 * url_chars: which characters may stand where in an address, after the expressions of twitter-text 3.1.0 (its folder
 * src/regexp), for compose/urls and compose/tld only. Characters are UTF-16 code units, half a pair of surrogates too.
 *
 *     while (url_is_path(url_unit(t, i))) i++;
 */
#ifndef QUIRE_COMPOSE_URL_CHARS_H
#define QUIRE_COMPOSE_URL_CHARS_H

#include <stdbool.h>

#include "io/icu.h"

/* The unit at `at`; 0, which is of none of the kinds below but url_is_domain, behind the end. */
static inline uint16_t url_unit(struct utf16 t, size_t at)
{
    return at < t.n ? t.p[at] : 0;
}

static inline bool url_is_digit(uint16_t c)
{
    return c >= '0' && c <= '9';
}

/* A letter or digit of ASCII. */
static inline bool url_is_alnum(uint16_t c)
{
    return url_is_digit(c) || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
}

/* What an address may stand behind (validUrlPrecedingChars). */
bool url_may_precede(uint16_t c);
/* Part of a label of a domain: all but punctuation, spaces and marks of direction (validDomainChars). */
bool url_is_domain(uint16_t c);
/* Part of a label of a domain that is an address without a protocol (validAsciiDomain). */
bool url_is_plain(uint16_t c);
/* Of a path, but for parentheses, and what a path may end with (validGeneralUrlPathChars, validUrlPathEndingChars). */
bool url_is_path(uint16_t c);
bool url_is_path_end(uint16_t c);
/* Of a query, and what a query may end with (validUrlQueryChars, validUrlQueryEndingChars). */
bool url_is_query(uint16_t c);
bool url_is_query_end(uint16_t c);

#endif

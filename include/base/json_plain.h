/*
 * json_plain: how far a JSON string goes on without a quote, a backslash or a control character (under 0x20). What
 * is read and what is written is searched for the same three, so both use this; it says nothing about UTF-8.
 *
 *     size_t n = json_plain(p, end - p);   // p[n] is the first that is not plain, or n == end - p
 */
#ifndef QUIRE_BASE_JSON_PLAIN_H
#define QUIRE_BASE_JSON_PLAIN_H

#include <stddef.h>

/* How many of the n bytes at p come before the first that is not plain. */
size_t json_plain(const char *p, size_t n);
/* The same, and copies them: to has room for n bytes, of which those behind the plain ones are left undefined. */
size_t json_plain_copy(char *to, const char *p, size_t n);

#endif

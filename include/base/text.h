/*
 * text: what must be known of Unicode to store people's words safely: is it UTF-8, how many code points, what
 * does it fold to when case does not matter.
 *
 *     if (!text_is_utf8(s)) ...
 *     size_t length = text_length(s);              // code points, as the contract counts
 *     str key = text_fold(a, s);                   // equal for "Ada" and "ADA"
 */
#ifndef QUIRE_BASE_TEXT_H
#define QUIRE_BASE_TEXT_H

#include <stdbool.h>

#include "base/str.h"

struct arena;

/* Whether s is well-formed UTF-8 (Unicode 15, table 3-7): no overlong forms, no surrogates, nothing above
 * U+10FFFF. NUL is allowed. */
bool text_is_utf8(str s);
/* The number of code points of valid UTF-8. */
size_t text_length(str s);
/* Decodes the code point at s.p[*at] and moves *at behind it; a maximal ill-formed part gives U+FFFD (Unicode
 * 15, section 3.9) and is skipped whole. *at must be less than s.n. */
uint32_t text_next(str s, size_t *at);
/* Writes one code point (not a surrogate) as UTF-8; returns its 1 to 4 bytes. */
size_t text_encode(uint32_t code, char out[4]);
/* The beginning of valid UTF-8, at most so many bytes, not within a code point. */
str text_start(str s, size_t most);
/* A copy in which each maximal ill-formed part is one U+FFFD (Unicode 15, section 3.9). */
str text_repair(struct arena *a, str s);
/* A copy with every code point in its simple lower case, the same on every machine (the C library's own
 * C.UTF-8 tables): a key for "the same name, whatever the case". Blanks and accents count. */
str text_fold(struct arena *a, str s);
/* A copy for a terminal: each control character, end of a line or a paragraph, and what turns the direction of others
 * (U+202A to U+202E, U+2066 to U+2069) is a question mark. */
str text_printable(struct arena *a, str s);

#endif

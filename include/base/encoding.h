/*
 * encoding: text in any of Unicode's encoding forms, made UTF-8. Which form it is in shows in its first four
 * bytes, by a byte order mark or by where the zero bytes of its first characters stand, as RFC 4627 (section
 * 3) has it for JSON and Python's json.detect_encoding does it.
 *
 *     str utf8;
 *     if (!encoding_to_utf8(a, body, &utf8)) ...     // 400: cannot be decoded
 */
#ifndef QUIRE_BASE_ENCODING_H
#define QUIRE_BASE_ENCODING_H

#include <stdbool.h>

#include "base/str.h"

struct arena;

/* *out is the text without its byte order mark: a view of bytes when they are UTF-8 already, else made in the
 * arena. False when bytes are ill-formed in the form that they seem to have: surrogates that stand alone (or
 * stand in UTF-8 or UTF-32 at all), nothing above U+10FFFF, no half units at the end. */
bool encoding_to_utf8(struct arena *a, str bytes, str *out);

#endif

/*
 * base64: bytes as text that is safe in a URL (RFC 4648, section 5), without padding.
 *
 *     base64_put(&out, mac, sizeof mac);
 *     if (base64_read(a, text, &bytes)) ...
 */
#ifndef QUIRE_BASE_BASE64_H
#define QUIRE_BASE_BASE64_H

#include <stdbool.h>

#include "base/str.h"

struct arena;
struct buf;

void base64_put(struct buf *b, const unsigned char *bytes, size_t n);
/* Whether it is such a text, also an empty one: no other character, no padding, no impossible length, and no bits other
 * than zero where the bytes end: one text for the same bytes. */
bool base64_is(str text);
/* *out is made in the arena. False for what is none. */
bool base64_read(struct arena *a, str text, str *out);

#endif

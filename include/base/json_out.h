/*
 * json_out: JSON text appended to a buf (RFC 8259). It writes values, not structure: commas, colons and
 * brackets are put by the caller, who knows the shape.
 *
 *     buf_lit(&out, "{\"title\":");
 *     json_put_str(&out, title);
 *     buf_char(&out, '}');
 */
#ifndef QUIRE_BASE_JSON_OUT_H
#define QUIRE_BASE_JSON_OUT_H

#include <stdbool.h>

#include "base/str.h"

struct buf;

/* A JSON string with its quotes. s must be valid UTF-8; everything but `"`, `\` and U+0000..U+001F is written
 * as it is. */
void json_put_str(struct buf *b, str s);
/* The same for bytes of unknown origin: what is not UTF-8 becomes U+FFFD. */
void json_put_dirty(struct buf *b, str s);
void json_put_bool(struct buf *b, bool v);
/* The shortest decimal that reads back as v; NaN and infinities are null. */
void json_put_double(struct buf *b, double v);

#endif

/*
 * cursor: a position in a list as an opaque text: the sort values of a row, signed. It is good for the list and the
 * order it was made for, and for nothing else.
 *
 * The form: base64url of a byte for the direction, the values, and 16 bytes of an HMAC-SHA256 over scope, order, search
 * text and all that comes before. Values are in the clear: they are those of a row that the reader was shown.
 *
 *     cursor_put(&out, &plan, &seal, row, false);
 *     if (!cursor_read(a, text, &seal, &plan)) ... // tampered with, or of another list
 */
#ifndef QUIRE_ENGINE_CURSOR_H
#define QUIRE_ENGINE_CURSOR_H

#include "base/buf.h"
#include "engine/plan.h"

struct digest_key;

/* What cursors are signed with, and for what. */
struct seal {
    const struct digest_key *key;
    str scope; /* the list: its path, and whose it is where the path does not say */
};

enum { CURSOR_MAX_TEXT = 8192 };

/* The position of a row of the plan's page (its cells; plan_close() has run): behind it, or before it. */
void cursor_put(struct buf *out, const struct plan *p, const struct seal *seal, const struct value *cells,
                bool backward);
/* Reads a position into p->seek; the plan's order must be complete. False for what is no cursor of this list. */
bool cursor_read(struct arena *a, str text, const struct seal *seal, struct plan *p);

#endif

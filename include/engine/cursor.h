/*
 * cursor: a position in a list as an opaque text: the sort values of a row, sealed by io/cipher. It is good for the
 * list and the order it was made for, and for nothing else.
 *
 * The form: base64url of what is sealed, bound to scope, order and search text: a byte for the form, one for the
 * direction, and the values. Nobody can read them: how well a row matches (`q`) tells how many others do, also of those
 * that the reader may not see. The same position gives the same text; but in the order of `q` 8 random bytes stand in
 * front of the values, for else the text would tell that the match has changed.
 *
 *     cursor_put(&out, &plan, &seal, row, false);
 *     if (!cursor_read(a, text, &seal, &plan)) ... // tampered with, or of another list
 */
#ifndef QUIRE_ENGINE_CURSOR_H
#define QUIRE_ENGINE_CURSOR_H

#include "base/buf.h"
#include "engine/plan.h"

struct cipher;

/* What cursors are sealed with, and for what. */
struct seal {
    const struct cipher *cipher;
    str scope; /* the list: its path, and whose it is where the path does not say */
};

enum { CURSOR_MAX_TEXT = 8192 };

/* The position of a row of the plan's page (its cells; plan_close() has run): behind it, or before it. */
void cursor_put(struct buf *out, const struct plan *p, const struct seal *seal, const struct value *cells,
                bool backward);
/* Reads a position into p->seek; the plan's order must be complete. False for what is no cursor of this list. */
bool cursor_read(struct arena *a, str text, const struct seal *seal, struct plan *p);

#endif

/*
 * email_chars: which characters the parts of an e-mail address may hold, and how those that they may not are
 * named. A part of email, which says how errors are to look.
 *
 *     static const char refused[] = "The domain contains invalid characters";
 *     if (!email_chars_check(a, domain, email_chars_host, refused, &why)) ...
 *     // why: "The domain contains invalid characters: SPACE, '_'."
 */
#ifndef QUIRE_BASE_EMAIL_CHARS_H
#define QUIRE_BASE_EMAIL_CHARS_H

#include <stdbool.h>

#include "base/str.h"

struct arena;
struct buf;

/* What may stand between the periods of a local part (RFC 5322, section 3.2.3), within ASCII. */
bool email_chars_atom(uint32_t code);
/* What may stand in a local part: the same, periods, and all beyond ASCII (RFC 6531, section 3.3). */
bool email_chars_local(uint32_t code);
/* What may stand in a quoted local part. */
bool email_chars_quotes(uint32_t code);
/* What may stand in a host name, in Unicode. */
bool email_chars_host(uint32_t code);
/* What may stand in the name before an address without quotes. */
bool email_chars_name(uint32_t code);

/* How a refused character is shown: in quotes when it can be seen, else by its name. */
void email_chars_put(struct buf *b, uint32_t code);
/* Whether all characters of s fit. If not, *why is "reason: this, that." */
bool email_chars_check(struct arena *a, str s, bool (*fits)(uint32_t code), const char *reason, str *why);
/* Whether s is safe to show: nothing in it that cannot be seen, and no mark at its start, which would change
 * what stands before it. spaces: those are all right. */
bool email_chars_safe(struct arena *a, str s, bool spaces, str *why);

#endif

/*
 * mailbox: an e-mail address taken apart, with what people put around it: `Ada <ada@example.com>`. A part of
 * email, which says how errors are to look and checks the parts.
 *
 *     struct mailbox box;
 *     if (!mailbox_split(a, mailbox_trim(mailbox_without_name(text)), &box, &why)) ...
 *     // box.local, box.domain
 */
#ifndef QUIRE_BASE_MAILBOX_H
#define QUIRE_BASE_MAILBOX_H

#include <stdbool.h>

#include "base/str.h"

struct arena;

struct mailbox {
    str local;   /* without its quotes */
    bool quoted; /* it had some */
    bool angled; /* the address stood in angle brackets */
    str domain;
};

/* Without blanks of any kind at both ends. */
str mailbox_trim(str s);
/* What stands between the brackets of `Name <address>` or `"Any name" <address>`; any other text as it is. */
str mailbox_without_name(str s);
/* Takes s apart at its first @-sign that stands outside quotes. */
bool mailbox_split(struct arena *a, str s, struct mailbox *out, str *why);

#endif

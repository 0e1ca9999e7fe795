/*
 * message: a mail as it goes over the wire (RFC 5322, RFC 2045 to 2047): headers, and the same words as text and as
 * HTML.
 *
 * Pure: what time it is and what it is called is given. Lines end by CRLF and have at most 76 bytes behind the headers;
 * both parts are quoted-printable. No value can begin a header of its own: control characters become blanks. Words
 * beyond ASCII in a header are encoded words; an address keeps its bytes (RFC 6532) except for its domain, see
 * message_address().
 *
 *     struct message m = {.from_name = STR("Quire"), .from = STR("quire@example.com"), .to = STR("ada@example.org"),
 *                         .subject = STR("Guten Tag"), .text = text, .html = html, .id = STR("0a1b"),
 *                         .date = clock_now()};
 *     str wire = message_make(a, &m);
 */
#ifndef QUIRE_MAIL_MESSAGE_H
#define QUIRE_MAIL_MESSAGE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

struct arena;

/* Texts are valid UTF-8 with LF at the ends of their lines. */
struct message {
    str from_name; /* may be empty */
    str from;      /* an address */
    str to;        /* an address */
    str subject;
    str text;
    str html;
    str id;       /* letters and digits: before the @ of Message-ID, and in the boundary */
    int64_t date; /* microseconds since the epoch */
};

/* At most MESSAGE_MOST bytes; what is more is cut: templates are far smaller. */
enum { MESSAGE_MOST = 1 << 20 };

str message_make(struct arena *a, const struct message *m);
/* The address with its domain as the DNS knows it (xn--…): so an address whose name is ASCII needs no SMTPUTF8. False
 * when it is none that can be written into a header or a command: no @, a blank, a control character, a bracket. */
bool message_address(struct arena *a, str address, str *out);

#endif

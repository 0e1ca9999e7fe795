/*
 * smtp: the door to libcurl for mail: one message handed to one server for one recipient (RFC 5321), and what the
 * server said of it.
 *
 * The connection is made for the message and closed behind it. TLS by smtps:// or by STARTTLS (RFC 3207); certificates
 * are verified against `ca`, else against the system's store. A recipient whose name before the @ is not ASCII is
 * announced with SMTPUTF8 (RFC 6531) where the server offers it; where it does not, the server decides.
 *
 * When a connection breaks after the message has been sent whole and before the server has said yes, nobody can know
 * whether it was taken: the result is SMTP_LATER, and the same message may come twice (RFC 5321, section 4.5.3.2.6).
 * From that moment on `beat` is not asked any more, so that we never are the reason.
 *
 *     struct smtp_request r = {.url = STR("smtp://mail.example.com:587"), .tls = SMTP_TLS_REQUIRED,
 *                              .from = STR("quire@example.com"), .to = STR("ada@example.org"), .message = message,
 *                              .timeout_ms = 60000};
 *     struct smtp_answer said;
 *     TRY(smtp_send(a, &r, &said));
 *     if (said.result == SMTP_SENT) ...
 */
#ifndef QUIRE_IO_SMTP_H
#define QUIRE_IO_SMTP_H

#include "base/err.h"

struct arena;

enum smtp_tls {
    SMTP_TLS_REQUIRED, /* without STARTTLS nothing is sent */
    SMTP_TLS_TRY,      /* where the server offers it */
    SMTP_TLS_OFF
};

struct smtp_request {
    str url;           /* smtp://host[:port], or smtps:// for TLS from the start */
    enum smtp_tls tls; /* of no account for smtps:// */
    str ca;            /* a file of CA certificates; empty: the system's */
    str user;          /* empty: no AUTH */
    str password;
    str from;                                /* an address without brackets, in ASCII */
    str to;                                  /* likewise; UTF-8 before the @ */
    str message;                             /* RFC 5322, lines ended by CRLF; dots are doubled here */
    int64_t timeout_ms;                      /* for everything; at least 1 */
    err (*beat)(void *ctx, struct arena *a); /* about once a second until the message is sent; may be NULL */
    void *ctx;
};

enum smtp_result {
    SMTP_SENT,
    SMTP_LATER, /* nobody there, no time, a 4yz, TLS or the log-in failed, we or the sender are refused: another time it
                 * may succeed */
    SMTP_NEVER /* the server refuses this message or this recipient for good: a 5yz behind RCPT TO */
};

struct smtp_answer {
    enum smtp_result result;
    unsigned code; /* the server's last, 0 when there was none */
    str why;       /* unless sent: what happened, in the library's words; for the log */
};

/* An err is only what `beat` failed with; nothing was sent then. The texts of the answer live in the arena. */
MUST_USE err smtp_send(struct arena *a, const struct smtp_request *r, struct smtp_answer *out);

#endif

/*
 * postman: takes mails out of the outbox (models/mail), writes them, and hands them to the SMTP server; or, while none
 * is set, to files in MAIL_DIR, one a mail, *.eml.
 *
 * One mail after another, each by a lease (engine/lease) as long as sending it may take. What becomes of it:
 *
 *     taken by the server        its row is deleted
 *     nobody to send it to       likewise: no active account has the address, or it is verified already
 *     not now                    tried again after MAIL_RETRY seconds, twice as long each time, MAIL_ATTEMPTS times
 *     refused for good (5yz)     given up: the row stays for some days with the reason
 *     we were killed over it     another postman takes it when the lease is over, and sends the same: the same token
 *                                and the same Message-ID. Only who is killed between the server's yes and the end of
 *                                the row sends a mail twice.
 *
 * The log tells the number of the mail, never an address or a token.
 *
 *     struct postman p;
 *     postman_open(&p, &life, &settings, &process, db);
 *     TRY(postman_take(&p, a, &mail, &any));
 *     if (any) postman_deliver(&p, a, &mail);
 */
#ifndef QUIRE_MAIL_POSTMAN_H
#define QUIRE_MAIL_POSTMAN_H

#include "engine/lease.h"
#include "mail/outbox.h"

struct process;
struct settings;

struct postman {
    const struct settings *settings;
    const struct process *process;
    struct db *db;
    const struct digest_key *key;
    str name; /* of MAIL_FROM */
    str from;
    int64_t idle;   /* when no mail was due, or that was waited for no longer, on clock_steady() */
    int64_t pruned; /* when old rows were last dropped, likewise; 0: never */
};

/* A mail in hand. */
struct postman_mail {
    struct lease lease;
    enum mail_purpose purpose;
    str seed;
    int64_t attempts; /* that were begun before this one */
};

/* Everything must live as long as the postman. The log says where mails go. */
void postman_open(struct postman *p, struct arena *life, const struct settings *settings,
                  const struct process *process, struct db *db);
/* Takes the mail that has been due for longest, if one is: *any. Errors are those of the database. Every ten minutes it
 * drops what is old, too: when no mail is due, or before the next one. */
MUST_USE err postman_take(struct postman *p, struct arena *a, struct postman_mail *out, bool *any);
/* Sends it and writes its end, waiting for a database that is away. What goes wrong is told by the row and the log. */
void postman_deliver(struct postman *p, struct arena *a, const struct postman_mail *mail);

#endif

/*
 * outbox: mails that are wanted, and the tokens they will carry, as handlers of requests see them. Everything runs in
 * the transaction of the caller; `quire work` sends what was committed (mail/postman).
 *
 * A token is 256 bits: the HMAC-SHA256, under the server's key, of the mail's purpose and of 192 random bits that only
 * its row holds. So the row needs no secret, an attempt to send that is repeated carries the same link, and a database
 * that was read gives nobody a token. It is stored as its SHA-256. What ends a link therefore takes the row along that
 * still waits: sent again, it would make the same token anew. Callers hold the user's row, as the postman does while it
 * makes a token: so either nobody finds the mail any more, or its token is there to be taken along.
 *
 *     TRY(outbox_want(db, a, MAIL_RESET, STR("ada@example.com")));         // known or not: the same statement
 *     if (!outbox_hash(a, text, hash)) ...                                 // that is no token
 */
#ifndef QUIRE_MAIL_OUTBOX_H
#define QUIRE_MAIL_OUTBOX_H

#include <stdbool.h>

#include "base/err.h"
#include "io/digest.h"
#include "models/mail.h"

struct arena;
struct db;

/* Wants a mail to the account with that address (as a FIELD_EMAIL gives it), if there is one when it is to be sent. An
 * unsent one of the same purpose is forgotten. Errors are those of the database. */
MUST_USE err outbox_want(struct db *db, struct arena *a, enum mail_purpose purpose, str address);
/* To be called before a user's address becomes `address`: *moved tells whether it is another one. Then it counts as not
 * verified, and no token of the user is good any more, nor is made of what waits for the old address. */
MUST_USE err outbox_move(struct db *db, struct arena *a, int64_t user_id, str address, bool *moved);
/* Links of that purpose are of no use from now on: the user's address was verified, or their password is another one,
 * and a link that was wanted before does not set one any more. */
MUST_USE err outbox_spend(struct db *db, struct arena *a, int64_t user_id, enum mail_purpose purpose);
/* No token of the user is good any more, nor is made of what waits: the account is switched off (and switching it on
 * brings none back), or its address becomes another. */
MUST_USE err outbox_end_links(struct db *db, struct arena *a, int64_t user_id);
/* To be called before an account goes: what waits for its address goes along. (Its tokens do by themselves.) */
MUST_USE err outbox_forget(struct db *db, struct arena *a, int64_t user_id);
/* The token of a mail. */
void outbox_token(const struct digest_key *key, enum mail_purpose purpose, str seed,
                  unsigned char token[DIGEST_BYTES]);
/* What is stored of the token whose text somebody sent: base64url of its bytes. False when the text is none. */
bool outbox_hash(struct arena *a, str text, unsigned char hash[DIGEST_BYTES]);

#endif

/*
 * mail: the outbox: a mail that somebody wants, until it is sent; and the tokens that such mails have carried.
 *
 * A row says what for and to which address, no more: the account, the words and the token are found when the mail is
 * sent (mail/postman). So a request does the same work whether or not anybody has that address, and the outbox holds
 * neither a text nor a secret. Of one purpose an address has one row; wanting it again begins it anew. A row goes when
 * its mail is sent or nobody is there to send it to; one that was given up stays for MAIL_KEEP_DAYS with the reason,
 * due_at null.
 *
 * A token is kept as its SHA-256, one a user and purpose; it counts while the account has the address that it was sent
 * to. All times are the database's.
 */
#ifndef QUIRE_MODELS_MAIL_H
#define QUIRE_MODELS_MAIL_H

#include "schema/registry.h"

enum mail_field {
    MAIL_ID,
    MAIL_ADDRESS,
    MAIL_PURPOSE,
    MAIL_USER_ID,
    MAIL_SEED,
    MAIL_ATTEMPTS,
    MAIL_HOLDER,
    MAIL_DUE_AT,
    MAIL_CREATED_AT,
    MAIL_ERROR,
    MAIL__MAX
};

enum mail_purpose { MAIL_VERIFY, MAIL_RESET };

enum mail_token_field {
    MAIL_TOKEN_HASH,
    MAIL_TOKEN_USER_ID,
    MAIL_TOKEN_PURPOSE,
    MAIL_TOKEN_ADDRESS,
    MAIL_TOKEN_EXPIRES_AT,
    MAIL_TOKEN__MAX
};

enum { MAIL_SEED_BYTES = 24, MAIL_ERROR_MOST = 500 };
#define MAIL_KEEP_DAYS "7" /* as a statement wants it */

extern const struct resource mail_resource;
extern const struct resource mail_token_resource;

/* Wants a mail: binds the address folded, the purpose, the address folded again, MAIL_SEED_BYTES random bytes. */
extern const struct statement mail_want;
/* Those of a lease (engine/lease). */
extern const struct statement mail_waiting;
enum mail_due { MAIL_DUE_ID, MAIL_DUE_PURPOSE, MAIL_DUE_SEED, MAIL_DUE_ATTEMPTS, MAIL_DUE__MAX };
extern const struct statement mail_due;
extern const struct statement mail_take;
extern const struct statement mail_give_back;
/* Whom it goes to, locked: binds id and holder. No row when the lease is lost or nobody has the address. */
enum mail_addressee { ADDRESSEE_EMAIL, ADDRESSEE_USERNAME, ADDRESSEE__MAX };
extern const struct statement mail_addressee;
/* The ends of a lease: bind id and holder behind what is told. */
extern const struct statement mail_done;    /* the row goes */
extern const struct statement mail_put_off; /* why, and the seconds until it is due again */
extern const struct statement mail_give_up; /* why */
/* What waits for a user's address goes, whoever had it when it was wanted: binds the user. */
extern const struct statement mail_forget;
/* The same of one purpose: binds user and purpose. */
extern const struct statement mail_forget_one;
enum { MAIL_PRUNE_AT_ONCE = 100 };
/* Removes up to MAIL_PRUNE_AT_ONCE that were given up MAIL_KEEP_DAYS ago. */
extern const struct statement mail_prune;

/* Makes the token of a mail that is leased, in place of an older one: binds the hash, minutes, id, holder. Matches
 * nothing when the lease is lost, nobody active has the address, or a mail would verify what is verified already. */
extern const struct statement mail_token_make;
/* Whose token it is: binds hash and purpose. Nothing when it does not count. */
enum mail_owner { MAIL_OWNER_ID, MAIL_OWNER_EMAIL_FOLD, MAIL_OWNER_USERNAME_FOLD, MAIL_OWNER__MAX };
extern const struct statement mail_token_find;
/* The same, and it is locked, and so is the user. */
extern const struct statement mail_token_hold;
/* It is used up: binds user and purpose. */
extern const struct statement mail_token_spend;
/* All tokens of a user go: binds the user. */
extern const struct statement mail_token_forget;
/* Removes up to MAIL_PRUNE_AT_ONCE that have expired. */
extern const struct statement mail_token_prune;

/* The account's address is the person's own: binds the id. */
extern const struct statement user_verified;
/* It is about to become another one: binds the id and the new address folded. Matches nothing when it is the same. */
extern const struct statement user_unverified;

/* POST /auth/verify-email and POST /auth/password-reset. */
enum mail_form_field { MAIL_FORM_EMAIL, MAIL_FORM__MAX };
extern const struct resource mail_form;
/* What they answer: {message}. */
extern const struct shape mail_promise;
/* POST /auth/verify-email/confirm. */
enum verify_field { VERIFY_TOKEN, VERIFY__MAX };
extern const struct resource verify_form;
/* POST /auth/password-reset/confirm. */
enum reset_field { RESET_TOKEN, RESET_PASSWORD, RESET__MAX };
extern const struct resource reset_form;

#endif

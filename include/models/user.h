/* user: an account. Only the person and admins see its address; others see the public shape. */
#ifndef QUIRE_MODELS_USER_H
#define QUIRE_MODELS_USER_H

#include "schema/registry.h"

enum user_field {
    USER_ID,
    USER_UID,
    USER_USERNAME,
    USER_EMAIL,
    USER_IS_ACTIVE,
    USER_CREATED_AT,
    USER_UPDATED_AT,
    USER_PASSWORD_HASH,
    USER_USERNAME_FOLD,
    USER_EMAIL_FOLD,
    USER_PROFILE,
    USER_ROLES,
    USER_BOOKS,
    USER_REVIEWS,
    USER_VERSION,
    USER_EMAIL_VERIFIED_AT, /* when the address was shown to be the person's own; null: not yet */
    USER_LOGINS,            /* how often somebody has logged in: see user_enter */
    USER__MAX
};

extern const struct resource user_resource;
extern const struct shape user_whole;  /* what admins see */
extern const struct shape user_self;   /* what the person themself sees: with their books and reviews */
extern const struct shape user_public; /* what everybody may see */
extern const struct shape user_brief;  /* how posts and the like show their owner */
extern const struct shape user_card;   /* how books and reviews do, which refer to the uid */

/* The account of an e-mail address or else of a username, both folded: binds the same bytes twice. An address
 * goes before a name that looks like one. Columns: enum account_column. */
extern const struct statement user_by_login;

/* The password hash of a user: binds the id. Columns: enum secret_column. */
extern const struct statement user_secret;
enum secret_column { SECRET_PASSWORD_HASH, SECRET__MAX };

/* Counts a log-in, which locks the account, while it is active and still has the password hash that was checked: binds
 * the hash to keep (the same, or a stronger one of the same password), id and checked hash. Matches nothing when it is
 * not so any more. Written, and not only locked, since the nodes of a Galera cluster hear of no lock: a password that
 * is changed on another node meets the log-in there. Not an edit: updated_at and version stay. */
extern const struct statement user_enter;

enum account_column { ACCOUNT_ID, ACCOUNT_PASSWORD_HASH, ACCOUNT_IS_ACTIVE, ACCOUNT__MAX };

#endif

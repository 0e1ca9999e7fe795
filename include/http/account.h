/*
 * account: what several controllers and the command line do with accounts: make one, check a password, guard
 * the last admin, delete one. Everything runs in the transaction of the caller. Roles given and taken here are security
 * events of the command line.
 *
 *     TRY(account_create(db, a, cost, row, password, &id));
 *     TRY(account_check_password(db, a, user_id, password, &hash));
 */
#ifndef QUIRE_HTTP_ACCOUNT_H
#define QUIRE_HTTP_ACCOUNT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/value.h"

struct arena;
struct db;
struct where;

/* Inserts a user row (USER__MAX values, username and e-mail given) with the password's hash. ERROR_DUPLICATE
 * names the taken field; ERROR_BUSY when too many hash at once. */
MUST_USE err account_create(struct db *db, struct arena *a, unsigned cost, struct value *row, str password,
                            int64_t *id);
/* Whether the password is the user's: *hash is then the hash that says so, else empty. */
MUST_USE err account_check_password(struct db *db, struct arena *a, int64_t user_id, str password, str *hash);
/* Sets a new password in the place of the one whose hash was checked; *done is false when that one is no longer
 * there. */
MUST_USE err account_set_password(struct db *db, struct arena *a, unsigned cost, int64_t user_id,
                                  str password, str before, bool *done);
/* The account with that e-mail address or username, whatever the case: its id and name. ERROR_NOT_FOUND. */
MUST_USE err account_find(struct db *db, struct arena *a, bool by_email, str text, int64_t *id,
                          str *username);
/* The id of the role of that name, 0 when there is none. ERROR_CONFLICT when one of another spelling stands in its
 * place. */
MUST_USE err account_find_role(struct db *db, struct arena *a, str role, int64_t *id);
/* ERROR_LAST_ADMIN when nobody else is left who is an admin and can act. All admins then stay locked until the
 * transaction ends, and their role is written, so that two cannot leave at once, nor on two nodes of a cluster. Others
 * than admins lock nobody. */
MUST_USE err account_keep_admin(struct db *db, struct arena *a, int64_t user_id);
/* Gives a role that the user does not hold, which is made when there is none of that name. ERROR_CONFLICT when one
 * of another spelling stands in its place, ERROR_DUPLICATE when it is held already. */
MUST_USE err account_grant(struct db *db, struct arena *a, int64_t user_id, str role);
/* Takes a role from a user; *held is false when they do not hold it. ERROR_LAST_ADMIN when it is what makes the last
 * one an admin. */
MUST_USE err account_revoke(struct db *db, struct arena *a, int64_t user_id, str role, bool *held);

/* Deletes the account that `w` selects, by this id and what else is wanted of it, with all that the contract says goes
 * with it, and what waits for its address. *matched is 0 when w selects nobody. ERROR_LAST_ADMIN as above. */
MUST_USE err account_remove(struct db *db, struct arena *a, int64_t user_id, const struct where *w,
                            uint64_t *matched);

#endif

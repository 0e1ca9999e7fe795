/*
 * user: the verbs of `quire user`, a file each; create is in user.c. argv[0] is "user", argv[1] the verb.
 *
 * What changes one account that is there shares its way (user_change.c), and says what is to be done, and what was.
 *
 *     static const struct user_verb verb = {.change = give, .say = say_given, .has_role = true};
 *     return user_change_run(argc, argv, &verb);
 */
#ifndef QUIRE_CMD_USER_H
#define QUIRE_CMD_USER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"

struct arena;
struct db;

/* What such a verb was told: one of the first two, and the role where it is about one. The texts are argv's. */
struct user_wish {
    const char *verb;
    const char *username, *email, *role;
};

/* Whom it found, in the arena, and what came of it. */
struct user_outcome {
    int64_t id;
    str username;
    bool changed;
};

/* Does it, in a transaction that is wanted (db_want_transaction) and that the caller commits; the account was found
 * just before, without a lock. It is called again, in another one, when that met others (db_contended).
 * ERROR_LAST_ADMIN is said with the name. */
typedef err user_change(struct db *db, struct arena *a, const struct user_wish *w, struct user_outcome *out);

/* Says what came of it; an exit status. */
typedef int user_say(const struct user_wish *w, const struct user_outcome *out);

struct user_verb {
    user_change *change;
    user_say *say;
    bool has_role;      /* --role is needed; else it is none of the options */
    bool may_take_long; /* each statement an hour in place of DB_TIMEOUT: nobody waits behind a web server */
};

/* Reads the arguments, connects, changes and says so. An exit status; what went wrong is said on standard error. */
int user_change_run(int argc, char *const *argv, const struct user_verb *verb);

int user_grant(int argc, char *const *argv);
int user_revoke(int argc, char *const *argv);
int user_delete(int argc, char *const *argv);
int user_list(int argc, char *const *argv);

/* The `msg` of every problem of an ERROR_INVALID, a line each; another error as command_failed() says it. Returns
 * EXIT_FAILED. */
int user_say_problems(err e);

#endif

/* user: the verbs of `quire user`, a file each; create is in user.c. argv[0] is "user", argv[1] the verb. */
#ifndef QUIRE_CMD_USER_H
#define QUIRE_CMD_USER_H

#include "base/err.h"

int user_grant(int argc, char *const *argv);
int user_revoke(int argc, char *const *argv);
int user_list(int argc, char *const *argv);

/* The `msg` of every problem of an ERROR_INVALID, a line each; another error as command_failed() says it. Returns
 * EXIT_FAILED. */
int user_say_problems(err e);

#endif

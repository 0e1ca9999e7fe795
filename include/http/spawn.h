/*
 * spawn: starts zygotes (http/zygote): fork, and an execution of the program as it now is on the disk.
 *
 * The program is known by the path under which it was called, made absolute once at start: after an upgrade a
 * new file stands there (or behind a link on the way), while /proc/self/exe names the old, deleted one.
 *
 *     struct spawn s = {.program = spawn_program(a, argv[0]), .command = "worker", .board = scoreboard_fd(board)};
 *     pid_t pid = spawn_zygote(&s, socket);
 */
#ifndef QUIRE_HTTP_SPAWN_H
#define QUIRE_HTTP_SPAWN_H

#include <sys/types.h>

#include "base/str.h"

struct arena;

struct spawn {
    const char *program; /* absolute path */
    const char *command; /* the subcommand that a zygote is: "worker" */
    int board;           /* becomes its SCOREBOARD_FD */
    int metrics;         /* becomes its METRICS_FD; opened after the board; -1: it has none */
};

/* The absolute path of this program, whose argv[0] was `name`: symbolic links are left as they are. */
const char *spawn_program(struct arena *a, const char *name);
/* Starts `program command`; socket becomes its ZYGOTE_FD. The signal mask is inherited: what the parent blocks stays
 * blocked. Returns the process id, or -1 with errno set when there can be no further process. A program that cannot be
 * executed ends with SPAWN_NO_EXEC and a line in the log. */
pid_t spawn_zygote(const struct spawn *s, int socket);
/* How a process has ended, in words; `killed`: why we killed it, or NULL; status as of waitpid(2). */
str spawn_cause(struct arena *a, const char *killed, int status);

enum { SPAWN_NO_EXEC = 127 };

#endif

/*
 * spawn: starts zygotes (http/zygote): fork, and an execution of the program.
 *
 * The program is known by the path under which it was called, made absolute once at start: after an upgrade a
 * new file stands there (or behind a link on the way), while /proc/self/exe names the old, deleted one. What lies there
 * is taken as a kit, with a place for the settings that the first zygote of the kit reads: whoever is started with that
 * kit later is the same program with the same settings, whatever has been installed or written meanwhile.
 *
 *     struct spawn s = {.program = spawn_program(a, argv[0]), .command = "worker",
 *                       .board = scoreboard_fd(board), .metrics = -1};
 *     struct kit kit;
 *     if (spawn_take(&s, &kit)) pid = spawn_zygote(&s, &kit, socket);
 *     …
 *     spawn_drop(&kit);
 */
#ifndef QUIRE_HTTP_SPAWN_H
#define QUIRE_HTTP_SPAWN_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/str.h"

struct arena;

struct spawn {
    const char *program; /* absolute path */
    const char *command; /* the subcommand that a zygote is: "worker" */
    int board;           /* becomes its SCOREBOARD_FD */
    int metrics;         /* becomes its METRICS_FD; -1: it has none */
};

/* A program, and a file of memory for its settings (conf/held.h). */
struct kit {
    int program;  /* -1: it cannot be opened, or was a script; then its path counts */
    int settings; /* becomes its HELD_FD; -1: there is no kit */
};
/* Nothing is held. */
#define KIT_NONE ((struct kit){.program = -1, .settings = -1})

/* The absolute path of this program, whose argv[0] was `name`: symbolic links are left as they are. */
const char *spawn_program(struct arena *a, const char *name);
/* Takes the program that lies there now, and no settings yet. False with errno when there is no descriptor or memory
 * left. */
bool spawn_take(const struct spawn *s, struct kit *out);
/* Gives a kit back; none is taken as one, too. */
void spawn_drop(struct kit *kit);
/* Starts `program command` of the kit; socket becomes its ZYGOTE_FD. The signal mask is inherited: what the parent
 * blocks stays blocked. Returns the process id, or -1 with errno set when there can be no further process. A program
 * that cannot be executed ends with SPAWN_NO_EXEC and a line in the log. A script (a wrapper) is not held: the kernel
 * finds it by its path. */
pid_t spawn_zygote(const struct spawn *s, const struct kit *kit, int socket);
/* How a process has ended, in words; `killed`: why we killed it, or NULL; status as of waitpid(2). */
str spawn_cause(struct arena *a, const char *killed, int status);

enum { SPAWN_NO_EXEC = 127 };

#endif

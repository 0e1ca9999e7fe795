/*
 * child: another program, run without a shell: its arguments as a list, pipes to and from it, what it complained of,
 * and a file of secrets that only it can read.
 *
 * The child gets a descriptor for its secrets (CHILD_SECRET_PATH names it), so that no password is in its arguments or
 * its environment, where others could see it; of our own environment it gets PATH, HOME, LANG, LC_*, TZ and TMPDIR
 * alone. It is told to end when we die. Whoever writes to a child must ignore SIGPIPE.
 *
 *     const char *const names[] = {"mariadb-dump", "mysqldump", NULL};
 *     const char *argv[] = {NULL, "--defaults-file=" CHILD_SECRET_PATH, "quire", NULL};
 *     struct child c;
 *     TRY(child_start(a, &(struct child_wish){.names = names, .argv = argv, .secrets = text, .speaks = true}, &c));
 *     … read(c.out) …
 *     TRY(child_end(a, &c));
 */
#ifndef QUIRE_IO_CHILD_H
#define QUIRE_IO_CHILD_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/err.h"

struct arena;

#define CHILD_SECRET_PATH "/dev/fd/3"

struct child_wish {
    const char *const *names; /* of the program, the first that PATH has; ended by NULL */
    const char **argv;        /* argv[0] is filled in; ended by NULL */
    str secrets;              /* what CHILD_SECRET_PATH holds */
    bool feeds;               /* it reads what we write to `in`; else nothing */
    bool speaks;              /* we read what it writes from `out`; else it is dropped */
};

struct child {
    const char *name; /* which program it is */
    pid_t pid;
    int in, out; /* our ends, or -1 */
    int complaints;
};

/* Starts it. ERROR_NOT_FOUND when there is none of these programs, ERROR_INTERNAL when it cannot be started. */
MUST_USE err child_start(struct arena *a, const struct child_wish *w, struct child *out);
/* Says that nothing more will be written. */
void child_close_in(struct child *c);
/* Writes all of it. ERROR_INTERNAL when it does not read any more; child_end() then says why. */
MUST_USE err child_write(struct arena *a, struct child *c, str piece);
/* Reads what there is, at most `most` bytes, waiting for it; n 0: it has said all. Looks at give_up() twice a second:
 * ERROR_INTERNAL when that is true. */
MUST_USE err child_read(struct arena *a, struct child *c, char *bytes, size_t most, bool (*give_up)(void),
                        size_t *n);
/* Waits for its end and closes everything. ERROR_INTERNAL with its name and the last line of what it complained of,
 * when it ended with another status than 0. */
MUST_USE err child_end(struct arena *a, struct child *c);
/* The same in a hurry: it is killed first. */
void child_kill(struct child *c);

#endif

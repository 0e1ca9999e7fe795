/*
 * held: the texts of the settings' files, and what else is to stay the same, as somebody read them first, for who shall
 * have the same settings later.
 *
 * What settings only name, keys in files and the words of mails, is not held: it is read as it is when a process
 * starts.
 *
 * They are in a file of memory (memfd_create(2)) that its maker hands to one process after another. Who finds it empty
 * reads the files, and leaves there what was in them; who finds it filled reads that, whatever the files say now.
 * Nothing is left by who could not read them, so what is held is whole.
 *
 *     struct held h;
 *     TRY(held_open(a, HELD_FD, &h));
 *     TRY(held_read(a, &h, ".env", 1 << 20, &text));
 *     TRY(held_close(a, &h));
 */
#ifndef QUIRE_CONF_HELD_H
#define QUIRE_CONF_HELD_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"

/* Where a process that is given such a file finds it. */
enum { HELD_FD = 5 };

struct held {
    int fd;          /* -1: there is none, all is read from the files */
    str filled;      /* what was found in it */
    struct buf left; /* what is to be left in it */
};

/* Takes the file of memory at fd; where no such file is, nothing is held. ERROR_INTERNAL when it cannot be read. */
MUST_USE err held_open(struct arena *a, int fd, struct held *out);
/* As file_read() (base/file.h), of what is held. ERROR_INTERNAL, too, when what is held cannot be understood. h may be
 * NULL. */
MUST_USE err held_read(struct arena *a, struct held *h, const char *path, size_t limit, str *text);
/* A text that is no file's, under a name that no file has: what is held of it, else what `make` gives, and as that
 * fails. */
MUST_USE err held_make(struct arena *a, struct held *h, const char *name,
                       err (*make)(struct arena *a, void *context, str *text), void *context, str *text);
/* Leaves what was read, and closes the file. ERROR_INTERNAL when there is no memory for it. */
MUST_USE err held_close(struct arena *a, struct held *h);

#endif

/*
 * listener: the socket on which the web server reaches the workers: inherited, or made here.
 *
 * A unix socket is made with its mode in place, so that it is never open to more people than it should be.
 * One that a dead program left behind is replaced; one that somebody listens on is not. Two programs started
 * at once for the same path cannot take it from each other (a lock on the folder decides).
 *
 *     struct listener l;
 *     if (listener_is(STDIN_FILENO)) l = (struct listener){.fd = STDIN_FILENO};    // spawn-fcgi, systemd
 *     else TRY(listener_open(a, STR("unix:/run/quire.sock"), 0660, &l));
 *     ...
 *     listener_withdraw(&l);
 */
#ifndef QUIRE_IO_LISTENER_H
#define QUIRE_IO_LISTENER_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/err.h"

struct arena;

struct listener {
    int fd;
    const char *path; /* of a unix socket made here, else NULL; lives in the arena of listener_open() */
    dev_t device;     /* which file it was when it was made */
    ino_t inode;
};

/* The first descriptor that a service manager hands over. */
enum { LISTENER_FIRST = 3 };

/* How many listening sockets the service manager has handed over, as descriptors LISTENER_FIRST and on: 0 when there is
 * none, or when they are meant for another process. Source: sd_listen_fds(3). */
unsigned listener_inherited(void);
/* Whether fd is a socket that listens. */
bool listener_is(int fd);
/* Opens a listening socket: address is "unix:path", "/path", "host:port", "[IPv6]:port" or ":port". No host
 * means 127.0.0.1, for FastCGI knows no passwords; to listen everywhere say 0.0.0.0. A unix socket (a path of
 * at most 107 bytes) gets `mode` whatever the umask. The result is non-blocking and close-on-exec. Fails with
 * ERROR_INTERNAL and a cause in plain words. */
MUST_USE err listener_open(struct arena *a, str address, mode_t mode, struct listener *out);
/* The address of the nth of several unix sockets, n from 1: the path with .n behind it. */
str listener_nth(struct arena *a, str address, unsigned n);
/* Opens the nth of several. A TCP address is refused. */
MUST_USE err listener_open_nth(struct arena *a, str address, unsigned n, mode_t mode, struct listener *out);
/* Takes a unix socket's name away, when the file is still the one that was made, so that nobody else
 * connects. Connections that wait already can still be accepted. Nothing happens for an inherited or a TCP
 * socket, nor the second time. */
void listener_withdraw(struct listener *l);

#endif

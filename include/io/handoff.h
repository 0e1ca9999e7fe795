/*
 * handoff: numbers, and a descriptor where one is wanted, between two processes that share a pair of sockets.
 *
 * The sockets keep messages apart (unix(7), SOCK_SEQPACKET): one is sent whole and received whole. When all copies of
 * one end are closed, the other receives HANDOFF_GONE.
 *
 *     int ends[2];
 *     if (!handoff_pair(ends, 5000)) return errno;
 *     (void)handoff_send(ends[0], 7, listener);                       // one process
 *     if (handoff_receive(ends[1], true, &number, &fd) == HANDOFF_GOT) … // the other, to which fd belongs now
 */
#ifndef QUIRE_IO_HANDOFF_H
#define QUIRE_IO_HANDOFF_H

#include <stdbool.h>
#include <stdint.h>

enum handoff {
    HANDOFF_GOT,
    HANDOFF_NOTHING, /* not yet */
    HANDOFF_GONE     /* nobody is there any more, or what came is no message of this kind */
};

/* Two connected sockets, close-on-exec. The first waits at most so many milliseconds for a message, the second without
 * an end. False with errno when there can be none. */
bool handoff_pair(int ends[2], int patience);
/* Sends a number, and a copy of fd; -1: none. Never waits and raises no signal. False with errno. */
bool handoff_send(int socket, int32_t number, int fd);
/* Receives the next message. `wait`: until there is one, or the patience of handoff_pair() is over. *fd is
 * close-on-exec and the caller's, -1 when none was sent. */
enum handoff handoff_receive(int socket, bool wait, int32_t *number, int *fd);

#endif

#include "io/handoff.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

/* Room for one descriptor beside a message, aligned as the kernel's header of it must be. */
union beside {
    struct cmsghdr header;
    char bytes[CMSG_SPACE(sizeof(int))];
};

bool handoff_pair(int ends[2], int patience)
{
    struct timeval limit = {.tv_sec = patience / 1000, .tv_usec = patience % 1000 * 1000};
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0) {
        return false;
    }
    return setsockopt(ends[0], SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit) == 0;
}

bool handoff_send(int socket, int32_t number, int fd)
{
    union beside beside = {.bytes = {0}};
    struct iovec text = {.iov_base = &number, .iov_len = sizeof number};
    struct msghdr message = {.msg_iov = &text, .msg_iovlen = 1};
    if (fd >= 0) {
        message.msg_control = beside.bytes;
        message.msg_controllen = sizeof beside.bytes;
        beside.header.cmsg_level = SOL_SOCKET;
        beside.header.cmsg_type = SCM_RIGHTS;
        beside.header.cmsg_len = CMSG_LEN(sizeof fd);
        memcpy(CMSG_DATA(&beside.header), &fd, sizeof fd);
    }
    return sendmsg(socket, &message, MSG_NOSIGNAL | MSG_DONTWAIT) == (ssize_t)sizeof number;
}

/* The descriptor that came beside a message, or -1. There is room for one alone: the kernel closes what does not
 * fit. */
static int descriptor_of(struct msghdr *message)
{
    int fd = -1;
    const struct cmsghdr *header = CMSG_FIRSTHDR(message);
    if (header != NULL && header->cmsg_level == SOL_SOCKET && header->cmsg_type == SCM_RIGHTS &&
        header->cmsg_len == CMSG_LEN(sizeof fd)) {
        memcpy(&fd, CMSG_DATA(header), sizeof fd);
    }
    return fd;
}

enum handoff handoff_receive(int socket, bool wait, int32_t *number, int *fd)
{
    union beside beside;
    int32_t got = 0;
    struct iovec text = {.iov_base = &got, .iov_len = sizeof got};
    struct msghdr message = {.msg_iov = &text,
                             .msg_iovlen = 1,
                             .msg_control = beside.bytes,
                             .msg_controllen = sizeof beside.bytes};
    ssize_t n;
    do {
        n = recvmsg(socket, &message, MSG_CMSG_CLOEXEC | (wait ? 0 : MSG_DONTWAIT));
    } while (n < 0 && errno == EINTR);
    *fd = n < 0 ? -1 : descriptor_of(&message);
    if (n == (ssize_t)sizeof got && (message.msg_flags & MSG_TRUNC) == 0) {
        *number = got;
        return HANDOFF_GOT;
    }
    if (*fd >= 0) {
        (void)close(*fd);
        *fd = -1;
    }
    return n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK) ? HANDOFF_NOTHING : HANDOFF_GONE;
}

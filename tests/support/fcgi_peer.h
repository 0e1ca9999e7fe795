/*
 * fcgi_peer: what a web server says to a pool, for the tests of io/fcgi: records of FastCGI, made and sent by hand.
 *
 *     struct peer_stage x;
 *     peer_stage_open(&x, 0);
 *     struct buf b = peer_head(&x.a, PEER_KEEP);
 *     peer_body(&b, STR("hello"), 65535);
 *     int peer = peer_connect(x.listener.path);
 *     assert_true(peer_write(peer, buf_view(&b)));
 *
 * Source: FastCGI Specification 1.0, sections 3, 5 and 8.
 */
#ifndef QUIRE_TESTS_SUPPORT_FCGI_PEER_H
#define QUIRE_TESTS_SUPPORT_FCGI_PEER_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/buf.h"
#include "io/fcgi.h"
#include "io/listener.h"
#include "support/folder.h"

/* A responder, and what it stands on. */
struct peer_stage {
    struct arena a;
    char *folder;
    struct listener listener;
    struct fcgi *fcgi;
    sigset_t none; /* no signal is blocked while it waits */
};

/* A responder on a new socket that keeps so many connections. */
static inline void peer_stage_open(struct peer_stage *x, size_t keep)
{
    arena_init(&x->a, 64 << 10);
    x->folder = folder_make(&x->a);
    assert_null(listener_open(&x->a, str_format(&x->a, "%s/app.sock", x->folder), 0600, &x->listener));
    assert_null(fcgi_open(&x->a, x->listener.fd, keep, &x->fcgi));
    (void)sigemptyset(&x->none);
}

static inline void peer_stage_close(struct peer_stage *x)
{
    listener_withdraw(&x->listener);
    (void)close(x->listener.fd);
    folder_remove(x->folder);
    arena_free(&x->a);
}

enum { PEER_BEGIN = 1, PEER_END = 3, PEER_PARAMS = 4, PEER_STDIN = 5, PEER_STDOUT = 6, PEER_RESPONDER = 1 };
/* The flag by which the web server asks to keep the connection. */
enum { PEER_KEEP = 1 };

static inline void peer_record(struct buf *b, unsigned type, str content)
{
    char head[8] = {1, (char)type, 0, 1, (char)(content.n >> 8), (char)(content.n & 255), 0, 0};
    buf_put(b, head, sizeof head);
    buf_str(b, content);
}

/* A body in records of at most `piece` bytes, with its end. */
static inline void peer_body(struct buf *b, str body, size_t piece)
{
    for (size_t at = 0; at < body.n; at += piece) {
        peer_record(b, PEER_STDIN, str_slice(body, at, at + piece));
    }
    peer_record(b, PEER_STDIN, STR(""));
}

/* The beginning of a request, up to its body: POST /x. */
static inline struct buf peer_head(struct arena *a, unsigned flags)
{
    char begin[8] = {0, PEER_RESPONDER, (char)flags};
    struct buf b;
    buf_init(&b, a, 4096, 8 << 20);
    peer_record(&b, PEER_BEGIN, (str){begin, sizeof begin});
    peer_record(&b, PEER_PARAMS, STR("\x0e\x04REQUEST_METHODPOST\x0b\x02REQUEST_URI/x"));
    peer_record(&b, PEER_PARAMS, STR(""));
    return b;
}

/* A connection on which nothing is waited for longer than 5 s. */
static inline int peer_connect(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    (void)snprintf(address.sun_path, sizeof address.sun_path, "%s", path);
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    assert_true(fd >= 0);
    int room = 1 << 20; /* so that most of what is sent here fits */
    (void)setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &room, sizeof room);
    struct timeval patience = {.tv_sec = 5};
    (void)setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof address), 0);
    return fd;
}

/* Sends all of it; false when the other side has gone. */
static inline bool peer_write(int fd, str s)
{
    for (size_t at = 0; at < s.n;) {
        ssize_t n = send(fd, s.p + at, s.n - at, MSG_NOSIGNAL);
        if (n <= 0) {
            return false;
        }
        at += (size_t)n;
    }
    return true;
}

#endif

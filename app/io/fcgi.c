#include "io/fcgi.h"

#include <errno.h>
#include <fcgiapp.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>

#include "base/arena.h"
#include "base/log.h"

/* A first piece for a body of unknown length. */
enum { BODY_FIRST = 8192, BODY_MAX = 1 << 30 };
/* How long to stay away from accept() when the system cannot give a descriptor: 100 ms. */
enum { ACCEPT_PAUSE_MS = 100 };

/* A connection of the web server, or room for one. */
struct conn {
    FCGX_Request request;
    bool kept;         /* open between requests, and watched */
    struct conn *next; /* of the rooms that are free */
};

struct fcgi {
    int listener;
    int poller;
    struct conn *free;
    struct conn *ready;   /* the kept one that fcgi_wait() saw; NULL: it saw the listener */
    struct conn *serving; /* between fcgi_accept() and the end of the request */
    size_t kept;          /* how many there are that are kept, and may be */
    size_t most;
};

/* FCGX_Init() puts its own handlers over SIGPIPE, SIGUSR1 and SIGTERM when these are at their defaults: ours
 * are to stay what they were. */
static int init_library(void)
{
    static const int touched[] = {SIGPIPE, SIGUSR1, SIGTERM};
    enum { TOUCHED = sizeof touched / sizeof *touched };
    struct sigaction before[TOUCHED];
    for (size_t i = 0; i < TOUCHED; i++) {
        (void)sigaction(touched[i], NULL, &before[i]);
    }
    int status = FCGX_Init();
    for (size_t i = 0; i < TOUCHED; i++) {
        (void)sigaction(touched[i], &before[i], NULL);
    }
    struct sigaction ignore = {.sa_handler = SIG_IGN};
    (void)sigaction(SIGPIPE, &ignore, NULL);
    return status;
}

static err open_rooms(struct arena *a, struct fcgi *f)
{
    int status = init_library();
    if (status != 0) {
        return error_cause(a, ERROR_INTERNAL, "libfcgi does not start: status %d", status);
    }
    /* One more than may be kept: there is always room for the next one. */
    struct conn *rooms = ARENA_ARRAY(a, struct conn, f->most + 1);
    for (size_t i = 0; i <= f->most; i++) {
        (void)FCGX_InitRequest(&rooms[i].request, f->listener, FCGI_FAIL_ACCEPT_ON_INTR);
        rooms[i].next = f->free;
        f->free = &rooms[i];
    }
    return NULL;
}

err fcgi_open(struct arena *a, int listener, size_t keep, struct fcgi **out)
{
    struct fcgi *f = ARENA_NEW(a, struct fcgi);
    *f = (struct fcgi){.listener = listener, .most = keep};
    int flags = fcntl(listener, F_GETFL);
    if (flags < 0 || fcntl(listener, F_SETFL, flags | O_NONBLOCK) < 0) {
        return error_cause(a, ERROR_INTERNAL, "the listening socket cannot be used: %s", strerror(errno));
    }
    f->poller = epoll_create1(EPOLL_CLOEXEC);
    struct epoll_event event = {.events = EPOLLIN | EPOLLEXCLUSIVE, .data.ptr = NULL};
    if (f->poller < 0 || epoll_ctl(f->poller, EPOLL_CTL_ADD, listener, &event) < 0) {
        return error_cause(a, ERROR_INTERNAL, "the listening socket cannot be watched: %s", strerror(errno));
    }
    TRY(open_rooms(a, f));
    *out = f;
    return NULL;
}

/* Ends a connection at once: its input was read, or its peer has gone. Closing takes it from the poller, too. */
static void drop(struct fcgi *f, struct conn *c)
{
    if (c->request.ipcFd >= 0) {
        (void)FCGX_Detach(&c->request);
        FCGX_Free(&c->request, 1);
    }
    f->kept -= c->kept ? 1 : 0;
    c->kept = false;
    c->next = f->free;
    f->free = c;
}

/* Whether a signal waits that the mask `waiting` would let through. */
static bool has_pending(const sigset_t *waiting)
{
    sigset_t pending;
    if (sigpending(&pending) < 0 || sigisemptyset(&pending)) {
        return false;
    }
    for (int s = 1; s <= SIGRTMAX; s++) {
        if (sigismember(&pending, s) == 1 && sigismember(waiting, s) == 0) {
            return true;
        }
    }
    return false;
}

enum fcgi_event fcgi_wait(struct fcgi *f, const sigset_t *waiting, int timeout_ms)
{
    /* epoll looks at connections before it looks at signals: under constant load a signal would wait for
     * ever. This costs one system call. */
    if (has_pending(waiting)) {
        sigset_t before;
        (void)sigprocmask(SIG_SETMASK, waiting, &before);
        (void)sigprocmask(SIG_SETMASK, &before, NULL);
        return FCGI_SIGNAL;
    }
    /* One event at a time: what was reported goes to the end of the queue, so that each has its turn. */
    struct epoll_event event;
    int n = epoll_pwait(f->poller, &event, 1, timeout_ms, waiting);
    if (n < 0 && errno != EINTR) {
        abort();
    }
    if (n <= 0) {
        return n < 0 ? FCGI_SIGNAL : FCGI_NOTHING;
    }
    f->ready = event.data.ptr;
    if (f->ready != NULL && (event.events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0) {
        drop(f, f->ready);
        f->ready = NULL;
        return FCGI_NOTHING;
    }
    return FCGI_READY;
}

bool fcgi_accept(struct fcgi *f)
{
    struct conn *c = f->ready != NULL ? f->ready : f->free;
    f->ready = NULL;
    if (c == f->free) {
        f->free = c->next;
    }
    /* A kept connection that breaks now must not be replaced by another one behind our back. */
    c->request.listen_sock = c->kept ? -1 : f->listener;
    int status = FCGX_Accept_r(&c->request);
    if (status == 0) {
        f->serving = c;
        return true;
    }
    bool broken = c->kept;
    drop(f, c);
    if (broken) {
        return false;
    }
    if (status != -EAGAIN && status != -EINTR) {
        log_line(LOG_ERROR, "a connection could not be accepted", "cause", strerror(-status));
        /* EMFILE and its like: the connection stays in the queue, so epoll reports it again at once. */
        (void)poll(NULL, 0, ACCEPT_PAUSE_MS);
    }
    return false;
}

void fcgi_refuse(struct fcgi *f)
{
    (void)epoll_ctl(f->poller, EPOLL_CTL_DEL, f->listener, NULL);
}

size_t fcgi_kept(const struct fcgi *f)
{
    return f->kept;
}

char *const *fcgi_params(const struct fcgi *f)
{
    return f->serving->request.envp;
}

err fcgi_read_body(struct fcgi *f, struct arena *a, size_t limit, int64_t content_length, str *body)
{
    if (limit > BODY_MAX) {
        abort();
    }
    if (content_length > (int64_t)limit) {
        return error_new(a, ERROR_TOO_LARGE, "The request body is larger than %zu bytes", limit);
    }
    FCGX_Stream *in = f->serving->request.in;
    /* One byte more than announced: only asking for it shows whether the end comes where it should. */
    size_t room =
        content_length >= 0 ? (size_t)content_length + 1 : (limit < BODY_FIRST ? limit + 1 : BODY_FIRST);
    char *p = arena_alloc(a, room);
    size_t n = 0;
    for (;;) {
        n += (size_t)FCGX_GetStr(p + n, (int)(room - n), in);
        if (n < room || n > limit || content_length >= 0) {
            break;
        }
        size_t more = room < limit / 2 ? room * 2 : limit + 1;
        p = arena_grow(a, p, room, more);
        room = more;
    }
    if (content_length < 0 && n > limit) {
        return error_new(a, ERROR_TOO_LARGE, "The request body is larger than %zu bytes", limit);
    }
    /* Without this look an aborted body is like one that has ended. */
    if (FCGX_GetError(in) != 0) {
        return error_new(a, ERROR_BAD_REQUEST, "The request body was cut short");
    }
    if (content_length >= 0 && n != (size_t)content_length) {
        return error_new(a, ERROR_BAD_REQUEST, "The request body is not as long as its Content-Length says");
    }
    *body = (str){p, n};
    return NULL;
}

err fcgi_read_some(struct fcgi *f, struct arena *a, char *p, size_t room, size_t *n)
{
    if (room == 0 || room > BODY_MAX) {
        abort();
    }
    int got = FCGX_GetStr(p, (int)room, f->serving->request.in);
    if (FCGX_GetError(f->serving->request.in) != 0) {
        return error_new(a, ERROR_BAD_REQUEST, "The request body was cut short");
    }
    *n = (size_t)got;
    return NULL;
}

bool fcgi_client_gone(const struct fcgi *f)
{
    struct pollfd p = {.fd = f->serving->request.ipcFd, .events = POLLRDHUP};
    return poll(&p, 1, 0) > 0 && (p.revents & (POLLRDHUP | POLLHUP | POLLERR)) != 0;
}

/* Has the poller watch a connection for the next request. */
static bool keep(struct fcgi *f, struct conn *c)
{
    struct epoll_event event = {.events = EPOLLIN | EPOLLRDHUP, .data.ptr = c};
    if (epoll_ctl(f->poller, EPOLL_CTL_ADD, c->request.ipcFd, &event) < 0) {
        return false;
    }
    c->kept = true;
    f->kept++;
    return true;
}

/* Closing a socket with unread input resets the connection: the web server may then lose the answer, or fail
 * while it still sends the body. So the library's ritual (shutdown, read until the peer closes) is left out,
 * by FCGX_Detach(), only when the input was read to its end; and only then can the connection be kept. */
static void end_request(struct fcgi *f)
{
    struct conn *c = f->serving;
    FCGX_Request *r = &c->request;
    bool whole = FCGX_HasSeenEOF(r->in) == EOF && FCGX_GetError(r->in) == 0;
    if (!whole || (!c->kept && f->kept == f->most)) {
        r->keepConnection = 0;
    }
    if (whole && !r->keepConnection) {
        (void)FCGX_Detach(r);
    }
    FCGX_Finish_r(r);
    f->serving = NULL;
    bool open = r->ipcFd >= 0 && (c->kept || keep(f, c));
    if (!open) {
        drop(f, c);
    }
}

static bool put(FCGX_Stream *out, str s)
{
    if (s.n > INT_MAX) {
        abort();
    }
    return FCGX_PutStr(s.p, (int)s.n, out) == (int)s.n;
}

bool fcgi_send(struct fcgi *f, str head, str body)
{
    FCGX_Request *r = &f->serving->request;
    bool sent = put(r->out, head) && put(r->out, body);
    /* In this order the answer, the end of the stream and the end of the request are one write. */
    sent = FCGX_FClose(r->err) == 0 && sent;
    sent = FCGX_FClose(r->out) == 0 && sent;
    end_request(f);
    return sent;
}

void fcgi_abandon(struct fcgi *f)
{
    if (f->serving != NULL) {
        end_request(f);
    }
}

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

struct fcgi {
    FCGX_Request request;
    int poller;
    bool serving; /* between fcgi_accept() and the end of the request */
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

err fcgi_open(struct arena *a, int listener, struct fcgi **out)
{
    struct fcgi *f = ARENA_NEW(a, struct fcgi);
    int flags = fcntl(listener, F_GETFL);
    if (flags < 0 || fcntl(listener, F_SETFL, flags | O_NONBLOCK) < 0) {
        return error_cause(a, ERROR_INTERNAL, "the listening socket cannot be used: %s", strerror(errno));
    }
    f->poller = epoll_create1(EPOLL_CLOEXEC);
    struct epoll_event event = {.events = EPOLLIN | EPOLLEXCLUSIVE};
    if (f->poller < 0 || epoll_ctl(f->poller, EPOLL_CTL_ADD, listener, &event) < 0) {
        return error_cause(a, ERROR_INTERNAL, "the listening socket cannot be watched: %s", strerror(errno));
    }
    int status = init_library();
    if (status != 0 || FCGX_InitRequest(&f->request, listener, FCGI_FAIL_ACCEPT_ON_INTR) != 0) {
        return error_cause(a, ERROR_INTERNAL, "libfcgi does not start: status %d", status);
    }
    *out = f;
    return NULL;
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
    struct epoll_event event;
    int n = epoll_pwait(f->poller, &event, 1, timeout_ms, waiting);
    if (n < 0 && errno != EINTR) {
        abort();
    }
    return n < 0 ? FCGI_SIGNAL : n == 0 ? FCGI_TIMEOUT : FCGI_READY;
}

bool fcgi_accept(struct fcgi *f)
{
    int status = FCGX_Accept_r(&f->request);
    if (status == 0) {
        f->request.keepConnection = 0;
        f->serving = true;
        return true;
    }
    if (status != -EAGAIN && status != -EINTR) {
        log_line(LOG_ERROR, "a connection could not be accepted", "cause", strerror(-status));
        /* EMFILE and its like: the connection stays in the queue, so epoll reports it again at once. */
        (void)poll(NULL, 0, ACCEPT_PAUSE_MS);
    }
    return false;
}

char *const *fcgi_params(const struct fcgi *f)
{
    return f->request.envp;
}

err fcgi_read_body(struct fcgi *f, struct arena *a, size_t limit, int64_t content_length, str *body)
{
    if (limit > BODY_MAX) {
        abort();
    }
    if (content_length > (int64_t)limit) {
        return error_new(a, ERROR_TOO_LARGE, "The request body is larger than %zu bytes", limit);
    }
    FCGX_Stream *in = f->request.in;
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
    int got = FCGX_GetStr(p, (int)room, f->request.in);
    if (FCGX_GetError(f->request.in) != 0) {
        return error_new(a, ERROR_BAD_REQUEST, "The request body was cut short");
    }
    *n = (size_t)got;
    return NULL;
}

bool fcgi_client_gone(const struct fcgi *f)
{
    struct pollfd p = {.fd = f->request.ipcFd, .events = POLLRDHUP};
    return poll(&p, 1, 0) > 0 && (p.revents & (POLLRDHUP | POLLHUP | POLLERR)) != 0;
}

/* Closing a socket with unread input resets the connection: the web server may then lose the answer, or fail
 * while it still sends the body. So the library's ritual (shutdown, read until the peer closes) is left out,
 * by FCGX_Detach(), only when the input was read to its end. */
static void end_request(struct fcgi *f)
{
    FCGX_Request *r = &f->request;
    if (FCGX_HasSeenEOF(r->in) == EOF && FCGX_GetError(r->in) == 0) {
        (void)FCGX_Detach(r);
    }
    FCGX_Finish_r(r);
    f->serving = false;
}

bool fcgi_send(struct fcgi *f, str answer)
{
    FCGX_Request *r = &f->request;
    if (answer.n > INT_MAX) {
        abort();
    }
    bool sent = FCGX_PutStr(answer.p, (int)answer.n, r->out) == (int)answer.n;
    /* In this order the answer, the end of the stream and the end of the request are one write. */
    sent = FCGX_FClose(r->err) == 0 && sent;
    sent = FCGX_FClose(r->out) == 0 && sent;
    end_request(f);
    return sent;
}

void fcgi_abandon(struct fcgi *f)
{
    if (f->serving) {
        end_request(f);
    }
}

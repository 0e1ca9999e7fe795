#include "io/fcgi_client.h"

#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"

enum { BEGIN_REQUEST = 1, PARAMS = 4, STDIN = 5, STDOUT = 6, HEAD = 8, ANSWER_BYTES = 64 << 10 };

static err refused(struct arena *a, str address, int number)
{
    enum error_code code = number == ENOENT   ? ERROR_NOT_FOUND
                           : number == EACCES ? ERROR_FORBIDDEN
                                              : ERROR_UNAVAILABLE;
    return error_cause(a, code, "%.*s: %s", STR_ARGS(address), strerror(number));
}

static err connect_to(struct arena *a, str address, int fd, const struct sockaddr *to, socklen_t n)
{
    if (fd < 0 || connect(fd, to, n) != 0) {
        return refused(a, address, errno);
    }
    return NULL;
}

/* -1 and an err when nobody could be reached. That of a unix socket does not block: a full queue is told at once. */
static err connect_unix(struct arena *a, str address, str path, int *fd)
{
    struct sockaddr_un to = {.sun_family = AF_UNIX};
    if (path.n == 0 || path.n >= sizeof to.sun_path) {
        return refused(a, address, ENAMETOOLONG);
    }
    memcpy(to.sun_path, path.p, path.n);
    *fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    return connect_to(a, address, *fd, (const struct sockaddr *)&to, sizeof to);
}

static err connect_tcp(struct arena *a, str address, int millis, int *fd)
{
    const char *colon = address.n == 0 ? NULL : memrchr(address.p, ':', address.n);
    size_t at = colon == NULL ? address.n : (size_t)(colon - address.p);
    str host = str_slice(address, 0, at);
    if (host.n > 2 && host.p[0] == '[') {
        host = str_slice(host, 1, host.n - 1);
    }
    struct addrinfo hints = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM};
    struct addrinfo *found = NULL;
    int status = getaddrinfo(host.n == 0 ? "127.0.0.1" : str_c(a, host),
                             str_c(a, str_slice(address, at + 1, address.n)), &hints, &found);
    if (status != 0) {
        return error_cause(a, ERROR_UNAVAILABLE, "%.*s: %s", STR_ARGS(address), gai_strerror(status));
    }
    const struct timeval patience = {.tv_sec = millis / 1000, .tv_usec = millis % 1000 * 1000};
    *fd = socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (*fd >= 0) {
        (void)setsockopt(*fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience); /* connect() obeys it */
    }
    err e = connect_to(a, address, *fd, found->ai_addr, found->ai_addrlen);
    freeaddrinfo(found);
    return e;
}

static void put_record(struct buf *b, int type, str content)
{
    const char head[HEAD] = {1, (char)type, 0, 1, (char)(content.n >> 8), (char)(content.n & 0xFF), 0, 0};
    buf_put(b, head, sizeof head);
    buf_str(b, content);
}

/* Both shorter than 128 bytes, as one byte of length says. */
static void put_pair(struct buf *b, str name, str value)
{
    buf_char(b, (char)name.n);
    buf_char(b, (char)value.n);
    buf_str(b, name);
    buf_str(b, value);
}

static str request(struct arena *a, str path)
{
    struct buf pairs;
    struct buf all;
    buf_init(&pairs, a, 512, 4096);
    buf_init(&all, a, 1024, 8192);
    put_pair(&pairs, STR("REQUEST_METHOD"), STR("GET"));
    put_pair(&pairs, STR("REQUEST_URI"), str_slice(path, 0, 127));
    put_pair(&pairs, STR("SERVER_PROTOCOL"), STR("HTTP/1.1"));
    put_record(&all, BEGIN_REQUEST, (str){"\0\1\0\0\0\0\0\0", 8}); /* a responder, asked once */
    put_record(&all, PARAMS, buf_view(&pairs));
    put_record(&all, PARAMS, STR(""));
    put_record(&all, STDIN, STR(""));
    return buf_view(&all);
}

/* What the pool says until it closes, or is complete enough to show its status. */
static err read_answer(struct arena *a, str address, int fd, int64_t until, struct buf *answer)
{
    char piece[4096];
    for (;;) {
        int64_t left = (until - clock_steady()) / 1000;
        struct pollfd p = {.fd = fd, .events = POLLIN};
        if (left <= 0 || poll(&p, 1, (int)left) == 0) {
            return error_cause(a, ERROR_UNAVAILABLE, "%.*s: it takes connections and does not answer",
                               STR_ARGS(address));
        }
        ssize_t n = recv(fd, piece, sizeof piece, MSG_DONTWAIT);
        if (n < 0 && errno != EINTR && errno != EAGAIN) {
            return refused(a, address, errno);
        }
        buf_put(answer, piece, n > 0 ? (size_t)n : 0);
        if (n == 0 || answer->full) {
            return NULL;
        }
    }
}

/* The status line that begins the first record of output; 200 when there is none (RFC 3875, section 6.3.3). */
static bool status_of(str answer, unsigned *status)
{
    uint64_t number = 200;
    const unsigned char *p = (const unsigned char *)answer.p;
    if (answer.n <= HEAD || p[0] != 1 || p[1] != STDOUT) {
        return false;
    }
    str head = str_slice(answer, HEAD, HEAD + ((size_t)p[4] << 8 | p[5]));
    if (str_starts_nocase(head, STR("Status: ")) && !str_to_uint(str_slice(head, 8, 11), &number)) {
        return false;
    }
    *status = (unsigned)number;
    return true;
}

static err converse(struct arena *a, str address, int fd, str path, int millis, unsigned *status)
{
    str text = request(a, path);
    struct buf answer;
    buf_init(&answer, a, 4096, ANSWER_BYTES);
    if (send(fd, text.p, text.n, MSG_NOSIGNAL) != (ssize_t)text.n) { /* less than any socket's buffer */
        return refused(a, address, errno);
    }
    TRY(read_answer(a, address, fd, clock_steady() + (int64_t)millis * 1000, &answer));
    if (!status_of(buf_view(&answer), status)) {
        return error_cause(a, ERROR_UNAVAILABLE, "%.*s: the answer is not FastCGI", STR_ARGS(address));
    }
    return NULL;
}

err fcgi_client_get(struct arena *a, str address, str path, int millis, unsigned *status)
{
    int fd = -1;
    bool prefixed = str_starts(address, STR("unix:"));
    str file = str_slice(address, prefixed ? 5 : 0, address.n);
    bool is_unix = prefixed || str_starts(address, STR("/"));
    err e = is_unix ? connect_unix(a, address, file, &fd) : connect_tcp(a, address, millis, &fd);
    if (e == NULL) {
        e = converse(a, address, fd, path, millis, status);
    }
    if (fd >= 0) {
        (void)close(fd);
    }
    return e;
}

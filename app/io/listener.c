#include "io/listener.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/arena.h"

/* Connections that may wait for a worker. The kernel cuts it to net.core.somaxconn; with a full queue nginx
 * answers 502 at once. */
enum { BACKLOG = 4096 };
enum { SOCKET_FLAGS = SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC };

bool listener_is(int fd)
{
    int listening = 0;
    socklen_t n = sizeof listening;
    return getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &listening, &n) == 0 && listening != 0;
}

static bool is_number_for(const char *name, uint64_t *number)
{
    const char *value = getenv(name);
    return value != NULL && str_to_uint(str_of(value), number);
}

unsigned listener_inherited(void)
{
    uint64_t pid;
    uint64_t count;
    if (!is_number_for("LISTEN_PID", &pid) || pid != (uint64_t)getpid() ||
        !is_number_for("LISTEN_FDS", &count)) {
        return 0;
    }
    unsigned n = 0;
    while (n < count && listener_is(LISTENER_FIRST + (int)n)) {
        n++;
    }
    return n;
}

/* ---- unix sockets ---- */

/* Whether somebody listens there. A socket whose program has died refuses; every other answer (a full queue,
 * no permission) comes from a living one, or at least does not prove it dead. */
static bool is_alive(const struct sockaddr_un *address)
{
    int fd = socket(AF_UNIX, SOCKET_FLAGS, 0);
    if (fd < 0) {
        return true;
    }
    bool refused =
        connect(fd, (const struct sockaddr *)address, sizeof *address) < 0 && errno == ECONNREFUSED;
    (void)close(fd);
    return !refused;
}

/* Makes the path free for bind: removes a dead socket, and nothing else. */
static err clear_path(struct arena *a, const struct sockaddr_un *address)
{
    const char *path = address->sun_path;
    struct stat st;
    if (lstat(path, &st) < 0) {
        if (errno == ENOENT) {
            return NULL;
        }
        return error_cause(a, ERROR_INTERNAL, "cannot listen on %s: %s", path, strerror(errno));
    }
    if (!S_ISSOCK(st.st_mode)) {
        return error_cause(a, ERROR_INTERNAL,
                           "cannot listen on %s: there is a file of that name which is no socket", path);
    }
    if (is_alive(address)) {
        return error_cause(a, ERROR_INTERNAL, "cannot listen on %s: another program listens there", path);
    }
    if (unlink(path) < 0) {
        return error_cause(a, ERROR_INTERNAL, "cannot replace the dead socket %s: %s", path, strerror(errno));
    }
    return NULL;
}

/* Binds with the mode's bits only, so that there is no moment at which the socket is open to more; the exact
 * mode follows, since the umask can only take away. */
static bool bind_with_mode(int fd, const struct sockaddr_un *address, mode_t mode)
{
    mode_t before = umask(~mode & 0777);
    int status = bind(fd, (const struct sockaddr *)address, sizeof *address);
    (void)umask(before);
    return status == 0 && chmod(address->sun_path, mode) == 0 && listen(fd, BACKLOG) == 0;
}

static err open_unix_locked(struct arena *a, const struct sockaddr_un *address, mode_t mode,
                            struct listener *out)
{
    TRY(clear_path(a, address));
    int fd = socket(AF_UNIX, SOCKET_FLAGS, 0);
    struct stat st;
    if (fd < 0 || !bind_with_mode(fd, address, mode) || lstat(address->sun_path, &st) < 0) {
        err failed =
            error_cause(a, ERROR_INTERNAL, "cannot listen on %s: %s", address->sun_path, strerror(errno));
        if (fd >= 0) {
            (void)close(fd);
        }
        return failed;
    }
    out->fd = fd;
    out->path = str_c(a, str_of(address->sun_path));
    out->device = st.st_dev;
    out->inode = st.st_ino;
    return NULL;
}

/* The folder of a path, as a C string. */
static const char *folder_of(struct arena *a, str path)
{
    const char *slash = memrchr(path.p, '/', path.n);
    if (slash == NULL) {
        return ".";
    }
    size_t n = (size_t)(slash - path.p);
    return n == 0 ? "/" : str_c(a, str_slice(path, 0, n));
}

static err open_unix(struct arena *a, str path, mode_t mode, struct listener *out)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (path.n == 0) {
        return error_cause(a, ERROR_INTERNAL, "cannot listen on a unix socket without a path");
    }
    if (path.n >= sizeof address.sun_path) {
        return error_cause(a, ERROR_INTERNAL,
                           "cannot listen on %.*s: the path has %zu bytes, a unix "
                           "socket's at most %zu",
                           STR_ARGS(path), path.n, sizeof address.sun_path - 1);
    }
    memcpy(address.sun_path, path.p, path.n);
    const char *folder = folder_of(a, path);
    int lock = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (lock < 0) {
        return error_cause(a, ERROR_INTERNAL, "cannot listen on %.*s: the folder %s: %s", STR_ARGS(path),
                           folder, strerror(errno));
    }
    (void)flock(lock, LOCK_EX); /* best effort: some file systems have no locks,
                                   and then as good as others do it */
    err failed = open_unix_locked(a, &address, mode, out);
    (void)close(lock);
    return failed;
}

void listener_withdraw(struct listener *l)
{
    struct stat st;
    if (l->path != NULL && lstat(l->path, &st) == 0 && st.st_dev == l->device && st.st_ino == l->inode) {
        (void)unlink(l->path);
    }
    l->path = NULL;
}

/* ---- TCP ---- */

static int open_tcp_one(const struct addrinfo *ai)
{
    int fd = socket(ai->ai_family, SOCKET_FLAGS, 0);
    if (fd < 0) {
        return -1;
    }
    int on = 1;
    (void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(fd, ai->ai_addr, ai->ai_addrlen) < 0 || listen(fd, BACKLOG) < 0) {
        int why = errno;
        (void)close(fd);
        errno = why;
        return -1;
    }
    return fd;
}

static const char *why_not(int error)
{
    return error == EADDRINUSE ? "another program listens there" : strerror(error);
}

static err open_tcp(struct arena *a, str address, size_t colon, struct listener *out)
{
    str host = str_slice(address, 0, colon);
    str port = str_slice(address, colon + 1, address.n);
    uint64_t number;
    if (!str_to_uint(port, &number) || number == 0 || number > 65535) {
        return error_cause(a, ERROR_INTERNAL, "cannot listen on %.*s: the port is a number from 1 to 65535",
                           STR_ARGS(address));
    }
    if (host.n > 2 && host.p[0] == '[' && host.p[host.n - 1] == ']') {
        host = str_slice(host, 1, host.n - 1);
    }
    struct addrinfo hints = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE};
    struct addrinfo *found;
    int status = getaddrinfo(host.n == 0 ? "127.0.0.1" : str_c(a, host), str_c(a, port), &hints, &found);
    if (status != 0) {
        return error_cause(a, ERROR_INTERNAL, "cannot listen on %.*s: %s", STR_ARGS(address),
                           gai_strerror(status));
    }
    int fd = -1;
    for (const struct addrinfo *ai = found; fd < 0 && ai != NULL; ai = ai->ai_next) {
        fd = open_tcp_one(ai);
    }
    int why = errno;
    freeaddrinfo(found);
    if (fd < 0) {
        return error_cause(a, ERROR_INTERNAL, "cannot listen on %.*s: %s", STR_ARGS(address), why_not(why));
    }
    *out = (struct listener){.fd = fd};
    return NULL;
}

err listener_open(struct arena *a, str address, mode_t mode, struct listener *out)
{
    if (str_starts(address, STR("unix:"))) {
        return open_unix(a, str_slice(address, 5, address.n), mode, out);
    }
    if (str_starts(address, STR("/"))) {
        return open_unix(a, address, mode, out);
    }
    const char *colon = address.n > 0 ? memrchr(address.p, ':', address.n) : NULL;
    if (colon == NULL) {
        return error_cause(a, ERROR_INTERNAL, "cannot listen on \"%.*s\": say unix:/path or host:port",
                           STR_ARGS(address));
    }
    return open_tcp(a, address, (size_t)(colon - address.p), out);
}

str listener_nth(struct arena *a, str address, unsigned n)
{
    return str_format(a, "%.*s.%u", STR_ARGS(address), n);
}

err listener_open_nth(struct arena *a, str address, unsigned n, mode_t mode, struct listener *out)
{
    if (!str_starts(address, STR("unix:")) && !str_starts(address, STR("/"))) {
        return error_cause(a, ERROR_INTERNAL,
                           "cannot listen on %.*s for each worker: LISTEN_EACH needs a unix socket",
                           STR_ARGS(address));
    }
    return listener_open(a, listener_nth(a, address, n), mode, out);
}

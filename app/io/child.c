#include "io/child.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/file.h"

enum { SECRET_FD = 3, COMPLAINT_BYTES = 2048, LOOK_MILLIS = 500 };

static const char *find(struct arena *a, const char *name)
{
    str path = str_of(getenv("PATH"));
    for (size_t at = 0; at < path.n;) {
        size_t end = str_find(path, ':', at);
        str folder = str_slice(path, at, end);
        const char *candidate = str_format(a, "%.*s/%s", STR_ARGS(folder), name).p;
        if (folder.n > 0 && access(candidate, X_OK) == 0) {
            return candidate;
        }
        at = end + 1;
    }
    return NULL;
}

/* A file without a name that holds a text, for its owner alone. */
static int hidden_file(str text)
{
    int fd = memfd_create("quire", MFD_CLOEXEC);
    if (fd < 0 || fchmod(fd, S_IRUSR | S_IWUSR) != 0 || write(fd, text.p, text.n) != (ssize_t)text.n ||
        lseek(fd, 0, SEEK_SET) != 0) {
        if (fd >= 0) {
            (void)close(fd);
        }
        return -1;
    }
    return fd;
}

static void shut(int *fd)
{
    if (*fd >= 0) {
        (void)close(*fd);
    }
    *fd = -1;
}

/* What it may know of our environment: of the rest, some is secret, and some would change what it does. */
static bool is_handed_on(str entry)
{
    static const str names[] = {STR_INIT("PATH="), STR_INIT("HOME="), STR_INIT("LANG="),
                                STR_INIT("LC_"),   STR_INIT("TZ="),   STR_INIT("TMPDIR=")};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (str_starts(entry, names[i])) {
            return true;
        }
    }
    return false;
}

static char **handed_on(struct arena *a)
{
    size_t all = 0;
    size_t n = 0;
    while (environ[all] != NULL) {
        all++;
    }
    char **out = ARENA_ARRAY(a, char *, all + 1);
    for (size_t i = 0; i < all; i++) {
        if (is_handed_on(str_of(environ[i]))) {
            out[n++] = environ[i];
        }
    }
    return out;
}

/* The ends of its pipes; what is not wanted is /dev/null. */
struct ends {
    int in[2], out[2]; /* 0 is read from, 1 written to */
    int secrets;
};

static bool open_ends(const struct child_wish *w, struct ends *e)
{
    *e = (struct ends){{-1, -1}, {-1, -1}, hidden_file(w->secrets)};
    if (w->feeds ? pipe2(e->in, O_CLOEXEC) != 0 : (e->in[0] = open("/dev/null", O_RDONLY | O_CLOEXEC)) < 0) {
        return false;
    }
    if (w->speaks ? pipe2(e->out, O_CLOEXEC) != 0
                  : (e->out[1] = open("/dev/null", O_WRONLY | O_CLOEXEC)) < 0) {
        return false;
    }
    return e->secrets >= 0;
}

static void shut_ends(struct ends *e)
{
    shut(&e->in[0]);
    shut(&e->in[1]);
    shut(&e->out[0]);
    shut(&e->out[1]);
    shut(&e->secrets);
}

/* In the child: only what is safe after fork. The descriptors are moved out of the way of one another first. */
static _Noreturn void become(char *const *argv, char *const *environment, const struct ends *e,
                             int complaints, pid_t parent)
{
    enum { HIGH = 64 };
    int from[] = {fcntl(e->in[0], F_DUPFD, HIGH), fcntl(e->out[1], F_DUPFD, HIGH),
                  fcntl(complaints, F_DUPFD, HIGH), fcntl(e->secrets, F_DUPFD, HIGH)};
    const struct sigaction usual = {.sa_handler = SIG_DFL};
    (void)sigaction(SIGPIPE, &usual, NULL);
    (void)sigaction(SIGXFSZ, &usual, NULL);
    (void)prctl(PR_SET_PDEATHSIG, SIGTERM);
    bool placed = getppid() == parent;
    for (int i = 0; i <= SECRET_FD; i++) {
        placed = placed && dup2(from[i], i) == i;
    }
    (void)close_range(SECRET_FD + 1, ~0U, 0);
    if (placed) {
        (void)execve(argv[0], argv, environment);
    }
    _exit(127);
}

err child_start(struct arena *a, const struct child_wish *w, struct child *out)
{
    const char *program = NULL;
    struct ends e;
    struct child c = {.in = -1, .out = -1, .complaints = -1};
    for (size_t i = 0; program == NULL && w->names[i] != NULL; i++) {
        program = find(a, w->names[i]);
        c.name = w->names[i];
    }
    if (program == NULL) {
        return error_new(a, ERROR_NOT_FOUND, "there is no program %s in PATH: install the database's client",
                         w->names[0]);
    }
    w->argv[0] = program;
    c.complaints = memfd_create("complaints", MFD_CLOEXEC);
    bool opened = open_ends(w, &e) && c.complaints >= 0;
    char **environment = handed_on(a);
    pid_t parent = getpid();
    c.pid = opened ? fork() : -1;
    if (c.pid == 0) {
        become((char *const *)w->argv, environment, &e, c.complaints, parent);
    }
    int number = errno;
    if (c.pid > 0) {
        c.in = w->feeds ? e.in[1] : -1;
        c.out = w->speaks ? e.out[0] : -1;
        e.in[1] = w->feeds ? -1 : e.in[1];
        e.out[0] = w->speaks ? -1 : e.out[0];
    }
    shut_ends(&e);
    if (c.pid < 0) {
        shut(&c.complaints);
        return error_new(a, ERROR_INTERNAL, "%s cannot be started: %s", program, strerror(number));
    }
    *out = c;
    return NULL;
}

void child_close_in(struct child *c)
{
    shut(&c->in);
}

err child_write(struct arena *a, struct child *c, str piece)
{
    return file_put(c->in, piece)
               ? NULL
               : error_new(a, ERROR_INTERNAL, "%s does not read any more: %s", c->name, strerror(errno));
}

err child_read(struct arena *a, struct child *c, char *bytes, size_t most, bool (*give_up)(void), size_t *n)
{
    struct pollfd p = {.fd = c->out, .events = POLLIN};
    for (;;) {
        if (give_up != NULL && give_up()) {
            return error_new(a, ERROR_INTERNAL, "interrupted");
        }
        if (poll(&p, 1, LOOK_MILLIS) <= 0) {
            continue;
        }
        ssize_t got = read(c->out, bytes, most);
        if (got >= 0) {
            *n = (size_t)got;
            return NULL;
        }
        if (errno != EINTR) {
            return error_new(a, ERROR_INTERNAL, "%s cannot be read from: %s", c->name, strerror(errno));
        }
    }
}

static int reap(struct child *c)
{
    int status = 0;
    shut(&c->in);
    shut(&c->out);
    while (waitpid(c->pid, &status, 0) < 0 && errno == EINTR) {
    }
    return status;
}

/* Its last line: a database's client says the whole statement first, with all that is in it. */
static str last_complaint(struct arena *a, int fd)
{
    char *said = arena_alloc(a, COMPLAINT_BYTES);
    off_t size = lseek(fd, 0, SEEK_END);
    ssize_t n = pread(fd, said, COMPLAINT_BYTES, size > COMPLAINT_BYTES ? size - COMPLAINT_BYTES : 0);
    str text = str_trim((str){said, n > 0 ? (size_t)n : 0});
    const char *line = text.n == 0 ? NULL : memrchr(text.p, '\n', text.n);
    return line == NULL ? text : str_slice(text, (size_t)(line - text.p) + 1, text.n);
}

err child_end(struct arena *a, struct child *c)
{
    int status = reap(c);
    str why = last_complaint(a, c->complaints);
    shut(&c->complaints);
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0) {
        return NULL;
    }
    if (WIFSIGNALED(status)) {
        return error_new(a, ERROR_INTERNAL, "%s was ended by signal %d (%s)%s%.*s", c->name, WTERMSIG(status),
                         strsignal(WTERMSIG(status)), why.n > 0 ? ": " : "", STR_ARGS(why));
    }
    return error_new(a, ERROR_INTERNAL, "%s failed with status %d%s%.*s", c->name, WEXITSTATUS(status),
                     why.n > 0 ? ": " : "", STR_ARGS(why));
}

void child_kill(struct child *c)
{
    (void)kill(c->pid, SIGKILL);
    (void)reap(c);
    shut(&c->complaints);
}

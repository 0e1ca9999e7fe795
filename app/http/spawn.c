#include "http/spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/log.h"
#include "conf/held.h"
#include "http/metrics.h"
#include "http/scoreboard.h"
#include "http/zygote.h"

static const char self[] = "/proc/self/exe";

/* Whether path leads to the program that runs. */
static bool is_self(const char *path)
{
    struct stat here;
    struct stat there;
    return stat(self, &here) == 0 && stat(path, &there) == 0 && here.st_dev == there.st_dev &&
           here.st_ino == there.st_ino;
}

static const char *absolute(struct arena *a, const char *path)
{
    char *folder = path[0] == '/' ? NULL : getcwd(NULL, 0);
    arena_defer(a, free, folder);
    if (folder == NULL) {
        return path;
    }
    bool dotted = path[0] == '.' && path[1] == '/';
    return str_format(a, "%s/%s", folder, dotted ? path + 2 : path).p;
}

/* The first entry of PATH that leads to this program. */
static const char *search(struct arena *a, const char *name)
{
    str path = str_of(getenv("PATH"));
    for (size_t at = 0; at < path.n;) {
        size_t end = str_find(path, ':', at);
        str folder = str_slice(path, at, end);
        const char *candidate = str_format(a, "%.*s/%s", STR_ARGS(folder.n > 0 ? folder : STR(".")), name).p;
        if (is_self(candidate)) {
            return candidate;
        }
        at = end + 1;
    }
    return NULL;
}

const char *spawn_program(struct arena *a, const char *name)
{
    const char *path = name != NULL && strchr(name, '/') == NULL ? search(a, name) : name;
    if (path != NULL && is_self(path)) {
        return absolute(a, path);
    }
    /* argv[0] tells a tale: what the kernel says is right at least until the next upgrade. */
    char target[4096];
    ssize_t n = readlink(self, target, sizeof target);
    return n > 0 ? str_c(a, (str){target, (size_t)n}) : self;
}

bool spawn_take(const struct spawn *s, struct kit *out)
{
    struct kit kit = {.program = open(s->program, O_PATH | O_CLOEXEC),
                      .settings = memfd_create("quire-settings", MFD_CLOEXEC)};
    if (kit.settings < 0) {
        int why = errno;
        spawn_drop(&kit);
        errno = why;
        return false;
    }
    *out = kit;
    return true;
}

void spawn_drop(struct kit *kit)
{
    if (kit->program >= 0) {
        (void)close(kit->program);
    }
    if (kit->settings >= 0) {
        (void)close(kit->settings);
    }
    *kit = KIT_NONE;
}

/* Puts what a zygote is given at its places, and has all else closed when it is executed. They are moved out of the way
 * of one another first. */
static bool place_all(const struct spawn *s, struct kit *kit, int socket)
{
    enum { HIGH = 64 };
    const int places[] = {ZYGOTE_FD, SCOREBOARD_FD, METRICS_FD, HELD_FD};
    int from[] = {socket, s->board, s->metrics, kit->settings};
    enum { COUNT = sizeof places / sizeof *places };
    kit->program = fcntl(kit->program, F_DUPFD, HIGH);
    for (size_t i = 0; i < COUNT; i++) {
        from[i] = fcntl(from[i], F_DUPFD, HIGH);
    }
    bool placed = true;
    for (size_t i = 0; i < COUNT; i++) {
        bool none = places[i] == METRICS_FD && s->metrics < 0;
        placed = (none ? close(places[i]) == 0 || errno == EBADF : dup2(from[i], places[i]) >= 0) && placed;
    }
    return close_range(HELD_FD + 1, ~0U, CLOSE_RANGE_CLOEXEC) == 0 && placed;
}

/* In the child: the program itself, or what its path leads to where the kernel needs a path. */
static void execute(const struct spawn *s, const struct kit *kit)
{
    char *const argv[] = {(char *)s->program, (char *)s->command, NULL};
    if (kit->program >= 0) {
        (void)execveat(kit->program, "", argv, environ, AT_EMPTY_PATH);
    }
    if (kit->program < 0 || errno == ENOENT ||
        errno == ENOSYS) { /* ENOENT: the interpreter would find it closed */
        (void)execv(s->program, argv);
    }
}

pid_t spawn_zygote(const struct spawn *s, const struct kit *kit, int socket)
{
    pid_t pid = fork();
    if (pid != 0) {
        return pid;
    }
    struct kit own = *kit;
    if (place_all(s, &own, socket)) {
        execute(s, &own);
    }
    const char *cause = strerror(errno);
    (void)log_open(NULL); /* the log's own descriptor may be closed, or another
                             file by now */
    log_line(LOG_ERROR, "the program cannot be executed", "program", s->program, "cause", cause);
    _exit(SPAWN_NO_EXEC);
}

str spawn_cause(struct arena *a, const char *killed, int status)
{
    if (killed != NULL) {
        return str_of(killed);
    }
    if (WIFSIGNALED(status)) {
        const char *name = sigabbrev_np(WTERMSIG(status));
        return str_format(a, "signal %d (SIG%s)", WTERMSIG(status), name == NULL ? "?" : name);
    }
    return str_format(a, "exit status %d%s", WEXITSTATUS(status),
                      WEXITSTATUS(status) == SPAWN_NO_EXEC ? ": the program cannot be executed" : "");
}

#include "http/spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/log.h"
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

/* Puts fd at the place `at`, open across exec. */
static bool place(int fd, int at)
{
    return fd == at ? fcntl(fd, F_SETFD, 0) == 0 : dup2(fd, at) == at;
}

pid_t spawn_zygote(const struct spawn *s, int socket)
{
    char *const argv[] = {(char *)s->program, (char *)s->command, NULL};
    pid_t pid = fork();
    if (pid != 0) {
        return pid;
    }
    /* Each is higher than the place of the one before, so none is overwritten before it is placed. */
    if (place(socket, ZYGOTE_FD) && place(s->board, SCOREBOARD_FD) &&
        (s->metrics < 0 || place(s->metrics, METRICS_FD))) {
        (void)close_range(s->metrics < 0 ? METRICS_FD : METRICS_FD + 1, ~0U, 0);
        (void)execv(s->program, argv);
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

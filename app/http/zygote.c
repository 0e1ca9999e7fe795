#include "http/zygote.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/log.h"
#include "conf/settings.h"
#include "http/process.h"
#include "http/scoreboard.h"
#include "io/handoff.h"

enum { CHECK_BLOCK = 1 << 10 };

struct nest {
    const struct zygote *zygote;
    const char *log_file;
    char name[16];           /* the program's own, for its workers */
    _Atomic int32_t *number; /* where who stands between notes the worker, or why there is none */
};

/* Gives a worker its socket in place of the zygote's. */
static void take_socket(int listener)
{
    int fd = listener >= 0 ? listener : open("/dev/null", O_RDWR | O_CLOEXEC);
    (void)dup2(fd, ZYGOTE_FD);
    (void)close(fd);
}

/* Forks a worker that the parent adopts. True in the worker; in the zygote *answer is its process id, or why there is
 * none. */
static bool hatch(const struct nest *nest, int32_t *answer)
{
    atomic_store(nest->number, -EAGAIN);
    pid_t between = fork();
    if (between == 0) {
        pid_t worker = fork();
        if (worker == 0) {
            return true;
        }
        atomic_store(nest->number, worker > 0 ? worker : -errno);
        _exit(0);
    }
    if (between < 0) {
        *answer = -errno;
        return false;
    }
    while (waitpid(between, NULL, 0) < 0 && errno == EINTR) {
    }
    *answer = atomic_load(nest->number);
    return false;
}

/* A worker begins. Where the zygote's children write their numbers is none of its business. */
static int become(const struct nest *nest, unsigned slot)
{
    (void)munmap((void *)nest->number, sizeof *nest->number);
    (void)prctl(PR_SET_NAME, nest->name);
    return nest->zygote->work(nest->zygote->context, slot);
}

/* Answers the parent; each worker returns from here with its own status. */
static int serve(struct nest *nest)
{
    int32_t slot;
    int32_t answer = ZYGOTE_READY;
    int listener;
    bool heard = handoff_send(ZYGOTE_FD, answer, -1);
    while (heard && handoff_receive(ZYGOTE_FD, true, &slot, &listener) == HANDOFF_GOT) {
        if (slot == ZYGOTE_REOPEN) {
            log_reopen(nest->log_file);
            continue;
        }
        if (hatch(nest, &answer)) {
            take_socket(listener);
            return become(nest, (unsigned)slot);
        }
        if (listener >= 0) {
            (void)close(listener);
        }
        heard = handoff_send(ZYGOTE_FD, answer, -1);
    }
    return 0;
}

/* Whether this program understands the parent that started it. */
static err look_at_parent(struct arena *a)
{
    struct scoreboard *board;
    TRY(scoreboard_attach(a, SCOREBOARD_FD, &board));
    if (getppid() != scoreboard_parent(board)) {
        return error_cause(a, ERROR_INTERNAL, "the parent is gone");
    }
    return NULL;
}

/* As the kernel calls what is executed by its path; by its descriptor (http/spawn), it has the name of a number. */
static void name_workers(struct nest *nest)
{
    const char *name = program_invocation_short_name;
    memcpy(nest->name, name, strnlen(name, sizeof nest->name - 1));
}

int zygote_run(const struct zygote *z)
{
    struct arena a;
    arena_init(&a, CHECK_BLOCK);
    struct nest nest = {.zygote = z, .log_file = str_c(&a, z->settings->log_file)};
    process_be_quiet();
    err failed = look_at_parent(&a);
    void *shared = mmap(NULL, sizeof *nest.number, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (failed == NULL && shared == MAP_FAILED) {
        failed = error_cause(&a, ERROR_INTERNAL, "no memory to share with the workers");
    }
    int status = 1;
    if (failed == NULL) {
        nest.number = shared;
        name_workers(&nest);
        (void)prctl(PR_SET_NAME, ZYGOTE_NAME);
        status = serve(&nest);
    } else {
        log_line(LOG_ERROR, "a worker cannot start", "cause", str_c(&a, error_reason(failed)));
    }
    arena_free(&a);
    return status;
}

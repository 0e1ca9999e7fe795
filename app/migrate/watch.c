#include "migrate/watch.h"

#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/clock.h"
#include "io/db.h"
#include "io/stmt.h"

enum { MESSAGE_BYTES = 512, SECOND = 1000000, DB_SECONDS = 5, ACK_MS = 2000, CHANNEL = 3 };

/* What is sent when the statement is answered; a beginning is never empty either. */
static const char END[] = ".";

/* -- the process that watches -- */

struct watcher {
    struct arena a;
    struct db_target target;
    struct db *db;
    int64_t connection;
    bool silent; /* this server has no such figures */
    bool terminal;
    bool drawn; /* a line stands there without its end */
};

/* What the server says of the statement, in brackets; empty when it says nothing. */
static str ask_server(struct watcher *w)
{
    enum { STAGE, STAGES, PERCENT, STATE, COLUMNS };
    static const enum value_kind kinds[COLUMNS] = {VALUE_INT, VALUE_INT, VALUE_TEXT, VALUE_TEXT};
    const struct value id = value_int(w->connection);
    struct rows rows;
    if (w->silent || db_ready(w->db, &w->a) != NULL) {
        return STR("");
    }
    err failed = stmt_read(w->db, &w->a,
                           STR("SELECT stage, max_stage, CAST(ROUND(progress) AS CHAR), COALESCE(state, '')"
                               " FROM information_schema.processlist WHERE id = ?"),
                           &id, 1, kinds, COLUMNS, &rows);
    w->silent = failed != NULL && failed->code == ERROR_INTERNAL;
    if (failed != NULL || rows.n == 0) {
        return STR("");
    }
    const struct value *c = rows.cells;
    if (c[STAGES].i > 0) {
        return str_format(&w->a, " (stage %" PRId64 " of %" PRId64 ", %.*s %%: %.*s)", c[STAGE].i,
                          c[STAGES].i, STR_ARGS(c[PERCENT].text), STR_ARGS(c[STATE].text));
    }
    return c[STATE].text.n == 0 ? STR("") : str_format(&w->a, " (%.*s)", STR_ARGS(c[STATE].text));
}

static void say(struct watcher *w, const char *what, int64_t seconds)
{
    arena_reset(&w->a);
    str server = ask_server(w);
    (void)dprintf(STDERR_FILENO, "%s%s has been running for %" PRId64 " s%.*s%s", w->terminal ? "\r" : "",
                  what, seconds, STR_ARGS(server), w->terminal ? "\033[K" : "\n");
    w->drawn = w->terminal;
}

/* Until there is a message. */
static void watch_statement(struct watcher *w, const char *what)
{
    const int64_t begun = clock_steady();
    int64_t due = begun + WATCH_QUIET * (int64_t)SECOND;
    struct pollfd channel = {.fd = CHANNEL, .events = POLLIN};
    for (;;) {
        int64_t now = clock_steady();
        int64_t left = due > now ? (due - now) / 1000 + 1 : 0;
        if (poll(&channel, 1, (int)left) != 0) {
            break;
        }
        say(w, what, (clock_steady() - begun) / SECOND);
        due += (w->terminal ? 1 : WATCH_EVERY) * (int64_t)SECOND;
    }
    if (w->drawn) {
        (void)dprintf(STDERR_FILENO, "\r\033[K");
        w->drawn = false;
    }
}

static _Noreturn void watch_all(struct watcher *w)
{
    char message[MESSAGE_BYTES];
    arena_init(&w->a, 16 << 10);
    w->db = db_new(&w->target);
    for (;;) {
        ssize_t n = recv(CHANNEL, message, sizeof message - 1, 0);
        if (n <= 0) {
            _exit(EXIT_SUCCESS);
        }
        message[n] = '\0';
        if (str_eq(str_of(message), str_of(END))) {
            (void)send(CHANNEL, END, 1, MSG_NOSIGNAL);
        } else {
            watch_statement(w, message);
        }
    }
}

/* Of the runner's files only the channel and where to write stay open: its connection must end with it. */
static _Noreturn void become_watcher(pid_t runner, const struct db_target *target, int64_t connection,
                                     int channel, int out)
{
    struct watcher w = {.target = *target, .connection = connection};
    w.target.timeout = DB_SECONDS;
    if (dup2(out, STDERR_FILENO) < 0 || dup2(channel, CHANNEL) < 0 || close_range(CHANNEL + 1, ~0U, 0) != 0 ||
        prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || getppid() != runner) {
        _exit(EXIT_FAILURE);
    }
    w.terminal = isatty(STDERR_FILENO) == 1;
    watch_all(&w);
}

/* -- the runner's side -- */

void watch_start(struct watch *w, const struct db_target *target, int64_t connection, FILE *progress)
{
    int ends[2];
    *w = (struct watch){.channel = -1};
    int out = progress == NULL ? -1 : fileno(progress);
    if (out < 0 || fflush(progress) != 0 ||
        socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0) {
        return;
    }
    pid_t self = getpid();
    pid_t pid = fork();
    if (pid == 0) {
        become_watcher(self, target, connection, ends[1], out);
    }
    (void)close(ends[1]);
    if (pid < 0) {
        (void)close(ends[0]);
        return;
    }
    *w = (struct watch){.channel = ends[0], .pid = pid};
}

void watch_stop(struct watch *w)
{
    if (w->channel >= 0) {
        (void)close(w->channel);
        (void)kill(w->pid, SIGKILL);
        (void)waitpid(w->pid, NULL, 0);
        w->channel = -1;
    }
}

void watch_begin(struct watch *w, str what)
{
    size_t n = what.n < MESSAGE_BYTES - 1 ? what.n : MESSAGE_BYTES - 1;
    if (w->channel >= 0 && send(w->channel, what.p, n, MSG_NOSIGNAL) < 0) {
        watch_stop(w);
    }
}

void watch_end(struct watch *w)
{
    struct pollfd channel = {.fd = w->channel, .events = POLLIN};
    char ack[1];
    if (w->channel < 0) {
        return;
    }
    /* it may be asking the server: then it is not waited for long */
    if (send(w->channel, END, 1, MSG_NOSIGNAL) < 0 || poll(&channel, 1, ACK_MS) != 1 ||
        recv(w->channel, ack, 1, 0) != 1) {
        watch_stop(w);
    }
}

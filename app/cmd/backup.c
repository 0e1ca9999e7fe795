#include "backup/backup.h"

#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/clock.h"
#include "cmd/command.h"
#include "cmd/interrupt.h"
#include "io/db.h"
#include "io/hosts.h"
#include "migrate/session.h"

enum { BAR_EVERY = 100000, LINE_EVERY = 5000000 };

/* A child that has gone, and a file that may not grow, are errors of the call, not the end of us. */
static void listen_to_signals(void)
{
    const struct sigaction ignore = {.sa_handler = SIG_IGN};
    interrupt_listen();
    (void)sigaction(SIGPIPE, &ignore, NULL);
    (void)sigaction(SIGXFSZ, &ignore, NULL);
}

/* How far it is, on standard error: one line that changes where that is a terminal, else one every few seconds. */
struct shown {
    struct backup_watch watch; /* the first member: the rest is found from it */
    int64_t begun, said;
    bool terminal;
};

static void say(struct backup_watch *w)
{
    struct shown *s = (struct shown *)w;
    int64_t now = clock_steady();
    if (now - s->said < (s->terminal ? BAR_EVERY : LINE_EVERY)) {
        return;
    }
    s->said = now;
    uint64_t percent = w->all == 0 ? 0 : w->bytes * 100 / w->all;
    (void)fprintf(stderr, "%s%3" PRIu64 " %%  %.1f MB, %.1f MB/s%s", s->terminal ? "\r" : "",
                  percent > 99 ? 99 : percent, (double)w->bytes / 1e6,
                  (double)w->bytes / (double)(now - s->begun + 1), s->terminal ? "\033[K" : "\n");
    (void)fflush(stderr);
}

static struct shown begin(void)
{
    struct shown s = {.watch = {.stop = interrupted, .say = say}, .terminal = isatty(STDERR_FILENO) == 1};
    s.begun = clock_steady();
    s.said = s.begun;
    return s;
}

typedef err work(struct db *db, struct arena *a, const struct backup_order *o, struct backup_done *out);

struct task {
    work *run;
    const char *path;
    bool replace;
    const char *done, *otherwise; /* what is said in the end */
};

static err carry_out(struct db *db, struct arena *a, const struct settings *s, const void *with)
{
    const struct task *t = with;
    struct shown shown = begin();
    struct backup_done done = {.tables = 0};
    const struct backup_order o = {.path = t->path,
                                   .version = program_version,
                                   .migrations = str_of(command_migrations_dir(a, s)),
                                   .replace = t->replace,
                                   .watch = &shown.watch};
    err e = t->run(db, a, &o, &done);
    if (shown.terminal && shown.said != shown.begun) {
        (void)fputs("\r\033[K", stderr);
    }
    if (e != NULL) {
        str why = error_reason(e);
        return error_new(a, e->code, "%.*s%s", STR_ARGS(why), shown.watch.touched ? t->otherwise : "");
    }
    double seconds = (double)(clock_steady() - shown.begun) / 1e6;
    (void)printf("%s: %" PRIu64 " rows of %zu tables, %.1f MB of SQL, in %.1f s\n", t->done, done.rows,
                 done.tables, (double)done.bytes / 1e6, seconds);
    if (done.pending > 0) {
        (void)printf("%zu migrations are newer than the backup: run `quire migrate up`\n", done.pending);
    }
    return NULL;
}

static int run(const struct task *t)
{
    struct arena a;
    struct settings s;
    arena_init(&a, 256 << 10);
    listen_to_signals();
    int status = EXIT_FAILED;
    if (command_settings(&a, &s)) {
        s.db_timeout = MIGRATE_DB_TIMEOUT; /* a table of many rows is counted */
        /* The lock is that of one server (GET_LOCK), the one that migrations take it on. */
        s.db_hosts = hosts_first(s.db_hosts);
        struct db *db = command_connect(&a, &s);
        err e = db == NULL ? NULL : carry_out(db, &a, &s, t);
        status = db == NULL ? EXIT_FAILED : e == NULL ? EXIT_DONE : command_failed(e);
    }
    arena_free(&a);
    return status;
}

int command_backup(int argc, char *const *argv)
{
    if (argc != 2 || argv[1][0] == '-') {
        return command_misused("backup", "backup wants the name of a file");
    }
    const struct task t = {
        .run = backup_make, .path = argv[1], .done = "backed up", .otherwise = "; there is no backup"};
    return run(&t);
}

int command_restore(int argc, char *const *argv)
{
    struct task t = {
        .run = backup_restore,
        .done = "restored",
        .otherwise =
            "; the database is half restored, and nothing serves it: `quire restore --replace` begins anew"};
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--replace") == 0) {
            t.replace = true;
        } else if (argv[i][0] == '-' || t.path != NULL) {
            return command_misused("restore", "restore does not know `%s`", argv[i]);
        } else {
            t.path = argv[i];
        }
    }
    return t.path == NULL ? command_misused("restore", "restore wants the name of a file") : run(&t);
}

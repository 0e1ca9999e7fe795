#include <signal.h>
#include <time.h>

#include "base/arena.h"
#include "base/log.h"
#include "cmd/command.h"
#include "io/db.h"
#include "io/notify.h"
#include "migrate/known.h"

/* Set by a signal that ends the waiting for the database. */
static volatile sig_atomic_t told_to_stop;

static void note_signal(int number)
{
    (void)number;
    told_to_stop = 1;
}

static bool stopping(void)
{
    return told_to_stop != 0;
}

/* Whether the schema is one that this program knows, as SCHEMA_CHECK wants it: refused, or only said. Once at the
 * start: a reload of the workers does not ask again. */
static err check_schema(struct db *db, struct arena *life, const struct settings *s)
{
    str dir = str_of(command_migrations_dir(life, s));
    str problem = STR("");
    if (str_eq(s->schema_check, STR("off"))) {
        return NULL;
    }
    err failed = known_check(db, life, dir, &problem);
    if (failed != NULL && (failed->code == ERROR_CONNECTION_LOST || failed->code == ERROR_UNAVAILABLE)) {
        return failed;
    }
    if (failed != NULL) {
        str why = error_reason(failed);
        problem = str_format(life, "it cannot be told whether this program knows the database's schema: %.*s",
                             STR_ARGS(why));
    }
    if (problem.n > 0 && str_eq(s->schema_check, STR("strict"))) {
        return error_new(life, ERROR_CONFLICT, "%.*s\nSCHEMA_CHECK=warn or off serves all the same.",
                         STR_ARGS(problem));
    }
    if (problem.n > 0) {
        log_line(LOG_WARN, "the schema is not the one of this program", "cause", str_c(life, problem));
    }
    return NULL;
}

/* A reload or a rotated log is not for who waits; it stays pending until the pool looks at it. */
static void keep_for_the_pool(void)
{
    sigset_t later;
    (void)sigemptyset(&later);
    (void)sigaddset(&later, SIGHUP);
    (void)sigaddset(&later, SIGUSR1);
    (void)sigprocmask(SIG_BLOCK, &later, NULL);
}

err command_await_database(struct arena *life, const struct settings *s, bool *stopped)
{
    const struct db_target target = settings_db_target(s);
    const struct sigaction note = {.sa_handler = note_signal};
    const struct sigaction usual = {.sa_handler = SIG_DFL};
    static const int numbers[] = {SIGTERM, SIGINT, SIGQUIT};
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        (void)sigaction(numbers[i], &note, NULL);
    }
    keep_for_the_pool();
    struct db *db = db_new(&target);
    err e = NULL;
    notify_waiting();
    for (;;) {
        const struct arena_mark before = arena_mark(life);
        e = db_wait(db, life, stopping);
        bool there = e == NULL;
        e = there ? check_schema(db, life, s) : e;
        if (!there || e == NULL || e->code == ERROR_CONFLICT || stopping()) {
            break;
        }
        log_line(LOG_WARN, "the database cannot be asked yet, trying again in 2 s", "cause",
                 str_c(life, error_reason(e)));
        arena_rewind(life, before);
        (void)nanosleep(&(struct timespec){.tv_sec = 2}, NULL);
    }
    db_free(db);
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        (void)sigaction(numbers[i], &usual, NULL);
    }
    *stopped = stopping();
    return e;
}

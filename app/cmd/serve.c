#include <signal.h>

#include "base/arena.h"
#include "base/log.h"
#include "cmd/command.h"
#include "controllers/all.h"
#include "http/document.h"
#include "http/pool.h"
#include "http/route.h"
#include "http/worker.h"
#include "io/db.h"
#include "migrate/known.h"
#include "models/all.h"

enum { LIFE_BLOCK = 16 << 10 };

/* What parent and workers check alike before anything is served. */
static err prepare(struct arena *life, struct settings *s, struct router **router)
{
    TRY(command_load(life, s));
    TRY(schema_check(life, &models));
    return router_new(life, s->base_path, controllers, bare_controllers, router);
}

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
        str why = failed->cause.n > 0 ? failed->cause : failed->detail;
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

/* Waits until the database answers, and looks at its schema; the pool is not started before. The connection is the parent's own and is
 * closed again: each worker opens its own. */
static err await_database(struct arena *life, const struct settings *s)
{
    const struct db_target target = settings_db_target(s);
    const struct sigaction note = {.sa_handler = note_signal};
    const struct sigaction usual = {.sa_handler = SIG_DFL};
    static const int numbers[] = {SIGTERM, SIGINT, SIGQUIT};
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        (void)sigaction(numbers[i], &note, NULL);
    }
    struct db *db = db_new(&target);
    err e = NULL;
    bool lost = false; /* between the waiting and the looking */
    do {
        e = db_wait(db, life, stopping);
        bool there = e == NULL;
        e = there ? check_schema(db, life, s) : e;
        lost = there && e != NULL && e->code != ERROR_CONFLICT;
    } while (lost && !stopping());
    db_free(db);
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        (void)sigaction(numbers[i], &usual, NULL);
    }
    return e;
}

static int serve(struct arena *life, const struct settings *s, char *const *argv)
{
    err e = await_database(life, s);
    if (stopping()) {
        return EXIT_DONE;
    }
    if (e != NULL) {
        return command_failed(e);
    }
    const struct pool_options options = {.settings = s,
                                         .argv = argv,
                                         .worker = "worker",
                                         .listens = true,
                                         .seats = (unsigned)s->workers,
                                         .limit = s->worker_timeout};
    return pool_run(&options);
}

int command_serve(int argc, char *const *argv)
{
    struct arena life;
    struct settings s;
    struct router *router = NULL;
    if (argc > 1) {
        return command_misused("serve", "serve takes no arguments, but there is `%s`", argv[1]);
    }
    arena_init(&life, LIFE_BLOCK);
    err e = prepare(&life, &s, &router);
    int status = e == NULL ? serve(&life, &s, argv - 1) : command_failed(e);
    arena_free(&life);
    return status;
}

/* Not listed: how the pool starts its workers. Their standard error is the log: a line of it says what fails. */
int command_worker(int argc, char *const *argv)
{
    struct arena life;
    struct settings s;
    struct router *router = NULL;
    arena_init(&life, LIFE_BLOCK);
    int status = EXIT_FAILED;
    err e = prepare(&life, &s, &router);
    if (e == NULL) {
        struct document openapi = document_of(&life, command_openapi_text(&life, &s));
        status = worker_main(&s, router, &openapi, argc > 1 ? argv[1] : NULL);
    } else {
        str why = e->cause.n > 0 ? e->cause : e->detail;
        log_line(LOG_ERROR, "a worker cannot start", "cause", str_c(&life, why));
    }
    arena_free(&life);
    return status;
}

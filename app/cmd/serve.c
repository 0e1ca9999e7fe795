#include <signal.h>

#include "base/arena.h"
#include "base/log.h"
#include "cmd/command.h"
#include "controllers/all.h"
#include "http/pool.h"
#include "http/route.h"
#include "http/worker.h"
#include "io/db.h"
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

/* Waits until the database answers; the pool is not started before. The connection is the parent's own and is
 * closed again: each worker opens its own. */
static err wait_for_database(struct arena *life, const struct settings *s)
{
    const struct db_target target = settings_db_target(s);
    const struct sigaction note = {.sa_handler = note_signal};
    const struct sigaction usual = {.sa_handler = SIG_DFL};
    static const int numbers[] = {SIGTERM, SIGINT, SIGQUIT};
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        (void)sigaction(numbers[i], &note, NULL);
    }
    struct db *db = db_new(&target);
    err e = db_wait(db, life, stopping);
    db_free(db);
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        (void)sigaction(numbers[i], &usual, NULL);
    }
    return e;
}

static int serve(struct arena *life, const struct settings *s, char *const *argv)
{
    err e = wait_for_database(life, s);
    if (stopping()) {
        return EXIT_DONE;
    }
    if (e != NULL) {
        return command_failed(e);
    }
    const struct pool_options options = {.settings = s, .argv = argv};
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
        status = worker_main(&s, router, argc > 1 ? argv[1] : NULL);
    } else {
        str why = e->cause.n > 0 ? e->cause : e->detail;
        log_line(LOG_ERROR, "a worker cannot start", "cause", str_c(&life, why));
    }
    arena_free(&life);
    return status;
}

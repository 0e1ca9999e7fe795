#include "base/arena.h"
#include "base/log.h"
#include "cmd/command.h"
#include "controllers/all.h"
#include "http/document.h"
#include "http/keyring.h"
#include "http/pool.h"
#include "http/route.h"
#include "http/worker.h"
#include "models/all.h"

enum { LIFE_BLOCK = 16 << 10 };

/* What parent and workers check alike before anything is served. */
static err prepare(struct arena *life, struct settings *s, struct router **router)
{
    TRY(command_load(life, s));
    TRY(schema_check(life, &models));
    return router_new(life, s->base_path, controllers, bare_controllers, router);
}

static int serve(struct arena *life, const struct settings *s, const struct router *router, char *const *argv)
{
    bool told_to_stop = false;
    err e = command_await_database(life, s, &told_to_stop);
    if (told_to_stop) {
        return EXIT_DONE;
    }
    if (e != NULL) {
        return command_failed(e);
    }
    keyring_warn(life, s);
    const struct pool_options options = {.settings = s,
                                         .argv = argv,
                                         .worker = "worker",
                                         .name = "web",
                                         .router = router,
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
    int status = e == NULL ? serve(&life, &s, router, argv - 1) : command_failed(e);
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
        s.migrations_dir = str_of(command_migrations_dir(&life, &s));
        struct document openapi = document_of(&life, command_openapi_text(&life, &s));
        status = worker_main(&s, router, &openapi, program_version, argc > 1 ? argv[1] : NULL);
    } else {
        str why = e->cause.n > 0 ? e->cause : e->detail;
        log_line(LOG_ERROR, "a worker cannot start", "cause", str_c(&life, why));
    }
    arena_free(&life);
    return status;
}

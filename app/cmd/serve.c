#include "base/arena.h"
#include "base/log.h"
#include "cmd/command.h"
#include "conf/held.h"
#include "controllers/all.h"
#include "http/call.h"
#include "http/document.h"
#include "http/keyring.h"
#include "http/pool.h"
#include "http/route.h"
#include "http/worker.h"
#include "http/zygote.h"
#include "migrate/known.h"
#include "models/all.h"

enum { LIFE_BLOCK = 16 << 10 };

/* What parent and workers check alike before anything is served. */
static err prepare(struct arena *life, const struct settings *s, struct router **router)
{
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
                                         .seats = (unsigned)s->workers};
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
    err e = command_load_logged(&life, &s);
    e = e == NULL ? prepare(&life, &s, &router) : e;
    int status = e == NULL ? serve(&life, &s, router, argv - 1) : command_failed(e);
    arena_free(&life);
    return status;
}

/* What all workers have alike. */
struct common {
    struct settings settings;
    struct router *router;
    struct document openapi;
    struct known_revisions migrations;
    struct station station;
};

/* A folder that cannot be read is no reason to be away: then nobody knows how the schema stands. */
static void know_migrations(struct arena *life, struct held *held, struct common *c)
{
    err e = known_load(life, str_of(command_migrations_dir(life, &c->settings)), held, &c->migrations);
    c->station =
        (struct station){.version = program_version, .migrations = e == NULL ? &c->migrations : NULL};
}

/* What a zygote that nobody asked for has of the one before it. */
static err load_common(struct arena *life, struct common *c)
{
    struct held held;
    TRY(command_load_held(life, &held, &c->settings));
    know_migrations(life, &held, c);
    return held_close(life, &held);
}

static int work_as(void *context, unsigned slot)
{
    const struct common *c = context;
    return worker_main(&c->settings, c->router, &c->openapi, &c->station, slot);
}

/* Not listed: what the pool forks its workers from. Its standard error is the log: a line of it says what fails. */
int command_worker(int argc, char *const *argv)
{
    struct arena life;
    struct common common = {.router = NULL};
    struct settings *s = &common.settings;
    (void)argc; /* whoever has not started it as a zygote is told so by zygote_run() */
    (void)argv;
    arena_init(&life, LIFE_BLOCK);
    int status = EXIT_FAILED;
    err e = load_common(&life, &common);
    e = e == NULL ? prepare(&life, s, &common.router) : e;
    if (e == NULL) {
        common.openapi = document_of(&life, command_openapi_text(&life, s));
        const struct zygote zygote = {.settings = s, .work = work_as, .context = &common};
        status = zygote_run(&zygote);
    } else {
        str why = error_reason(e);
        log_line(LOG_ERROR, "a worker cannot start", "cause", str_c(&life, why));
    }
    arena_free(&life);
    return status;
}

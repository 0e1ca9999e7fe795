#include "compose/work.h"

#include "base/arena.h"
#include "base/log.h"
#include "cmd/command.h"
#include "conf/held.h"
#include "http/pool.h"
#include "http/zygote.h"

enum { LIFE_BLOCK = 16 << 10 };

static int work(struct arena *life, const struct settings *s, char *const *argv)
{
    bool told_to_stop = false;
    err e = command_await_database(life, s, &told_to_stop);
    if (told_to_stop) {
        return EXIT_DONE;
    }
    if (e != NULL) {
        return command_failed(e);
    }
    const struct pool_options options = {.settings = s,
                                         .argv = argv,
                                         .worker = "job-worker",
                                         .name = "work",
                                         .seats = (unsigned)s->work_processes + 1 /* the postman */};
    return pool_run(&options);
}

int command_work(int argc, char *const *argv)
{
    struct arena life;
    struct settings s;
    if (argc > 1) {
        return command_misused("work", "work takes no arguments, but there is `%s`", argv[1]);
    }
    arena_init(&life, LIFE_BLOCK);
    err e = command_load_logged(&life, &s);
    int status = e == NULL ? work(&life, &s, argv - 1) : command_failed(e);
    arena_free(&life);
    return status;
}

static int work_as(void *context, unsigned slot)
{
    return work_main(context, slot);
}

/* Not listed: what `quire work` forks its processes from. Its standard error is the log: a line of it says what
 * fails. */
int command_job_worker(int argc, char *const *argv)
{
    struct arena life;
    struct settings s;
    struct held held;
    int status = EXIT_FAILED;
    (void)argc; /* whoever has not started it as a zygote is told so by zygote_run() */
    (void)argv;
    arena_init(&life, LIFE_BLOCK);
    err e = command_load_held(&life, &held, &s);
    e = e == NULL ? held_close(&life, &held) : e;
    if (e == NULL) {
        s.mail_templates = command_mail_templates(&s);
        const struct zygote zygote = {.settings = &s, .work = work_as, .context = &s};
        status = zygote_run(&zygote);
    } else {
        log_line(LOG_ERROR, "a worker cannot start", "cause", str_c(&life, error_reason(e)));
    }
    arena_free(&life);
    return status;
}

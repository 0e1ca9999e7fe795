#include "compose/work.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/log.h"
#include "compose/community.h"
#include "compose/composer.h"
#include "compose/job.h"
#include "compose/tidy.h"
#include "conf/settings.h"
#include "http/metrics.h"
#include "http/process.h"
#include "http/scoreboard.h"
#include "io/db.h"
#include "mail/postman.h"

enum { LIFE_BLOCK = 16 << 10, JOB_BLOCK = 64 << 10 };

/* Milliseconds between two looks for a job: just after one, and when there has been none for long; between two tries to
 * write an end while the database is away, and how often that is tried. */
enum { LOOK_SOON = 20, LOOK_LATE = 250, LOOK_SOON_FOR = 500, RETRY_PAUSE = 500, RETRIES = 240 };

/* Past what a composing may take: the database may be slow, too. */
enum { LIMIT_MARGIN = 60, MICROS = 1000000, MILLI = 1000 };

struct work {
    struct arena life;
    struct arena arena; /* of the job in hand */
    const struct settings *settings;
    const struct composer *composer;
    struct composer_memory memory;
    struct process process;
    struct db_target target;
    struct db *db;
    const struct job *job; /* in hand */
    int64_t renew_at;      /* clock_steady() */
    struct postman postman;
    bool (*step)(struct work *w,
                 bool *any); /* does one thing, when there is one: *any. False: it must leave */
};

/* Seconds after which a job is given up and its process killed: longer than composing a thread or sending a mail
 * may take. */
static int64_t work_limit(const struct settings *settings)
{
    int64_t longer =
        settings->openai_timeout > settings->smtp_timeout ? settings->openai_timeout : settings->smtp_timeout;
    return longer + LIMIT_MARGIN;
}

static void say(enum log_level level, const char *text, struct work *w, err e)
{
    str why = error_reason(e);
    log_line(level, text, "job", str_format(&w->arena, "%lld", (long long)w->job->lease.id).p, "code",
             error_name(e->code), "cause", str_c(&w->arena, why));
}

/* While a thread is composed: the lease is prolonged when a third of it is over; a pool that stops ends the composing.
 * A database that cannot be reached is no reason to stop: the end of the job will tell whether the lease has held. */
static err beat(void *ctx, struct arena *a)
{
    struct work *w = ctx;
    if (scoreboard_draining(w->process.board)) {
        return error_cause(a, ERROR_UNAVAILABLE, "the pool stops");
    }
    if (clock_steady() < w->renew_at) {
        return NULL;
    }
    err e = lease_renew(w->db, a, &w->job->lease);
    w->renew_at = clock_steady() + w->job->lease.seconds * MICROS / 3;
    if (e != NULL && e->code != ERROR_CONFLICT) {
        return NULL;
    }
    return e;
}

static err compose(struct work *w, const struct job *job, struct draft *draft)
{
    struct found found[BRIEF_MAX_FOUND];
    struct brief brief = job->brief;
    const struct composing with = {.settings = w->settings, .memory = &w->memory, .beat = beat, .ctx = w};
    if (job->attempts >= JOB_ATTEMPTS) {
        return error_new(&w->arena, ERROR_PROVIDER, "the making was interrupted %d times", JOB_ATTEMPTS);
    }
    if (!tidy_shows(brief.source)) { /* a blank one is none, for the composers, too */
        brief.source = STR("");
        TRY(community_find(w->db, &w->arena, w->settings, brief.topic, found, &brief.found_count));
        brief.found = found;
    }
    err e = w->composer->compose(&with, &w->arena, &brief, draft);
    return e;
}

/* Writes the end of the job, again and again while the database is away. An end that was written although nobody could
 * tell is not written twice: the lease is then gone. */
static void end(struct work *w, const struct job *job, const struct draft *draft, err why,
                int64_t milliseconds)
{
    err e = NULL;
    for (int i = 0; i < RETRIES; i++) {
        e = why == NULL ? job_succeed(w->db, &w->arena, job, draft, milliseconds)
                        : job_fail(w->db, &w->arena, job, w->settings, why, milliseconds);
        if (!lease_try_again(e) || scoreboard_draining(w->process.board)) {
            break;
        }
        process_sleep(&w->process, db_contended(e) ? 1 : RETRY_PAUSE);
    }
    if (e != NULL && e->code != ERROR_CONFLICT) {
        say(LOG_ERROR, "the end of a job could not be written", w, e);
    } else if (e != NULL) {
        say(LOG_INFO, "a job was taken away", w, e);
    }
}

static void run(struct work *w, const struct job *job)
{
    struct draft draft;
    int64_t begun = clock_steady();
    w->job = job;
    w->renew_at = begun + job->lease.seconds * MICROS / 3;
    process_begin(&w->process);
    err e = compose(w, job, &draft);
    int64_t milliseconds = (clock_steady() - begun) / MILLI;
    if (e != NULL && scoreboard_draining(w->process.board)) {
        err back = lease_give_back(w->db, &w->arena, &job->lease);
        if (back != NULL) {
            say(LOG_WARN, "a job could not be given back; it will be taken when its lease is over", w, back);
        }
    } else if (!lease_try_again(e)) { /* else the lease runs out, and somebody tries again */
        if (e != NULL) {
            say(LOG_WARN, "a thread could not be made", w, e);
        }
        end(w, job, &draft, e, milliseconds);
    }
    w->job = NULL;
}

static void cannot_look(struct work *w, const char *text, err e)
{
    log_line(LOG_WARN, text, "cause", str_c(&w->arena, error_reason(e)));
    process_sleep(&w->process, RETRY_PAUSE);
}

static bool compose_one(struct work *w, bool *any)
{
    struct job job;
    *any = false;
    err e = job_take(w->db, &w->arena, w->settings->work_lease, &job, any);
    if (e != NULL) {
        cannot_look(w, "no jobs can be looked for", e);
    } else if (*any) {
        run(w, &job);
        metrics_work(w->process.metrics);
        return process_end(&w->process, true);
    }
    return true;
}

static bool send_one(struct work *w, bool *any)
{
    struct postman_mail mail;
    *any = false;
    err e = postman_take(&w->postman, &w->arena, &mail, any);
    if (e != NULL) {
        cannot_look(w, "no mails can be looked for", e);
    } else if (*any) {
        process_begin(&w->process);
        postman_deliver(&w->postman, &w->arena, &mail);
        metrics_work(w->process.metrics);
        return process_end(&w->process, true);
    }
    return true;
}

/* One process of the pool is the postman: an SMTP server that is slow holds up mails and nothing else. */
static void take_seat(struct work *w)
{
    if (w->process.seat == WORK_POSTMAN_SEAT) {
        postman_open(&w->postman, &w->life, w->settings, &w->process, w->db);
        w->step = send_one;
    } else {
        w->step = compose_one;
    }
}

static void work(struct work *w)
{
    int64_t last = 0;
    bool any = false;
    process_ready(&w->process);
    while (!process_must_leave() && !process_asked_to_leave()) {
        if (!w->step(w, &any)) {
            return;
        }
        metrics_database(w->process.metrics, db_figures(w->db));
        arena_reset(&w->arena);
        int64_t now = clock_steady();
        last = any ? now : last;
        if (!any) {
            process_sleep(&w->process, now - last < LOOK_SOON_FOR * MILLI ? LOOK_SOON : LOOK_LATE);
            process_hear(&w->process);
        }
    }
}

int work_main(const struct settings *settings, unsigned slot)
{
    struct work w = {.settings = settings, .composer = composer_named(settings->composer)};
    int status = 0;
    arena_init(&w.life, LIFE_BLOCK);
    arena_init(&w.arena, JOB_BLOCK);
    err e = process_open(&w.life, settings, slot, work_limit(settings), &w.process);
    if (e == NULL) {
        w.target = settings_db_target(settings);
        w.db = db_new(&w.target);
        take_seat(&w);
        work(&w);
        db_free(w.db);
    } else {
        log_line(LOG_ERROR, "a worker cannot start", "cause", str_c(&w.life, error_reason(e)));
        status = 1;
    }
    arena_free(&w.arena);
    arena_free(&w.life);
    return status;
}

#include "http/crew.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/log.h"
#include "http/backoff.h"
#include "http/metrics.h"
#include "http/nursery.h"
#include "http/scoreboard.h"

/* Microseconds, as clock_steady() counts. */
enum {
    MILLISECOND = 1000,
    SECOND = 1000 * MILLISECOND,
    START_LIMIT = 30 * SECOND,        /* a worker that is not ready by then never will be */
    REMIND_EVERY = 500 * MILLISECOND, /* who was told to go is told again */
};

/* Milliseconds to the next tick when there is nothing but this to look at. */
enum { TICK_STARTING = 10, TICK_LEAVING = 500, TICK_WATCH = 500, TICK_IDLE = 10000 };

enum place_state { PLACE_FREE, PLACE_STARTING, PLACE_SERVING, PLACE_LEAVING };

/* A process, or room for one. Its index is also its line in the scoreboard. */
struct place {
    enum place_state state;
    pid_t pid;
    unsigned brood;           /* whose it is: see http/nursery */
    int64_t since;            /* when it was started */
    int64_t told;             /* when it was last told to go */
    const char *killed;       /* why we killed it, or NULL */
    enum metrics_restart why; /* when we killed it */
};

struct seat {
    unsigned now; /* the place of who serves, or of who comes next when there is nobody */
    struct backoff backoff;
};

enum reload {
    RELOAD_NONE,
    RELOAD_COMING, /* its zygote has been asked for */
    RELOAD_TRYING, /* … and is ready; none of its workers serves yet */
};

struct crew {
    struct crew_options options;
    struct seat *seats;
    struct place *places; /* CREW_PLACES in a row for each seat */
    unsigned place_count;
    struct nursery *nursery;
    enum reload reload;
    unsigned kind; /* workers of older broods are to be replaced */
    unsigned kept; /* what it was before a reload that may fail yet */
    bool stopping;
};

struct crew *crew_open(struct arena *a, const struct crew_options *options)
{
    struct crew *crew = ARENA_NEW(a, struct crew);
    crew->options = *options;
    crew->place_count = options->seats * CREW_PLACES;
    crew->seats = ARENA_ARRAY(a, struct seat, options->seats);
    crew->places = ARENA_ARRAY(a, struct place, crew->place_count);
    crew->nursery = nursery_open(a, &options->spawn);
    for (unsigned i = 0; i < options->seats; i++) {
        crew->seats[i].now = i * CREW_PLACES;
    }
    return crew;
}

static struct seat *seat_of(const struct crew *crew, unsigned place)
{
    return &crew->seats[place / CREW_PLACES];
}

/* The place beside, of the same seat. */
static unsigned beside(unsigned place)
{
    return place ^ 1;
}

static struct worker_slot *line_of(const struct crew *crew, unsigned place)
{
    return scoreboard_slot(crew->options.board, place);
}

static bool is_ready(const struct crew *crew, unsigned place)
{
    return atomic_load(&line_of(crew, place)->ready) != WORKER_STARTING;
}

static bool is_tired(const struct crew *crew, unsigned place)
{
    return atomic_load(&line_of(crew, place)->ready) == WORKER_TIRED;
}

/* ---- starting and ending ---- */

/* Starts a worker in a free place; returns the milliseconds to the next look at it. */
static int start(struct crew *crew, unsigned place, int64_t now)
{
    unsigned brood;
    scoreboard_clear(line_of(crew, place));
    pid_t pid = nursery_fork(crew->nursery, crew->options.listeners[place / CREW_PLACES], place, &brood);
    if (pid < 0) {
        struct seat *seat = seat_of(crew, place);
        log_line(LOG_ERROR, "a worker cannot be started", "cause", strerror(errno));
        backoff_delay(&seat->backoff, now);
        return backoff_left(&seat->backoff, now);
    }
    scoreboard_admit(line_of(crew, place), pid);
    crew->places[place] = (struct place){.state = PLACE_STARTING, .pid = pid, .brood = brood, .since = now};
    metrics_set_state(crew->options.metrics, place, METRICS_STARTING);
    return TICK_STARTING;
}

static void tell_to_go(struct place *p, int64_t now)
{
    p->state = PLACE_LEAVING;
    p->told = now;
    (void)kill(p->pid, SIGTERM);
}

static void kill_place(struct place *p, enum metrics_restart why, const char *said)
{
    p->killed = said;
    p->why = why;
    (void)kill(p->pid, SIGKILL);
}

/* Whether who sits there is to be replaced. */
static bool is_stale(const struct crew *crew, const struct seat *seat)
{
    const struct place *p = &crew->places[seat->now];
    return p->state == PLACE_SERVING && (p->brood < crew->kind || is_tired(crew, seat->now));
}

static void give_up_reload(struct crew *crew, int64_t now)
{
    crew->reload = RELOAD_NONE;
    crew->kind = crew->kept;
    metrics_reload(crew->options.metrics, METRICS_FAILED);
    nursery_revert(crew->nursery, now);
    log_line(LOG_ERROR, "reload failed: a new worker did not get ready; those "
                        "that serve stay as they are");
}

/* A worker has not got ready: so much for its zygote, when no other worker of that serves. */
static void judge(struct crew *crew, unsigned brood, int64_t now)
{
    if (!nursery_on_trial(crew->nursery, brood)) {
        return;
    }
    if (crew->reload == RELOAD_TRYING) {
        give_up_reload(crew, now);
    } else {
        nursery_revert(crew->nursery, now);
    }
}

/* ---- the dead ---- */

static bool is_clean(int status)
{
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static void log_end_of(const struct place *p, const struct worker_slot *line, int status, int64_t now)
{
    struct arena a;
    arena_init(&a, 512);
    const char *pid = str_format(&a, "%d", (int)p->pid).p;
    const char *lived = str_format(&a, "%.3f", (double)(now - p->since) / SECOND).p;
    const char *served = str_format(&a, "%" PRIu64, atomic_load(&line->served)).p;
    if (is_clean(status)) {
        log_line(LOG_INFO, "a worker has left", "pid", pid, "served", served, "seconds", lived);
    } else {
        const char *lost = atomic_load(&line->busy_since) != 0 ? "1" : "0";
        log_line(LOG_ERROR, "a worker died", "pid", pid, "cause", spawn_cause(&a, p->killed, status).p,
                 "served", served, "in_flight", lost, "seconds", lived);
    }
    arena_free(&a);
}

/* Why there has to be another one. */
static enum metrics_restart reason_of(const struct crew *crew, unsigned place, const struct place *dead,
                                      int status)
{
    if (dead->killed != NULL) {
        return dead->why;
    }
    return !is_clean(status) ? METRICS_DIED : is_ready(crew, place) ? METRICS_SERVED : METRICS_UNREADY;
}

/* The worker of a seat is dead: its successor, should one be under way, inherits; else one is due. */
static void lose_worker(struct crew *crew, unsigned place, int status, int64_t lived, int64_t now)
{
    struct seat *seat = seat_of(crew, place);
    if (is_clean(status) && is_ready(crew, place)) {
        seat->backoff = (struct backoff){.start_at = now};
    } else {
        backoff_death(&seat->backoff, lived, now);
    }
    if (crew->places[beside(place)].state == PLACE_STARTING) {
        seat->now = beside(place);
    }
}

/* Whether a process ended by a fault of its own, which somebody may have provoked. */
static bool is_fault(int status)
{
    int signal_number = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
    return signal_number == SIGSEGV || signal_number == SIGBUS || signal_number == SIGABRT ||
           signal_number == SIGILL || signal_number == SIGFPE || signal_number == SIGTRAP ||
           signal_number == SIGSYS;
}

static void bury(struct crew *crew, unsigned place, int status, int64_t now)
{
    struct place dead = crew->places[place];
    log_end_of(&dead, line_of(crew, place), status, now);
    (void)scoreboard_release(crew->options.board, dead.pid);
    crew->places[place] = (struct place){.state = PLACE_FREE};
    metrics_set_state(crew->options.metrics, place, METRICS_NOBODY);
    if (is_ready(crew, place) && is_fault(status)) {
        nursery_fault(crew->nursery, dead.brood);
    }
    if (crew->stopping || dead.state == PLACE_LEAVING) {
        return;
    }
    metrics_restart(crew->options.metrics, reason_of(crew, place, &dead, status));
    if (place == seat_of(crew, place)->now) {
        lose_worker(crew, place, status, now - dead.since, now);
    } else {
        backoff_delay(&seat_of(crew, place)->backoff, now);
    }
    if (!is_ready(crew, place)) {
        judge(crew, dead.brood, now);
    }
}

static void reap(struct crew *crew, int64_t now)
{
    int status;
    for (pid_t pid = waitpid(-1, &status, WNOHANG); pid > 0; pid = waitpid(-1, &status, WNOHANG)) {
        if (nursery_bury(crew->nursery, pid, status, now)) {
            continue;
        }
        for (unsigned i = 0; i < crew->place_count; i++) {
            if (crew->places[i].state != PLACE_FREE && crew->places[i].pid == pid) {
                bury(crew, i, status, now);
                break;
            }
        }
    }
}

/* ---- the living ---- */

/* A worker that has got ready takes its seat; whoever sat there is told to go. */
static void take_seat(struct crew *crew, unsigned place, int64_t now)
{
    struct seat *seat = seat_of(crew, place);
    crew->places[place].state = PLACE_SERVING;
    nursery_prove(crew->nursery, crew->places[place].brood);
    if (crew->reload == RELOAD_TRYING && crew->places[place].brood >= crew->kind) {
        crew->reload = RELOAD_NONE;
        crew->kept = crew->kind;
        metrics_reload(crew->options.metrics, METRICS_WELL);
    }
    if (place != seat->now) {
        tell_to_go(&crew->places[seat->now], now);
        metrics_restart(crew->options.metrics, is_tired(crew, seat->now) ? METRICS_SERVED : METRICS_RELOAD);
        seat->now = place;
        seat->backoff = (struct backoff){.delay = 0};
    }
}

/* Kills a worker whose request takes too long, or who does not get ready. */
static void watch(const struct crew *crew, unsigned place, int64_t now)
{
    struct place *p = &crew->places[place];
    if (p->killed != NULL) {
        return;
    }
    if (p->state == PLACE_STARTING && now - p->since > START_LIMIT) {
        kill_place(p, METRICS_UNREADY, "killed: it did not get ready");
    } else if (scoreboard_condemn(line_of(crew, place), now)) {
        kill_place(p, METRICS_HUNG, "killed: its request took longer than WORKER_TIMEOUT");
    }
}

/* Looks after one place; returns the milliseconds to the next look. */
static int look_after(struct crew *crew, unsigned place, int64_t now)
{
    struct place *p = &crew->places[place];
    if (p->state == PLACE_FREE) {
        return TICK_IDLE;
    }
    if (p->state == PLACE_STARTING && is_ready(crew, place)) {
        take_seat(crew, place, now);
    }
    if (p->state == PLACE_LEAVING && now - p->told >= REMIND_EVERY) {
        tell_to_go(p, now);
    }
    watch(crew, place, now);
    if (p->state == PLACE_STARTING) {
        return TICK_STARTING;
    }
    if (p->state == PLACE_LEAVING) {
        return TICK_LEAVING;
    }
    return atomic_load(&line_of(crew, place)->limit) > 0 ? TICK_WATCH : TICK_IDLE;
}

static int sooner(int a, int b)
{
    return a < b ? a : b;
}

/* Fills the empty seats that may be filled; returns the milliseconds to the next one that may. */
static int fill_seats(struct crew *crew, int64_t now)
{
    int due = TICK_IDLE;
    for (unsigned i = 0; i < crew->options.seats; i++) {
        struct seat *seat = &crew->seats[i];
        if (crew->places[seat->now].state != PLACE_FREE) {
            continue;
        }
        int left = backoff_left(&seat->backoff, now);
        due = sooner(due, left > 0 ? left : start(crew, seat->now, now));
    }
    return due;
}

/* Starts one successor when none is under way: a reload replaces one worker at a time. A seat whose last
 * predecessor is still finishing its request has to wait, the next one need not. */
static int replace_next(struct crew *crew, int64_t now)
{
    const struct seat *next = NULL;
    for (unsigned i = 0; i < crew->options.seats; i++) {
        const struct seat *seat = &crew->seats[i];
        enum place_state spare = crew->places[beside(seat->now)].state;
        if (spare == PLACE_STARTING) {
            return TICK_STARTING;
        }
        bool can = spare == PLACE_FREE && is_stale(crew, seat);
        if (next == NULL && can && backoff_left(&seat->backoff, now) == 0) {
            next = seat;
        }
    }
    return next == NULL ? TICK_IDLE : start(crew, beside(next->now), now);
}

/* A reload begins when its zygote is ready, and fails with it. */
static void go_on_reloading(struct crew *crew, int64_t now)
{
    enum nursery_trial trial = nursery_trial(crew->nursery);
    if (trial == NURSERY_LOST) {
        give_up_reload(crew, now);
    } else if (trial == NURSERY_READY && crew->reload == RELOAD_COMING) {
        crew->reload = RELOAD_TRYING;
        crew->kind = nursery_newest(crew->nursery);
        for (unsigned i = 0; i < crew->options.seats; i++) {
            crew->seats[i].backoff = (struct backoff){.delay = 0};
        }
    }
}

int crew_tick(struct crew *crew)
{
    int64_t now = clock_steady();
    reap(crew, now);
    int due = nursery_tick(crew->nursery, now);
    if (crew->reload != RELOAD_NONE) {
        go_on_reloading(crew, now);
    }
    for (unsigned i = 0; i < crew->place_count; i++) {
        due = sooner(due, look_after(crew, i, now));
    }
    if (!crew->stopping && nursery_can_fork(crew->nursery)) {
        due = sooner(due, fill_seats(crew, now));
        due = sooner(due, replace_next(crew, now));
    }
    return due;
}

/* ---- all of them ---- */

void crew_reload(struct crew *crew)
{
    nursery_renew(crew->nursery);
    crew->reload = RELOAD_COMING;
    crew->kind = crew->kept; /* nobody comes of the zygote of a reload that is not through yet */
}

bool crew_settled(const struct crew *crew)
{
    if (crew->reload != RELOAD_NONE) {
        return false;
    }
    for (unsigned i = 0; i < crew->options.seats; i++) {
        const struct seat *seat = &crew->seats[i];
        if (is_stale(crew, seat) || crew->places[seat->now].state != PLACE_SERVING) {
            return false;
        }
    }
    return true;
}

void crew_reopen_log(struct crew *crew)
{
    nursery_reopen_log(crew->nursery);
    for (unsigned i = 0; i < crew->place_count; i++) {
        if (crew->places[i].state != PLACE_FREE) {
            (void)kill(crew->places[i].pid, SIGUSR1);
        }
    }
}

void crew_stop(struct crew *crew)
{
    int64_t now = clock_steady();
    crew->stopping = true;
    crew->reload = RELOAD_NONE;
    nursery_close(crew->nursery);
    for (unsigned i = 0; i < crew->place_count; i++) {
        if (crew->places[i].state != PLACE_FREE) {
            tell_to_go(&crew->places[i], now);
        }
    }
}

void crew_kill(struct crew *crew, const char *why)
{
    nursery_kill(crew->nursery);
    for (unsigned i = 0; i < crew->place_count; i++) {
        if (crew->places[i].state != PLACE_FREE && crew->places[i].killed == NULL) {
            kill_place(&crew->places[i], METRICS_HUNG, why);
        }
    }
}

unsigned crew_alive(const struct crew *crew)
{
    unsigned alive = nursery_alive(crew->nursery);
    for (unsigned i = 0; i < crew->place_count; i++) {
        alive += crew->places[i].state != PLACE_FREE;
    }
    return alive;
}

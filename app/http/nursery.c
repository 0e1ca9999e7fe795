#include "http/nursery.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/log.h"
#include "http/backoff.h"
#include "http/zygote.h"
#include "io/handoff.h"

enum { RETIRED = 4 };                /* who may be ending at the same time */
enum { START_LIMIT = 30 * 1000000 }; /* microseconds: who is not ready by then never will be */
enum { END_LIMIT = 5 * 1000000 };    /* … and who has not ended by then will not either */
enum { ANSWER_LIMIT = 5000 };        /* milliseconds that a fork may take */
enum { TICK_STARTING = 10, TICK_ENDING = 1000, TICK_IDLE = 10000 }; /* milliseconds */

struct one {
    pid_t pid; /* 0: there is none */
    int socket;
    int64_t since; /* when it was started */
    bool fresh;    /* of the kit `fresh`, else of `held` */
    bool ready;
    unsigned brood;     /* its number */
    const char *killed; /* why we killed it, or NULL */
};

struct nursery {
    struct spawn spawn;
    struct kit held;             /* of those who have served */
    struct kit fresh;            /* taken since; of the last reload */
    struct one proven;           /* its workers have served */
    struct one trial;            /* it is newer */
    struct one retired[RETIRED]; /* they end, since then; not buried */
    unsigned broods;
    struct backoff backoff;
    bool wanted;   /* there shall be a new one */
    bool renewed;  /* it shall be of what lies there now */
    bool renewing; /* after a fault, until a new one has proved itself */
    bool lost;     /* the last one that was wanted did not get ready, or no worker of it */
    bool closed;
};

struct nursery *nursery_open(struct arena *a, const struct spawn *spawn)
{
    struct nursery *n = ARENA_NEW(a, struct nursery);
    n->spawn = *spawn;
    n->held = n->fresh = KIT_NONE;
    n->wanted = true;
    (void)prctl(PR_SET_CHILD_SUBREAPER, 1);
    return n;
}

/* Ends one by closing its socket. It is between two requests, and has nothing to lose. */
static void retire(struct nursery *n, struct one *z)
{
    if (z->pid == 0) {
        return;
    }
    struct one *place = &n->retired[0]; /* of the one that has had most time, should there be no room */
    for (struct one *r = place; r < n->retired + RETIRED; r++) {
        place = r->pid == 0 || (place->pid != 0 && r->since < place->since) ? r : place;
    }
    if (place->pid != 0) {
        (void)kill(place->pid, SIGKILL);
    }
    (void)close(z->socket);
    *place = *z;
    place->since = clock_steady();
    *z = (struct one){.pid = 0};
}

/* Kills who has not ended in time; whether anybody is still ending. */
static bool end_retired(const struct nursery *n, int64_t now)
{
    bool ending = false;
    for (const struct one *r = n->retired; r < n->retired + RETIRED; r++) {
        if (r->pid != 0 && now - r->since > END_LIMIT) {
            (void)kill(r->pid, SIGKILL);
        }
        ending = ending || r->pid != 0;
    }
    return ending;
}

/* The one that was wanted last is no good. */
static void lose(struct nursery *n)
{
    n->lost = true;
    n->wanted = n->renewing;
}

/* What the next one is made of: what lies there now, when that was asked for or nobody has served yet, else what those
 * who have served were. NULL with errno. */
static const struct kit *choose(struct nursery *n)
{
    bool fresh = n->renewed || n->held.settings < 0;
    spawn_drop(&n->fresh);
    if (!fresh) {
        return &n->held;
    }
    return spawn_take(&n->spawn, &n->fresh) ? &n->fresh : NULL;
}

static void start(struct nursery *n, int64_t now)
{
    int ends[2] = {-1, -1};
    const struct kit *kit = choose(n);
    pid_t pid = kit != NULL && handoff_pair(ends, ANSWER_LIMIT) ? spawn_zygote(&n->spawn, kit, ends[1]) : -1;
    n->wanted = false;
    n->renewed = false;
    if (ends[1] >= 0) {
        (void)close(ends[1]);
    }
    if (pid < 0) {
        log_line(LOG_ERROR, "a zygote cannot be started", "cause", strerror(errno));
        if (ends[0] >= 0) {
            (void)close(ends[0]);
        }
        lose(n);
        backoff_delay(&n->backoff, now);
        return;
    }
    n->trial = (struct one){
        .pid = pid, .socket = ends[0], .since = now, .fresh = kit == &n->fresh, .brood = ++n->broods};
}

/* Hears the zygote on trial. */
static void hear(struct one *z, int64_t now)
{
    int32_t number;
    int fd;
    if (handoff_receive(z->socket, false, &number, &fd) == HANDOFF_GOT && number == ZYGOTE_READY) {
        z->ready = true;
    } else if (z->killed == NULL && now - z->since > START_LIMIT) {
        z->killed = "killed: it did not get ready";
        (void)kill(z->pid, SIGKILL);
    }
}

int nursery_tick(struct nursery *n, int64_t now)
{
    bool ending = end_retired(n, now);
    if (n->closed) {
        return ending ? TICK_ENDING : TICK_IDLE;
    }
    if (n->trial.pid != 0 && !n->trial.ready) {
        hear(&n->trial, now);
    }
    bool none = n->trial.pid == 0 && n->proven.pid == 0;
    if (n->trial.pid == 0 && (n->wanted || none)) {
        int left = backoff_left(&n->backoff, now);
        if (left > 0) {
            return left;
        }
        start(n, now);
        left = backoff_left(&n->backoff, now);
        if (n->trial.pid == 0 && left > 0) {
            return left;
        }
    }
    bool starting = n->trial.pid != 0 && !n->trial.ready;
    return starting ? TICK_STARTING : ending ? TICK_ENDING : TICK_IDLE;
}

bool nursery_bury(struct nursery *n, pid_t pid, int status, int64_t now)
{
    for (struct one *r = n->retired; r < n->retired + RETIRED; r++) {
        if (r->pid == pid) {
            r->pid = 0;
            return true;
        }
    }
    struct one *dead = pid == n->trial.pid ? &n->trial : pid == n->proven.pid ? &n->proven : NULL;
    if (dead == NULL) {
        return false;
    }
    struct arena a;
    arena_init(&a, 512);
    log_line(LOG_ERROR, "a zygote died", "pid", str_format(&a, "%d", (int)pid).p, "cause",
             spawn_cause(&a, dead->killed, status).p);
    arena_free(&a);
    backoff_death(&n->backoff, now - dead->since, now);
    if (dead == &n->trial) {
        lose(n);
    }
    (void)close(dead->socket);
    *dead = (struct one){.pid = 0};
    return true;
}

static void want(struct nursery *n)
{
    retire(n, &n->trial);
    n->wanted = true;
    n->lost = false;
    n->backoff = (struct backoff){.delay = 0};
}

void nursery_renew(struct nursery *n)
{
    want(n);
    n->renewed = true;
}

/* One that is another than the dead one's, or is about to be executed, need not be asked for. */
void nursery_fault(struct nursery *n, unsigned brood)
{
    bool is_new = n->trial.pid != 0 && n->trial.brood != brood;
    if (!is_new && !(n->renewing && n->wanted)) {
        want(n);
    }
    n->renewing = true;
}

enum nursery_trial nursery_trial(const struct nursery *n)
{
    return n->trial.ready ? NURSERY_READY : n->lost ? NURSERY_LOST : NURSERY_COMING;
}

bool nursery_on_trial(const struct nursery *n, unsigned brood)
{
    return n->trial.pid != 0 && n->trial.brood == brood;
}

unsigned nursery_newest(const struct nursery *n)
{
    return n->broods;
}

static bool is_usable(const struct one *z)
{
    return z->pid != 0 && z->ready && z->killed == NULL;
}

bool nursery_can_fork(const struct nursery *n)
{
    if (is_usable(&n->trial)) {
        return true;
    }
    bool coming = n->renewing && !n->lost;
    return !coming && is_usable(&n->proven);
}

pid_t nursery_fork(struct nursery *n, int listener, unsigned slot, unsigned *brood)
{
    if (!nursery_can_fork(n)) {
        errno = EAGAIN;
        return -1;
    }
    struct one *z = is_usable(&n->trial) ? &n->trial : &n->proven;
    int32_t answer;
    int fd;
    enum handoff heard = handoff_send(z->socket, (int32_t)slot, listener)
                             ? handoff_receive(z->socket, true, &answer, &fd)
                             : HANDOFF_GONE;
    if (heard != HANDOFF_GOT) {
        z->killed = heard == HANDOFF_NOTHING ? "killed: it did not answer" : NULL;
        (void)kill(z->pid, SIGKILL);
        errno = heard == HANDOFF_NOTHING ? ETIMEDOUT : ESRCH;
        return -1;
    }
    if (answer <= 0) {
        errno = -answer;
        return -1;
    }
    *brood = z->brood;
    return answer;
}

void nursery_prove(struct nursery *n, unsigned brood)
{
    if (n->trial.pid != 0 && n->trial.brood == brood) {
        retire(n, &n->proven);
        if (n->trial.fresh) {
            spawn_drop(&n->held);
            n->held = n->fresh;
            n->fresh = KIT_NONE;
        }
        n->proven = n->trial;
        n->trial = (struct one){.pid = 0};
        n->renewing = false;
        n->backoff = (struct backoff){.delay = 0};
    }
}

void nursery_revert(struct nursery *n, int64_t now)
{
    if (n->proven.pid != 0) {
        retire(n, &n->trial);
        lose(n);
        backoff_delay(&n->backoff, now);
    }
}

static void reopen_log(const struct one *z)
{
    if (z->pid != 0) {
        (void)handoff_send(z->socket, ZYGOTE_REOPEN, -1);
    }
}

void nursery_reopen_log(const struct nursery *n)
{
    reopen_log(&n->proven);
    reopen_log(&n->trial);
}

void nursery_close(struct nursery *n)
{
    n->closed = true;
    retire(n, &n->trial);
    retire(n, &n->proven);
}

void nursery_kill(const struct nursery *n)
{
    (void)end_retired(n, INT64_MAX);
}

unsigned nursery_alive(const struct nursery *n)
{
    unsigned alive = (n->trial.pid != 0 ? 1U : 0U) + (n->proven.pid != 0 ? 1U : 0U);
    for (const struct one *r = n->retired; r < n->retired + RETIRED; r++) {
        alive += r->pid != 0 ? 1U : 0U;
    }
    return alive;
}

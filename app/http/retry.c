#include "http/retry.h"

#include <time.h>

#include "base/clock.h"
#include "base/rand.h"
#include "http/call.h"
#include "http/metrics.h"
#include "io/db.h"

enum { JITTER_MICROS = 4000 };

struct retry retry_begin(const struct call *c)
{
    return (struct retry){.primary = c->db, .begun = clock_steady()};
}

/* Back to the primary. True when the attempt was made at a replica, which could not answer, or has not heard of a row
 * yet. */
static bool failed_at_replica(const struct retry *r, struct call *c, err e)
{
    bool there = c->db != r->primary;
    c->db = r->primary;
    c->replica = NULL;
    return there && (e->code == ERROR_NOT_FOUND || error_status(e->code) >= 500);
}

/* Once, under load, a vote on a post that another node had just acknowledged found none, though each BEGIN waits for
 * what the others have committed. Why is not known. */
static bool may_be_behind(struct retry *r, const struct call *c, err e)
{
    bool again = e->code == ERROR_NOT_FOUND && db_target_of(c->db)->causal && db_is_connected(c->db) &&
                 !r->looked_again;
    r->looked_again = r->looked_again || again;
    return again;
}

static bool may_replay(struct retry *r, err e)
{
    bool again = db_contended(e) ? r->contended++ < RETRY_CONTENDED
                                 : e->code == ERROR_CONNECTION_LOST && r->lost++ < RETRY_LOST;
    return again && clock_steady() - r->begun <= RETRY_SECONDS * 1000000LL;
}

static enum metrics_retry reason_of(err e)
{
    return e->code == ERROR_CONNECTION_LOST ? METRICS_CONNECTION_LOST
           : e->code == ERROR_LOCK_TIMEOUT  ? METRICS_LOCK_TIMEOUT
                                            : METRICS_DEADLOCK;
}

static void pause_by_chance(unsigned contended)
{
    if (contended > 0) {
        uint32_t micros = rand_below(JITTER_MICROS * contended) + 1;
        (void)nanosleep(&(struct timespec){.tv_nsec = (long)micros * 1000}, NULL);
    }
}

bool retry_again(struct retry *r, struct call *c, err e)
{
    if (failed_at_replica(r, c, e) || may_be_behind(r, c, e)) {
        return true;
    }
    if (!may_replay(r, e)) {
        return false;
    }
    metrics_retry(c->station->metrics, reason_of(e));
    pause_by_chance(r->contended);
    return true;
}

/*
 * history: every attempt to make a thread, from the moment it was asked for to its end; and, while it has not ended,
 * the job that `quire work` takes (compose/job says how).
 *
 * `due_at` is the time from which somebody may take it: when it was asked for; while it runs, the end of the lease of
 * `holder`; null once it has ended. All times of jobs are the database's.
 */
#ifndef QUIRE_MODELS_HISTORY_H
#define QUIRE_MODELS_HISTORY_H

#include "schema/registry.h"

enum history_field {
    HISTORY_ID,
    HISTORY_THREAD_ID,
    HISTORY_USER_ID,
    HISTORY_STATUS,
    HISTORY_PROCESSING_TIME,
    HISTORY_PARAMS,
    HISTORY_ERROR,
    HISTORY_CREATED_AT,
    HISTORY_TOPIC,
    HISTORY_TONE,
    HISTORY_SOURCE,
    HISTORY_MAX_TWEETS,
    HISTORY_NUMBERED,
    HISTORY_ATTEMPTS,
    HISTORY_HOLDER,
    HISTORY_DUE_AT,
    HISTORY__MAX
};

/* Those from HISTORY_SUCCESS on are final. */
enum history_status { HISTORY_PENDING, HISTORY_RUNNING, HISTORY_SUCCESS, HISTORY_FAILED, HISTORY_TIMEOUT };

enum { HISTORY_ERROR_MOST = 500, HISTORY_PARAMS_MOST = 4000 };

extern const struct resource history_resource;
extern const struct shape history_whole;

/* Whether a job is due: a row, or none. */
extern const struct statement history_waiting;
/* Locks the job that has been due for longest and that nobody else is looking at; none is no row. */
enum history_due {
    DUE_ID,
    DUE_THREAD_ID,
    DUE_USER_ID,
    DUE_TOPIC,
    DUE_TONE,
    DUE_SOURCE,
    DUE_MAX_TWEETS,
    DUE_NUMBERED,
    DUE_ATTEMPTS,
    DUE__MAX
};
extern const struct statement history_due;
/* Gives it to a holder: binds the holder, the seconds of the lease, the id. */
extern const struct statement history_take;
/* Prolongs a lease: binds the seconds, the id, the holder. Matches nothing when it is lost. */
extern const struct statement history_renew;
/* Gives a job back unfinished, as if it had not been begun: binds the id and the holder. */
extern const struct statement history_give_back;

#endif

/*
 * job: a thread that is wanted, taken from the database by one process, and its end written by that process alone.
 *
 * A job is a row of tweet_histories (models/history), taken by a lease (engine/lease) of WORK_LEASE seconds that is
 * prolonged, by lease_renew(), while the thread is composed. The end of a job is one transaction whose first statement
 * demands the lease, so a job ends once, and its thread is made once, however often processes are killed. After
 * JOB_ATTEMPTS processes have died over it a job has failed.
 *
 * No transaction is open while a thread is being composed.
 *
 *     struct job job;
 *     bool any = false;
 *     TRY(job_take(db, a, seconds, &job, &any));
 *     if (any) { compose(&job.brief, &draft); TRY(job_succeed(db, a, &job, &draft, ms)); }
 */
#ifndef QUIRE_COMPOSE_JOB_H
#define QUIRE_COMPOSE_JOB_H

#include "compose/composer.h"
#include "engine/lease.h"
#include "models/history.h"

struct db;

/* So many processes may die over a job before it has failed. */
enum { JOB_ATTEMPTS = 3 };

struct job {
    struct lease lease; /* its id is the row's */
    int64_t thread_id;  /* to be made again; 0: a new one */
    int64_t user_id;
    int64_t attempts;   /* that were begun before this one */
    struct brief brief; /* without finds */
};

/* Takes the job that has been due for longest, if there is one: *any. The job's texts live in the arena. Errors are
 * those of the database; nothing is taken then, or the lease runs out by itself. */
MUST_USE err job_take(struct db *db, struct arena *a, int64_t seconds, struct job *out, bool *any);
/* The thread is made, or made again, and the job has ended. ERROR_CONFLICT when the lease is lost; nothing is written
 * then. ERROR_OUTCOME_UNKNOWN: ask again, what is written is not written twice. */
MUST_USE err job_succeed(struct db *db, struct arena *a, const struct job *job, const struct draft *draft,
                         int64_t milliseconds);
/* There is no thread, and why; likewise. What was asked for is recorded with it. */
MUST_USE err job_fail(struct db *db, struct arena *a, const struct job *job, const struct settings *settings,
                      err why, int64_t milliseconds);
/* Somebody has written the tweets of that thread: what was being made for it ends, in the caller's transaction, which
 * holds the thread; what they wrote stays. Whoever has such a job has lost its lease. It took no time that is told. */
MUST_USE err job_withdraw(struct db *db, struct arena *a, int64_t thread_id);

#endif

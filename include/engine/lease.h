/*
 * lease: rows that are work to be done, each by one process at a time, however many processes and machines there are.
 *
 * A row is due from its `due_at` on. Taking it moves that into the future, by the seconds of the lease, and writes a
 * name of its own into `holder`; whoever dies lets the lease run out, and another takes the row. Whoever writes the end
 * demands the holder in the statement that does: one who has lost the lease writes nothing. All times are the
 * database's.
 *
 * The statements belong to a model: their texts differ by what else a row says.
 *
 *     static const struct lease_work letters = {.waiting = &mail_waiting, .due = &mail_due, .take = &mail_take, …};
 *     TRY(lease_take(db, a, &letters, 15, &lease, &rows, &any));
 *     if (any) { … UPDATE … WHERE id = ? AND holder = ?, with lease.id and lease_holder(&lease) }
 */
#ifndef QUIRE_ENGINE_LEASE_H
#define QUIRE_ENGINE_LEASE_H

#include "engine/load.h"

enum { LEASE_HOLDER_BYTES = 16 };

struct lease_work {
    const struct statement *waiting;   /* whether anything is due: a row, or none */
    const struct statement *due;       /* locks what has been due for longest; its first column is the id */
    const struct statement *take;      /* binds holder, seconds, id */
    const struct statement *renew;     /* binds seconds, id, holder; NULL: its leases are never prolonged */
    const struct statement *give_back; /* binds id, holder: as if it had not been begun */
};

struct lease {
    const struct lease_work *work;
    int64_t id;
    int64_t seconds;
    unsigned char holder[LEASE_HOLDER_BYTES]; /* this lease's name */
};

/* Takes what has been due for longest, if anything is: *any, and then *row is the first row of `due`, in the arena.
 * seconds: 1 or more. Errors are those of the database; nothing is taken then, or the lease runs out by itself. */
MUST_USE err lease_take(struct db *db, struct arena *a, const struct lease_work *work, int64_t seconds,
                        struct lease *out, const struct value **row, bool *any);
/* Prolongs it by as many seconds from now on. ERROR_CONFLICT when it is lost. */
MUST_USE err lease_renew(struct db *db, struct arena *a, const struct lease *l);
/* Gives the row back, for others to take at once. A lost lease is no error. */
MUST_USE err lease_give_back(struct db *db, struct arena *a, const struct lease *l);
/* The ERROR_CONFLICT of who has lost it. */
NEVER_NULL err lease_lost(struct arena *a, const struct lease *l);
/* The holder, to be bound. It points into the lease. */
struct value lease_holder(const struct lease *l);
/* Whether a failed end is to be written again: the database is away, or nobody knows what it did. What was written
 * although nobody could tell is not written twice, for then the lease is gone. */
bool lease_try_again(err e);

#endif

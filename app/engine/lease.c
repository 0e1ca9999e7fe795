#include "engine/lease.h"

#include "base/arena.h"
#include "base/rand.h"
#include "engine/write.h"
#include "io/db.h"

struct value lease_holder(const struct lease *l)
{
    return value_bytes((const char *)l->holder, sizeof l->holder);
}

/* The transaction that takes a row: somebody else may have been faster. */
static err take_due(struct db *db, struct arena *a, struct lease *l, const struct value **row, bool *any)
{
    struct rows rows;
    uint64_t matched = 0;
    TRY(load_statement(db, a, l->work->due, NULL, &rows));
    if (rows.n > 0) {
        l->id = rows.cells[0].i;
        const struct value values[] = {lease_holder(l), value_int(l->seconds), value_int(l->id)};
        TRY(write_statement(db, a, l->work->take, values, &matched));
        *row = rows.cells;
    }
    *any = rows.n > 0;
    return db_commit(db, a);
}

err lease_take(struct db *db, struct arena *a, const struct lease_work *work, int64_t seconds,
               struct lease *out, const struct value **row, bool *any)
{
    struct rows rows;
    bool took = false;
    const struct value *found = NULL;
    struct lease lease = {.work = work, .seconds = seconds};
    TRY(db_ready(db, a));
    TRY(load_statement(db, a, work->waiting, NULL, &rows));
    if (rows.n > 0) {
        rand_bytes(lease.holder, sizeof lease.holder);
        db_want_transaction(db);
        err e = take_due(db, a, &lease, &found, &took);
        if (e != NULL) {
            db_rollback(db);
            return e;
        }
    }
    *any = took;
    *out = lease;
    *row = found;
    return NULL;
}

err lease_lost(struct arena *a, const struct lease *l)
{
    return error_cause(a, ERROR_CONFLICT, "the lease of %s %lld is lost", l->work->due->name,
                       (long long)l->id);
}

err lease_renew(struct db *db, struct arena *a, const struct lease *l)
{
    uint64_t matched = 0;
    const struct value values[] = {value_int(l->seconds), value_int(l->id), lease_holder(l)};
    TRY(db_ready(db, a));
    TRY(write_statement(db, a, l->work->renew, values, &matched));
    return matched == 0 ? lease_lost(a, l) : NULL;
}

err lease_give_back(struct db *db, struct arena *a, const struct lease *l)
{
    uint64_t matched = 0;
    const struct value values[] = {value_int(l->id), lease_holder(l)};
    TRY(db_ready(db, a));
    return write_statement(db, a, l->work->give_back, values, &matched);
}

bool lease_try_again(err e)
{
    return e != NULL && (e->code == ERROR_UNAVAILABLE || e->code == ERROR_CONNECTION_LOST ||
                         e->code == ERROR_OUTCOME_UNKNOWN || db_contended(e));
}

#include "compose/job.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/json_out.h"
#include "base/text.h"
#include "conf/settings.h"
#include "engine/load.h"
#include "engine/write.h"
#include "io/db.h"
#include "models/thread.h"

static str text_or_nothing(struct value v)
{
    return v.kind == VALUE_TEXT ? v.text : STR("");
}

static struct value text_or_null(str s)
{
    return s.n > 0 ? value_text(s) : value_null();
}

static void read_job(const struct value *cells, struct job *out)
{
    out->thread_id = cells[DUE_THREAD_ID].kind == VALUE_INT ? cells[DUE_THREAD_ID].i : 0;
    out->user_id = cells[DUE_USER_ID].i;
    out->attempts = cells[DUE_ATTEMPTS].i;
    out->brief = (struct brief){.topic = cells[DUE_TOPIC].text,
                                .tone = text_or_nothing(cells[DUE_TONE]),
                                .source = text_or_nothing(cells[DUE_SOURCE]),
                                .max_tweets = (int)cells[DUE_MAX_TWEETS].i,
                                .numbered = cells[DUE_NUMBERED].i != 0};
}

/* What a failed transaction began is undone. */
static err ended(struct db *db, err e)
{
    if (e != NULL) {
        db_rollback(db);
    }
    return e;
}

err job_take(struct db *db, struct arena *a, int64_t seconds, struct job *out, bool *any)
{
    static const struct lease_work threads = {.waiting = &history_waiting,
                                              .due = &history_due,
                                              .take = &history_take,
                                              .renew = &history_renew,
                                              .give_back = &history_give_back};
    const struct value *cells = NULL;
    TRY(lease_take(db, a, &threads, seconds, &out->lease, &cells, any));
    if (*any) {
        read_job(cells, out);
    }
    return NULL;
}

/* -- the end -- */

static void fill_end(struct value *row)
{
    row[HISTORY_DUE_AT] = value_null();
    row[HISTORY_HOLDER] = value_null();
    row[HISTORY_SOURCE] = value_null(); /* the thread has it */
}

/* Writes the end into the row, if the lease is still ours. */
static err end_row(struct db *db, struct arena *a, const struct job *job, struct value *row)
{
    struct where w = {.count = 0};
    uint64_t matched = 0;
    fill_end(row);
    where_add(&w, &history_resource.fields[HISTORY_ID], OP_EQ, value_int(job->lease.id));
    where_add(&w, &history_resource.fields[HISTORY_HOLDER], OP_EQ, lease_holder(&job->lease));
    TRY(write_update(db, a, &history_resource, row, &w, &matched));
    return matched == 0 ? lease_lost(a, &job->lease) : NULL;
}

static str tweets_json(struct arena *a, const struct draft *draft)
{
    struct buf b;
    buf_init(&b, a, 1024, SIZE_MAX / 4);
    for (size_t i = 0; i < draft->n; i++) {
        buf_c(&b, i > 0 ? "," : "[");
        json_put_str(&b, draft->tweets[i]);
    }
    buf_char(&b, ']');
    return buf_view(&b);
}

static void fill_thread(struct arena *a, const struct draft *draft, struct value *row)
{
    for (int i = 0; i < THREAD__MAX; i++) {
        row[i] = (struct value){.kind = VALUE_ABSENT};
    }
    row[THREAD_TWEETS] = value_text(tweets_json(a, draft));
    row[THREAD_TWEET_COUNT] = value_int((int64_t)draft->n);
}

static err insert_thread(struct db *db, struct arena *a, const struct job *job, const struct draft *draft,
                         int64_t *id)
{
    struct value row[THREAD__MAX];
    fill_thread(a, draft, row);
    row[THREAD_USER_ID] = value_int(job->user_id);
    row[THREAD_TOPIC] = value_text(job->brief.topic);
    row[THREAD_TONE] = text_or_null(job->brief.tone);
    row[THREAD_SOURCE] = text_or_null(job->brief.source);
    row[THREAD_MAX_TWEETS] = value_int(job->brief.max_tweets);
    row[THREAD_NUMBERED] = value_bool(job->brief.numbered);
    return write_insert(db, a, &thread_resource, row, id);
}

static err replace_tweets(struct db *db, struct arena *a, const struct job *job, const struct draft *draft)
{
    struct value row[THREAD__MAX];
    struct where w = {.count = 0};
    uint64_t matched = 0;
    fill_thread(a, draft, row);
    where_add(&w, &thread_resource.fields[THREAD_ID], OP_EQ, value_int(job->thread_id));
    TRY(write_update(db, a, &thread_resource, row, &w, &matched));
    return matched == 0 ? lease_lost(a, &job->lease) : NULL;
}

/* The row of a job is locked by its end; its thread comes after, and the row learns which it is. */
static err link_thread(struct db *db, struct arena *a, const struct job *job, int64_t thread)
{
    struct value row[HISTORY__MAX] = {{.kind = VALUE_ABSENT}};
    struct where w = {.count = 0};
    uint64_t matched = 0;
    row[HISTORY_THREAD_ID] = value_int(thread);
    where_add(&w, &history_resource.fields[HISTORY_ID], OP_EQ, value_int(job->lease.id));
    return write_update(db, a, &history_resource, row, &w, &matched);
}

static err succeed(struct db *db, struct arena *a, const struct job *job, const struct draft *draft,
                   int64_t milliseconds)
{
    struct value row[HISTORY__MAX] = {{.kind = VALUE_ABSENT}};
    int64_t thread = 0;
    row[HISTORY_STATUS] = value_int(HISTORY_SUCCESS);
    row[HISTORY_PROCESSING_TIME] = value_int(milliseconds);
    row[HISTORY_PARAMS] = value_text(draft->params);
    TRY(end_row(db, a, job, row));
    if (job->thread_id != 0) {
        TRY(replace_tweets(db, a, job, draft));
    } else {
        TRY(insert_thread(db, a, job, draft, &thread));
        TRY(link_thread(db, a, job, thread));
    }
    return db_commit(db, a);
}

err job_succeed(struct db *db, struct arena *a, const struct job *job, const struct draft *draft,
                int64_t milliseconds)
{
    TRY(db_ready(db, a));
    db_want_transaction(db);
    return ended(db, succeed(db, a, job, draft, milliseconds));
}

static err fail(struct db *db, struct arena *a, const struct job *job, const struct settings *settings,
                err why, int64_t milliseconds)
{
    struct value row[HISTORY__MAX] = {{.kind = VALUE_ABSENT}};
    bool late = why->code == ERROR_PROVIDER_TIMEOUT;
    str sentence = text_repair(a, str_slice(why->detail, 0, HISTORY_ERROR_MOST - 3));
    row[HISTORY_STATUS] = value_int(late ? HISTORY_TIMEOUT : HISTORY_FAILED);
    row[HISTORY_PROCESSING_TIME] = value_int(milliseconds);
    row[HISTORY_PARAMS] = value_text(composer_params(a, settings, &job->brief));
    row[HISTORY_ERROR] = value_text(sentence);
    TRY(end_row(db, a, job, row));
    return db_commit(db, a);
}

err job_fail(struct db *db, struct arena *a, const struct job *job, const struct settings *settings, err why,
             int64_t milliseconds)
{
    TRY(db_ready(db, a));
    db_want_transaction(db);
    return ended(db, fail(db, a, job, settings, why, milliseconds));
}

err job_withdraw(struct db *db, struct arena *a, int64_t thread_id)
{
    struct value row[HISTORY__MAX] = {{.kind = VALUE_ABSENT}};
    struct where w = {.count = 0};
    uint64_t matched = 0;
    row[HISTORY_STATUS] = value_int(HISTORY_FAILED);
    row[HISTORY_ERROR] = value_text(STR("the thread was edited while it was being made again"));
    fill_end(row);
    where_add(&w, &history_resource.fields[HISTORY_THREAD_ID], OP_EQ, value_int(thread_id));
    where_add(&w, &history_resource.fields[HISTORY_STATUS], OP_LT, value_int(HISTORY_SUCCESS));
    return write_update(db, a, &history_resource, row, &w, &matched);
}

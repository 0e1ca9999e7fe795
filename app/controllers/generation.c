#include "controllers/generation.h"

#include <time.h>

#include "base/arena.h"
#include "base/clock.h"
#include "conf/settings.h"
#include "controllers/tweets.h"
#include "engine/load.h"
#include "engine/render.h"
#include "engine/write.h"
#include "http/crud.h"
#include "http/prefer.h"
#include "http/process.h"
#include "io/db.h"
#include "models/history.h"
#include "models/thread.h"

/* How many microseconds the answer is to wait for the thread. */
static int64_t patience(const struct call *c)
{
    enum { MICROS = 1000000 };
    struct preference p = prefer_read(c->request->prefer);
    bool sooner = p.wait >= 0 && p.wait < c->settings->generate_wait;
    return p.respond_async ? 0 : (sooner ? p.wait : c->settings->generate_wait) * MICROS;
}

/* Notes that a thread is wanted, for `quire work`; answers 202. What happens next is generation_wait()'s. */
static err want(struct call *c, struct value *row)
{
    row[HISTORY_USER_ID] = value_int(c->actor.user_id);
    TRY(write_insert(c->db, c->arena, &history_resource, row, &c->left));
    c->waits = patience(c);
    if (prefer_read(c->request->prefer).respond_async) {
        reply_header_str(c->reply, "Preference-Applied", STR("respond-async"));
    }
    return crud_accepted(c, &histories_crud, value_int(c->left));
}

err generation_start(struct call *c)
{
    struct value row[HISTORY__MAX] = {{.kind = VALUE_ABSENT}};
    const struct value *wanted = c->body;
    bool said = wanted[GENERATE_MAX_TWEETS].kind == VALUE_INT;
    row[HISTORY_TOPIC] = wanted[GENERATE_TOPIC];
    row[HISTORY_TONE] = wanted[GENERATE_TONE];
    row[HISTORY_SOURCE] = wanted[GENERATE_SOURCE];
    row[HISTORY_NUMBERED] = wanted[GENERATE_NUMBERED];
    row[HISTORY_MAX_TWEETS] = said ? wanted[GENERATE_MAX_TWEETS] : value_int(TWEETS_DEFAULT);
    return want(c, row);
}

/* As it was asked for, but about what its topic is now. */
err generation_again(struct call *c)
{
    enum { TOPIC, TONE, SOURCE, MAX_TWEETS, NUMBERED };
    static const unsigned char fields[] = {[TOPIC] = THREAD_TOPIC,
                                           [TONE] = THREAD_TONE,
                                           [SOURCE] = THREAD_SOURCE,
                                           [MAX_TWEETS] = THREAD_MAX_TWEETS,
                                           [NUMBERED] = THREAD_NUMBERED};
    static const struct shape shape = SHAPE("WantedThread", &thread_resource, fields);
    struct plan p;
    struct rows rows;
    TRY(crud_require(c, &threads_crud, c->keys[0], true));
    plan_init(&p, &thread_resource, &shape);
    where_add(&p.where, &thread_resource.fields[THREAD_ID], OP_EQ, c->keys[0]);
    TRY(load_rows(c->db, c->arena, &p, &rows));
    struct value row[HISTORY__MAX] = {{.kind = VALUE_ABSENT}};
    row[HISTORY_THREAD_ID] = c->keys[0];
    row[HISTORY_TOPIC] = rows.cells[TOPIC];
    row[HISTORY_TONE] = rows.cells[TONE];
    row[HISTORY_SOURCE] = rows.cells[SOURCE];
    row[HISTORY_MAX_TWEETS] = rows.cells[MAX_TWEETS];
    row[HISTORY_NUMBERED] = rows.cells[NUMBERED];
    return want(c, row);
}

/* -- waiting for it -- */

enum state_cell { STATE_STATUS, STATE_THREAD_ID, STATE_ERROR, STATE_PROCESSING_TIME };

/* How far the job is, outside of any transaction. */
static err read_state(struct call *c, struct rows *rows)
{
    static const unsigned char fields[] = {HISTORY_STATUS, HISTORY_THREAD_ID, HISTORY_ERROR,
                                           HISTORY_PROCESSING_TIME};
    static const struct shape shape = SHAPE("HistoryState", &history_resource, fields);
    struct plan p;
    TRY(db_ready(c->db, c->arena));
    plan_init(&p, &history_resource, &shape);
    where_add(&p.where, &history_resource.fields[HISTORY_ID], OP_EQ, value_int(c->left));
    return load_rows(c->db, c->arena, &p, rows);
}

/* The answer of a job that has ended; the 202 that was prepared is forgotten. */
static err show_end(struct call *c, const struct value *state)
{
    struct plan p;
    struct page page;
    reply_init(c->reply, c->arena);
    if (state[STATE_STATUS].i != HISTORY_SUCCESS) {
        bool late = state[STATE_STATUS].i == HISTORY_TIMEOUT;
        bool withdrawn = state[STATE_PROCESSING_TIME].kind == VALUE_NULL; /* job_withdraw() */
        c->in_vain = true;
        return error_new(c->arena,
                         withdrawn ? ERROR_CONFLICT
                         : late    ? ERROR_PROVIDER_TIMEOUT
                                   : ERROR_PROVIDER,
                         "%.*s", STR_ARGS(state[STATE_ERROR].text));
    }
    plan_init(&p, &thread_resource, &thread_made);
    const struct field *key = &thread_resource.fields[THREAD_ID];
    where_add(&p.where, key, OP_EQ, state[STATE_THREAD_ID]);
    TRY(load_one(c->db, c->arena, &p, key, state[STATE_THREAD_ID], &page));
    render_row(&c->reply->body, &p, &page, 0);
    return NULL;
}

err generation_wait(struct call *c)
{
    enum { FIRST_PAUSE = 5, LAST_PAUSE = 200, MILLI = 1000 };
    int64_t until = clock_steady() + c->waits;
    long pause = FIRST_PAUSE;
    while (clock_steady() < until && !process_asked_to_leave()) {
        struct arena_mark mark = arena_mark(c->arena);
        struct rows rows;
        err e = read_state(c, &rows);
        if (e == NULL && rows.n == 0) {
            break; /* it went with its user or thread */
        }
        if (e == NULL && rows.cells[STATE_STATUS].i >= HISTORY_SUCCESS) {
            return show_end(c, rows.cells);
        }
        arena_rewind(c->arena, mark);
        (void)nanosleep(&(struct timespec){.tv_nsec = pause * MILLI * MILLI}, NULL);
        pause = pause * 2 < LAST_PAUSE ? pause * 2 : LAST_PAUSE;
    }
    return NULL;
}

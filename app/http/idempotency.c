#include "http/idempotency.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/log.h"
#include "engine/load.h"
#include "engine/remove.h"
#include "engine/write.h"
#include "http/limit.h"
#include "http/purge.h"
#include "http/route.h"
#include "io/db.h"
#include "io/digest.h"
#include "models/all.h"
#include "models/idempotency.h"

static const int64_t lifetime = 24 * 3600 * 1000000LL;
/* So much later than it may wait whoever waits has said how it ended, or never will. */
static const int64_t settling = 5 * 1000000LL;

/* A row of idempotency_keys as far as a replay wants it. */
enum stored {
    STORED_FINGERPRINT,
    STORED_CREATED_AT,
    STORED_STATUS,
    STORED_HEADERS,
    STORED_BODY,
    STORED_WAITS_UNTIL
};

static bool applies(const struct call *c)
{
    return c->request->has_idempotency_key && c->route != NULL && c->route->method == METHOD_POST &&
           !c->route->no_replay;
}

void idempotency_check(const struct call *c, struct problems *problems)
{
    static const struct place root = {.name = STR_INIT("header")};
    static const struct place at = {.within = &root, .name = STR_INIT("idempotency-key")};
    str key = c->request->idempotency_key;
    if (!applies(c)) {
        return;
    }
    if (key.n == 0) {
        problem_add(problems, &at, "string_too_short", input_text(key), "{\"min_length\":1}",
                    "String should have at least 1 character");
    } else if (key.n > IDEMPOTENCY_KEY_MAX) {
        problem_add(problems, &at, "string_too_long", input_text(key), "{\"max_length\":255}",
                    "String should have at most 255 characters");
    }
    for (size_t i = 0; i < key.n; i++) {
        if (key.p[i] < ' ' || key.p[i] > '~') {
            problem_add(problems, &at, "string_pattern_mismatch", input_text(key),
                        "{\"pattern\":\"^[ -~]+$\"}", "String should match pattern '^[ -~]+$'");
            return;
        }
    }
}

/* What was asked, and whose key it is. */
static void identify(const struct call *c, const struct digest_key *key, unsigned char id[DIGEST_BYTES],
                     unsigned char fingerprint[DIGEST_BYTES])
{
    const struct request *q = c->request;
    struct buf b;
    buf_init(&b, c->arena, 256 + q->body.n, SIZE_MAX / 4);
    bool slash = q->path.n > 1 && q->path.p[q->path.n - 1] == '/'; /* which means nothing */
    buf_printf(&b, "request\n%.*s\n%.*s\n", STR_ARGS(str_slice(q->path, 0, q->path.n - slash)),
               STR_ARGS(q->query));
    buf_str(&b, q->body);
    digest_hmac(key, buf_view(&b), fingerprint);
    b.n = 0;
    buf_printf(&b, "key\n%lld\n%.*s\n", (long long)c->actor.user_id, STR_ARGS(q->idempotency_key));
    if (!c->actor.signed_in) {
        buf_put(&b, (const char *)fingerprint, DIGEST_BYTES);
    }
    digest_hmac(key, buf_view(&b), id);
}

static void where_taken(const struct call *c, struct where *w)
{
    w->count = 0;
    where_add(w, &idempotency_resource.fields[IDEMPOTENCY_ID], OP_EQ, c->taken_key);
}

static err take(struct call *c, const unsigned char *fingerprint)
{
    int64_t none = 0;
    struct value row[IDEMPOTENCY__MAX] = {
        [IDEMPOTENCY_ID] = c->taken_key,
        [IDEMPOTENCY_FINGERPRINT] = value_bytes(fingerprint, DIGEST_BYTES),
        [IDEMPOTENCY_USER_ID] = c->actor.signed_in ? value_int(c->actor.user_id) : value_null(),
    };
    return write_insert(c->db, c->arena, &idempotency_resource, row, &none);
}

static err load_stored(struct call *c, struct rows *rows)
{
    static const unsigned char fields[] = {IDEMPOTENCY_FINGERPRINT, IDEMPOTENCY_CREATED_AT,
                                           IDEMPOTENCY_STATUS,      IDEMPOTENCY_HEADERS,
                                           IDEMPOTENCY_BODY,        IDEMPOTENCY_WAITS_UNTIL};
    static const struct shape shape = SHAPE("StoredAnswer", &idempotency_resource, fields);
    struct plan p;
    plan_init(&p, &idempotency_resource, &shape);
    where_taken(c, &p.where);
    return load_rows(c->db, c->arena, &p, rows);
}

static err read_stored(struct call *c, struct rows *rows)
{
    TRY(load_stored(c, rows));
    if (rows->n == 0 || rows->cells[STORED_STATUS].kind == VALUE_NULL) {
        return error_cause(c->arena, ERROR_DEADLOCK,
                           "an idempotency key was dropped while it was looked for");
    }
    return NULL;
}

/* The first line of the headers is the content type alone. */
static void replay(struct call *c, const struct value *stored)
{
    str headers = stored[STORED_HEADERS].text;
    size_t line = str_find(headers, '\n', 0);
    c->reply->status = (unsigned)stored[STORED_STATUS].i;
    c->reply->content_type = str_c(c->arena, str_slice(headers, 0, line));
    buf_str(&c->reply->headers, str_slice(headers, line + 1, headers.n));
    buf_lit(&c->reply->headers, "Idempotent-Replayed: true\r\n");
    buf_str(&c->reply->body, stored[STORED_BODY].text);
}

static err at_work(struct call *c)
{
    return error_new(c->arena, ERROR_CONFLICT,
                     "the first request with this Idempotency-Key is still running");
}

/* Gives a stored answer again, when it is one to the same request, and will not be another yet. */
static err repeat(struct call *c, const struct value *stored, const unsigned char *fingerprint,
                  bool *replayed)
{
    if (!digest_equal(stored[STORED_FINGERPRINT].text, (str){(const char *)fingerprint, DIGEST_BYTES})) {
        return error_new(c->arena, ERROR_KEY_REUSED,
                         "this Idempotency-Key was used for another request: choose a new one");
    }
    if (stored[STORED_WAITS_UNTIL].kind != VALUE_NULL && stored[STORED_WAITS_UNTIL].i > clock_now()) {
        return at_work(c);
    }
    replay(c, stored);
    *replayed = true;
    return NULL;
}

static bool has_expired(const struct value *stored)
{
    return stored[STORED_CREATED_AT].i < clock_now() - lifetime;
}

static err drop_row(struct call *c)
{
    struct where w;
    uint64_t matched = 0;
    where_taken(c, &w);
    return remove_rows(c->db, c->arena, &models, &idempotency_resource, &w, &matched);
}

/* Somebody has the key: gives their answer again, unless it has expired: then the row goes, and the key is taken
 * anew. */
static err answer_again(struct call *c, const unsigned char *fingerprint, bool *replayed)
{
    struct rows rows;
    TRY(read_stored(c, &rows));
    if (has_expired(rows.cells)) {
        TRY(drop_row(c));
        return take(c, fingerprint);
    }
    return repeat(c, rows.cells, fingerprint, replayed);
}

/* The answer that is stored under the key as that secret hides it, if there is one. Nothing is locked. */
static err answer_under(struct call *c, const struct digest_key *key, bool *replayed)
{
    struct rows rows;
    unsigned char *id = arena_alloc(c->arena, DIGEST_BYTES);
    unsigned char fingerprint[DIGEST_BYTES];
    identify(c, key, id, fingerprint);
    c->taken_key = value_bytes(id, DIGEST_BYTES);
    err e = load_stored(c, &rows);
    c->taken_key = (struct value){.kind = VALUE_ABSENT};
    TRY(e);
    if (rows.n == 0 || rows.cells[STORED_STATUS].kind == VALUE_NULL || has_expired(rows.cells)) {
        return NULL;
    }
    return repeat(c, rows.cells, fingerprint, replayed);
}

/* Whether somebody is at work under that key: they have inserted its row and not committed, which no reading sees, but
 * a lock meets. Nothing is waited for. */
static bool is_held(struct call *c, struct value id)
{
    struct rows rows;
    err e = load_statement(c->db, c->arena, &idempotency_held, &id, &rows);
    return e != NULL && e->code == ERROR_LOCK_TIMEOUT;
}

/* Whether the lock that was waited for too long is that of the key, and still held. It need not be: the INSERT also
 * locks the row of the user that it refers to. So the row of the key is asked for by itself. Where there is no row, or
 * it is free, the work may simply be tried again. */
static bool still_running(struct call *c, err e)
{
    return e->code == ERROR_LOCK_TIMEOUT && is_held(c, c->taken_key);
}

err idempotency_look(struct call *c, bool *replayed)
{
    const struct digest_key *key = applies(c) ? c->digest_key : NULL;
    *replayed = false;
    for (; key != NULL && !*replayed; key = digest_key_before(key)) {
        err e = answer_under(c, key, replayed);
        if (e != NULL) {
            return e->code == ERROR_KEY_REUSED ? NULL : e;
        }
    }
    return NULL;
}

err idempotency_limited(struct call *c, err refusal)
{
    unsigned char id[DIGEST_BYTES];
    unsigned char fingerprint[DIGEST_BYTES];
    if (refusal->code != ERROR_TOO_MANY || !applies(c)) {
        return refusal;
    }
    identify(c, c->digest_key, id, fingerprint);
    return is_held(c, value_bytes((const char *)id, DIGEST_BYTES)) ? at_work(c) : refusal;
}

err idempotency_begin(struct call *c, bool *replayed)
{
    *replayed = false;
    c->taken_key = (struct value){.kind = VALUE_ABSENT};
    if (!applies(c)) {
        return NULL;
    }
    const struct digest_key *older = digest_key_before(c->digest_key);
    /* What was stored before the secret was changed is still the answer. */
    for (; older != NULL && !*replayed; older = digest_key_before(older)) {
        TRY(answer_under(c, older, replayed));
    }
    if (*replayed) {
        return NULL;
    }
    unsigned char *id = arena_alloc(c->arena, DIGEST_BYTES);
    unsigned char fingerprint[DIGEST_BYTES];
    identify(c, c->digest_key, id, fingerprint);
    c->taken_key = value_bytes(id, DIGEST_BYTES);
    err e = take(c, fingerprint);
    if (e != NULL && e->code == ERROR_DUPLICATE) {
        e = answer_again(c, fingerprint, replayed);
    }
    if (e != NULL && still_running(c, e)) {
        e = at_work(c);
    }
    if (e != NULL || *replayed) {
        c->taken_key = (struct value){.kind = VALUE_ABSENT};
        return e;
    }
    if (purge_is_due()) {
        uint64_t dropped = 0;
        TRY(idempotency_drop(c->db, c->arena, &dropped));
    }
    return NULL;
}

err idempotency_drop(struct db *db, struct arena *a, uint64_t *dropped)
{
    struct value before = value_time(clock_now() - lifetime);
    return write_statement(db, a, &idempotency_purge, &before, dropped);
}

static void fill_answer(const struct call *c, struct value *row)
{
    str headers =
        str_format(c->arena, "%s\n%.*s", c->reply->content_type, STR_ARGS(buf_view(&c->reply->headers)));
    str body = buf_view(&c->reply->body);
    row[IDEMPOTENCY_STATUS] = value_int(c->reply->status);
    row[IDEMPOTENCY_HEADERS] = value_bytes(headers.p, headers.n);
    row[IDEMPOTENCY_BODY] = value_bytes(body.p, body.n);
}

static err update_row(struct call *c, struct value *row)
{
    struct where w;
    uint64_t matched = 0;
    where_taken(c, &w);
    return write_update(c->db, c->arena, &idempotency_resource, row, &w, &matched);
}

/* An answer that is much larger than what was sent is counted: else a few bytes, sent again and again with new keys,
 * would store a large thing each time. What else is stored, whoever asks has sent themselves. */
static err count_large(struct call *c)
{
    enum { LARGE = 16 << 10 };
    if (!c->actor.signed_in || c->reply->body.n <= c->request->body.n + LARGE) {
        return NULL;
    }
    return limits_take_kept(c, c->reply->body.n);
}

err idempotency_keep(struct call *c)
{
    struct value row[IDEMPOTENCY__MAX] = {{.kind = VALUE_ABSENT}};
    if (c->taken_key.kind == VALUE_ABSENT) {
        return NULL;
    }
    TRY(count_large(c));
    fill_answer(c, row);
    if (c->waits > 0) {
        row[IDEMPOTENCY_WAITS_UNTIL] = value_time(clock_now() + c->waits + settling);
    }
    if (c->about > 0) { /* it goes with their account */
        row[IDEMPOTENCY_USER_ID] = value_int(c->about);
    }
    return update_row(c, row);
}

static err settle(struct call *c, err e)
{
    struct value row[IDEMPOTENCY__MAX] = {[IDEMPOTENCY_WAITS_UNTIL] = value_null()};
    TRY(db_ready(c->db, c->arena));
    db_want_transaction(c->db);
    if (e == NULL) {
        fill_answer(c, row);
    }
    TRY(c->in_vain ? drop_row(c) : update_row(c, row));
    return db_commit(c->db, c->arena);
}

static void complain(struct call *c, err e)
{
    db_rollback(c->db);
    log_line(LOG_WARN, "an answer could not be stored under its Idempotency-Key", "cause",
             str_c(c->arena, error_reason(e)));
}

void idempotency_settle(struct call *c, err e)
{
    if (c->taken_key.kind == VALUE_ABSENT) {
        return;
    }
    err unsettled = settle(c, e);
    if (unsettled != NULL) {
        complain(c, unsettled);
    }
    c->taken_key = (struct value){.kind = VALUE_ABSENT};
}

/* The DELETE of an expired row was undone with the work, so it may still be in the way. */
static err insert_refusal(struct call *c, struct value *row)
{
    struct rows rows;
    int64_t none = 0;
    err e = write_insert(c->db, c->arena, &idempotency_resource, row, &none);
    if (e == NULL || e->code != ERROR_DUPLICATE) {
        return e;
    }
    TRY(load_stored(c, &rows));
    if (rows.n == 0 || !has_expired(rows.cells)) {
        return e; /* somebody else was refused at the same moment */
    }
    TRY(drop_row(c));
    return write_insert(c->db, c->arena, &idempotency_resource, row, &none);
}

static err store_refusal(struct call *c)
{
    struct value row[IDEMPOTENCY__MAX] = {{.kind = VALUE_ABSENT}};
    unsigned char *id = arena_alloc(c->arena, DIGEST_BYTES);
    unsigned char fingerprint[DIGEST_BYTES];
    identify(c, c->digest_key, id, fingerprint);
    c->taken_key = value_bytes(id, DIGEST_BYTES);
    row[IDEMPOTENCY_ID] = c->taken_key;
    row[IDEMPOTENCY_FINGERPRINT] = value_bytes(fingerprint, DIGEST_BYTES);
    row[IDEMPOTENCY_USER_ID] = c->actor.signed_in ? value_int(c->actor.user_id) : value_null();
    fill_answer(c, row);
    db_want_transaction(c->db);
    TRY(insert_refusal(c, row));
    return db_commit(c->db, c->arena);
}

void idempotency_keep_refusal(struct call *c)
{
    /* What a limit has refused is for another time: nothing was done, and the key stays free. */
    bool too_many = c->reply->status == error_status(ERROR_TOO_MANY);
    if (c->taken_key.kind == VALUE_ABSENT || c->reply->status >= 500 || too_many || c->in_vain) {
        return;
    }
    err e = store_refusal(c);
    if (e != NULL && e->code != ERROR_DUPLICATE) {
        complain(c, e);
    } else if (e != NULL) {
        db_rollback(c->db);
    }
}

#include "http/limit.h"

#include <stddef.h>

#include "base/address.h"
#include "base/arena.h"
#include "base/text.h"
#include "conf/rate.h"
#include "conf/settings.h"
#include "engine/write.h"
#include "http/purge.h"
#include "http/route.h"
#include "io/db.h"
#include "io/digest.h"
#include "io/stmt.h"
#include "models/limit.h"

enum { MICROS = 1000000, TRIES = 8, V4_BITS = 32, V6_BITS = 64 };

/* So many bytes of answers are kept for an account at once, and as many more in the seconds after which one goes: twice
 * that is the most that it ever has in the database. */
enum { KEPT_BYTES = 32 << 20, KEPT_SECONDS = 24 * 3600 };

/* Of log-ins, in seconds: when failures are forgotten, the longest wait, and how long a place is known. */
enum { FAILURES_LAST = 3600, LONGEST_WAIT = 900, KNOWN_FOR = 90 * 86400, PATIENCE_WITHOUT_END = 1 << 30 };

#define LIMIT_IF(if_, name_, by_, member_)                                           \
    {                                                                                \
        .name = (name_), .by = (by_), .setting = offsetof(struct settings, member_), \
        .only_with_email = (if_)                                                     \
    }
#define LIMIT(...)          LIMIT_IF(false, __VA_ARGS__)
#define LIMIT_OF_MAILS(...) LIMIT_IF(true, __VA_ARGS__)

const struct limit limit_login = LIMIT("login", LIMIT_BY_ADDRESS, limit_login);
const struct limit limit_login_place = LIMIT("login_account", LIMIT_BY_PLACE, limit_login_account);
const struct limit limit_password = LIMIT("password", LIMIT_BY_ACTOR, limit_login);
const struct limit limit_register = LIMIT("register", LIMIT_BY_ADDRESS, limit_register);
const struct limit limit_refresh = LIMIT("refresh", LIMIT_BY_ADDRESS, limit_refresh);
const struct limit limit_mail = LIMIT_OF_MAILS("mail", LIMIT_BY_ADDRESS, limit_mail);
const struct limit limit_mail_verify = LIMIT_OF_MAILS("mail_verify", LIMIT_BY_EMAIL, limit_mail_account);
const struct limit limit_mail_reset = LIMIT_OF_MAILS("mail_reset", LIMIT_BY_EMAIL, limit_mail_account);
const struct limit limit_generate = LIMIT("generate", LIMIT_BY_ACTOR, limit_generate);
const struct limit limit_generate_address =
    LIMIT("generate_address", LIMIT_BY_ADDRESS, limit_generate_address);
const struct limit limit_create = LIMIT("create", LIMIT_BY_ACTOR, limit_create);
/* The same count: rows are told apart by the name. */
const struct limit limit_create_many = {.name = "create",
                                        .by = LIMIT_BY_ACTOR,
                                        .setting = offsetof(struct settings, limit_create),
                                        .by_handler = true};

static struct rate rate_of(const struct call *c, const struct limit *limit)
{
    struct rate rate = {.count = 0, .seconds = 1};
    (void)rate_parse(*(const str *)((const char *)c->settings + limit->setting),
                     &rate); /* checked at start */
    return rate;
}

/* The member of the body that names an account, or -1. */
static int member_of(const struct route *route, enum limit_by by)
{
    if (route->body == NULL) {
        return -1;
    }
    int email = resource_find(route->body, STR("email"));
    return email >= 0 || by == LIMIT_BY_EMAIL ? email : resource_find(route->body, STR("username"));
}

const char *limits_mistake(const struct route *route)
{
    for (size_t i = 0; i < CALL_MAX_LIMITS && route->limits[i] != NULL; i++) {
        enum limit_by by = route->limits[i]->by;
        if (by == LIMIT_BY_ACTOR && route->access < ACCESS_USER) {
            return "limits who is signed in, but lets others in, too";
        }
        bool wants_email = by == LIMIT_BY_EMAIL || route->limits[i]->only_with_email;
        if ((wants_email || by == LIMIT_BY_PLACE) &&
            member_of(route, wants_email ? LIMIT_BY_EMAIL : by) < 0) {
            return "limits accounts, but its body names none";
        }
        if (route->no_database) {
            return "counts without a database";
        }
    }
    return NULL;
}

/* -- whom a limit counts -- */

static str address_of(const struct call *c)
{
    return address_network(c->arena, c->request->remote_address, V4_BITS, V6_BITS);
}

/* The account's name, as far as the log-in tells one spelling from another. */
static str name_of(const struct call *c, enum limit_by by)
{
    struct value v = c->body[member_of(c->route, by)];
    return v.kind == VALUE_TEXT ? text_fold(c->arena, v.text) : (str){0};
}

/* The key of a row. The parts cannot run into one another: no address and no number has a line end. */
static struct value key_of(const struct call *c, const char *kind, str who, str name)
{
    unsigned char *mac = arena_alloc(c->arena, DIGEST_BYTES);
    struct buf b;
    buf_init(&b, c->arena, 128 + name.n, SIZE_MAX / 4);
    buf_printf(&b, "limit\n%s\n%.*s\n", kind, STR_ARGS(who));
    buf_str(&b, name);
    digest_hmac(c->digest_key, buf_view(&b), mac);
    return value_bytes(mac, DIGEST_BYTES);
}

static struct value key_of_actor(const struct call *c, const char *kind)
{
    return key_of(c, kind, str_format(c->arena, "%lld", (long long)c->actor.user_id), (str){0});
}

static struct value key_of_limit(const struct call *c, const struct limit *limit)
{
    switch (limit->by) {
    case LIMIT_BY_ADDRESS:
        return key_of(c, limit->name, address_of(c), (str){0});
    case LIMIT_BY_ACTOR:
        return key_of_actor(c, limit->name);
    case LIMIT_BY_EMAIL:
    case LIMIT_BY_PLACE:
    default:
        return key_of(c, limit->name, (str){0}, name_of(c, limit->by));
    }
}

static struct value key_of_place(const struct call *c, str name)
{
    return key_of(c, "place", address_of(c), name);
}

/* -- counting -- */

/* A statement on one row, outside of any transaction. A count that is made twice, because nobody knows whether it was
 * made, does no harm: so a connection that was lost is no unknown outcome. */
static err count(struct call *c, const struct statement *s, const struct value *values, int64_t *out)
{
    struct written done = {0};
    err e = NULL;
    for (int i = 0; i < TRIES; i++) {
        e = stmt_write(c->db, c->arena, s->sql, values, s->values, &done);
        if (e == NULL) {
            *out = done.insert_id;
            return NULL;
        }
        if (!db_contended(e)) {
            break;
        }
    }
    return e->code == ERROR_OUTCOME_UNKNOWN
               ? error_cause(c->arena, ERROR_CONNECTION_LOST, "%.*s", STR_ARGS(e->cause))
               : e;
}

static unsigned seconds_up(int64_t micros)
{
    return micros <= 0 ? 0 : (unsigned)((micros + MICROS - 1) / MICROS);
}

static err refuse(struct call *c, const struct limit *limit, int64_t micros)
{
    struct error *e = ARENA_NEW(c->arena, struct error);
    unsigned wait = seconds_up(micros);
    *e = (struct error){.code = ERROR_TOO_MANY, .retry_after = wait == 0 ? 1 : wait};
    e->detail = str_format(c->arena, "too many requests: try again in %u s", e->retry_after);
    c->limited.refused_by = limit->name;
    return e;
}

/* The limit with the least left is shown. */
static void show(struct call *c, const struct rate *rate, int64_t left, int64_t micros)
{
    struct limited *l = &c->limited;
    if (l->limit == 0 || left < l->remaining) {
        l->limit = rate->count;
        l->remaining = left;
        l->reset = seconds_up(micros);
    }
}

/* One of `rate`; *left is negative when there was none. */
static err take(struct call *c, struct value key, const struct rate *rate, int64_t *left, int64_t *used)
{
    int64_t period = rate->seconds * MICROS;
    int64_t step = period / rate->count;
    const struct value values[] = {key, value_int(step), value_int(step), value_int(period), value_int(step)};
    int64_t after = 0;
    TRY(count(c, &limit_take, values, &after));
    *used = after == 0 ? step : after;
    *left = *used > period ? -1 : (period - *used) / step;
    return NULL;
}

/* A change that leaves the e-mail address as it is wants no mail. */
static bool asks_for(const struct call *c, const struct limit *limit)
{
    return !limit->only_with_email || value_given(c->body[member_of(c->route, LIMIT_BY_EMAIL)]);
}

/* What came of taking, shown to who asks. */
static err judge(struct call *c, const struct limit *limit, const struct rate *rate, int64_t left,
                 int64_t used)
{
    int64_t period = rate->seconds * MICROS;
    if (left < 0) {
        show(c, rate, 0, used - period);
        return refuse(c, limit, used - period);
    }
    show(c, rate, left, used);
    return NULL;
}

static err take_rate(struct call *c, const struct limit *limit)
{
    struct rate rate = rate_of(c, limit);
    int64_t left = 0;
    int64_t used = 0;
    if (rate.count == 0 || limit->by_handler || !asks_for(c, limit)) {
        return NULL;
    }
    TRY(take(c, key_of_limit(c, limit), &rate, &left, &used));
    return judge(c, limit, &rate, left, used);
}

static bool places_count(const struct call *c)
{
    return c->settings->login_failures > 0 || rate_of(c, &limit_login_place).count > 0;
}

static err take_place(struct call *c, const struct limit *limit)
{
    static const struct limit failures = {.name = "login_failures"};
    int64_t most = c->settings->login_failures;
    struct value patience = value_int(most == 0 ? PATIENCE_WITHOUT_END : most);
    struct value memory = value_int(FAILURES_LAST);
    int64_t found = 0;
    if (!places_count(c)) {
        return NULL;
    }
    const struct value values[] = {key_of_place(c, name_of(c, limit->by)),
                                   memory,
                                   memory,
                                   patience,
                                   value_int(LONGEST_WAIT),
                                   patience,
                                   memory};
    TRY(count(c, &place_try, values, &found));
    c->limited.place_tried = true;
    if (found > 1) {
        show(c, &(struct rate){.count = most}, 0, found / 2);
        return refuse(c, &failures, found / 2);
    }
    return found == 1 ? NULL : take_rate(c, limit);
}

/* Now and then, what means nothing any more goes. */
static err purge(struct call *c)
{
    int64_t none = 0;
    bool counted = c->limited.limit > 0 || c->limited.place_tried;
    if (!counted || !purge_is_due()) {
        return NULL;
    }
    TRY(count(c, &limit_purge, NULL, &none));
    return count(c, &place_purge, NULL, &none);
}

bool limits_apply(const struct call *c)
{
    for (size_t i = 0; i < CALL_MAX_LIMITS && c->route->limits[i] != NULL; i++) {
        const struct limit *limit = c->route->limits[i];
        if (limit->by_handler) {
            continue;
        }
        if (rate_of(c, limit).count > 0 || (limit->by == LIMIT_BY_PLACE && places_count(c))) {
            return true;
        }
    }
    return false;
}

err limits_take(struct call *c)
{
    const struct limit *const *limits = c->route->limits;
    unsigned *taken = &c->limited.taken;
    if (limits[0] == NULL) {
        return NULL;
    }
    for (; *taken < CALL_MAX_LIMITS && limits[*taken] != NULL; (*taken)++) {
        const struct limit *limit = limits[*taken];
        TRY(limit->by == LIMIT_BY_PLACE ? take_place(c, limit) : take_rate(c, limit));
    }
    if (*taken == CALL_MAX_LIMITS + 1) {
        return NULL; /* a replay */
    }
    *taken = CALL_MAX_LIMITS + 1;
    return purge(c);
}

/* A step in the request's transaction. Not by count(): what a deadlock has undone is the whole transaction, and that is
 * for dispatch to run again. */
static err take_within(struct call *c, struct value key, int64_t step, int64_t period, int64_t *used)
{
    const struct value values[] = {key, value_int(step), value_int(step), value_int(period), value_int(step)};
    struct written done = {0};
    TRY(stmt_write(c->db, c->arena, limit_take.sql, values, limit_take.values, &done));
    *used = done.insert_id == 0 ? step : done.insert_id;
    return NULL;
}

err limits_take_made(struct call *c, const struct limit *limit, int64_t n)
{
    struct rate rate = rate_of(c, limit);
    int64_t used = 0;
    if (rate.count == 0 || n == 0) {
        return NULL;
    }
    int64_t period = rate.seconds * MICROS;
    int64_t one = period / rate.count;
    int64_t step = (n < rate.count ? n : rate.count) * one;
    TRY(take_within(c, key_of_limit(c, limit), step, period, &used));
    return judge(c, limit, &rate, used > period ? -1 : (period - used) / one, used);
}

err limits_take_kept(struct call *c, size_t bytes)
{
    static const char name[] = "kept_answers";
    int64_t period = KEPT_SECONDS * (int64_t)MICROS;
    int64_t step = (int64_t)bytes * period / KEPT_BYTES;
    int64_t used = 0;
    TRY(take_within(c, key_of_actor(c, name), step, period, &used));
    if (used <= period) {
        return NULL;
    }
    c->limited.refused_by = name;
    struct error *e = ARENA_NEW(c->arena, struct error);
    *e = (struct error){.code = ERROR_TOO_MANY, .retry_after = seconds_up(used - period)};
    e->detail = str_format(c->arena,
                           "too many large answers are kept under your Idempotency-Keys: try again in %u s, "
                           "or without a key",
                           e->retry_after);
    return e;
}

err limits_welcome(struct call *c)
{
    return c->limited.place_tried ? limits_welcome_as(c, name_of(c, LIMIT_BY_PLACE)) : NULL;
}

err limits_welcome_as(struct call *c, str name)
{
    uint64_t matched = 0;
    if (!places_count(c)) {
        return NULL;
    }
    const struct value values[] = {key_of_place(c, name), value_int(KNOWN_FOR), value_int(KNOWN_FOR)};
    return write_statement(c->db, c->arena, &place_welcome, values, &matched);
}

void limits_show(struct call *c)
{
    const struct limited *l = &c->limited;
    if (l->limit > 0) {
        reply_header(c->reply, "RateLimit-Limit", "%lld", (long long)l->limit);
        reply_header(c->reply, "RateLimit-Remaining", "%lld", (long long)l->remaining);
        reply_header(c->reply, "RateLimit-Reset", "%u", l->reset);
    }
}

err limits_first_refusal(struct call *c, bool *first)
{
    static const struct rate once = {.count = 1, .seconds = 60};
    int64_t left = 0;
    int64_t used = 0;
    TRY(take(c, key_of(c, "told", address_of(c), str_of(c->limited.refused_by)), &once, &left, &used));
    *first = left >= 0;
    return NULL;
}

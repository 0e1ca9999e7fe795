#include "http/tokens.h"

#include <stdio.h>

#include "base/arena.h"
#include "base/base64.h"
#include "base/clock.h"
#include "base/json_out.h"
#include "base/log.h"
#include "base/rand.h"
#include "base/text.h"
#include "conf/settings.h"
#include "engine/load.h"
#include "engine/remove.h"
#include "engine/write.h"
#include "http/audit.h"
#include "http/cookie.h"
#include "http/purge.h"
#include "io/digest.h"
#include "io/jwt.h"
#include "models/all.h"
#include "models/refresh.h"
#include "models/session.h"

enum { AGENT_MAX = 200, ADDRESS_MAX = 45 };

static const int64_t second = 1000000;
static const int64_t day = 86400 * 1000000LL;

static int64_t earlier(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* When a refresh token ends that is given out now. */
static int64_t refresh_end(const struct settings *s, int64_t now, int64_t began)
{
    return earlier(now + s->refresh_token_expire_days * day, began + s->session_expire_days * day);
}

/* When the session ends that gives it out: with it, or with an access token that is good for longer. */
static int64_t session_end(const struct settings *s, int64_t now, int64_t began)
{
    int64_t refresh = refresh_end(s, now, began);
    int64_t access =
        earlier(now + s->access_token_expire_minutes * 60 * second, began + s->session_expire_days * day);
    return refresh > access ? refresh : access;
}

/* The stored form of a refresh token. */
static struct value digest_of(struct arena *a, str refresh)
{
    unsigned char *sum = arena_alloc(a, DIGEST_BYTES);
    digest_sha256(refresh, sum);
    return value_bytes(sum, DIGEST_BYTES);
}

/* Gives the session another refresh token. */
static err add_refresh(struct call *c, struct tokens *t)
{
    unsigned char secret[TOKENS_REFRESH_BYTES];
    struct buf b;
    int64_t none = 0;
    rand_bytes(secret, sizeof secret);
    buf_init(&b, c->arena, TOKENS_REFRESH_TEXT, TOKENS_REFRESH_TEXT);
    base64_put(&b, secret, sizeof secret);
    t->refresh = buf_view(&b);
    struct value row[REFRESH__MAX] = {[REFRESH_DIGEST] = digest_of(c->arena, t->refresh),
                                      [REFRESH_SESSION_ID] = value_int(t->session_id),
                                      [REFRESH_EXPIRES_AT] = value_time(t->refresh_expires)};
    return write_insert(c->db, c->arena, &refresh_resource, row, &none);
}

/* What was sent, as far as it is kept. */
static struct value bounded(struct arena *a, str s, size_t most)
{
    str text = text_repair(a, s);
    size_t at = 0;
    for (size_t n = 0; n < most && at < text.n; n++) {
        (void)text_next(text, &at);
    }
    return s.n == 0 ? value_null() : value_text(str_slice(text, 0, at));
}

/* The user's sessions that have ended; and, once in a while, those of people who do not come back. */
static err drop_ended(struct call *c, int64_t user_id, bool of_all)
{
    struct where ended = {.count = 0};
    uint64_t matched = 0;
    struct value now = value_time(clock_now());
    where_add(&ended, &session_resource.fields[SESSION_USER_ID], OP_EQ, value_int(user_id));
    where_add(&ended, &session_resource.fields[SESSION_EXPIRES_AT], OP_LE, now);
    TRY(remove_rows(c->db, c->arena, &models, &session_resource, &ended, &matched));
    return of_all ? write_statement(c->db, c->arena, &session_purge, &now, &matched) : NULL;
}

err tokens_open(struct call *c, int64_t user_id, struct tokens *out)
{
    int64_t now = clock_now();
    struct tokens t = {.user_id = user_id, .refresh_expires = refresh_end(c->settings, now, now)};
    struct value row[SESSION__MAX] = {
        [SESSION_USER_ID] = value_int(user_id),
        [SESSION_EXPIRES_AT] = value_time(session_end(c->settings, now, now)),
        [SESSION_AGENT] = bounded(c->arena, c->request->user_agent, AGENT_MAX),
        [SESSION_ADDRESS] = bounded(c->arena, c->request->remote_address, ADDRESS_MAX),
    };
    TRY(write_insert(c->db, c->arena, &session_resource, row, &t.session_id));
    TRY(drop_ended(c, user_id, purge_is_due()));
    TRY(add_refresh(c, &t));
    *out = t;
    return NULL;
}

/* How a refresh token stands that is known. */
enum standing { STANDS, STANDS_USED, STANDS_EXPIRED, STANDS_STOLEN };

static enum standing standing_of(const struct value *held, int64_t now)
{
    if (held[REFRESH_HELD_EXPIRES_AT].i <= now) {
        return STANDS_EXPIRED;
    }
    if (held[REFRESH_HELD_USED_AT].kind == VALUE_NULL) {
        return STANDS;
    }
    return now - held[REFRESH_HELD_USED_AT].i <= TOKENS_GRACE_SECONDS * second ? STANDS_USED : STANDS_STOLEN;
}

static err end_session(struct call *c, const struct tokens *t)
{
    struct where w = {.count = 0};
    uint64_t matched = 0;
    char user[24];
    (void)snprintf(user, sizeof user, "%lld", (long long)t->user_id);
    log_line(LOG_WARN, "a refresh token was used again: its session ends", "user_id", user);
    where_add(&w, &session_resource.fields[SESSION_ID], OP_EQ, value_int(t->session_id));
    TRY(audit_note(c, AUDIT_REFRESH_REUSED, t->user_id, (str){0}));
    return remove_rows(c->db, c->arena, &models, &session_resource, &w, &matched);
}

/* Notes the first use of a token, and drops those of its session that have expired. */
static err use(struct call *c, const struct tokens *t, struct value digest, int64_t now)
{
    struct value row[REFRESH__MAX] = {[REFRESH_USED_AT] = value_time(now)};
    struct where one = {.count = 0};
    struct where expired = {.count = 0};
    uint64_t matched = 0;
    where_add(&one, &refresh_resource.fields[REFRESH_DIGEST], OP_EQ, digest);
    TRY(write_update(c->db, c->arena, &refresh_resource, row, &one, &matched));
    where_add(&expired, &refresh_resource.fields[REFRESH_SESSION_ID], OP_EQ, value_int(t->session_id));
    where_add(&expired, &refresh_resource.fields[REFRESH_EXPIRES_AT], OP_LE, value_time(now));
    return remove_rows(c->db, c->arena, &models, &refresh_resource, &expired, &matched);
}

/* Lengthens the session and gives it the next token. */
static err renew(struct call *c, struct tokens *t, int64_t now, int64_t began)
{
    struct where w = {.count = 0};
    uint64_t matched = 0;
    struct value row[SESSION__MAX] = {[SESSION_LAST_USED_AT] = value_time(now),
                                      [SESSION_EXPIRES_AT] =
                                          value_time(session_end(c->settings, now, began))};
    where_add(&w, &session_resource.fields[SESSION_ID], OP_EQ, value_int(t->session_id));
    TRY(write_update(c->db, c->arena, &session_resource, row, &w, &matched));
    t->refresh_expires = refresh_end(c->settings, now, began);
    return add_refresh(c, t);
}

err tokens_find(struct call *c, str refresh, struct tokens *out, bool *found)
{
    struct value digest = digest_of(c->arena, refresh);
    struct rows rows;
    TRY(load_statement(c->db, c->arena, &refresh_find, &digest, &rows));
    *found = rows.n > 0;
    if (*found) {
        *out = (struct tokens){.session_id = rows.cells[REFRESH_FOUND_SESSION_ID].i,
                               .user_id = rows.cells[REFRESH_FOUND_USER_ID].i};
    }
    return NULL;
}

/* The session's row is locked before the token's: the order in which a session is deleted, too. */
err tokens_renew(struct call *c, str refresh, struct tokens *out, bool *good)
{
    struct value digest = digest_of(c->arena, refresh);
    struct tokens t = {0};
    struct rows session;
    struct rows held;
    bool found = false;
    *good = false;
    TRY(tokens_find(c, refresh, &t, &found));
    if (!found) {
        return NULL;
    }
    const struct value owned[] = {value_int(t.session_id), value_int(t.user_id)};
    const struct value keys[] = {digest, value_int(t.session_id)};
    TRY(load_statement(c->db, c->arena, &session_hold, owned, &session));
    TRY(load_statement(c->db, c->arena, &refresh_hold, keys, &held));
    int64_t now = clock_now();
    if (session.n == 0 || held.n == 0 || session.cells[SESSION_HELD_EXPIRES_AT].i <= now) {
        return NULL;
    }
    int64_t began = session.cells[SESSION_HELD_CREATED_AT].i;
    switch (standing_of(held.cells, now)) {
    case STANDS_EXPIRED:
        return NULL;
    case STANDS_STOLEN:
        return end_session(c, &t);
    case STANDS:
        TRY(use(c, &t, digest, now));
        break;
    case STANDS_USED:
        break;
    }
    if (refresh_end(c->settings, now, began) <= now) {
        return NULL;
    }
    TRY(renew(c, &t, now, began));
    *out = t;
    *good = true;
    return NULL;
}

err tokens_answer(struct call *c, const struct tokens *t, bool in_cookies)
{
    int64_t now = clock_now() / second;
    int64_t seconds = c->settings->access_token_expire_minutes * 60;
    const struct jwt_claims claims = {
        .user_id = t->user_id, .session_id = t->session_id, .issued = now, .expires = now + seconds};
    struct buf *out = &c->reply->body;
    str access = {0};
    TRY(jwt_sign(c->arena, c->token_key, &claims, &access));
    buf_char(out, '{');
    if (in_cookies) {
        /* Both stay as long: a browser without the one would pass for nobody where anybody may read, and no 401 would
         * tell its page to renew. */
        int64_t left = t->refresh_expires / second - now;
        cookie_set(c, COOKIE_ACCESS, access, left > seconds ? left : seconds);
        cookie_set(c, COOKIE_REFRESH, t->refresh, left);
    } else {
        buf_lit(out, "\"access_token\":");
        json_put_str(out, access);
        buf_char(out, ',');
    }
    buf_lit(out, "\"token_type\":\"bearer\",\"expires_in\":");
    buf_int(out, seconds);
    if (!in_cookies) {
        buf_lit(out, ",\"refresh_token\":");
        json_put_str(out, t->refresh);
    }
    buf_char(out, '}');
    return NULL;
}

err tokens_end(struct db *db, struct arena *a, int64_t user_id, int64_t but)
{
    struct where w = {.count = 0};
    uint64_t matched = 0;
    where_add(&w, &session_resource.fields[SESSION_USER_ID], OP_EQ, value_int(user_id));
    if (but != 0) {
        where_add(&w, &session_resource.fields[SESSION_ID], OP_NE, value_int(but));
    }
    return remove_rows(db, a, &models, &session_resource, &w, &matched);
}

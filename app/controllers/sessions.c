#include "controllers/sessions.h"

#include "base/clock.h"
#include "http/audit.h"
#include "http/cookie.h"
#include "http/crud.h"
#include "http/limit.h"
#include "http/tokens.h"
#include "models/account.h"
#include "models/session.h"

/* One that has ended is as good as gone. */
static void living(const struct call *c, struct where *w)
{
    (void)c;
    where_add(w, &session_resource.fields[SESSION_EXPIRES_AT], OP_GT, value_time(clock_now()));
}

/* Another's session does not exist. */
static const struct crud own = {.resource = &session_resource,
                                .owner = SESSION_USER_ID,
                                .is_private = true,
                                .visible = living,
                                .by_default = "-last_used_at"};

/* What renew() leaves for refuse(). */
enum outcome { RENEWED, NOTHING_SENT, NOT_GOOD };

/* The token of the body goes before the cookie. A refusal is told only after the commit: a token that was used again
 * ends its session, and that must stay. */
static err renew(struct call *c)
{
    struct tokens t;
    str token = {0};
    bool good = false;
    struct value sent = c->body[RENEWAL_REFRESH_TOKEN];
    bool in_cookie = !value_given(sent) && cookie_read(c, COOKIE_REFRESH, &token);
    c->left = NOTHING_SENT;
    if (in_cookie) {
        TRY(cookie_check_origin(c));
    } else if (value_given(sent)) {
        token = sent.text;
    } else {
        return NULL;
    }
    TRY(tokens_renew(c, token, &t, &good));
    c->left = good ? RENEWED : NOT_GOOD;
    return good ? tokens_answer(c, &t, in_cookie) : NULL;
}

/* Once it is committed. */
static err refuse(struct call *c)
{
    if (c->left == RENEWED) {
        return NULL;
    }
    if (!value_given(c->body[RENEWAL_REFRESH_TOKEN])) {
        cookie_clear(c);
    }
    return c->left == NOTHING_SENT
               ? error_new(c->arena, ERROR_UNAUTHENTICATED, "Not authenticated")
               : error_new(c->arena, ERROR_INVALID_TOKEN, "Could not validate credentials");
}

static err list(struct call *c)
{
    c->list->mark = value_int(c->actor.session_id);
    return crud_list(c);
}

static err end_others(struct call *c)
{
    TRY(tokens_end(c->db, c->arena, c->actor.user_id, c->actor.session_id));
    TRY(audit_note(c, AUDIT_SESSION_REVOKED, c->actor.user_id, (str){0}));
    reply_empty(c->reply);
    return NULL;
}

static err end_one(struct call *c)
{
    TRY(crud_delete(c));
    TRY(audit_note(c, AUDIT_SESSION_REVOKED, c->actor.user_id, (str){0}));
    if (c->keys[0].i == c->actor.session_id) {
        cookie_clear(c);
    }
    return NULL;
}

static const struct route_group sessions = {"auth", NULL};

const struct route sessions_routes[] = {
    {METHOD_POST, "/auth/refresh", renew, ACCESS_OPEN, .body = &renewal_form, .body_optional = true,
     .after = refuse, .no_replay = true, .limits = {&limit_refresh},
     .summary = "Exchange a refresh token for the next pair of tokens",
     .doc =
         "The token is sent in the body or, by a browser, in its cookie; the answer comes in the same way. "
         "Each token is used once; used again later than ten seconds after, it ends its session.",
     .operation = "refreshSession", .group = &sessions, .shows = {&account_token, &account_cookie_token},
     .fails = FAILS(ERROR_UNAUTHENTICATED) | FAILS(ERROR_INVALID_TOKEN) | FAILS(ERROR_FOREIGN_ORIGIN)},
    {METHOD_GET, "/auth/sessions", list, ACCESS_USER, .caching = CACHING_NEVER, .crud = &own, .is_list = true,
     .mine = true, .summary = "List your sessions, the one last used first", .operation = "listSessions",
     .group = &sessions},
    {METHOD_DELETE, "/auth/sessions", end_others, ACCESS_USER, .summary = "End all your other sessions",
     .operation = "endOtherSessions", .group = &sessions},
    {METHOD_DELETE, "/auth/sessions/{id}", end_one, ACCESS_USER, .crud = &own, .keys = {&session_resource},
     .summary = "End one of your sessions", .doc = "Its tokens are dead at once.", .operation = "endSession",
     .group = &sessions},
    ROUTES_END,
};

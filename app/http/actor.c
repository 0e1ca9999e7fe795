#include "http/actor.h"

#include <string.h>

#include "base/clock.h"
#include "conf/settings.h"
#include "engine/load.h"
#include "http/cookie.h"
#include "http/crud.h"
#include "http/tokens.h"
#include "io/jwt.h"
#include "models/role.h"
#include "models/session.h"

/* The token of "Bearer <token>"; any other form is no token. */
static bool bearer(str header, str *token)
{
    static const str scheme = STR_INIT("bearer ");
    if (!str_starts_nocase(header, scheme)) {
        return false;
    }
    *token = str_trim(str_slice(header, scheme.n, header.n));
    return token->n > 0;
}

/* What the roles of a person give. */
static err look_up_rights(struct call *c, int64_t user_id, int64_t *rights)
{
    struct rows rows;
    struct value id = value_int(user_id);
    TRY(load_statement(c->db, c->arena, &role_rights, &id, &rows));
    *rights = rows.n > 0 ? rows.cells[0].i : 0;
    return NULL;
}

/* Whether what roles give can matter. To crud_create it does not: who may make a row at all is a matter of the route's
 * access, and then the row is their own. It does to a route's own steps, and where admins are shown the times that a
 * request took. */
static bool rights_matter(const struct call *c)
{
    const struct route *r = c->route;
    return r == NULL || r->run != crud_create || r->access != ACCESS_USER || r->check_query != NULL ||
           r->after != NULL || c->settings->server_timing;
}

static err look_up(struct call *c, const struct jwt_claims *claims)
{
    const struct value ids[] = {value_int(claims->session_id), value_int(claims->user_id)};
    bool roles = rights_matter(c);
    struct rows rows;
    TRY(load_statement(c->db, c->arena, roles ? &session_bearer : &session_bearer_alone, ids, &rows));
    if (rows.n == 0 || rows.cells[BEARER_EXPIRES_AT].i <= clock_now()) {
        return error_new(c->arena, ERROR_INVALID_TOKEN, "Could not validate credentials");
    }
    if (!rows.cells[BEARER_IS_ACTIVE].i) {
        return error_new(c->arena, ERROR_INVALID_TOKEN, "Inactive user");
    }
    int64_t rights = 0;
    TRY(roles && value_given(rows.cells[BEARER_ROLE_ID]) ? look_up_rights(c, claims->user_id, &rights)
                                                         : NULL);
    c->actor = (struct actor){.signed_in = true,
                              .admin = (rights & RIGHT_ADMIN) != 0,
                              .moderator = (rights & (RIGHT_ADMIN | RIGHT_MODERATOR)) != 0,
                              .user_id = claims->user_id,
                              .session_id = claims->session_id,
                              .username = rows.cells[BEARER_USERNAME].text};
    memcpy(c->actor.user_uid, rows.cells[BEARER_USER_UID].text.p, sizeof c->actor.user_uid);
    return NULL;
}

static err identify(struct call *c)
{
    str token = {0};
    struct jwt_claims claims;
    bool in_cookie = !c->request->has_authorization && cookie_read(c, COOKIE_ACCESS, &token);
    if (!in_cookie && !bearer(c->request->authorization, &token)) {
        return error_new(c->arena, ERROR_UNAUTHENTICATED, "Not authenticated");
    }
    bool reads = c->request->method == METHOD_GET || c->request->method == METHOD_HEAD;
    TRY(in_cookie && !reads ? cookie_check_origin(c) : NULL);
    TRY(jwt_verify(c->arena, c->token_key, token, clock_now() / 1000000, &claims));
    return look_up(c, &claims);
}

/* An access token is gone after half an hour, and with it the way to log out; its session is not. */
static err identify_by_refresh(struct call *c, err refused)
{
    str token = {0};
    struct tokens t = {0};
    bool found = false;
    bool nobody = refused->code == ERROR_UNAUTHENTICATED || refused->code == ERROR_INVALID_TOKEN;
    if (!nobody || c->request->has_authorization || !cookie_read(c, COOKIE_REFRESH, &token)) {
        return refused;
    }
    TRY(cookie_check_origin(c));
    TRY(tokens_find(c, token, &t, &found));
    const struct jwt_claims claims = {.user_id = t.user_id, .session_id = t.session_id};
    return found ? look_up(c, &claims) : refused;
}

static err identify_for(struct call *c)
{
    err e = identify(c);
    return e != NULL && c->route != NULL && c->route->by_refresh ? identify_by_refresh(c, e) : e;
}

err actor_identify(struct call *c, enum access access)
{
    if (access == ACCESS_OPEN) {
        return NULL;
    }
    bool optional = access == ACCESS_READ && c->settings->public_read;
    str token;
    if (c->request->has_authorization || cookie_read(c, COOKIE_ACCESS, &token) || !optional) {
        TRY(identify_for(c));
    }
    if ((access == ACCESS_ADMIN && !c->actor.admin) || (access == ACCESS_MODERATOR && !c->actor.moderator)) {
        return error_new(c->arena, ERROR_FORBIDDEN, "Not authorized to perform requested action");
    }
    return NULL;
}

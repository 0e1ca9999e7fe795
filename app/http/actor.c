#include "http/actor.h"

#include "base/clock.h"
#include "conf/settings.h"
#include "engine/load.h"
#include "io/jwt.h"
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

static err look_up(struct call *c, const struct jwt_claims *claims)
{
    const struct value ids[] = {value_int(claims->session_id), value_int(claims->user_id)};
    struct rows rows;
    TRY(load_statement(c->db, c->arena, &session_bearer, ids, &rows));
    if (rows.n == 0 || rows.cells[BEARER_EXPIRES_AT].i <= clock_now()) {
        return error_new(c->arena, ERROR_INVALID_TOKEN, "Could not validate credentials");
    }
    if (!rows.cells[BEARER_IS_ACTIVE].i) {
        return error_new(c->arena, ERROR_INVALID_TOKEN, "Inactive user");
    }
    c->actor = (struct actor){true, rows.cells[BEARER_IS_ADMIN].i != 0, claims->user_id, claims->session_id};
    return NULL;
}

static err identify(struct call *c)
{
    str token = {0};
    struct jwt_claims claims;
    if (!bearer(c->request->authorization, &token)) {
        return error_new(c->arena, ERROR_UNAUTHENTICATED, "Not authenticated");
    }
    TRY(jwt_verify(c->arena, c->token_key, token, clock_now() / 1000000, &claims));
    return look_up(c, &claims);
}

err actor_identify(struct call *c, enum access access)
{
    if (access == ACCESS_OPEN) {
        return NULL;
    }
    bool optional = access == ACCESS_READ && c->settings->public_read;
    if (c->request->has_authorization || !optional) {
        TRY(identify(c));
    }
    if (access == ACCESS_ADMIN && !c->actor.admin) {
        return error_new(c->arena, ERROR_FORBIDDEN, "Not authorized to perform requested action");
    }
    return NULL;
}

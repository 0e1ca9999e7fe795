#include "controllers/auth.h"

#include "base/arena.h"
#include "base/text.h"
#include "base/uuid.h"
#include "conf/settings.h"
#include "controllers/users.h"
#include "engine/load.h"
#include "engine/remove.h"
#include "engine/write.h"
#include "http/account.h"
#include "http/audit.h"
#include "http/cookie.h"
#include "http/crud.h"
#include "http/limit.h"
#include "http/tokens.h"
#include "io/jwt.h"
#include "io/password.h"
#include "mail/outbox.h"
#include "models/account.h"
#include "models/all.h"
#include "models/session.h"
#include "models/user.h"

/* Who logs in: the account and the hash that the password was checked against. */
struct entrant {
    int64_t id;
    str hash;
};

/* A name for somebody who gave none: nobody else has it, and it can be changed. */
static str made_up_name(struct arena *a)
{
    unsigned char id[UUID_BYTES];
    struct buf b;
    uuid_v7(id);
    buf_init(&b, a, UUID_TEXT, UUID_TEXT);
    uuid_put(&b, id);
    return str_format(a, "user-%.*s", 12, b.p + UUID_TEXT - 12);
}

static err sign_up(struct call *c)
{
    int64_t id = 0;
    struct value row[USER__MAX] = {
        [USER_USERNAME] = c->body[REGISTER_USERNAME], [USER_EMAIL] = c->body[REGISTER_EMAIL]};
    if (!value_given(row[USER_USERNAME])) {
        row[USER_USERNAME] = value_text(made_up_name(c->arena));
    }
    TRY(account_create(c->db, c->arena, (unsigned)c->settings->bcrypt_cost, row,
                       c->body[REGISTER_PASSWORD].text, &id));
    c->about = id;
    if (c->settings->mail_verify) {
        TRY(outbox_want(c->db, c->arena, MAIL_VERIFY, c->body[REGISTER_EMAIL].text));
    }
    TRY(audit_note(c, AUDIT_USER_CREATED, id, (str){0}));
    return crud_created(c, &accounts_crud, value_int(id));
}

static err refuse(struct call *c)
{
    struct error *e = ARENA_NEW(c->arena, struct error);
    *e = (struct error){.code = ERROR_INVALID_CREDENTIALS, .detail = STR("Invalid credentials")};
    e->oauth = c->route->body_is_form ? "invalid_grant" : NULL;
    return e;
}

/* Spends what a hash of the configured cost takes, after one of a lower cost took less: 2^k + 2^k + 2^(k+1) + … up
 * to the cost is twice 2^(cost - 1). Otherwise an old account would be known by its quick refusal. */
static err spend_the_rest(struct call *c, str hash, str password, unsigned cost)
{
    bool never = false;
    for (unsigned k = password_cost(hash); k >= PASSWORD_MIN_COST && k < cost; k++) {
        TRY(password_check(c->arena, password_decoy(c->arena, k), password, &never));
    }
    return NULL;
}

/* The account that identifier and password belong to. One that is not there takes as long as a wrong password. */
static err authenticate(struct call *c, str identifier, str password, struct entrant *who)
{
    struct rows rows;
    bool right = false;
    unsigned cost = (unsigned)c->settings->bcrypt_cost;
    str folded = text_fold(c->arena, identifier);
    const struct value keys[] = {value_bytes(folded.p, folded.n), value_bytes(folded.p, folded.n)};
    TRY(load_statement(c->db, c->arena, &user_by_login, keys, &rows));
    c->suspect = rows.n == 0 ? 0 : rows.cells[ACCOUNT_ID].i;
    str hash = rows.n == 0 ? password_decoy(c->arena, cost) : rows.cells[ACCOUNT_PASSWORD_HASH].text;
    TRY(password_check(c->arena, hash, password, &right));
    if (rows.n == 0 || !right) {
        TRY(spend_the_rest(c, hash, password, cost));
        return refuse(c);
    }
    if (!rows.cells[ACCOUNT_IS_ACTIVE].i) {
        return error_new(c->arena, ERROR_INACTIVE, "Inactive user");
    }
    *who = (struct entrant){rows.cells[ACCOUNT_ID].i, hash};
    return NULL;
}

/* The password was checked some hundred milliseconds ago: it counts only if it is still the account's. From here on
 * the account is locked. A hash of another cost is replaced by one of the configured cost, made before. */
static err confirm(struct call *c, const struct entrant *who, str password)
{
    str kept = who->hash;
    uint64_t matched = 0;
    unsigned cost = (unsigned)c->settings->bcrypt_cost;
    if (password_cost(who->hash) != cost) {
        TRY(password_hash(c->arena, cost, password, &kept));
    }
    const struct value values[] = {value_text(kept), value_int(who->id), value_text(who->hash)};
    TRY(write_statement(c->db, c->arena, &user_enter, values, &matched));
    return matched == 0 ? refuse(c) : NULL;
}

static err log_in(struct call *c, str identifier, str password, bool in_cookies)
{
    struct tokens t;
    struct entrant who = {0};
    TRY(authenticate(c, identifier, password, &who));
    TRY(confirm(c, &who, password));
    TRY(tokens_open(c, who.id, &t));
    TRY(limits_welcome(c));
    TRY(audit_note(c, AUDIT_LOGIN, who.id, (str){0}));
    return tokens_answer(c, &t, in_cookies);
}

/* A browser says where a page is from that logs in; a foreign one would give somebody an account that is not theirs. */
static err check_page(struct call *c)
{
    bool browser = c->request->origin.p != NULL || c->request->fetch_site.p != NULL;
    return browser ? cookie_check_origin(c) : NULL;
}

static err log_in_json(struct call *c)
{
    bool in_cookies = c->body[LOGIN_MODE].i == LOGIN_COOKIE;
    TRY(in_cookies ? check_page(c) : NULL);
    return log_in(c, c->body[LOGIN_EMAIL].text, c->body[LOGIN_PASSWORD].text, in_cookies);
}

static err log_in_form(struct call *c)
{
    return log_in(c, c->body[GRANT_USERNAME].text, c->body[GRANT_PASSWORD].text, false);
}

static err log_out(struct call *c)
{
    struct where w = {.count = 0};
    uint64_t matched = 0;
    where_add(&w, &session_resource.fields[SESSION_ID], OP_EQ, value_int(c->actor.session_id));
    TRY(remove_rows(c->db, c->arena, &models, &session_resource, &w, &matched));
    TRY(audit_note(c, AUDIT_LOGOUT, c->actor.user_id, (str){0}));
    cookie_clear(c);
    reply_empty(c->reply);
    return NULL;
}

static const struct route_group auth = {"auth", "Signing up, in and out"};

#define REFUSED FAILS(ERROR_INVALID_CREDENTIALS) | FAILS(ERROR_INACTIVE)

const struct route auth_routes[] = {
    {METHOD_POST, "/auth/register", sign_up, ACCESS_OPEN, .body = &register_form, .crud = &accounts_crud,
     .gives = {201}, .summary = "Sign up", .doc = "Log in afterwards: no token is given here.",
     .operation = "register", .group = &auth, .limits = {&limit_register}},
    {METHOD_POST, "/users", sign_up, ACCESS_OPEN, .body = &signup_form, .crud = &accounts_crud,
     .gives = {201}, .summary = "Sign up, with or without a username",
     .doc = "As `/auth/register`; without a username one is made up, which can be changed.",
     .operation = "createUser", .limits = {&limit_register}},
    {METHOD_POST, "/auth/login", log_in_json, ACCESS_OPEN, .body = &login_form, .no_replay = true,
     .summary = "Log in",
     .doc = "The token goes into the header `Authorization: Bearer …` of what follows. With "
            "`\"mode\":\"cookie\"` both "
            "tokens come as cookies that scripts cannot read, and the body holds none.",
     .operation = "logIn", .group = &auth, .shows = {&account_token, &account_cookie_token},
     .fails = REFUSED | FAILS(ERROR_FOREIGN_ORIGIN), .limits = {&limit_login, &limit_login_place}},
    {METHOD_POST, "/login", log_in_form, ACCESS_OPEN, .body = &grant_form, .body_is_form = true,
     .no_replay = true, .summary = "Log in by the OAuth2 password grant",
     .doc = "As `/auth/login`, with form data, by an e-mail address or a username.",
     .operation = "grantToken", .group = &auth, .shows = {&account_token}, .fails = REFUSED,
     .limits = {&limit_login, &limit_login_place}},
    /* Under a key, the answer of one session would be given again to another, which would live on. */
    {METHOD_POST, "/auth/logout", log_out, ACCESS_USER, .by_refresh = true, .no_replay = true,
     .summary = "Log out: the tokens are dead at once",
     .doc =
         "Cookies that were sent are taken back. In cookie mode the cookie of the refresh token is enough.",
     .operation = "logOut", .group = &auth, .gives = {204}},
    ROUTES_END,
};

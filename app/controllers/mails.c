#include "controllers/mails.h"

#include "base/arena.h"
#include "conf/settings.h"
#include "engine/load.h"
#include "engine/write.h"
#include "http/audit.h"
#include "http/limit.h"
#include "http/tokens.h"
#include "io/password.h"
#include "mail/outbox.h"
#include "models/user.h"

/* The same work and the same answer whoever has the address, or nobody: `quire work` finds out. */
static err want(struct call *c, enum mail_purpose purpose)
{
    TRY(outbox_want(c->db, c->arena, purpose, c->body[MAIL_FORM_EMAIL].text));
    c->reply->status = 202;
    buf_lit(&c->reply->body, "{\"message\":\"if an account has this address, a mail is on its way to it\"}");
    return NULL;
}

static err want_verification(struct call *c)
{
    return want(c, MAIL_VERIFY);
}

static err want_reset(struct call *c)
{
    return want(c, MAIL_RESET);
}

/* Nothing is kept of it under a key: it will be the same again, and anybody may try as often as they like. */
static err bad_token(struct call *c)
{
    c->in_vain = true;
    return error_new(c->arena, ERROR_MAIL_TOKEN,
                     "this link is not good: it was used, has expired, or a newer mail has replaced it");
}

static err done(struct call *c, int64_t id)
{
    c->about = id;
    reply_empty(c->reply);
    return NULL;
}

/* Whose token it is: a row of enum mail_owner. With mail_token_hold it is theirs until the transaction ends, whoever
 * else has it. */
static err owner(struct call *c, const struct statement *how, enum mail_purpose purpose, str token,
                 const struct value **who)
{
    struct rows rows;
    unsigned char hash[DIGEST_BYTES];
    if (!outbox_hash(c->arena, token, hash)) {
        return bad_token(c);
    }
    const struct value values[] = {value_bytes(hash, sizeof hash), value_int(purpose)};
    TRY(load_statement(c->db, c->arena, how, values, &rows));
    if (rows.n == 0) {
        return bad_token(c);
    }
    *who = rows.cells;
    return NULL;
}

static err spend(struct call *c, int64_t user_id, enum mail_purpose purpose)
{
    uint64_t matched = 0;
    struct value id = value_int(user_id);
    TRY(outbox_spend(c->db, c->arena, user_id, purpose));
    return write_statement(c->db, c->arena, &user_verified, &id, &matched);
}

static err verify(struct call *c)
{
    const struct value *who = NULL;
    TRY(owner(c, &mail_token_hold, MAIL_VERIFY, c->body[VERIFY_TOKEN].text, &who));
    int64_t id = who[MAIL_OWNER_ID].i;
    TRY(spend(c, id, MAIL_VERIFY));
    TRY(audit_note(c, AUDIT_EMAIL_VERIFIED, id, (str){0}));
    return done(c, id);
}

/* Who holds the mailbox is the person: their password is what they say now, and everybody else is out. */
static err set_password(struct call *c, int64_t id, str hash)
{
    uint64_t matched = 0;
    struct value row[USER__MAX] = {[USER_PASSWORD_HASH] = value_text(hash)};
    struct where user = {.count = 0};
    where_add(&user, &user_resource.fields[USER_ID], OP_EQ, value_int(id));
    TRY(write_update(c->db, c->arena, &user_resource, row, &user, &matched));
    TRY(audit_note(c, AUDIT_PASSWORD_RESET, id, (str){0}));
    return tokens_end(c->db, c->arena, id, 0);
}

/* Where they are is a known place from now on: whoever hammers the account does not keep its owner out. Their username
 * only if it leads to this account: it may look like the e-mail address of another, who then comes first. */
static err welcome(struct call *c, const struct value *who)
{
    struct rows rows;
    const struct value name = who[MAIL_OWNER_USERNAME_FOLD];
    const struct value both[] = {name, name};
    TRY(limits_welcome_as(c, who[MAIL_OWNER_EMAIL_FOLD].text));
    TRY(load_statement(c->db, c->arena, &user_by_login, both, &rows));
    bool theirs = rows.n > 0 && rows.cells[ACCOUNT_ID].i == who[MAIL_OWNER_ID].i;
    return theirs ? limits_welcome_as(c, name.text) : NULL;
}

/* Hashing takes long: it is done only for a token that is good, and nothing is locked meanwhile but the request's own
 * Idempotency-Key. Of two at once the second finds no token when it is its turn. */
static err reset(struct call *c)
{
    const struct value *who = NULL;
    str hash = {0};
    str token = c->body[RESET_TOKEN].text;
    TRY(owner(c, &mail_token_find, MAIL_RESET, token, &who));
    TRY(password_hash(c->arena, (unsigned)c->settings->bcrypt_cost, c->body[RESET_PASSWORD].text, &hash));
    TRY(owner(c, &mail_token_hold, MAIL_RESET, token, &who));
    TRY(spend(c, who[MAIL_OWNER_ID].i, MAIL_RESET));
    TRY(set_password(c, who[MAIL_OWNER_ID].i, hash));
    TRY(welcome(c, who));
    return done(c, who[MAIL_OWNER_ID].i);
}

static const struct route_group auth = {"auth", NULL};

#define PROMISE .body = &mail_form, .gives = {202}, .shows = {&mail_promise}, .group = &auth
#define CONFIRM .gives = {204}, .group = &auth, .fails = FAILS(ERROR_MAIL_TOKEN)

const struct route mails_routes[] = {
    {METHOD_POST, "/auth/verify-email", want_verification, ACCESS_OPEN, PROMISE,
     .limits = {&limit_mail, &limit_mail_verify}, .summary = "Ask for a mail that verifies an address",
     .doc = "The answer tells nobody whether there is such an account. Who signs up gets this mail unasked.",
     .operation = "requestEmailVerification"},
    {METHOD_POST, "/auth/verify-email/confirm", verify, ACCESS_OPEN, CONFIRM, .body = &verify_form,
     .summary = "Verify an address by the token of a mail", .operation = "verifyEmail"},
    {METHOD_POST, "/auth/password-reset", want_reset, ACCESS_OPEN, PROMISE,
     .limits = {&limit_mail, &limit_mail_reset}, .summary = "Ask for a mail that leads to a new password",
     .doc = "The answer tells nobody whether there is such an account.", .operation = "requestPasswordReset"},
    {METHOD_POST, "/auth/password-reset/confirm", reset, ACCESS_OPEN, CONFIRM, .body = &reset_form,
     .summary = "Set a new password by the token of a mail; all sessions end", .operation = "resetPassword"},
    ROUTES_END,
};

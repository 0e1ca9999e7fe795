#include "controllers/users.h"

#include "conf/settings.h"
#include "engine/load.h"
#include "engine/write.h"
#include "http/account.h"
#include "http/audit.h"
#include "http/cookie.h"
#include "http/etag.h"
#include "http/limit.h"
#include "http/tokens.h"
#include "mail/outbox.h"
#include "models/account.h"
#include "models/user.h"

const struct crud accounts_crud = {.resource = &user_resource, .owner = CRUD_NO_OWNER, .location = "/users/"};
static const struct crud me_crud = {
    .resource = &user_resource, .one = &user_self, .owner = CRUD_NO_OWNER, .location = "/users/"};
const struct crud people_crud = {.resource = &user_resource,
                                 .shape = &user_public,
                                 .owner = CRUD_NO_OWNER,
                                 .is_partial = true,
                                 .location = "/users/"};

err users_uid(struct call *c, struct value id, struct value *uid)
{
    struct plan p;
    struct rows rows;
    const struct field *key = &user_resource.fields[USER_ID];
    plan_start(&p, &user_resource);
    unsigned column = plan_column(&p, &user_resource.fields[USER_UID]);
    where_add(&p.where, key, OP_EQ, id);
    TRY(load_rows(c->db, c->arena, &p, &rows));
    if (rows.n == 0) {
        return load_not_found(c->arena, &user_resource, key, id);
    }
    *uid = rows.cells[column];
    return NULL;
}

static struct value me(const struct call *c)
{
    return value_int(c->actor.user_id);
}

static bool is_me(const struct call *c)
{
    return c->actor.signed_in && c->keys[0].i == c->actor.user_id;
}

/* The person themself and admins see the account, others the person. */
static const struct crud *as_seen(const struct call *c)
{
    return is_me(c) || c->actor.admin ? &accounts_crud : &people_crud;
}

/* Why no row was written: there is none, or it has been edited meanwhile. */
static err stale(struct call *c, struct value id)
{
    TRY(crud_require(c, &people_crud, id, false));
    return etag_stale(c, &user_resource);
}

static err find(struct call *c, const struct where *w, uint64_t *matched)
{
    struct plan p;
    struct rows rows;
    plan_start(&p, &user_resource);
    (void)plan_column(&p, &user_resource.fields[USER_ID]);
    p.where = *w;
    TRY(load_rows(c->db, c->arena, &p, &rows));
    *matched = rows.n;
    return NULL;
}

/* Changes a user row and shows it; with nothing to change only shows it. */
static err change_user(struct call *c, const struct crud *crud, struct value id, struct value *row,
                       bool anything)
{
    uint64_t matched = 0;
    struct where w = {.count = 0};
    where_add(&w, &user_resource.fields[USER_ID], OP_EQ, id);
    TRY(etag_condition(c, &user_resource, &w));
    TRY(anything ? write_update(c->db, c->arena, &user_resource, row, &w, &matched) : find(c, &w, &matched));
    TRY(matched == 0 ? stale(c, id) : NULL);
    return crud_show(c, crud, id);
}

/* Another address is nobody's until a mail to it was answered. */
static err patch_me(struct call *c)
{
    bool moved = false;
    struct value row[USER__MAX] = {
        [USER_USERNAME] = c->body[ACCOUNT_USERNAME], [USER_EMAIL] = c->body[ACCOUNT_EMAIL]};
    if (value_given(row[USER_EMAIL])) {
        TRY(outbox_move(c->db, c->arena, c->actor.user_id, row[USER_EMAIL].text, &moved));
    }
    TRY(change_user(c, &me_crud, me(c), row,
                    value_given(row[USER_USERNAME]) || value_given(row[USER_EMAIL])));
    return moved && c->settings->mail_verify ? outbox_want(c->db, c->arena, MAIL_VERIFY, row[USER_EMAIL].text)
                                             : NULL;
}

/* Whether the account of the path is there and not as wanted; it is held until commit. */
static err is_otherwise(struct call *c, bool on, bool *changes)
{
    struct plan p;
    struct rows rows;
    plan_start(&p, &user_resource);
    unsigned active = plan_column(&p, &user_resource.fields[USER_IS_ACTIVE]);
    where_add(&p.where, &user_resource.fields[USER_ID], OP_EQ, c->keys[0]);
    p.lock = true;
    TRY(load_rows(c->db, c->arena, &p, &rows));
    *changes = rows.n > 0 && (rows.cells[active].i != 0) != on;
    return NULL;
}

/* An admin switches an account off or on. Off, its sessions end and links in mails are no good, and switching
 * it on again brings none back. */
static err patch_user(struct call *c)
{
    struct value row[USER__MAX] = {[USER_IS_ACTIVE] = c->body[ACTIVATION_IS_ACTIVE]};
    bool wanted = value_given(row[USER_IS_ACTIVE]);
    bool on = wanted && row[USER_IS_ACTIVE].i != 0;
    bool changes = false;
    if (wanted && !on) {
        TRY(account_keep_admin(c->db, c->arena, c->keys[0].i));
    }
    TRY(wanted ? is_otherwise(c, on, &changes) : NULL);
    TRY(change_user(c, &accounts_crud, c->keys[0], row, changes));
    if (!changes) {
        return NULL;
    }
    if (!on) {
        TRY(tokens_end(c->db, c->arena, c->keys[0].i, 0));
        TRY(outbox_end_links(c->db, c->arena, c->keys[0].i));
    }
    return audit_note(c, on ? AUDIT_USER_ACTIVATED : AUDIT_USER_DEACTIVATED, c->keys[0].i, (str){0});
}

static err wrong_password(struct call *c)
{
    return error_new(c->arena, ERROR_WRONG_PASSWORD, "the current password is wrong");
}

static err check_password(struct call *c, str password, str *hash)
{
    TRY(account_check_password(c->db, c->arena, c->actor.user_id, password, hash));
    return hash->n > 0 ? NULL : wrong_password(c);
}

/* A new password ends all other sessions, and no link that was mailed before sets another. */
static err put_password(struct call *c)
{
    str hash = {0};
    bool done = false;
    TRY(check_password(c, c->body[PASSWORD_CURRENT].text, &hash));
    TRY(account_set_password(c->db, c->arena, (unsigned)c->settings->bcrypt_cost, c->actor.user_id,
                             c->body[PASSWORD_NEW].text, hash, &done));
    if (!done) {
        return wrong_password(c); /* another request was faster */
    }
    TRY(tokens_end(c->db, c->arena, c->actor.user_id, c->actor.session_id));
    TRY(outbox_spend(c->db, c->arena, c->actor.user_id, MAIL_RESET));
    TRY(audit_note(c, AUDIT_PASSWORD_CHANGED, c->actor.user_id, (str){0}));
    reply_empty(c->reply);
    return NULL;
}

static err remove_user(struct call *c, struct value id)
{
    uint64_t matched = 0;
    struct where w = {.count = 0};
    where_add(&w, &user_resource.fields[USER_ID], OP_EQ, id);
    TRY(etag_condition(c, &user_resource, &w));
    TRY(account_remove(c->db, c->arena, id.i, &w, &matched));
    if (matched == 0) {
        return stale(c, id);
    }
    TRY(audit_note(c, AUDIT_USER_DELETED, id.i, (str){0}));
    if (id.i == c->actor.user_id) {
        cookie_clear(c);
    }
    reply_empty(c->reply);
    return NULL;
}

static err delete_me(struct call *c)
{
    str hash = {0};
    TRY(check_password(c, c->body[FAREWELL_PASSWORD].text, &hash));
    return remove_user(c, me(c));
}

static err delete_user(struct call *c)
{
    if (!is_me(c) && !c->actor.admin) {
        TRY(crud_require(c, &people_crud, c->keys[0], false));
        return error_new(c->arena, ERROR_FORBIDDEN, "Not authorized to perform requested action");
    }
    return remove_user(c, c->keys[0]);
}

static const struct route_group users = {"users", NULL};

#define ACCOUNTS .crud = &accounts_crud
#define ONE_USER .keys = {&user_resource}

const struct route users_routes[] = {
    {METHOD_GET, "/users", crud_list, ACCESS_ADMIN, ACCOUNTS, .is_list = true, .summary = "List accounts"},
    {METHOD_GET, "/users/me", crud_read, ACCESS_USER, .crud = &me_crud, .mine = true,
     .summary = "Read your account, with your books and reviews"},
    {METHOD_PATCH, "/users/me", patch_me, ACCESS_USER, .body = &account_form, .mode = VALIDATE_PATCH,
     .crud = &me_crud, .limits = {&limit_mail, &limit_mail_verify}, .summary = "Change your account",
     .doc =
         "Another e-mail address counts as a mail that is asked for, and is nobody's until it is verified."},
    {METHOD_DELETE, "/users/me", delete_me, ACCESS_USER, .body = &farewell_form, .crud = &me_crud,
     .limits = {&limit_password}, .summary = "Delete your account and what is yours",
     .doc = "Posts, comments, votes, microposts, profile, roles and sessions go with it; books and reviews "
            "stay, without their user.",
     .fails = FAILS(ERROR_WRONG_PASSWORD) | FAILS(ERROR_LAST_ADMIN)},
    {METHOD_PUT, "/users/me/password", put_password, ACCESS_USER, .body = &password_form, .gives = {204},
     .limits = {&limit_password}, .summary = "Change your password; all other sessions end", .group = &users,
     .fails = FAILS(ERROR_WRONG_PASSWORD)},
    {METHOD_GET, "/users/{id}", crud_read, ACCESS_READ, ONE_USER, .crud = &accounts_crud, .seen_as = as_seen,
     .shows = {&user_whole, &user_public},
     .summary = "Read a user: all of yourself, of others what is public",
     .doc = "Of others, `fields` names what is public, and `include` adds nothing."},
    {METHOD_PATCH, "/users/{id}", patch_user, ACCESS_ADMIN, ONE_USER, .body = &activation_form,
     .mode = VALIDATE_PATCH, .crud = &accounts_crud, .summary = "Switch an account off or on",
     .doc = "Of an account that is switched off no token is good.", .fails = FAILS(ERROR_LAST_ADMIN)},
    {METHOD_DELETE, "/users/{id}", delete_user, ACCESS_USER, ONE_USER, .crud = &accounts_crud,
     .summary = "Delete an account, yours or as an admin",
     .doc = "What goes with it, and what stays, is as for `/users/me`.",
     .fails = FAILS(ERROR_FORBIDDEN) | FAILS(ERROR_LAST_ADMIN)},
    ROUTES_END,
};

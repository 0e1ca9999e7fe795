#include "http/account.h"

#include "base/arena.h"
#include "base/text.h"
#include "engine/load.h"
#include "engine/remove.h"
#include "engine/write.h"
#include "http/audit.h"
#include "io/password.h"
#include "mail/outbox.h"
#include "models/all.h"
#include "models/role.h"
#include "models/user.h"

err account_create(struct db *db, struct arena *a, unsigned cost, struct value *row, str password,
                   int64_t *id)
{
    str hash = {0};
    TRY(password_hash(a, cost, password, &hash));
    row[USER_PASSWORD_HASH] = value_text(hash);
    return write_insert(db, a, &user_resource, row, id);
}

err account_check_password(struct db *db, struct arena *a, int64_t user_id, str password, str *hash)
{
    struct rows rows;
    bool ok = false;
    struct value id = value_int(user_id);
    TRY(load_statement(db, a, &user_secret, &id, &rows));
    str stored = rows.n > 0 ? rows.cells[SECRET_PASSWORD_HASH].text : (str){0};
    if (rows.n > 0) {
        TRY(password_check(a, stored, password, &ok));
    }
    *hash = ok ? stored : (str){0};
    return NULL;
}

err account_set_password(struct db *db, struct arena *a, unsigned cost, int64_t user_id, str password,
                         str before, bool *done)
{
    str hash = {0};
    struct where w = {.count = 0};
    uint64_t matched = 0;
    TRY(password_hash(a, cost, password, &hash));
    struct value row[USER__MAX] = {[USER_PASSWORD_HASH] = value_text(hash)};
    where_add(&w, &user_resource.fields[USER_ID], OP_EQ, value_int(user_id));
    where_add(&w, &user_resource.fields[USER_PASSWORD_HASH], OP_EQ, value_text(before));
    TRY(write_update(db, a, &user_resource, row, &w, &matched));
    *done = matched == 1;
    return NULL;
}

err account_keep_admin(struct db *db, struct arena *a, int64_t user_id)
{
    struct rows rows;
    uint64_t matched = 0;
    struct value id = value_int(user_id);
    TRY(load_statement(db, a, &role_admin_held, &id, &rows));
    if (rows.n == 0) {
        return NULL;
    }
    TRY(load_statement(db, a, &role_other_admins, &id, &rows));
    if (rows.n == 0) {
        return error_new(a, ERROR_LAST_ADMIN, "the last admin cannot go");
    }
    /* nodes of a Galera cluster do not hear of each other's locks, only of what is written */
    return write_statement(db, a, &role_admin_leaves, NULL, &matched);
}

/* What accounts and roles are found by: the columns of both shapes below. */
enum found { FOUND_ID, FOUND_NAME };

err account_find(struct db *db, struct arena *a, bool by_email, str text, int64_t *id, str *username)
{
    static const unsigned char fields[] = {USER_ID, USER_USERNAME};
    static const struct shape shape = SHAPE("UserName", &user_resource, fields);
    struct plan p;
    struct rows rows;
    str folded = text_fold(a, text);
    plan_init(&p, &user_resource, &shape);
    where_add(&p.where, &user_resource.fields[by_email ? USER_EMAIL_FOLD : USER_USERNAME_FOLD], OP_EQ,
              value_bytes(folded.p, folded.n));
    TRY(load_rows(db, a, &p, &rows));
    if (rows.n == 0) {
        return error_new(a, ERROR_NOT_FOUND, "there is no user with the %s %.*s",
                         by_email ? "e-mail address" : "username", STR_ARGS(text));
    }
    *id = rows.cells[FOUND_ID].i;
    *username = rows.cells[FOUND_NAME].text;
    return NULL;
}

/* The id of the role of that name, 0 when there is none. Another spelling of the same name is another role, and no
 * second one can be made beside it. */
static err find_role(struct db *db, struct arena *a, str name, bool lock, int64_t *id)
{
    static const unsigned char fields[] = {ROLE_ID, ROLE_NAME};
    static const struct shape shape = SHAPE("RoleName", &role_resource, fields);
    struct plan p;
    struct rows rows;
    str folded = text_fold(a, name);
    plan_init(&p, &role_resource, &shape);
    where_add(&p.where, &role_resource.fields[ROLE_NAME_KEY], OP_EQ, value_bytes(folded.p, folded.n));
    p.lock = lock;
    TRY(load_rows(db, a, &p, &rows));
    if (rows.n > 0 && !str_eq(rows.cells[FOUND_NAME].text, name)) {
        return error_new(a, ERROR_CONFLICT,
                         "the role \"%.*s\" stands in the way: rights come with \"%.*s\" alone",
                         STR_ARGS(rows.cells[FOUND_NAME].text), STR_ARGS(name));
    }
    *id = rows.n == 0 ? 0 : rows.cells[FOUND_ID].i;
    return NULL;
}

err account_find_role(struct db *db, struct arena *a, str role, int64_t *id)
{
    return find_role(db, a, role, false, id);
}

/* Makes the role; when another was faster, takes theirs. */
static err make_role(struct db *db, struct arena *a, str role, int64_t *id)
{
    struct value row[ROLE__MAX] = {[ROLE_NAME] = value_text(role)};
    err e = write_insert(db, a, &role_resource, row, id);
    return e != NULL && e->code == ERROR_DUPLICATE ? find_role(db, a, role, false, id) : e;
}

err account_revoke(struct db *db, struct arena *a, int64_t user_id, str role, bool *held)
{
    int64_t role_id = 0;
    uint64_t matched = 0;
    struct where w = {.count = 0};
    *held = false;
    err e = find_role(db, a, role, true, &role_id);
    if (e != NULL) {
        return e->code == ERROR_CONFLICT ? NULL : e;
    }
    if (role_id == 0) {
        return NULL;
    }
    if (str_eq(role, STR(ROLE_ADMIN))) {
        TRY(account_keep_admin(db, a, user_id));
    }
    where_add(&w, &user_role_resource.fields[USER_ROLE_USER_ID], OP_EQ, value_int(user_id));
    where_add(&w, &user_role_resource.fields[USER_ROLE_ROLE_ID], OP_EQ, value_int(role_id));
    TRY(remove_rows(db, a, &models, &user_role_resource, &w, &matched));
    *held = matched > 0;
    return *held ? audit_note_local(db, a, AUDIT_ROLE_REVOKED, user_id, audit_detail(a, "role", role)) : NULL;
}

err account_grant(struct db *db, struct arena *a, int64_t user_id, str role)
{
    int64_t role_id = 0;
    int64_t none = 0;
    TRY(find_role(db, a, role, false, &role_id));
    if (role_id == 0) {
        TRY(make_role(db, a, role, &role_id));
    }
    struct value row[USER_ROLE__MAX] = {
        [USER_ROLE_USER_ID] = value_int(user_id), [USER_ROLE_ROLE_ID] = value_int(role_id)};
    TRY(write_insert(db, a, &user_role_resource, row, &none));
    return audit_note_local(db, a, AUDIT_ROLE_GRANTED, user_id, audit_detail(a, "role", role));
}

err account_remove(struct db *db, struct arena *a, int64_t user_id, const struct where *w, uint64_t *matched)
{
    TRY(account_keep_admin(db, a, user_id));
    TRY(outbox_forget(db, a, user_id));
    return remove_rows(db, a, &models, &user_resource, w, matched);
}

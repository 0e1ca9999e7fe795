#include "http/account.h"

#include "base/arena.h"
#include "base/text.h"
#include "engine/load.h"
#include "engine/write.h"
#include "io/password.h"
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

err account_set_password(struct db *db, struct arena *a, unsigned cost, int64_t user_id, str password)
{
    str hash = {0};
    struct where w = {.count = 0};
    uint64_t matched = 0;
    TRY(password_hash(a, cost, password, &hash));
    struct value row[USER__MAX] = {[USER_PASSWORD_HASH] = value_text(hash)};
    where_add(&w, &user_resource.fields[USER_ID], OP_EQ, value_int(user_id));
    return write_update(db, a, &user_resource, row, &w, &matched);
}

err account_check_password(struct db *db, struct arena *a, int64_t user_id, str password, bool *ok)
{
    struct rows rows;
    struct value id = value_int(user_id);
    TRY(load_statement(db, a, &user_secret, &id, &rows));
    if (rows.n == 0) {
        *ok = false;
        return NULL;
    }
    return password_check(a, rows.cells[0].text, password, ok);
}

err account_keep_admin(struct db *db, struct arena *a, int64_t user_id)
{
    struct rows admins;
    TRY(load_statement(db, a, &role_admins, NULL, &admins));
    if (admins.n == 1 && admins.cells[0].i == user_id) {
        return error_new(a, ERROR_LAST_ADMIN, "the last admin cannot go");
    }
    return NULL;
}

static err find_role(struct db *db, struct arena *a, str name, int64_t *id)
{
    static const unsigned char key[] = {ROLE_ID};
    static const struct shape shape = SHAPE("Key", &role_resource, key);
    struct plan p;
    struct rows rows;
    str folded = text_fold(a, name);
    plan_init(&p, &role_resource, &shape);
    where_add(&p.where, &role_resource.fields[ROLE_NAME_KEY], OP_EQ, value_bytes(folded.p, folded.n));
    TRY(load_page(db, a, &p, &rows));
    *id = rows.n == 0 ? 0 : rows.cells[0].i;
    return NULL;
}

err account_grant(struct db *db, struct arena *a, int64_t user_id, str role)
{
    int64_t role_id = 0;
    int64_t none = 0;
    TRY(find_role(db, a, role, &role_id));
    if (role_id == 0) {
        struct value row[ROLE__MAX] = {[ROLE_NAME] = value_text(role)};
        TRY(write_insert(db, a, &role_resource, row, &role_id));
    }
    struct value row[USER_ROLE__MAX] = {
        [USER_ROLE_USER_ID] = value_int(user_id), [USER_ROLE_ROLE_ID] = value_int(role_id)};
    err e = write_insert(db, a, &user_role_resource, row, &none);
    return e != NULL && e->code == ERROR_DUPLICATE ? NULL : e;
}

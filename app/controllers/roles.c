#include "controllers/roles.h"

#include "controllers/users.h"
#include "engine/load.h"
#include "engine/remove.h"
#include "engine/render.h"
#include "engine/write.h"
#include "http/account.h"
#include "http/audit.h"
#include "http/crud.h"
#include "models/all.h"
#include "models/role.h"
#include "models/user.h"

static const struct crud roles = {.resource = &role_resource, .owner = CRUD_NO_OWNER, .location = "/roles/"};

static const struct crud grants = {
    .resource = &user_role_resource, .shape = &user_role_grant, .owner = CRUD_NO_OWNER};

static err note(struct call *c, enum audit_event event, int64_t subject, str role)
{
    return audit_note(c, event, subject, audit_detail(c->arena, "role", role));
}

/* The name of a role, which is locked; empty when there is none. */
static err lock_name(struct call *c, struct value role, str *name)
{
    struct plan p;
    struct rows rows;
    plan_start(&p, &role_resource);
    unsigned column = plan_column(&p, &role_resource.fields[ROLE_NAME]);
    where_add(&p.where, &role_resource.fields[ROLE_ID], OP_EQ, role);
    p.lock = true;
    TRY(load_rows(c->db, c->arena, &p, &rows));
    *name = STR("");
    if (rows.n > 0) {
        *name = rows.cells[column].text;
    }
    return NULL;
}

/* Without the role there would be no admin. *name is what it is called. */
static err keep_admin_role(struct call *c, str *name)
{
    TRY(lock_name(c, c->keys[0], name));
    return str_eq(*name, STR(ROLE_ADMIN))
               ? error_new(c->arena, ERROR_LAST_ADMIN, "the role that makes admins cannot go or be renamed")
               : NULL;
}

static err create(struct call *c)
{
    TRY(crud_insert(c, c->route->crud));
    return note(c, AUDIT_ROLE_CREATED, 0, c->body[ROLE_NAME].text);
}

/* The name is what gives rights: a new one may take them from those who hold the role, or give them some. */
static err patch(struct call *c)
{
    struct value name = c->body[ROLE_NAME];
    str before = {0};
    if (!value_given(name)) {
        return crud_patch(c);
    }
    TRY(str_eq(name.text, STR(ROLE_ADMIN)) ? lock_name(c, c->keys[0], &before) : keep_admin_role(c, &before));
    TRY(crud_patch(c));
    return str_eq(name.text, before) ? NULL : note(c, AUDIT_ROLE_CHANGED, 0, name.text);
}

static err delete (struct call *c)
{
    str name = {0};
    TRY(keep_admin_role(c, &name));
    TRY(crud_delete(c));
    return note(c, AUDIT_ROLE_DELETED, 0, name);
}

static err list_of_user(struct call *c)
{
    if (!c->actor.admin && c->keys[0].i != c->actor.user_id) {
        return error_new(c->arena, ERROR_FORBIDDEN, "Not authorized to perform requested action");
    }
    TRY(crud_require(c, &people_crud, c->keys[0], false));
    where_add(&c->list->where, &user_role_resource.fields[USER_ROLE_USER_ID], OP_EQ, c->keys[0]);
    return crud_list(c);
}

static err list_holders(struct call *c)
{
    const struct field *f = user_role_resource.fields;
    const struct relation held = {&user_role_resource, &f[USER_ROLE_USER_ID], &f[USER_ROLE_ROLE_ID], NULL};
    TRY(crud_require(c, &roles, c->keys[0], false));
    where_related(&c->list->where, 0, &user_resource.fields[USER_ID], &held, c->keys[0]);
    return crud_list(c);
}

static void where_grant(const struct call *c, struct where *w)
{
    w->count = 0;
    where_add(w, &user_role_resource.fields[USER_ROLE_USER_ID], OP_EQ, c->keys[0]);
    where_add(w, &user_role_resource.fields[USER_ROLE_ROLE_ID], OP_EQ, c->keys[1]);
}

/* Shows what the user holds; *held is false when they do not. */
static err show_grant(struct call *c, bool *held)
{
    struct plan p;
    struct page page;
    plan_init(&p, &user_role_resource, &user_role_grant);
    where_grant(c, &p.where);
    TRY(load_page(c->db, c->arena, &p, &page));
    *held = page.rows.n > 0;
    if (*held) {
        render_row(&c->reply->body, &p, &page, 0);
    }
    return NULL;
}

/* The role is held until commit, so that it is not deleted meanwhile. */
static err require_both(struct call *c)
{
    TRY(crud_require(c, &people_crud, c->keys[0], false));
    return crud_require(c, &roles, c->keys[1], true);
}

/* PUT /users/{id}/roles/{role_id}: 201, or 200 when it is held already. */
static err give(struct call *c)
{
    bool held = false;
    int64_t none = 0;
    struct value row[USER_ROLE__MAX] = {[USER_ROLE_USER_ID] = c->keys[0],
                                        [USER_ROLE_ROLE_ID] = c->keys[1],
                                        [USER_ROLE_ASSIGNED_BY] = value_int(c->actor.user_id)};
    TRY(require_both(c));
    TRY(show_grant(c, &held));
    if (held) {
        return NULL;
    }
    err e = write_insert(c->db, c->arena, &user_role_resource, row, &none);
    if (e != NULL && e->code != ERROR_DUPLICATE) {
        return e;
    }
    if (e == NULL) { /* else another was faster */
        str name = {0};
        crud_made_here(c);
        TRY(lock_name(c, c->keys[1], &name));
        TRY(note(c, AUDIT_ROLE_GRANTED, c->keys[0].i, name));
    }
    return show_grant(c, &held);
}

static err take(struct call *c)
{
    str name = {0};
    struct where w;
    uint64_t matched = 0;
    TRY(require_both(c));
    TRY(lock_name(c, c->keys[1], &name));
    if (str_eq(name, STR(ROLE_ADMIN))) {
        TRY(account_keep_admin(c->db, c->arena, c->keys[0].i));
    }
    where_grant(c, &w);
    TRY(remove_rows(c->db, c->arena, &models, &user_role_resource, &w, &matched));
    if (matched == 0) {
        return error_new(c->arena, ERROR_NOT_FOUND, "user %lld does not hold the role with id: %lld",
                         (long long)c->keys[0].i, (long long)c->keys[1].i);
    }
    TRY(note(c, AUDIT_ROLE_REVOKED, c->keys[0].i, name));
    reply_empty(c->reply);
    return NULL;
}

static const struct route_group holding = {"roles", NULL};

#define ROLES    .crud = &roles
#define ONE_ROLE .crud = &roles, .keys = {&role_resource}
#define GRANT    .keys = {&user_resource, &role_resource}

const struct route roles_routes[] = {
    {METHOD_GET, "/roles", crud_list, ACCESS_READ, ROLES, .is_list = true, .summary = "List roles"},
    {METHOD_POST, "/roles", create, ACCESS_ADMIN, ROLES, .body = &role_resource, .gives = {201},
     .summary = "Make a role"},
    {METHOD_GET, "/roles/{id}", crud_read, ACCESS_READ, ONE_ROLE, .summary = "Read a role"},
    {METHOD_PATCH, "/roles/{id}", patch, ACCESS_ADMIN, ONE_ROLE, .body = &role_resource,
     .mode = VALIDATE_PATCH, .summary = "Change a role", .fails = FAILS(ERROR_LAST_ADMIN)},
    {METHOD_DELETE, "/roles/{id}", delete, ACCESS_ADMIN, ONE_ROLE, .summary = "Delete a role",
     .doc = "Nobody holds it any more.", .fails = FAILS(ERROR_LAST_ADMIN)},
    {METHOD_GET, "/roles/{id}/users", list_holders, ACCESS_ADMIN, .crud = &accounts_crud,
     .keys = {&role_resource}, .is_list = true, .summary = "List who holds a role"},
    {METHOD_GET, "/users/{id}/roles", list_of_user, ACCESS_USER, .crud = &grants, .keys = {&user_resource},
     .is_list = true, .summary = "List the roles of a user, yourself or as an admin", .group = &holding,
     .fails = FAILS(ERROR_FORBIDDEN)},
    {METHOD_PUT, "/users/{id}/roles/{role_id}", give, ACCESS_ADMIN, GRANT, .summary = "Give a role to a user",
     .operation = "grantRole", .group = &holding, .shows = {&user_role_grant}, .gives = {201, 200}},
    {METHOD_DELETE, "/users/{id}/roles/{role_id}", take, ACCESS_ADMIN, GRANT,
     .summary = "Take a role from a user", .operation = "revokeRole", .group = &holding,
     .fails = FAILS(ERROR_LAST_ADMIN)},
    ROUTES_END,
};

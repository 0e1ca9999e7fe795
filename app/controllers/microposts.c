#include "controllers/microposts.h"

#include "controllers/users.h"
#include "http/crud.h"
#include "http/limit.h"
#include "models/micropost.h"
#include "models/user.h"

static const struct crud microposts = {
    .resource = &micropost_resource,
    .owner = MICROPOST_USER_ID,
    .by_default = "-timestamp",
    .location = "/microposts/",
};

static err of_user(struct call *c)
{
    TRY(crud_require(c, &people_crud, c->keys[0], false));
    where_add(&c->list->where, &micropost_resource.fields[MICROPOST_USER_ID], OP_EQ, c->keys[0]);
    return crud_list(c);
}

#define MICROPOSTS    .crud = &microposts
#define ONE_MICROPOST .crud = &microposts, .keys = {&micropost_resource}

const struct route microposts_routes[] = {
    {METHOD_GET, "/microposts", crud_list, ACCESS_READ, MICROPOSTS, .is_list = true,
     .summary = "List microposts, the newest first"},
    {METHOD_POST, "/microposts", crud_create, ACCESS_USER, MICROPOSTS, .body = &micropost_resource,
     .limits = {&limit_create}, .summary = "Write a micropost"},
    {METHOD_GET, "/microposts/{id}", crud_read, ACCESS_READ, ONE_MICROPOST, .summary = "Read a micropost"},
    {METHOD_PATCH, "/microposts/{id}", crud_patch, ACCESS_USER, ONE_MICROPOST, .body = &micropost_resource,
     .mode = VALIDATE_PATCH, .summary = "Change a micropost"},
    {METHOD_DELETE, "/microposts/{id}", crud_delete, ACCESS_USER, ONE_MICROPOST,
     .summary = "Delete a micropost"},
    {METHOD_GET, "/users/{id}/microposts", of_user, ACCESS_READ, MICROPOSTS, .keys = {&user_resource},
     .is_list = true, .summary = "List the microposts of a user"},
    ROUTES_END,
};

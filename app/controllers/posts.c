#include "controllers/posts.h"

#include "controllers/users.h"
#include "engine/plan.h"
#include "http/limit.h"
#include "models/post.h"
#include "models/user.h"

enum { PUBLISHED_OR_OWN = 1 };

/* Others' unpublished posts are not there; an admin sees all. */
static void visible(const struct call *c, struct where *w)
{
    const struct field *published = &post_resource.fields[POST_PUBLISHED];
    if (c->actor.admin) {
        return;
    }
    where_either(w, PUBLISHED_OR_OWN, published, OP_EQ, value_bool(true));
    if (c->actor.signed_in) {
        where_either(w, PUBLISHED_OR_OWN, &post_resource.fields[POST_OWNER_ID], OP_EQ,
                     value_int(c->actor.user_id));
    }
}

const struct crud posts_crud = {
    .resource = &post_resource,
    .owner = POST_OWNER_ID,
    .visible = visible,
    .location = "/posts/",
};

static err of_user(struct call *c)
{
    TRY(crud_require(c, &people_crud, c->keys[0], false));
    where_add(&c->list->where, &post_resource.fields[POST_OWNER_ID], OP_EQ, c->keys[0]);
    return crud_list(c);
}

#define POSTS    .crud = &posts_crud
#define ONE_POST .crud = &posts_crud, .keys = {&post_resource}

const struct route posts_routes[] = {
    {METHOD_GET, "/posts", crud_list, ACCESS_READ, POSTS, .is_list = true, .summary = "List posts",
     .doc = "Others' drafts are not in it."},
    {METHOD_POST, "/posts", crud_create, ACCESS_USER, POSTS, .body = &post_resource,
     .limits = {&limit_create}, .summary = "Write a post"},
    {METHOD_GET, "/posts/{id}", crud_read, ACCESS_READ, ONE_POST, .summary = "Read a post",
     .doc = "Another's draft is 404."},
    {METHOD_PUT, "/posts/{id}", crud_replace, ACCESS_USER, ONE_POST, .body = &post_resource,
     .mode = VALIDATE_REPLACE, .summary = "Replace a post"},
    {METHOD_PATCH, "/posts/{id}", crud_patch, ACCESS_USER, ONE_POST, .body = &post_resource,
     .mode = VALIDATE_PATCH, .summary = "Change a post"},
    {METHOD_DELETE, "/posts/{id}", crud_delete, ACCESS_USER, ONE_POST,
     .summary = "Delete a post, with its comments and votes"},
    {METHOD_GET, "/users/{id}/posts", of_user, ACCESS_READ, POSTS, .keys = {&user_resource}, .is_list = true,
     .summary = "List the posts of a user"},
    ROUTES_END,
};

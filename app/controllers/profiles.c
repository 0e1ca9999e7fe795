#include "controllers/profiles.h"

#include "base/arena.h"
#include "engine/write.h"
#include "http/crud.h"
#include "http/etag.h"
#include "http/limit.h"
#include "http/upload.h"
#include "models/profile.h"
#include "models/user.h"

static const struct crud profiles = {
    .resource = &profile_resource, .owner = PROFILE_USER_ID, .location = "/users/{}/profile"};

/* Changes the actor's profile to the body; *matched says whether there is one (and If-Match allows it). */
static err replace(struct call *c, uint64_t *matched)
{
    struct where w = {.count = 0};
    where_add(&w, &profile_resource.fields[PROFILE_USER_ID], OP_EQ, c->keys[0]);
    TRY(etag_condition(c, &profile_resource, &w));
    return write_update(c->db, c->arena, &profile_resource, c->body, &w, matched);
}

/* PUT creates (201) or replaces (200). Of two that create at once, the second replaces. */
static err put(struct call *c)
{
    uint64_t matched = 0;
    TRY(replace(c, &matched));
    if (matched > 0) {
        return crud_show(c, &profiles, c->keys[0]);
    }
    if (c->request->has_if_match) { /* what is not there matches no tag, not even * */
        return error_new(c->arena, ERROR_STALE,
                         "this profile has been edited or deleted since: read it again");
    }
    err e = crud_insert(c, &profiles);
    if (e == NULL || e->code != ERROR_DUPLICATE) {
        return e;
    }
    if (etag_forbids_change(c)) {
        return etag_stale(c, &profile_resource);
    }
    c->body[PROFILE_USER_ID] = (struct value){.kind = VALUE_ABSENT};
    TRY(replace(c, &matched));
    return crud_show(c, &profiles, c->keys[0]);
}

/* A picture of the actor, in the profile they have or get by it. */
static err put_avatar(struct call *c)
{
    c->body = ARENA_ARRAY(c->arena, struct value, PROFILE__MAX);
    c->body[PROFILE_AVATAR_URL] = value_text(upload_url(c));
    return put(c);
}

#define MY_PROFILE .crud = &profiles, .mine = true

const struct route profiles_routes[] = {
    {METHOD_GET, "/users/me/profile", crud_read, ACCESS_USER, MY_PROFILE, .summary = "Read your profile"},
    {METHOD_POST, "/users/me/profile", crud_create, ACCESS_USER, MY_PROFILE, .body = &profile_resource,
     .summary = "Make your profile"},
    {METHOD_PUT, "/users/me/profile", put, ACCESS_USER, MY_PROFILE, .body = &profile_resource,
     .mode = VALIDATE_REPLACE, .gives = {201, 200}, .summary = "Make or replace your profile"},
    {METHOD_PATCH, "/users/me/profile", crud_patch, ACCESS_USER, MY_PROFILE, .body = &profile_resource,
     .mode = VALIDATE_PATCH, .summary = "Change your profile"},
    {METHOD_DELETE, "/users/me/profile", crud_delete, ACCESS_USER, MY_PROFILE,
     .summary = "Delete your profile"},
    /* A picture is kept, whatever becomes of the request: nobody may fill the folder. */
    {METHOD_PUT, "/users/me/avatar", put_avatar, ACCESS_USER, MY_PROFILE, .upload = true, .gives = {201, 200},
     .limits = {&limit_create}, .summary = "Upload a picture of yourself",
     .doc = "The multipart field `file` holds a PNG, JPEG or WebP; `avatar_url` of your profile is set to "
            "it, and the profile is made when there is none."},
    {METHOD_GET, "/users/{id}/profile", crud_read, ACCESS_READ, .crud = &profiles, .keys = {&user_resource},
     .summary = "Read the profile of a user"},
    ROUTES_END,
};

/*
 * crud: the handlers that every resource would otherwise write again: list, read, create, replace, patch,
 * delete, derived from the declared table and from what a controller says is special.
 *
 * Access is folded into the statements as conditions: `visible` says which rows the actor may know of;
 * `owner` is the reference to whom a row belongs: it is set on create, and only the owner or an admin may
 * write. A row that is not visible is 404, one that is another's is 403.
 *
 *     static const struct crud posts = {
 *         .resource = &post_resource, .owner = POST_OWNER_ID, .visible = visible_posts, .location = "/posts/",
 *     };
 */
#ifndef QUIRE_HTTP_CRUD_H
#define QUIRE_HTTP_CRUD_H

#include "http/call.h"
#include "http/route.h"

enum { CRUD_NO_OWNER = -1 };

struct crud {
    const struct resource *resource;
    const struct shape *shape; /* NULL: the resource's own, and relations on request */
    const struct shape *one;   /* of a single row; NULL: as in lists */
    int owner;                 /* a REF to users, or CRUD_NO_OWNER */
    void (*visible)(const struct call *c, struct where *w); /* NULL: everything is visible */
    bool is_private;        /* a row is there for its owner alone, not for admins either */
    bool is_partial;        /* shown to who cannot edit it: the ETag does not tell how often that happened */
    const char *by_default; /* order of lists, as sort_by has it; NULL: by key */
    const char *location;   /* path of an object, for Location: the key stands for {}, or at the end */
};

MUST_USE err crud_list(struct call *c);
MUST_USE err crud_read(struct call *c);
MUST_USE err crud_create(struct call *c);
MUST_USE err crud_replace(struct call *c);
MUST_USE err crud_patch(struct call *c);
MUST_USE err crud_delete(struct call *c);

/* Runs c->list, to which the caller may have added conditions, and shows the rows, with the headers of a list. */
MUST_USE err crud_show_list(struct call *c);
/* Shows the visible row of crud with that key, or ERROR_NOT_FOUND. */
MUST_USE err crud_show(struct call *c, const struct crud *crud, struct value key);
/* ERROR_NOT_FOUND unless the row of crud with that key is there and visible. `lock`: holds
 * it until commit. */
MUST_USE err crud_require(struct call *c, const struct crud *crud, struct value key, bool lock);
/* 201 with Location and the row. */
MUST_USE err crud_created(struct call *c, const struct crud *crud, struct value key);
/* 201 with Location: a PUT has made what its path names. */
void crud_made_here(struct call *c);
/* 202 with Location and the row: work that goes on. */
MUST_USE err crud_accepted(struct call *c, const struct crud *crud, struct value key);
/* Inserts c->body, owned by the actor, and answers as crud_created(). For handlers that have filled in more. */
MUST_USE err crud_insert(struct call *c, const struct crud *crud);
/* ERROR_NOT_FOUND or ERROR_FORBIDDEN unless the actor may write that row, which is then held until commit. */
MUST_USE err crud_require_writable(struct call *c, const struct crud *crud, struct value key);

/* What the rows of the route are to who asks: its .seen_as, else its .crud. */
const struct crud *crud_seen(const struct call *c);
/* The shape in which crud shows a row of a list, and a single one. */
const struct shape *crud_shape(const struct crud *crud);
const struct shape *crud_shape_of_one(const struct crud *crud);
/* Whether the route's handler is one of the six above, which look at route->crud. */
bool crud_serves(const struct route *route);

#endif

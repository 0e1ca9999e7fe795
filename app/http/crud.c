#include "http/crud.h"

#include <inttypes.h>

#include "base/arena.h"
#include "conf/settings.h"
#include "engine/load.h"
#include "engine/remove.h"
#include "engine/render.h"
#include "engine/write.h"
#include "http/etag.h"
#include "http/link.h"
#include "models/all.h"
#include "models/user.h"

const struct shape *crud_shape(const struct crud *crud)
{
    return crud->shape != NULL ? crud->shape : crud->resource->shape;
}

const struct shape *crud_shape_of_one(const struct crud *crud)
{
    return crud->one != NULL ? crud->one : crud_shape(crud);
}

static const struct field *key_of(const struct crud *crud)
{
    return &crud->resource->fields[resource_key(crud->resource)];
}

static void where_key(struct where *w, const struct crud *crud, struct value key)
{
    where_add(w, key_of(crud), OP_EQ, key);
}

/* The actor, as that reference to users holds them. */
static struct value actor_by(const struct call *c, const struct field *ref)
{
    return field_kind(ref) == VALUE_BYTES ? value_bytes(c->actor.user_uid, sizeof c->actor.user_uid)
                                          : value_int(c->actor.user_id);
}

static void where_own(const struct call *c, const struct crud *crud, struct where *w)
{
    const struct field *owner = &crud->resource->fields[crud->owner];
    where_add(w, owner, OP_EQ, actor_by(c, owner));
}

static void where_visible(const struct call *c, const struct crud *crud, struct where *w)
{
    if (crud->is_private) {
        where_own(c, crud, w);
    }
    if (crud->visible != NULL) {
        crud->visible(c, w);
    }
}

err crud_show_list(struct call *c)
{
    struct page page;
    TRY(load_page(c->db, c->arena, c->list, &page));
    TRY(link_put(c, &page));
    render_list(&c->reply->body, c->list, &page);
    return NULL;
}

err crud_list(struct call *c)
{
    where_visible(c, c->route->crud, &c->list->where);
    return crud_show_list(c);
}

/* Where the version is among the plan's columns; nowhere that matters when there is none. */
static unsigned plan_version(struct plan *p, const struct crud *crud)
{
    int version = resource_version(crud->resource);
    return version < 0 ? 0 : plan_column(p, &crud->resource->fields[version]);
}

/* The one row of the page, with its ETag. */
static void show_row(struct call *c, const struct crud *crud, const struct plan *p, const struct page *page,
                     unsigned version)
{
    render_row(&c->reply->body, p, page, 0);
    if (resource_version(crud->resource) >= 0) {
        etag_put(c, crud->is_partial ? ETAG_NO_VERSION : page->rows.cells[version].i);
    }
}

/* Shows the row that the plan finds. */
static err show_planned(struct call *c, const struct crud *crud, struct plan *p, struct value key)
{
    struct page page;
    unsigned version = plan_version(p, crud);
    TRY(load_one(c->db, c->arena, p, key_of(crud), key, &page));
    show_row(c, crud, p, &page, version);
    return NULL;
}

static err show(struct call *c, const struct crud *crud, struct plan *p, struct value key)
{
    where_key(&p->where, crud, key);
    where_visible(c, crud, &p->where);
    return show_planned(c, crud, p, key);
}

err crud_show(struct call *c, const struct crud *crud, struct value key)
{
    struct plan p;
    plan_init(&p, crud->resource, crud_shape_of_one(crud));
    return show(c, crud, &p, key);
}

const struct crud *crud_seen(const struct call *c)
{
    return c->route->seen_as != NULL ? c->route->seen_as(c) : c->route->crud;
}

err crud_read(struct call *c)
{
    return show(c, crud_seen(c), c->list, c->keys[0]);
}

static void plan_key(struct plan *p, const struct crud *crud)
{
    plan_start(p, crud->resource);
    (void)plan_column(p, key_of(crud));
}

err crud_require(struct call *c, const struct crud *crud, struct value key, bool lock)
{
    struct plan p;
    struct rows rows;
    plan_key(&p, crud);
    where_key(&p.where, crud, key);
    where_visible(c, crud, &p.where);
    p.lock = lock;
    TRY(load_rows(c->db, c->arena, &p, &rows));
    return rows.n > 0 ? NULL : load_not_found(c->arena, crud->resource, key_of(crud), key);
}

/* Location: the pattern with keys for its {…}; without any, with one at its end. */
static void put_location(struct call *c, str pattern, const struct value *keys)
{
    enum { MOST = 4096 };
    struct buf b;
    unsigned n = 0;
    buf_init(&b, c->arena, 64, MOST);
    buf_str(&b, c->settings->base_path);
    for (size_t at = 0; at < pattern.n;) {
        size_t brace = str_find(pattern, '{', at);
        buf_str(&b, str_slice(pattern, at, brace));
        if (brace < pattern.n || n == 0) {
            render_plain(&b, keys[n++]);
        }
        at = str_find(pattern, '}', brace) + 1;
    }
    reply_header_str(c->reply, "Location", buf_view(&b));
}

void crud_made_here(struct call *c)
{
    c->reply->status = 201;
    put_location(c, str_of(c->route->path), c->keys);
}

err crud_created(struct call *c, const struct crud *crud, struct value key)
{
    c->reply->status = 201;
    put_location(c, str_of(crud->location), &key);
    return crud_show(c, crud, key);
}

err crud_accepted(struct call *c, const struct crud *crud, struct value key)
{
    c->reply->status = 202;
    put_location(c, str_of(crud->location), &key);
    return crud_show(c, crud, key);
}

/* What is known of the actor's row, a row of users. */
static void put_actor(const struct call *c, struct value *row)
{
    row[USER_ID] = value_int(c->actor.user_id);
    row[USER_UID] = value_bytes(c->actor.user_uid, sizeof c->actor.user_uid);
    row[USER_USERNAME] = value_text(c->actor.username);
}

/* Inserts c->body and shows the row. single: there is nothing else to be done in this request. */
static err insert(struct call *c, const struct crud *crud, bool single)
{
    struct plan p;
    struct page page;
    struct value self[USER__MAX] = {{.kind = VALUE_ABSENT}};
    plan_init(&p, crud->resource, crud_shape_of_one(crud));
    unsigned key = plan_column(&p, key_of(crud));
    unsigned version = plan_version(&p, crud);
    if (crud->owner != CRUD_NO_OWNER) {
        c->body[crud->owner] = actor_by(c, &crud->resource->fields[crud->owner]);
        put_actor(c, self);
        p.known = (struct known){.row = self, .key = crud->owner};
    }
    if (single && !c->request->has_idempotency_key && write_insert_is_single(c->db, crud->resource, &p)) {
        db_single(c->db);
    }
    TRY(write_insert_shown(c->db, c->arena, crud->resource, c->body, &p, &page));
    c->reply->status = 201;
    put_location(c, str_of(crud->location), &page.rows.cells[key]);
    show_row(c, crud, &p, &page, version);
    return NULL;
}

err crud_insert(struct call *c, const struct crud *crud)
{
    return insert(c, crud, false);
}

err crud_create(struct call *c)
{
    return insert(c, c->route->crud, true);
}

/* The rows that the actor may write: the one asked for, if it is theirs; or, for an admin and where rows belong to
 * nobody, if they may know of it. */
static void where_writable(const struct call *c, const struct crud *crud, struct value key, struct where *w)
{
    w->count = 0;
    where_key(w, crud, key);
    if (crud->owner != CRUD_NO_OWNER && !c->actor.admin) {
        where_own(c, crud, w);
    } else {
        where_visible(c, crud, w);
    }
}

static err is_writable(struct call *c, const struct crud *crud, struct value key, bool lock, bool *yes)
{
    struct plan p;
    struct rows rows;
    plan_key(&p, crud);
    where_writable(c, crud, key, &p.where);
    p.lock = lock;
    TRY(load_rows(c->db, c->arena, &p, &rows));
    *yes = rows.n > 0;
    return NULL;
}

static err forbidden(struct call *c)
{
    return error_new(c->arena, ERROR_FORBIDDEN, "Not authorized to perform requested action");
}

err crud_require_writable(struct call *c, const struct crud *crud, struct value key)
{
    bool yes = false;
    TRY(is_writable(c, crud, key, true, &yes));
    if (yes) {
        return NULL;
    }
    TRY(crud_require(c, crud, key, false));
    return forbidden(c);
}

/* Why nothing was written: edited meanwhile, not there (or not to be known of), or another's. What is one's own, but
 * not to be known of any longer, may be deleted, and no more. */
static err why_not_written(struct call *c, const struct crud *crud)
{
    bool writable = false;
    TRY(is_writable(c, crud, c->keys[0], false, &writable));
    if (!writable || c->route->method != METHOD_DELETE) {
        TRY(crud_require(c, crud, c->keys[0], false));
    }
    return writable ? etag_stale(c, crud->resource) : forbidden(c);
}

static err change(struct call *c)
{
    const struct crud *crud = c->route->crud;
    struct where w;
    uint64_t matched = 0;
    where_writable(c, crud, c->keys[0], &w);
    TRY(etag_condition(c, crud->resource, &w));
    TRY(write_update(c->db, c->arena, crud->resource, c->body, &w, &matched));
    return matched == 0 ? why_not_written(c, crud) : crud_show(c, crud, c->keys[0]);
}

err crud_replace(struct call *c)
{
    return change(c);
}

static bool anything_given(const struct resource *r, const struct value *row)
{
    for (size_t i = 0; i < r->field_count; i++) {
        if (row[i].kind != VALUE_ABSENT) {
            return true;
        }
    }
    return false;
}

/* A PATCH with no field changes nothing, but only who may write gets that answer. */
static err show_writable(struct call *c)
{
    const struct crud *crud = c->route->crud;
    struct plan p;
    struct rows rows;
    plan_key(&p, crud);
    where_writable(c, crud, c->keys[0], &p.where);
    TRY(etag_condition(c, crud->resource, &p.where));
    TRY(load_rows(c->db, c->arena, &p, &rows));
    return rows.n == 0 ? why_not_written(c, crud) : crud_show(c, crud, c->keys[0]);
}

err crud_patch(struct call *c)
{
    return anything_given(c->route->crud->resource, c->body) ? change(c) : show_writable(c);
}

err crud_delete(struct call *c)
{
    const struct crud *crud = c->route->crud;
    struct where w;
    uint64_t matched = 0;
    where_writable(c, crud, c->keys[0], &w);
    TRY(etag_condition(c, crud->resource, &w));
    TRY(remove_rows(c->db, c->arena, &models, crud->resource, &w, &matched));
    if (matched == 0) {
        return why_not_written(c, crud);
    }
    reply_empty(c->reply);
    return NULL;
}

bool crud_serves(const struct route *route)
{
    static err (*const handlers[])(struct call *) = {crud_list,    crud_read,  crud_create,
                                                     crud_replace, crud_patch, crud_delete};
    for (size_t i = 0; i < sizeof handlers / sizeof handlers[0]; i++) {
        if (route->run == handlers[i]) {
            return true;
        }
    }
    return false;
}

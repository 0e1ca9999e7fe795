#include "http/crud.h"

#include <inttypes.h>

#include "base/arena.h"
#include "conf/settings.h"
#include "engine/load.h"
#include "engine/render.h"
#include "engine/write.h"
#include "models/all.h"

static const struct shape *shape_of(const struct crud *crud)
{
    return crud->shape != NULL ? crud->shape : crud->resource->shape;
}

static const struct field *key_of(const struct crud *crud)
{
    return &crud->resource->fields[resource_key(crud->resource)];
}

static void where_key(struct where *w, const struct crud *crud, struct value key)
{
    where_add(w, key_of(crud), OP_EQ, key);
}

err crud_show_list(struct call *c)
{
    struct rows rows;
    TRY(load_page(c->db, c->arena, c->list, &rows));
    render_list(&c->reply->body, c->list->shape, &rows);
    return NULL;
}

err crud_list(struct call *c)
{
    if (c->route->crud->visible != NULL) {
        c->route->crud->visible(c, &c->list->where);
    }
    return crud_show_list(c);
}

err crud_show(struct call *c, const struct crud *crud, struct value key)
{
    struct plan p;
    struct rows rows;
    plan_init(&p, crud->resource, shape_of(crud));
    where_key(&p.where, crud, key);
    if (crud->visible != NULL) {
        crud->visible(c, &p.where);
    }
    TRY(load_one(c->db, c->arena, &p, key_of(crud), key, &rows));
    render_row(&c->reply->body, p.shape, rows.cells);
    return NULL;
}

err crud_read(struct call *c)
{
    return crud_show(c, c->route->crud, c->keys[0]);
}

err crud_require(struct call *c, const struct crud *crud, struct value key, bool lock)
{
    const unsigned char key_field[] = {(unsigned char)resource_key(crud->resource)};
    const struct shape only_key = SHAPE("Key", crud->resource, key_field);
    struct plan p;
    struct rows rows;
    plan_init(&p, crud->resource, &only_key);
    where_key(&p.where, crud, key);
    if (crud->visible != NULL) {
        crud->visible(c, &p.where);
    }
    p.lock = lock;
    return load_one(c->db, c->arena, &p, key_of(crud), key, &rows);
}

static void put_location(struct call *c, const struct crud *crud, struct value key)
{
    struct buf b;
    buf_init(&b, c->arena, 64, 256);
    render_plain(&b, key);
    reply_header(c->reply, "Location", "%.*s%s%.*s", STR_ARGS(c->settings->base_path), crud->location,
                 STR_ARGS(buf_view(&b)));
}

err crud_created(struct call *c, const struct crud *crud, struct value key)
{
    c->reply->status = 201;
    put_location(c, crud, key);
    return crud_show(c, crud, key);
}

err crud_create(struct call *c)
{
    const struct crud *crud = c->route->crud;
    int64_t id = 0;
    if (crud->owner != CRUD_NO_OWNER) {
        c->body[crud->owner] = value_int(c->actor.user_id);
    }
    TRY(write_insert(c->db, c->arena, crud->resource, c->body, &id));
    int key = resource_key(crud->resource);
    return crud_created(c, crud, c->body[key].kind == VALUE_ABSENT ? value_int(id) : c->body[key]);
}

/* The rows that the actor may write: the one asked for, if it is theirs; or, for an admin and where rows belong to
 * nobody, if they may know of it. */
static void where_writable(const struct call *c, const struct crud *crud, struct where *w)
{
    w->count = 0;
    where_key(w, crud, c->keys[0]);
    if (crud->owner != CRUD_NO_OWNER && !c->actor.admin) {
        where_add(w, &crud->resource->fields[crud->owner], OP_EQ, value_int(c->actor.user_id));
    } else if (crud->visible != NULL) {
        crud->visible(c, w);
    }
}

/* Why nothing was writable: not there (or not to be known of), or another's. */
static err why_not_writable(struct call *c, const struct crud *crud)
{
    TRY(crud_require(c, crud, c->keys[0], false));
    return error_new(c->arena, ERROR_FORBIDDEN, "Not authorized to perform requested action");
}

static err change(struct call *c)
{
    const struct crud *crud = c->route->crud;
    struct where w;
    uint64_t matched = 0;
    where_writable(c, crud, &w);
    TRY(write_update(c->db, c->arena, crud->resource, c->body, &w, &matched));
    if (matched == 0) {
        return why_not_writable(c, crud);
    }
    return crud_show(c, crud, c->keys[0]);
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
    plan_init(&p, crud->resource, shape_of(crud));
    where_writable(c, crud, &p.where);
    TRY(load_page(c->db, c->arena, &p, &rows));
    if (rows.n == 0) {
        return why_not_writable(c, crud);
    }
    render_row(&c->reply->body, p.shape, rows.cells);
    return NULL;
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
    where_writable(c, crud, &w);
    TRY(write_delete(c->db, c->arena, &models, crud->resource, &w, &matched));
    if (matched == 0) {
        return why_not_writable(c, crud);
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

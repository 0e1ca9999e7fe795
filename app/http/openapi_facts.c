#include "conf/settings.h"
#include "http/crud.h"
#include "http/openapi_part.h"

/* What any route can answer, before or after anybody has looked at it: a body may come along where none is read. */
static const uint64_t always = FAILS(ERROR_BAD_REQUEST) | FAILS(ERROR_TOO_LARGE) | FAILS(FAIL_URI_TOO_LONG) |
                               FAILS(FAIL_HEADERS_TOO_LARGE) | FAILS(ERROR_INTERNAL) |
                               FAILS(FAIL_NOT_IMPLEMENTED) | FAILS(FAIL_SERVICE);

/* Whether the first key of the path, or who asks, names a row of crud's resource. */
static bool names_row(const struct route *r)
{
    const struct crud *crud = r->crud;
    return crud != NULL && !r->is_list && (r->mine || r->keys[0] == NULL || r->keys[0] == crud->resource);
}

static bool is_sent(const struct route *r, const struct field *f)
{
    int i = r->body == NULL ? -1 : resource_find(r->body, str_of(f->name));
    return i >= 0 && field_is_input(&r->body->fields[i]);
}

/* Whether a row may be refused because another has its key already: when what is sent is part of a unique key; for a
 * new row also when its key is a reference, which only one may have. */
static bool can_be_taken(const struct route *r)
{
    const struct resource *about = r->crud == NULL ? NULL : r->crud->resource;
    for (size_t i = 0; about != NULL && r->body != NULL && i < about->key_count; i++) {
        const struct key *key = &about->keys[i];
        for (unsigned j = 0; j < key->count; j++) {
            const struct field *f = &about->fields[key->fields[j]];
            bool unique = key->kind == KEY_UNIQUE || key->kind == KEY_PRIMARY;
            bool sent = is_sent(r, f->type == FIELD_FOLD ? &about->fields[f->of] : f);
            if (unique && (sent || (r->method == METHOD_POST && f->type == FIELD_REF))) {
                return true;
            }
        }
    }
    return false;
}

static uint64_t fails_of_access(const struct route_facts *f)
{
    const struct route *r = f->route;
    uint64_t fails = 0;
    if (r->access != ACCESS_OPEN) {
        fails |= FAILS(ERROR_UNAUTHENTICATED) | FAILS(ERROR_INVALID_TOKEN);
        fails |= r->method != METHOD_GET ? FAILS(ERROR_FOREIGN_ORIGIN) : 0;
    }
    if (r->access == ACCESS_MODERATOR || r->access == ACCESS_ADMIN || f->owned) {
        fails |= FAILS(ERROR_FORBIDDEN);
    }
    return fails;
}

static uint64_t fails_of_body(const struct route *r)
{
    uint64_t fails = FAILS(ERROR_BODY_UNREADABLE) | FAILS(ERROR_MEDIA_TYPE) | FAILS(ERROR_INVALID);
    if (r->upload) {
        return fails | FAILS(ERROR_STORAGE);
    }
    if (r->body == NULL) {
        return 0;
    }
    fails |= r->body_is_form ? 0 : FAILS(ERROR_JSON_INVALID);
    return route_hashes(r) ? fails | FAILS(ERROR_BUSY) : fails;
}

static uint64_t fails_of_input(const struct route_facts *f)
{
    const struct route *r = f->route;
    uint64_t fails = fails_of_body(r);
    if (r->keys[0] != NULL || r->params != NULL || f->view) {
        fails |= FAILS(ERROR_INVALID);
    }
    if (r->is_list) {
        fails |= FAILS(ERROR_INVALID) | FAILS(ERROR_BAD_CURSOR) | FAILS(ERROR_ANSWER_TOO_LARGE);
    }
    if (f->idempotent) {
        fails |= FAILS(ERROR_INVALID) | FAILS(ERROR_KEY_REUSED) | FAILS(ERROR_CONFLICT);
    }
    return fails;
}

/* A row that belongs to the actor and is named by them is not there before they make it. */
static bool may_be_missing(const struct route *r)
{
    bool of_actor = r->mine && crud_serves(r) && r->run != crud_create && !r->is_list;
    return r->keys[0] != NULL ||
           (of_actor && r->crud->resource->fields[resource_key(r->crud->resource)].type == FIELD_REF);
}

static uint64_t fails_of_work(const struct route_facts *f)
{
    const struct route *r = f->route;
    uint64_t fails = may_be_missing(r) ? FAILS(ERROR_NOT_FOUND) : 0;
    if (!r->no_database) {
        fails |= FAILS(ERROR_UNAVAILABLE) | FAILS(ERROR_CONNECTION_LOST);
    }
    if (r->method != METHOD_GET) {
        fails |= FAILS(ERROR_OUTCOME_UNKNOWN) | FAILS(ERROR_DEADLOCK) | FAILS(ERROR_LOCK_TIMEOUT);
    }
    if (r->limits[0] != NULL) {
        fails |= FAILS(ERROR_TOO_MANY);
    }
    if (f->gives[0] == 201 || f->gives[1] == 201) {
        fails |= FAILS(ERROR_CONFLICT); /* what the new row refers to may go at the same moment */
    }
    if (f->conditional) {
        fails |= FAILS(ERROR_STALE);
    }
    if (f->must_match) {
        fails |= FAILS(ERROR_NO_CONDITION);
    }
    return can_be_taken(r) ? fails | FAILS(ERROR_DUPLICATE) : fails;
}

static void read_success(struct route_facts *f)
{
    const struct route *r = f->route;
    size_t n = 0;
    f->gives[0] = r->gives[0];
    f->gives[1] = r->later != NULL ? 202 : r->gives[1];
    if (f->gives[0] == 0) {
        f->gives[0] = r->run == crud_create ? 201 : r->method == METHOD_DELETE ? 204 : 200;
    }
    if (f->gives[0] == 204) {
        return;
    }
    while (n < FACTS_MAX_SHOWN && r->shows[n] != NULL) {
        f->shown[n] = r->shows[n];
        n++;
    }
    if (n == 0 && r->crud != NULL) {
        f->shown[0] = r->is_list ? crud_shape(r->crud) : crud_shape_of_one(r->crud);
    }
}

void route_facts_read(const struct openapi_source *source, const struct route *route, bool bare,
                      struct route_facts *out)
{
    const struct crud *crud = route->crud;
    bool versioned = crud != NULL && !route->is_list && resource_version(crud->resource) >= 0;
    bool changes =
        route->method == METHOD_PUT || route->method == METHOD_PATCH || route->method == METHOD_DELETE;
    bool names = names_row(route);
    *out = (struct route_facts){.route = route, .bare = bare};
    read_success(out);
    out->row = crud != NULL && !route->is_list;
    out->view = route->is_list || route->run == crud_read;
    out->relations = out->view && crud != NULL && crud->shape == NULL;
    out->etag = route->tagged || (versioned && out->gives[0] != 204);
    out->conditional = versioned && names && changes;
    out->must_match = out->conditional && source->settings->require_if_match;
    out->idempotent = route->method == METHOD_POST && !route->no_replay;
    out->owned = names && !route->mine && route->keys[0] != NULL && route->method != METHOD_GET &&
                 crud->owner != CRUD_NO_OWNER && !crud->is_private;
    out->fails = always | route->fails | fails_of_access(out) | fails_of_input(out) | fails_of_work(out);
}

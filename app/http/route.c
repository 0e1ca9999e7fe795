#include "http/route.h"

#include "base/arena.h"
#include "base/buf.h"
#include "engine/query.h"
#include "http/crud.h"
#include "http/limit.h"
#include "schema/registry.h"
#include "schema/shape.h"

/* A way on from a node, by a literal segment. */
struct edge {
    str segment;
    struct node *to;
};

/* A segment of a path. The literal ones below it stand side by side, where a search meets few lines of memory; at most
 * one more stands for a key. */
struct node {
    struct edge *literals;
    size_t literal_count;
    struct node *key;
    bool has_routes;
    const struct route *by_method[METHOD__MAX];
    unsigned short numbers[METHOD__MAX];
};

struct router {
    struct node root;
    const struct route **routes;
    unsigned short count;
};

static struct node *child(struct arena *life, struct node *parent, str segment)
{
    if (str_starts(segment, STR("{"))) {
        if (parent->key == NULL) {
            parent->key = ARENA_NEW(life, struct node);
        }
        return parent->key;
    }
    size_t count = parent->literal_count;
    for (size_t i = 0; i < count; i++) {
        if (str_eq(parent->literals[i].segment, segment)) {
            return parent->literals[i].to;
        }
    }
    struct node *n = ARENA_NEW(life, struct node);
    size_t size = count * sizeof *parent->literals;
    parent->literals = arena_grow(life, parent->literals, size, size + sizeof *parent->literals);
    parent->literals[parent->literal_count++] = (struct edge){segment, n};
    return n;
}

static struct node *descend(struct arena *life, struct node *from, str path)
{
    for (size_t at = 1; at < path.n;) {
        size_t slash = str_find(path, '/', at);
        from = child(life, from, str_slice(path, at, slash));
        at = slash + 1;
    }
    return from;
}

static unsigned keys_in(str path)
{
    unsigned n = 0;
    for (size_t i = 0; i < path.n; i++) {
        n += path.p[i] == '{';
    }
    return n;
}

/* The keys of its path. */
static const char *mistake_in_keys(const struct route *route)
{
    unsigned keys = keys_in(str_of(route->path));
    if (keys > CALL_MAX_KEYS) {
        return "has too many keys";
    }
    for (unsigned i = 0; i < keys; i++) {
        const struct resource *r = route->keys[i];
        if (r == NULL) {
            return "does not say what a {…} of its path is a key of";
        }
        if (!resource_has_key(r) || !field_is_scalar(&r->fields[resource_key(r)])) {
            return "has a {…} in its path that is a key of several fields, or one that cannot be sent";
        }
    }
    return NULL;
}

/* Whether a key finds rows by the field, where they can be found by it. A key of half a table is not asked for, and
 * that of a relation is its link's. */
static bool finds(const struct resource *r, size_t field, bool below)
{
    const struct field *f = &r->fields[field];
    return (f->flags & FILTER) == 0 || f->type == FIELD_BOOL || f->type == FIELD_MANY ||
           resource_is_found_by(r, field, below);
}

/* A list of all rows fixes no reference that a key could begin with; one of what is the actor's own fixes theirs. */
static const char *mistake_in_list(struct arena *life, const struct crud *crud)
{
    const struct resource *r = crud->resource;
    for (size_t i = 0; i < r->field_count; i++) {
        bool sorts = (r->fields[i].flags & SORT) != 0;
        const char *name = r->fields[i].name;
        if (sorts && !resource_is_ordered_by(r, i, crud->is_private)) {
            return str_format(life, "lists all rows, by %s if so asked, but no key has them in that order",
                              name)
                .p;
        }
        if (!finds(r, i, crud->is_private)) {
            return str_format(life, "lists all rows, of one %s if so asked, but no key begins with that",
                              name)
                .p;
        }
    }
    return NULL;
}

/* What the handlers of http/crud and the parameters of lists go by. */
static const char *mistake_in_crud(struct arena *life, const struct route *route)
{
    const struct crud *crud = route->crud;
    if ((route->is_list || crud_serves(route)) && crud == NULL) {
        return "lacks .crud";
    }
    if (crud == NULL) {
        return NULL;
    }
    if (crud->by_default != NULL && !query_can_sort(crud->resource, crud->by_default)) {
        return "has a .by_default that its resource cannot be sorted by";
    }
    if (route->run == crud_list && !route->is_list) {
        return "lists, but lacks .is_list";
    }
    if (route->run == crud_create && crud->location == NULL) {
        return "creates, but its .crud lacks .location";
    }
    if (crud_serves(route) && route->run != crud_list && !resource_has_key(crud->resource)) {
        return "is about one row, but the key of its resource has several fields";
    }
    bool of_all = route->run == crud_list && keys_in(str_of(route->path)) == 0 && !route->mine;
    return of_all ? mistake_in_list(life, crud) : NULL;
}

static const char *mistake_in_form(struct arena *life, const struct resource *form, bool texts)
{
    const char *mistakes = form == NULL ? NULL : schema_form_mistakes(life, form, texts);
    return mistakes == NULL ? NULL : str_format(life, "reads what is declared wrong: %s", mistakes).p;
}

/* What it reads. A body that is a row is written as it is, so its absent members must mean what the method means. */
static const char *mistake_in_body(struct arena *life, const struct route *route)
{
    bool creates = route->run == crud_create;
    bool replaces = route->run == crud_replace;
    bool patches = route->run == crud_patch;
    bool row = route->body != NULL && route->body->table != NULL;
    if ((creates || replaces || patches) && route->body != route->crud->resource) {
        return "writes a row, but its .body is not the resource of its .crud";
    }
    if ((patches || (row && route->method == METHOD_PATCH)) && route->mode != VALIDATE_PATCH) {
        return "changes a row, but lacks .mode = VALIDATE_PATCH";
    }
    if (replaces && route->mode != VALIDATE_REPLACE) {
        return "replaces a row, but lacks .mode = VALIDATE_REPLACE";
    }
    if (creates && route->mode != VALIDATE_CREATE) {
        return "creates a row, but has a .mode";
    }
    const char *mistake = mistake_in_form(life, route->body, route->body_is_form);
    return mistake != NULL ? mistake : mistake_in_form(life, route->params, true);
}

/* `asked`: a request may add relations to what is shown. */
static const char *mistake_in_shape(struct arena *life, const struct shape *shape, bool asked)
{
    const char *mistake = shape_mistake(life, shape, false);
    mistake = mistake == NULL ? shape_excess(life, shape, asked) : mistake;
    return mistake == NULL ? NULL : str_format(life, "has the shape %s, which %s", shape->name, mistake).p;
}

/* What it shows. */
static const char *mistake_in_shapes(struct arena *life, const struct route *route)
{
    const struct crud *crud = route->crud;
    enum { SHOWN = 5 };
    const struct shape *const shown[SHOWN] = {crud == NULL ? NULL : crud_shape(crud),
                                              crud == NULL ? NULL : crud_shape_of_one(crud), route->shows[0],
                                              route->shows[1], route->later};
    for (size_t i = 0; i < SHOWN; i++) {
        bool of_crud = crud != NULL && i < 2;
        if (of_crud && (shown[i] == NULL || shown[i]->resource != crud->resource)) {
            return "shows its .crud in a shape of something else";
        }
        const char *mistake =
            shown[i] == NULL ? NULL : mistake_in_shape(life, shown[i], of_crud && crud->shape == NULL);
        if (mistake != NULL) {
            return mistake;
        }
    }
    return NULL;
}

/* What is wrong with a route's declaration, or NULL. */
static const char *mistake_in(struct arena *life, const struct route *route)
{
    if (route->run == NULL) {
        return "has no handler";
    }
    if (route->upload && (route->body != NULL || route->access < ACCESS_USER)) {
        return "takes an upload beside a body, or from anybody";
    }
    const char *mistake = mistake_in_keys(route);
    mistake = mistake == NULL ? mistake_in_crud(life, route) : mistake;
    mistake = mistake == NULL ? mistake_in_body(life, route) : mistake;
    mistake = mistake == NULL ? mistake_in_shapes(life, route) : mistake;
    return mistake == NULL ? limits_mistake(route) : mistake;
}

static size_t count_all(const struct route *const *arrays)
{
    size_t n = 0;
    for (; *arrays != NULL; arrays++) {
        for (const struct route *route = *arrays; route->path != NULL; route++) {
            n++;
        }
    }
    return n;
}

static err add_all(struct arena *life, struct router *r, struct node *from, const struct route *const *arrays)
{
    for (; *arrays != NULL; arrays++) {
        for (const struct route *route = *arrays; route->path != NULL; route++) {
            struct node *n = descend(life, from, str_of(route->path));
            const char *mistake =
                n->by_method[route->method] != NULL ? "is given twice" : mistake_in(life, route);
            if (mistake != NULL) {
                return error_new(life, ERROR_INTERNAL, "route %s %s %s", method_name(route->method),
                                 route->path, mistake);
            }
            n->by_method[route->method] = route;
            n->numbers[route->method] = r->count;
            r->routes[r->count++] = route;
            n->has_routes = true;
        }
    }
    return NULL;
}

err router_new(struct arena *life, str base, const struct route *const *arrays,
               const struct route *const *bare, struct router **out)
{
    struct router *r = ARENA_NEW(life, struct router);
    r->routes = ARENA_ARRAY(life, const struct route *, count_all(arrays) + count_all(bare));
    TRY(add_all(life, r, descend(life, &r->root, base), arrays));
    TRY(add_all(life, r, &r->root, bare));
    *out = r;
    return NULL;
}

unsigned router_count(const struct router *r)
{
    return r->count;
}

const struct route *router_route(const struct router *r, unsigned number)
{
    return r->routes[number];
}

/* The node for the segments from number `at` on, below n; literals first, then the key. */
static const struct node *match(const struct node *n, const struct request *q, unsigned at,
                                struct route_match *m)
{
    if (at == q->segment_count) {
        return n->has_routes ? n : NULL;
    }
    for (size_t i = 0; i < n->literal_count; i++) {
        const struct edge *e = &n->literals[i];
        const struct node *hit = str_eq(e->segment, q->segments[at]) ? match(e->to, q, at + 1, m) : NULL;
        if (hit != NULL) {
            return hit;
        }
    }
    if (n->key == NULL || m->key_count == CALL_MAX_KEYS || q->segments[at].n == 0) {
        return NULL;
    }
    m->keys[m->key_count++] = q->segments[at];
    const struct node *hit = match(n->key, q, at + 1, m);
    if (hit == NULL) {
        m->key_count--;
    }
    return hit;
}

struct route_match router_find(const struct router *r, const struct request *request)
{
    struct route_match m = {0};
    if (request->too_many_segments || !str_starts(request->path, STR("/"))) {
        return m;
    }
    const struct node *n = match(&r->root, request, 0, &m);
    m.by_method = n == NULL ? NULL : n->by_method;
    m.numbers = n == NULL ? NULL : n->numbers;
    return m;
}

str router_allowed(const struct route_match *m, struct arena *a)
{
    struct buf b;
    buf_init(&b, a, 64, 256);
    for (int i = 0; i < METHOD_OPTIONS; i++) {
        bool allowed = m->by_method[i] != NULL || (i == METHOD_HEAD && m->by_method[METHOD_GET] != NULL);
        if (allowed) {
            buf_c(&b, method_name((enum method)i));
            buf_lit(&b, ", ");
        }
    }
    buf_lit(&b, "OPTIONS");
    return buf_view(&b);
}

bool route_hashes(const struct route *route)
{
    const struct resource *form = route->body;
    for (size_t i = 0; form != NULL && i < form->field_count; i++) {
        if (form->fields[i].type == FIELD_PASSWORD) {
            return true;
        }
    }
    return false;
}

enum { POOL_WEB, POOL_READ, POOL_LOGIN, POOL_LONG, POOL__MAX };

const char *const route_pools[] = {[POOL_WEB] = "web",
                                   [POOL_READ] = "read",
                                   [POOL_LOGIN] = "login",
                                   [POOL_LONG] = "long",
                                   [POOL__MAX] = NULL};

const char *route_pool(const struct route *route)
{
    bool reads = route->method == METHOD_GET && route->crud != NULL;
    return route_pools[route_hashes(route)    ? POOL_LOGIN
                       : route->later != NULL ? POOL_LONG
                       : reads                ? POOL_READ
                                              : POOL_WEB];
}

str route_key_name(const struct route *route, unsigned i)
{
    str path = str_of(route->path);
    size_t at = str_find(path, '{', 0);
    while (i-- > 0) {
        at = str_find(path, '{', at + 1);
    }
    return str_slice(path, at + 1, str_find(path, '}', at));
}

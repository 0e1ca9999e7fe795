#include "http/input.h"

#include "base/arena.h"
#include "engine/query.h"
#include "http/crud.h"
#include "http/idempotency.h"
#include "http/link.h"

err input_read(struct call *c, struct input_body *body)
{
    if (c->route->body == NULL) {
        return NULL;
    }
    return c->route->body_is_form ? request_form(c->request, c->arena, &body->pairs, &body->count)
                                  : request_json(c->request, c->arena, &body->json);
}

static void check_keys(struct call *c, const struct route_match *m, struct problems *problems)
{
    static const struct place root = {.name = STR_INIT("path")};
    for (unsigned i = 0; i < m->key_count; i++) {
        const struct resource *r = c->route->keys[i];
        struct place at = {.within = &root, .name = route_key_name(c->route, i)};
        (void)validate_text(problems, c->arena, &r->fields[resource_key(r)], &at, m->keys[i], &c->keys[i]);
    }
}

/* The parameters of a list, or those that a single row is shown by. */
static err read_list(struct call *c, struct query *q, struct problems *problems)
{
    const struct route *route = c->route;
    if (!route->is_list && route->run != crud_read) {
        return NULL;
    }
    const struct crud *crud = crud_seen(c);
    c->list = arena_alloc(c->arena, sizeof *c->list);
    q->shape = crud_shape(crud);
    q->relations = crud->shape == NULL;
    q->unseen = !q->relations && route->crud->shape == NULL;
    q->by_default = crud->by_default;
    q->seal = link_seal(c);
    if (route->is_list) {
        return query_read(problems, c->arena, q, crud->resource, c->list);
    }
    q->shape = crud_shape_of_one(crud);
    query_read_view(problems, c->arena, q, crud->resource, c->list);
    return NULL;
}

static bool takes_query(const struct route *r)
{
    return r->params != NULL || r->is_list || r->run == crud_read;
}

static err check_query(struct call *c, struct problems *problems)
{
    const struct route *route = c->route;
    static const struct place root = {.name = STR_INIT("query")};
    struct pair *pairs = NULL;
    size_t count = url_pairs(c->arena, c->request->query, QUERY_PAIRS_MAX + 1, &pairs);
    struct query q = {.pairs = pairs, .count = count};
    if (!takes_query(route)) {
        return NULL;
    }
    if (count > QUERY_PAIRS_MAX) {
        problem_value(problems, &root, input_json(NULL), "error", "Value error, ",
                      str_format(c->arena, "there are more than %d parameters", QUERY_PAIRS_MAX));
    }
    if (route->params != NULL) {
        c->params = ARENA_ARRAY(c->arena, struct value, route->params->field_count);
        validate_query(problems, c->arena, route->params, pairs, count, c->params);
    }
    err cursor = read_list(c, &q, problems);
    if (route->check_query != NULL) {
        route->check_query(c, &q, problems);
    }
    return cursor;
}

err input_check(struct call *c, const struct route_match *m, const struct input_body *body)
{
    struct problems problems;
    const struct route *route = c->route;
    problems_init(&problems, c->arena);
    check_keys(c, m, &problems);
    err cursor = check_query(c, &problems);
    idempotency_check(c, &problems);
    if (route->body != NULL) {
        c->body = ARENA_ARRAY(c->arena, struct value, route->body->field_count);
        if (route->body_is_form) {
            validate_form(&problems, c->arena, route->body, body->pairs, body->count, c->body);
        } else if (body->json != NULL || !route->body_optional) {
            validate_body_checked(&problems, c->arena, route->body, route->mode, route->check, body->json,
                                  c->body);
        }
    }
    err e = problems_err(&problems);
    return e != NULL ? e : cursor;
}

/* controllers: the program's own routes hold together. */
#include "controllers/all.h"

#include <string.h>

#include "http/crud.h"
#include "http/route.h"
#include "models/all.h"
#include "models/user.h"
#include "support/unit.h"

/* Calls check() for every route there is. */
static void each_route(void (*check)(const struct route *))
{
    unsigned n = 0;
    for (size_t i = 0; controllers[i] != NULL; i++) {
        for (const struct route *r = controllers[i]; r->path != NULL; r++, n++) {
            print_message("%s %s\n", method_name(r->method), r->path);
            check(r);
        }
    }
    for (size_t i = 0; bare_controllers[i] != NULL; i++) {
        for (const struct route *r = bare_controllers[i]; r->path != NULL; r++, n++) {
            print_message("%s %s\n", method_name(r->method), r->path);
            check(r);
        }
    }
    assert_true(n > 20);
}

static void check_path(const struct route *r)
{
    str path = str_of(r->path);
    assert_true(path.n > 1 && path.p[0] == '/' && path.p[path.n - 1] != '/');
    assert_null(strstr(r->path, "//"));
    unsigned segments = 0;
    for (size_t at = 0; at < path.n; at = str_find(path, '/', at + 1)) {
        segments++;
    }
    assert_true(segments + 4 <= REQUEST_MAX_SEGMENTS); /* the base takes some, too */
}

/* Each {…} of the path is the key of a resource that has one of a single field. */
static void check_keys(const struct route *r)
{
    unsigned named = 0;
    for (const char *at = strchr(r->path, '{'); at != NULL; at = strchr(at + 1, '{')) {
        assert_true(named < CALL_MAX_KEYS);
        assert_non_null(r->keys[named]);
        assert_true(resource_key(r->keys[named]) >= 0);
        str name = route_key_name(r, named);
        assert_true(name.n > 0);
        assert_int_equal(str_find(name, '/', 0), name.n);
        named++;
    }
    for (unsigned i = named; i < CALL_MAX_KEYS; i++) {
        assert_null(r->keys[i]);
    }
}

/* HEAD and OPTIONS are answered for all; a list is of something; only what changes anything reads a body. */
static void check_shape(const struct route *r)
{
    assert_non_null(r->run);
    assert_true(r->method == METHOD_GET || r->method == METHOD_POST || r->method == METHOD_PUT ||
                r->method == METHOD_PATCH || r->method == METHOD_DELETE);
    if (r->is_list) {
        assert_non_null(r->crud);
        assert_int_equal(r->method, METHOD_GET);
    }
    if (r->body != NULL) {
        assert_int_not_equal(r->method, METHOD_GET);
        assert_int_equal(r->mode == VALIDATE_PATCH, r->method == METHOD_PATCH);
    } else {
        assert_false(r->body_is_form);
    }
    bool derived = r->run == crud_list || r->run == crud_read || r->run == crud_create ||
                   r->run == crud_replace || r->run == crud_patch || r->run == crud_delete;
    if (derived) {
        assert_non_null(r->crud);
    }
    /* what reads a body of rows writes those rows */
    if (r->run == crud_create || r->run == crud_replace || r->run == crud_patch) {
        assert_ptr_equal(r->body, r->crud->resource);
    }
    if (r->run == crud_replace) {
        assert_int_equal(r->mode, VALIDATE_REPLACE);
    }
}

/* Nothing is written by nobody, but for what lets people in, and what the holder of a mailbox may. */
static void check_access(const struct route *r)
{
    static const char *const doors[] = {"/auth/register",
                                        "/users",
                                        "/auth/login",
                                        "/login",
                                        "/auth/refresh",
                                        "/auth/verify-email",
                                        "/auth/verify-email/confirm",
                                        "/auth/password-reset",
                                        "/auth/password-reset/confirm"};
    if (r->method == METHOD_GET) {
        return;
    }
    bool door = false;
    for (size_t i = 0; i < LENGTH(doors); i++) {
        door = door || (r->method == METHOD_POST && strcmp(r->path, doors[i]) == 0);
    }
    assert_int_equal(r->access == ACCESS_OPEN, door);
    assert_int_not_equal(r->access, ACCESS_READ);
}

static void check_crud(const struct route *r)
{
    const struct crud *crud = r->crud;
    if (crud == NULL) {
        return;
    }
    const struct shape *shape = crud->shape != NULL ? crud->shape : crud->resource->shape;
    assert_ptr_equal(shape->resource, crud->resource);
    if (crud->owner != CRUD_NO_OWNER) {
        const struct field *owner = &crud->resource->fields[crud->owner];
        assert_int_equal(owner->type, FIELD_REF);
        assert_ptr_equal(owner->to, &user_resource);
        assert_false(field_is_input(owner));
    }
    assert_true(r->run != crud_create || crud->location != NULL);
    if (crud->location != NULL) { /* the key stands for {}, or at the end */
        const char *end = crud->location + strlen(crud->location) - 1;
        const char *brace = strchr(crud->location, '{');
        assert_int_equal(crud->location[0], '/');
        assert_true(brace == NULL ? *end == '/' : strncmp(brace, "{}", 2) == 0 && *end != '/');
    }
}

/* A form is declared as well as a table is. */
static void check_one_form(const struct resource *form)
{
    if (form == NULL || form->table != NULL) {
        return;
    }
    const struct registry alone = {&form, 1};
    err e = schema_check(&arena, &alone);
    if (e != NULL) {
        fail_msg("%.*s", STR_ARGS(e->detail));
    }
}

static void check_form(const struct route *r)
{
    check_one_form(r->body);
    check_one_form(r->params);
    for (size_t i = 0; r->body != NULL && i < r->body->field_count; i++) {
        if (r->body->fields[i].type == FIELD_LIST) {
            assert_non_null(r->body->fields[i].to);
            assert_true(r->body->fields[i].max > 0);
            check_one_form(r->body->fields[i].to);
        }
    }
}

/* Parameters of its own are those of a GET, and none of them is one that every list has. */
static void check_params(const struct route *r)
{
    static const char *const taken[] = {"limit", "skip",    "sort_by", "search", "q",
                                        "count", "include", "fields",  "cursor"};
    if (r->params == NULL) {
        return;
    }
    assert_int_equal(r->method, METHOD_GET);
    assert_null(r->params->table);
    for (size_t i = 0; i < LENGTH(taken); i++) {
        assert_int_equal(resource_find(r->params, str_of(taken[i])), -1);
    }
    for (size_t i = 0; r->is_list && i < r->params->field_count; i++) {
        int field = resource_find(r->crud->resource, str_of(r->params->fields[i].name));
        assert_true(field < 0 || (r->crud->resource->fields[field].flags & FILTER) == 0);
    }
}

/* What is about the actor is for who is signed in; its first key is their id, not one of the path. Secrets are not
 * stored to be given again. */
static void check_attributes(const struct route *r)
{
    static const char *const sessions[] = {"/auth/login", "/login", "/auth/refresh", "/auth/logout"};
    if (r->mine) {
        assert_int_equal(r->access, ACCESS_USER);
        assert_null(r->keys[0]);
        assert_true(strstr(r->path, "/me") != NULL || strcmp(r->path, "/auth/sessions") == 0);
    }
    bool of_a_session = false; /* which begins, goes on or ends by it */
    for (size_t i = 0; i < LENGTH(sessions); i++) {
        of_a_session = of_a_session || strcmp(r->path, sessions[i]) == 0;
    }
    assert_int_equal(r->no_replay, of_a_session); /* and whatever else is sent may be sent again */
    assert_true(!r->no_replay || r->method == METHOD_POST);
}

static void all_paths(void **state)
{
    (void)state;
    each_route(check_path);
}

static void all_keys(void **state)
{
    (void)state;
    each_route(check_keys);
}

static void all_shapes(void **state)
{
    (void)state;
    each_route(check_shape);
}

static void all_access(void **state)
{
    (void)state;
    each_route(check_access);
}

static void all_cruds(void **state)
{
    (void)state;
    each_route(check_crud);
}

static void all_forms(void **state)
{
    (void)state;
    each_route(check_form);
}

static void all_parameters(void **state)
{
    (void)state;
    each_route(check_params);
}

static void all_attributes(void **state)
{
    (void)state;
    each_route(check_attributes);
}

/* Every route is found again by its path, with its keys. */
static void the_router_takes_them(void **state)
{
    (void)state;
    struct router *router = NULL;
    err e = router_new(&arena, STR("/api/v1"), controllers, bare_controllers, &router);
    if (e != NULL) {
        fail_msg("%.*s", STR_ARGS(e->detail));
    }
    for (size_t i = 0; controllers[i] != NULL; i++) {
        for (const struct route *r = controllers[i]; r->path != NULL; r++) {
            struct request q;
            char *const params[] = {"REQUEST_METHOD=GET",
                                    str_c(&arena, str_format(&arena, "REQUEST_URI=/api/v1%s", r->path)),
                                    NULL};
            assert_null(request_read(&q, &arena, params));
            struct route_match m = router_find(router, &q);
            assert_non_null(m.by_method);
            assert_ptr_equal(m.by_method[r->method], r);
            for (unsigned k = 0; k < m.key_count; k++) {
                check_str(m.keys[k], str_format(&arena, "{%.*s}", STR_ARGS(route_key_name(r, k))));
            }
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(all_paths),      TEST(all_keys),       TEST(all_shapes),
        TEST(all_access),     TEST(all_cruds),      TEST(all_forms),
        TEST(all_parameters), TEST(all_attributes), TEST(the_router_takes_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* http/openapi: the program's own document against tests/golden/openapi.json, and what holds for all of it. */
#include "http/openapi.h"

#include <string.h>

#include "base/buf.h"
#include "base/json_in.h"
#include "conf/settings.h"
#include "controllers/all.h"
#include "support/golden.h"
#include "support/unit.h"

static const struct json *document(const struct settings *s, str *text)
{
    const struct openapi_source source = {"0.0.0", s, controllers, bare_controllers};
    struct json *json = NULL;
    struct json_failure why = {0};
    *text = openapi_make(&arena, &source);
    if (json_read(&arena, *text, &json_default_limits, &json, &why) != JSON_READ_OK) {
        fail_msg("%s at %zu", why.message, why.position);
    }
    return json;
}

static const struct settings usual = {.base_path = STR_INIT("/api/v1"), .public_read = true};

static void the_document(void **state)
{
    (void)state;
    str text;
    (void)document(&usual, &text);
    golden_check(&arena, "tests/golden/openapi.json", text);
}

static const struct json *operation_of(const struct json *doc, const struct route *r)
{
    const struct json *path = json_member(json_member(doc, STR("paths")), str_of(r->path));
    str method = str_copy(&arena, str_of(method_name(r->method)));
    for (size_t i = 0; i < method.n; i++) {
        ((char *)method.p)[i] = (char)(method.p[i] | 0x20);
    }
    return json_member(path, method);
}

static void each_route(const struct json *doc, void (*check)(const struct route *, const struct json *))
{
    const struct route *const *const all[] = {controllers, bare_controllers};
    for (size_t k = 0; k < LENGTH(all); k++) {
        for (size_t i = 0; all[k][i] != NULL; i++) {
            for (const struct route *r = all[k][i]; r->path != NULL; r++) {
                print_message("%s %s\n", method_name(r->method), r->path);
                check(r, operation_of(doc, r));
            }
        }
    }
}

/* The names so far: those of operations must differ, whatever their case. */
static struct {
    str names[256];
    size_t n;
} seen;

static void check_operation(const struct route *r, const struct json *operation)
{
    assert_non_null(operation);
    assert_non_null(r->summary);
    str name = json_member(operation, STR("operationId"))->text;
    assert_true(name.n > 2 && name.p[0] >= 'a' && name.p[0] <= 'z');
    for (size_t i = 0; i < name.n; i++) {
        assert_non_null(strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", name.p[i]));
    }
    for (size_t i = 0; i < seen.n; i++) {
        assert_false(str_eq_nocase(seen.names[i], name));
    }
    seen.names[seen.n++] = name;
    /* each {…} of the path is a parameter, and the only ones in path */
    const struct json *list = json_member(operation, STR("parameters"));
    unsigned keys = 0;
    for (const struct json *p = list == NULL ? NULL : list->first; p != NULL; p = p->next) {
        const struct json *in = json_member(p, STR("in"));
        if (in != NULL && str_eq(in->text, STR("path"))) {
            check_str(json_member(p, STR("name"))->text, route_key_name(r, keys++));
        }
    }
    assert_int_equal(keys, (r->keys[0] != NULL) + (r->keys[1] != NULL) + (r->keys[2] != NULL));
}

static void every_route_is_an_operation(void **state)
{
    (void)state;
    str text;
    const struct json *doc = document(&usual, &text);
    each_route(doc, check_operation);
    size_t operations = 0;
    for (const struct json *path = json_member(doc, STR("paths"))->first; path != NULL; path = path->next) {
        operations += path->count - (json_member(path, STR("servers")) != NULL);
    }
    assert_int_equal(operations, seen.n);
}

/* Follows "#/components/schemas/Post"; the names hold neither ~ nor /. */
static const struct json *resolve(const struct json *doc, str ref)
{
    for (size_t at = 2; at < ref.n && doc != NULL;) {
        size_t end = str_find(ref, '/', at);
        doc = json_member(doc, str_slice(ref, at, end));
        at = end + 1;
    }
    return doc;
}

static unsigned references(const struct json *doc, const struct json *value)
{
    unsigned n = 0;
    if (str_eq(value->key, STR("$ref"))) {
        if (resolve(doc, value->text) == NULL) {
            fail_msg("%.*s leads nowhere", STR_ARGS(value->text));
        }
        return 1;
    }
    for (const struct json *inner = value->first;
         (value->type == JSON_OBJECT || value->type == JSON_ARRAY) && inner != NULL; inner = inner->next) {
        n += references(doc, inner);
    }
    return n;
}

/* The reader keeps the last of two members with one name: a name given twice is seen in the text only. */
static void no_member_twice(const struct json *object, str text, const char *before)
{
    size_t n = 0;
    for (const struct json *member = object->first; member != NULL; member = member->next) {
        n++;
    }
    const char *start = memmem(text.p, text.n, before, strlen(before));
    assert_non_null(start);
    str rest = {start, (size_t)(text.p + text.n - start)};
    for (const struct json *member = object->first; member != NULL; member = member->next) {
        str line = str_format(&arena, "\n\"%.*s\":{\n\"description\":", STR_ARGS(member->key));
        const char *first = memmem(rest.p, rest.n, line.p, line.n);
        if (first != NULL) {
            size_t left = (size_t)(rest.p + rest.n - first) - 1;
            assert_null(memmem(first + 1, left, line.p, line.n));
        }
    }
    assert_true(n > 20);
}

static void references_lead_somewhere(void **state)
{
    (void)state;
    str text;
    const struct json *doc = document(&usual, &text);
    assert_true(references(doc, doc) > 500);
    no_member_twice(resolve(doc, STR("#/components/schemas")), text, "\"schemas\":{");
}

static bool is_object(const struct json *value)
{
    return value != NULL && value->type == JSON_OBJECT;
}

/* Each member of an object says what it is. */
static unsigned each_described(const struct json *object, const char *what)
{
    unsigned n = 0;
    for (const struct json *member = object->first; member != NULL; member = member->next) {
        const struct json *said = json_member(member, STR("description"));
        if (json_member(member, STR("$ref")) != NULL && said == NULL && strcmp(what, "properties") != 0) {
            continue; /* what it refers to does */
        }
        if (said == NULL || said->type != JSON_STRING || said->text.n < 2) {
            fail_msg("%.*s, one of %s, has no description", STR_ARGS(member->key), what);
        }
        n++;
    }
    return n;
}

/* How many members, parameters, headers and answers in it have a description: all must. */
static unsigned described(const struct json *value)
{
    static const char *const groups[] = {"properties", "headers", "responses", "schemas"};
    unsigned n = 0;
    bool object = value->type == JSON_OBJECT;
    for (size_t i = 0; object && i < LENGTH(groups); i++) {
        const struct json *group = json_member(value, str_of(groups[i]));
        n += is_object(group) ? each_described(group, groups[i]) : 0;
    }
    if (object && json_member(value, STR("in")) != NULL && json_member(value, STR("name")) != NULL) {
        str name = json_member(value, STR("name"))->text;
        if (json_member(value, STR("description")) == NULL) {
            fail_msg("the parameter %.*s has no description", STR_ARGS(name));
        }
        n++;
    }
    for (const struct json *inner = value->first; (object || value->type == JSON_ARRAY) && inner != NULL;
         inner = inner->next) {
        n += described(inner);
    }
    return n;
}

static void everything_is_described(void **state)
{
    (void)state;
    str text;
    const struct json *doc = document(&usual, &text);
    unsigned n = described(doc);
    print_message("%u descriptions\n", n);
    assert_true(n > 800);
}

static const struct json *answer_of(const struct json *doc, const char *path, const char *method,
                                    const char *status)
{
    const struct json *operation =
        json_member(json_member(json_member(doc, STR("paths")), str_of(path)), str_of(method));
    assert_non_null(operation);
    return json_member(json_member(operation, STR("responses")), str_of(status));
}

static void settings_are_in_it(void **state)
{
    (void)state;
    str text;
    const struct settings strict = {
        .base_path = STR_INIT("/v2"), .public_read = false, .require_if_match = true};
    const struct json *doc = document(&usual, &text);
    assert_null(answer_of(doc, "/posts/{id}", "patch", "428"));
    const struct json *read =
        json_member(json_member(json_member(doc, STR("paths")), STR("/posts")), STR("get"));
    assert_int_equal(json_member(read, STR("security"))->count, 4); /* nobody will do */
    doc = document(&strict, &text);
    assert_non_null(answer_of(doc, "/posts/{id}", "patch", "428"));
    assert_null(answer_of(doc, "/posts", "post", "428"));
    read = json_member(json_member(json_member(doc, STR("paths")), STR("/posts")), STR("get"));
    assert_int_equal(json_member(read, STR("security"))->count, 3);
    check_str(json_member(json_member(doc, STR("servers"))->first, STR("url"))->text, STR("/v2"));
}

/* A few whose statuses everybody knows. */
static void statuses(void **state)
{
    (void)state;
    static const struct {
        const char *path, *method, *yes, *no;
    } cases[] = {
        {"/posts", "get", "200 400 401 413 422 503", "201 304 403 404 409 412 415"},
        {"/posts", "post", "201 401 403 409 413 415 422", "200 404 412"},
        {"/posts/{id}", "get", "200 304 404", "403 409 412"},
        {"/posts/{id}", "patch", "200 403 404 412 415", "201 304 409"},
        {"/posts/{id}", "delete", "204 403 404 412", "200 409 415"},
        {"/tags/{tag_uid}", "put", "200 403 404 409 412", "201"},
        {"/books/{book_uid}/reviews", "post", "201 403 404 409", "412"},
        {"/users/me/profile", "put", "200 201 403 409 412", "404"},
        {"/users/me/profile", "get", "200 304 404", "403"},
        {"/users/me/avatar", "put", "200 201 409 413 415 422", "404"},
        {"/auth/login", "post", "200 401 403 429", "409 404"},
        {"/health/live", "get", "200 503", "401 404 422"},
    };
    str text;
    const struct json *doc = document(&usual, &text);
    for (size_t i = 0; i < LENGTH(cases); i++) {
        const char *const lists[] = {cases[i].yes, cases[i].no};
        for (size_t k = 0; k < 2; k++) {
            for (const char *s = lists[k]; *s != '\0'; s += s[3] == '\0' ? 3 : 4) {
                char status[4] = {s[0], s[1], s[2], '\0'};
                print_message("%s %s %s\n", cases[i].method, cases[i].path, status);
                assert_int_equal(answer_of(doc, cases[i].path, cases[i].method, status) != NULL, k == 0);
            }
        }
    }
}

static void operation_names(void **state)
{
    (void)state;
    static const struct {
        struct route route;
        const char *want;
    } cases[] = {
        {{METHOD_GET, "/posts", .is_list = true}, "listPosts"},
        {{METHOD_POST, "/posts", .run = NULL}, "createPost"},
        {{METHOD_GET, "/posts/{id}", .run = NULL}, "getPost"},
        {{METHOD_PUT, "/posts/{id}/vote", .run = NULL}, "replacePostVote"},
        {{METHOD_GET, "/users/{id}/voted-posts", .is_list = true}, "listUserVotedPosts"},
        {{METHOD_GET, "/users/me", .mine = true}, "getMe"},
        {{METHOD_PATCH, "/users/me/profile", .mine = true}, "updateMyProfile"},
        {{METHOD_DELETE, "/users/{id}/roles/{role_id}", .run = NULL}, "deleteUserRole"},
        {{METHOD_POST, "/x", .operation = "doIt"}, "doIt"},
    };
    for (size_t i = 0; i < LENGTH(cases); i++) {
        check_str(openapi_operation(&arena, &cases[i].route), str_of(cases[i].want));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_document),
        TEST(every_route_is_an_operation),
        TEST(references_lead_somewhere),
        TEST(everything_is_described),
        TEST(settings_are_in_it),
        TEST(statuses),
        TEST(operation_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

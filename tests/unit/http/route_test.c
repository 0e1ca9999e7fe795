/* http/route: paths found in a small tree of routes. The program's own are in controllers/all_test. */
#include "http/route.h"

#include "http/crud.h"
#include "models/user.h"
#include "support/unit.h"

static err nothing(struct call *c)
{
    (void)c;
    return NULL;
}

#define GET(path_)                                                                                          \
    {                                                                                                       \
        METHOD_GET, path_, nothing, ACCESS_OPEN, .keys = { &user_resource, &user_resource, &user_resource } \
    }
#define ROUTE(method_, p)                                                                            \
    {                                                                                                \
        method_, p, nothing, ACCESS_OPEN, .keys = { &user_resource, &user_resource, &user_resource } \
    }

static const struct route people[] = {
    GET("/users"),
    ROUTE(METHOD_POST, "/users"),
    GET("/users/me"),
    ROUTE(METHOD_PATCH, "/users/me"),
    ROUTE(METHOD_PUT, "/users/me/password"),
    GET("/users/{id}"),
    ROUTE(METHOD_DELETE, "/users/{id}"),
    GET("/users/{id}/posts"),
    GET("/users/{id}/posts/{post_id}"),
    GET("/a/{x}/c/{y}/e"),
    GET("/a/b/c/{z}"),
    GET("/a/{w}/{v}/d"),
    GET("/k/{1}/{2}/{3}"),
    ROUTES_END,
};
static const struct route health[] = {GET("/health/live"), ROUTES_END};
static const struct route *const arrays[] = {people, NULL};
static const struct route *const bare[] = {health, NULL};

static struct router *router;

static int set_up(void **state)
{
    (void)arena_setup(state);
    return router_new(&arena, STR("/api/v1"), arrays, bare, &router) == NULL ? 0 : 1;
}

static struct route_match find(const char *uri)
{
    struct request *q = ARENA_NEW(&arena, struct request);
    char *const params[] = {"REQUEST_METHOD=GET", str_c(&arena, str_format(&arena, "REQUEST_URI=%s", uri)),
                            NULL};
    assert_null(request_read(q, &arena, params));
    return router_find(router, q);
}

static void paths_that_are_there(void **state)
{
    (void)state;
    static const struct {
        const char *uri, *path; /* the path of the route that answers GET */
        const char *keys[CALL_MAX_KEYS];
    } cases[] = {
        {"/api/v1/users", "/users", {NULL}},
        {"/api/v1/users/", "/users", {NULL}},
        {"/api/v1/users?limit=5", "/users", {NULL}},
        {"/api/v1/users/me", "/users/me", {NULL}}, /* the literal goes first */
        {"/api/v1/users/7", "/users/{id}", {"7"}},
        {"/api/v1/users/Me", "/users/{id}", {"Me"}},
        {"/api/v1/users/7/posts", "/users/{id}/posts", {"7"}},
        {"/api/v1/users/7/posts/9/", "/users/{id}/posts/{post_id}", {"7", "9"}},
        {"/api/v1/users/me/posts", "/users/{id}/posts", {"me"}}, /* back from the literal to the key */
        {"/api/v1/users/a%2Fb", "/users/{id}", {"a/b"}},
        {"/api/v1/users/%2e%2e", "/users/{id}", {".."}},
        {"/api/v1/a/b/c/7", "/a/b/c/{z}", {"7"}},
        {"/api/v1/a/b/c/7/e", "/a/{x}/c/{y}/e", {"b", "7"}}, /* … and the keys are right */
        {"/api/v1/a/q/c/d", "/a/{w}/{v}/d", {"q", "c"}},
        {"/api/v1/k/x/y/z", "/k/{1}/{2}/{3}", {"x", "y", "z"}},
        {"/health/live", "/health/live", {NULL}},
    };
    for (size_t i = 0; i < LENGTH(cases); i++) {
        struct route_match m = find(cases[i].uri);
        if (m.by_method == NULL || m.by_method[METHOD_GET] == NULL) {
            fail_msg("%s was not found", cases[i].uri);
        }
        assert_string_equal(m.by_method[METHOD_GET]->path, cases[i].path);
        unsigned keys = 0;
        for (; keys < CALL_MAX_KEYS && cases[i].keys[keys] != NULL; keys++) {
            check_str(m.keys[keys], str_of(cases[i].keys[keys]));
        }
        assert_int_equal(m.key_count, keys);
    }
}

static void paths_that_are_not(void **state)
{
    (void)state;
    static const char *const uris[] = {
        "/",
        "",
        "*",
        "?",
        "//",
        "/api",
        "/api/",
        "/api/v1",
        "/api/v1/",
        "/api/v2/users",
        "/users",
        "/api/v1/user",
        "/api/v1/userss",
        "/API/v1/users",
        "/api/v1/Users",
        "/api/v1//users",
        "//api/v1/users",
        "/api/v1/users//posts",
        "/api/v1/users/7/post",
        "/api/v1/users/7/posts/9/x",
        "/api/v1/users/me/password/x",
        "/api/v1%2Fusers",
        "/api/v1/a/b/c/",
        "/api/v1/a/b/x/y",
        "http://host/api/v1/users",
        "api/v1/users",
        "/health",
        "/api/v1/health/live",
        "/api/v1/../v1/users",
        "/api/v1/users/1/2/3/4/5/6/7/8/9/10/11/12/13",
    };
    for (size_t i = 0; i < LENGTH(uris); i++) {
        if (find(uris[i]).by_method != NULL) {
            fail_msg("%s was found", uris[i]);
        }
    }
}

static void what_a_path_allows(void **state)
{
    (void)state;
    static const struct {
        const char *uri, *allowed;
    } cases[] = {
        {"/api/v1/users", "GET, HEAD, POST, OPTIONS"}, {"/api/v1/users/me", "GET, HEAD, PATCH, OPTIONS"},
        {"/api/v1/users/me/password", "PUT, OPTIONS"}, {"/api/v1/users/7", "GET, HEAD, DELETE, OPTIONS"},
        {"/health/live", "GET, HEAD, OPTIONS"},
    };
    for (size_t i = 0; i < LENGTH(cases); i++) {
        struct route_match m = find(cases[i].uri);
        assert_non_null(m.by_method);
        check_str(router_allowed(&m, &arena), str_of(cases[i].allowed));
    }
}

static void other_bases(void **state)
{
    (void)state;
    static const struct {
        const char *base, *uri;
    } cases[] = {{"", "/users/7"}, {"/", "/users/7"}, {"/x", "/x/users/7"}, {"/a/b/c/", "/a/b/c/users/7"}};
    for (size_t i = 0; i < LENGTH(cases); i++) {
        assert_null(router_new(&arena, str_of(cases[i].base), arrays, bare, &router));
        assert_non_null(find(cases[i].uri).by_method);
        assert_non_null(find("/health/live").by_method);
        assert_null(find("/api/v1/users/7").by_method);
    }
}

static void check_refused(const struct route *routes, const char *says)
{
    const struct route *const list[] = {people, routes, NULL};
    struct router *before = router;
    err e = router_new(&arena, STR(""), list, bare, &router);
    assert_non_null(e);
    assert_int_equal(e->code, ERROR_INTERNAL);
    check_str(e->detail, str_of(says));
    assert_ptr_equal(router, before);
}

static void mistakes_are_refused(void **state)
{
    (void)state;
    static const struct route twice[] = {GET("/users"), ROUTES_END};
    static const struct route same_key[] = {GET("/users/{other}"), ROUTES_END};
    static const struct route among_the_bare[] = {GET("/health/live"), ROUTES_END};
    static const struct route idle[] = {{METHOD_PUT, "/idle", NULL, ACCESS_OPEN, .crud = NULL}, ROUTES_END};
    static const struct route long_path[] = {GET("/l/{1}/{2}/{3}/{4}"), ROUTES_END};
    static const struct route keyless[] = {{METHOD_PUT, "/k/{id}", nothing, ACCESS_OPEN, .crud = NULL},
                                           ROUTES_END};
    static const struct route listless[] = {{METHOD_PUT, "/l", nothing, ACCESS_OPEN, .is_list = true},
                                            ROUTES_END};
    static const struct route crudless[] = {{METHOD_PUT, "/c", crud_create, ACCESS_OPEN, .crud = NULL},
                                            ROUTES_END};
    static const struct crud unsortable = {.resource = &user_resource, .by_default = "-password_hash"};
    static const struct route unsorted[] = {{METHOD_PUT, "/u", crud_list, ACCESS_OPEN, .crud = &unsortable},
                                            ROUTES_END};
    static const struct route open_upload[] = {
        {METHOD_PUT, "/f", nothing, ACCESS_READ, .crud = NULL, .upload = true}, ROUTES_END};
    static const struct route double_body[] = {
        {METHOD_PUT, "/f", nothing, ACCESS_USER, .upload = true, .body = &user_resource}, ROUTES_END};
    static const struct crud placeless = {.resource = &user_resource};
    static const struct route no_list[] = {{METHOD_PUT, "/n", crud_list, ACCESS_OPEN, .crud = &placeless},
                                           ROUTES_END};
    static const struct route nowhere[] = {{METHOD_PUT, "/n", crud_create, ACCESS_OPEN, .crud = &placeless},
                                           ROUTES_END};
    check_refused(no_list, "route PUT /n lists, but lacks .is_list");
    check_refused(nowhere, "route PUT /n creates, but its .crud lacks .location");
    check_refused(twice, "route GET /users is given twice");
    check_refused(same_key, "route GET /users/{other} is given twice");
    check_refused(among_the_bare, "route GET /health/live is given twice");
    check_refused(idle, "route PUT /idle has no handler");
    check_refused(long_path, "route GET /l/{1}/{2}/{3}/{4} has too many keys");
    check_refused(keyless, "route PUT /k/{id} does not say what a {…} of its path is a key of");
    check_refused(listless, "route PUT /l lacks .crud");
    check_refused(crudless, "route PUT /c lacks .crud");
    check_refused(open_upload, "route PUT /f takes an upload beside a body, or from anybody");
    check_refused(double_body, "route PUT /f takes an upload beside a body, or from anybody");
    check_refused(unsorted, "route PUT /u has a .by_default that its resource cannot be sorted by");
}

/* Things of a table, and what goes wrong with them. */
enum { THING_ID, THING_NAME, THING_SECRET, THING__MAX };
static const struct field thing_fields[THING__MAX] = {
    [THING_ID] = ID("id"),
    [THING_NAME] = TEXT("name", .max = 9, .flags = REQUIRED),
    [THING_SECRET] = TEXT("secret", .max = 9, .flags = HIDDEN),
};
static const struct key thing_keys[] = {PRIMARY(THING_ID)};
static const struct key pair_keys[] = {PRIMARY(THING_ID, THING_NAME)};
static const unsigned char thing_members[] = {THING_ID, THING_NAME};
static const unsigned char all_members[] = {THING_ID, THING_SECRET};
static const struct resource thing, pair;
static const struct shape thing_whole = SHAPE("Thing", &thing, thing_members);
static const struct shape thing_open = SHAPE("OpenThing", &thing, all_members);
static const struct shape pair_whole = SHAPE("Pair", &pair, thing_members);
static const struct resource thing = {
    .name = "thing", .table = "things", FIELDS(thing_fields), KEYS(thing_keys), .shape = &thing_whole};
static const struct resource pair = {
    .name = "pair", .table = "pairs", FIELDS(thing_fields), KEYS(pair_keys), .shape = &pair_whole};
static const struct crud things = {.resource = &thing, .owner = CRUD_NO_OWNER, .location = "/things/"};

/* One route, which is refused in these words; NULL: it is fine. */
#define CHECK_ROUTE(says, method_, ...)                                                     \
    do {                                                                                    \
        const struct route routes_[] = {{METHOD_##method_, "/x", __VA_ARGS__}, ROUTES_END}; \
        check_route(routes_, "route " #method_ " /x ", says);                               \
    } while (0)

static void check_route(const struct route *routes, const char *which, const char *says)
{
    if (says != NULL) {
        check_refused(routes, str_format(&arena, "%s%s", which, says).p);
        return;
    }
    const struct route *const list[] = {routes, NULL};
    const struct route *const none[] = {NULL};
    assert_null(router_new(&arena, STR(""), list, none, &router));
}

static void bodies_that_are_rows(void **state)
{
    (void)state;
    static const struct field form_fields[] = {TEXT("name", .max = 9, .flags = REQUIRED)};
    static const struct resource form = {.name = "Form", FIELDS(form_fields)};
    const char *const another = "writes a row, but its .body is not the resource of its .crud";
    const char *const no_patch = "changes a row, but lacks .mode = VALIDATE_PATCH";
    CHECK_ROUTE(NULL, POST, crud_create, ACCESS_USER, .crud = &things, .body = &thing);
    CHECK_ROUTE(another, POST, crud_create, ACCESS_USER, .crud = &things, .body = &form);
    CHECK_ROUTE(another, POST, crud_create, ACCESS_USER, .crud = &things);
    CHECK_ROUTE(another, PUT, crud_replace, ACCESS_USER, .crud = &things, .mode = VALIDATE_REPLACE);
    CHECK_ROUTE(another, PATCH, crud_patch, ACCESS_USER, .crud = &things, .body = &form,
                .mode = VALIDATE_PATCH);
    CHECK_ROUTE("creates a row, but has a .mode", POST, crud_create, ACCESS_USER, .crud = &things,
                .body = &thing, .mode = VALIDATE_PATCH);
    CHECK_ROUTE("replaces a row, but lacks .mode = VALIDATE_REPLACE", PUT, crud_replace, ACCESS_USER,
                .crud = &things, .body = &thing);
    CHECK_ROUTE(no_patch, PATCH, crud_patch, ACCESS_USER, .crud = &things, .body = &thing);
    CHECK_ROUTE(no_patch, PATCH, nothing, ACCESS_USER, .body = &thing, .mode = VALIDATE_REPLACE);
    CHECK_ROUTE(NULL, PATCH, nothing, ACCESS_USER, .body = &thing, .mode = VALIDATE_PATCH);
    CHECK_ROUTE(NULL, PATCH, nothing, ACCESS_USER, .body = &form); /* a form says itself what may be absent */
}

static void forms_that_cannot_be_read(void **state)
{
    (void)state;
    static const struct field part[] = {TEXT("name", .max = 9)};
    static const struct resource parts = {.name = "Part", FIELDS(part)};
    static const struct field wrong[] = {CHOICE("side")};
    static const struct field list[] = {LIST("parts", .to = &parts, .max = 5)};
    static const struct resource sides = {.name = "Sides", FIELDS(wrong)};
    static const struct resource lists = {.name = "Lists", FIELDS(list)};
    const char *const missing = "reads what is declared wrong: Sides.side: `choices` is missing";
    const char *const no_pairs =
        "reads what is declared wrong: Lists.parts: a list cannot be sent in a form or a query";
    CHECK_ROUTE(missing, POST, nothing, ACCESS_USER, .body = &sides);
    CHECK_ROUTE(missing, GET, nothing, ACCESS_USER, .params = &sides);
    CHECK_ROUTE(NULL, POST, nothing, ACCESS_USER, .body = &lists);
    CHECK_ROUTE(no_pairs, POST, nothing, ACCESS_USER, .body = &lists, .body_is_form = true);
    CHECK_ROUTE(no_pairs, GET, nothing, ACCESS_USER, .params = &lists);
}

#define HIDDEN_SHOWN "has the shape OpenThing, which shows secret, which cannot be shown"

static void shapes_that_show_too_much(void **state)
{
    (void)state;
    static const struct crud open_list = {.resource = &thing, .shape = &thing_open};
    static const struct crud open_one = {.resource = &thing, .one = &thing_open};
    static const struct crud of_pairs = {.resource = &thing, .shape = &pair_whole};
    static const struct crud one_pair = {.resource = &thing, .one = &pair_whole};
    const char *const another = "shows its .crud in a shape of something else";
    CHECK_ROUTE(HIDDEN_SHOWN, GET, nothing, ACCESS_USER, .crud = &open_list);
    CHECK_ROUTE(HIDDEN_SHOWN, GET, nothing, ACCESS_USER, .crud = &open_one);
    CHECK_ROUTE(HIDDEN_SHOWN, GET, nothing, ACCESS_USER, .shows = {&thing_whole, &thing_open});
    CHECK_ROUTE(HIDDEN_SHOWN, POST, nothing, ACCESS_USER, .later = &thing_open);
    CHECK_ROUTE(another, GET, nothing, ACCESS_USER, .crud = &of_pairs);
    CHECK_ROUTE(another, GET, nothing, ACCESS_USER, .crud = &one_pair);
    CHECK_ROUTE(NULL, GET, nothing, ACCESS_USER, .crud = &things, .shows = {&pair_whole});
}

static void keys_of_several_fields(void **state)
{
    (void)state;
    static const struct field hashes[] = {BYTES("hash", .max = 32, .flags = KEY | READ_ONLY)};
    static const struct resource hash = {.name = "hash", .table = "hashes", FIELDS(hashes), KEYS(thing_keys)};
    static const struct crud pairs = {.resource = &pair, .owner = CRUD_NO_OWNER};
    static const struct route by_pair[] = {{METHOD_GET, "/p/{id}", nothing, ACCESS_USER, .keys = {&pair}},
                                           ROUTES_END};
    static const struct route by_hash[] = {{METHOD_GET, "/p/{id}", nothing, ACCESS_USER, .keys = {&hash}},
                                           ROUTES_END};
    const char *const no_key =
        "route GET /p/{id} has a {…} in its path that is a key of several fields, or one that cannot be sent";
    check_refused(by_pair, no_key);
    check_refused(by_hash, no_key);
    CHECK_ROUTE("is about one row, but the key of its resource has several fields", DELETE, crud_delete,
                ACCESS_USER, .crud = &pairs);
    CHECK_ROUTE(NULL, GET, crud_list, ACCESS_USER, .crud = &pairs, .is_list = true);
}

enum { DEED_ID, DEED_USER_ID, DEED_DONE_AT, DEED__MAX };

/* What schema_check() lets pass, since lists below a parent fix the reference: a list of all rows fixes none. */
static void lists_of_all_rows(void **state)
{
    (void)state;
    struct field fields[DEED__MAX] = {
        [DEED_ID] = ID("id"),
        [DEED_USER_ID] = REF("user_id", .to = &user_resource, .flags = READ_ONLY | FILTER),
        [DEED_DONE_AT] = TIME("done_at", .flags = READ_ONLY | SORT),
    };
    const struct key below[] = {PRIMARY(DEED_ID), INDEX(DEED_USER_ID, DEED_DONE_AT)};
    const struct key both[] = {PRIMARY(DEED_ID), INDEX(DEED_USER_ID, DEED_DONE_AT), INDEX(DEED_DONE_AT)};
    struct resource deed = {.name = "deed", .table = "deeds", FIELDS(fields), KEYS(below)};
    const struct shape shape = SHAPE("Deed", &deed, thing_members);
    deed.shape = &shape;
    struct crud deeds = {.resource = &deed, .owner = DEED_USER_ID};
    CHECK_ROUTE("lists all rows, by done_at if so asked, but no key has them in that order", GET, crud_list,
                ACCESS_USER, .crud = &deeds, .is_list = true);
    CHECK_ROUTE(NULL, GET, nothing, ACCESS_USER, .crud = &deeds, .is_list = true);
    deeds.is_private = true;
    CHECK_ROUTE(NULL, GET, crud_list, ACCESS_USER, .crud = &deeds, .is_list = true);
    deeds.is_private = false;
    fields[DEED_DONE_AT].flags = READ_ONLY | FILTER;
    CHECK_ROUTE("lists all rows, of one done_at if so asked, but no key begins with that", GET, crud_list,
                ACCESS_USER, .crud = &deeds, .is_list = true);
    fields[DEED_DONE_AT].flags = READ_ONLY | FILTER | SORT;
    deed.keys = both;
    deed.key_count = LENGTH(both);
    CHECK_ROUTE(NULL, GET, crud_list, ACCESS_USER, .crud = &deeds, .is_list = true);
}

static void names_of_keys(void **state)
{
    (void)state;
    static const struct route r = GET("/users/{id}/posts/{post_id}");
    check_str(route_key_name(&r, 0), STR("id"));
    check_str(route_key_name(&r, 1), STR("post_id"));
}

static void which_pool_is_asked(void **state)
{
    (void)state;
    static const struct field plain[] = {TEXT("topic", .doc = "what about")};
    static const struct field secret[] = {TEXT("email", .doc = "who"),
                                          PASSWORD("password", .doc = "and how")};
    static const struct resource form = {.name = "form", FIELDS(plain)};
    static const struct resource login = {.name = "login", FIELDS(secret)};
    static const unsigned char members[] = {0};
    static const struct shape shape = SHAPE("Topic", &form, members);
    const struct route web = {METHOD_POST, "/a", nothing, ACCESS_OPEN, .body = &form};
    const struct route hashing = {METHOD_POST, "/b", nothing, ACCESS_OPEN, .body = &login};
    const struct route waiting = {METHOD_POST, "/c", nothing, ACCESS_OPEN, .body = &form, .later = &shape};
    const struct crud table = {.resource = NULL};
    const struct route reading = {METHOD_GET, "/e", nothing, ACCESS_OPEN, .crud = &table};
    const struct route writing = {METHOD_POST, "/e", nothing, ACCESS_OPEN, .crud = &table};
    const struct route bare_one = {METHOD_GET, "/d", nothing, ACCESS_OPEN, .body = NULL};
    assert_string_equal(route_pool(&web), "web");
    assert_string_equal(route_pool(&bare_one), "web");
    assert_string_equal(route_pool(&hashing), "login");
    assert_string_equal(route_pool(&waiting), "long");
    assert_string_equal(route_pool(&reading), "read");
    assert_string_equal(route_pool(&writing), "web");
    assert_true(route_hashes(&hashing));
    assert_false(route_hashes(&waiting));
}

#define CASE(function) cmocka_unit_test_setup_teardown(function, set_up, arena_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(paths_that_are_there),
        CASE(paths_that_are_not),
        CASE(what_a_path_allows),
        CASE(other_bases),
        CASE(mistakes_are_refused),
        CASE(bodies_that_are_rows),
        CASE(forms_that_cannot_be_read),
        CASE(shapes_that_show_too_much),
        CASE(keys_of_several_fields),
        CASE(lists_of_all_rows),
        CASE(names_of_keys),
        CASE(which_pool_is_asked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* http/crud: the handlers that every resource shares, on a resource of nobody's with a rule of what is visible. Rows
 * that belong to somebody are in tests/golden. */
#include "http/crud.h"

#include "conf/settings.h"
#include "io/cipher.h"
#include "io/db.h"
#include "io/digest.h"
#include "models/role.h"
#include "models/user.h"
#include "support/fake_db.h"
#include "support/unit.h"

/* Roles whose description is not null are nobody's business. */
static void visible(const struct call *c, struct where *w)
{
    (void)c;
    where_add(w, &role_resource.fields[ROLE_DESCRIPTION], OP_EQ, value_null());
}

static const unsigned char brief_fields[] = {ROLE_ID, ROLE_NAME};
static const struct shape brief = SHAPE("RoleBrief", &role_resource, brief_fields);
static const struct crud roles = {.resource = &role_resource,
                                  .shape = &brief,
                                  .owner = CRUD_NO_OWNER,
                                  .visible = visible,
                                  .location = "/roles/"};
static const struct route route = {METHOD_GET, "/roles/{id}", crud_read, ACCESS_OPEN, .crud = &roles};

static struct settings settings;
static struct request request;
static struct reply reply;
static struct plan list;
static struct value body[ROLE__MAX];
static struct call call;

static int set_up(void **state)
{
    (void)arena_setup(state);
    fake_db_start(&arena);
    settings = (struct settings){.base_path = STR("/v9")};
    request = (struct request){.path = STR("/v9/roles")};
    reply_init(&reply, &arena);
    plan_init(&list, &role_resource, &brief);
    for (size_t i = 0; i < LENGTH(body); i++) {
        body[i] = (struct value){.kind = VALUE_ABSENT};
    }
    call = (struct call){.arena = &arena,
                         .db = db_new(NULL),
                         .settings = &settings,
                         .cipher = cipher_new(&arena, digest_key_new(&arena, STR("secret")), STR("cursor")),
                         .request = &request,
                         .route = &route,
                         .keys = {value_int(5)},
                         .body = body,
                         .list = &list,
                         .reply = &reply};
    db_want_transaction(call.db);
    return 0;
}

#define SEEN \
    "SELECT t0.id, t0.name, t0.version FROM roles t0 WHERE t0.id = ? AND t0.description IS NULL  [5]\n"
#define THERE "SELECT t0.id FROM roles t0 WHERE t0.id = ? AND t0.description IS NULL"

static void listing(void **state)
{
    (void)state;
    assert_null(crud_list(&call));
    check_str(fake_db_log(), STR("SELECT t0.id, t0.name FROM roles t0 WHERE t0.description IS NULL\n"));
    check_str(buf_view(&reply.body), STR("[{\"id\":1,\"name\":\"text\"}]"));
    reply.body.n = 0;
    fake_db_find_nothing(2);
    assert_null(crud_show_list(&call));
    check_str(buf_view(&reply.body), STR("[]"));
}

static void reading(void **state)
{
    (void)state;
    assert_null(crud_read(&call));
    check_str(fake_db_log(), STR(SEEN));
    check_str(buf_view(&reply.body), STR("{\"id\":1,\"name\":\"text\"}"));
    assert_int_equal(reply.status, 200);
    fake_db_find_nothing(2);
    err e = crud_read(&call);
    assert_int_equal(e->code, ERROR_NOT_FOUND);
    check_str(e->detail, STR("role with id: 5 not found"));
}

static void requiring(void **state)
{
    (void)state;
    assert_null(crud_require(&call, &roles, value_int(5), false));
    assert_null(crud_require(&call, &roles, value_int(6), true));
    check_str(fake_db_log(), STR(THERE "  [5]\nBEGIN\n" THERE " FOR UPDATE  [6]\n"));
    assert_int_equal(reply.body.n, 0);
    fake_db_find_nothing(3);
    check_str(crud_require(&call, &roles, value_int(7), false)->detail, STR("role with id: 7 not found"));
}

#define RETURNED                                                                                   \
    "INSERT INTO roles (name, name_fold) VALUES (?, ?) RETURNING id, name, version  [\"Editor\", " \
    "\"editor\"]\n"

/* What is one statement needs no transaction around it. */
static void creating(void **state)
{
    (void)state;
    body[ROLE_NAME] = value_text(STR("Editor"));
    assert_null(crud_create(&call));
    check_str(fake_db_log(), STR(RETURNED));
    assert_int_equal(reply.status, 201);
    assert_true(str_starts(buf_view(&reply.headers), STR("Location: /v9/roles/1\r\nETag: \"1-")));
    check_str(buf_view(&reply.body), STR("{\"id\":1,\"name\":\"text\"}"));
}

/* Where a handler does more, there is one; and where a key is kept with the answer. */
static void creating_among_other_things(void **state)
{
    (void)state;
    body[ROLE_NAME] = value_text(STR("Editor"));
    assert_null(crud_insert(&call, &roles));
    check_str(fake_db_log(), STR("BEGIN\n" RETURNED));
}

static void creating_under_an_idempotency_key(void **state)
{
    (void)state;
    request.has_idempotency_key = true;
    body[ROLE_NAME] = value_text(STR("Editor"));
    assert_null(crud_create(&call));
    check_str(fake_db_log(), STR("BEGIN\n" RETURNED));
}

static void creating_where_nothing_is_given_back(void **state)
{
    (void)state;
    fake_db_old();
    body[ROLE_NAME] = value_text(STR("Editor"));
    assert_null(crud_create(&call));
    check_str(fake_db_log(),
              STR("BEGIN\nINSERT INTO roles (name, name_fold) VALUES (?, ?)  [\"Editor\", \"editor\"]\n"
                  "SELECT t0.id, t0.name, t0.version FROM roles t0 WHERE t0.id = ?  [1]\n"));
    assert_int_equal(reply.status, 201);
    assert_true(str_starts(buf_view(&reply.headers), STR("Location: /v9/roles/1\r\nETag: \"1-")));
    check_str(buf_view(&reply.body), STR("{\"id\":1,\"name\":\"text\"}"));
}

/* A key that the program makes itself is in the row, and in Location. */
static void creating_under_a_key_of_ones_own(void **state)
{
    (void)state;
    enum { THING_UID, THING__MAX };
    static const struct field fields[THING__MAX] = {[THING_UID] =
                                                        UUID("uid", .flags = KEY | GENERATED | READ_ONLY)};
    static const struct key keys[] = {PRIMARY(THING_UID)};
    static const unsigned char all[] = {THING_UID};
    struct resource things = {.name = "thing", .table = "things", FIELDS(fields), KEYS(keys)};
    const struct shape shape = SHAPE("Thing", &things, all);
    const struct crud crud = {.resource = &things, .owner = CRUD_NO_OWNER, .location = "/things/"};
    const struct route here = {METHOD_POST, "/things", crud_create, ACCESS_OPEN, .crud = &crud};
    struct value row[THING__MAX] = {{.kind = VALUE_ABSENT}};
    things.shape = &shape;
    call.route = &here;
    call.body = row;
    assert_null(crud_create(&call));
    str location = buf_view(&reply.headers);
    assert_int_equal(location.n, sizeof "Location: /v9/things/01890a5d-ac96-774b-bcce-b302099a8057\r\n" - 1);
    check_str(fake_db_log(), STR("INSERT INTO things (uid) VALUES (?) RETURNING uid  [<a new uuid>]\n"));
}

#define UPDATE_SEEN                                                                                          \
    "UPDATE roles SET name = ?, name_fold = ?, version = version + 1 WHERE id = ? AND description IS NULL  " \
    "[\"x\", \"x\", 5]\n"

/* What nobody owns may be changed by whoever gets this far, if they may know of it. */
static void changing(void **state)
{
    (void)state;
    body[ROLE_NAME] = value_text(STR("x"));
    assert_null(crud_replace(&call));
    assert_null(crud_patch(&call));
    check_str(fake_db_log(), STR("BEGIN\n" UPDATE_SEEN SEEN UPDATE_SEEN SEEN));
    call.actor.admin = true;
    fake_db_find_nothing(5);
    fake_db_find_nothing(6);
    fake_db_find_nothing(7);
    check_str(crud_replace(&call)->detail, STR("role with id: 5 not found"));
}

/* Who may write is asked first; then the row is shown. */
static void changing_nothing(void **state)
{
    (void)state;
    assert_null(crud_patch(&call));
    check_str(fake_db_log(), STR(THERE "  [5]\n" SEEN));
    check_str(buf_view(&reply.body), STR("{\"id\":1,\"name\":\"text\"}"));
    fake_db_find_nothing(3);
    fake_db_find_nothing(4);
    fake_db_find_nothing(5);
    assert_int_equal(crud_patch(&call)->code, ERROR_NOT_FOUND);
}

/* Null is something. */
static void changing_to_null(void **state)
{
    (void)state;
    body[ROLE_DESCRIPTION] = value_null();
    assert_null(crud_patch(&call));
    check_str(
        fake_db_log(),
        STR("BEGIN\nUPDATE roles SET description = ?, version = version + 1 WHERE id = ? AND description IS "
            "NULL  [null, 5]\n" SEEN));
}

static void deleting(void **state)
{
    (void)state;
    buf_lit(&reply.body, "x");
    assert_null(crud_delete(&call));
    check_str(fake_db_log(), STR("BEGIN\nDELETE FROM roles WHERE id = ? AND description IS NULL  [5]\n"));
    assert_int_equal(reply.status, 204);
    assert_int_equal(reply.body.n, 0);
    fake_db_find_nothing(2);
    fake_db_find_nothing(3);
    assert_int_equal(crud_delete(&call)->code, ERROR_FORBIDDEN); /* it is there, but was not to be had */
}

#define CASE(function) cmocka_unit_test_setup_teardown(function, set_up, arena_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(listing),
        CASE(reading),
        CASE(requiring),
        CASE(creating),
        CASE(creating_among_other_things),
        CASE(creating_under_an_idempotency_key),
        CASE(creating_where_nothing_is_given_back),
        CASE(creating_under_a_key_of_ones_own),
        CASE(changing),
        CASE(changing_nothing),
        CASE(changing_to_null),
        CASE(deleting),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

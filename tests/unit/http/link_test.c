/* http/link: the Link header of a page, and the number of all rows. */
#include "http/link.h"

#include <string.h>

#include "conf/settings.h"
#include "engine/cursor.h"
#include "http/crud.h"
#include "http/route.h"
#include "io/cipher.h"
#include "io/db.h"
#include "io/digest.h"
#include "models/user.h"
#include "support/fake_db.h"
#include "support/unit.h"

static struct request request;
static struct route route;
static struct reply reply;
static struct plan list;
static struct call call;
static struct value cells[] = {{.kind = VALUE_INT, .i = 5}, {.kind = VALUE_TEXT, .text = STR_INIT("a")},
                               {.kind = VALUE_INT, .i = 6}, {.kind = VALUE_TEXT, .text = STR_INIT("b")},
                               {.kind = VALUE_INT, .i = 7}, {.kind = VALUE_TEXT, .text = STR_INIT("c")}};

static int set_up(void **state)
{
    (void)arena_setup(state);
    fake_db_start(&arena);
    request = (struct request){.path = STR("/api/v1/users"), .query = STR("")};
    route = (struct route){.method = METHOD_GET};
    reply_init(&reply, &arena);
    plan_init(&list, &user_resource, &user_brief);
    plan_order_by_key(&list);
    plan_close(&list);
    list.limit = 3;
    call = (struct call){.arena = &arena,
                         .db = db_new(NULL),
                         .cipher = cipher_new(&arena, digest_key_new(&arena, STR("secret")), STR("cursor")),
                         .request = &request,
                         .route = &route,
                         .list = &list,
                         .reply = &reply};
    return 0;
}

/* The headers for a page of three rows. */
static str headers_of(size_t rows, bool more)
{
    const struct page page = {.rows = {.n = rows, .columns = 2, .cells = cells}, .more = more};
    reply_init(&reply, &arena);
    assert_null(link_put(&call, &page));
    return buf_view(&reply.headers);
}

/* The address behind which rel="…" stands; empty when there is none. */
static str linked(str headers, const char *relation)
{
    const char *mark = str_c(&arena, str_format(&arena, ">; rel=\"%s\"", relation));
    const char *end = memmem(headers.p, headers.n, mark, strlen(mark));
    if (end == NULL) {
        return (str){0};
    }
    const char *start = end;
    while (*start != '<') {
        start--;
    }
    return (str){start + 1, (size_t)(end - start) - 1};
}

/* The cursor in an address leads behind (or before) the row with that id. */
static void check_cursor(str address, const char *before, bool backward, int64_t id)
{
    struct plan p = list;
    struct seal seal = link_seal(&call);
    assert_true(str_starts(address, str_of(before)));
    assert_true(cursor_read(&arena, str_slice(address, strlen(before), address.n), &seal, &p));
    assert_int_equal(p.seek.backward, backward);
    assert_int_equal(p.seek.values[0].i, id);
}

static void from_the_beginning(void **state)
{
    (void)state;
    str headers = headers_of(3, true);
    assert_true(str_starts(headers, STR("Link: <")));
    check_str(linked(headers, "first"), STR("/api/v1/users"));
    check_cursor(linked(headers, "next"), "/api/v1/users?cursor=", false, 7);
    assert_int_equal(linked(headers, "prev").n, 0);
    headers = headers_of(3, false);
    assert_int_equal(linked(headers, "next").n, 0);
    check_str(headers, STR("Link: </api/v1/users>; rel=\"first\"\r\n"));
    check_str(headers_of(0, false), STR("Link: </api/v1/users>; rel=\"first\"\r\n"));
}

static void from_within(void **state)
{
    (void)state;
    list.offset = 5;
    str headers = headers_of(3, false);
    check_cursor(linked(headers, "prev"), "/api/v1/users?cursor=", true, 5);
    assert_int_equal(linked(headers, "next").n, 0);
    list.offset = 0;
    list.seek.given = true;
    headers = headers_of(2, true);
    check_cursor(linked(headers, "prev"), "/api/v1/users?cursor=", true, 5);
    check_cursor(linked(headers, "next"), "/api/v1/users?cursor=", false, 6);
    headers = headers_of(0, false); /* behind the last row: nothing to hold on to */
    assert_int_equal(linked(headers, "prev").n + linked(headers, "next").n, 0);
}

/* Where somebody came backward from, rows were; whether there are more before, the page says. */
static void walking_back(void **state)
{
    (void)state;
    list.seek.given = true;
    list.seek.backward = true;
    str headers = headers_of(3, true);
    check_cursor(linked(headers, "prev"), "/api/v1/users?cursor=", true, 5);
    check_cursor(linked(headers, "next"), "/api/v1/users?cursor=", false, 7);
    headers = headers_of(3, false);
    assert_int_equal(linked(headers, "prev").n, 0);
    check_cursor(linked(headers, "next"), "/api/v1/users?cursor=", false, 7);
}

static void check_first(const char *path, const char *query, const char *want)
{
    request.path = str_of(path);
    request.query = str_of(query);
    check_str(linked(headers_of(3, true), "first"), str_of(want));
}

/* The query stays as it was sent, but for the position; what could end the address is escaped. */
static void addresses(void **state)
{
    (void)state;
    check_first("/u/", "", "/u");
    check_first("/", "", "/");
    check_first("/u", "limit=3&sort_by=-id", "/u?limit=3&sort_by=-id");
    check_first("/u", "cursor=abc", "/u");
    check_first("/u", "skip=5&limit=3&cursor=abc&q=x", "/u?limit=3&q=x");
    check_first("/u", "&&limit=3&&", "/u?limit=3");
    check_first("/u", "cursors=1&skipped=2&Skip=3", "/u?cursors=1&skipped=2&Skip=3");
    check_first("/u", "cursor&skip", "/u");
    check_first("/u", "%63ursor=abc&s%6bip=5&limit=3", "/u?limit=3");
    check_first("/u", "q=%3E%22%0D%0A", "/u?q=%3E%22%0D%0A");
    check_first("/u", "q=>;rel=\"next\"", "/u?q=%3E;rel=%22next%22");
    check_first("/u", "q=<a> b\xc3\xa4\x7f\x01", "/u?q=%3Ca%3E%20b%C3%A4%7F%01");
    check_first("/u/\xc3\xa4>", "", "/u/%C3%A4%3E");
    request.path = STR("/u/");
    request.query = STR("limit=3&cursor=old");
    str headers = headers_of(3, true);
    check_cursor(linked(headers, "next"), "/u?limit=3&cursor=", false, 7);
}

/* Everybody finds a list of their own under one path: a cursor of one person is none of another's. */
static void check_is_own(void)
{
    call.actor = (struct actor){.signed_in = true, .user_id = 7};
    str address = linked(headers_of(3, true), "next");
    check_cursor(address, "/api/v1/users?cursor=", false, 7);
    struct plan p = list;
    call.actor.user_id = 8;
    struct seal seal = link_seal(&call);
    str cursor = str_slice(address, str_find(address, '=', 0) + 1, address.n);
    assert_false(cursor_read(&arena, cursor, &seal, &p));
    route.mine = false;
    route.crud = NULL;
    seal = link_seal(&call);
    assert_false(cursor_read(&arena, cursor, &seal, &p));
}

static void lists_of_ones_own(void **state)
{
    (void)state;
    static const struct crud crud = {.resource = &user_resource, .is_private = true};
    route.mine = true;
    check_is_own();
    route.crud = &crud;
    check_is_own();
}

/* Which links a page has whose query is so long: f, n and p. An exclamation mark stands for none at all, and an
 * error. */
static const char *links_of(size_t query)
{
    const struct page page = {.rows = {.n = 3, .columns = 2, .cells = cells}, .more = true};
    char *text = arena_alloc(&arena, query + 1);
    memset(text, 'x', query);
    request.query = (str){text, query};
    reply_init(&reply, &arena);
    err e = link_put(&call, &page);
    str headers = buf_view(&reply.headers);
    if (e != NULL) {
        assert_int_equal(error_status(e->code), 400);
        assert_int_equal(headers.n, 0);
        return "!";
    }
    assert_true(headers.n <= LINK_MAX_BYTES);
    assert_true(str_starts(headers, STR("Link: <")));
    check_str(str_slice(headers, headers.n - 2, headers.n), STR("\r\n"));
    assert_true(linked(headers, "next").n <= LINK_MAX_ADDRESS &&
                linked(headers, "prev").n <= LINK_MAX_ADDRESS);
    return str_format(&arena, "%s%s%s", linked(headers, "first").n > 0 ? "f" : "",
                      linked(headers, "next").n > 0 ? "n" : "", linked(headers, "prev").n > 0 ? "p" : "")
        .p;
}

/* Of links that no web server would take the least useful go first; without a way onward there is no page. */
static void far_too_long(void **state)
{
    (void)state;
    static const struct {
        size_t query;
        const char *forward, *backward;
    } cases[] = {
        {100, "fnp", "fnp"},
        {LINK_MAX_BYTES / 3 - 100, "fnp", "fnp"},
        {LINK_MAX_BYTES / 3, "np", "np"},
        {LINK_MAX_BYTES / 2 - 100, "np", "np"},
        {LINK_MAX_BYTES / 2, "n", "p"},
        {LINK_MAX_ADDRESS - 100, "n", "p"},
        {LINK_MAX_ADDRESS - 50, "!", "!"},
        {LINK_MAX_ADDRESS, "!", "!"},
        {3 * LINK_MAX_ADDRESS, "!", "!"},
    };
    list.seek.given = true;
    for (size_t i = 0; i < LENGTH(cases); i++) {
        print_message("%zu\n", cases[i].query);
        list.seek.backward = false;
        assert_string_equal(links_of(cases[i].query), cases[i].forward);
        list.seek.backward = true;
        assert_string_equal(links_of(cases[i].query), cases[i].backward);
    }
    str last = headers_of(3, false); /* where nothing is left to come, nothing is wrong */
    assert_int_equal(last.n, 0);
}

static void the_number_of_all_rows(void **state)
{
    (void)state;
    list.count = true;
    fake_db_cell(1, value_int(1234567));
    str headers = headers_of(3, false);
    str last = STR("\r\nX-Total-Count: 1234567\r\n");
    check_str(str_slice(headers, headers.n - last.n, headers.n), last);
    check_str(fake_db_log(), STR("SELECT COUNT(*) FROM users t0\n"));
    const struct page page = {.rows = {.n = 0}};
    fake_db_fail(2, ERROR_CONNECTION_LOST, NULL);
    assert_int_equal(link_put(&call, &page)->code, ERROR_CONNECTION_LOST);
}

#define CASE(function) cmocka_unit_test_setup_teardown(function, set_up, arena_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(from_the_beginning), CASE(from_within),  CASE(walking_back),           CASE(lists_of_ones_own),
        CASE(addresses),          CASE(far_too_long), CASE(the_number_of_all_rows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* http/etag: what If-Match asks of a write, and what If-None-Match makes of an answer. */
#include "http/etag.h"

#include "conf/settings.h"
#include "http/route.h"
#include "models/post.h"
#include "models/vote.h"
#include "support/unit.h"

static struct settings settings;
static struct request request;
static struct reply reply;
static struct route route;
static struct call call;

static int set_up(void **state)
{
    (void)arena_setup(state);
    settings = (struct settings){.require_if_match = false};
    request = (struct request){.method = METHOD_GET};
    route = (struct route){.method = METHOD_GET};
    reply_init(&reply, &arena);
    call = (struct call){
        .arena = &arena, .settings = &settings, .request = &request, .route = &route, .reply = &reply};
    return 0;
}

/* The versions that an If-Match allows, "5 7"; "any"; "none". */
static str allowed(const char *if_match)
{
    struct where w = {.count = 0};
    struct buf b;
    buf_init(&b, &arena, 64, 4096);
    request.has_if_match = if_match != NULL;
    request.if_match = if_match == NULL ? (str){0} : str_of(if_match);
    where_add(&w, &post_resource.fields[POST_ID], OP_EQ, value_int(1)); /* what the handler asks for stays */
    assert_null(etag_condition(&call, &post_resource, &w));
    assert_ptr_equal(w.list[0].field, &post_resource.fields[POST_ID]);
    for (unsigned i = 1; i < w.count; i++) {
        const struct condition *c = &w.list[i];
        assert_ptr_equal(c->field, &post_resource.fields[POST_VERSION]);
        assert_int_equal(c->op, OP_EQ);
        assert_int_equal(c->group, c->value.i < 0 ? 0 : w.list[1].group);
        if (c->value.i < 0) {
            assert_int_equal(w.count, 2);
            return STR("none");
        }
        buf_printf(&b, "%s%lld", i > 1 ? " " : "", (long long)c->value.i);
    }
    return w.count == 1 ? STR("any") : buf_view(&b);
}

static void what_if_match_allows(void **state)
{
    (void)state;
    static const struct {
        const char *header, *allows;
    } cases[] = {
        {NULL, "any"}, /* no such header */
        {"", "none"},  /* one that is empty: who sent it had something in mind */
        {"*", "any"},
        {" * ", "any"},
        {"\"7-0123456789abcdef\"", "7"},
        {"\"7\"", "7"},
        {"W/\"7-01\"", "7"}, /* a web server that compresses puts it there */
        {"\"7-a\",\"9-b\"", "7 9"},
        {"  \"7-a\" ,\t, W/\"9-b\" ", "7 9"},
        {"\"x\", \"7-a\"", "7"},
        {"\"7-a\", *", "any"},
        {"\"\"", "none"},
        {"\"x-1\"", "none"},
        {"\"-7\"", "none"},
        {"\"7", "none"},
        {"7", "none"},
        {"7-a", "none"},
        {"x", "none"},
        {"\"7-a\" x \"9-b\"", "7"},
        {"W/", "none"},
        {"w/\"7\"", "none"},
        {",", "none"},
        {" ", "none"},
        {"\"*\"", "none"}, /* a tag like any other, and none of ours */
        {"\"99999999999999999999-a\"", "none"},
        {"\"1\",\"2\",\"3\",\"4\",\"5\",\"6\",\"7\",\"8\",\"9\"", "1 2 3 4 5 6 7 8"},
        {"\"1\",\"2\",\"3\",\"4\",\"5\",\"6\",\"7\",\"8\",*", "1 2 3 4 5 6 7 8"},
    };
    for (size_t i = 0; i < LENGTH(cases); i++) {
        print_message("%s\n", cases[i].header == NULL ? "none" : cases[i].header);
        check_str(allowed(cases[i].header), str_of(cases[i].allows));
    }
}

/* What may only be made is not changed, whatever If-Match allows. */
static void what_may_only_be_made(void **state)
{
    (void)state;
    for (size_t i = 0; i < 3; i++) {
        request.if_none_match = str_of((const char *[]){"*", " * ", "\"x\", *"}[i]);
        check_str(allowed(NULL), STR("none"));
        check_str(allowed("\"7\""), STR("none"));
        check_str(etag_stale(&call, &post_resource)->detail,
                  STR("this post is there already: If-None-Match forbids to change it"));
    }
    for (size_t i = 0; i < 3; i++) { /* one representation is no reason not to make another of it */
        request.if_none_match = str_of((const char *[]){"", "\"*\"", "\"7-a\""}[i]);
        check_str(allowed(NULL), STR("any"));
        check_str(allowed("\"7\""), STR("7"));
        check_str(etag_stale(&call, &post_resource)->detail,
                  STR("this post has been edited since: read it again"));
    }
}

static void what_has_no_version_has_no_condition(void **state)
{
    (void)state;
    struct where w = {.count = 0};
    request.if_match = STR("\"7\"");
    request.has_if_match = true;
    settings.require_if_match = true;
    assert_null(etag_condition(&call, &vote_resource, &w));
    assert_int_equal(w.count, 0);
}

static void conditions_may_be_required(void **state)
{
    (void)state;
    struct where w = {.count = 0};
    settings.require_if_match = true;
    err e = etag_condition(&call, &post_resource, &w);
    assert_int_equal(e->code, ERROR_NO_CONDITION);
    assert_int_equal(error_status(e->code), 428);
    check_str(allowed("*"), STR("any"));
    check_str(allowed("\"7\""), STR("7"));
}

/* Answers with that body and version; the tag. */
static str answer(const char *body, int64_t version)
{
    reply_init(&reply, &arena);
    buf_c(&reply.body, body);
    etag_put(&call, version);
    str headers = buf_view(&reply.headers);
    assert_true(str_starts(headers, STR("ETag: \"")));
    size_t end = str_find(headers, '"', 7);
    check_str(str_slice(headers, end, headers.n), STR("\"\r\n"));
    return str_copy(&arena, str_slice(headers, 7, end));
}

static void a_tag_is_version_and_body(void **state)
{
    (void)state;
    str tag = answer("{}", 7);
    assert_true(str_starts(tag, STR("7-")));
    assert_int_equal(tag.n, 2 + 16);
    check_str(answer("{}", 7), tag);
    assert_false(str_eq(answer("{ }", 7), tag));
    assert_false(str_eq(answer("{}", 8), tag));
    assert_int_equal(reply.status, 200);
    check_str(buf_view(&reply.body), STR("{}"));
    assert_true(answer("", INT64_MAX).n == 19 + 1 + 16);
}

static void check_known(const char *header, bool known)
{
    request.if_none_match = str_of(header);
    (void)answer("{}", 7);
    print_message("%s\n", header);
    assert_int_equal(reply.status, known ? 304 : 200);
    assert_int_equal(reply.body.n, known ? 0 : 2);
}

static void what_is_known_already(void **state)
{
    (void)state;
    const char *tag = str_c(&arena, answer("{}", 7));
    check_known("", false);
    check_known("*", true);
    check_known("\"*\"", false);
    check_known(str_format(&arena, "\"%s\"", tag).p, true);
    check_known(str_format(&arena, "W/\"%s\"", tag).p, true);
    check_known(str_format(&arena, "\"x\" , \"%s\"", tag).p, true);
    check_known(str_format(&arena, "%s", tag).p, false);
    check_known(str_format(&arena, "\"%s", tag).p, false);
    check_known(str_format(&arena, "\"%sx\"", tag).p, false);
    check_known("\"7\"", false);
    check_known("\"7-0000000000000000\"", false);
    /* only a GET has nothing to say then */
    route.method = METHOD_PATCH;
    check_known("*", false);
    check_known(str_format(&arena, "\"%s\"", tag).p, false);
}

#define CASE(function) cmocka_unit_test_setup_teardown(function, set_up, arena_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(what_may_only_be_made),
        CASE(what_if_match_allows),
        CASE(what_has_no_version_has_no_condition),
        CASE(conditions_may_be_required),
        CASE(a_tag_is_version_and_body),
        CASE(what_is_known_already),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

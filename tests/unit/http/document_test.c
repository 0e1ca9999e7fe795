/* http/document: the OpenAPI document as it is served, without a database. */
#include "http/document.h"

#include "support/fake_db.h"
#include "support/site.h"
#include "support/unit.h"

static struct site site;

static int set_up(void **state)
{
    (void)arena_setup(state);
    fake_db_start(&arena);
    site_open(&site, NULL);
    return 0;
}

static int tear_down(void **state)
{
    site_close(&site);
    return arena_teardown(state);
}

static struct answer ask(const char *known)
{
    const char *const headers[] = {known, NULL};
    return site_ask(&site, &(struct ask){.method = "GET", .target = "/openapi.json", .headers = headers});
}

static void the_same_bytes_every_time(void **state)
{
    (void)state;
    for (int i = 0; i < 2; i++) {
        struct answer a = ask("HTTP_ACCEPT=*/*");
        assert_int_equal(a.status, 200);
        check_str(a.body, site.openapi->text);
        check_str(answer_header(&a, "Content-Type"), STR("application/json"));
        check_str(answer_header(&a, "Cache-Control"), STR("public, max-age=0, must-revalidate, s-maxage=1, "
                                                          "stale-while-revalidate=1, stale-if-error=10"));
        check_str(answer_header(&a, "ETag"), str_format(&arena, "\"%.*s\"", STR_ARGS(site.openapi->etag)));
    }
    assert_int_equal(fake_db_count(), 0);
}

static void known_it_is_not_sent_again(void **state)
{
    (void)state;
    const char *known =
        str_format(&arena, "HTTP_IF_NONE_MATCH=W/\"x\", \"%.*s\"", STR_ARGS(site.openapi->etag)).p;
    struct answer a = ask(known);
    assert_int_equal(a.status, 304);
    assert_int_equal(a.body.n, 0);
    check_str(answer_header(&a, "ETag"), str_format(&arena, "\"%.*s\"", STR_ARGS(site.openapi->etag)));
    assert_int_equal(ask("HTTP_IF_NONE_MATCH=\"x\"").status, 200);
    assert_int_equal(ask("HTTP_IF_NONE_MATCH=*").status, 304);
}

static void the_tag_is_that_of_the_bytes(void **state)
{
    (void)state;
    struct document one = document_of(&arena, STR("{}"));
    struct document same = document_of(&arena, str_copy(&arena, STR("{}")));
    struct document other = document_of(&arena, STR("{ }"));
    assert_int_equal(one.etag.n, 16);
    check_str(one.etag, same.etag);
    assert_false(str_eq(one.etag, other.etag));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_same_bytes_every_time, set_up, tear_down),
        cmocka_unit_test_setup_teardown(known_it_is_not_sent_again, set_up, tear_down),
        TEST(the_tag_is_that_of_the_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* http/body: the body as JSON or as a form, by its media type. */
#include <string.h>

#include "http/request.h"
#include "support/unit.h"

static struct request with(const char *type, str body)
{
    return (struct request){.content_type = str_of(type), .body = body};
}

static void media_types_that_are_json(void **state)
{
    (void)state;
    static const char *const types[] = {
        "application/json",
        "",
        "APPLICATION/JSON",
        "application/json; charset=utf-8",
        "application/json;",
        " application/json ",
        "application/problem+json",
        "application/vnd.api+JSON",
        "application/ld+json ; profile=x",
    };
    for (size_t i = 0; i < LENGTH(types); i++) {
        struct request r = with(types[i], STR("[1]"));
        const struct json *json = NULL;
        print_message("%s\n", types[i]);
        assert_null(request_json(&r, &arena, &json));
        assert_int_equal(json->type, JSON_ARRAY);
    }
}

static void media_types_that_are_not(void **state)
{
    (void)state;
    static const char *const types[] = {
        "text/plain",
        "text/json",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/jsonx",
        "application/",
        "json",
        "+json",
        "application+json",
        "image/svg+json",

        "application/xml; x=+json",
    };
    for (size_t i = 0; i < LENGTH(types); i++) {
        struct request r = with(types[i], STR("{}"));
        const struct json *json = NULL;
        print_message("%s\n", types[i]);
        err e = request_json(&r, &arena, &json);
        assert_non_null(e);
        assert_int_equal(e->code, ERROR_MEDIA_TYPE);
    }
}

/* No body is no body, whatever its type. */
static void nothing_is_null(void **state)
{
    (void)state;
    static const struct json some = {.type = JSON_BOOL};
    struct request r = with("text/plain", STR(""));
    const struct json *json = &some;
    assert_null(request_json(&r, &arena, &json));
    assert_null(json);
    struct pair *pairs = NULL;
    size_t count = 5;
    assert_null(request_form(&r, &arena, &pairs, &count));
    assert_int_equal(count, 0);
}

static void broken_json_says_where(void **state)
{
    (void)state;
    static const struct {
        const char *body;
        unsigned position;
        const char *why;
    } cases[] = {
        {"{", 1, "Expecting property name enclosed in double quotes"},
        {"{\"a\":1,}", 7, "Expecting property name enclosed in double quotes"},
        {"{'a':1}", 1, "Expecting property name enclosed in double quotes"},
        {"[1,", 3, "Expecting value"},
        {" ", 1, "Expecting value"},
        {"{\"a\" 1}", 5, "Expecting ':' delimiter"},
        {"[1 2]", 3, "Expecting ',' delimiter"},
        {"{} x", 3, "Extra data"},
        {"\"a", 0, "Unterminated string starting at"},
        {"\"\xc3\xa4\xc3\xb6\\x\"", 3, "Invalid \\escape"}, /* counted in code points */
    };
    for (size_t i = 0; i < LENGTH(cases); i++) {
        struct request r = with("application/json", str_of(cases[i].body));
        const struct json *json = NULL;
        struct json_failure none;
        struct json *list = NULL;
        err e = request_json(&r, &arena, &json);
        assert_non_null(e);
        assert_int_equal(e->code, ERROR_JSON_INVALID);
        assert_int_equal(json_read(&arena, e->problems, &json_default_limits, &list, &none), JSON_READ_OK);
        str error = json_member(json_member(list->first, STR("ctx")), STR("error"))->text;
        assert_true(str_starts(error, str_of(cases[i].why)));
        str start =
            str_format(&arena,
                       "[{\"type\":\"json_invalid\",\"loc\":[\"body\",%u],\"msg\":\"JSON decode error\","
                       "\"input\":{},\"ctx\":{\"error\":\"",
                       cases[i].position);
        check_str(str_slice(e->problems, 0, start.n), start);
    }
}

/* As deep, or as much, as nobody means it. */
static void json_has_limits(void **state)
{
    (void)state;
    char deep[1000];
    memset(deep, '[', sizeof deep);
    struct request r = with("application/json", (str){deep, sizeof deep});
    const struct json *json = NULL;
    err e = request_json(&r, &arena, &json);
    assert_non_null(e);
    assert_int_equal(e->code, ERROR_JSON_INVALID);
}

static void bytes_that_are_no_text(void **state)
{
    (void)state;
    static const str bodies[] = {STR_INIT("{\"a\":\"\xff\"}"), STR_INIT("\x80"),
                                 STR_INIT("\"\xed\xa0\x80\"")};
    for (size_t i = 0; i < LENGTH(bodies); i++) {
        struct request r = with("application/json", bodies[i]);
        const struct json *json = NULL;
        err e = request_json(&r, &arena, &json);
        assert_non_null(e);
        assert_int_equal(e->code, ERROR_BODY_UNREADABLE);
        check_str(e->detail, STR("There was an error parsing the body"));
    }
}

static void forms(void **state)
{
    (void)state;
    static const char *const types[] = {"application/x-www-form-urlencoded",
                                        "Application/X-WWW-Form-URLencoded; charset=UTF-8"};
    for (size_t i = 0; i < LENGTH(types); i++) {
        struct request r = with(types[i], STR("a=1+2&b=%C3%A4&a=3&&c"));
        struct pair *pairs = NULL;
        size_t count = 0;
        assert_null(request_form(&r, &arena, &pairs, &count));
        assert_int_equal(count, 4);
        check_str(pairs[0].value, STR("1 2"));
        check_str(pairs[1].value, STR("\xc3\xa4"));
        check_str(url_find(pairs, count, STR("a"))->value, STR("3"));
        check_str(pairs[3].name, STR("c"));
        check_str(pairs[3].value, STR(""));
    }
}

static void forms_in_parts(void **state)
{
    (void)state;
    struct request r = with("Multipart/Form-Data; boundary=b",
                            STR("--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n--b--"));
    struct pair *pairs = NULL;
    size_t count = 0;
    assert_null(request_form(&r, &arena, &pairs, &count));
    assert_int_equal(count, 1);
    check_str(pairs[0].value, STR("1"));
}

static void a_form_of_another_type(void **state)
{
    (void)state;
    static const char *const types[] = {"application/json", "", "text/plain", "multipart/mixed; boundary=b"};
    for (size_t i = 0; i < LENGTH(types); i++) {
        struct request r = with(types[i], STR("a=1"));
        struct pair *pairs = NULL;
        size_t count = 0;
        err e = request_form(&r, &arena, &pairs, &count);
        assert_non_null(e);
        assert_int_equal(e->code, ERROR_MEDIA_TYPE);
    }
}

static void no_more_pairs_than_are_read(void **state)
{
    (void)state;
    char many[1000];
    memset(many, '&', sizeof many);
    for (size_t i = 0; i < sizeof many; i += 2) {
        many[i] = 'a';
    }
    struct request r = with("application/x-www-form-urlencoded", (str){many, sizeof many});
    struct pair *pairs = NULL;
    size_t count = 0;
    assert_null(request_form(&r, &arena, &pairs, &count));
    assert_int_equal(count, REQUEST_MAX_PAIRS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(media_types_that_are_json),
        TEST(media_types_that_are_not),
        TEST(nothing_is_null),
        TEST(broken_json_says_where),
        TEST(json_has_limits),
        TEST(bytes_that_are_no_text),
        TEST(forms),
        TEST(forms_in_parts),
        TEST(a_form_of_another_type),
        TEST(no_more_pairs_than_are_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

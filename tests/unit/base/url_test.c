#include "base/url.h"

#include "base/text.h"
#include <string.h>

#include "support/unit.h"

static void decoding(void **state)
{
    (void)state;
    static const struct {
        str text;
        str plus;    /* decoded as a form does */
        str no_plus; /* decoded as a path is */
    } cases[] = {
        {STR_INIT(""), STR_INIT(""), STR_INIT("")},
        {STR_INIT("plain"), STR_INIT("plain"), STR_INIT("plain")},
        {STR_INIT("a+b"), STR_INIT("a b"), STR_INIT("a+b")},
        {STR_INIT("a%20b%2Bc"), STR_INIT("a b+c"), STR_INIT("a b+c")},
        {STR_INIT("%2f%2F"), STR_INIT("//"), STR_INIT("//")},
        {STR_INIT("%41"), STR_INIT("A"), STR_INIT("A")},
        {STR_INIT("%"), STR_INIT("%"), STR_INIT("%")},
        {STR_INIT("%4"), STR_INIT("%4"), STR_INIT("%4")},
        {STR_INIT("%g1%1g%%41"), STR_INIT("%g1%1g%A"), STR_INIT("%g1%1g%A")},
        {STR_INIT("%2541"), STR_INIT("%41"), STR_INIT("%41")}, /* once, not twice */
        {STR_INIT("%00"), STR_INIT("\0"), STR_INIT("\0")},
        {STR_INIT("%C3%A9"), STR_INIT("\xC3\xA9"), STR_INIT("\xC3\xA9")},
        {STR_INIT("%ff\xC3"), STR_INIT("\xEF\xBF\xBD\xEF\xBF\xBD"), STR_INIT("\xEF\xBF\xBD\xEF\xBF\xBD")},
        {STR_INIT("%ED%A0%80"), STR_INIT("\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"),
         STR_INIT("\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD")},
    };
    for (size_t i = 0; i < LENGTH(cases); i++) {
        check_str(url_decode(&arena, cases[i].text, true), cases[i].plus);
        check_str(url_decode(&arena, cases[i].text, false), cases[i].no_plus);
    }
}

static void every_byte(void **state)
{
    (void)state;
    for (unsigned byte = 0; byte < 256; byte++) {
        str decoded =
            url_decode(&arena, str_format(&arena, byte % 2 == 0 ? "<%%%02x>" : "<%%%02X>", byte), true);
        assert_true(text_is_utf8(decoded));
        if (byte < 0x80) {
            char want[3] = {'<', (char)byte, '>'};
            str expected = {want, sizeof want};
            check_str(decoded, expected);
        } else {
            check_str(decoded, STR("<\xEF\xBF\xBD>"));
        }
    }
}

static void pairs_in_order(void **state)
{
    (void)state;
    static const struct pair want[] = {
        {STR_INIT("limit"), STR_INIT("5")},        {STR_INIT("search"), STR_INIT("a b=c")},
        {STR_INIT("empty"), STR_INIT("")},         {STR_INIT("bare"), STR_INIT("")},
        {STR_INIT(""), STR_INIT("nameless")},      {STR_INIT("a&b"), STR_INIT("1")},
        {STR_INIT("limit"), STR_INIT("\xC3\xA9")},
    };
    struct pair *pairs = NULL;
    size_t count = url_pairs(
        &arena, STR("&limit=5&&search=a+b=c&empty=&bare&=nameless&a%26b=1&limit=%C3%A9&"), 64, &pairs);
    assert_int_equal(count, LENGTH(want));
    for (size_t i = 0; i < count; i++) {
        check_str(pairs[i].name, want[i].name);
        check_str(pairs[i].value, want[i].value);
    }
    check_str(url_find(pairs, count, STR("limit"))->value, STR("\xC3\xA9")); /* the last one */
    check_str(url_find(pairs, count, STR(""))->value, STR("nameless"));
    assert_null(url_find(pairs, count, STR("Limit")));
    assert_null(url_find(pairs, 0, STR("limit")));
}

static void no_more_than_asked_for(void **state)
{
    (void)state;
    struct pair *pairs = NULL;
    assert_int_equal(url_pairs(&arena, STR("a=1&b=2&c=3"), 2, &pairs), 2);
    check_str(pairs[1].name, STR("b"));
    assert_int_equal(url_pairs(&arena, STR("&&&&a=1"), 1, &pairs), 1);
    check_str(pairs[0].name, STR("a"));
    assert_int_equal(url_pairs(&arena, STR("a=1"), 0, &pairs), 0);
    assert_int_equal(url_pairs(&arena, STR(""), 10, &pairs), 0);
    assert_int_equal(url_pairs(&arena, STR("&&&"), 10, &pairs), 0);
    assert_int_equal(url_pairs(&arena, (str){NULL, 0}, 10, &pairs), 0);
}

/* What is an address of the web, and what keeps the others from being one. */
static const struct {
    const char *text;
    const char *mistake; /* NULL: none; "scheme": another scheme */
} addresses[] = {
    {"http://example.com", NULL},
    {"https://example.com/", NULL},
    {"HTTPS://EXAMPLE.com:443/a?b=c#d", NULL},
    {"http://user:pass@example.com:8080/x", NULL},
    {"http://127.0.0.1", NULL},
    {"http://localhost:65535", NULL},
    {"http://h:", NULL},
    {"http://[::1]", NULL},
    {"http://[2001:db8::7]:80/x", NULL},
    {"https://b\xc3\xbc"
     "cher.example/\xc3\xa4?\xf0\x9f\x93\x9a",
     NULL},
    {"http://a-b_c.example?q", NULL},
    {"http://h#x", NULL},
    {"", "input is empty"},
    {"example.com", "relative URL without a base"},
    {"//example.com", "relative URL without a base"},
    {"/path", "relative URL without a base"},
    {"1http://x", "relative URL without a base"},
    {"http", "relative URL without a base"},
    {"ht\xc3\xa4p://x", "relative URL without a base"},
    {"http:", "empty host"},
    {"http:/x", "empty host"},
    {"http://", "empty host"},
    {"http:///x", "empty host"},
    {"http://?x", "empty host"},
    {"http://:80", "empty host"},
    {"http://user@", "empty host"},
    {"http://[]", "empty host"},
    {"http:\\\\host", "empty host"},
    {"http://[::1", "invalid IPv6 address"},
    {"http://[::1/", "invalid IPv6 address"},
    {"http://[::1]x", "invalid port number"},
    {"http://h:x", "invalid port number"},
    {"http://h:65536", "invalid port number"},
    {"http://h:-1", "invalid port number"},
    {"http://h:1:2", "invalid port number"},
    {"http://a@b@h", "invalid domain character"},
    {"http://a%20b", "invalid domain character"},
    {"http://a;b", "invalid domain character"},
    {"http://[a-b]", "invalid domain character"},
    {" http://x", "invalid character"},
    {"http://x ", "invalid character"},
    {"http://x/a b", "invalid character"},
    {"http://x\n", "invalid character"},
    {"http://x/\x7f", "invalid character"},
    {"http://x/<script>", "invalid character"},
    {"http://x/\"onload", "invalid character"},
    {"ftp://example.com", "scheme"},
    {"javascript:alert(1)", "scheme"},
    {"mailto:a@example.com", "scheme"},
    {"httpss://x", "scheme"},
    {"a+b-c.d:x", "scheme"},
};

static void what_is_an_address(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(addresses); i++) {
        bool scheme = true;
        const char *why = url_mistake(str_of(addresses[i].text), &scheme);
        bool other = addresses[i].mistake != NULL && strcmp(addresses[i].mistake, "scheme") == 0;
        if (scheme != other || (why == NULL) != (addresses[i].mistake == NULL)) {
            fail_msg("%s: %s", addresses[i].text, why == NULL ? "taken" : why);
        }
        if (why != NULL && !other) {
            assert_string_equal(why, addresses[i].mistake);
        }
    }
    bool scheme = true;
    assert_non_null(url_mistake((str){"http://x\0y", 10}, &scheme));
    assert_false(scheme);
}

static void paths_of_this_site(void **state)
{
    (void)state;
    static const char *const good[] = {"/media", "/media/ab/cd.png", "/a", "/~a-b_c.D9", "/.well-known/x"};
    static const char *const bad[] = {"",      "/",    "media", "//host/x",  "/a//b",     "/a/",     "/../x",
                                      "/a/..", "/a/.", "/a?b",  "/a#b",      "/a%2fb",    "/\\host", "/a b",
                                      "/a\n",  "/a:b", "/<x>",  "/\xC3\xA9", "http://h/x"};
    for (size_t i = 0; i < LENGTH(good); i++) {
        assert_true(url_is_local(str_of(good[i])));
    }
    for (size_t i = 0; i < LENGTH(bad); i++) {
        assert_false(url_is_local(str_of(bad[i])));
    }
    assert_false(url_is_local((str){"/a\0b", 4}));
}

int main(void)
{
    const struct CMUnitTest tests[] = {TEST(decoding),           TEST(every_byte),
                                       TEST(pairs_in_order),     TEST(no_more_than_asked_for),
                                       TEST(what_is_an_address), TEST(paths_of_this_site)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/arena.h"
#include "conf/database_url.h"

static struct arena arena;

static int setup(void **state)
{
    (void)state;
    arena_init(&arena, 16 << 10);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    arena_free(&arena);
    return 0;
}

static void assert_str(str actual, const char *expected)
{
    assert_string_equal(str_c(&arena, actual), expected);
}

static struct database_url parse(const char *url)
{
    struct database_url u;
    str why = STR("");
    if (!database_url_parse(&arena, str_of(url), &u, &why)) {
        fail_msg("%s: %.*s", url, STR_ARGS(why));
    }
    return u;
}

static void assert_refused(const char *url, const char *part)
{
    struct database_url u;
    str why = STR("");
    assert_false(database_url_parse(&arena, str_of(url), &u, &why));
    if (strstr(str_c(&arena, why), part) == NULL) {
        fail_msg("%s: expected \"%s\", got: %.*s", url, part, STR_ARGS(why));
    }
    assert_null(strstr(str_c(&arena, why), "geheim"));
}

static void every_part(void **state)
{
    (void)state;
    struct database_url u =
        parse("mysql://ada:geheim@db.example.com:3307/quire_test?unix_socket=/run/my%20sql.sock"
              "&charset=utf8mb4&ssl_ca=/etc/ca.pem");
    assert_str(u.user, "ada");
    assert_true(u.has_password);
    assert_str(u.password, "geheim");
    assert_str(u.host, "db.example.com");
    assert_int_equal(u.port, 3307);
    assert_str(u.name, "quire_test");
    assert_str(u.socket, "/run/my sql.sock");
    assert_str(u.ssl_ca, "/etc/ca.pem");
}

static void missing_parts(void **state)
{
    (void)state;
    struct database_url u = parse("mysql+pymysql://");
    assert_int_equal(u.user.n + u.host.n + u.name.n + u.socket.n, 0);
    assert_int_equal(u.port, 0);
    assert_false(u.has_password);
    u = parse("mariadb+mariadbconnector://u@h");
    assert_str(u.user, "u");
    assert_false(u.has_password);
    assert_str(u.host, "h");
    u = parse("MySQL://u:@h/");
    assert_true(u.has_password);
    assert_int_equal(u.password.n, 0);
    assert_int_equal(u.name.n, 0);
    u = parse("mysql://:3307/n");
    assert_int_equal(u.host.n, 0);
    assert_int_equal(u.port, 3307);
    u = parse("mysql://h:/n?");
    assert_str(u.host, "h");
    assert_int_equal(u.port, 0);
    assert_str(u.name, "n");
    u = parse("mysql:///n?unix_socket=/s&&");
    assert_str(u.socket, "/s");
    assert_str(u.name, "n");
}

static void passwords_in_every_form(void **state)
{
    (void)state;
    static const struct {
        const char *written, *meant;
    } cases[] = {
        {"p%40%3A%2F%23%25%27%20w", "p@:/#%' w"},
        {"p@:/#%' w", "p@:/#%' w"},
        {"100%", "100%"},
        {"100%4", "100%4"},
        {"%zz%G1", "%zz%G1"},
        {"%2541", "%41"},
        {"a+b", "a+b"},
        {"a?b&c=d", "a?b&c=d"},
        {"\xC3\xA9%C3%A9", "\xC3\xA9\xC3\xA9"},
        {"@@@", "@@@"},
        {":::", ":::"},
        {"%3a%3A", "::"},
        {"[x]", "[x]"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        str url =
            str_format(&arena, "mysql://us%%3Aer:%s@localhost:3306/n?charset=utf8mb4", cases[i].written);
        struct database_url u = parse(url.p);
        assert_str(u.user, "us:er");
        assert_str(u.password, cases[i].meant);
        assert_str(u.host, "localhost");
        assert_int_equal(u.port, 3306);
        assert_str(u.name, "n");
    }
}

static void ipv6(void **state)
{
    (void)state;
    struct database_url u = parse("mysql://u:p@[2001:db8::1]:3307/n");
    assert_str(u.host, "2001:db8::1");
    assert_int_equal(u.port, 3307);
    u = parse("mysql://[::1]/n");
    assert_str(u.host, "::1");
    assert_int_equal(u.port, 0);
    assert_refused("mysql://[::1/n", "brackets");
    assert_refused("mysql://[]/n", "brackets");
    assert_refused("mysql://[::1]3306/n", "brackets");
    assert_refused("mysql://::1/n", "port");
}

static void refusals(void **state)
{
    (void)state;
    assert_refused("postgres://u:geheim@h/n", "mysql://");
    assert_refused("mysqlx://u:geheim@h/n", "mysql://");
    assert_refused("mysql:u:geheim@h/n", "mysql://");
    assert_refused("geheim", "mysql://");
    assert_refused("", "mysql://");
    assert_refused("mysql://u:geheim@h:0/n", "1 to 65535");
    assert_refused("mysql://u:geheim@h:65536/n", "1 to 65535");
    assert_refused("mysql://u:geheim@h:33o6/n", "1 to 65535");
    assert_refused("mysql://u:geheim@h/n/m", "%2F");
    assert_refused("mysql://u:geheim@h/n#x", "%23");
    assert_refused("mysql://u:geheim@h/n?ssl=true", "\"ssl\" is not known");
    assert_refused("mysql://u:geheim@h/n?charset=latin1", "utf8mb4");
    assert_refused("mysql://u:geheim%00@h/n", "%00");
    assert_refused("mysql://u%00:geheim@h/n", "%00");
    assert_refused("mysql://u:geheim@h%00/n", "%00");
    assert_refused("mysql://u:geheim@h/n%00", "%00");
    assert_refused("mysql://u:geheim@h/n?unix_socket=%00", "%00");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_part),
        cmocka_unit_test(missing_parts),
        cmocka_unit_test(passwords_in_every_form),
        cmocka_unit_test(ipv6),
        cmocka_unit_test(refusals),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}

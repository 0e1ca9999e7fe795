#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/arena.h"
#include "conf/check.h"

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

static void good(str (*check)(struct arena *, str), const char *value)
{
    str wrong = check(&arena, str_of(value));
    if (wrong.n > 0) {
        fail_msg("%s: %.*s", value, STR_ARGS(wrong));
    }
}

static void bad(str (*check)(struct arena *, str), const char *value, const char *part)
{
    str wrong = check(&arena, str_of(value));
    if (wrong.n == 0 || strstr(str_c(&arena, wrong), part) == NULL) {
        fail_msg("%s: expected \"%s\", got: %.*s", value, part, STR_ARGS(wrong));
    }
}

static void origins(void **state)
{
    (void)state;
    good(check_origins, "");
    good(check_origins, "*");
    good(check_origins, " * ");
    good(check_origins, "http://localhost:3000");
    good(check_origins, "https://example.com, https://a.b-c.d:8443 ,http://127.0.0.1,http://[::1]:5173");
    good(check_origins, "https://xn--bcher-kva.example,chrome-extension://abcdefgh,http://x:443");
    bad(check_origins, "https://example.com/", "no path");
    bad(check_origins, "https://example.com/app", "no path");
    bad(check_origins, "https://a,", "\"\" must be scheme://");
    bad(check_origins, "https://a,,https://b", "\"\" must be scheme://");
    bad(check_origins, "*,https://a", "stands alone");
    bad(check_origins, "null", "scheme://");
    bad(check_origins, "example.com", "scheme://");
    bad(check_origins, "HTTPS://example.com", "lower case");
    bad(check_origins, "https://Example.com", "lower case");
    bad(check_origins,
        "https://b\xC3\xBC"
        "cher.example",
        "xn--");
    bad(check_origins, "https://", "host");
    bad(check_origins, "https://:80", "host");
    bad(check_origins, "https://u:p@h", "port");
    bad(check_origins, "https://u@h", "host");
    bad(check_origins, "https://a b", "host");
    bad(check_origins, "https://*.example.com", "host");
    bad(check_origins, "https://h:", "port");
    bad(check_origins, "https://h:0", "port");
    bad(check_origins, "https://h:080", "port");
    bad(check_origins, "https://h:65536", "port");
    bad(check_origins, "https://h:443", "default port");
    bad(check_origins, "http://h:80", "default port");
    bad(check_origins, "https://h?x", "host");
    bad(check_origins, "https://[::1", "host");
    bad(check_origins, "1http://h", "scheme://");
    bad(check_origins, "https:/h", "scheme://");
}

static void listen_addresses(void **state)
{
    (void)state;
    good(check_listen, "unix:var/run/quire.sock");
    good(check_listen, "unix:/run/quire.sock");
    good(check_listen, "/run/quire.sock");
    good(check_listen, "127.0.0.1:9000");
    good(check_listen, ":9000");
    good(check_listen, "[::1]:9000");
    bad(check_listen, "", "unix:/path");
    bad(check_listen, "unix:", "1 to 107");
    bad(check_listen, "9000", "host:port");
    bad(check_listen, "localhost", "host:port");
    bad(check_listen, "localhost:0", "host:port");
    bad(check_listen, "::1:9000", "host:port");
    char path[128] = "/";
    memset(path + 1, 'a', 106);
    good(check_listen, path);
    path[107] = 'a';
    bad(check_listen, path, "not 108");
}

static void database_hosts(void **state)
{
    (void)state;
    good(check_hosts, "");
    good(check_hosts, "db1");
    good(check_hosts, "db1:3306, db2,[::1]:3307,/run/db.sock");
    bad(check_hosts, "db1,,db2", "1 to 16 of host");
    bad(check_hosts, "db1:0", "host:port");
    good(check_one_host, "db1");
    good(check_one_host, "::1");
    bad(check_one_host, "db1:3306,db2:3306", "several go into DB_HOSTS");
}

static void media_urls(void **state)
{
    (void)state;
    good(check_media_url, "/media");
    good(check_media_url, "/a/b");
    good(check_media_url, "https://cdn.example/pictures");
    good(check_media_url, "http://127.0.0.1:8080");
    bad(check_media_url, "", "slash");
    bad(check_media_url, "/", "slash");
    bad(check_media_url, "/media/", "slash");
    bad(check_media_url, "media", "slash");
    bad(check_media_url, "//cdn.example/media", "slash");
    bad(check_media_url, "ftp://cdn.example/media", "slash");
    bad(check_media_url, "https://cdn.example/media?x", "slash");
    bad(check_media_url, "https://cdn.example/#m", "slash");
}

static void base_paths(void **state)
{
    (void)state;
    good(check_base_path, "/api/v1");
    good(check_base_path, "/a");
    bad(check_base_path, "", "empty");
    bad(check_base_path, "/", "slash");
    bad(check_base_path, "api", "slash");
    bad(check_base_path, "/api/", "slash");
    bad(check_base_path, "/a//b", "slash");
    bad(check_base_path, "/a?b", "letters");
    bad(check_base_path, "/a%20b", "letters");
    bad(check_base_path, "/\xC3\xA9", "letters");
}

static void readable_files(void **state)
{
    (void)state;
    good(check_readable, "");
    good(check_readable, "/proc/self/exe");
    bad(check_readable, "/nowhere/ca.pem", "No such file");
}

static void providers(void **state)
{
    (void)state;
    good(check_provider_url, "");
    good(check_provider_url, "https://api.openai.com/v1");
    good(check_provider_url, "http://127.0.0.1:11434/v1");
    good(check_provider_url, "http://[::1]:8080");
    bad(check_provider_url, "https://api.openai.com/v1/", "no slash at the end");
    bad(check_provider_url, "https://api.openai.com/v1?x=1", "must be like");
    bad(check_provider_url, "/v1", "must be like");
    bad(check_provider_url, "ftp://example.com", "must be like");
    bad(check_provider_url, "https://user:secret@example.com/v1",
        "\"https://***@example.com/v1\" must be like");
    static const char *const fine[] = {"", "0", "1", "2", "2.0", "0.7", "1.9999", "0.0001"};
    for (size_t i = 0; i < sizeof fine / sizeof fine[0]; i++) {
        good(check_temperature, fine[i]);
    }
    static const char *const wrong[] = {"2.0001",  "3",    "-1", "+1", "1.", ".5",  "0,7",  "1e0",
                                        "0.70000", "warm", " 1", "1 ", "00", "nan", "1.2.3"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        bad(check_temperature, wrong[i], "from 0 to 2");
    }
    good(check_rate, "10/60s");
    good(check_rate, "off");
    bad(check_rate, "10", "like 10/60s");
    assert_int_equal(check_token(STR("")).n, 0);
    assert_int_equal(check_token(STR("sk-abc_123.~!")).n, 0);
    assert_true(check_token(STR("a b")).n > 0);
    assert_true(check_token(STR("a\r\nX-Evil: 1")).n > 0);
    assert_true(check_token(STR("\xc3\xa4")).n > 0);
}

static void mail(void **state)
{
    (void)state;
    static const char *const servers[] = {"", "smtp://mail.example.com", "smtp://mail.example.com:587",
                                          "smtps://127.0.0.1:465", "smtp://[::1]:25"};
    for (size_t i = 0; i < sizeof servers / sizeof servers[0]; i++) {
        good(check_smtp_url, servers[i]);
    }
    static const char *const none[] = {"mail.example.com",
                                       "http://mail.example.com",
                                       "smtp://",
                                       "smtp://mail.example.com/",
                                       "smtp://mail.example.com:0",
                                       "smtp://mail.example.com:x",
                                       "smtp://user:secret@mail.example.com",
                                       "smtps://mail.example.com/ehlo"};
    for (size_t i = 0; i < sizeof none / sizeof none[0]; i++) {
        bad(check_smtp_url, none[i], "must be smtp://");
    }
    bad(check_smtp_url, "smtp://me:s3cr@t/x@mail:587", "\"smtp://***@mail:587\" must be");
    bad(check_smtp_url, "me:s3cret@mail:587", "\"***@mail:587\" must be");
    good(check_mail_from, "");
    good(check_mail_from, "post@example.com");
    good(check_mail_from, "Quire <post@example.com>");
    good(check_mail_from, "\"Quire, the post\" <post@example.com>");
    bad(check_mail_from, "post", "is no e-mail address");
    bad(check_mail_from, "a@example.com, b@example.com", "is no e-mail address");
    bad(check_mail_from, "p\xc3\xb6st@example.com", "in ASCII");
    bad(check_mail_from, "post@b\xc3\xbc\x63her.example", "in ASCII");
}

static void secrets(void **state)
{
    (void)state;
    good(check_secret_strength, "5f2b1c9ad07e4836b1f0a92c77d3e81254c6ab90fe3d7781");
    good(check_secret_strength, "correct horse battery staple, and then some");
    good(check_secret_strength, "qP7+/x0Zc3RkT9vYw2LmNb8sJh5Gd1Fa==");
    bad(check_secret_strength, "change-me-to-32-or-more-random-bytes", "placeholder");
    bad(check_secret_strength, "CHANGEMECHANGEMECHANGEMECHANGEME1", "placeholder");
    bad(check_secret_strength, "my-very-own-Your-Secret-key-123456789", "placeholder");
    bad(check_secret_strength, "09d25e094faa6ca2556c818166b7a9563b93f7099f6f0f4caa6cf63b88e8d3e7",
        "published");
    bad(check_secret_strength, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "repeats");
    bad(check_secret_strength, "k3j9x2v8m4q7k3j9x2v8m4q7k3j9x2v8", "repeats");
    bad(check_secret_strength, "12345671234576123457612345671234", "repeats");
    bad(check_secret_strength, "abcabcbacbcabcbabcacbacbacbabcab", "repeats");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(origins),    cmocka_unit_test(listen_addresses), cmocka_unit_test(base_paths),
        cmocka_unit_test(media_urls), cmocka_unit_test(database_hosts),   cmocka_unit_test(readable_files),
        cmocka_unit_test(secrets),    cmocka_unit_test(providers),        cmocka_unit_test(mail),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}

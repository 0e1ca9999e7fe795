/* Settings of a file that the environment names, and of one for a pool beside it. */
#include <sys/stat.h>
#include <unistd.h>

#include "support/settings.h"
#include "support/unit.h"

static char folder[] = "/tmp/quire-settings-XXXXXX";

#define SECRET "k3j9x2v8m4q7w1zt5r6y0pah2d8f4g6s"

static void write_file(const char *name, const char *text)
{
    FILE *f = fopen(str_format(&arena, "%s/%s", folder, name).p, "w");
    assert_non_null(f);
    assert_true(fputs(text, f) >= 0);
    assert_int_equal(fclose(f), 0);
}

static int setup(void **state)
{
    (void)state;
    return mkdtemp(folder) == NULL ? -1 : 0;
}

static int teardown(void **state)
{
    static const char *const names[] = {".env", ".env.production", "quire.conf", "web.conf"};
    (void)state;
    for (size_t i = 0; i < LENGTH(names); i++) {
        char path[128];
        (void)snprintf(path, sizeof path, "%s/%s", folder, names[i]);
        (void)unlink(path);
    }
    return rmdir(folder);
}

/* The settings of an environment: NAME=value strings up to NULL. */
#define LOAD(...) settings_loaded(&arena, folder, (char *const[]){__VA_ARGS__, NULL})
/* Exactly these mistakes, a line each; @ stands for the folder. */
#define MISTAKES(expected, ...) check_mistakes(&arena, folder, expected, (char *const[]){__VA_ARGS__, NULL})

/* A file that the environment names takes the place of .env, one of the pool beside it that of .env.$APP_ENV. */
static void a_named_file(void **state)
{
    (void)state;
    const char *conf = str_format(&arena, "QUIRE_CONF=%s/quire.conf", folder).p;
    write_file(".env", "WORKERS=9\n");
    write_file(".env.production", "WORKERS=8\n");
    write_file("quire.conf", "SECRET_KEY=" SECRET "\nWORKERS=5\nAPP_ENV=production\nMAX_BODY_BYTES=2048\n");
    struct settings s = LOAD((char *)conf);
    check_str(s.app_env, STR("production"));
    assert_int_equal(s.workers, 5);
    s = LOAD((char *)conf, "POOL_NAME=web");
    assert_int_equal(s.workers, 5);
    write_file("web.conf", "WORKERS=7\n");
    s = LOAD((char *)conf, "POOL_NAME=web");
    assert_int_equal(s.workers, 7);
    assert_int_equal(s.max_body_bytes, 2048);
    s = LOAD((char *)conf, "POOL_NAME=long", "MAX_BODY_BYTES=4096");
    assert_int_equal(s.workers, 5);
    assert_int_equal(s.max_body_bytes, 4096);
    s = LOAD("QUIRE_CONF=", "SECRET_KEY=" SECRET);
    assert_int_equal(s.workers, 9);
    write_file("web.conf", "WORKRES=7\nAPP_ENV=test\n");
    MISTAKES("WORKRES (@/web.conf:1): there is no such setting; is WORKERS meant?\n"
             "APP_ENV (@/web.conf:2): the file for production cannot say otherwise",
             (char *)conf, "POOL_NAME=web");
    MISTAKES("POOL_NAME (environment): \"../web\" may hold letters a to z, digits, - and _ only",
             (char *)conf, "POOL_NAME=../web");
}

static void a_named_file_must_be_there(void **state)
{
    (void)state;
    const char *conf = str_format(&arena, "QUIRE_CONF=%s/quire.conf", folder).p;
    MISTAKES("settings: @/quire.conf: No such file or directory", (char *)conf, "SECRET_KEY=" SECRET);
}

int main(void)
{
    const struct CMUnitTest tests[] = {TEST(a_named_file_must_be_there), TEST(a_named_file)};
    return cmocka_run_group_tests(tests, setup, teardown);
}

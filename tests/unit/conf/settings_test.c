#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/file.h"
#include "conf/settings.h"
#include "conf/table.h"
#include "support/settings.h"

static struct arena arena;
static char folder[] = "/tmp/quire-settings-XXXXXX";

#define SECRET "k3j9x2v8m4q7w1zt5r6y0pah2d8f4g6s"

static void path_of(char out[128], const char *name)
{
    (void)snprintf(out, 128, "%s/%s", folder, name);
}

static void write_file(const char *name, const char *text)
{
    char path[128];
    path_of(path, name);
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    assert_true(fputs(text, f) >= 0);
    assert_int_equal(fclose(f), 0);
}

static void remove_files(void)
{
    static const char *const names[] = {".env",       ".env.development", ".env.test", ".env.production",
                                        "quire.conf", "web.conf"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        char path[128];
        path_of(path, names[i]);
        (void)unlink(path);
        (void)rmdir(path);
    }
}

static int group_setup(void **state)
{
    (void)state;
    return mkdtemp(folder) == NULL ? -1 : 0;
}

static int group_teardown(void **state)
{
    (void)state;
    remove_files();
    return rmdir(folder);
}

static int setup(void **state)
{
    (void)state;
    arena_init(&arena, 16 << 10);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    remove_files();
    arena_free(&arena);
    return 0;
}

static void assert_str(str actual, const char *expected)
{
    assert_string_equal(str_c(&arena, actual), expected);
}

/* The settings of an environment: NAME=value strings up to NULL. */
#define LOAD(...) settings_loaded(&arena, folder, (char *const[]){__VA_ARGS__, NULL})
/* Exactly these mistakes, a line each; @ stands for the folder. */
#define MISTAKES(expected, ...) check_mistakes(&arena, folder, expected, (char *const[]){__VA_ARGS__, NULL})

static void the_table_is_whole(void **state)
{
    (void)state;
    bool taken[sizeof(struct settings)] = {false};
    size_t count = 0;
    for (const struct setting *s = settings_table; s->name != NULL; s++, count++) {
        assert_ptr_equal(setting_find(str_of(s->name)), s);
        assert_non_null(s->doc);
        assert_true(s->offset < sizeof(struct settings));
        assert_false(taken[s->offset]);
        taken[s->offset] = true;
        assert_true(s->initial != NULL || s->example != NULL);
        assert_true((s->type == SETTING_CHOICE) == (s->choices != NULL));
        assert_true(s->type == SETTING_BOOL || s->type == SETTING_CHOICE || s->min <= s->max);
    }
    assert_int_equal(count, SETTINGS_COUNT);
}

static void defaults(void **state)
{
    (void)state;
    struct settings s = LOAD("SECRET_KEY=" SECRET);
    assert_str(s.app_env, "development");
    assert_str(s.db_host, "127.0.0.1");
    assert_int_equal(s.db_port, 3306);
    assert_str(s.db_socket, "");
    assert_str(s.db_password, "");
    assert_int_equal(s.db_timeout, 10);
    assert_str(s.secret_key, SECRET);
    assert_str(s.algorithm, "HS256");
    assert_int_equal(s.access_token_expire_minutes, 30);
    assert_int_equal(s.bcrypt_cost, 12);
    assert_str(s.listen, "unix:var/run/quire.sock");
    assert_int_equal(s.listen_mode, 0660);
    assert_int_equal(s.worker_timeout, 60);
    assert_int_equal(s.max_body_bytes, 1 << 20);
    assert_str(s.cors_origins, "");
    assert_true(s.cors_credentials);
    assert_true(s.public_read);
    assert_str(s.base_path, "/api/v1");
    assert_str(s.migrations_dir, "");
}

static void places_in_their_order(void **state)
{
    (void)state;
    write_file(".env", "SECRET_KEY=" SECRET "\nWORKERS=1\nDB_USER=one\nDB_NAME=one\nDB_NAME=two\n");
    write_file(".env.development", "WORKERS=2\nDB_USER=two\n");
    write_file(".env.test", "WORKERS=3\n");
    struct settings s = LOAD("WORKERS=4", "WORKERS=5");
    assert_int_equal(s.workers, 4);
    assert_str(s.db_user, "two");
    assert_str(s.db_name, "two");
    assert_int_equal(LOAD("X=y").workers, 2);
    s = LOAD("APP_ENV=test");
    assert_int_equal(s.workers, 3);
    assert_str(s.db_user, "one");
    assert_str(s.app_env, "test");
    s = LOAD("APP_ENV=production");
    assert_int_equal(s.workers, 1);
    assert_str(LOAD("TOKEN_ISSUER=an issuer").token_issuer, "an issuer");
}

static void app_env_may_stand_in_the_file(void **state)
{
    (void)state;
    write_file(".env", "SECRET_KEY=" SECRET "\nAPP_ENV=production\n");
    write_file(".env.production", "WORKERS=9\nAPP_ENV=production\n");
    write_file(".env.test", "WORKERS=8\nAPP_ENV=production\n");
    struct settings s = LOAD("A=b");
    assert_str(s.app_env, "production");
    assert_int_equal(s.workers, 9);
    MISTAKES("APP_ENV (@/.env.test:2): the file for test cannot say otherwise", "APP_ENV=test");
    MISTAKES("APP_ENV (environment): \"prod\" must be one of development, test, production", "APP_ENV=prod");
    MISTAKES("APP_ENV (environment): \"\" must be one of development, test, production", "APP_ENV=");
    MISTAKES("APP_ENV (environment): \"../../etc/passwd\" must be one of development, test, production",
             "APP_ENV=../../etc/passwd");
}

static void all_mistakes_together(void **state)
{
    (void)state;
    write_file(".env", "# mine\nDB_PROT=1\nLOG_LEVEL=loud\nbad line\nPUBLIC_READ=maybe\nMYSQL_ROOT=x\n");
    MISTAKES("DB_PROT (@/.env:2): there is no such setting; is DB_PORT meant?\n"
             "@/.env:4: a line must be NAME=value; there is no = after the name\n"
             "MYSQL_ROOT (@/.env:6): there is no such setting\n"
             "DB_PORT (environment): \"abc\" must be a whole number from 1 to 65535\n"
             "SECRET_KEY (not given): must be set to a text of 32 to 1024 bytes\n"
             "LISTEN (environment): \"here\" must be unix:/path, host:port or :port\n"
             "LISTEN_MODE (environment): \"0888\" must be an octal number from 0000 to 0777\n"
             "WORKERS (environment): \"-1\" must be a whole number from 0 to 1024\n"
             "PUBLIC_READ (@/.env:5): \"maybe\" must be true or false\n"
             "LOG_LEVEL (@/.env:3): \"loud\" must be one of debug, info, warn, error",
             "DB_PORT=abc", "LISTEN=here", "LISTEN_MODE=0888", "WORKERS=-1");
}

static void numbers_and_truths(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "", " 1", "1 ", "1.0", "0x10", "+1", "1e3", "99999999999999999999", "18446744073709551621", "1025"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        char entry[64];
        (void)snprintf(entry, sizeof entry, "WORKERS=%s", bad[i]);
        struct settings s;
        char *const environment[] = {"SECRET_KEY=" SECRET, entry, NULL};
        err failed = settings_load(&arena, environment, folder, &s);
        if (failed == NULL) {
            fail_msg("WORKERS=%s was accepted", bad[i]);
        }
    }
    assert_int_equal(LOAD("SECRET_KEY=" SECRET, "WORKERS=007").workers, 7);
    MISTAKES("DB_PORT (environment): \"0\" must be a whole number from 1 to 65535", "SECRET_KEY=" SECRET,
             "DB_PORT=0");
    assert_int_equal(LOAD("SECRET_KEY=" SECRET, "DB_PORT=65535").db_port, 65535);
    assert_int_equal(LOAD("SECRET_KEY=" SECRET, "LISTEN_MODE=600").listen_mode, 0600);
    static const char *const truths[] = {"1", "t", "Y", "Yes", "ON", "true", "TRUE"};
    static const char *const lies[] = {"0", "F", "n", "no", "off", "False"};
    for (size_t i = 0; i < sizeof truths / sizeof truths[0]; i++) {
        char entry[64];
        (void)snprintf(entry, sizeof entry, "PUBLIC_READ=%s", truths[i]);
        assert_true(LOAD("SECRET_KEY=" SECRET, entry).public_read);
    }
    for (size_t i = 0; i < sizeof lies / sizeof lies[0]; i++) {
        char entry[64];
        (void)snprintf(entry, sizeof entry, "PUBLIC_READ=%s", lies[i]);
        assert_false(LOAD("SECRET_KEY=" SECRET, entry).public_read);
    }
}

static void texts(void **state)
{
    (void)state;
    MISTAKES(
        "DB_USER (environment): must have 1 to 128 bytes, not 0\n"
        "DB_SSL_CA (environment): the file \"/nowhere/ca.pem\" cannot be read: No such file or directory\n"
        "TOKEN_ISSUER (environment): must not hold a control character\n"
        "TOKEN_AUDIENCE (environment): must be valid UTF-8\n"
        "BASE_PATH (environment): \"api\" must be like /api/v1: no slash at the end, letters, digits and "
        "-_~. only",
        "SECRET_KEY=" SECRET, "DB_USER=", "DB_SSL_CA=/nowhere/ca.pem", "TOKEN_ISSUER=a\nb",
        "TOKEN_AUDIENCE=\xFF", "BASE_PATH=api");
    char long_value[] =
        "LOG_LEVEL="
        "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx";
    MISTAKES("LOG_LEVEL (environment): "
             "\"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx...\" "
             "must be one of debug, info, warn, error",
             "SECRET_KEY=" SECRET, long_value);
}

static void secrets(void **state)
{
    (void)state;
    MISTAKES("SECRET_KEY (environment): must have 32 to 1024 bytes, not 12", "SECRET_KEY=geheim-kurz!");
    MISTAKES("SECRET_KEY (environment): must have 32 to 1024 bytes, not 0", "SECRET_KEY=");
    MISTAKES("SECRET_KEY (environment): must have 32 to 1024 bytes, not 12", "SECRET_KEY=geheim-kurz!",
             "APP_ENV=production");
    MISTAKES(
        "SECRET_KEY (environment): is a placeholder or a published example; make one: openssl rand -hex 32",
        "APP_ENV=production", "SECRET_KEY=change-me-to-32-or-more-random-bytes");
    MISTAKES("SECRET_KEY (environment): repeats itself (at least 8 different characters, no repetition); "
             "make one: openssl rand -hex 32",
             "APP_ENV=production", "SECRET_KEY=xyxyxyxyxyxyxyxyxyxyxyxyxyxyxyxy");
    struct settings s = LOAD("SECRET_KEY=change-me-to-32-or-more-random-bytes");
    assert_str(s.secret_key, "change-me-to-32-or-more-random-bytes");
    s = LOAD("SECRET_KEY=" SECRET, "APP_ENV=production");
    assert_str(s.app_env, "production");
}

static void origins_and_credentials(void **state)
{
    (void)state;
    MISTAKES("CORS_ORIGINS (environment): * cannot go together with CORS_CREDENTIALS=true: name the origins, "
             "or set it to false",
             "SECRET_KEY=" SECRET, "CORS_ORIGINS=*");
    MISTAKES(
        "CORS_ORIGINS (environment): \"https://a/\" must end after the host or port: an origin has no path",
        "SECRET_KEY=" SECRET, "CORS_ORIGINS=http://b,https://a/");
    assert_str(LOAD("SECRET_KEY=" SECRET, "CORS_ORIGINS=*", "CORS_CREDENTIALS=no").cors_origins, "*");
}

static void composers(void **state)
{
    (void)state;
    struct settings s = LOAD("SECRET_KEY=" SECRET, "OPENAI_MODEL=m");
    assert_str(s.composer, "extract");
    assert_str(s.openai_temperature, "0.7");
    assert_int_equal(s.openai_timeout, 60);
    s = LOAD("SECRET_KEY=" SECRET, "COMPOSER=openai", "OPENAI_BASE_URL=http://x/v1", "OPENAI_MODEL=m");
    assert_str(s.composer, "openai");
    MISTAKES("OPENAI_TEMPERATURE (environment): \"hot\" must be a number from 0 to 2, like 0.7\n"
             "OPENAI_API_KEY (environment): must hold only visible ASCII characters\n"
             "OPENAI_BASE_URL (default): must be set when COMPOSER is openai\n"
             "OPENAI_MODEL (default): must be set when COMPOSER is openai",
             "SECRET_KEY=" SECRET, "COMPOSER=openai", "OPENAI_API_KEY=sk\nx", "OPENAI_TEMPERATURE=hot");
}

static void the_url_fills_what_is_not_given(void **state)
{
    (void)state;
    struct settings s =
        LOAD("SECRET_KEY=" SECRET, "DATABASE_URL=mysql+pymysql://u:p%40ss@h:3307/n", "DB_USER=mine");
    assert_str(s.db_user, "mine");
    assert_str(s.db_password, "p@ss");
    assert_str(s.db_host, "h");
    assert_int_equal(s.db_port, 3307);
    assert_str(s.db_name, "n");
    s = LOAD("SECRET_KEY=" SECRET, "DATABASE_URL=mysql://h");
    assert_str(s.db_host, "h");
    assert_int_equal(s.db_port, 3306);
    assert_str(s.db_user, "quire");
    s = LOAD("SECRET_KEY=" SECRET, "DATABASE_URL=mysql://h/n?unix_socket=/s", "DB_PASSWORD=");
    assert_str(s.db_socket, "/s");
    s = LOAD("SECRET_KEY=" SECRET, "DATABASE_URL=mysql://h/n?unix_socket=/s", "DB_HOST=other");
    assert_str(s.db_socket, "");
    assert_str(s.db_host, "other");
    s = LOAD("SECRET_KEY=" SECRET, "DATABASE_URL=mysql://u:@h/n");
    assert_str(s.db_password, "");
}

static void a_url_beats_weaker_places(void **state)
{
    (void)state;
    write_file(".env", "SECRET_KEY=" SECRET
                       "\nDB_HOST=local\nDB_USER=local\nDATABASE_URL=mysql://file:x@file/file\n");
    struct settings s = LOAD("DATABASE_URL=mysql://u:p@h/n");
    assert_str(s.db_host, "h");
    assert_str(s.db_user, "u");
    s = LOAD("DB_NAME=mine");
    assert_str(s.db_host, "local");
    assert_str(s.db_user, "local");
    assert_str(s.db_password, "x");
    assert_str(s.db_name, "mine");
}

static void a_bad_url_shows_no_password(void **state)
{
    (void)state;
    MISTAKES("DATABASE_URL (environment): the port must be a whole number from 1 to 65535",
             "SECRET_KEY=" SECRET, "DATABASE_URL=mysql://u:geheim@h:x/n");
    char url[160] = "DATABASE_URL=mysql://u:geheim@h/";
    memset(url + strlen(url), 'n', 65);
    MISTAKES("DB_NAME (DATABASE_URL, environment): must have 1 to 64 bytes, not 65", "SECRET_KEY=" SECRET,
             url);
}

static void a_password_in_every_form(void **state)
{
    (void)state;
    static const char password[] = "p@:/#%' w\"$\\x";
    static const char *const lines[] = {
        "DB_PASSWORD='p@:/#%\\' w\"$\\\\x'",
        "DB_PASSWORD=\"p@:/#%' w\\\"$\\\\x\"",
        "DB_PASSWORD=p@:/#%' w\"$\\x",
        "export DB_PASSWORD = p@:/#%' w\"$\\x   # with a comment",
        "DATABASE_URL=mysql://u:p%40%3A%2F%23%25%27%20w%22%24%5Cx@h/n",
        "DATABASE_URL='mysql://u:p@:/#%\\' w\"$\\\\x@h/n'",
    };
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        str text = str_format(&arena, "SECRET_KEY=" SECRET "\n%s\n", lines[i]);
        write_file(".env", text.p);
        assert_str(LOAD("A=b").db_password, password);
    }
    remove_files();
    char entry[64];
    (void)snprintf(entry, sizeof entry, "DB_PASSWORD=%s", password);
    assert_str(LOAD("SECRET_KEY=" SECRET, entry).db_password, password);
}

static void files_that_cannot_be_read(void **state)
{
    (void)state;
    char path[128];
    path_of(path, ".env");
    assert_int_equal(mkdir(path, 0700), 0);
    MISTAKES("settings: @/.env: is no regular file", "SECRET_KEY=" SECRET);
}

static void printing(void **state)
{
    (void)state;
    write_file(".env", "SECRET_KEY=" SECRET "\nDB_PASSWORD=geheim\n\nLOG_FILE='a b'\n");
    struct buf out;
    buf_init(&out, &arena, 4096, 1 << 16);
    char *const environment[] = {"WORKERS=3", "DATABASE_URL=mysql://u:geheim2@h/n", NULL};
    assert_null(settings_print(&arena, environment, folder, &out));
    const char *text = str_c(&arena, buf_view(&out));
    const char *const expected[] = {
        "APP_ENV=development  # default\n",
        "DATABASE_URL=**********  # environment\n",
        "DB_HOST=h  # DATABASE_URL, environment\n",
        "DB_PASSWORD=**********  # DATABASE_URL, environment\n",
        "DB_SOCKET=  # default\n",
        "LISTEN_MODE=0660  # default\n",
        "WORKERS=3  # environment\n",
        "LOG_FILE=\"a b\"  # ",
    };
    for (size_t i = 0; i < sizeof expected / sizeof expected[0]; i++) {
        if (strstr(text, expected[i]) == NULL) {
            fail_msg("\"%s\" is not in:\n%s", expected[i], text);
        }
    }
    assert_null(strstr(text, "geheim"));
    assert_null(strstr(text, SECRET));
    struct buf none;
    buf_init(&none, &arena, 64, 64);
    char *const bad[] = {"WORKERS=x", NULL};
    assert_non_null(settings_print(&arena, bad, folder, &none));
    assert_int_equal(none.n, 0);
}

static str example(void)
{
    struct buf out;
    buf_init(&out, &arena, 8192, 1 << 16);
    settings_print_example(&out);
    assert_false(out.full);
    return buf_view(&out);
}

static void the_example_is_up_to_date(void **state)
{
    (void)state;
    str file;
    err failed = file_read(&arena, "conf/.env.example", 1 << 16, &file);
    if (failed != NULL) {
        fail_msg("%.*s", STR_ARGS(failed->detail));
    }
    assert_str(file, str_c(&arena, example()));
}

static void the_example_works(void **state)
{
    (void)state;
    write_file(".env", str_c(&arena, example()));
    assert_int_equal(LOAD("A=b").workers, 0);
    struct settings untouched;
    char *const production[] = {"APP_ENV=production", NULL};
    err failed = settings_load(&arena, production, folder, &untouched);
    assert_non_null(failed);
    assert_true(str_starts(failed->detail, STR("SECRET_KEY (")));
    assert_non_null(strstr(str_c(&arena, failed->detail), "is a placeholder"));
    /* every default that it shows reads back as the default */
    struct settings plain = LOAD("A=b");
    str text = example();
    char *open = str_c(&arena, text);
    for (char *c = open; *c != '\0'; c++) {
        if (c[0] == '\n' && c[1] == '#' && c[2] >= 'A' && c[2] <= 'Z') {
            c[1] = ' ';
        }
    }
    write_file(".env", open);
    struct settings s = LOAD("A=b");
    assert_str(s.listen, str_c(&arena, plain.listen));
    assert_int_equal(s.listen_mode, plain.listen_mode);
    assert_int_equal(s.max_body_bytes, plain.max_body_bytes);
    assert_str(s.db_host, str_c(&arena, plain.db_host));
    assert_str(s.base_path, str_c(&arena, plain.base_path));
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_table_is_whole),
        TEST(defaults),
        TEST(places_in_their_order),
        TEST(app_env_may_stand_in_the_file),
        TEST(all_mistakes_together),
        TEST(numbers_and_truths),
        TEST(texts),
        TEST(secrets),
        TEST(origins_and_credentials),
        TEST(composers),
        TEST(the_url_fills_what_is_not_given),
        TEST(a_url_beats_weaker_places),
        TEST(a_bad_url_shows_no_password),
        TEST(a_password_in_every_form),
        TEST(files_that_cannot_be_read),
        TEST(printing),
        TEST(the_example_is_up_to_date),
        TEST(the_example_works),
    };
    return cmocka_run_group_tests(tests, group_setup, group_teardown);
}

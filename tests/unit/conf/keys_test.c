/* conf/keys: which keys the settings name, and what can be wrong about them. */
#include "conf/keys.h"

#include "support/unit.h"

#define FIRST  "k3j9x2v8m4q7w1zt5r6y0pah2d8f4g6s"
#define SECOND "another-long-text-of-no-meaning-7"

static struct settings settings_of(const char *one, const char *several)
{
    return (struct settings){.app_env = STR("production"),
                             .algorithm = STR("HS256"),
                             .secret_key = str_of(one),
                             .secret_keys = str_of(several)};
}

/* The only mistake. */
static void wrong(const struct settings *s, const char *setting, const char *sentence)
{
    struct keys_mistake mistakes[KEYS_MISTAKES];
    assert_int_equal(keys_check(&arena, s, mistakes), 1);
    assert_string_equal(mistakes[0].setting, setting);
    check_str(mistakes[0].sentence, str_of(sentence));
}

static void wrong_secrets(const char *several, const char *sentence)
{
    const struct settings s = settings_of("", several);
    wrong(&s, "SECRET_KEYS", sentence);
}

static void right(const char *one, const char *several, size_t n)
{
    const struct settings s = settings_of(one, several);
    struct keys_mistake mistakes[KEYS_MISTAKES];
    struct keys_list l;
    assert_int_equal(keys_check(&arena, &s, mistakes), 0);
    keys_secrets(&s, &l);
    assert_int_equal(l.n, n);
    check_str(l.list[0], STR(FIRST));
    if (n > 1) {
        check_str(l.list[1], STR(SECOND));
    }
}

static void secrets(void **state)
{
    (void)state;
    right(FIRST, "", 1);
    right("", FIRST, 1);
    right("", " " FIRST " , " SECOND, 2);
    wrong_secrets(FIRST ",geheim-kurz!", "key 2 of 2 must have 32 to 1024 bytes, not 12");
    wrong_secrets("," FIRST, "key 1 of 2 must have 32 to 1024 bytes, not 0");
    wrong_secrets(FIRST ",", "key 2 of 2 must have 32 to 1024 bytes, not 0");
    wrong_secrets(FIRST "," SECOND "," FIRST, "key 3 of 3 is the same as key 1");
    wrong_secrets("a,b,c,d,e,f,g,h,i", "must be at most 8 keys");
    wrong_secrets(FIRST ",change-me-to-32-or-more-random-bytes",
                  "key 2 of 2 is a placeholder or a published example; make one: openssl rand -hex 32");
    const struct settings both = settings_of(FIRST, SECOND);
    wrong(&both, "SECRET_KEYS",
          "cannot go together with SECRET_KEY: put that one among these, and leave it out");
}

static void files(void **state)
{
    (void)state;
    struct settings s = settings_of(FIRST, "");
    assert_false(keys_are_files(&s));
    s.jwt_private_key_file = STR("/nowhere");
    wrong(&s, "JWT_PRIVATE_KEY_FILE", "means nothing unless ALGORITHM is RS256 or ES256");
    s.jwt_private_key_file = STR("");
    s.jwt_public_key_files = STR("/nowhere");
    wrong(&s, "JWT_PUBLIC_KEY_FILES", "means nothing unless ALGORITHM is RS256 or ES256");
    s.jwt_public_key_files = STR("");
    s.algorithm = STR("RS256");
    assert_true(keys_are_files(&s));
    wrong(&s, "JWT_PRIVATE_KEY_FILE", "must be set when ALGORITHM is RS256");
    s.jwt_private_key_file = STR("/nowhere");
    struct keys_mistake mistakes[KEYS_MISTAKES];
    assert_int_equal(keys_check(&arena, &s, mistakes), 1);
    assert_true(str_starts(mistakes[0].sentence, STR("/nowhere")));
    s.jwt_public_key_files = STR("a,b,c,d,e,f,g,h");
    assert_int_equal(keys_check(&arena, &s, mistakes), 2);
    check_str(mistakes[1].sentence, STR("must be at most 7 files"));
}

static void lists_of_files(void **state)
{
    (void)state;
    struct keys_list l;
    keys_public_files(&(struct settings){.jwt_public_key_files = STR("")}, &l);
    assert_int_equal(l.n, 0);
    keys_public_files(&(struct settings){.jwt_public_key_files = STR("/a , /b c")}, &l);
    assert_int_equal(l.n, 2);
    check_str(l.list[0], STR("/a"));
    check_str(l.list[1], STR("/b c"));
}

/* SECRET_KEY must be given, unless SECRET_KEYS is. */
static void one_or_the_other(void **state)
{
    (void)state;
    struct settings s;
    char *const several[] = {"SECRET_KEY=", "SECRET_KEYS=" FIRST, NULL};
    char *const none[] = {"SECRET_KEY=", "SECRET_KEYS=", NULL};
    assert_null(settings_load(&arena, several, "/nonexistent", &s));
    check_str(s.secret_keys, STR(FIRST));
    err failed = settings_load(&arena, none, "/nonexistent", &s);
    assert_non_null(failed);
    check_str(failed->detail, STR("SECRET_KEY (environment): must have 32 to 1024 bytes, not 0"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {TEST(secrets), TEST(files), TEST(lists_of_files),
                                       TEST(one_or_the_other)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

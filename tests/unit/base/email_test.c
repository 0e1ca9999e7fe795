#include "base/email.h"

#include <string.h>

#include "email_cases.h"
#include "support/unit.h"

/* A copy in a block of exactly its size, so that the sanitizer sees a byte read too far. */
static str alone(str s)
{
    char *p = arena_alloc(&arena, s.n);
    memcpy(p, s.p, s.n);
    return (str){p, s.n};
}

static void accepted_and_normal(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(accepted); i++) {
        str normal = {0};
        str why = STR("untouched");
        if (!email_check(&arena, alone(accepted[i].text), &normal, &why)) {
            fail_msg("%s: %s", str_c(&arena, accepted[i].text), str_c(&arena, why));
        }
        check_str(normal, accepted[i].answer);
        check_str(why, STR("untouched"));
    }
}

static void normal_forms_stay(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(accepted); i++) {
        str normal = {0};
        str why = {0};
        assert_true(email_check(&arena, accepted[i].answer, &normal, &why));
        check_str(normal, accepted[i].answer);
    }
}

static void refused_with_the_reason(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(refused); i++) {
        str normal = STR("untouched");
        str why = {0};
        if (email_check(&arena, alone(refused[i].text), &normal, &why)) {
            fail_msg("accepted: %s", str_c(&arena, refused[i].text));
        }
        check_str(why, refused[i].answer);
        check_str(normal, STR("untouched"));
    }
}

static void length_is_looked_at_first(void **state)
{
    (void)state;
    char text[4200];
    str normal = {0};
    str why = {0};
    memset(text, 'x', sizeof text);
    assert_false(email_check(&arena, (str){text, 2048}, &normal, &why));
    check_str(why, STR("An email address must have an @-sign."));
    assert_false(email_check(&arena, (str){text, 2049}, &normal, &why));
    check_str(why, STR("Length must not exceed 2048 characters"));
    for (size_t i = 0; i + 1 < sizeof text; i += 2) {
        memcpy(text + i, "\xC3\xA9", 2);
    }
    assert_false(email_check(&arena, (str){text, 4096}, &normal, &why)); /* 2048 characters */
    check_str(why, STR("An email address must have an @-sign."));
    assert_false(email_check(&arena, (str){text, 4098}, &normal, &why));
    check_str(why, STR("Length must not exceed 2048 characters"));
}

static void special_domains(void **state)
{
    (void)state;
    static const char *const special[] = {"arpa", "invalid", "local", "localhost", "onion", "test"};
    static const char *const ordinary[] = {"example", "notlocal", "tests", "com"};
    str normal = {0};
    str why = {0};
    for (size_t i = 0; i < LENGTH(special); i++) {
        assert_false(email_check(&arena, str_format(&arena, "a@b.c.%s", special[i]), &normal, &why));
        check_str(why,
                  STR("The part after the @-sign is a special-use or reserved name that cannot be used with "
                      "email."));
        assert_true(email_check(&arena, str_format(&arena, "a@%s.com", special[i]), &normal, &why));
    }
    for (size_t i = 0; i < LENGTH(ordinary); i++) {
        assert_true(email_check(&arena, str_format(&arena, "a@b.%s", ordinary[i]), &normal, &why));
    }
}

/* Where we differ from the original, on purpose. */
static void our_own_ways(void **state)
{
    (void)state;
    str normal = {0};
    str why = {0};
    /* Not composed: e and an accent stay two code points. */
    assert_true(email_check(&arena, STR("e\xCC\x81@x.com"), &normal, &why));
    check_str(normal, STR("e\xCC\x81@x.com"));
    /* A ligature is refused, where the original takes it apart. */
    assert_false(email_check(&arena, STR("a@\xEF\xAC\x81.com"), &normal, &why));
    check_str(why, STR("The part after the @-sign contains invalid characters (Codepoint U+FB01 not allowed "
                       "at position 1 "
                       "in '\xEF\xAC\x81.com')."));
    /* A mark is shown by its number. */
    assert_false(email_check(&arena, STR("\xCC\x81x@x.com"), &normal, &why));
    check_str(why, STR("The email address contains unsafe characters: U+0301."));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(accepted_and_normal),       TEST(normal_forms_stay), TEST(refused_with_the_reason),
        TEST(length_is_looked_at_first), TEST(our_own_ways),      TEST(special_domains),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* io/cipher: what was sealed is opened by who has the key and says what it is for, and read or changed by nobody
 * else. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <string.h>

#include "base/arena.h"
#include "io/cipher.h"
#include "io/digest.h"

static struct arena arena;
static const struct cipher *cipher;

static int setup(void **state)
{
    (void)state;
    arena_init(&arena, 4096);
    cipher = cipher_new(&arena, digest_key_new(&arena, STR("a secret")), STR("purpose"));
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    arena_free(&arena);
    return 0;
}

static bool opens(const struct cipher *c, const char *bound, str sealed)
{
    str plain = {0};
    return cipher_open(c, &arena, str_of(bound), sealed, &plain);
}

static void what_is_sealed_is_opened(void **state)
{
    (void)state;
    char text[100];
    memset(text, 'x', sizeof text);
    for (size_t n = 0; n <= sizeof text; n++) {
        str plain = {0};
        str sealed = cipher_seal(cipher, &arena, STR("for"), (str){text, n});
        assert_int_equal(sealed.n, n + CIPHER_EXTRA);
        assert_true(cipher_open(cipher, &arena, STR("for"), sealed, &plain));
        assert_true(str_eq(plain, (str){text, n}));
        assert_true(n < 4 || memmem(sealed.p, sealed.n, text, 4) == NULL);
    }
}

/* Computed by other means: HMAC and AES of Python's hmac and of the openssl command. */
static void a_known_one(void **state)
{
    (void)state;
    str sealed = cipher_seal(cipher, &arena, STR("for"), STR("a text that is longer than a block"));
    assert_string_equal(digest_hex(&arena, (const unsigned char *)sealed.p, sealed.n).p,
                        "d30f752b7222b5dd80dfb2aa744734427ae0e6f942796463f432fd071fe21acd"
                        "2f4b0ba036a700c3be675d4f9ee89d402584");
}

static void the_same_is_the_same(void **state)
{
    (void)state;
    str first = cipher_seal(cipher, &arena, STR("for"), STR("text"));
    assert_true(str_eq(cipher_seal(cipher, &arena, STR("for"), STR("text")), first));
    assert_false(str_eq(cipher_seal(cipher, &arena, STR("for"), STR("texu")), first));
    assert_false(str_eq(cipher_seal(cipher, &arena, STR("fot"), STR("text")), first));
}

static void each_bit_counts(void **state)
{
    (void)state;
    str sealed = cipher_seal(cipher, &arena, STR("for"), STR("some text"));
    for (size_t i = 0; i < sealed.n; i++) {
        for (int bit = 0; bit < 8; bit++) {
            char *changed = str_c(&arena, sealed);
            changed[i] = (char)(changed[i] ^ 1 << bit);
            assert_false(opens(cipher, "for", (str){changed, sealed.n}));
        }
        assert_false(opens(cipher, "for", str_slice(sealed, 0, i)));
        assert_false(opens(cipher, "for", str_slice(sealed, i + 1, sealed.n)));
    }
    assert_true(opens(cipher, "for", sealed));
}

/* What it is bound to and the text are no one thing: nothing moves from one to the other. */
static void it_is_for_one_thing(void **state)
{
    (void)state;
    str sealed = cipher_seal(cipher, &arena, STR("for"), STR("text"));
    assert_false(opens(cipher, "fo", sealed));
    assert_false(opens(cipher, "fort", sealed));
    assert_false(opens(cipher, "", sealed));
    const struct cipher *other = cipher_new(&arena, digest_key_new(&arena, STR("a secret")), STR("another"));
    assert_false(opens(other, "for", sealed));
    other = cipher_new(&arena, digest_key_new(&arena, STR("b secret")), STR("purpose"));
    assert_false(opens(other, "for", sealed));
}

static void older_keys_open(void **state)
{
    (void)state;
    struct digest_key *keys[3];
    for (int i = 0; i < 3; i++) {
        keys[i] = digest_key_new(&arena, (str){&"abc"[i], 1});
        digest_key_follow(keys[i], i == 0 ? NULL : keys[i - 1]);
    }
    const struct cipher *newest = cipher_new(&arena, keys[2], STR("purpose"));
    for (int i = 0; i < 3; i++) {
        const struct cipher *one = cipher_new(&arena, keys[i], STR("purpose"));
        assert_true(opens(newest, "for", cipher_seal(one, &arena, STR("for"), STR("text"))));
        assert_int_equal(opens(one, "for", cipher_seal(newest, &arena, STR("for"), STR("text"))), i == 2);
    }
}

#define CASE(function) cmocka_unit_test_setup_teardown(function, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(what_is_sealed_is_opened), CASE(a_known_one),         CASE(the_same_is_the_same),
        CASE(each_bit_counts),          CASE(it_is_for_one_thing), CASE(older_keys_open),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

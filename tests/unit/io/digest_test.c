#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/arena.h"
#include "io/digest.h"

static struct arena arena;

static int setup(void **state)
{
    (void)state;
    arena_init(&arena, 4096);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    arena_free(&arena);
    return 0;
}

static void assert_sha256(str text, const char *expected)
{
    unsigned char sum[DIGEST_BYTES];
    digest_sha256(text, sum);
    str hex = digest_hex(&arena, sum, sizeof sum);
    assert_int_equal(hex.n, 64);
    assert_string_equal(hex.p, expected);
}

static void known_digests(void **state)
{
    (void)state;
    assert_sha256(STR(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    assert_sha256(STR("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    assert_sha256(STR("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
                  "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
}

static void hexadecimal(void **state)
{
    (void)state;
    static const unsigned char bytes[] = {0x00, 0x0F, 0xA0, 0xFF};
    assert_string_equal(digest_hex(&arena, bytes, sizeof bytes).p, "000fa0ff");
    assert_string_equal(digest_hex(&arena, bytes, 0).p, "");
}

static void equality(void **state)
{
    (void)state;
    assert_true(digest_equal(STR("abc"), STR("abc")));
    assert_true(digest_equal(STR(""), STR("")));
    assert_false(digest_equal(STR("abc"), STR("abd")));
    assert_false(digest_equal(STR("xbc"), STR("abc")));
    assert_false(digest_equal(STR("abc"), STR("abcd")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_digests),
        cmocka_unit_test(hexadecimal),
        cmocka_unit_test(equality),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}

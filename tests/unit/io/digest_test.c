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

static void assert_hmac(str key, str text, const char *expected)
{
    unsigned char mac[DIGEST_BYTES];
    digest_hmac(digest_key_new(&arena, key), text, mac);
    assert_string_equal(digest_hex(&arena, mac, sizeof mac).p, expected);
}

static str repeated(char c, size_t n)
{
    char *text = arena_alloc(&arena, n);
    for (size_t i = 0; i < n; i++) {
        text[i] = c;
    }
    return (str){text, n};
}

/* RFC 4231, sections 4.2 to 4.8; of the fifth it shows only the first half. */
static void known_macs(void **state)
{
    (void)state;
    char counted[25];
    for (size_t i = 0; i < sizeof counted; i++) {
        counted[i] = (char)(i + 1);
    }
    assert_hmac(repeated(0x0b, 20), STR("Hi There"),
                "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
    assert_hmac(STR("Jefe"), STR("what do ya want for nothing?"),
                "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    assert_hmac(repeated((char)0xaa, 20), repeated((char)0xdd, 50),
                "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe");
    assert_hmac((str){counted, sizeof counted}, repeated((char)0xcd, 50),
                "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b");
    unsigned char mac[DIGEST_BYTES];
    digest_hmac(digest_key_new(&arena, repeated(0x0c, 20)), STR("Test With Truncation"), mac);
    assert_string_equal(digest_hex(&arena, mac, 16).p, "a3b6167473100ee06e0c796c2955552b");
    assert_hmac(repeated((char)0xaa, 131), STR("Test Using Larger Than Block-Size Key - Hash Key First"),
                "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
    assert_hmac(
        repeated((char)0xaa, 131),
        STR("This is a test using a larger than block-size key and a larger than block-size data. The "
            "key needs to be hashed before being used by the HMAC algorithm."),
        "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2");
    assert_hmac(STR(""), STR(""), "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
}

/* A key is prepared once and used for many texts, in between and in whatever order. */
static void keys_are_used_again(void **state)
{
    (void)state;
    unsigned char first[DIGEST_BYTES];
    unsigned char again[DIGEST_BYTES];
    const struct digest_key *key = digest_key_new(&arena, STR("key"));
    const struct digest_key *other = digest_key_new(&arena, STR("other"));
    digest_hmac(key, STR("text"), first);
    digest_hmac(key, STR("another text"), again);
    assert_memory_not_equal(first, again, sizeof first);
    digest_hmac(other, STR("text"), again);
    assert_memory_not_equal(first, again, sizeof first);
    digest_hmac(key, STR("text"), again);
    assert_memory_equal(first, again, sizeof first);
}

static void piece_by_piece(void **state)
{
    (void)state;
    static const str text = STR_INIT("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq");
    unsigned char want[DIGEST_BYTES];
    unsigned char got[DIGEST_BYTES];
    digest_sha256(text, want);
    struct digest *d = digest_begin(&arena);
    for (size_t cut = 0; cut <= text.n; cut++) { /* each time it begins anew */
        digest_add(d, str_slice(text, 0, cut));
        digest_add(d, str_slice(text, cut, text.n));
        digest_end(d, got);
        assert_memory_equal(got, want, sizeof got);
    }
    digest_end(d, got);
    digest_sha256(STR(""), want);
    assert_memory_equal(got, want, sizeof got);
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
        cmocka_unit_test(known_digests),       cmocka_unit_test(known_macs),
        cmocka_unit_test(keys_are_used_again), cmocka_unit_test(piece_by_piece),
        cmocka_unit_test(hexadecimal),         cmocka_unit_test(equality),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}

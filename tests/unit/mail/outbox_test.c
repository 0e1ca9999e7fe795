/* mail/outbox: tokens. Its statements are in tests/golden. */
#include "mail/outbox.h"

#include <string.h>

#include "base/base64.h"
#include "base/buf.h"
#include "support/unit.h"

static void a_token_follows_from_key_purpose_and_seed(void **state)
{
    (void)state;
    unsigned char one[DIGEST_BYTES];
    unsigned char again[DIGEST_BYTES];
    const struct digest_key *key = digest_key_new(&arena, STR("0123456789abcdef0123456789abcdef"));
    const struct digest_key *other = digest_key_new(&arena, STR("0123456789abcdef0123456789abcdeg"));
    str seed = STR("abcdefghijklmnopqrstuvwx");
    outbox_token(key, MAIL_RESET, seed, one);
    outbox_token(key, MAIL_RESET, seed, again);
    assert_memory_equal(one, again, sizeof one);
    outbox_token(key, MAIL_VERIFY, seed, again);
    assert_memory_not_equal(one, again, sizeof one);
    outbox_token(key, MAIL_RESET, STR("abcdefghijklmnopqrstuvwy"), again);
    assert_memory_not_equal(one, again, sizeof one);
    outbox_token(other, MAIL_RESET, seed, again);
    assert_memory_not_equal(one, again, sizeof one);
}

static void only_the_text_of_32_bytes_is_a_token(void **state)
{
    (void)state;
    unsigned char token[DIGEST_BYTES + 1] = {7};
    unsigned char hash[DIGEST_BYTES];
    unsigned char want[DIGEST_BYTES];
    struct buf b;
    digest_sha256((str){(const char *)token, DIGEST_BYTES}, want);
    for (size_t n = DIGEST_BYTES - 1; n <= DIGEST_BYTES + 1; n++) {
        buf_init(&b, &arena, 64, 64);
        base64_put(&b, token, n);
        assert_int_equal(outbox_hash(&arena, buf_view(&b), hash), n == DIGEST_BYTES);
    }
    assert_memory_equal(hash, want, sizeof want);
    assert_false(outbox_hash(&arena, STR(""), hash));
    assert_false(outbox_hash(&arena, STR("no token at all, not even of the alphabet!!"), hash));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_token_follows_from_key_purpose_and_seed),
        TEST(only_the_text_of_32_bytes_is_a_token),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* jwt: no token is accepted that was not signed with the key; of those that were (head, claims and all else chosen
 * by the fuzzer), none that does not say who, until when, and for whom. */
#include <string.h>

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "base/arena.h"
#include "fuzz.h"
#include "io/jwt.h"

enum { NOW = 1500 };

#define SECRET "0123456789abcdef0123456789abcdef"

static str encode(struct arena *a, const unsigned char *bytes, size_t n)
{
    char *text = arena_alloc(a, n * 4 / 3 + 8);
    int length = EVP_EncodeBlock((unsigned char *)text, bytes, (int)n);
    size_t kept = 0;
    for (int i = 0; i < length && text[i] != '='; i++) {
        text[kept++] = text[i] == '+' ? '-' : text[i] == '/' ? '_' : text[i];
    }
    return (str){text, kept};
}

/* The input up to the first newline is the head, the rest the claims. */
static str sign(struct arena *a, str text)
{
    size_t end = str_find(text, '\n', 0);
    str claims = str_slice(text, end + 1, text.n);
    str h = encode(a, (const unsigned char *)text.p, end);
    str c = encode(a, (const unsigned char *)claims.p, claims.n);
    str covered = str_format(a, "%.*s.%.*s", STR_ARGS(h), STR_ARGS(c));
    unsigned char mac[EVP_MAX_MD_SIZE];
    unsigned n = 0;
    HOLD(HMAC(EVP_sha256(), SECRET, sizeof SECRET - 1, (const unsigned char *)covered.p, covered.n, mac,
              &n) != NULL);
    str s = encode(a, mac, n);
    return str_format(a, "%.*s.%.*s", STR_ARGS(covered), STR_ARGS(s));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size > 3000) {
        return 0;
    }
    struct arena a;
    arena_init(&a, 4096);
    struct jwt_ring ring = {.algorithm = STR("HS256"), .issuer = STR("quire"), .audience = STR("quire")};
    HOLD(jwt_add_secret(&a, &ring, STR(SECRET)) == NULL);
    str text = {(const char *)data, size};
    struct jwt_claims claims = {0};
    HOLD(jwt_verify(&a, &ring, text, NOW, &claims) != NULL);
    if (jwt_verify(&a, &ring, sign(&a, text), NOW, &claims) == NULL) {
        HOLD(claims.user_id > 0 && claims.session_id > 0 && claims.expires > NOW);
        HOLD(memmem(data, size, "HS256", 5) != NULL || memchr(data, '\\', size) != NULL);
        HOLD(memmem(data, size, "exp", 3) != NULL || memchr(data, '\\', size) != NULL);
    }
    arena_free(&a);
    return 0;
}

#include "io/digest.h"

#include <stdlib.h>

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include "base/arena.h"

void digest_sha256(str s, unsigned char out[DIGEST_BYTES])
{
    unsigned n = 0;
    if (EVP_Digest(s.p, s.n, out, &n, EVP_sha256(), NULL) != 1 || n != DIGEST_BYTES) {
        abort(); /* only when memory is out or the library is broken: nothing safe
                    can be done without */
    }
}

struct digest_key {
    EVP_MAC_CTX *context; /* with the key in it; each use begins it anew */
    const struct digest_key *before;
};

static void drop_context(void *context)
{
    EVP_MAC_CTX_free(context);
}

struct digest_key *digest_key_new(struct arena *life, str secret)
{
    char name[] = "SHA256";
    const OSSL_PARAM params[] = {OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, name, 0),
                                 OSSL_PARAM_construct_end()};
    struct digest_key *key = ARENA_NEW(life, struct digest_key);
    EVP_MAC *mac = EVP_MAC_fetch(NULL, "HMAC", NULL);
    key->context = mac == NULL ? NULL : EVP_MAC_CTX_new(mac);
    if (key->context == NULL ||
        EVP_MAC_init(key->context, (const unsigned char *)secret.p, secret.n, params) != 1) {
        abort();
    }
    EVP_MAC_free(mac); /* the context holds it */
    arena_defer(life, drop_context, key->context);
    return key;
}

void digest_key_follow(struct digest_key *key, const struct digest_key *before)
{
    key->before = before;
}

const struct digest_key *digest_key_before(const struct digest_key *key)
{
    return key->before;
}

struct digest {
    EVP_MD_CTX *context;
};

/* Without a name the context keeps the algorithm that it has: looking it up takes as long as a short digest. */
static void start(struct digest *d, const EVP_MD *algorithm)
{
    if (EVP_DigestInit_ex(d->context, algorithm, NULL) != 1) {
        abort();
    }
}

static void free_context(void *context)
{
    EVP_MD_CTX_free(context);
}

struct digest *digest_begin(struct arena *a)
{
    struct digest *d = ARENA_NEW(a, struct digest);
    d->context = EVP_MD_CTX_new();
    if (d->context == NULL) {
        abort();
    }
    arena_defer(a, free_context, d->context);
    start(d, EVP_sha256());
    return d;
}

void digest_add(struct digest *d, str s)
{
    if (EVP_DigestUpdate(d->context, s.p, s.n) != 1) {
        abort();
    }
}

void digest_end(struct digest *d, unsigned char out[DIGEST_BYTES])
{
    unsigned n = 0;
    if (EVP_DigestFinal_ex(d->context, out, &n) != 1 || n != DIGEST_BYTES) {
        abort();
    }
    start(d, NULL);
}

void digest_hmac(const struct digest_key *key, str s, unsigned char out[DIGEST_BYTES])
{
    size_t n = 0;
    if (EVP_MAC_init(key->context, NULL, 0, NULL) != 1 ||
        EVP_MAC_update(key->context, (const unsigned char *)s.p, s.n) != 1 ||
        EVP_MAC_final(key->context, out, &n, DIGEST_BYTES) != 1 || n != DIGEST_BYTES) {
        abort();
    }
}

str digest_hex(struct arena *a, const unsigned char *bytes, size_t n)
{
    static const char digits[] = "0123456789abcdef";
    char *text = arena_alloc(a, 2 * n + 1);
    for (size_t i = 0; i < n; i++) {
        text[2 * i] = digits[bytes[i] >> 4];
        text[2 * i + 1] = digits[bytes[i] & 15];
    }
    text[2 * n] = '\0';
    return (str){text, 2 * n};
}

bool digest_equal(str a, str b)
{
    return a.n == b.n && CRYPTO_memcmp(a.p, b.p, a.n) == 0;
}

#include "io/cipher.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>

#include "base/arena.h"
#include "base/buf.h"
#include "io/digest.h"

struct cipher {
    const struct digest_key *mac;
    EVP_CIPHER_CTX *context; /* with the key in it; each use begins it anew */
    const struct cipher *before;
};

static void drop_context(void *context)
{
    EVP_CIPHER_CTX_free(context);
}

/* One of the two keys. Nothing else that the ring's key is used for begins like this. */
static void derive(struct arena *a, const struct digest_key *key, str purpose, const char *part,
                   unsigned char out[DIGEST_BYTES])
{
    str label = str_format(a, "cipher\n%.*s\n%s", STR_ARGS(purpose), part);
    digest_hmac(key, label, out);
}

static struct cipher *make(struct arena *life, const struct digest_key *key, str purpose)
{
    unsigned char secret[DIGEST_BYTES];
    struct cipher *c = ARENA_NEW(life, struct cipher);
    derive(life, key, purpose, "mac", secret);
    c->mac = digest_key_new(life, (str){(const char *)secret, sizeof secret});
    derive(life, key, purpose, "key", secret);
    c->context = EVP_CIPHER_CTX_new();
    if (c->context == NULL || EVP_EncryptInit_ex(c->context, EVP_aes_256_ctr(), NULL, secret, NULL) != 1) {
        abort();
    }
    arena_defer(life, drop_context, c->context);
    return c;
}

const struct cipher *cipher_new(struct arena *life, const struct digest_key *key, str purpose)
{
    struct cipher *newest = make(life, key, purpose);
    struct cipher *last = newest;
    while ((key = digest_key_before(key)) != NULL) {
        struct cipher *older = make(life, key, purpose);
        last->before = older;
        last = older;
    }
    return newest;
}

/* The synthetic IV. The length in front keeps what it is bound to and the plain bytes apart. */
static void authenticate(const struct cipher *c, struct arena *a, str bound, str plain,
                         unsigned char mac[DIGEST_BYTES])
{
    struct buf b;
    const uint64_t n = bound.n;
    buf_init(&b, a, sizeof n + bound.n + plain.n, SIZE_MAX / 4);
    buf_put(&b, (const char *)&n, sizeof n);
    buf_str(&b, bound);
    buf_str(&b, plain);
    digest_hmac(c->mac, buf_view(&b), mac);
}

/* Both ways: counter mode is its own reverse. */
static void encrypt(const struct cipher *c, const unsigned char *iv, str from, unsigned char *to)
{
    int n = 0;
    if (from.n > INT32_MAX || EVP_EncryptInit_ex(c->context, NULL, NULL, NULL, iv) != 1 ||
        EVP_EncryptUpdate(c->context, to, &n, (const unsigned char *)from.p, (int)from.n) != 1 ||
        (size_t)n != from.n) {
        abort();
    }
}

str cipher_seal(const struct cipher *c, struct arena *a, str bound, str plain)
{
    unsigned char mac[DIGEST_BYTES];
    unsigned char *sealed = arena_alloc(a, CIPHER_EXTRA + plain.n);
    authenticate(c, a, bound, plain, mac);
    memcpy(sealed, mac, CIPHER_EXTRA);
    encrypt(c, sealed, plain, sealed + CIPHER_EXTRA);
    return (str){(const char *)sealed, CIPHER_EXTRA + plain.n};
}

bool cipher_open(const struct cipher *c, struct arena *a, str bound, str sealed, str *plain)
{
    unsigned char mac[DIGEST_BYTES];
    if (sealed.n < CIPHER_EXTRA) {
        return false;
    }
    str iv = str_slice(sealed, 0, CIPHER_EXTRA);
    str hidden = str_slice(sealed, CIPHER_EXTRA, sealed.n);
    unsigned char *bytes = arena_alloc(a, hidden.n + 1);
    const str opened = {(const char *)bytes, hidden.n};
    for (; c != NULL; c = c->before) {
        encrypt(c, (const unsigned char *)iv.p, hidden, bytes);
        authenticate(c, a, bound, opened, mac);
        if (digest_equal(iv, (str){(const char *)mac, CIPHER_EXTRA})) {
            *plain = opened;
            return true;
        }
    }
    return false;
}

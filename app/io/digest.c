#include "io/digest.h"

#include <stdlib.h>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "base/arena.h"

void digest_sha256(str s, unsigned char out[DIGEST_BYTES])
{
    unsigned n = 0;
    if (EVP_Digest(s.p, s.n, out, &n, EVP_sha256(), NULL) != 1 || n != DIGEST_BYTES) {
        abort(); /* only when memory is out or the library is broken: nothing safe
                    can be done without */
    }
}

void digest_hmac(str key, str s, unsigned char out[DIGEST_BYTES])
{
    unsigned n = 0;
    if (HMAC(EVP_sha256(), key.p, (int)key.n, (const unsigned char *)s.p, s.n, out, &n) == NULL ||
        n != DIGEST_BYTES) {
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

#include "io/keyfile.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include "base/arena.h"
#include "base/base64.h"
#include "base/buf.h"
#include "base/file.h"
#include "io/digest.h"

enum { COORDINATE_BYTES = 32, CURVE_NAME_BYTES = 64 };

static void free_key(void *key)
{
    EVP_PKEY_free(key);
}

static void free_bio(void *bio)
{
    BIO_free_all(bio);
}

static BIO *bio_over(struct arena *a, str text)
{
    BIO *bio = BIO_new_mem_buf(text.p, (int)text.n);
    if (bio == NULL) {
        abort(); /* only when memory is out */
    }
    arena_defer(a, free_bio, bio);
    return bio;
}

/* No pass phrase is asked for: a program without a terminal would wait for ever. The flag tells why reading failed. */
static int no_phrase(char *out, int size, int writing, void *asked)
{
    (void)writing;
    if (size > 0) {
        out[0] = '\0';
    }
    *(bool *)asked = true;
    return -1;
}

static err parse(struct arena *a, const char *path, str text, bool is_private, EVP_PKEY **out)
{
    bool asked = false;
    BIO *bio = bio_over(a, text);
    EVP_PKEY *key = is_private ? PEM_read_bio_PrivateKey(bio, NULL, no_phrase, &asked)
                               : PEM_read_bio_PUBKEY(bio, NULL, no_phrase, &asked);
    ERR_clear_error();
    if (key == NULL) {
        return asked ? error_new(a, ERROR_INVALID, "%s: has a pass phrase, and nobody is there to give it",
                                 path)
                     : error_new(a, ERROR_INVALID, "%s: holds no %s key in PEM", path,
                                 is_private ? "private" : "public");
    }
    arena_defer(a, free_key, key);
    *out = key;
    return NULL;
}

/* Whether the numbers are those of a key at all: a public point that is not on its curve would be believed blindly. */
static bool is_sound(EVP_PKEY *key)
{
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new(key, NULL);
    bool sound = context != NULL && EVP_PKEY_public_check(context) == 1;
    EVP_PKEY_CTX_free(context);
    ERR_clear_error();
    return sound;
}

static err check_kind(struct arena *a, const char *path, EVP_PKEY *key, bool is_rsa)
{
    char curve[CURVE_NAME_BYTES] = "";
    size_t n = 0;
    if (is_rsa && EVP_PKEY_get_base_id(key) != EVP_PKEY_RSA) {
        return error_new(a, ERROR_INVALID, "%s: is no RSA key, which RS256 needs", path);
    }
    if (is_rsa && EVP_PKEY_get_bits(key) < KEYFILE_RSA_BITS) {
        return error_new(a, ERROR_INVALID, "%s: has %d bits, not at least %d", path, EVP_PKEY_get_bits(key),
                         (int)KEYFILE_RSA_BITS);
    }
    if (!is_rsa &&
        (EVP_PKEY_get_base_id(key) != EVP_PKEY_EC ||
         EVP_PKEY_get_group_name(key, curve, sizeof curve, &n) != 1 || strcmp(curve, "prime256v1") != 0)) {
        return error_new(a, ERROR_INVALID, "%s: is no key on the curve P-256, which ES256 needs", path);
    }
    return is_sound(key) ? NULL : error_new(a, ERROR_INVALID, "%s: its numbers are those of no key", path);
}

/* A number of the key in base64url, at least `least` bytes long (RFC 7518, sections 2 and 6.2.1.2). */
static str number(struct arena *a, EVP_PKEY *key, const char *name, int least)
{
    BIGNUM *n = NULL;
    struct buf out;
    if (EVP_PKEY_get_bn_param(key, name, &n) != 1) {
        abort(); /* every key of its kind has it */
    }
    int size = BN_num_bytes(n) > least ? BN_num_bytes(n) : least;
    unsigned char *bytes = arena_alloc(a, (size_t)size);
    if (BN_bn2binpad(n, bytes, size) != size) {
        abort();
    }
    BN_free(n);
    buf_init(&out, a, (size_t)size * 2, KEYFILE_MAX_BYTES);
    base64_put(&out, bytes, (size_t)size);
    return buf_view(&out);
}

/* The thumbprint is over exactly the members that make the key, in the order of their names (RFC 7638, section 3). */
static void describe(struct arena *a, EVP_PKEY *key, bool is_rsa, struct keyfile *out)
{
    unsigned char sum[DIGEST_BYTES];
    struct buf kid;
    str x = number(a, key, is_rsa ? OSSL_PKEY_PARAM_RSA_N : OSSL_PKEY_PARAM_EC_PUB_X,
                   is_rsa ? 0 : COORDINATE_BYTES);
    str y = number(a, key, is_rsa ? OSSL_PKEY_PARAM_RSA_E : OSSL_PKEY_PARAM_EC_PUB_Y,
                   is_rsa ? 0 : COORDINATE_BYTES);
    str members =
        is_rsa ? str_format(a, "\"e\":\"%.*s\",\"kty\":\"RSA\",\"n\":\"%.*s\"", STR_ARGS(y), STR_ARGS(x))
               : str_format(a, "\"crv\":\"P-256\",\"kty\":\"EC\",\"x\":\"%.*s\",\"y\":\"%.*s\"", STR_ARGS(x),
                            STR_ARGS(y));
    digest_sha256(str_format(a, "{%.*s}", STR_ARGS(members)), sum);
    buf_init(&kid, a, 64, 64);
    base64_put(&kid, sum, sizeof sum);
    out->kid = buf_view(&kid);
    out->jwk = str_format(a, "{\"alg\":\"%s\",\"kid\":\"%.*s\",\"use\":\"sig\",%.*s}",
                          is_rsa ? "RS256" : "ES256", STR_ARGS(out->kid), STR_ARGS(members));
}

static str public_half(struct arena *a, EVP_PKEY *key)
{
    char *text = NULL;
    BIO *bio = BIO_new(BIO_s_mem());
    if (bio == NULL || PEM_write_bio_PUBKEY(bio, key) != 1) {
        abort();
    }
    long n = BIO_get_mem_data(bio, &text);
    str copy = str_copy(a, (str){text, (size_t)n});
    BIO_free_all(bio);
    return copy;
}

err keyfile_read(struct arena *a, const char *path, bool is_private, str algorithm, struct keyfile *out)
{
    str text;
    EVP_PKEY *key = NULL;
    struct keyfile found = {.kid = {0}};
    bool is_rsa = str_eq(algorithm, STR("RS256"));
    err failed = file_read(a, path, KEYFILE_MAX_BYTES, &text);
    if (failed != NULL) {
        return error_new(a, ERROR_INVALID, "%.*s", STR_ARGS(failed->detail));
    }
    TRY(parse(a, path, text, is_private, &key));
    TRY(check_kind(a, path, key, is_rsa));
    describe(a, key, is_rsa, &found);
    found.private_pem = is_private ? text : (str){0};
    found.public_pem = public_half(a, key);
    *out = found;
    return NULL;
}

bool keyfile_is_exposed(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 && (st.st_mode & (S_IRWXG | S_IRWXO)) != 0;
}

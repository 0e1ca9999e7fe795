/* io/keyfile: key files read, refused, and described as RFC 7517 and RFC 7638 have it. */
#include "io/keyfile.h"

#include <stdio.h>
#include <sys/stat.h>

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>

#include "base/base64.h"
#include "support/folder.h"
#include "support/unit.h"

/* The key of RFC 7638, section 3.1, and its thumbprint. */
#define MODULUS                                                                                     \
    "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_"       \
    "BJECPebWKRXjBZCi"                                                                              \
    "FV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_"                      \
    "FDW2QvzqY368QQMicAtaSqzs8KJZgnYb"                                                              \
    "9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_" \
    "xBniIqbw0Ls"                                                                                   \
    "1jF44-csFCur-kEgU8awapJzKnqDKgw"
#define THUMBPRINT "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"

static char *folder;

static int set_up(void **state)
{
    (void)arena_setup(state);
    folder = folder_make(&arena);
    return 0;
}

static int tear_down(void **state)
{
    folder_remove(folder);
    return arena_teardown(state);
}

static const char *path_of(const char *name)
{
    return str_format(&arena, "%s/%s", folder, name).p;
}

/* Writes both halves of a key, or the public one alone, and frees it. */
static void save(EVP_PKEY *key, const char *name, bool whole)
{
    assert_non_null(key);
    FILE *f = fopen(path_of(name), "w");
    assert_non_null(f);
    assert_int_equal(
        whole ? PEM_write_PrivateKey(f, key, NULL, NULL, 0, NULL, NULL) : PEM_write_PUBKEY(f, key), 1);
    assert_int_equal(fclose(f), 0);
    EVP_PKEY_free(key);
}

static EVP_PKEY *key_of_rfc(void)
{
    str n;
    EVP_PKEY *key = NULL;
    assert_true(base64_read(&arena, STR(MODULUS), &n));
    BIGNUM *modulus = BN_bin2bn((const unsigned char *)n.p, (int)n.n, NULL);
    OSSL_PARAM_BLD *build = OSSL_PARAM_BLD_new();
    assert_int_equal(OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_RSA_N, modulus), 1);
    assert_int_equal(OSSL_PARAM_BLD_push_ulong(build, OSSL_PKEY_PARAM_RSA_E, 65537), 1);
    OSSL_PARAM *params = OSSL_PARAM_BLD_to_param(build);
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(NULL, "RSA", NULL);
    assert_int_equal(EVP_PKEY_fromdata_init(context), 1);
    assert_int_equal(EVP_PKEY_fromdata(context, &key, EVP_PKEY_PUBLIC_KEY, params), 1);
    EVP_PKEY_CTX_free(context);
    OSSL_PARAM_free(params);
    OSSL_PARAM_BLD_free(build);
    BN_free(modulus);
    return key;
}

static void refused(const char *name, bool is_private, const char *algorithm, const char *why)
{
    struct keyfile key = {.kid = STR_INIT("untouched")};
    err failed = keyfile_read(&arena, path_of(name), is_private, str_of(algorithm), &key);
    assert_non_null(failed);
    assert_int_equal(failed->code, ERROR_INVALID);
    check_str(failed->detail, str_format(&arena, "%s%s", path_of(name), why));
    check_str(key.kid, STR("untouched"));
}

static void the_key_of_the_rfc(void **state)
{
    (void)state;
    struct keyfile key;
    save(key_of_rfc(), "rfc.pub.pem", false);
    assert_null(keyfile_read(&arena, path_of("rfc.pub.pem"), false, STR("RS256"), &key));
    check_str(key.kid, STR(THUMBPRINT));
    check_str(key.jwk, STR("{\"alg\":\"RS256\",\"kid\":\"" THUMBPRINT
                           "\",\"use\":\"sig\",\"e\":\"AQAB\",\"kty\":\"RSA\","
                           "\"n\":\"" MODULUS "\"}"));
    assert_int_equal(key.private_pem.n, 0);
    assert_true(str_starts(key.public_pem, STR("-----BEGIN PUBLIC KEY-----\n")));
}

static void both_halves_are_one_key(void **state)
{
    (void)state;
    struct keyfile whole;
    struct keyfile half;
    EVP_PKEY *key = EVP_EC_gen("P-256");
    assert_int_equal(EVP_PKEY_up_ref(key), 1);
    save(key, "ec.pem", true);
    save(key, "ec.pub.pem", false);
    assert_null(keyfile_read(&arena, path_of("ec.pem"), true, STR("ES256"), &whole));
    assert_null(keyfile_read(&arena, path_of("ec.pub.pem"), false, STR("ES256"), &half));
    check_str(whole.kid, half.kid);
    check_str(whole.jwk, half.jwk);
    check_str(whole.public_pem, half.public_pem);
    assert_true(whole.private_pem.n > 0);
    assert_int_equal(whole.kid.n, 43);
    assert_true(str_starts(whole.jwk, STR("{\"alg\":\"ES256\"")));
    refused("ec.pem", false, "ES256", ": holds no public key in PEM");
    refused("ec.pub.pem", true, "ES256", ": holds no private key in PEM");
    refused("ec.pem", true, "RS256", ": is no RSA key, which RS256 needs");
}

static void unfit_keys(void **state)
{
    (void)state;
    save(EVP_RSA_gen(1024), "short.pem", true);
    refused("short.pem", true, "RS256", ": has 1024 bits, not at least 2048");
    save(EVP_EC_gen("P-384"), "p384.pem", true);
    refused("p384.pem", true, "ES256", ": is no key on the curve P-256, which ES256 needs");
    save(EVP_PKEY_Q_keygen(NULL, NULL, "ED25519"), "ed.pem", true);
    refused("ed.pem", true, "ES256", ": is no key on the curve P-256, which ES256 needs");
    FILE *f = fopen(path_of("text"), "w");
    assert_non_null(f);
    assert_int_equal(fclose(f), 0);
    refused("text", true, "ES256", ": holds no private key in PEM");
    struct keyfile key;
    err failed = keyfile_read(&arena, path_of("nowhere"), true, STR("ES256"), &key);
    assert_non_null(failed);
    assert_int_equal(failed->code, ERROR_INVALID);
}

static void exposure(void **state)
{
    (void)state;
    save(EVP_EC_gen("P-256"), "ec.pem", true);
    assert_int_equal(chmod(path_of("ec.pem"), 0600), 0);
    assert_false(keyfile_is_exposed(path_of("ec.pem")));
    assert_int_equal(chmod(path_of("ec.pem"), 0640), 0);
    assert_true(keyfile_is_exposed(path_of("ec.pem")));
    assert_false(keyfile_is_exposed(path_of("nowhere")));
}

#define IN_FOLDER(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FOLDER(the_key_of_the_rfc),
        IN_FOLDER(both_halves_are_one_key),
        IN_FOLDER(unfit_keys),
        IN_FOLDER(exposure),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "base/arena.h"
#include "io/jwt.h"

#define SECRET "0123456789abcdef0123456789abcdef"
#define HEAD   "{\"alg\":\"HS256\",\"typ\":\"JWT\"}"
#define OTHER  "another secret of thirty-two bytes"
#define CLAIMS                                                                                         \
    "\"id\":7,\"sub\":\"7\",\"sid\":12,\"iat\":1000,\"exp\":2000,\"iss\":\"quire\",\"aud\":\"quire\"," \
    "\"jti\":\"x\""

enum { NOW = 1500 };

static struct arena arena;
static struct jwt_ring ring;

static err new_ring(const char *algorithm)
{
    ring =
        (struct jwt_ring){.algorithm = str_of(algorithm), .issuer = STR("quire"), .audience = STR("quire")};
    return jwt_add_secret(&arena, &ring, STR(SECRET));
}

static int setup(void **state)
{
    (void)state;
    arena_init(&arena, 16 << 10);
    return new_ring("HS256") == NULL ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    arena_free(&arena);
    return 0;
}

static str encode(const unsigned char *bytes, size_t n)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    char *text = arena_alloc(&arena, n * 4 / 3 + 4);
    size_t length = 0;
    for (size_t i = 0; i < n; i += 3) {
        unsigned bits = (unsigned)bytes[i] << 16 | (i + 1 < n ? (unsigned)bytes[i + 1] << 8 : 0) |
                        (i + 2 < n ? (unsigned)bytes[i + 2] : 0);
        for (size_t j = 0; j < 4 && i * 8 + j * 6 < n * 8; j++) {
            text[length++] = digits[bits >> (18 - 6 * j) & 63];
        }
    }
    return (str){text, length};
}

static str encode_text(str text)
{
    return encode((const unsigned char *)text.p, text.n);
}

/* A token of any head and claims, signed as a program with that secret would. */
static str sign_with(str head, str claims, str secret, const EVP_MD *hash)
{
    str h = encode_text(head);
    str c = encode_text(claims);
    str text = str_format(&arena, "%.*s.%.*s", STR_ARGS(h), STR_ARGS(c));
    unsigned char mac[EVP_MAX_MD_SIZE];
    unsigned n = 0;
    assert_non_null(HMAC(hash, secret.p, (int)secret.n, (const unsigned char *)text.p, text.n, mac, &n));
    str s = encode(mac, n);
    return str_format(&arena, "%.*s.%.*s", STR_ARGS(text), STR_ARGS(s));
}

static str sign(const char *head, const char *claims)
{
    return sign_with(str_of(head), str_of(claims), STR(SECRET), EVP_sha256());
}

static struct jwt_claims accepted(str token)
{
    struct jwt_claims claims = {0};
    err failed = jwt_verify(&arena, &ring, token, NOW, &claims);
    if (failed != NULL) {
        fail_msg("%.*s: %.*s", STR_ARGS(token), STR_ARGS(failed->cause));
    }
    return claims;
}

static void refused(str token, const char *why)
{
    struct jwt_claims claims = {.user_id = -1};
    err failed = jwt_verify(&arena, &ring, token, NOW, &claims);
    if (failed == NULL) {
        fail_msg("%.*s was accepted", STR_ARGS(token));
        return;
    }
    assert_int_equal(failed->code, ERROR_INVALID_TOKEN);
    assert_int_equal(claims.user_id, -1);
    if (strstr(str_c(&arena, failed->cause), why) == NULL) {
        fail_msg("%.*s: expected \"%s\", got \"%.*s\"", STR_ARGS(token), why, STR_ARGS(failed->cause));
    }
}

static void our_own_token(void **state)
{
    (void)state;
    static const char *const algorithms[] = {"HS256", "HS384", "HS512"};
    for (size_t i = 0; i < 3; i++) {
        ring.algorithm = str_of(algorithms[i]);
        struct jwt_claims in = {
            .user_id = INT64_C(999999999999999999), .session_id = 12, .issued = 1000, .expires = 2000};
        str token;
        assert_null(jwt_sign(&arena, &ring, &in, &token));
        struct jwt_claims out = accepted(token);
        assert_int_equal(out.user_id, in.user_id);
        assert_int_equal(out.session_id, 12);
        assert_int_equal(out.issued, 1000);
        assert_int_equal(out.expires, 2000);
        str again;
        assert_null(jwt_sign(&arena, &ring, &in, &again));
        assert_false(str_eq(token, again)); /* the jti differs */
    }
}

static void what_a_token_says(void **state)
{
    (void)state;
    struct jwt_claims in = {.user_id = 7, .session_id = 12, .issued = 1000, .expires = 2000};
    str token;
    assert_null(jwt_sign(&arena, &ring, &in, &token));
    str head = encode_text(STR("{\"alg\":\"HS256\",\"kid\":\"xxxxxxxxxxxxxxxx\",\"typ\":\"JWT\"}"));
    assert_int_equal(str_find(token, '.', 0), head.n);
    assert_int_equal(ring.keys[0].kid.n, 16);
    /* SHA-256 of the secret begins so */
    assert_string_equal(ring.keys[0].kid.p, "3eb1bd439947eb76");
}

static void a_token_of_another_program(void **state)
{
    (void)state;
    struct jwt_claims c = accepted(sign(HEAD, "{" CLAIMS "}"));
    assert_int_equal(c.user_id, 7);
    assert_int_equal(c.session_id, 12);
    assert_int_equal(c.issued, 1000);
    str kid = str_format(&arena, "{\"alg\":\"HS256\",\"kid\":\"%s\"}", ring.keys[0].kid.p);
    (void)accepted(sign(kid.p, "{" CLAIMS "}"));
    (void)accepted(sign("{ \"typ\" : \"jwt\", \"alg\" : \"HS256\", \"x\":[1] }",
                        "{" CLAIMS ",\"nbf\":1500,\"more\":{}}"));
    (void)accepted(
        sign(HEAD, "{\"id\":7,\"sid\":12,\"exp\":1501,\"iss\":\"quire\",\"aud\":[\"x\",\"quire\"]}"));
    (void)accepted(sign(
        HEAD, "{\"id\":7,\"sid\":12,\"exp\":1.5014e3,\"iat\":1499.9,\"iss\":\"quire\",\"aud\":\"quire\"}"));
    (void)accepted(
        sign(HEAD, "{\"id\":7,\"sid\":12,\"exp\":2000,\"iat\":1560,\"iss\":\"quire\",\"aud\":\"quire\"}"));
}

static void altered_in_every_character(void **state)
{
    (void)state;
    struct jwt_claims in = {.user_id = 7, .session_id = 12, .issued = 1000, .expires = 2000};
    str token;
    assert_null(jwt_sign(&arena, &ring, &in, &token));
    (void)accepted(token);
    static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.=+/ ~%";
    size_t tried = 0;
    struct arena_mark mark = arena_mark(&arena);
    for (size_t i = 0; i < token.n; i++) {
        for (const char *c = alphabet; *c != '\0'; c++) {
            if (*c == token.p[i]) {
                continue;
            }
            char *text = str_c(&arena, token);
            text[i] = *c;
            refused((str){text, token.n}, "token: ");
            arena_rewind(&arena, mark);
            tried++;
        }
        char *text = str_c(&arena, token);
        text[i] = '\0';
        refused((str){text, token.n}, "token: ");
        refused((str){token.p, i}, "token: ");
        arena_rewind(&arena, mark);
    }
    assert_true(tried > 15000);
    str longer = str_format(&arena, "%.*sA", STR_ARGS(token));
    refused(longer, "signature");
}

static void shapes(void **state)
{
    (void)state;
    static const char *const bad[] = {"",         ".",           "..",          "...",        "a",
                                      "garbage",  "a.b.c",       "..c",         "aa..bb",     "aa.bb.",
                                      ".aa.bb",   "aa.bb",       "aa.bb.cc.dd", "aa.bb.cc=",  "a+.bb.cc",
                                      "a/.bb.cc", "aa bb.cc.dd", "' OR 1=1 --", "aaaaa.bb.cc"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        refused(str_of(bad[i]), "three parts");
    }
    refused(STR("aA.bQ.cw"), "head is no JSON object");
    refused((str){"aa.b\0b.cc", 9}, "three parts");
}

static void four_kibibytes(void **state)
{
    (void)state;
    char pad[4000];
    bool fits = false;
    bool too_long = false;
    for (size_t n = 2800; n < 3000; n++) {
        memset(pad, 'x', n);
        pad[n] = '\0';
        str token = sign(HEAD, str_format(&arena, "{" CLAIMS ",\"pad\":\"%s\"}", pad).p);
        if (token.n <= JWT_MAX_BYTES) {
            (void)accepted(token);
            fits = fits || token.n == JWT_MAX_BYTES;
        } else {
            refused(token, "4 KiB");
            too_long = too_long || token.n <= JWT_MAX_BYTES + 2;
        }
        arena_reset(&arena);
        assert_null(new_ring("HS256"));
    }
    assert_true(fits && too_long);
}

static void algorithms(void **state)
{
    (void)state;
    static const char claims[] = "{" CLAIMS "}";
    static const char *const names[] = {"none",  "None",  "NONE",  "NonE",   "HS384", "HS512", "RS256",
                                        "ES256", "PS256", "hs256", "HS256 ", "",      "HS2560"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        str head = str_format(&arena, "{\"alg\":\"%s\",\"typ\":\"JWT\"}", names[i]);
        refused(sign(head.p, claims), "alg is not");
    }
    refused(sign_with(STR("{\"alg\":\"HS384\"}"), str_of(claims), STR(SECRET), EVP_sha384()), "alg is not");
    refused(sign_with(STR("{\"alg\":\"HS512\"}"), str_of(claims), STR(SECRET), EVP_sha512()), "alg is not");
    refused(sign("{\"typ\":\"JWT\"}", claims), "alg is not");
    refused(sign("{\"alg\":null}", claims), "alg is not");
    refused(sign("{\"alg\":[\"HS256\"]}", claims), "alg is not");
    refused(sign("{\"alg\":\"none\",\"alg\":\"RS256\"}", claims), "alg is not");
    refused(sign("{\"alg\":\"HS256\",\"alg\":\"none\"}", claims), "alg is not");
    /* without a signature */
    str h = encode_text(STR("{\"alg\":\"none\",\"typ\":\"JWT\"}"));
    str c = encode_text(str_of(claims));
    refused(str_format(&arena, "%.*s.%.*s.", STR_ARGS(h), STR_ARGS(c)), "three parts");
    refused(str_format(&arena, "%.*s.%.*s", STR_ARGS(h), STR_ARGS(c)), "three parts");
    refused(str_format(&arena, "%.*s.%.*s.AA", STR_ARGS(h), STR_ARGS(c)), "alg is not");
    h = encode_text(STR(HEAD));
    refused(str_format(&arena, "%.*s.%.*s.AA", STR_ARGS(h), STR_ARGS(c)), "signature");
}

static void heads(void **state)
{
    (void)state;
    static const char claims[] = "{" CLAIMS "}";
    refused(sign("{\"alg\":\"HS256\",\"crit\":[\"exp\"]}", claims), "crit");
    refused(sign("{\"alg\":\"HS256\",\"crit\":null}", claims), "crit");
    refused(sign("{\"alg\":\"HS256\",\"kid\":\"other\"}", claims), "kid");
    refused(sign("{\"alg\":\"HS256\",\"kid\":null}", claims), "kid");
    refused(sign("{\"alg\":\"HS256\",\"kid\":7}", claims), "kid");
    refused(sign("{\"alg\":\"HS256\",\"kid\":\"../../etc/passwd\"}", claims), "kid");
    refused(sign("{\"alg\":\"HS256\",\"typ\":\"JWE\"}", claims), "signature");
    refused(sign("[1,2]", claims), "head");
    refused(sign("\"HS256\"", claims), "head");
    refused(sign("{\"alg\":\"HS256\"", claims), "head");
    refused(sign("not json", claims), "head");
    refused(sign_with((str){"{\"alg\":\"HS256\"}\0", 16}, str_of(claims), STR(SECRET), EVP_sha256()), "head");
}

static void keys(void **state)
{
    (void)state;
    str claims = STR("{" CLAIMS "}");
    refused(sign_with(STR(HEAD), claims, STR("0123456789abcdef0123456789abcdeF"), EVP_sha256()), "signature");
    refused(sign_with(STR(HEAD), claims, STR(""), EVP_sha256()), "signature");
    struct jwt_ring bad = ring;
    err failed = jwt_add_secret(&arena, &bad, STR("0123456789abcdef0123456789abcde"));
    assert_non_null(failed);
    assert_int_equal(failed->code, ERROR_INTERNAL);
    static const char *const none[] = {"none", "RS256", "ES256", "PS256", ""};
    for (size_t i = 0; i < sizeof none / sizeof none[0]; i++) {
        bad.algorithm = str_of(none[i]);
        assert_non_null(jwt_add_secret(&arena, &bad, STR(OTHER)));
    }
    bad = ring;
    bad.issuer = STR("");
    assert_non_null(jwt_add_secret(&arena, &bad, STR(OTHER)));
    bad = ring;
    bad.audience = STR("");
    assert_non_null(jwt_add_secret(&arena, &bad, STR(OTHER)));
    for (bad = ring; bad.count < JWT_MAX_KEYS;) {
        assert_null(jwt_add_secret(&arena, &bad, STR(OTHER)));
    }
    assert_non_null(jwt_add_secret(&arena, &bad, STR(OTHER)));
}

/* A token of the older key is believed by the newer ring, and not the other way; its kid decides which key checks
 * it. */
static void a_ring(void **state)
{
    (void)state;
    struct jwt_ring older = ring;
    struct jwt_claims in = {.user_id = 7, .session_id = 12, .issued = 1000, .expires = 2000};
    str old;
    str new;
    assert_null(jwt_sign(&arena, &older, &in, &old));
    ring.count = 0;
    assert_null(jwt_add_secret(&arena, &ring, STR(OTHER)));
    refused(old, "kid");
    assert_null(jwt_add_secret(&arena, &ring, STR(SECRET)));
    assert_int_equal(accepted(old).user_id, 7);
    assert_null(jwt_sign(&arena, &ring, &in, &new));
    assert_int_equal(accepted(new).user_id, 7);
    ring = older;
    refused(new, "kid");
    ring.count = 0;
    assert_null(jwt_add_secret(&arena, &ring, STR(OTHER)));
    assert_null(jwt_add_secret(&arena, &ring, STR(SECRET)));
    str claims = STR("{" CLAIMS "}");
    str other = str_format(&arena, "{\"alg\":\"HS256\",\"kid\":\"%s\"}", ring.keys[0].kid.p);
    refused(sign_with(other, claims, STR(SECRET), EVP_sha256()), "signature");
    refused(sign_with(STR(HEAD), claims, STR(SECRET), EVP_sha256()), "signature"); /* no kid: the first */
    (void)accepted(sign_with(STR(HEAD), claims, STR(OTHER), EVP_sha256()));
}

/* The last character of a part holds bits that belong to no byte: they must be zero. */
static void other_spellings(void **state)
{
    (void)state;
    static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    str token = sign(HEAD, "{" CLAIMS "}");
    char *text = str_c(&arena, token);
    const char *last = strchr(alphabet, text[token.n - 1]);
    (void)accepted(token);
    text[token.n - 1] = alphabet[(last - alphabet) ^ 1];
    refused(str_of(text), "base64url");
}

static void times(void **state)
{
    (void)state;
    static const char *const bad[][2] = {
        {"1500", "expired"},
        {"1499", "expired"},
        {"0", "expired"},
        {"-1", "expired"},
        {"1500.9", "expired"},
        {"\"2000\"", "exp is"},
        {"\"never\"", "exp is"},
        {"null", "exp is"},
        {"true", "exp is"},
        {"[2000]", "exp is"},
        {"{}", "exp is"},
        {"1e400", "exp is"},
        {"1e300", "exp is"},
        {"-1e300", "exp is"},
        {"NaN", "signature"},
        {"Infinity", "signature"},
        {"99999999999999999999", "exp is"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        str claims = str_format(
            &arena, "{\"id\":7,\"sid\":12,\"exp\":%s,\"iss\":\"quire\",\"aud\":\"quire\"}", bad[i][0]);
        str token = sign(HEAD, claims.p);
        struct jwt_claims out;
        err failed = jwt_verify(&arena, &ring, token, NOW, &out);
        assert_non_null(failed);
        assert_int_equal(failed->code, ERROR_INVALID_TOKEN);
        /* libjwt's own reader refuses a few of these before ours does */
        if (strstr(str_c(&arena, failed->cause), bad[i][1]) == NULL &&
            strstr(str_c(&arena, failed->cause), "signature") == NULL) {
            fail_msg("exp %s: %.*s", bad[i][0], STR_ARGS(failed->cause));
        }
    }
    refused(sign(HEAD, "{\"id\":7,\"sid\":12,\"iss\":\"quire\",\"aud\":\"quire\"}"), "exp is missing");
    refused(sign(HEAD, "{" CLAIMS ",\"nbf\":1501}"), "nbf");
    refused(sign(HEAD, "{" CLAIMS ",\"nbf\":\"0\"}"), "nbf");
    refused(sign(HEAD, "{" CLAIMS ",\"nbf\":null}"), "nbf");
    refused(sign(HEAD, "{" CLAIMS ",\"iat\":1561}"), "iat");
    refused(sign(HEAD, "{" CLAIMS ",\"iat\":\"1000\"}"), "iat");
}

static void claims_of_wrong_type(void **state)
{
    (void)state;
    static const char *const bad[][2] = {
        {"\"id\":null", "id is"},       {"\"id\":\"7\"", "id is"},        {"\"id\":7.0", "id is"},
        {"\"id\":0", "id is"},          {"\"id\":-7", "id is"},           {"\"id\":true", "id is"},
        {"\"id\":{\"a\":1}", "id is"},  {"\"id\":\"1 OR 1=1\"", "id is"}, {"\"id\":8", "sub is"},
        {"\"sub\":7", "sub is"},        {"\"sub\":\"8\"", "sub is"},      {"\"sub\":\"07\"", "sub is"},
        {"\"sub\":null", "sub is"},     {"\"sid\":null", "sid is"},       {"\"sid\":\"12\"", "sid is"},
        {"\"sid\":0", "sid is"},        {"\"iss\":\"other\"", "iss"},     {"\"iss\":\"Quire\"", "iss"},
        {"\"iss\":null", "iss"},        {"\"iss\":[\"quire\"]", "iss"},   {"\"iss\":\"\"", "iss"},
        {"\"aud\":\"other\"", "aud"},   {"\"aud\":null", "aud"},          {"\"aud\":[]", "aud"},
        {"\"aud\":[\"other\"]", "aud"}, {"\"aud\":[\"quire\",1]", "aud"}, {"\"aud\":{\"quire\":1}", "aud"},
        {"\"aud\":\"quire \"", "aud"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        str claims = str_format(&arena, "{" CLAIMS ",%s}", bad[i][0]); /* of duplicates the last counts */
        refused(sign(HEAD, claims.p), bad[i][1]);
    }
    refused(
        sign(HEAD, "{\"id\":9999999999999999999,\"sid\":1,\"exp\":2000,\"iss\":\"quire\",\"aud\":\"quire\"}"),
        "token: ");
    refused(sign(HEAD, "{\"sid\":12,\"exp\":2000,\"iss\":\"quire\",\"aud\":\"quire\"}"), "id is missing");
    refused(sign(HEAD, "{\"id\":7,\"exp\":2000,\"iss\":\"quire\",\"aud\":\"quire\"}"), "sid is missing");
    refused(sign(HEAD, "{\"id\":7,\"sid\":12,\"exp\":2000,\"aud\":\"quire\"}"), "iss is missing");
    refused(sign(HEAD, "{\"id\":7,\"sid\":12,\"exp\":2000,\"iss\":\"quire\"}"), "aud is missing");
    refused(sign(HEAD, "[1,2]"), "token: ");
    refused(sign(HEAD, "not json"), "token: ");
    refused(sign(HEAD, "7"), "token: ");
    refused(sign(HEAD, "{}"), "exp is missing");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(our_own_token),
        TEST(what_a_token_says),
        TEST(a_token_of_another_program),
        TEST(altered_in_every_character),
        TEST(shapes),
        TEST(four_kibibytes),
        TEST(algorithms),
        TEST(heads),
        TEST(keys),
        TEST(a_ring),
        TEST(other_spellings),
        TEST(times),
        TEST(claims_of_wrong_type),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

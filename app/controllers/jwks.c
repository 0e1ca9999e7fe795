#include "controllers/jwks.h"

#include "controllers/health.h"
#include "http/document.h"
#include "io/jwt.h"

/* Of secrets there is nothing to show: the set is empty. */
static err show(struct call *c)
{
    const struct jwt_ring *ring = c->token_key;
    struct buf text;
    buf_init(&text, c->arena, 1024, REPLY_MAX_BYTES);
    buf_lit(&text, "{\"keys\":[");
    for (unsigned i = 0; i < ring->count && ring->keys[i].jwk.n > 0; i++) {
        buf_c(&text, i > 0 ? "," : "");
        buf_str(&text, ring->keys[i].jwk);
    }
    buf_lit(&text, "]}");
    const struct document set = document_of(c->arena, buf_view(&text));
    return document_show(c, &set);
}

#define COMMON                                                                                  \
    TEXT("alg", .doc = "the algorithm that it checks", .example = "ES256"),                     \
        TEXT("kid", .doc = "its name: tokens that it checks have it in their head (RFC 7638)"), \
        TEXT("use", .doc = "what it is for: `sig`, signatures", .example = "sig"),              \
        TEXT("kty", .doc = "the kind of key", .example = "EC")

static const struct field ec_fields[] = {COMMON, TEXT("crv", .doc = "the curve: `P-256`", .example = "P-256"),
                                         TEXT("x", .doc = "of the point on it, in base64url"),
                                         TEXT("y", .doc = "of the point on it, in base64url")};
static const struct field rsa_fields[] = {COMMON, TEXT("n", .doc = "the modulus, in base64url"),
                                          TEXT("e", .doc = "the exponent, in base64url", .example = "AQAB")};
static const struct resource ec_key = {.name = "key", FIELDS(ec_fields), .doc = "A key of ES256"};
static const struct resource rsa_key = {.name = "key", FIELDS(rsa_fields), .doc = "A key of RS256"};
static const unsigned char ec_members[] = {0, 1, 2, 3, 4, 5, 6};
static const unsigned char rsa_members[] = {0, 1, 2, 3, 4, 5};
static const struct shape ec_shape = SHAPE("JwkEc", &ec_key, ec_members);
static const struct shape rsa_shape = SHAPE("JwkRsa", &rsa_key, rsa_members);

static const struct field ec_set_fields[] = {MANY(
    "keys", .to = &ec_key, .show = &ec_shape, .max = JWT_MAX_KEYS, .doc = "the keys; the first one signs")};
static const struct field rsa_set_fields[] = {MANY(
    "keys", .to = &rsa_key, .show = &rsa_shape, .max = JWT_MAX_KEYS, .doc = "the keys; the first one signs")};
static const struct resource ec_set = {
    .name = "key set", FIELDS(ec_set_fields), .doc = "The keys of ES256, or none"};
static const struct resource rsa_set = {
    .name = "key set", FIELDS(rsa_set_fields), .doc = "The keys of RS256, or none"};
static const unsigned char set_members[] = {0};
static const struct shape ec_set_shape = SHAPE("JwkSetEc", &ec_set, set_members);
static const struct shape rsa_set_shape = SHAPE("JwkSetRsa", &rsa_set, set_members);

const struct route jwks_routes[] = {
    {METHOD_GET, "/.well-known/jwks.json", show, ACCESS_OPEN, .no_database = true,
     .shows = {&ec_set_shape, &rsa_set_shape}, .summary = "The public keys of access tokens",
     .doc = "With RS256 and ES256 anybody can check a token by them; with HS256, HS384 and HS512 the set is "
            "empty, "
            "for those keys are secrets. That a session still lives, only this service knows.",
     .operation = "getKeys", .group = &service_group, .tagged = true,
     .caching = CACHING_MINUTES}, /* an operator waits as long before a new key signs */
    ROUTES_END,
};

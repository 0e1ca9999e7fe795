#include "io/jwt.h"

#include <inttypes.h>
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <jwt.h>

#include "base/arena.h"
#include "base/base64.h"
#include "base/json_in.h"
#include "base/rand.h"
#include "io/digest.h"
#include "io/jwt_seen.h"
#include "io/keyfile.h"

enum { SECRET_BYTES = 32, KID_BYTES = 8, JTI_BYTES = 16 };

_Static_assert(LONG_MAX >= INT64_MAX, "libjwt's integer claims are longs");

static const struct json_limits token_limits = {.depth = 8, .values = 256};

struct algorithm {
    str name;
    jwt_alg_t alg;
    bool by_secret;
};

static const struct algorithm *algorithm_of(str name)
{
    static const struct algorithm known[] = {
        {STR_INIT("HS256"), JWT_ALG_HS256, true},  {STR_INIT("HS384"), JWT_ALG_HS384, true},
        {STR_INIT("HS512"), JWT_ALG_HS512, true},  {STR_INIT("RS256"), JWT_ALG_RS256, false},
        {STR_INIT("ES256"), JWT_ALG_ES256, false},
    };
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        if (str_eq(name, known[i].name)) {
            return &known[i];
        }
    }
    return NULL;
}

/* What is asked of every ring before it gets a key: a secret must never check what a public key could have signed. */
static err check_ring(struct arena *a, const struct jwt_ring *ring, bool by_secret)
{
    const struct algorithm *algorithm = algorithm_of(ring->algorithm);
    if (algorithm == NULL || algorithm->by_secret != by_secret) {
        return error_cause(a, ERROR_INTERNAL, "tokens cannot be signed by \"%.*s\" with that kind of key",
                           STR_ARGS(ring->algorithm));
    }
    if (ring->issuer.n == 0 || ring->audience.n == 0) {
        return error_cause(a, ERROR_INTERNAL, "tokens need an issuer and an audience");
    }
    return ring->count < JWT_MAX_KEYS
               ? NULL
               : error_cause(a, ERROR_INTERNAL, "there are more than %d keys for tokens", (int)JWT_MAX_KEYS);
}

err jwt_add_secret(struct arena *a, struct jwt_ring *ring, str secret)
{
    TRY(check_ring(a, ring, true));
    if (secret.n < SECRET_BYTES || secret.n > INT_MAX) {
        return error_cause(a, ERROR_INTERNAL, "the secret for tokens has %zu bytes, not at least %d",
                           secret.n, (int)SECRET_BYTES);
    }
    unsigned char sum[DIGEST_BYTES];
    digest_sha256(secret, sum);
    ring->keys[ring->count++] =
        (struct jwt_key){.kid = digest_hex(a, sum, KID_BYTES), .signing = secret, .checking = secret};
    return NULL;
}

/* The key of that name, or NULL. */
static const struct jwt_key *find_key(const struct jwt_ring *ring, str kid)
{
    for (unsigned i = 0; i < ring->count; i++) {
        if (str_eq(kid, ring->keys[i].kid)) {
            return &ring->keys[i];
        }
    }
    return NULL;
}

err jwt_add_keyfile(struct arena *a, struct jwt_ring *ring, const struct keyfile *key)
{
    if (find_key(ring, key->kid) != NULL) {
        return NULL;
    }
    TRY(check_ring(a, ring, false));
    if (ring->count == 0 && key->private_pem.n == 0) {
        return error_cause(a, ERROR_INTERNAL, "the first key for tokens is no private one");
    }
    ring->keys[ring->count++] = (struct jwt_key){
        .kid = key->kid, .signing = key->private_pem, .checking = key->public_pem, .jwk = key->jwk};
    return NULL;
}

static void free_jwt(void *jwt)
{
    jwt_free(jwt);
}

static const unsigned char *bytes_of(str key)
{
    return (const unsigned char *)key.p;
}

/* -- signing -- */

static bool add_claims(struct arena *a, jwt_t *jwt, const struct jwt_ring *ring,
                       const struct jwt_claims *claims)
{
    unsigned char jti[JTI_BYTES];
    rand_bytes(jti, sizeof jti);
    str sub = str_format(a, "%" PRId64, claims->user_id);
    return jwt_add_header(jwt, "kid", str_c(a, ring->keys[0].kid)) == 0 &&
           jwt_add_grant_int(jwt, "id", claims->user_id) == 0 && jwt_add_grant(jwt, "sub", sub.p) == 0 &&
           jwt_add_grant_int(jwt, "sid", claims->session_id) == 0 &&
           jwt_add_grant_int(jwt, "iat", claims->issued) == 0 &&
           jwt_add_grant_int(jwt, "exp", claims->expires) == 0 &&
           jwt_add_grant(jwt, "iss", str_c(a, ring->issuer)) == 0 &&
           jwt_add_grant(jwt, "aud", str_c(a, ring->audience)) == 0 &&
           jwt_add_grant(jwt, "jti", digest_hex(a, jti, sizeof jti).p) == 0;
}

err jwt_sign(struct arena *a, const struct jwt_ring *ring, const struct jwt_claims *claims, str *token)
{
    str signing = ring->keys[0].signing;
    jwt_t *jwt = NULL;
    if (jwt_new(&jwt) != 0) {
        return error_cause(a, ERROR_INTERNAL, "libjwt: no memory for a token");
    }
    arena_defer(a, free_jwt, jwt);
    if (jwt_set_alg(jwt, algorithm_of(ring->algorithm)->alg, bytes_of(signing), (int)signing.n) != 0 ||
        !add_claims(a, jwt, ring, claims)) {
        return error_cause(a, ERROR_INTERNAL, "libjwt: a claim or the key was not taken");
    }
    char *text = jwt_encode_str(jwt);
    arena_defer(a, free, text);
    if (text == NULL) {
        return error_cause(a, ERROR_INTERNAL, "libjwt: the token could not be written");
    }
    *token = str_of(text);
    return NULL;
}

/* -- checking -- */

static err refuse(struct arena *a, const char *why)
{
    return error_cause(a, ERROR_INVALID_TOKEN, "token: %s", why);
}

/* Cuts a token into its three parts; false when it has not exactly three good ones. */
static bool cut(str token, str parts[3])
{
    size_t first = str_find(token, '.', 0);
    size_t second = str_find(token, '.', first + 1);
    parts[0] = str_slice(token, 0, first);
    parts[1] = str_slice(token, first + 1, second);
    parts[2] = str_slice(token, second + 1, token.n);
    return token.n <= JWT_MAX_BYTES && base64_is(parts[0]) && base64_is(parts[1]) && base64_is(parts[2]) &&
           parts[0].n > 0 && parts[1].n > 0 && parts[2].n > 0;
}

/* The JSON object in a part, or NULL. */
static const struct json *read_object(struct arena *a, str part)
{
    struct json *object = NULL;
    struct json_failure why;
    str text;
    return base64_read(a, part, &text) && json_read(a, text, &token_limits, &object, &why) == JSON_READ_OK &&
                   object->type == JSON_OBJECT
               ? object
               : NULL;
}

static bool is_text(const struct json *value, str expected)
{
    return value != NULL && value->type == JSON_STRING && str_eq(value->text, expected);
}

/* The key that the head names. */
static err check_head(struct arena *a, const struct jwt_ring *ring, const struct json *head,
                      const struct jwt_key **key)
{
    if (head == NULL) {
        return refuse(a, "the head is no JSON object");
    }
    if (!is_text(json_member(head, STR("alg")), ring->algorithm)) {
        return refuse(a, "alg is not the configured algorithm");
    }
    if (json_member(head, STR("crit")) != NULL) {
        return refuse(a, "crit names extensions, and none is understood");
    }
    const struct json *kid = json_member(head, STR("kid"));
    *key = kid == NULL ? &ring->keys[0] : kid->type == JSON_STRING ? find_key(ring, kid->text) : NULL;
    return *key != NULL ? NULL : refuse(a, "kid names another key");
}

static err check_signature(struct arena *a, const struct jwt_ring *ring, const struct jwt_key *key, str token)
{
    jwt_t *jwt = NULL;
    int failed = jwt_decode(&jwt, str_c(a, token), bytes_of(key->checking), (int)key->checking.n);
    arena_defer(a, free_jwt, jwt);
    if (failed != 0) {
        return refuse(a, "the signature is not ours");
    }
    /* The library read the head for itself: it must have seen the same algorithm as check_head(). Otherwise a public
     * key could have been taken for a secret. */
    return jwt_get_alg(jwt) == algorithm_of(ring->algorithm)->alg ? NULL : refuse(a, "alg is ambiguous");
}

static bool read_id(const struct json *value, int64_t *out)
{
    uint64_t id = 0;
    if (value == NULL || value->type != JSON_INT || !str_to_uint(value->text, &id) || id == 0) {
        return false;
    }
    *out = (int64_t)id;
    return true;
}

/* A NumericDate (RFC 7519, section 2): seconds, fractions allowed and cut off.
 */
static bool read_seconds(struct arena *a, const struct json *value, int64_t *out)
{
    enum { FARTHEST = 1 << 30 };
    if (value == NULL || (value->type != JSON_INT && value->type != JSON_FLOAT)) {
        return false;
    }
    double seconds = strtod(str_c(a, value->text), NULL);
    if (!(fabs(seconds) < (double)FARTHEST * 1024)) { /* false for NaN */
        return false;
    }
    *out = (int64_t)floor(seconds);
    return true;
}

static err check_times(struct arena *a, const struct json *body, int64_t now, struct jwt_claims *out)
{
    if (!read_seconds(a, json_member(body, STR("exp")), &out->expires)) {
        return refuse(a, "exp is missing or no time");
    }
    if (now >= out->expires) {
        return refuse(a, "it has expired");
    }
    const struct json *nbf = json_member(body, STR("nbf"));
    int64_t from = now;
    if (nbf != NULL && (!read_seconds(a, nbf, &from) || from > now)) {
        return refuse(a, "nbf is no time, or not reached yet");
    }
    const struct json *iat = json_member(body, STR("iat"));
    if (iat != NULL && (!read_seconds(a, iat, &out->issued) || out->issued > now + JWT_SKEW)) {
        return refuse(a, "iat is no time, or not reached yet");
    }
    return NULL;
}

/* One audience or a list of them (RFC 7519, section 4.1.3). */
static bool is_audience(const struct json *aud, str ours)
{
    if (aud == NULL || aud->type != JSON_ARRAY) {
        return is_text(aud, ours);
    }
    bool found = false;
    for (const struct json *item = aud->first; item != NULL; item = item->next) {
        if (item->type != JSON_STRING) {
            return false;
        }
        found = found || is_text(item, ours);
    }
    return found;
}

static err check_claims(struct arena *a, const struct jwt_ring *ring, const struct json *body, int64_t now,
                        struct jwt_claims *out)
{
    if (body == NULL) {
        return refuse(a, "the claims are no JSON object");
    }
    TRY(check_times(a, body, now, out));
    if (!is_text(json_member(body, STR("iss")), ring->issuer)) {
        return refuse(a, "iss is missing or another");
    }
    if (!is_audience(json_member(body, STR("aud")), ring->audience)) {
        return refuse(a, "aud is missing or another");
    }
    const struct json *id = json_member(body, STR("id"));
    if (!read_id(id, &out->user_id)) {
        return refuse(a, "id is missing or no positive integer");
    }
    const struct json *sub = json_member(body, STR("sub"));
    if (sub != NULL && !is_text(sub, id->text)) {
        return refuse(a, "sub is not the text of id");
    }
    if (!read_id(json_member(body, STR("sid")), &out->session_id)) {
        return refuse(a, "sid is missing or no positive integer");
    }
    return NULL;
}

err jwt_verify(struct arena *a, const struct jwt_ring *ring, str token, int64_t now,
               struct jwt_claims *claims)
{
    str parts[3];
    const struct jwt_key *key = NULL;
    if (ring->seen != NULL && jwt_seen_find(ring->seen, token, now, claims)) {
        return NULL;
    }
    if (!cut(token, parts)) {
        return refuse(a, "it has not three parts of base64url in at most 4 KiB");
    }
    TRY(check_head(a, ring, read_object(a, parts[0]), &key));
    TRY(check_signature(a, ring, key, token));
    struct jwt_claims found = {.issued = 0};
    TRY(check_claims(a, ring, read_object(a, parts[1]), now, &found));
    *claims = found;
    if (ring->seen != NULL) {
        jwt_seen_keep(ring->seen, token, now, claims);
    }
    return NULL;
}

/*
 * jwt: the door to libjwt: access tokens signed and checked (RFC 7519, RFC 7515, RFC 8725).
 *
 * libjwt 1.10 checks the signature and nothing else, takes the algorithm from the token and trips over "..".
 * So the token's shape and head (alg, kid, crit) are checked here before the library sees it, and the claims
 * afterwards. The caller asks only whether the session behind it lives.
 *
 * A ring holds up to JWT_MAX_KEYS keys of one algorithm; the first one signs, all are believed, so that keys can be
 * changed while tokens of the old one live. A token's kid names the key that checks it; without a kid it is the first.
 * A head chooses nothing else: neither the algorithm, nor a key of its own (jwk, jku, x5c and x5u are not looked at).
 *
 * A token is good when it has three base64url parts in at most JWT_MAX_BYTES; its head names the ring's
 * algorithm exactly, the kid of one of its keys or none, and no crit; the signature is that key's; `id` and `sid` are
 * positive integers, `sub`, when there is one, is the text of `id`; `exp` is a number after now; `nbf` and
 * `iat`, when there, are numbers not after now (iat: + JWT_SKEW seconds, since clocks differ); `iss` is the
 * ring's and `aud` is or contains it. There is no leeway on exp. Of a claim given twice the last counts. A jti is not
 * looked at: whether a token was revoked is the session's business.
 *
 *     struct jwt_ring ring = {.algorithm = STR("HS256"), .issuer = STR("quire"), .audience = STR("quire")};
 *     TRY(jwt_add_secret(a, &ring, secret));
 *     struct jwt_claims claims = {.user_id = 7, .session_id = 12, .issued = now, .expires = now + 1800};
 *     TRY(jwt_sign(a, &ring, &claims, &token));
 *     TRY(jwt_verify(a, &ring, token, now, &claims));      // ERROR_INVALID_TOKEN, with a cause for the log
 */
#ifndef QUIRE_IO_JWT_H
#define QUIRE_IO_JWT_H

#include "base/err.h"

struct arena;
struct jwt_seen;
struct keyfile;

enum { JWT_MAX_BYTES = 4096, JWT_SKEW = 60, JWT_MAX_KEYS = 8 };

struct jwt_key {
    str kid;      /* names the key in the head of a token */
    str signing;  /* the secret, or the private key as PEM; empty: tokens of this key are checked only */
    str checking; /* the secret, or the public key as PEM */
    str jwk;      /* the public key as a JSON object (RFC 7517); empty for a secret */
};

struct jwt_ring {
    str algorithm; /* HS256, HS384, HS512, RS256 or ES256: the only one accepted */
    str issuer;
    str audience;
    struct jwt_key keys[JWT_MAX_KEYS];
    unsigned count;
    struct jwt_seen *seen; /* the tokens that were good a moment ago (io/jwt_seen), or NULL */
};

struct jwt_claims {
    int64_t user_id;    /* "id", and "sub" as text */
    int64_t session_id; /* "sid" */
    int64_t issued;     /* "iat", seconds since the epoch; 0 when a foreign token had none */
    int64_t expires;    /* "exp", seconds since the epoch */
};

/* Adds a secret of at least 32 bytes to a ring of HS256, HS384 or HS512; its kid is the first 8 bytes of its SHA-256 in
 * hexadecimal, made in the arena. ERROR_INTERNAL for a shorter secret, another algorithm, a full ring, one without
 * issuer or audience. */
MUST_USE err jwt_add_secret(struct arena *a, struct jwt_ring *ring, str secret);
/* Adds a key that was read for the ring's algorithm, RS256 or ES256; nothing when its kid is there already. The first
 * one must be a private one. ERROR_INTERNAL as above. */
MUST_USE err jwt_add_keyfile(struct arena *a, struct jwt_ring *ring, const struct keyfile *key);
/* A signed token with a fresh jti. ERROR_INTERNAL when the library has no memory. */
MUST_USE err jwt_sign(struct arena *a, const struct jwt_ring *ring, const struct jwt_claims *claims,
                      str *token);
/* Whether token was signed with a key of the ring and holds at `now` (seconds). ERROR_INVALID_TOKEN otherwise. */
MUST_USE err jwt_verify(struct arena *a, const struct jwt_ring *ring, str token, int64_t now,
                        struct jwt_claims *claims);

#endif

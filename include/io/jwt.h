/*
 * jwt: the door to libjwt: access tokens signed and checked (RFC 7519, RFC 7515, RFC 8725).
 *
 * libjwt 1.10 checks the signature and nothing else, takes the algorithm from the token and trips over "..".
 * So the token's shape and head (alg, kid, crit) are checked here before the library sees it, and the claims
 * afterwards. The caller asks only whether the session behind it lives.
 *
 * A token is good when it has three base64url parts in at most JWT_MAX_BYTES; its head names the key's
 * algorithm exactly, the key's kid or none, and no crit; the signature is the key's; `id` and `sid` are
 * positive integers, `sub`, when there is one, is the text of `id`; `exp` is a number after now; `nbf` and
 * `iat`, when there, are numbers not after now (iat: + JWT_SKEW seconds, since clocks differ); `iss` is the
 * key's and `aud` is or contains it. There is no leeway on exp. A jti is not looked at: whether a token was
 * revoked is the session's business.
 *
 *     struct jwt_claims claims = {.user_id = 7, .session_id = 12, .issued = now, .expires = now + 1800};
 *     TRY(jwt_sign(a, &key, &claims, &token));
 *     TRY(jwt_verify(a, &key, token, now, &claims));      // ERROR_INVALID_TOKEN, with a cause for the log
 */
#ifndef QUIRE_IO_JWT_H
#define QUIRE_IO_JWT_H

#include "base/err.h"

struct arena;

enum { JWT_MAX_BYTES = 4096, JWT_SKEW = 60 };

struct jwt_key {
    str secret;    /* at least 32 bytes */
    str algorithm; /* HS256, HS384 or HS512: the only one accepted */
    str kid;       /* names the key in the head of a token */
    str issuer;
    str audience;
};

struct jwt_claims {
    int64_t user_id;    /* "id", and "sub" as text */
    int64_t session_id; /* "sid" */
    int64_t issued;     /* "iat", seconds since the epoch; 0 when a foreign token had none */
    int64_t expires;    /* "exp", seconds since the epoch */
};

/* Fills key->kid with the first 8 bytes of the SHA-256 of the secret in hexadecimal, made in the arena.
 * ERROR_INTERNAL for a secret under 32 bytes, an algorithm that is none of the three, no issuer or no
 * audience. */
MUST_USE err jwt_key_init(struct arena *a, struct jwt_key *key);
/* A signed token with a fresh jti. ERROR_INTERNAL when the library has no memory. */
MUST_USE err jwt_sign(struct arena *a, const struct jwt_key *key, const struct jwt_claims *claims,
                      str *token);
/* Whether token was signed with the key and holds at `now` (seconds). ERROR_INVALID_TOKEN otherwise. */
MUST_USE err jwt_verify(struct arena *a, const struct jwt_key *key, str token, int64_t now,
                        struct jwt_claims *claims);

#endif

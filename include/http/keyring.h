/*
 * keyring: the keys of a running program, made of its settings once: those of access tokens, and those that seal
 * cursors and hide idempotency keys. With SECRET_KEY or SECRET_KEYS alone (HS256, HS384, HS512) both are made of the
 * same secrets; with key files (RS256, ES256) the secrets seal only.
 *
 * The first of each signs and seals, the others are believed. So a key is changed in two steps, each followed by a
 * reload: first the new one is added behind, so that every worker believes it; then it is put in front.
 *
 *     struct keyring keys;
 *     TRY(keyring_open(life, &settings, &keys));
 *     TRY(jwt_verify(a, &keys.tokens, token, now, &claims));
 */
#ifndef QUIRE_HTTP_KEYRING_H
#define QUIRE_HTTP_KEYRING_H

#include "io/cipher.h"
#include "io/digest.h"
#include "io/jwt.h"

struct settings;

struct keyring {
    struct jwt_ring tokens;
    struct digest_key *seals;     /* and, by digest_key_before(), the older ones */
    const struct cipher *cursors; /* made of them */
};

/* The keys of the settings, living as long as the arena. ERROR_INVALID for a key file that has changed for the worse
 * since the settings were checked. */
MUST_USE err keyring_open(struct arena *life, const struct settings *s, struct keyring *out);
/* Says in the log when others than its owner can read the private key's file, and when a secret key is a placeholder or
 * can be guessed. */
void keyring_warn(struct arena *a, const struct settings *s);

#endif

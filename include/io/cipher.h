/*
 * cipher: bytes that only we can read and change, by libcrypto: deterministic authenticated encryption.
 *
 * What is sealed is 16 bytes, an HMAC-SHA256 of what it is bound to and of the plain bytes, and then these, by AES-256
 * in counter mode, which begins to count at those 16 bytes: SIV, the synthetic IV of Rogaway and Shrimpton (2006), the
 * form of RFC 5297, with HMAC in the place of its S2V. Why not a nonce by chance, as GCM has it: under one key no more
 * than 2^32 of those are allowed (NIST SP 800-38D, section 8.3), which is days of lists; and one that comes twice gives
 * away the key of the authentication. Here the same bytes sealed twice are the same, which is all that anybody learns.
 * Where that is too much, put something random among them.
 *
 * The two keys are made of a key of the ring, by HMACs of labels of their own (RFC 5869 expands so).
 *
 *     const struct cipher *c = cipher_new(life, keys, STR("cursor"));
 *     str sealed = cipher_seal(c, a, STR("what it is for"), plain);
 *     if (!cipher_open(c, a, STR("what it is for"), sealed, &plain)) ... // none of ours, or for something else
 */
#ifndef QUIRE_IO_CIPHER_H
#define QUIRE_IO_CIPHER_H

#include <stdbool.h>

#include "base/str.h"

struct arena;
struct cipher;
struct digest_key;

enum { CIPHER_EXTRA = 16 }; /* by how many bytes what is sealed is longer */

/* Seals with the key, and opens what that or one used before it has sealed, for a purpose. It lives as long as the
 * arena. */
const struct cipher *cipher_new(struct arena *life, const struct digest_key *key, str purpose);
/* The plain bytes sealed, in the arena; whoever opens them must say what they are bound to. */
str cipher_seal(const struct cipher *c, struct arena *a, str bound, str plain);
/* The plain bytes again, in the arena. False for what none of the keys has sealed, or not for this. */
bool cipher_open(const struct cipher *c, struct arena *a, str bound, str sealed, str *plain);

#endif

/*
 * digest: the door to libcrypto: SHA-256 (FIPS 180-4), at once or as the bytes come, and a comparison that tells
 * nothing by its time.
 *
 *     unsigned char sum[DIGEST_BYTES];
 *     digest_sha256(text, sum);
 *     str hex = digest_hex(a, sum, sizeof sum);         // 64 lower-case digits
 *     if (!digest_equal(stored, given)) ...
 *     struct digest *d = digest_begin(a);
 *     while (next(&piece)) digest_add(d, piece);
 *     digest_end(d, sum);                               // and begins anew
 */
#ifndef QUIRE_IO_DIGEST_H
#define QUIRE_IO_DIGEST_H

#include <stdbool.h>

#include "base/str.h"

struct arena;
struct digest;

enum { DIGEST_BYTES = 32 };

/* The SHA-256 of s. */
void digest_sha256(str s, unsigned char out[DIGEST_BYTES]);
/* A key for digest_hmac(), prepared once: setting it up takes several times as long as using it. It lives as long as
 * the arena. */
struct digest_key;
struct digest_key *digest_key_new(struct arena *life, str secret);
/* Keys that were used before this one, the nearest first: what they have sealed is still believed. */
void digest_key_follow(struct digest_key *key, const struct digest_key *before);
/* The key used before this one, or NULL. */
const struct digest_key *digest_key_before(const struct digest_key *key);
/* The SHA-256 of what will be added; it lives as long as what is in the arena. */
struct digest *digest_begin(struct arena *a);
void digest_add(struct digest *d, str s);
/* The SHA-256 of all that was added since it began; it begins again with nothing. */
void digest_end(struct digest *d, unsigned char out[DIGEST_BYTES]);
/* The HMAC-SHA256 of s (RFC 2104). */
void digest_hmac(const struct digest_key *key, str s, unsigned char out[DIGEST_BYTES]);
/* n bytes as 2n hexadecimal digits in lower case, in the arena and followed by a NUL. */
str digest_hex(struct arena *a, const unsigned char *bytes, size_t n);
/* Byte for byte, in a time that depends on the lengths only. */
bool digest_equal(str a, str b);

#endif

/*
 * keyfile: a door to libcrypto: a key pair, or the public half of one, read from a PEM file (RFC 7468) for signing and
 * checking tokens; and what others know it by: its JSON Web Key (RFC 7517, RFC 7518 section 6) and thumbprint (RFC
 * 7638).
 *
 *     struct keyfile key;
 *     TRY(keyfile_read(a, "/etc/quire/jwt.pem", true, STR("ES256"), &key));
 *     log(key.kid);
 */
#ifndef QUIRE_IO_KEYFILE_H
#define QUIRE_IO_KEYFILE_H

#include <stdbool.h>

#include "base/err.h"

struct arena;

enum { KEYFILE_RSA_BITS = 2048 /* RFC 7518, section 3.3 */, KEYFILE_MAX_BYTES = 64 << 10 };

/* All in the arena. */
struct keyfile {
    str private_pem; /* empty for a public key */
    str public_pem;
    str kid; /* the thumbprint, in base64url */
    str jwk; /* {"kty":…,"use":"sig","alg":…,"kid":…,…}: the public half alone */
};

/* Reads the private (or public) key that signs (or checks) tokens of that algorithm: RS256 takes RSA of at least
 * KEYFILE_RSA_BITS bits, ES256 a key on the curve P-256. ERROR_INVALID with a detail that names the file and what is
 * wrong: it cannot be read, holds no such key, has a pass phrase, is of another kind, too short, or no point of its
 * curve. */
MUST_USE err keyfile_read(struct arena *a, const char *path, bool is_private, str algorithm,
                          struct keyfile *out);
/* Whether others than its owner can read or write that file; false when it cannot be looked at. */
bool keyfile_is_exposed(const char *path);

#endif

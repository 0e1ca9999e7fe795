/*
 * uuid: version 7 UUIDs (RFC 9562): 60 bits of time, in 4096ths of a millisecond, then randomness. Those of one process
 * sort by the order they were made in, those of several by their time, to a microsecond. 16 bytes in network order, as
 * the database keeps them.
 *
 *     unsigned char id[UUID_BYTES];
 *     uuid_v7(id);
 *     uuid_put(&out, id);                 // 01890a5d-ac96-774b-bcce-b302099a8057
 */
#ifndef QUIRE_BASE_UUID_H
#define QUIRE_BASE_UUID_H

#include <stdbool.h>

#include "base/str.h"

struct arena;
struct buf;

enum { UUID_BYTES = 16, UUID_TEXT = 36 };

/* A new identifier. */
void uuid_v7(unsigned char out[UUID_BYTES]);
/* The 36 characters, lower case. */
void uuid_put(struct buf *b, const unsigned char id[UUID_BYTES]);
/* Reads a UUID in any of the usual forms (hyphenated, 32 digits, {braced}, urn:uuid:), whatever the case. On
 * failure false, and *why, made in the arena, says what is wrong in the words of the contract. */
bool uuid_parse(struct arena *a, str s, unsigned char out[UUID_BYTES], str *why);

#endif

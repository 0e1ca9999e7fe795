/*
 * hash: a fast 64-bit hash of bytes, for tables and for telling versions apart. Not for secrets, and not against people
 * who look for collisions: io/digest is for those.
 *
 *     uint64_t h = hash64(STR("SELECT 1"));
 */
#ifndef QUIRE_BASE_HASH_H
#define QUIRE_BASE_HASH_H

#include <stdint.h>

#include "base/str.h"

uint64_t hash64(str s);

#endif

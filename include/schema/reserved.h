/*
 * reserved: the words that SQL keeps to itself, as `order` and `key`: without quotes they cannot be the name of
 * anything.
 *
 *     if (reserved_is(STR("order"))) …                        // whatever its case
 */
#ifndef QUIRE_SCHEMA_RESERVED_H
#define QUIRE_SCHEMA_RESERVED_H

#include <stdbool.h>

#include "base/str.h"

bool reserved_is(str name);

#endif

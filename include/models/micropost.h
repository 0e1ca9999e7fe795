/* micropost: a note of at most 140 characters. */
#ifndef QUIRE_MODELS_MICROPOST_H
#define QUIRE_MODELS_MICROPOST_H

#include "schema/registry.h"

enum micropost_field {
    MICROPOST_ID,
    MICROPOST_BODY,
    MICROPOST_TIMESTAMP,
    MICROPOST_USER_ID,
    MICROPOST_AUTHOR,
    MICROPOST_VERSION,
    MICROPOST__MAX
};

extern const struct resource micropost_resource;

#endif

/* profile: what a person tells of themself; one a person. */
#ifndef QUIRE_MODELS_PROFILE_H
#define QUIRE_MODELS_PROFILE_H

#include "schema/registry.h"

enum profile_field {
    PROFILE_USER_ID,
    PROFILE_AVATAR_URL,
    PROFILE_WEBSITE,
    PROFILE_BIO,
    PROFILE_CREATED_AT,
    PROFILE_UPDATED_AT,
    PROFILE_VERSION,
    PROFILE__MAX
};

extern const struct resource profile_resource;
extern const struct shape profile_whole;

#endif

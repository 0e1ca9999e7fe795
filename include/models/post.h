/* post: what people write. Unpublished, it is there for its owner and admins only. */
#ifndef QUIRE_MODELS_POST_H
#define QUIRE_MODELS_POST_H

#include "schema/registry.h"

enum post_field {
    POST_ID,
    POST_TITLE,
    POST_CONTENT,
    POST_PUBLISHED,
    POST_OWNER_ID,
    POST_OWNER,
    POST_VOTES,
    POST_SCORE,
    POST_CREATED_AT,
    POST_UPDATED_AT,
    POST__MAX
};

extern const struct resource post_resource;

#endif

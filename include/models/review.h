/* review: what one person thinks of one book, once. It outlives them, but not the book. */
#ifndef QUIRE_MODELS_REVIEW_H
#define QUIRE_MODELS_REVIEW_H

#include "schema/registry.h"

enum review_field {
    REVIEW_UID,
    REVIEW_RATING,
    REVIEW_TEXT,
    REVIEW_USER_UID,
    REVIEW_USER,
    REVIEW_BOOK_UID,
    REVIEW_CREATED_AT,
    REVIEW_UPDATED_AT,
    REVIEW_VERSION,
    REVIEW__MAX
};

extern const struct resource review_resource;
extern const struct shape review_whole;

#endif

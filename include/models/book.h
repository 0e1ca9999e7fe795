/* book: a book on somebody's shelf. It outlives them. */
#ifndef QUIRE_MODELS_BOOK_H
#define QUIRE_MODELS_BOOK_H

#include "schema/registry.h"

enum book_field {
    BOOK_UID,
    BOOK_TITLE,
    BOOK_AUTHOR,
    BOOK_PUBLISHER,
    BOOK_PUBLISHED_DATE,
    BOOK_PAGE_COUNT,
    BOOK_LANGUAGE,
    BOOK_USER_UID,
    BOOK_USER,
    BOOK_REVIEW_COUNT,
    BOOK_RATING_SUM,
    BOOK_AVERAGE_RATING,
    BOOK_CREATED_AT,
    BOOK_UPDATED_AT,
    BOOK_TAGS,
    BOOK_REVIEWS,
    BOOK_VERSION,
    BOOK__MAX
};

extern const struct resource book_resource;
extern const struct shape book_whole;    /* in lists */
extern const struct shape book_detailed; /* one by itself: with its tags and newest reviews */

#endif

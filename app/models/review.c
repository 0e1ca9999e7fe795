#include "models/review.h"

#include "models/book.h"
#include "models/user.h"

static const struct field review_fields[REVIEW__MAX] = {
    [REVIEW_UID] = UUID("uid", .flags = KEY | GENERATED | READ_ONLY, .doc = "the review's key"),
    [REVIEW_RATING] = INT("rating", .bounded = true, .min = 1, .max = 5, .flags = REQUIRED,
                          .doc = "how good the book is: 1 the worst, 5 the best"),
    [REVIEW_TEXT] = TEXT("review_text", .min = 1, .max = 5000, .flags = REQUIRED | SEARCH,
                         .doc = "what the person thinks of the book", .example = "Far ahead of its time."),
    [REVIEW_USER_UID] = REF("user_uid", .to = &user_resource, .of = USER_UID, .on_delete = SET_NULL,
                            .flags = NULLABLE | READ_ONLY | FILTER,
                            .doc = "the uid of who wrote it; null when their account has been deleted"),
    [REVIEW_USER] = ONE("user", .key = REVIEW_USER_UID, .to = &user_resource, .show = &user_card,
                        .doc = "who wrote it; null when their account has been deleted"),
    [REVIEW_BOOK_UID] = REF("book_uid", .to = &book_resource, .on_delete = CASCADE,
                            .flags = READ_ONLY | FILTER, .doc = "the uid of the book"),
    [REVIEW_CREATED_AT] = TIME("created_at", .initial = AT_CREATION, .flags = READ_ONLY | FILTER | SORT,
                               .doc = "when the review was written"),
    [REVIEW_UPDATED_AT] = TIME("updated_at", .initial = AT_CREATION, .flags = READ_ONLY | TOUCHED,
                               .doc = "when the review was last edited; at first, when it was written"),
    [REVIEW_VERSION] = VERSION("version"),
};

static const struct key review_keys[] = {
    PRIMARY(REVIEW_UID),    UNIQUE(REVIEW_USER_UID, REVIEW_BOOK_UID),  INDEX(REVIEW_USER_UID),
    INDEX(REVIEW_BOOK_UID), INDEX(REVIEW_BOOK_UID, REVIEW_CREATED_AT), INDEX(REVIEW_CREATED_AT),
    FULLTEXT(REVIEW_TEXT),
};

static const unsigned char whole[] = {REVIEW_UID,  REVIEW_RATING,   REVIEW_TEXT,       REVIEW_USER_UID,
                                      REVIEW_USER, REVIEW_BOOK_UID, REVIEW_CREATED_AT, REVIEW_UPDATED_AT};
const struct shape review_whole = SHAPE("Review", &review_resource, whole);

const struct resource review_resource = {
    .name = "review",
    .table = "reviews",
    FIELDS(review_fields),
    KEYS(review_keys),
    .shape = &review_whole,
    .doc = "What one person thinks of one book",
};

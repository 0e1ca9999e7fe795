#include "models/book.h"

#include "models/review.h"
#include "models/tag.h"
#include "models/user.h"

enum { REVIEWS_SHOWN = 20 };

static const struct field book_fields[BOOK__MAX] = {
    [BOOK_UID] = UUID("uid", .flags = KEY | GENERATED | READ_ONLY, .doc = "the book's key"),
    [BOOK_TITLE] = TEXT("title", .min = 1, .max = 200, .flags = REQUIRED | FILTER | SORT | SEARCH,
                        .doc = "what the book is called", .example = "Sketch of the Analytical Engine"),
    [BOOK_AUTHOR] = TEXT("author", .max = 200, .flags = NULLABLE | FILTER | SORT,
                         .doc = "who wrote the book; null when not known", .example = "Ada Lovelace"),
    [BOOK_PUBLISHER] = TEXT("publisher", .max = 200, .flags = NULLABLE,
                            .doc = "who published the book; null when not known", .example = "Taylor"),
    [BOOK_PUBLISHED_DATE] = DATE("published_date", .flags = NULLABLE | FILTER | SORT,
                                 .doc = "the day on which the book came out; null when not known"),
    [BOOK_PAGE_COUNT] =
        INT("page_count", .min = 1, .flags = NULLABLE, .doc = "how many pages it has; null when not known"),
    [BOOK_LANGUAGE] = TEXT("language", .max = 20, .flags = NULLABLE | FILTER,
                           .doc = "the language it is written in, by any name or code; null when not known",
                           .example = "en"),
    [BOOK_USER_UID] = REF("user_uid", .to = &user_resource, .of = USER_UID, .on_delete = SET_NULL,
                          .flags = NULLABLE | READ_ONLY | FILTER,
                          .doc = "the uid of whose shelf it is on; null when their account has been deleted"),
    [BOOK_USER] = ONE("user", .key = BOOK_USER_UID, .to = &user_resource, .show = &user_card,
                      .doc = "whose shelf it is on; null when their account has been deleted"),
    [BOOK_REVIEW_COUNT] = COUNT("review_count", .to = &review_resource, .key = REVIEW_BOOK_UID, .flags = SORT,
                                .doc = "how many reviews it has"),
    [BOOK_RATING_SUM] = SUM("rating_sum", .to = &review_resource, .key = REVIEW_BOOK_UID, .of = REVIEW_RATING,
                            .flags = HIDDEN),
    [BOOK_AVERAGE_RATING] =
        AVERAGE("average_rating", .of = BOOK_RATING_SUM, .key = BOOK_REVIEW_COUNT, .flags = NULLABLE | SORT,
                .doc = "the mean of all its ratings, 1 to 5; null without reviews"),
    [BOOK_CREATED_AT] = TIME("created_at", .alias = "date", .initial = AT_CREATION,
                             .flags = READ_ONLY | FILTER | SORT, .doc = "when the book was put on the shelf"),
    [BOOK_UPDATED_AT] = TIME("updated_at", .initial = AT_CREATION, .flags = READ_ONLY | TOUCHED | SORT,
                             .doc = "when its entry was last edited; at first, when it was made"),
    [BOOK_TAGS] = MANY("tags", .to = &tag_resource, .via = &book_tag_resource, .key = BOOK_TAG_BOOK_UID,
                       .far_key = BOOK_TAG_TAG_UID, .show = &tag_whole, .max = TAGS_SHOWN, .alias = "tag",
                       .of = TAG_NAME, .flags = ON_REQUEST | FILTER, .doc = "the tags on it"),
    [BOOK_REVIEWS] = MANY("reviews", .to = &review_resource, .key = REVIEW_BOOK_UID, .show = &review_whole,
                          .max = REVIEWS_SHOWN, .flags = ON_REQUEST | NEWEST_FIRST,
                          .doc = "its newest reviews, the newest first"),
    [BOOK_VERSION] = VERSION("version"),
};

static const struct key book_keys[] = {
    PRIMARY(BOOK_UID),
    INDEX(BOOK_USER_UID),
    INDEX(BOOK_TITLE),
    INDEX(BOOK_AUTHOR),
    INDEX(BOOK_LANGUAGE),
    INDEX(BOOK_PUBLISHED_DATE),
    INDEX(BOOK_REVIEW_COUNT),
    INDEX(BOOK_AVERAGE_RATING),
    INDEX(BOOK_CREATED_AT),
    INDEX(BOOK_UPDATED_AT),
    FULLTEXT(BOOK_TITLE, BOOK_AUTHOR, BOOK_PUBLISHER),
};

#define MEMBERS                                                                                             \
    BOOK_UID, BOOK_TITLE, BOOK_AUTHOR, BOOK_PUBLISHER, BOOK_PUBLISHED_DATE, BOOK_PAGE_COUNT, BOOK_LANGUAGE, \
        BOOK_USER_UID, BOOK_USER, BOOK_REVIEW_COUNT, BOOK_AVERAGE_RATING, BOOK_CREATED_AT, BOOK_UPDATED_AT

static const unsigned char whole[] = {MEMBERS};
const struct shape book_whole = SHAPE("Book", &book_resource, whole);

static const unsigned char detailed[] = {MEMBERS, BOOK_TAGS, BOOK_REVIEWS};
const struct shape book_detailed = SHAPE("BookDetail", &book_resource, detailed);

const struct resource book_resource = {
    .name = "book",
    .table = "books",
    FIELDS(book_fields),
    KEYS(book_keys),
    .shape = &book_whole,
    .doc = "A book on somebody's shelf",
};

#include "models/tag.h"

#include "models/book.h"
#include "models/post.h"

enum { NAME_MAX_CHARS = 50 };

static const struct field tag_fields[TAG__MAX] = {
    [TAG_UID] = UUID("uid", .flags = KEY | GENERATED | READ_ONLY, .doc = "the tag's key"),
    [TAG_NAME] = TEXT("name", .min = 1, .max = NAME_MAX_CHARS, .flags = REQUIRED | FILTER | SORT | SEARCH,
                      .doc = "the word itself; unique without regard to case", .example = "fiction"),
    [TAG_CREATED_AT] =
        TIME("created_at", .initial = AT_CREATION, .flags = READ_ONLY | SORT, .doc = "when the tag was made"),
    [TAG_NAME_FOLD] = FOLD("name_fold", .of = TAG_NAME, .max = 200, .flags = HIDDEN),
    [TAG_VERSION] = VERSION("version"),
};

static const struct key tag_keys[] = {
    PRIMARY(TAG_UID), UNIQUE(TAG_NAME_FOLD), INDEX(TAG_NAME), INDEX(TAG_CREATED_AT), FULLTEXT(TAG_NAME),
};

static const unsigned char whole[] = {TAG_UID, TAG_NAME, TAG_CREATED_AT};
const struct shape tag_whole = SHAPE("Tag", &tag_resource, whole);

const struct resource tag_resource = {
    .name = "tag",
    .table = "tags",
    FIELDS(tag_fields),
    KEYS(tag_keys),
    .shape = &tag_whole,
    .doc = "A word that things are found by",
};

static const struct field post_tag_fields[POST_TAG__MAX] = {
    [POST_TAG_POST_ID] = REF("post_id", .to = &post_resource, .on_delete = CASCADE, .flags = KEY | READ_ONLY),
    [POST_TAG_TAG_UID] = REF("tag_uid", .to = &tag_resource, .on_delete = CASCADE, .flags = KEY | READ_ONLY),
};

static const struct key post_tag_keys[] = {PRIMARY(POST_TAG_POST_ID, POST_TAG_TAG_UID),
                                           INDEX(POST_TAG_TAG_UID)};

static const unsigned char post_tag_whole_fields[] = {POST_TAG_POST_ID, POST_TAG_TAG_UID};
static const struct shape post_tag_whole = SHAPE("PostTag", &post_tag_resource, post_tag_whole_fields);

const struct resource post_tag_resource = {
    .name = "post_tag",
    .table = "post_tags",
    FIELDS(post_tag_fields),
    KEYS(post_tag_keys),
    .shape = &post_tag_whole,
    .doc = "A tag on a post",
};

static const struct field book_tag_fields[BOOK_TAG__MAX] = {
    [BOOK_TAG_BOOK_UID] =
        REF("book_uid", .to = &book_resource, .on_delete = CASCADE, .flags = KEY | READ_ONLY),
    [BOOK_TAG_TAG_UID] = REF("tag_uid", .to = &tag_resource, .on_delete = CASCADE, .flags = KEY | READ_ONLY),
};

static const struct key book_tag_keys[] = {PRIMARY(BOOK_TAG_BOOK_UID, BOOK_TAG_TAG_UID),
                                           INDEX(BOOK_TAG_TAG_UID)};

static const unsigned char book_tag_whole_fields[] = {BOOK_TAG_BOOK_UID, BOOK_TAG_TAG_UID};
static const struct shape book_tag_whole = SHAPE("BookTag", &book_tag_resource, book_tag_whole_fields);

const struct resource book_tag_resource = {
    .name = "book_tag",
    .table = "book_tags",
    FIELDS(book_tag_fields),
    KEYS(book_tag_keys),
    .shape = &book_tag_whole,
    .doc = "A tag on a book",
};

static const struct field tag_name_fields[TAG_NAME__MAX] = {
    [TAG_NAME_NAME] =
        TEXT("name", .min = 1, .max = NAME_MAX_CHARS, .flags = REQUIRED,
             .doc = "the word; without regard to case it is that of an existing tag, or a new one",
             .example = "fiction"),
};
static const struct resource tag_name_form = {
    .name = "TagName", FIELDS(tag_name_fields), .doc = "A tag by its name"};

static const struct field tag_links_fields[TAG_LINKS__MAX] = {
    [TAG_LINKS_TAGS] = LIST("tags", .to = &tag_name_form, .max = TAGS_AT_ONCE, .flags = REQUIRED,
                            .doc = "the tags to put on it; those that do not exist are made"),
};
const struct resource tag_links_form = {
    .name = "TagLinks", FIELDS(tag_links_fields), .doc = "Tags to put on something; missing ones are made"};

#include "models/micropost.h"

#include "models/user.h"

static const struct field micropost_fields[MICROPOST__MAX] = {
    [MICROPOST_ID] = ID("id", .doc = "the note's number"),
    [MICROPOST_BODY] = TEXT("body", .min = 1, .max = 140, .flags = REQUIRED | SEARCH,
                            .doc = "the note itself", .example = "Fog again."),
    [MICROPOST_TIMESTAMP] = TIME("timestamp", .initial = AT_CREATION, .flags = READ_ONLY | FILTER | SORT,
                                 .doc = "when the note was written"),
    [MICROPOST_USER_ID] = REF("user_id", .to = &user_resource, .on_delete = CASCADE,
                              .flags = READ_ONLY | FILTER, .doc = "the id of who wrote it"),
    [MICROPOST_AUTHOR] = ONE("author", .key = MICROPOST_USER_ID, .to = &user_resource, .show = &user_brief,
                             .doc = "who wrote it"),
    [MICROPOST_VERSION] = VERSION("version"),
};

static const struct key micropost_keys[] = {
    PRIMARY(MICROPOST_ID),
    INDEX(MICROPOST_USER_ID, MICROPOST_TIMESTAMP),
    INDEX(MICROPOST_TIMESTAMP),
    FULLTEXT(MICROPOST_BODY),
};

static const unsigned char whole[] = {MICROPOST_ID, MICROPOST_BODY, MICROPOST_TIMESTAMP, MICROPOST_USER_ID,
                                      MICROPOST_AUTHOR};
static const struct shape micropost_whole = SHAPE("Micropost", &micropost_resource, whole);

const struct resource micropost_resource = {
    .name = "micropost",
    .table = "microposts",
    FIELDS(micropost_fields),
    KEYS(micropost_keys),
    .shape = &micropost_whole,
    .doc = "A short note",
};

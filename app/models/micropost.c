#include "models/micropost.h"

#include "models/user.h"

static const struct field micropost_fields[MICROPOST__MAX] = {
    [MICROPOST_ID] = ID("id"),
    [MICROPOST_BODY] =
        TEXT("body", .min = 1, .max = 140, .flags = REQUIRED | SEARCH, .example = "Fog again."),
    [MICROPOST_TIMESTAMP] = TIME("timestamp", .initial = AT_CREATION, .flags = READ_ONLY | FILTER | SORT),
    [MICROPOST_USER_ID] =
        REF("user_id", .to = &user_resource, .on_delete = CASCADE, .flags = READ_ONLY | FILTER),
    [MICROPOST_AUTHOR] = ONE("author", .key = MICROPOST_USER_ID, .to = &user_resource, .show = &user_brief),
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

#include "models/profile.h"

#include "models/user.h"

static const struct field profile_fields[PROFILE__MAX] = {
    [PROFILE_USER_ID] = REF("user_id", .to = &user_resource, .on_delete = CASCADE, .flags = KEY | READ_ONLY,
                            .doc = "the id of whose profile it is"),
    [PROFILE_AVATAR_URL] = URL("avatar_url", .max = 500, .flags = NULLABLE | LOCAL,
                               .doc = "where a picture of the person is; after an upload a path of this "
                                      "site, or an address; null without one"),
    [PROFILE_WEBSITE] =
        URL("website", .max = 200, .flags = NULLABLE, .doc = "the person's own pages; null without any"),
    [PROFILE_BIO] =
        TEXT("bio", .max = 500, .flags = NULLABLE, .doc = "a few words about the person; null without any",
             .example = "Writes about engines."),
    [PROFILE_CREATED_AT] =
        TIME("created_at", .initial = AT_CREATION, .flags = READ_ONLY, .doc = "when the profile was made"),
    [PROFILE_UPDATED_AT] = TIME("updated_at", .initial = AT_CREATION, .flags = READ_ONLY | TOUCHED,
                                .doc = "when the profile was last edited; at first, when it was made"),
    [PROFILE_VERSION] = VERSION("version"),
};

static const struct key profile_keys[] = {PRIMARY(PROFILE_USER_ID)};

static const unsigned char whole[] = {PROFILE_USER_ID, PROFILE_AVATAR_URL, PROFILE_WEBSITE,
                                      PROFILE_BIO,     PROFILE_CREATED_AT, PROFILE_UPDATED_AT};
const struct shape profile_whole = SHAPE("Profile", &profile_resource, whole);

const struct resource profile_resource = {
    .name = "profile",
    .table = "profiles",
    FIELDS(profile_fields),
    KEYS(profile_keys),
    .shape = &profile_whole,
    .doc = "What a person tells of themself",
};

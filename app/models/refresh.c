#include "models/refresh.h"

#include "models/session.h"

enum { SHA256_BYTES = 32 };

static const struct field refresh_fields[REFRESH__MAX] = {
    [REFRESH_DIGEST] =
        BYTES("digest", .max = SHA256_BYTES, .flags = KEY | READ_ONLY | HIDDEN, .doc = "of the token"),
    [REFRESH_SESSION_ID] =
        REF("session_id", .to = &session_resource, .on_delete = CASCADE, .flags = READ_ONLY),
    [REFRESH_EXPIRES_AT] = TIME("expires_at", .flags = READ_ONLY),
    [REFRESH_USED_AT] = TIME("used_at", .flags = NULLABLE | READ_ONLY, .doc = "when it was first used"),
};

static const struct key refresh_keys[] = {PRIMARY(REFRESH_DIGEST), INDEX(REFRESH_SESSION_ID)};

static const unsigned char whole[] = {REFRESH_SESSION_ID, REFRESH_EXPIRES_AT, REFRESH_USED_AT};
static const struct shape refresh_whole = SHAPE("RefreshToken", &refresh_resource, whole);

const struct resource refresh_resource = {
    .name = "refresh_token",
    .table = "refresh_tokens",
    FIELDS(refresh_fields),
    KEYS(refresh_keys),
    .shape = &refresh_whole,
    .doc = "What renews a session",
};

static const enum value_kind found_kinds[REFRESH_FOUND__MAX] = {
    [REFRESH_FOUND_SESSION_ID] = VALUE_INT, [REFRESH_FOUND_USER_ID] = VALUE_INT};

const struct statement refresh_find = {
    .name = "refresh_find",
    .sql = STR_INIT("SELECT s.id, s.user_id FROM refresh_tokens t JOIN sessions s ON s.id = t.session_id "
                    "JOIN users u ON u.id = s.user_id WHERE t.digest = ? AND u.is_active = 1"),
    .values = 1,
    .columns = REFRESH_FOUND__MAX,
    .kinds = found_kinds,
};

static const enum value_kind held_kinds[REFRESH_HELD__MAX] = {
    [REFRESH_HELD_EXPIRES_AT] = VALUE_TIME,
    [REFRESH_HELD_USED_AT] = VALUE_TIME,
};

const struct statement refresh_hold = {
    .name = "refresh_hold",
    .sql = STR_INIT(
        "SELECT expires_at, used_at FROM refresh_tokens WHERE digest = ? AND session_id = ? FOR UPDATE"),
    .values = 2,
    .columns = REFRESH_HELD__MAX,
    .kinds = held_kinds,
    .locks = true,
};

#include "models/limit.h"

enum { MAC_BYTES = 32 };

static const struct field limit_fields[LIMIT__MAX] = {
    [LIMIT_ID] =
        BYTES("id", .max = MAC_BYTES, .flags = KEY | READ_ONLY, .doc = "of the limit and whom it counts"),
    [LIMIT_FREE_AT] = TIME("free_at", .flags = READ_ONLY, .doc = "when nothing of it is used any more"),
};

static const struct key limit_keys[] = {PRIMARY(LIMIT_ID), INDEX(LIMIT_FREE_AT)};

static const unsigned char limit_whole[] = {LIMIT_FREE_AT};
static const struct shape limit_shape = SHAPE("RateLimit", &limit_resource, limit_whole);

const struct resource limit_resource = {
    .name = "rate_limit",
    .table = "rate_limits",
    FIELDS(limit_fields),
    KEYS(limit_keys),
    .shape = &limit_shape,
    .doc = "How far a limit is used up",
};

/* Microseconds until then; 0 when it is past. */
#define UNTIL(moment) "GREATEST(0, TIMESTAMPDIFF(MICROSECOND, UTC_TIMESTAMP(6), " moment "))"

const struct statement limit_take = {
    .name = "limit_take",
    .sql = STR_INIT("INSERT INTO rate_limits (id, free_at) "
                    "VALUES (?, UTC_TIMESTAMP(6) + INTERVAL ? MICROSECOND) "
                    "ON DUPLICATE KEY UPDATE free_at = IF(LAST_INSERT_ID(" UNTIL(
                        "free_at") " + ?) > ?, free_at, "
                                   "GREATEST(free_at, UTC_TIMESTAMP(6)) + INTERVAL ? MICROSECOND)"),
    .values = 5,
};

/* A minute late, so that it meets nobody who is just counting. */
const struct statement limit_purge = {
    .name = "limit_purge",
    .sql = STR_INIT("DELETE FROM rate_limits WHERE free_at < UTC_TIMESTAMP(6) - INTERVAL 1 MINUTE "
                    "ORDER BY free_at LIMIT 200"),
};

static const struct field place_fields[PLACE__MAX] = {
    [PLACE_ID] = BYTES("id", .max = MAC_BYTES, .flags = KEY | READ_ONLY, .doc = "of a name and an address"),
    [PLACE_FAILURES] = INT("failures", .flags = READ_ONLY, .doc = "tries since the last success"),
    [PLACE_FREE_AT] = TIME("free_at", .flags = READ_ONLY, .doc = "when the next may be tried"),
    [PLACE_KNOWN_UNTIL] =
        TIME("known_until", .flags = NULLABLE | READ_ONLY, .doc = "somebody has logged in there before"),
    [PLACE_KEPT_UNTIL] = TIME("kept_until", .flags = READ_ONLY, .doc = "when the row means nothing any more"),
};

static const struct key place_keys[] = {PRIMARY(PLACE_ID), INDEX(PLACE_KEPT_UNTIL)};

static const unsigned char place_whole[] = {PLACE_FAILURES, PLACE_FREE_AT, PLACE_KNOWN_UNTIL};
static const struct shape place_shape = SHAPE("LoginPlace", &place_resource, place_whole);

const struct resource place_resource = {
    .name = "login_place",
    .table = "login_places",
    FIELDS(place_fields),
    KEYS(place_keys),
    .shape = &place_shape,
    .doc = "Where somebody tried to log in",
};

/* Assignments are carried out from left to right, each sees those before it (manual of ON DUPLICATE KEY UPDATE): the
 * first looks at the old free_at, the second counts the new failures. */
const struct statement place_try = {
    .name = "place_try",
    .sql = STR_INIT(
        "INSERT INTO login_places (id, failures, free_at, kept_until) "
        "VALUES (?, 1, UTC_TIMESTAMP(6), UTC_TIMESTAMP(6) + INTERVAL ? SECOND) "
        "ON DUPLICATE KEY UPDATE "
        "failures = IF(LAST_INSERT_ID(" UNTIL(
            "free_at") " << 1 | COALESCE(known_until > UTC_TIMESTAMP(6), 0)) > 1, "
                       "failures, IF(free_at + INTERVAL ? SECOND < UTC_TIMESTAMP(6), 1, failures + 1)), "
                       "free_at = IF(free_at > UTC_TIMESTAMP(6), free_at, UTC_TIMESTAMP(6) + "
                       "INTERVAL IF(failures < ?, 0, LEAST(?, POW(2, LEAST(failures - ?, 20)))) SECOND), "
                       "kept_until = GREATEST(kept_until, free_at + INTERVAL ? SECOND)"),
    .values = 7,
};

const struct statement place_welcome = {
    .name = "place_welcome",
    .sql = STR_INIT("INSERT INTO login_places (id, failures, free_at, known_until, kept_until) "
                    "VALUES (?, 0, UTC_TIMESTAMP(6), UTC_TIMESTAMP(6) + INTERVAL ? SECOND, "
                    "UTC_TIMESTAMP(6) + INTERVAL ? SECOND) "
                    "ON DUPLICATE KEY UPDATE failures = 0, free_at = VALUES(free_at), "
                    "known_until = VALUES(known_until), kept_until = VALUES(kept_until)"),
    .values = 3,
};

const struct statement place_purge = {
    .name = "place_purge",
    .sql = STR_INIT("DELETE FROM login_places WHERE kept_until < UTC_TIMESTAMP(6) - INTERVAL 1 MINUTE "
                    "ORDER BY kept_until LIMIT 200"),
};

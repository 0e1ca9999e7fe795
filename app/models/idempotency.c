#include "models/idempotency.h"

#include "models/user.h"

enum { MAC_BYTES = 32, HEADER_BYTES = 65535, BODY_BYTES = 16777215 };

static const struct field idempotency_fields[IDEMPOTENCY__MAX] = {
    [IDEMPOTENCY_ID] = BYTES("id", .max = MAC_BYTES, .flags = KEY | READ_ONLY, .doc = "of user and key"),
    [IDEMPOTENCY_USER_ID] =
        REF("user_id", .to = &user_resource, .on_delete = CASCADE, .flags = NULLABLE | READ_ONLY),
    [IDEMPOTENCY_FINGERPRINT] = BYTES("fingerprint", .max = MAC_BYTES, .flags = READ_ONLY | HIDDEN,
                                      .doc = "of what was asked: path, query, body"),
    [IDEMPOTENCY_CREATED_AT] = TIME("created_at", .initial = AT_CREATION, .flags = READ_ONLY),
    [IDEMPOTENCY_STATUS] = INT("status", .flags = NULLABLE | READ_ONLY),
    [IDEMPOTENCY_HEADERS] = BYTES("headers", .max = HEADER_BYTES, .flags = NULLABLE | READ_ONLY | HIDDEN),
    [IDEMPOTENCY_BODY] = BYTES("body", .max = BODY_BYTES, .flags = NULLABLE | READ_ONLY | HIDDEN),
    [IDEMPOTENCY_WAITS_UNTIL] =
        TIME("waits_until", .flags = NULLABLE | READ_ONLY | HIDDEN,
             .doc = "until then whoever took the key may be waiting for another answer than the one stored"),
};

static const struct key idempotency_keys[] = {
    PRIMARY(IDEMPOTENCY_ID),
    INDEX(IDEMPOTENCY_USER_ID),
    INDEX(IDEMPOTENCY_CREATED_AT),
};

static const unsigned char whole[] = {IDEMPOTENCY_CREATED_AT, IDEMPOTENCY_STATUS};
static const struct shape idempotency_whole = SHAPE("IdempotencyKey", &idempotency_resource, whole);

const struct resource idempotency_resource = {
    .name = "idempotency_key",
    .table = "idempotency_keys",
    FIELDS(idempotency_fields),
    KEYS(idempotency_keys),
    .shape = &idempotency_whole,
    .doc = "An answer that is given again",
};

static const enum value_kind held_kinds[] = {VALUE_BYTES};

const struct statement idempotency_held = {
    .name = "idempotency_held",
    .sql = STR_INIT("SELECT id FROM idempotency_keys WHERE id = ? FOR UPDATE NOWAIT"),
    .values = 1,
    .columns = 1,
    .kinds = held_kinds,
    .locks = true,
};

const struct statement idempotency_purge = {
    .name = "idempotency_purge",
    .sql = STR_INIT("DELETE FROM idempotency_keys WHERE created_at < ? ORDER BY created_at LIMIT 100"),
    .values = 1,
};

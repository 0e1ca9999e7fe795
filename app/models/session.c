#include "models/session.h"

#include "models/user.h"

static const struct field session_fields[SESSION__MAX] = {
    [SESSION_ID] = ID("id", .doc = "the session's number"),
    [SESSION_USER_ID] = REF("user_id", .to = &user_resource, .on_delete = CASCADE, .flags = READ_ONLY),
    [SESSION_CREATED_AT] =
        TIME("created_at", .initial = AT_CREATION, .flags = READ_ONLY, .doc = "when the log-in was"),
    [SESSION_LAST_USED_AT] = TIME("last_used_at", .initial = AT_CREATION, .flags = READ_ONLY | SORT,
                                  .doc = "when it was last renewed; at first, when the log-in was"),
    [SESSION_EXPIRES_AT] =
        TIME("expires_at", .flags = READ_ONLY, .doc = "when the session ends unless it is renewed"),
    [SESSION_AGENT] = TEXT("agent", .max = 200, .flags = NULLABLE | READ_ONLY | SEARCH,
                           .doc = "what logged in, as its User-Agent says; null when it said nothing",
                           .example = "Mozilla/5.0"),
    [SESSION_ADDRESS] = TEXT("address", .max = 45, .flags = NULLABLE | READ_ONLY,
                             .doc = "the network address that the log-in came from; null when not known",
                             .example = "192.0.2.7"),
    [SESSION_CURRENT] = MARK("current", .of = SESSION_ID, .doc = "whether it is the session that asks"),
};

static const struct key session_keys[] = {PRIMARY(SESSION_ID), INDEX(SESSION_USER_ID, SESSION_LAST_USED_AT),
                                          INDEX(SESSION_EXPIRES_AT)};

static const unsigned char whole[] = {SESSION_ID,         SESSION_CREATED_AT, SESSION_LAST_USED_AT,
                                      SESSION_EXPIRES_AT, SESSION_AGENT,      SESSION_ADDRESS,
                                      SESSION_CURRENT};
static const struct shape session_whole = SHAPE("Session", &session_resource, whole);

const struct resource session_resource = {
    .name = "session",
    .table = "sessions",
    FIELDS(session_fields),
    KEYS(session_keys),
    .shape = &session_whole,
    .doc = "A log-in that lives",
};

static const enum value_kind bearer_kinds[BEARER__MAX] = {
    [BEARER_EXPIRES_AT] = VALUE_TIME, [BEARER_IS_ACTIVE] = VALUE_BOOL, [BEARER_USER_UID] = VALUE_BYTES,
    [BEARER_USERNAME] = VALUE_TEXT,   [BEARER_ROLE_ID] = VALUE_INT,
};

#define BEARER(role, roles, one)                                                            \
    STR_INIT("SELECT s.expires_at, u.is_active, u.uid, u.username" role " FROM sessions s " \
             "JOIN users u ON u.id = s.user_id" roles " WHERE s.id = ? AND s.user_id = ?" one)

const struct statement session_bearer = {
    .name = "session_bearer",
    .sql = BEARER(", ur.role_id", " LEFT JOIN user_roles ur ON ur.user_id = u.id", " LIMIT 1"),
    .values = 2,
    .columns = BEARER__MAX,
    .kinds = bearer_kinds,
};

const struct statement session_bearer_alone = {
    .name = "session_bearer_alone",
    .sql = BEARER("", "", ""),
    .values = 2,
    .columns = BEARER_ROLE_ID,
    .kinds = bearer_kinds,
};

static const enum value_kind held_kinds[SESSION_HELD__MAX] = {
    [SESSION_HELD_CREATED_AT] = VALUE_TIME, [SESSION_HELD_EXPIRES_AT] = VALUE_TIME};

const struct statement session_hold = {
    .name = "session_hold",
    .sql = STR_INIT("SELECT created_at, expires_at FROM sessions WHERE id = ? AND user_id = ? FOR UPDATE"),
    .values = 2,
    .columns = SESSION_HELD__MAX,
    .kinds = held_kinds,
    .locks = true,
};

const struct statement session_purge = {
    .name = "session_purge",
    .sql = STR_INIT("DELETE FROM sessions WHERE expires_at <= ? ORDER BY expires_at LIMIT 100"),
    .values = 1,
};

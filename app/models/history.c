#include "models/history.h"

#include "engine/lease.h"
#include "models/thread.h"
#include "models/user.h"

static const struct choice statuses[] = {{"pending", HISTORY_PENDING}, {"running", HISTORY_RUNNING},
                                         {"success", HISTORY_SUCCESS}, {"failed", HISTORY_FAILED},
                                         {"timeout", HISTORY_TIMEOUT}, {NULL, 0}};

static const struct field history_fields[HISTORY__MAX] = {
    [HISTORY_ID] = ID("id", .doc = "Its number"),
    [HISTORY_THREAD_ID] =
        REF("thread_id", .to = &thread_resource, .on_delete = CASCADE, .flags = NULLABLE | READ_ONLY | FILTER,
            .doc = "The thread that was made, or made again; null when there is none"),
    [HISTORY_USER_ID] = REF("user_id", .to = &user_resource, .on_delete = CASCADE, .flags = READ_ONLY,
                            .doc = "Who asked for it"),
    [HISTORY_STATUS] = CHOICE("status", .choices = statuses, .initial = INITIAL_ZERO, .flags = READ_ONLY,
                              .doc = "How far it is; the last three are ends"),
    [HISTORY_PROCESSING_TIME] =
        INT("processing_time", .flags = NULLABLE | READ_ONLY,
            .doc = "Milliseconds that the making took; null before its end, and when an edit has ended it"),
    [HISTORY_PARAMS] =
        TEXT("generation_params", .max = HISTORY_PARAMS_MOST, .flags = NULLABLE | READ_ONLY,
             .doc = "JSON: what it was made with, and by whom: provider, model, tokens; null where that "
                    "time is",
             .example = "{\"provider\":\"extract\",\"from\":\"source\",\"max_tweets\":5}"),
    [HISTORY_ERROR] = TEXT("error", .max = HISTORY_ERROR_MOST, .flags = NULLABLE | READ_ONLY,
                           .doc = "Why there is no thread; null when there is one, and before its end"),
    [HISTORY_CREATED_AT] =
        TIME("created_at", .initial = AT_CREATION, .flags = READ_ONLY, .doc = "When it was asked for"),
    [HISTORY_TOPIC] = TEXT("topic", .max = TOPIC_MOST, .flags = REQUIRED | HIDDEN),
    [HISTORY_TONE] = TEXT("tone", .max = TONE_MOST, .flags = NULLABLE | HIDDEN),
    [HISTORY_SOURCE] = TEXT("source", .max = SOURCE_MOST, .flags = NULLABLE | HIDDEN),
    [HISTORY_MAX_TWEETS] = INT("max_tweets", .flags = REQUIRED | HIDDEN),
    [HISTORY_NUMBERED] = BOOL("numbered", .initial = INITIAL_ZERO, .flags = HIDDEN),
    [HISTORY_ATTEMPTS] = INT("attempts", .initial = INITIAL_ZERO, .flags = HIDDEN),
    [HISTORY_HOLDER] = BYTES("holder", .max = LEASE_HOLDER_BYTES, .flags = NULLABLE | HIDDEN),
    [HISTORY_DUE_AT] = TIME("due_at", .initial = AT_CREATION, .flags = NULLABLE | HIDDEN),
};

static const struct key history_keys[] = {PRIMARY(HISTORY_ID), INDEX(HISTORY_THREAD_ID),
                                          INDEX(HISTORY_USER_ID), INDEX(HISTORY_DUE_AT)};

static const unsigned char whole[] = {HISTORY_ID,     HISTORY_THREAD_ID,       HISTORY_USER_ID,
                                      HISTORY_STATUS, HISTORY_PROCESSING_TIME, HISTORY_PARAMS,
                                      HISTORY_ERROR,  HISTORY_CREATED_AT};
const struct shape history_whole = SHAPE("ThreadHistory", &history_resource, whole);

const struct resource history_resource = {
    .name = "history",
    .table = "tweet_histories",
    FIELDS(history_fields),
    KEYS(history_keys),
    .shape = &history_whole,
    .doc = "An attempt to make a thread",
};

static const enum value_kind due_kinds[DUE__MAX] = {
    [DUE_ID] = VALUE_INT,         [DUE_THREAD_ID] = VALUE_INT, [DUE_USER_ID] = VALUE_INT,
    [DUE_TOPIC] = VALUE_TEXT,     [DUE_TONE] = VALUE_TEXT,     [DUE_SOURCE] = VALUE_TEXT,
    [DUE_MAX_TWEETS] = VALUE_INT, [DUE_NUMBERED] = VALUE_BOOL, [DUE_ATTEMPTS] = VALUE_INT,
};

static const enum value_kind waiting_kinds[] = {VALUE_INT};

const struct statement history_waiting = {
    .name = "history_waiting",
    .sql = STR_INIT("SELECT 1 FROM tweet_histories WHERE due_at <= UTC_TIMESTAMP(6) LIMIT 1"),
    .columns = 1,
    .kinds = waiting_kinds,
};

const struct statement history_due = {
    .name = "history_due",
    .sql = STR_INIT("SELECT id, thread_id, user_id, topic, tone, source, max_tweets, numbered, attempts "
                    "FROM tweet_histories WHERE due_at <= UTC_TIMESTAMP(6) ORDER BY due_at LIMIT 1 "
                    "FOR UPDATE SKIP LOCKED"),
    .columns = DUE__MAX,
    .kinds = due_kinds,
    .locks = true,
};

const struct statement history_take = {
    .name = "history_take",
    .sql = STR_INIT("UPDATE tweet_histories SET status = 1, attempts = attempts + 1, holder = ?, "
                    "due_at = UTC_TIMESTAMP(6) + INTERVAL ? SECOND WHERE id = ?"),
    .values = 3,
};

const struct statement history_renew = {
    .name = "history_renew",
    .sql = STR_INIT("UPDATE tweet_histories SET due_at = UTC_TIMESTAMP(6) + INTERVAL ? SECOND "
                    "WHERE id = ? AND holder = ?"),
    .values = 3,
};

const struct statement history_give_back = {
    .name = "history_give_back",
    .sql = STR_INIT("UPDATE tweet_histories SET status = 0, attempts = attempts - 1, holder = NULL, "
                    "due_at = UTC_TIMESTAMP(6) WHERE id = ? AND holder = ?"),
    .values = 2,
};

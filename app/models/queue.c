#include "models/queue.h"

static const enum value_kind depth_kinds[QUEUE__MAX] = {
    [QUEUE_NAME] = VALUE_TEXT,
    [QUEUE_WAITING] = VALUE_INT,
    [QUEUE_RUNNING] = VALUE_INT,
    [QUEUE_LATE_SECONDS] = VALUE_INT,
};

/* By the index on due_at, the first in time first. */
#define DEPTH(name, table)                                                                                  \
    "SELECT '" name "', CAST(COALESCE(SUM(holder IS NULL), 0) AS SIGNED), "                                 \
    "CAST(COALESCE(SUM(holder IS NOT NULL), 0) AS SIGNED), "                                                \
    "GREATEST(0, COALESCE(TIMESTAMPDIFF(SECOND, MIN(due_at), UTC_TIMESTAMP(6)), 0)) "                       \
    "FROM (SELECT holder, due_at FROM " table " WHERE due_at IS NOT NULL ORDER BY due_at LIMIT " QUEUE_MOST \
    ") AS q"

const struct statement queue_depths = {
    .name = "queue_depths",
    .sql = STR_INIT(DEPTH("threads", "tweet_histories") " UNION ALL " DEPTH("mails", "mails")),
    .columns = QUEUE__MAX,
    .kinds = depth_kinds,
};

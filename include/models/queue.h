/* queue: how much work waits in the tables, for those who watch. */
#ifndef QUIRE_MODELS_QUEUE_H
#define QUIRE_MODELS_QUEUE_H

#include "schema/registry.h"

/* No more rows than this are counted of one queue: looking must stay cheap when much is left lying. */
#define QUEUE_MOST "10000"

/* A row of queue_depths; the queues are "threads" and "mails". */
enum queue_column { QUEUE_NAME, QUEUE_WAITING, QUEUE_RUNNING, QUEUE_LATE_SECONDS, QUEUE__MAX };

/* Of each queue: how many wait, how many are held by somebody, and for how long the oldest has been due. */
extern const struct statement queue_depths;

#endif

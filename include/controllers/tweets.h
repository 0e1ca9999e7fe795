/* tweets: threads of tweets: asked for, read, edited, made again, deleted; and the history of the attempts. */
#ifndef QUIRE_CONTROLLERS_TWEETS_H
#define QUIRE_CONTROLLERS_TWEETS_H

#include "http/route.h"

struct crud;

extern const struct route tweets_routes[];
/* Of their owner alone. */
extern const struct crud threads_crud;
extern const struct crud histories_crud;

#endif

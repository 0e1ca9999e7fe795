/* thread: tweet threads as they are posted, and what they were asked for with, so that they can be made again. */
#ifndef QUIRE_MODELS_THREAD_H
#define QUIRE_MODELS_THREAD_H

#include "schema/registry.h"

enum thread_field {
    THREAD_ID,
    THREAD_USER_ID,
    THREAD_TOPIC,
    THREAD_TWEETS,
    THREAD_TWEET_COUNT,
    THREAD_TONE,
    THREAD_SOURCE,
    THREAD_MAX_TWEETS,
    THREAD_NUMBERED,
    THREAD_CREATED_AT,
    THREAD_UPDATED_AT,
    THREAD_VERSION,
    THREAD__MAX
};

extern const struct resource thread_resource;
extern const struct shape thread_whole;
/* What the one who asked for it gets: {id, tweets, tweet_count, topic}. */
extern const struct shape thread_made;

/* What is asked for. */
enum generate_field {
    GENERATE_TOPIC,
    GENERATE_TONE,
    GENERATE_MAX_TWEETS,
    GENERATE_SOURCE,
    GENERATE_NUMBERED,
    GENERATE__MAX
};
extern const struct resource generate_form;

/* Which page of one's threads. */
enum thread_page_field { THREAD_PAGE_PAGE, THREAD_PAGE_SIZE, THREAD_PAGE__MAX };
extern const struct resource thread_page_form;

/* Characters of what is asked for, as the contract bounds them. */
enum { TOPIC_LEAST = 10, TOPIC_MOST = 500, TONE_MOST = 50, SOURCE_MOST = 20000, TWEETS_MOST = 20 };
#define TWEETS_DEFAULT 5 /* documents say it, too */

#endif

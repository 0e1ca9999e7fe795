#include "models/thread.h"

#include "models/user.h"

/* An address weighs 23 however long it is, so a tweet of 280 may have more characters; not without an end. */
enum { TWEET_CHARACTERS = 4000 };

static const struct field tweet =
    TEXT("tweet", .min = 1, .max = TWEET_CHARACTERS, .doc = "At most 280 as X counts",
         .example = "The first program was written for a machine that was never built. 1/3");

static const struct field thread_fields[THREAD__MAX] = {
    [THREAD_ID] = ID("id", .doc = "Its number"),
    [THREAD_USER_ID] =
        REF("user_id", .to = &user_resource, .on_delete = CASCADE, .flags = READ_ONLY, .doc = "Whose it is"),
    [THREAD_TOPIC] = TEXT("topic", .min = TOPIC_LEAST, .max = TOPIC_MOST, .flags = REQUIRED,
                          .doc = "What it is about", .example = "How the first programs were written"),
    [THREAD_TWEETS] = TEXTS("tweets", .item = &tweet, .min = 1, .max = TWEETS_MOST, .flags = REQUIRED,
                            .doc = "What is posted, in this order"),
    [THREAD_TWEET_COUNT] = INT("tweet_count", .flags = READ_ONLY, .doc = "How many tweets there are"),
    [THREAD_TONE] = TEXT("tone", .max = TONE_MOST, .flags = NULLABLE | HIDDEN),
    [THREAD_SOURCE] = TEXT("source", .max = SOURCE_MOST, .flags = NULLABLE | HIDDEN),
    [THREAD_MAX_TWEETS] = INT("max_tweets", .bounded = true, .min = 1, .max = TWEETS_MOST, .flags = HIDDEN),
    [THREAD_NUMBERED] = BOOL("numbered", .initial = INITIAL_ZERO, .flags = HIDDEN),
    [THREAD_CREATED_AT] =
        TIME("created_at", .initial = AT_CREATION, .flags = READ_ONLY, .doc = "When it was first made"),
    [THREAD_UPDATED_AT] = TIME("updated_at", .initial = AT_CREATION, .flags = READ_ONLY | TOUCHED,
                               .doc = "When it was last changed"),
    [THREAD_VERSION] = VERSION("version"),
};

static const struct key thread_keys[] = {PRIMARY(THREAD_ID), INDEX(THREAD_USER_ID)};

static const unsigned char whole[] = {THREAD_ID,          THREAD_USER_ID,    THREAD_TOPIC,     THREAD_TWEETS,
                                      THREAD_TWEET_COUNT, THREAD_CREATED_AT, THREAD_UPDATED_AT};
const struct shape thread_whole = SHAPE("Thread", &thread_resource, whole);

static const unsigned char made[] = {THREAD_ID, THREAD_TWEETS, THREAD_TWEET_COUNT, THREAD_TOPIC};
const struct shape thread_made = SHAPE("GeneratedThread", &thread_resource, made);

const struct resource thread_resource = {
    .name = "thread",
    .table = "tweet_threads",
    FIELDS(thread_fields),
    KEYS(thread_keys),
    .shape = &thread_whole,
    .doc = "A thread of tweets",
};

static const struct field generate_fields[GENERATE__MAX] = {
    [GENERATE_TOPIC] =
        TEXT("topic", .min = TOPIC_LEAST, .max = TOPIC_MOST, .flags = REQUIRED,
             .doc = "What the thread is to be about", .example = "How the first programs were written"),
    [GENERATE_TONE] = TEXT("tone", .max = TONE_MOST, .flags = NULLABLE, .example = "casual",
                           .doc = "How it is to sound, in a word or two"),
    [GENERATE_MAX_TWEETS] =
        INT("max_tweets", .bounded = true, .min = 1, .max = TWEETS_MOST, .flags = NULLABLE,
            .initial = {INITIAL_INT, .i = TWEETS_DEFAULT},
            .doc = "How many tweets there may be; null means " STR_DIGITS(TWEETS_DEFAULT)),
    [GENERATE_SOURCE] = TEXT("source", .max = SOURCE_MOST, .flags = NULLABLE,
                             .doc = "A text to make it of; without one, what the community has published is "
                                    "looked through"),
    [GENERATE_NUMBERED] =
        BOOL("numbered", .initial = INITIAL_ZERO, .doc = "Whether each tweet ends in its number: 1/3"),
};
const struct resource generate_form = {
    .name = "GenerateThread", FIELDS(generate_fields), .doc = "A thread that is wanted"};

static const struct field thread_page_fields[THREAD_PAGE__MAX] = {
    [THREAD_PAGE_PAGE] = INT("page", .min = 1, .max = INT64_MAX, .initial = {INITIAL_INT, .i = 1},
                             .doc = "Which page, from 1"),
    [THREAD_PAGE_SIZE] = INT("page_size", .bounded = true, .min = 1, .max = 100,
                             .initial = {INITIAL_INT, .i = 10}, .doc = "How many threads are on a page"),
};
const struct resource thread_page_form = {
    .name = "ThreadPage", FIELDS(thread_page_fields), .doc = "Which threads are shown"};

/*
 * composer: who makes a tweet thread of a topic, behind one interface. Two are known: `extract`, which needs no network
 * and gives the same thread for the same brief on every machine, and `openai`, which asks a language model over any
 * OpenAI-compatible endpoint (settings OPENAI_*).
 *
 * A composer knows nothing of the database, of users or of requests: what the community has published on the topic is
 * found by the caller and handed over in the brief. Every thread it returns is ready to post: no more than max_tweets
 * tweets, at least one, each valid by compose/weight.h (compose/fit.h sees to that).
 *
 * A composing may take OPENAI_TIMEOUT seconds. While it waits it calls beat at least once a second: there the caller
 * prolongs its lease, or fails because it must stop; the composing then ends at once with that very failure.
 *
 * Everything in the brief must live as long as the arena; everything in the draft lives in it. Nothing is kept between
 * composings but the caller's struct composer_memory.
 *
 * Failures, each with a detail for the client (no address of a provider, no key, nothing that it said) and a cause for
 * the log (bounded, without the key):
 *     ERROR_PROVIDER          502: the provider cannot be reached, refuses, or its answers hold no thread
 *     ERROR_PROVIDER_TIMEOUT  504: no usable answer within OPENAI_TIMEOUT seconds
 *     ERROR_INVALID           422: there is nothing to say: topic and source are blank
 *     what beat failed with
 *
 *     struct composer_memory memory = {0};
 *     struct composing with = {.settings = &settings, .memory = &memory, .beat = prolong_lease, .ctx = &job};
 *     struct brief b = {.topic = STR("Reading more"), .tone = STR("casual"), .max_tweets = 5};
 *     struct draft d;
 *     TRY(composer_named(settings.composer)->compose(&with, a, &b, &d));
 */
#ifndef QUIRE_COMPOSE_COMPOSER_H
#define QUIRE_COMPOSE_COMPOSER_H

#include "base/err.h"

struct arena;
struct settings;

/* At most so many finds are looked at, and of each text at most so many bytes. */
enum { BRIEF_MAX_FOUND = 10, FOUND_MAX_BYTES = 4096 };

/* Something that the community has published on the topic. */
struct found {
    str title; /* may be empty */
    str text;  /* valid UTF-8 */
    str link;  /* an absolute http or https address; may be empty */
};

/* What is asked for. All texts are valid UTF-8, and only text: HTML in them has no meaning. */
struct brief {
    str topic;                 /* not blank */
    str tone;                  /* empty: neutral; an unknown one is neutral for extract, a wish for openai */
    str source;                /* what the thread is to be made of; empty: none */
    int max_tweets;            /* 1 to 20 */
    bool numbered;             /* 1/n at the end of each tweet */
    const struct found *found; /* the best first */
    size_t found_count;
};

/* What one composing has learnt that the next one in this process need not learn again. Zeroed at first. */
struct composer_memory {
    bool no_schema; /* the endpoint refuses response_format */
};

/* What a composer works with. */
struct composing {
    const struct settings *settings;
    struct composer_memory *memory;          /* the caller's, for as long as the process lives; may be NULL */
    err (*beat)(void *ctx, struct arena *a); /* may be NULL */
    void *ctx;
};

struct draft {
    str *tweets;
    size_t n;              /* 1 to max_tweets */
    str params;            /* a JSON object, for generation_params; nothing secret in it */
    str model;             /* empty for extract; else what the answer says, else OPENAI_MODEL */
    int64_t prompt_tokens; /* -1: not said */
    int64_t completion_tokens;
};

struct composer {
    const char *name;
    /* Writes *out only on success. */
    MUST_USE err (*compose)(const struct composing *with, struct arena *a, const struct brief *b,
                            struct draft *out);
};

/* "extract" or "openai"; NULL when there is none of that name. */
const struct composer *composer_named(str name);
/* What is known of an attempt before it is made, as a JSON object: for the record of one that fails. A draft's params
 * begin with the same members. */
str composer_params(struct arena *a, const struct settings *settings, const struct brief *b);

#endif

/*
 * weight: how long a tweet is, as X counts (twitter-text 3.1.0, its configuration version 3): the text in normalization
 * form C; an address of the web weighs 23, an emoji sequence 2, a character of the ranges 0-4351, 8192-8205, 8208-8223
 * and 8242-8247 weighs 1, any other 2. A tweet weighs at most 280.
 *
 * Emoji sequences are those that Unicode recommends for general interchange (Emoji 15.0, io/icu) and the few further
 * forms that twitter-text also takes for one. Its list ends with Emoji 11: what came later it counts by its parts, and
 * so more than 2. tests/api/weight.test.mjs holds that there is no other difference.
 *
 * What is not UTF-8 counts as U+FFFD. Errors: ERROR_INTERNAL when ICU fails.
 *
 *     unsigned weight;
 *     TRY(weight_of(a, STR("see http://example.com/a/very/long/path"), &weight));   // 27
 *     if (weight > TWEET_MAX) ...
 */
#ifndef QUIRE_COMPOSE_WEIGHT_H
#define QUIRE_COMPOSE_WEIGHT_H

#include <stdbool.h>

#include "base/err.h"

struct arena;

enum { TWEET_MAX = 280, TWEET_URL = 23 };

/* A code point, an emoji sequence or an address: bytes [at, at + n) of the text, at least one. */
struct weight_part {
    size_t at;
    size_t n;
    unsigned weight; /* 1, 2, or TWEET_URL */
    bool url;
};

/* The weight of any text; 0 for the empty one. */
MUST_USE err weight_of(struct arena *a, str text, unsigned *out);
/* The parts of a text that is valid UTF-8 in form C (icu_nfc), in order and without gaps; in the arena. The sum of
 * their weights is weight_of(). */
MUST_USE err weight_parts(struct arena *a, str text, struct weight_part **parts, size_t *n);

#endif

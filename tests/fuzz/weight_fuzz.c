/* weight: the parts of a text are all of it and weigh what it weighs; threads of any bytes hold what fit.h promises. */
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "compose/fit.h"
#include "compose/tidy.h"
#include "compose/weight.h"
#include "fuzz.h"
#include "io/icu.h"

enum { PIECES_MAX = 64 };

static void check_weight(struct arena *a, str text)
{
    str form;
    struct weight_part *parts;
    size_t n;
    unsigned weight;
    unsigned sum = 0;
    size_t at = 0;
    HOLD(icu_nfc(a, text, &form) == NULL && text_is_utf8(form));
    HOLD(weight_of(a, text, &weight) == NULL);
    HOLD(weight_parts(a, form, &parts, &n) == NULL);
    for (size_t i = 0; i < n; i++) {
        HOLD(parts[i].at == at && parts[i].n > 0);
        HOLD(parts[i].url ? parts[i].weight == TWEET_URL : parts[i].weight == 1 || parts[i].weight == 2);
        at += parts[i].n;
        sum += parts[i].weight;
    }
    HOLD(at == form.n && sum == weight);
}

static void check_tweet(struct arena *a, str tweet)
{
    unsigned weight;
    str form;
    HOLD(weight_of(a, tweet, &weight) == NULL && weight > 0 && weight <= TWEET_MAX);
    HOLD(text_is_utf8(tweet) && tidy_shows(tweet));
    HOLD(icu_nfc(a, tweet, &form) == NULL && str_eq(form, tweet));
    HOLD(tidy_text(a, tweet, &form) == NULL && str_eq(form, tweet));
}

/* The first two bytes say how, then lines are pieces (a line end of two bytes is none). */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a;
    struct thread t;
    str pieces[PIECES_MAX];
    size_t n = 0;
    bool shows = false;
    if (size < 2) {
        return 0;
    }
    arena_init(&a, 1 << 16);
    str rest = {(const char *)data + 2, size - 2};
    struct fit how = {.max_tweets = 1 + data[0] % THREAD_MAX, .numbered = (data[1] & 1) != 0};
    check_weight(&a, rest);
    while (rest.n > 0 && n < PIECES_MAX) {
        size_t end = str_find(rest, '\n', 0);
        pieces[n] = str_slice(rest, 0, end);
        shows = shows || tidy_shows(pieces[n]);
        n++;
        rest = str_slice(rest, end + 1, rest.n);
    }
    err e = thread_fit(&a, pieces, n, &how, &t);
    HOLD(e == NULL ? shows : !shows && e->code == ERROR_INVALID);
    if (e == NULL) {
        HOLD(t.n >= 1 && t.n <= how.max_tweets);
        for (size_t i = 0; i < t.n; i++) {
            check_tweet(&a, t.tweets[i]);
        }
    }
    arena_free(&a);
    return 0;
}

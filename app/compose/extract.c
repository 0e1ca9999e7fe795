#include "compose/extract.h"

#include "base/arena.h"
#include "compose/extract_part.h"
#include "compose/params.h"

/* The closing words, where they fit. A thread of one tweet needs none of its own. */
static err close_thread(struct sheet *s)
{
    bool done = false;
    str closing = str_of(s->tone->closings[s->variant]);
    if (!s->english || (s->n == 1 && sheet_room(s) < closing.n)) {
        return NULL;
    }
    return sheet_put(s, STR("\n\n"), closing, &done);
}

/* A topic of blanks and of characters that cannot be seen is none. */
static err check_topic(struct arena *a, const struct brief *b)
{
    struct thread t;
    struct fit one = {.max_tweets = 1};
    return thread_fit(a, &b->topic, 1, &one, &t);
}

static err compose(const struct composing *with, struct arena *a, const struct brief *b, struct draft *out)
{
    struct sheet s;
    struct thread thread;
    struct buf params;
    const char *from = "source";
    bool filled = false;
    (void)with; /* it takes milliseconds */
    TRY(check_topic(a, b));
    TRY(sheet_open(&s, a, b));
    TRY(extract_source(&s, &filled));
    if (!filled) {
        from = "community";
        TRY(extract_community(&s, &filled));
    }
    if (!filled) {
        from = "topic";
        TRY(extract_outline(&s));
    }
    TRY(close_thread(&s));
    struct fit how = {.max_tweets = (unsigned)b->max_tweets, .numbered = b->numbered};
    TRY(thread_fit(a, s.tweets, s.n, &how, &thread));
    *out = (struct draft){.tweets = thread.tweets,
                          .n = thread.n,
                          .model = STR(""),
                          .prompt_tokens = -1,
                          .completion_tokens = -1};
    params_open(&params, a, extract_composer.name, b);
    params_usage(&params, out);
    params_c(&params, "from", from);
    params_c(&params, "style", s.tone->name);
    out->params = params_close(&params);
    return NULL;
}

const struct composer extract_composer = {.name = "extract", .compose = compose};

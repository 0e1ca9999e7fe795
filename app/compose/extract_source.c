#include "base/arena.h"
#include "compose/extract_part.h"
#include "compose/rank.h"
#include "compose/sentence.h"

/* A sentence this short says nothing alone; a topic this long leaves no room beside it; after so many sentences that do
 * not fit none will. */
enum { FEW_WORDS = 2, SHORT_WEIGHT = 18, OPENING_WEIGHT = 160, MOST_MISSES = 40 };

struct selection {
    struct sheet *sheet;
    const struct sentence *sentences;
    size_t n;
    bool *in;
};

/* Sentences of one paragraph stand in a line; a new paragraph stands apart. */
static str join_before(const struct sentence *s, bool opening)
{
    return s->first || opening ? STR("\n\n") : STR(" ");
}

/* Whether a paragraph begins a tweet of its own: the one before is full enough. */
static bool begins_anew(const struct selection *sel, size_t i, unsigned used)
{
    return sel->sentences[i].first && used * 5 > sel->sheet->limit * 3;
}

/* How many tweets the selection takes, the opening included. */
static size_t count_tweets(const struct selection *sel)
{
    const struct sheet *s = sel->sheet;
    unsigned used = s->weights[0];
    size_t tweets = 1 + s->extra;
    bool opening = true;
    for (size_t i = 0; i < sel->n; i++) {
        if (!sel->in[i]) {
            continue;
        }
        unsigned weight = sel->sentences[i].weight;
        unsigned joined = (unsigned)join_before(&sel->sentences[i], opening).n + weight;
        if (used + joined > s->limit || (!opening && begins_anew(sel, i, used))) {
            tweets++;
            used = weight;
        } else {
            used += joined;
        }
        opening = false;
    }
    return tweets;
}

/* Takes the best sentences for as long as there is room. False when not one was good enough. */
static err select_best(struct selection *sel, bool *any)
{
    struct ranking *r;
    size_t misses = 0;
    TRY(ranking_new(sel->sheet->a, sel->sentences, sel->n, sel->sheet->topic, &r));
    *any = false;
    for (size_t i = ranking_best(r); i < sel->n && misses < MOST_MISSES; i = ranking_best(r)) {
        const struct sentence *s = &sel->sentences[i];
        bool says_something = ranking_words(r, i) >= FEW_WORDS || s->weight >= SHORT_WEIGHT;
        sel->in[i] = says_something && s->weight <= sel->sheet->limit;
        if (sel->in[i] && count_tweets(sel) > sel->sheet->most) {
            sel->in[i] = false;
            misses++;
        }
        if (sel->in[i]) {
            *any = true;
            ranking_take(r, i);
        } else {
            ranking_drop(r, i);
        }
    }
    return NULL;
}

static err write_down(struct selection *sel)
{
    struct sheet *s = sel->sheet;
    bool opening = true;
    bool done = true;
    for (size_t i = 0; i < sel->n && done; i++) {
        if (!sel->in[i]) {
            continue;
        }
        str text = sel->sentences[i].text;
        if (!opening && begins_anew(sel, i, s->weights[s->n - 1])) {
            TRY(sheet_begin(s, text, &done));
        } else {
            TRY(sheet_put(s, join_before(&sel->sentences[i], opening), text, &done));
        }
        opening = false;
    }
    return NULL;
}

/* A text without sentences that could stand alone: as it is, cut where thread_fit() likes it best. */
static void keep_whole(struct sheet *s)
{
    str source = s->brief->source;
    if (s->most > s->n) {
        s->tweets[s->n++] = source;
    } else {
        s->tweets[s->n - 1] =
            str_format(s->a, "%.*s\n\n%.*s", STR_ARGS(s->tweets[s->n - 1]), STR_ARGS(source));
    }
    /* It may take all that is left: no closing words behind it. */
    s->weights[s->n - 1] = s->limit;
    s->extra = s->most;
}

err extract_source(struct sheet *s, bool *filled)
{
    struct sentence *sentences;
    size_t n;
    bool any = false;
    struct thread shown;
    struct fit one = {.max_tweets = 1};
    *filled = false;
    err blank = thread_fit(s->a, &s->brief->source, 1, &one, &shown);
    if (blank != NULL) {
        return blank->code == ERROR_INVALID ? NULL : blank;
    }
    TRY(sentences_split(s->a, s->brief->source, &sentences, &n));
    TRY(sheet_opening(s, s->tone->openings, TONE_VARIANTS, OPENING_WEIGHT));
    struct selection sel = {.sheet = s, .sentences = sentences, .n = n, .in = ARENA_ARRAY(s->a, bool, n + 1)};
    TRY(select_best(&sel, &any));
    if (any) {
        TRY(write_down(&sel));
    } else {
        keep_whole(s);
    }
    *filled = true;
    return NULL;
}

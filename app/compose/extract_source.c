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

/* Whether a paragraph begins between two sentences. */
static bool is_apart(const struct selection *sel, size_t before, size_t i)
{
    for (size_t k = before + 1; k <= i; k++) {
        if (sel->sentences[k].first) {
            return true;
        }
    }
    return false;
}

static bool is_same_list(const struct selection *sel, size_t before, size_t i)
{
    for (size_t k = before; k <= i; k++) {
        if (!sel->sentences[k].item) {
            return false;
        }
    }
    return true;
}

/* What stands between a sentence and the one before it, sel->n being the opening: sentences of one paragraph are in a
 * line, items of one list below one another, paragraphs apart. */
static str join_before(const struct selection *sel, size_t before, size_t i)
{
    if (before == sel->n) {
        return STR("\n\n");
    }
    if (!is_apart(sel, before, i)) {
        return sentence_gap(sel->sentences[before].text);
    }
    return is_same_list(sel, before, i) ? STR("\n") : STR("\n\n");
}

/* Whether a sentence begins a tweet of its own: a new thought, and the tweet before is full enough. */
static bool begins_anew(const struct selection *sel, size_t before, size_t i, unsigned used)
{
    return before < sel->n && used * 5 > sel->sheet->limit * 3 && is_apart(sel, before, i) &&
           !is_same_list(sel, before, i);
}

/* How many tweets the selection takes, the opening included. */
static size_t count_tweets(const struct selection *sel)
{
    const struct sheet *s = sel->sheet;
    unsigned used = s->weights[0];
    size_t tweets = 1 + s->extra;
    size_t before = sel->n;
    for (size_t i = 0; i < sel->n; i++) {
        if (!sel->in[i]) {
            continue;
        }
        unsigned weight = sel->sentences[i].weight;
        unsigned joined = (unsigned)join_before(sel, before, i).n + weight;
        if (used + joined > s->limit || begins_anew(sel, before, i, used)) {
            tweets++;
            used = weight;
        } else {
            used += joined;
        }
        before = i;
    }
    return tweets;
}

/* Where the sentences begin that one cannot do without: a "But" or "It" needs the one before, as long as that is not
 * in. sel->n when one of them is out, or too long. */
static size_t find_lead(const struct selection *sel, const struct ranking *r, size_t i)
{
    for (;;) {
        const struct sentence *s = &sel->sentences[i];
        if (s->weight > sel->sheet->limit || !ranking_is_open(r, i)) {
            return sel->n;
        }
        if (!s->leans || s->first || sel->in[i - 1]) {
            return i;
        }
        i--;
    }
}

/* Puts the sentences in when there is room for all of them. */
static bool fits(struct selection *sel, size_t from, size_t to)
{
    for (size_t i = from; i <= to; i++) {
        sel->in[i] = true;
    }
    bool good = count_tweets(sel) <= sel->sheet->most;
    for (size_t i = from; i <= to; i++) {
        sel->in[i] = good;
    }
    return good;
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
        bool says_something = ranking_words(r, i) >= FEW_WORDS || s->weight >= SHORT_WEIGHT ||
                              (s->item && ranking_words(r, i) > 0);
        size_t from = says_something ? find_lead(sel, r, i) : sel->n;
        bool in = from < sel->n && fits(sel, from, i);
        misses += from < sel->n && !in ? 1 : 0;
        for (size_t k = from; in && k <= i; k++) {
            ranking_take(r, k);
            *any = true;
        }
        if (!in) {
            ranking_drop(r, i);
        }
    }
    return NULL;
}

static err write_down(struct selection *sel)
{
    struct sheet *s = sel->sheet;
    size_t before = sel->n;
    bool done = true;
    for (size_t i = 0; i < sel->n && done; i++) {
        if (!sel->in[i]) {
            continue;
        }
        str text = sel->sentences[i].text;
        if (begins_anew(sel, before, i, s->weights[s->n - 1])) {
            TRY(sheet_begin(s, text, &done));
        } else {
            TRY(sheet_put(s, join_before(sel, before, i), text, &done));
        }
        before = i;
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

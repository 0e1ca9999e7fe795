#include "compose/fit.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/rune.h"
#include "base/text.h"
#include "compose/cut.h"
#include "compose/tidy.h"
#include "compose/weight.h"

enum { NUMBER_SHORT = sizeof " 1/9" - 1, NUMBER_LONG = sizeof " 20/20" - 1, ELLIPSIS_ROOM = 3 };

#define ELLIPSIS "\xE2\x80\xA6"

struct tweet {
    str text;
    size_t piece;
    unsigned weight;
    bool joined; /* of several pieces: no longer a slice of one */
};

struct fitting {
    struct tweet *tweets;
    size_t n, room;
    unsigned limit;
    bool lost;
    struct arena *a;
};

static void add(struct fitting *f, str text, size_t piece, unsigned weight)
{
    if (f->n == f->room) {
        size_t room = f->room == 0 ? 16 : 2 * f->room;
        f->tweets = arena_grow(f->a, f->tweets, f->room * sizeof *f->tweets, room * sizeof *f->tweets);
        f->room = room;
    }
    f->tweets[f->n++] = (struct tweet){text, piece, weight, false};
}

static err cut_pieces(struct fitting *f, const str *pieces, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        unsigned weight;
        TRY(weight_of(f->a, pieces[i], &weight));
        if (weight <= CUT_GRAPHEME_MAX) {
            if (tidy_shows(pieces[i])) {
                add(f, pieces[i], i, weight);
            }
            continue;
        }
        str *parts;
        size_t count;
        TRY(cut_text(f->a, pieces[i], f->limit, &parts, &count, &f->lost));
        for (size_t k = 0; k < count; k++) {
            TRY(weight_of(f->a, parts[k], &weight));
            add(f, parts[k], i, weight);
        }
    }
    return NULL;
}

/* --- too many ------------------------------------------------------------------------------------------------ */

/* *one becomes both, if they weigh `most` at most. */
static err join(struct fitting *f, struct tweet *one, const struct tweet *two, unsigned most, bool *done)
{
    bool same = one->piece == two->piece && !one->joined;
    str text;
    unsigned weight;
    *done = false;
    if (one->weight + two->weight > most) {
        return NULL;
    }
    if (same) {
        text = (str){one->text.p, (size_t)(two->text.p + two->text.n - one->text.p)};
    } else {
        text = str_format(f->a, "%.*s\n\n%.*s", STR_ARGS(one->text), STR_ARGS(two->text));
    }
    TRY(weight_of(f->a, text, &weight));
    if (weight <= most) {
        *one = (struct tweet){text, two->piece, weight, !same};
        *done = true;
    }
    return NULL;
}

/* Neighbours that weigh `most` together become one, from the first on, until there are no more than max. */
static err join_all(struct fitting *f, size_t max, unsigned most)
{
    size_t kept = 1;
    size_t i = 1;
    for (; i < f->n && f->n - i + kept > max; i++) {
        bool done;
        TRY(join(f, &f->tweets[kept - 1], &f->tweets[i], most, &done));
        if (!done) {
            f->tweets[kept++] = f->tweets[i];
        }
    }
    memmove(f->tweets + kept, f->tweets + i, (f->n - i) * sizeof *f->tweets);
    f->n = kept + (f->n - i);
    return NULL;
}

/* --- the last one -------------------------------------------------------------------------------------------- */

static uint32_t last_code(str s, size_t *at)
{
    *at = s.n - 1;
    while (*at > 0 && ((unsigned char)s.p[*at] & 0xC0) == 0x80) {
        (*at)--;
    }
    size_t next = *at;
    return text_next(s, &next);
}

static bool is_loose_end(uint32_t code)
{
    return tidy_is_blank(code) || code == '\n' || code == ',' || code == ';' || code == ':' || code == '-' ||
           code == 0x2013 || code == 0x2014 || code == 0x2026 || code == 0x3001 || code == 0xFF0C;
}

/* Where the last address of a text ends, 0 when it has none. */
static err end_of_urls(struct arena *a, str text, size_t *end)
{
    struct weight_part *parts;
    size_t n;
    TRY(weight_parts(a, text, &parts, &n));
    while (n > 0 && !parts[n - 1].url) {
        n--;
    }
    *end = n == 0 ? 0 : parts[n - 1].at + parts[n - 1].n;
    return NULL;
}

/* "…" stands beside a letter or digit, and behind a space after anything else: a sentence, an address, an emoji. An
 * address keeps its end, which may be a dash. */
static err end_openly(struct fitting *f, struct tweet *t)
{
    str text;
    size_t at;
    size_t whole = 0;
    TRY(cut_first(f->a, t->text, f->limit - ELLIPSIS_ROOM, &text, &f->lost));
    TRY(end_of_urls(f->a, text, &whole));
    uint32_t code = last_code(text, &at);
    while (at > 0 && at >= whole && is_loose_end(code) && tidy_shows(str_slice(text, 0, at))) {
        text.n = at;
        code = last_code(text, &at);
    }
    bool beside = text.n > whole && (rune_is_word(code) || rune_kind(code) == RUNE_MARK);
    t->text = str_format(f->a, "%.*s%s" ELLIPSIS, STR_ARGS(text), beside ? "" : " ");
    return NULL;
}

/* --- the whole ----------------------------------------------------------------------------------------------- */

static err fit_within(struct fitting *f, const str *pieces, size_t n, size_t max)
{
    f->n = 0;
    f->lost = false;
    TRY(cut_pieces(f, pieces, n));
    for (unsigned quarter = 1; quarter <= 4 && f->n > max; quarter++) {
        TRY(join_all(f, max, f->limit * quarter / 4));
    }
    if (f->n > max) {
        f->n = max;
        f->lost = true;
        TRY(end_openly(f, &f->tweets[max - 1]));
    }
    return NULL;
}

err thread_fit(struct arena *a, const str *pieces, size_t n, const struct fit *how, struct thread *out)
{
    struct fitting f = {.limit = TWEET_MAX, .a = a};
    if (how->max_tweets < 1 || how->max_tweets > THREAD_MAX) {
        abort();
    }
    str *tidy = arena_alloc(a, n * sizeof *tidy);
    for (size_t i = 0; i < n; i++) {
        TRY(tidy_text(a, pieces[i], &tidy[i]));
    }
    TRY(fit_within(&f, tidy, n, how->max_tweets));
    if (f.n == 0) {
        return error_new(a, ERROR_INVALID, "there is nothing to be seen in what should become a thread");
    }
    bool numbered = how->numbered && f.n > 1;
    if (numbered) {
        f.limit = TWEET_MAX - NUMBER_SHORT;
        TRY(fit_within(&f, tidy, n, how->max_tweets));
    }
    if (numbered && f.n > 9) {
        f.limit = TWEET_MAX - NUMBER_LONG;
        TRY(fit_within(&f, tidy, n, how->max_tweets));
    }
    str *tweets = arena_alloc(a, f.n * sizeof *tweets);
    for (size_t i = 0; i < f.n; i++) {
        str text = f.tweets[i].text;
        tweets[i] = numbered ? str_format(a, "%.*s %zu/%zu", STR_ARGS(text), i + 1, f.n) : text;
    }
    *out = (struct thread){tweets, f.n, f.lost};
    return NULL;
}

#include "base/arena.h"
#include "base/buf.h"
#include "base/text.h"
#include "compose/extract_part.h"
#include "compose/rank.h"
#include "compose/sentence.h"
#include "compose/weight.h"

enum { OPENING_WEIGHT = 160, TITLE_WEIGHT = 80, LEAST_QUOTE = 50 };

/* What stands behind a quotation: its title and its link. */
static err make_tail(struct sheet *s, const struct found *f, str *tail)
{
    struct buf out;
    str title;
    TRY(sentence_clip(s->a, f->title, TITLE_WEIGHT, &title));
    buf_init(&out, s->a, 256, FOUND_MAX_BYTES);
    if (title.n > 0) {
        buf_lit(&out, " \u2014 ");
        buf_str(&out, title);
    }
    if (f->link.n > 0) {
        buf_char(&out, '\n');
        buf_str(&out, f->link);
    }
    *tail = buf_view(&out);
    return NULL;
}

/* The sentences of a text, without the one that the bound cut off. */
static err split_text(struct sheet *s, str *text, struct sentence **sentences, size_t *n)
{
    str start = text_start(*text, FOUND_MAX_BYTES);
    TRY(sentences_split(s->a, start, sentences, n));
    *n -= start.n<text->n && * n> 1 ? 1 : 0;
    *text = start;
    return NULL;
}

/* The best sentence that weighs at most `room`, and those behind it that fit with it; else the beginning of the
 * best. */
static err choose_words(struct sheet *s, str text, unsigned room, str *out)
{
    struct sentence *sentences;
    struct ranking *r;
    size_t n;
    TRY(split_text(s, &text, &sentences, &n));
    TRY(ranking_new(s->a, sentences, n, s->topic, &r));
    size_t best = ranking_best(r);
    if (best == n) {
        return sentence_clip(s->a, text, room, out);
    }
    size_t from = best;
    while (from < n && sentences[from].weight > room) {
        ranking_drop(r, from);
        from = ranking_best(r);
    }
    if (from == n) {
        return sentence_clip(s->a, sentences[best].text, room, out);
    }
    if (from > 0 && sentences[from].leans && !sentences[from].first &&
        sentences[from - 1].weight + 1 + sentences[from].weight <= room) {
        from--;
    }
    struct buf words;
    unsigned used = sentences[from].weight;
    buf_init(&words, s->a, 512, FOUND_MAX_BYTES);
    buf_str(&words, sentences[from].text);
    for (size_t i = from + 1; i < n && !sentences[i].first; i++) {
        str gap = sentence_gap(sentences[i - 1].text);
        used += (unsigned)gap.n + sentences[i].weight;
        if (used > room) {
            break;
        }
        buf_str(&words, gap);
        buf_str(&words, sentences[i].text);
    }
    *out = buf_view(&words);
    return NULL;
}

/* “What it says” — its title, its link; empty when it says nothing or does not fit into `room`. */
static err quote(struct sheet *s, const struct found *f, unsigned room, str *out)
{
    enum { MARKS = 2 };
    str tail;
    str words;
    unsigned weight = 0;
    TRY(make_tail(s, f, &tail));
    TRY(weight_of(s->a, tail, &weight));
    *out = (str){"", 0};
    if (sentence_on_one_line(s->a, f->text).n == 0) {
        /* A title alone, without the dash before it. */
        *out = f->title.n > 0 && weight <= room ? str_slice(tail, sizeof " \u2014 " - 1, tail.n) : *out;
        return NULL;
    }
    if (weight + MARKS + LEAST_QUOTE > room) {
        return NULL;
    }
    TRY(choose_words(s, f->text, room - weight - MARKS, &words));
    *out = str_format(s->a, "\u201c%.*s\u201d%.*s", STR_ARGS(words), STR_ARGS(tail));
    return NULL;
}

static bool is_repeated(const str *quotes, size_t n, str q)
{
    for (size_t i = 0; i < n; i++) {
        if (str_eq(quotes[i], q)) {
            return true;
        }
    }
    return false;
}

/* Each quotation in a tweet of its own; the first beside the opening when there is but one tweet. */
static err put_quotes(struct sheet *s, size_t *put)
{
    str quotes[BRIEF_MAX_FOUND];
    const struct brief *b = s->brief;
    *put = 0;
    for (size_t i = 0; i < b->found_count && i < BRIEF_MAX_FOUND; i++) {
        bool beside = s->most == 1;
        unsigned room = s->limit;
        bool done = false;
        if (beside) {
            room = sheet_room(s) > 2 ? sheet_room(s) - 2 : 0;
        }
        TRY(quote(s, &b->found[i], room, &quotes[*put]));
        if (quotes[*put].n == 0 || is_repeated(quotes, *put, quotes[*put]) ||
            (!beside && !sheet_has_next(s))) {
            continue;
        }
        TRY(sheet_put(s, STR("\n\n"), quotes[*put], &done));
        *put += done ? 1 : 0;
        if (beside && done) {
            break;
        }
    }
    return NULL;
}

err extract_community(struct sheet *s, bool *filled)
{
    size_t put = 0;
    *filled = false;
    if (s->brief->found_count == 0) {
        return NULL;
    }
    TRY(sheet_opening(s, &s->tone->gathered, 1, OPENING_WEIGHT));
    TRY(put_quotes(s, &put));
    *filled = put > 0;
    if (!*filled) {
        s->n = 0;
        s->extra = 0;
    }
    return NULL;
}

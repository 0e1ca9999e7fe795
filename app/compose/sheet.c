#include "compose/sheet.h"

#include <string.h>

#include "base/arena.h"
#include "base/rune.h"
#include "base/text.h"
#include "compose/rank.h"
#include "compose/script.h"
#include "compose/sentence.h"
#include "compose/weight.h"
#include "io/icu.h"

enum { NUMBER_WEIGHT = 6 }; /* " 20/20" */

/* At least one in twelve words of English prose is a stop word of our list, in all but the shortest texts. */
static bool is_english(struct arena *a, const struct brief *b)
{
    enum { ENOUGH = 20, ONE_IN = 12 };
    enum script script = script_of(b->topic);
    size_t words = 0;
    size_t stops = 0;
    str text = text_fold(a, b->source);
    for (size_t at = 0; at < text.n;) {
        size_t end = at;
        while (end < text.n && text.p[end] != ' ' && text.p[end] != '\n') {
            end++;
        }
        words += end > at ? 1 : 0;
        stops += end > at && rank_is_stop_word(str_slice(text, at, end)) ? 1 : 0;
        at = end + 1;
    }
    enum script source = script_of(b->source);
    bool latin = (script == SCRIPT_LATIN || script == SCRIPT_UNKNOWN) &&
                 (source == SCRIPT_LATIN || source == SCRIPT_UNKNOWN);
    return latin && (words < ENOUGH || stops * ONE_IN >= words);
}

static unsigned sum_of_bytes(str s)
{
    unsigned sum = 0;
    for (size_t i = 0; i < s.n; i++) {
        sum += (unsigned char)s.p[i];
    }
    return sum;
}

err sheet_open(struct sheet *s, struct arena *a, const struct brief *b)
{
    bool known = false;
    *s = (struct sheet){.a = a, .brief = b, .tone = tone_of(a, b->tone, &known)};
    TRY(icu_nfc(a, sentence_on_one_line(a, b->topic), &s->topic));
    if (s->topic.n > 1 && s->topic.p[s->topic.n - 1] == '.' && s->topic.p[s->topic.n - 2] != '.') {
        s->topic.n--;
    }
    s->english = is_english(a, b);
    s->variant = sum_of_bytes(s->topic) % TONE_VARIANTS;
    s->limit = TWEET_MAX - (b->numbered ? NUMBER_WEIGHT : 0);
    s->most = (size_t)b->max_tweets;
    return NULL;
}

/* A first word in small letters gets a capital one, but iPhone stays what it is. */
static str capitalize(struct arena *a, str s)
{
    size_t end = 0;
    while (end < s.n && s.p[end] >= 'a' && s.p[end] <= 'z') {
        end++;
    }
    if (end == 0 || (end < s.n && s.p[end] != ' ' && s.p[end] != ',')) {
        return s;
    }
    char *copy = str_c(a, s);
    copy[0] = (char)(copy[0] - 'a' + 'A');
    return (str){copy, s.n};
}

/* Whether a topic is a question, a call, or broken off, so that nothing goes on behind it. */
static bool has_mark(str topic)
{
    static const char *const ends[] = {"?", "!", "\u2026", "\u061f", "\uff1f", "\uff01", ":"};
    return sentence_ends_in(topic, ends, sizeof ends / sizeof ends[0]);
}

/* How many tweets a text becomes, at most. */
static err count_tweets(struct sheet *s, str text, size_t *n)
{
    struct thread t;
    struct fit how = {.max_tweets = (unsigned)s->most, .numbered = s->brief->numbered};
    TRY(thread_fit(s->a, &text, 1, &how, &t));
    *n = t.n;
    return NULL;
}

/* The phrase that suits the topic: none but the emoji where words would not, no words before a long topic or a
 * question, no "thread" where there is but one tweet. */
static err choose_phrase(const struct sheet *s, const struct phrase *phrases, size_t n, struct phrase *out)
{
    enum { SHORT_TOPIC = 60 };
    unsigned weight = 0;
    TRY(weight_of(s->a, s->topic, &weight));
    bool question = has_mark(s->topic);
    *out = (struct phrase){"", s->tone->mark};
    for (size_t i = 0; i < n && s->english && s->most > 1 && weight <= s->limit; i++) {
        struct phrase p = phrases[(s->variant + i) % n];
        bool before = p.before[0] == '\0' || (weight <= SHORT_TOPIC && !question);
        bool after = !question || p.after[0] == '\0' || strchr(":.,!", p.after[0]) == NULL;
        if (before && after) {
            *out = p;
            break;
        }
    }
    return NULL;
}

err sheet_opening(struct sheet *s, const struct phrase *phrases, size_t n, unsigned most)
{
    struct phrase p;
    unsigned around = 0;
    str topic = s->topic;
    TRY(choose_phrase(s, phrases, n, &p));
    TRY(weight_of(s->a, str_format(s->a, "%s%s", p.before, p.after), &around));
    if (most > 0) {
        TRY(sentence_clip(s->a, topic, most - around, &topic));
    }
    if (p.before[0] == '\0') {
        topic = capitalize(s->a, topic);
    }
    s->tweets[0] = str_format(s->a, "%s%.*s%s", p.before, STR_ARGS(topic), p.after);
    s->n = 1;
    TRY(weight_of(s->a, s->tweets[0], &s->weights[0]));
    if (s->weights[0] > s->limit) {
        size_t tweets = 1;
        TRY(count_tweets(s, s->tweets[0], &tweets));
        s->extra = tweets - 1;
    }
    return NULL;
}

bool sheet_has_question(const struct sheet *s)
{
    return has_mark(s->topic);
}

unsigned sheet_room(const struct sheet *s)
{
    unsigned used = s->n > 0 ? s->weights[s->n - 1] : s->limit;
    return used < s->limit ? s->limit - used : 0;
}

bool sheet_has_next(const struct sheet *s)
{
    return s->n + s->extra < s->most;
}

err sheet_begin(struct sheet *s, str text, bool *done)
{
    *done = sheet_has_next(s);
    if (*done) {
        s->tweets[s->n++] = text;
        return weight_of(s->a, text, &s->weights[s->n - 1]);
    }
    return NULL;
}

err sheet_put(struct sheet *s, str join, str text, bool *done)
{
    unsigned joined = 0;
    str tail = str_format(s->a, "%.*s%.*s", STR_ARGS(join), STR_ARGS(text));
    TRY(weight_of(s->a, tail, &joined));
    if (joined > sheet_room(s)) {
        return sheet_begin(s, text, done);
    }
    str *last = &s->tweets[s->n - 1];
    *last = str_format(s->a, "%.*s%.*s", STR_ARGS(*last), STR_ARGS(tail));
    *done = true;
    return weight_of(s->a, *last, &s->weights[s->n - 1]);
}

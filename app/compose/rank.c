#include "compose/rank.h"

#include <string.h>

#include "base/arena.h"
#include "base/hash.h"
#include "base/rune.h"
#include "base/text.h"
#include "io/icu.h"

/* Weights of words are in hundredths of an occurrence. */
enum {
    UNIT = 100,
    MOST_OCCURRENCES = 8,
    TOPIC_FACTOR = 3,
    FEW_SENTENCES = 8,
    LONG_WEIGHT = 240,
    FEW_WORDS = 4
};

struct word {
    str text; /* folded */
    unsigned weight;
    unsigned sentences; /* in which it stands */
    size_t last;        /* the sentence counted last, plus one */
    bool topic;
};

struct ranked {
    size_t *words; /* indexes, each once */
    size_t n;
    unsigned percent; /* what its place and form are worth */
    bool out;         /* taken or dropped */
};

struct ranking {
    struct arena *a;
    const struct sentence *sentences;
    struct ranked *ranked;
    size_t n;
    struct word *words;
    size_t word_count, word_cap;
    size_t *slots; /* index of a word plus one, 0 for none; open addressing */
    size_t slot_count;
};

/* -- words -- */

static void insert_slot(struct ranking *r, size_t word)
{
    size_t at = hash64(r->words[word].text) & (r->slot_count - 1);
    while (r->slots[at] != 0) {
        at = (at + 1) & (r->slot_count - 1);
    }
    r->slots[at] = word + 1;
}

static void grow(struct ranking *r)
{
    size_t cap = r->word_cap * 2;
    r->words = arena_grow(r->a, r->words, r->word_cap * sizeof *r->words, cap * sizeof *r->words);
    r->word_cap = cap;
    r->slot_count = cap * 2;
    r->slots = ARENA_ARRAY(r->a, size_t, r->slot_count);
    for (size_t i = 0; i < r->word_count; i++) {
        insert_slot(r, i);
    }
}

/* The index of a word; made when it is new. */
static size_t intern(struct ranking *r, str text)
{
    size_t at = hash64(text) & (r->slot_count - 1);
    for (; r->slots[at] != 0; at = (at + 1) & (r->slot_count - 1)) {
        if (str_eq(r->words[r->slots[at] - 1].text, text)) {
            return r->slots[at] - 1;
        }
    }
    if (r->word_count == r->word_cap) {
        grow(r);
    }
    r->words[r->word_count] = (struct word){.text = text};
    insert_slot(r, r->word_count);
    return r->word_count++;
}

/* Folded; English plurals and singulars are one. */
static str stem(struct arena *a, str word)
{
    word = text_fold(a, word);
    bool plural = word.n > 3 && word.p[word.n - 1] == 's' && word.p[word.n - 2] != 's' &&
                  word.p[word.n - 2] != 'u' && word.p[word.n - 2] != 'i';
    return str_slice(word, 0, plural ? word.n - 1 : word.n);
}

/* Calls use for each word of a text that has a meaning. */
static err each_word(struct ranking *r, str text, size_t sentence,
                     void (*use)(struct ranking *, size_t, size_t))
{
    size_t *ends;
    size_t n;
    TRY(icu_boundaries(r->a, ICU_WORD, text, &ends, &n));
    for (size_t i = 0, from = 0; i < n; from = ends[i++]) {
        size_t at = from;
        str word = str_slice(text, from, ends[i]);
        uint32_t first = text_next(text, &at);
        if (!rune_is_word(first) || (word.n == 1 && first < 0x80)) {
            continue;
        }
        str plain = stem(r->a, str_slice(word, 0, str_find(word, '\'', 0)));
        if (!rank_is_stop_word(plain)) {
            use(r, intern(r, plain), sentence);
        }
    }
    return NULL;
}

static void mark_topic(struct ranking *r, size_t word, size_t sentence)
{
    (void)sentence;
    r->words[word].topic = true;
}

static void count(struct ranking *r, size_t word, size_t sentence)
{
    struct word *w = &r->words[word];
    w->weight += w->weight < MOST_OCCURRENCES * UNIT ? UNIT : 0;
    if (w->last != sentence + 1) {
        struct ranked *s = &r->ranked[sentence];
        w->last = sentence + 1;
        w->sentences++;
        s->words[s->n++] = word;
    }
}

/* -- sentences -- */

static size_t count_char(str s, const char *c)
{
    size_t found = 0;
    str part = str_of(c);
    for (size_t i = 0; i + part.n <= s.n; i++) {
        found += memcmp(s.p + i, part.p, part.n) == 0 ? 1 : 0;
    }
    return found;
}

static bool is_lopsided(str s)
{
    return count_char(s, "(") != count_char(s, ")") || count_char(s, "[") != count_char(s, "]") ||
           count_char(s, "\u201c") != count_char(s, "\u201d") || count_char(s, "\"") % 2 != 0;
}

/* What place and form are worth. */
static unsigned judge(const struct sentence *s, size_t i, size_t words)
{
    unsigned percent = 100;
    char last = s->text.p[s->text.n - 1];
    percent = i == 0 ? percent * 3 / 2 : s->first ? percent * 6 / 5 : percent;
    percent = s->leans ? percent * 7 / 10 : percent;
    percent = last == '?' ? percent * 8 / 10 : percent;
    percent = last == ':' ? percent * 4 / 10 : percent;
    percent = is_lopsided(s->text) ? percent / 2 : percent;
    percent = s->weight > LONG_WEIGHT ? percent * 8 / 10 : percent;
    return words < FEW_WORDS ? percent / 2 : percent;
}

/* Letters and digits only, folded: the same for sentences that say the same. */
static str skeleton(struct arena *a, str text)
{
    str folded = text_fold(a, text);
    char *out = arena_alloc(a, folded.n + 1);
    size_t n = 0;
    for (size_t at = 0; at < folded.n;) {
        size_t from = at;
        if (rune_is_word(text_next(folded, &at))) {
            memcpy(out + n, folded.p + from, at - from);
            n += at - from;
        }
    }
    return (str){out, n};
}

/* A second table of the same kind knows each sentence by its skeleton. */
static void drop_repeated(struct ranking *r)
{
    struct ranking seen = {.a = r->a, .word_cap = 64, .slot_count = 128};
    seen.words = ARENA_ARRAY(r->a, struct word, seen.word_cap);
    seen.slots = ARENA_ARRAY(r->a, size_t, seen.slot_count);
    for (size_t i = 0; i < r->n; i++) {
        size_t before = seen.word_count;
        str bones = skeleton(r->a, r->sentences[i].text);
        bool again = bones.n == 0 || intern(&seen, bones) < before;
        r->ranked[i].out = r->ranked[i].out || again;
    }
}

/* What stands in most sentences tells none from another: the small words of languages that we have no list of. */
static void forget_common(struct ranking *r)
{
    for (size_t i = 0; i < r->word_count; i++) {
        struct word *w = &r->words[i];
        if (r->n >= FEW_SENTENCES && w->sentences * 2 > r->n && !w->topic) {
            w->weight = 0;
        }
        w->weight *= w->topic ? TOPIC_FACTOR : 1;
    }
}

err ranking_new(struct arena *a, const struct sentence *sentences, size_t n, str topic, struct ranking **out)
{
    enum { FIRST_WORDS = 256 };
    struct ranking *r = ARENA_NEW(a, struct ranking);
    *r = (struct ranking){.a = a, .sentences = sentences, .n = n, .word_cap = FIRST_WORDS};
    r->ranked = ARENA_ARRAY(a, struct ranked, n + 1);
    r->words = ARENA_ARRAY(a, struct word, r->word_cap);
    r->slot_count = r->word_cap * 2;
    r->slots = ARENA_ARRAY(a, size_t, r->slot_count);
    TRY(each_word(r, topic, 0, mark_topic));
    for (size_t i = 0; i < n; i++) {
        r->ranked[i].words = ARENA_ARRAY(a, size_t, sentences[i].text.n + 1);
        TRY(each_word(r, sentences[i].text, i, count));
        r->ranked[i].percent = judge(&sentences[i], i, r->ranked[i].n);
        r->ranked[i].out = sentences[i].heading;
    }
    forget_common(r);
    drop_repeated(r);
    *out = r;
    return NULL;
}

/* The sum grows with the length of a sentence, its average falls: something between the two. */
static uint64_t score(const struct ranking *r, const struct ranked *s)
{
    enum { EVEN = 8 };
    uint64_t sum = 0;
    for (size_t i = 0; i < s->n; i++) {
        sum += r->words[s->words[i]].weight;
    }
    return sum * s->percent / (s->n + EVEN);
}

size_t ranking_best(const struct ranking *r)
{
    size_t best = r->n;
    uint64_t most = 0;
    for (size_t i = 0; i < r->n; i++) {
        uint64_t points = r->ranked[i].out ? 0 : score(r, &r->ranked[i]);
        if (!r->ranked[i].out && (best == r->n || points > most)) {
            best = i;
            most = points;
        }
    }
    return best;
}

void ranking_take(struct ranking *r, size_t i)
{
    struct ranked *s = &r->ranked[i];
    s->out = true;
    for (size_t k = 0; k < s->n; k++) {
        r->words[s->words[k]].weight /= 2;
    }
}

void ranking_drop(struct ranking *r, size_t i)
{
    r->ranked[i].out = true;
}

bool ranking_is_open(const struct ranking *r, size_t i)
{
    return !r->ranked[i].out;
}

size_t ranking_words(const struct ranking *r, size_t i)
{
    return r->ranked[i].n;
}

#include "compose/cut.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/text.h"
#include "compose/tidy.h"
#include "io/icu.h"

/* How good it is to cut behind an atom, ascending. */
enum liking {
    LIKE_NONE,  /* between two graphemes */
    LIKE_BREAK, /* a boundary of words (UAX #29) inside what stands between two spaces */
    LIKE_WORD,  /* a boundary of words beside a script that is written without spaces */
    LIKE_SPACE,
    LIKE_CLAUSE,
    LIKE_SENTENCE
};

/* What is never cut: a grapheme, an address, and what they overlap in. */
struct atom {
    size_t end; /* in the text, which is where the next begins */
    unsigned weight;
    unsigned char liking; /* enum liking */
    bool space;           /* a single space or line end */
};

struct cutting {
    str text;
    struct weight_part *weights;
    size_t weight_count;
    struct atom *atoms;
    size_t n;
    unsigned limit;
    str *parts;
    size_t count, room;
    struct arena *a;
};

static bool is_one_of(uint32_t code, const uint32_t *set, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (set[i] == code) {
            return true;
        }
    }
    return false;
}

#define IS_ONE_OF(code, ...)                           \
    is_one_of((code), (const uint32_t[]){__VA_ARGS__}, \
              sizeof((const uint32_t[]){__VA_ARGS__}) / sizeof(uint32_t))

static bool is_clause_end(uint32_t code)
{
    return IS_ONE_OF(code, ',', ';', ':', 0x2013, 0x2014, 0x060C, 0x061B, 0x0964, 0x3001, 0xFF0C, 0xFF1A,
                     0xFF1B, 0xFF64);
}

/* Full stops and the like, behind which no space is written. */
static bool is_wide_end(uint32_t code)
{
    return IS_ONE_OF(code, 0x3002, 0xFF01, 0xFF0E, 0xFF1F, 0xFF61);
}

/* The code point that ends before `end`, which is not 0. */
static uint32_t code_before(str s, size_t end)
{
    size_t at = end - 1;
    while (at > 0 && ((unsigned char)s.p[at] & 0xC0) == 0x80) {
        at--;
    }
    return text_next(s, &at);
}

/* --- atoms --------------------------------------------------------------------------------------------------- */

/* Positions that are an end in both lists. Both end with the end of the text. */
static err find_atoms(struct cutting *c)
{
    size_t *graphemes;
    size_t grapheme_count;
    TRY(weight_parts(c->a, c->text, &c->weights, &c->weight_count));
    TRY(icu_boundaries(c->a, ICU_GRAPHEME, c->text, &graphemes, &grapheme_count));
    c->atoms = arena_alloc(c->a, grapheme_count * sizeof *c->atoms);
    c->n = 0;
    unsigned weight = 0;
    size_t from = 0;
    for (size_t i = 0, k = 0; i < c->weight_count; i++) {
        size_t end = c->weights[i].at + c->weights[i].n;
        weight += c->weights[i].weight;
        while (k < grapheme_count && graphemes[k] < end) {
            k++;
        }
        if (k < grapheme_count && graphemes[k] == end) {
            char first = c->text.p[from];
            bool space = end - from == 1 && (first == ' ' || first == '\n');
            c->atoms[c->n++] = (struct atom){.end = end, .weight = weight, .space = space};
            weight = 0;
            from = end;
        }
    }
    return NULL;
}

static bool reaches(const size_t *ends, size_t n, size_t *at, size_t end)
{
    while (*at < n && ends[*at] < end) {
        (*at)++;
    }
    return *at < n && ends[*at] == end;
}

static enum liking liking_of(str text, const struct atom *atom, size_t from, bool sentence, bool word)
{
    if (atom->end == text.n) {
        return LIKE_SENTENCE;
    }
    uint32_t before = code_before(text, atom->space && from > 0 ? from : atom->end);
    if (atom->space) {
        return sentence || text.p[from] == '\n' ? LIKE_SENTENCE
               : is_clause_end(before)          ? LIKE_CLAUSE
                                                : LIKE_SPACE;
    }
    if (!word) {
        return LIKE_NONE;
    }
    size_t next = atom->end;
    bool unspaced = icu_is_unspaced(before) || icu_is_unspaced(text_next(text, &next));
    if (is_wide_end(before)) {
        return sentence ? LIKE_SENTENCE : LIKE_CLAUSE;
    }
    if (!unspaced) {
        return LIKE_BREAK;
    }
    return is_clause_end(before) ? LIKE_CLAUSE : LIKE_WORD;
}

static err find_likings(struct cutting *c)
{
    size_t *sentences;
    size_t *words;
    size_t sentence_count;
    size_t word_count;
    TRY(icu_boundaries(c->a, ICU_SENTENCE, c->text, &sentences, &sentence_count));
    TRY(icu_boundaries(c->a, ICU_WORD, c->text, &words, &word_count));
    size_t from = 0;
    for (size_t i = 0, s = 0, w = 0; i < c->n; i++) {
        struct atom *atom = &c->atoms[i];
        bool sentence = reaches(sentences, sentence_count, &s, atom->end);
        bool word = reaches(words, word_count, &w, atom->end);
        atom->liking = (unsigned char)liking_of(c->text, atom, from, sentence, word);
        from = atom->end;
    }
    return NULL;
}

/* Of each atom that is too heavy only the first code points stay. */
static err shorten(struct cutting *c, bool *lost)
{
    struct buf b;
    unsigned weight = 0;
    buf_init(&b, c->a, c->text.n, SIZE_MAX / 4);
    for (size_t i = 0, k = 0; i < c->weight_count; i++) {
        const struct weight_part *part = &c->weights[i];
        if (part->at == c->atoms[k].end) {
            weight = 0;
            k++;
        }
        weight += part->weight;
        if (weight <= CUT_GRAPHEME_MAX) {
            buf_str(&b, str_slice(c->text, part->at, part->at + part->n));
        } else {
            *lost = true;
        }
    }
    TRY(icu_nfc(c->a, buf_view(&b), &c->text));
    return find_atoms(c);
}

/* --- choosing ------------------------------------------------------------------------------------------------ */

/* What stands around atom `at` between two places where one may cut between words is too heavy for one part. */
static bool is_long_word(const struct cutting *c, size_t at)
{
    unsigned weight = 0;
    while (at > 0 && c->atoms[at - 1].liking < LIKE_WORD) {
        at--;
    }
    for (; at < c->n && !c->atoms[at].space && weight <= c->limit; at++) {
        weight += c->atoms[at].weight;
        if (c->atoms[at].liking >= LIKE_WORD) {
            break;
        }
    }
    return weight > c->limit;
}

/* The part that begins at atom `from` and may weigh `budget`: the index behind its last atom, at least from + 1. */
static size_t choose(const struct cutting *c, size_t from, unsigned budget)
{
    size_t best[LIKE_SENTENCE + 1] = {0}; /* the last place of each liking, as the index behind it */
    unsigned weights[LIKE_SENTENCE + 1] = {0};
    unsigned weight = 0;
    size_t i = from;
    for (; i < c->n; i++) {
        const struct atom *atom = &c->atoms[i];
        if (weight + atom->weight > budget && !atom->space && i > from) {
            break;
        }
        weight += atom->weight;
        best[atom->liking] = i + 1;
        weights[atom->liking] = weight;
    }
    if (i == c->n) {
        return c->n;
    }
    if (best[LIKE_SENTENCE] > 0 && weights[LIKE_SENTENCE] >= budget * 2 / 5) {
        return best[LIKE_SENTENCE];
    }
    if (best[LIKE_CLAUSE] > 0 && weights[LIKE_CLAUSE] >= budget * 3 / 5) {
        return best[LIKE_CLAUSE];
    }
    size_t last = 0; /* the last place between two words */
    for (unsigned k = LIKE_WORD; k <= LIKE_SENTENCE; k++) {
        last = best[k] > last ? best[k] : last;
    }
    unsigned used = 0;
    for (size_t k = from; k < last; k++) {
        used += c->atoms[k].weight;
    }
    if (last > 0 && (used >= budget / 2 || !is_long_word(c, i))) {
        return last;
    }
    return weights[LIKE_BREAK] >= budget / 2 ? best[LIKE_BREAK] : i;
}

static void add(struct cutting *c, str part)
{
    if (c->count == c->room) {
        size_t room = c->room == 0 ? 8 : 2 * c->room;
        c->parts = arena_grow(c->a, c->parts, c->room * sizeof *c->parts, room * sizeof *c->parts);
        c->room = room;
    }
    c->parts[c->count++] = part;
}

/* Without the blanks at its ends; also not with one that a mark stands on, or that a prefix stands before. */
static str part_of(const struct cutting *c, size_t from, size_t to)
{
    str part = str_slice(c->text, from > 0 ? c->atoms[from - 1].end : 0, c->atoms[to - 1].end);
    while (part.n > 0 && (part.p[0] == ' ' || part.p[0] == '\n')) {
        part = str_slice(part, 1, part.n);
    }
    while (part.n > 0 && (part.p[part.n - 1] == ' ' || part.p[part.n - 1] == '\n')) {
        part.n--;
    }
    return part;
}

/* All of it into parts of `budget` at most; *last: what the last one weighs. */
static err cut_all(struct cutting *c, unsigned budget, unsigned *last)
{
    c->count = 0;
    for (size_t from = 0; from < c->n;) {
        if (c->atoms[from].space) {
            from++;
            continue;
        }
        /* Better fuller than inside a word. */
        bool narrow = c->atoms[choose(c, from, budget) - 1].liking < LIKE_WORD;
        unsigned room = narrow ? c->limit : budget;
        unsigned weight;
        size_t to;
        str part;
        /* Alone, a part may be heavier than in its place: half a word that now reads as an address. */
        for (;; room -= room > weight - c->limit ? weight - c->limit : room) {
            to = choose(c, from, room);
            part = part_of(c, from, to);
            TRY(weight_of(c->a, part, &weight));
            if (weight <= c->limit || room == 0) {
                break;
            }
        }
        if (tidy_shows(part)) {
            add(c, part);
            *last = weight;
        }
        from = to;
    }
    return NULL;
}

static err begin(struct cutting *c, bool *lost)
{
    bool heavy = false;
    unsigned total = 0;
    TRY(find_atoms(c));
    for (size_t i = 0; i < c->n; i++) {
        heavy = heavy || c->atoms[i].weight > CUT_GRAPHEME_MAX;
        total += c->atoms[i].weight;
    }
    if (heavy) {
        TRY(shorten(c, lost));
    }
    return total > c->limit ? find_likings(c) : NULL;
}

err cut_text(struct arena *a, str text, unsigned limit, str **parts, size_t *n, bool *lost)
{
    struct cutting c = {.text = text, .limit = limit, .a = a};
    unsigned total = 0;
    unsigned last = 0;
    TRY(begin(&c, lost));
    TRY(cut_all(&c, limit, &last));
    /* A few words alone at the end look lost: as many parts, but more alike, are better. */
    if (c.count > 1 && last < limit / 4) {
        struct cutting even = c;
        unsigned even_last = 0;
        even.parts = NULL;
        even.room = 0;
        for (size_t i = 0; i < c.n; i++) {
            total += c.atoms[i].weight;
        }
        unsigned budget = total / (unsigned)c.count + limit / 7;
        TRY(cut_all(&even, budget < limit ? budget : limit, &even_last));
        c = even.count == c.count && even_last > last ? even : c;
    }
    *parts = c.parts;
    *n = c.count;
    return NULL;
}

err cut_first(struct arena *a, str text, unsigned limit, str *part, bool *lost)
{
    struct cutting c = {.text = text, .limit = limit, .a = a};
    unsigned last = 0;
    TRY(begin(&c, lost));
    TRY(cut_all(&c, limit, &last));
    *part = c.count > 0 ? c.parts[0] : (str){NULL, 0};
    return NULL;
}

#include "compose/sentence.h"

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/rune.h"
#include "base/text.h"
#include "compose/loose_mark.h"
#include "compose/weight.h"
#include "io/icu.h"

/* A line shorter than this was not wrapped because it was full. */
enum { WRAPPED_BYTES = 45, HEADING_WORDS = 8, ELLIPSIS_WEIGHT = 2 };

struct splitting {
    struct arena *a;
    struct sentence *sentences;
    size_t n;
};

str sentence_on_one_line(struct arena *a, str text)
{
    struct buf out;
    bool blank = false;
    buf_init(&out, a, text.n + 1, text.n + 1);
    for (size_t at = 0; at < text.n;) {
        size_t start = at;
        if (rune_is_blank(text_next(text, &at))) {
            blank = out.n > 0;
            continue;
        }
        if (blank) {
            buf_char(&out, ' ');
        }
        blank = false;
        buf_str(&out, str_slice(text, start, at));
    }
    return buf_view(&out);
}

bool sentence_ends_in(str s, const char *const *ends, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        str end = str_of(ends[i]);
        if (s.n >= end.n && str_eq(str_slice(s, s.n - end.n, s.n), end)) {
            return true;
        }
    }
    return false;
}

str sentence_gap(str before)
{
    static const char *const full_width[] = {"\u3002", "\uff01", "\uff1f", "\u300d", "\uff0e"};
    bool wide = sentence_ends_in(before, full_width, sizeof full_width / sizeof full_width[0]);
    return wide ? STR("") : STR(" ");
}

/* -- clipping -- */

/* The greatest end of a word up to which the text weighs at most `most`, outside of addresses. */
static err find_cut(struct arena *a, str text, unsigned most, size_t *cut)
{
    struct weight_part *parts;
    size_t part_count;
    size_t *ends;
    size_t end_count;
    TRY(weight_parts(a, text, &parts, &part_count));
    TRY(icu_boundaries(a, ICU_WORD, text, &ends, &end_count));
    size_t word = 0;
    unsigned weight = 0;
    *cut = 0;
    for (size_t i = 0; i < part_count && weight + parts[i].weight <= most; i++) {
        size_t at = parts[i].at + parts[i].n;
        weight += parts[i].weight;
        while (word < end_count && ends[word] < at) {
            word++;
        }
        *cut = word < end_count && ends[word] == at ? at : *cut;
    }
    return NULL;
}

err sentence_clip(struct arena *a, str text, unsigned most, str *out)
{
    unsigned weight = 0;
    size_t cut = 0;
    TRY(icu_nfc(a, sentence_on_one_line(a, text), &text));
    TRY(weight_of(a, text, &weight));
    if (weight <= most) {
        *out = text;
        return NULL;
    }
    TRY(find_cut(a, text, most - ELLIPSIS_WEIGHT, &cut));
    while (cut > 0 && strchr(" ,;:.!?-(\"'", text.p[cut - 1]) != NULL) {
        cut--;
    }
    *out = str_format(a, "%.*s\u2026", (int)cut, text.p);
    return NULL;
}

/* -- sentences -- */

/* Whether a full stop at the end of s is that of an abbreviation or an initial. */
static bool is_abbreviated(str s)
{
    static const char *const known[] = {"mr",  "mrs", "ms",     "dr",  "prof", "st",  "vs",  "e.g",  "i.e",
                                        "cf",  "fig", "no",     "al",  "inc",  "ltd", "co",  "jr",   "sr",
                                        "u.s", "u.k", "dept",   "est", "gen",  "gov", "rev", "mt",   "jan",
                                        "feb", "mar", "apr",    "jun", "jul",  "aug", "sep", "sept", "oct",
                                        "nov", "dec", "approx", "bzw", "z.b",  "d.h", "ca",  "nr",   "u.a"};
    if (s.n < 2 || s.p[s.n - 1] != '.') {
        return false;
    }
    size_t from = s.n - 1;
    while (from > 0 && strchr(" (\"'", s.p[from - 1]) == NULL) {
        from--;
    }
    str word = str_slice(s, from, s.n - 1);
    if (word.n == 1) {
        return word.p[0] >= 'A' && word.p[0] <= 'Z' && word.p[0] != 'I';
    }
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        if (str_eq_nocase(word, str_of(known[i]))) {
            return true;
        }
    }
    return false;
}

/* Whether an ASCII mark has no blank behind it: it is part of an address or a name. */
static bool is_glued(str s, size_t at)
{
    return at > 0 && (unsigned char)s.p[at - 1] < 0x80 && s.p[at - 1] != ' ';
}

static size_t count_words(str s)
{
    size_t words = s.n > 0 ? 1 : 0;
    for (size_t at = str_find(s, ' ', 0); at < s.n; at = str_find(s, ' ', at + 1)) {
        words++;
    }
    return words;
}

static bool has_end(str s)
{
    static const char *const ends[] = {".",      "!", "?",  "\u2026", "\u3002", "\uff01", "\uff1f", "\u061f",
                                       "\u0964", ")", "\"", "\u201d", "\u00bb", ";",      "\u300d"};
    return sentence_ends_in(s, ends, sizeof ends / sizeof ends[0]);
}

/* Words that lean on the sentence before. */
static bool leans_back(struct arena *a, str text)
{
    static const char *const openings[] = {
        "this ",        "that ",     "these ",         "those ",  "it ",     "its ",        "he ",
        "she ",         "they ",     "but ",           "and ",    "so ",     "or ",         "however",
        "thus",         "therefore", "moreover",       "also",    "then ",   "furthermore", "in addition",
        "mine ",        "yours ",    "such ",          "both ",   "yet ",    "still, ",     "for example",
        "for instance", "similarly", "in other words", "instead", "finally", "again",       "meanwhile",
        "nevertheless", "otherwise"};
    str folded = text_fold(a, text_start(text, 20));
    for (size_t i = 0; i < sizeof openings / sizeof openings[0]; i++) {
        if (str_starts(folded, str_of(openings[i]))) {
            return true;
        }
    }
    return false;
}

static err add(struct splitting *s, str text, struct sentence made)
{
    text = str_trim(text);
    if (text.n == 0 || s->n == SENTENCES_MAX) {
        return NULL;
    }
    made.text = text;
    made.leans = leans_back(s->a, text);
    TRY(weight_of(s->a, text, &made.weight));
    s->sentences[s->n++] = made;
    return NULL;
}

static err add_paragraph(struct splitting *s, str paragraph, bool item, bool heading)
{
    size_t *ends;
    size_t n;
    TRY(icu_nfc(s->a, sentence_on_one_line(s->a, paragraph), &paragraph));
    TRY(icu_boundaries(s->a, ICU_SENTENCE, paragraph, &ends, &n));
    heading = heading || (!item && n == 1 && !has_end(paragraph) && count_words(paragraph) <= HEADING_WORDS);
    for (size_t i = 0, from = 0; i < n; i++) {
        str text = str_trim(str_slice(paragraph, from, ends[i]));
        if (i + 1 < n && (is_glued(paragraph, ends[i]) || is_abbreviated(text))) {
            continue;
        }
        TRY(add(s, text, (struct sentence){.first = from == 0, .item = item, .heading = heading}));
        from = ends[i];
    }
    return NULL;
}

/* -- paragraphs -- */

/* A line, and what is before its words. */
struct line {
    str words;
    bool blank;
    bool item;
    bool heading;
};

static struct line read_line(str text)
{
    struct line l = {.words = str_trim(text)};
    size_t marks = 0;
    l.blank = l.words.n == 0;
    while (marks < l.words.n && l.words.p[marks] == '#') {
        marks++;
    }
    struct mark m = mark_read(l.words);
    if (marks > 0 && marks < l.words.n && l.words.p[marks] == ' ') {
        l.heading = true;
        l.words = str_trim(str_slice(l.words, marks, l.words.n));
    } else if (m.kind != MARK_NONE && m.length < l.words.n) {
        l.item = true;
        l.words = str_trim(str_slice(l.words, m.length, l.words.n));
    }
    return l;
}

err sentences_split(struct arena *a, str text, struct sentence **out, size_t *n)
{
    struct splitting s = {.a = a, .sentences = ARENA_ARRAY(a, struct sentence, SENTENCES_MAX)};
    struct buf paragraph;
    bool item = false;
    bool wrapped = false; /* the line before was full */
    buf_init(&paragraph, a, text.n + 1, text.n + 1);
    for (size_t at = 0; at <= text.n;) {
        size_t end = str_find(text, '\n', at);
        struct line l = read_line(str_slice(text, at, end));
        if (paragraph.n > 0 && (l.blank || l.item || l.heading || !wrapped)) {
            TRY(add_paragraph(&s, buf_view(&paragraph), item, false));
            paragraph.n = 0;
            item = false;
        }
        if (l.heading) {
            TRY(add_paragraph(&s, l.words, false, true));
        } else if (!l.blank) {
            item = item || l.item;
            buf_str(&paragraph, paragraph.n > 0 ? STR(" ") : STR(""));
            buf_str(&paragraph, l.words);
        }
        wrapped = !l.heading && l.words.n >= WRAPPED_BYTES;
        at = end + 1;
    }
    TRY(add_paragraph(&s, buf_view(&paragraph), item, false));
    *out = s.sentences;
    *n = s.n;
    return NULL;
}

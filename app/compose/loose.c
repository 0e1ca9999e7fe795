#include "compose/loose.h"

#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "compose/loose_json.h"
#include "compose/loose_mark.h"
#include "compose/tidy.h"

const char *loose_name(enum loose_form form)
{
    static const char *const names[] = {"nothing", "refusal", "json", "partial", "lines", "prose"};
    return names[form];
}

static void add(struct loose *out, str piece)
{
    piece = str_trim(piece);
    if (piece.n > 0 && out->n < LOOSE_MAX_PIECES) {
        out->pieces[out->n++] = piece;
    }
}

/* -- around the answer -- */

static size_t find_word(str s, const char *word, size_t from)
{
    const char *found = from < s.n ? memmem(s.p + from, s.n - from, word, strlen(word)) : NULL;
    return found == NULL ? s.n : (size_t)(found - s.p);
}

/* What a reasoning model says to itself first. */
static str without_thoughts(str s)
{
    static const char close[] = "</think>";
    s = str_trim(s);
    if (!str_starts(s, STR("<think>"))) {
        return s;
    }
    size_t end = find_word(s, close, 0);
    return end == s.n ? STR("") : str_trim(str_slice(s, end + sizeof close - 1, s.n));
}

/* The inside of the first fence, or all of s. */
static str inside_fence(str s)
{
    size_t open = find_word(s, "```", 0);
    size_t line = str_find(s, '\n', open);
    if (line >= s.n) {
        return s;
    }
    size_t close = find_word(s, "```", line);
    str inside = str_trim(str_slice(s, line, close));
    bool json = inside.n > 0 && (inside.p[0] == '{' || inside.p[0] == '[');
    return json || open == 0 ? inside : s;
}

static bool looks_like_json(str s)
{
    return s.n > 0 && (s.p[0] == '{' || (s.n > 1 && s.p[0] == '[' && strchr("\"'{]\n", s.p[1]) != NULL));
}

/* -- lines -- */

static str next_line(str s, size_t *at)
{
    size_t end = str_find(s, '\n', *at);
    str line = str_slice(s, *at, end);
    *at = end + 1;
    return line;
}

/* How many lines carry the number that comes next, or a bullet. */
static unsigned count_marks(str s, enum mark_kind kind)
{
    unsigned count = 0;
    for (size_t at = 0; at < s.n;) {
        struct mark m = mark_read(next_line(s, &at));
        bool next = m.kind == MARK_NUMBER ? m.number == count + 1 : m.kind == MARK_BULLET;
        count += m.kind == kind && next ? 1 : 0;
    }
    return count;
}

/* The last one ends at its first blank line when no other has one: what comes then is the model's goodbye. */
static void cut_goodbye(struct loose *out)
{
    static const char blank[] = "\n\n";
    for (size_t i = 0; i + 1 < out->n; i++) {
        if (find_word(out->pieces[i], blank, 0) < out->pieces[i].n) {
            return;
        }
    }
    str *last = &out->pieces[out->n - 1];
    *last = str_trim(str_slice(*last, 0, find_word(*last, blank, 0)));
}

/* What begins at each mark and goes on to the next; what comes before the first is the model's greeting. */
static void split_at_marks(str s, enum mark_kind kind, struct loose *out)
{
    size_t from = s.n;
    unsigned count = 0;
    for (size_t at = 0; at < s.n;) {
        size_t start = at;
        struct mark m = mark_read(next_line(s, &at));
        if (m.kind != kind || (kind == MARK_NUMBER && m.number != count + 1)) {
            continue;
        }
        if (count++ > 0) {
            add(out, str_slice(s, from, start));
        }
        from = start + m.length;
    }
    add(out, str_slice(s, from, s.n));
    if (out->n > 1) {
        cut_goodbye(out);
    }
}

/* A line of dashes, stars or underscores. */
static bool is_rule(str line)
{
    line = str_trim(line);
    for (size_t i = 0; i < line.n; i++) {
        if (strchr("-*_=", line.p[i]) == NULL || line.p[i] != line.p[0]) {
            return false;
        }
    }
    return line.n >= 3;
}

/* At rules when there are any, else at blank lines. */
static void split_paragraphs(str s, struct loose *out)
{
    bool rules = false;
    for (size_t at = 0; at < s.n && !rules;) {
        rules = is_rule(next_line(s, &at));
    }
    size_t from = 0;
    for (size_t at = 0; at < s.n;) {
        size_t start = at;
        str line = next_line(s, &at);
        if (rules ? is_rule(line) : str_trim(line).n == 0) {
            add(out, str_slice(s, from, start));
            from = at;
        }
    }
    add(out, str_slice(s, from, s.n));
    /* "Here is your thread:" */
    if (out->n > 1 && out->pieces[0].p[out->pieces[0].n - 1] == ':') {
        memmove(out->pieces, out->pieces + 1, (out->n - 1) * sizeof *out->pieces);
        out->n--;
    }
}

static bool split_lines(str s, struct loose *out)
{
    if (count_marks(s, MARK_NUMBER) >= 2) {
        split_at_marks(s, MARK_NUMBER, out);
    } else if (count_marks(s, MARK_BULLET) >= 2) {
        split_at_marks(s, MARK_BULLET, out);
    }
    return out->n > 0;
}

static bool is_refusal(struct arena *a, str s)
{
    static const char *const openings[] = {"i'm sorry",         "i am sorry", "sorry, ",    "i cannot",
                                           "i can't",           "as an ai",   "i'm unable", "i am unable",
                                           "unfortunately, i ", "i won't"};
    enum { LONGEST = 600, APOSTROPHE = 3 };
    char *plain = str_c(a, text_fold(a, s));
    for (char *c = strstr(plain, "\u2019"); c != NULL; c = strstr(plain, "\u2019")) {
        *c = '\'';
        memmove(c + 1, c + APOSTROPHE, strlen(c + APOSTROPHE) + 1);
    }
    for (size_t i = 0; i < sizeof openings / sizeof openings[0] && s.n <= LONGEST; i++) {
        if (strncmp(plain, openings[i], strlen(openings[i])) == 0) {
            return true;
        }
    }
    return false;
}

static enum loose_form take_apart(struct arena *a, str text, struct loose *out)
{
    bool whole = false;
    str inside = inside_fence(text);
    if (loose_json_read(a, inside, out, &whole) || loose_json_read(a, text, out, &whole)) {
        /* One text that holds them all. */
        str only = out->pieces[0];
        if (out->n == 1) {
            out->n = 0;
            if (!split_lines(only, out)) {
                add(out, only);
            }
        }
        return whole ? LOOSE_JSON : LOOSE_PARTIAL;
    }
    if (looks_like_json(inside)) {
        return LOOSE_NOTHING;
    }
    if (split_lines(inside, out)) {
        return LOOSE_LINES;
    }
    split_paragraphs(inside, out);
    return LOOSE_PROSE;
}

/* Whether it stands among the first n, case and blanks at the ends aside. */
static bool is_repeated(const str *folded, size_t n, str piece)
{
    for (size_t i = 0; i < n; i++) {
        if (str_eq(folded[i], piece)) {
            return true;
        }
    }
    return false;
}

static void keep_distinct(struct arena *a, struct loose *out)
{
    str *folded = ARENA_ARRAY(a, str, out->n + 1);
    size_t kept = 0;
    for (size_t i = 0; i < out->n; i++) {
        str piece = mark_undress(a, out->pieces[i]);
        folded[kept] = text_fold(a, piece);
        if (tidy_shows(piece) && !is_repeated(folded, kept, folded[kept])) {
            out->pieces[kept++] = piece;
        }
    }
    out->n = kept;
}

void loose_read(struct arena *a, str text, struct loose *out)
{
    *out = (struct loose){.pieces = ARENA_ARRAY(a, str, LOOSE_MAX_PIECES)};
    text = without_thoughts(text_start(text, LOOSE_MAX_BYTES));
    out->form = take_apart(a, text, out);
    mark_strip_numbers(out->pieces, out->n);
    keep_distinct(a, out);
    if (out->n == 1 && is_refusal(a, out->pieces[0])) {
        out->n = 0;
        out->form = LOOSE_REFUSAL;
    } else if (out->n == 0) {
        out->form = LOOSE_NOTHING;
    }
}

/*
 * sentence: a text taken apart into sentences, fit to stand alone: line ends inside them are blanks, and the marks of
 * lists and headings are gone. Text is text: tags of HTML stay what they are.
 *
 * Empty lines, list items and headings end a paragraph; other line ends only after a short line, since mail and plain
 * files wrap long ones. Boundaries are those of UAX #29 (io/icu); a common abbreviation or an initial ends none.
 *
 *     struct sentence *s;
 *     size_t n;
 *     TRY(sentences_split(a, text, &s, &n));
 */
#ifndef QUIRE_COMPOSE_SENTENCE_H
#define QUIRE_COMPOSE_SENTENCE_H

#include <stdbool.h>

#include "base/err.h"

struct arena;

/* What comes after so many is not read. */
enum { SENTENCES_MAX = 1000 };

struct sentence {
    str text;        /* trimmed, not empty, in form C */
    unsigned weight; /* compose/weight.h */
    bool first;      /* of its paragraph */
    bool item;       /* of a list */
    bool leans;      /* begins like "It", "But", "However": it needs the one before (English only) */
    bool heading;    /* a line that was marked as one, or a short one without an end */
};

/* The sentences of valid UTF-8, in order, in the arena. ERROR_INTERNAL when ICU fails. */
MUST_USE err sentences_split(struct arena *a, str text, struct sentence **out, size_t *n);
/* What goes between two sentences that follow one another: a blank, nothing behind a full-width mark. */
str sentence_gap(str before);
/* Whether s ends in one of n texts. */
bool sentence_ends_in(str s, const char *const *ends, size_t n);
/* The text on one line: each run of blanks and line ends is one blank; trimmed. */
str sentence_on_one_line(struct arena *a, str text);
/* The beginning of a text on one line, so that it weighs at most `most` (at least 10): itself, or whole words and
 * "…". */
MUST_USE err sentence_clip(struct arena *a, str text, unsigned most, str *out);

#endif

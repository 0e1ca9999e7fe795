/*
 * cut: one tidy text cut into parts that weigh no more than a limit, where a reader would cut it (fit.h says where).
 *
 *     str *parts;
 *     size_t n;
 *     bool lost = false;
 *     TRY(cut_text(a, text, TWEET_MAX, &parts, &n, &lost));
 */
#ifndef QUIRE_COMPOSE_CUT_H
#define QUIRE_COMPOSE_CUT_H

#include <stdbool.h>

#include "base/err.h"
#include "compose/weight.h"

struct arena;

/* A heavier grapheme keeps only its first code points, of this weight at most: so much, a number " 20/20" and
 * " …" are one tweet. */
enum { CUT_GRAPHEME_MAX = TWEET_MAX - 9 };

/* The parts of a text of tidy_text(), in order, each with something to be seen and no blank at its ends; in the arena,
 * or of the text itself. Blanks at cuts, and parts of which nothing would be seen, are left out. limit:
 * CUT_GRAPHEME_MAX to TWEET_MAX. *lost is set where a grapheme was shortened, and left alone otherwise. ERROR_INTERNAL
 * when ICU fails. */
MUST_USE err cut_text(struct arena *a, str text, unsigned limit, str **parts, size_t *n, bool *lost);
/* The first part, as full as the limit allows; empty when nothing is to be seen. The rest as above. */
MUST_USE err cut_first(struct arena *a, str text, unsigned limit, str *part, bool *lost);

#endif

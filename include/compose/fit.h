/*
 * fit: makes a thread of tweets of the texts that should be its tweets.
 *
 * Each piece is what somebody would like to be one tweet: a paragraph, a sentence, what a language model answered. A
 * piece that is too long becomes several tweets; one that holds nothing to be seen is left out; when there are more
 * tweets than wanted, neighbours that fit together become one (with an empty line between two pieces), and what still
 * is too much is left out, the last tweet then ending in "…".
 *
 * Every tweet that comes out
 * - weighs at most TWEET_MAX (weight.h), number included, and shows something: it is not only blanks and characters
 *   that cannot be seen;
 * - is valid UTF-8 in normalization form C without control characters, noncharacters and byte order marks; blanks are
 *   single spaces, at most one empty line stands between two lines, and none at the ends;
 * - begins and ends at a boundary of graphemes and outside addresses. It ends, in this order of liking, behind a
 *   sentence or line, behind , ; : or a dash, at a space, between words of a script without spaces or other boundaries
 *   of UAX #29 of a word that would not fit into a tweet of its own, between graphemes of such a word.
 * A single grapheme that hardly fits into a tweet (heavier than CUT_GRAPHEME_MAX, compose/cut.h: a letter under a tower
 * of marks, emoji joined without end) keeps its first code points up to that weight; the others are dropped, and `cut`
 * is set.
 *
 * Deterministic: the same pieces give the same thread. Nothing is read but its arguments.
 *
 *     struct thread t;
 *     struct fit how = {.max_tweets = 5, .numbered = true};
 *     TRY(thread_fit(a, paragraphs, n, &how, &t));
 *     // t.tweets[0]: "… 1/3"
 */
#ifndef QUIRE_COMPOSE_FIT_H
#define QUIRE_COMPOSE_FIT_H

#include <stdbool.h>

#include "base/err.h"

struct arena;

/* More tweets than this no thread has. */
enum { THREAD_MAX = 20 };

struct fit {
    unsigned max_tweets; /* 1 to THREAD_MAX */
    bool numbered; /* each tweet of a thread of two or more ends in " 1/n"; a single one bears no number */
};

struct thread {
    str *tweets; /* in the arena */
    size_t n;    /* 1 to max_tweets */
    bool cut;    /* some of the words were left out */
};

/* Errors: ERROR_INVALID (its detail is a sentence, it has no list of problems) when no piece holds anything to be seen;
 * ERROR_INTERNAL when ICU fails. max_tweets outside its bounds is a programmer's mistake: abort(). */
MUST_USE err thread_fit(struct arena *a, const str *pieces, size_t n, const struct fit *how,
                        struct thread *out);

#endif

/*
 * sheet: the thread that `extract` is writing: tweets filled one after another, each within its weight. A tweet that is
 * begun is only ever added to.
 *
 *     struct sheet s;
 *     TRY(sheet_open(&s, a, &brief));
 *     TRY(sheet_opening(&s, s.tone->openings, TONE_VARIANTS, 160));
 *     TRY(sheet_put(&s, STR("\n\n"), sentence, &done));
 */
#ifndef QUIRE_COMPOSE_SHEET_H
#define QUIRE_COMPOSE_SHEET_H

#include "compose/composer.h"
#include "compose/fit.h"
#include "compose/tone.h"

struct sheet {
    struct arena *a;
    const struct brief *brief;
    const struct tone *tone;
    str topic;        /* on one line, without a full stop at its end */
    bool english;     /* as far as one can tell */
    unsigned variant; /* of the phrases: follows from the topic */
    unsigned limit;   /* of a tweet's weight, room for its number left */
    size_t most;      /* tweets */
    str tweets[THREAD_MAX];
    unsigned weights[THREAD_MAX];
    size_t n;
    size_t extra; /* tweets that those which are too heavy will become, beyond themselves */
};

/* An empty sheet for a brief. ERROR_INTERNAL when ICU fails, as all that follows. */
MUST_USE err sheet_open(struct sheet *s, struct arena *a, const struct brief *b);
/* The first tweet: the topic and, of n phrases, one that suits it, or the tone's mark when none does. The topic is
 * clipped so that all of it weighs at most `most`; 0: it is not clipped, and may take several tweets. */
MUST_USE err sheet_opening(struct sheet *s, const struct phrase *phrases, size_t n, unsigned most);
/* Whether the topic is a question or the like, which does not fit into a sentence. */
bool sheet_has_question(const struct sheet *s);
/* Adds text behind the last tweet, after `join`, when both fit; else begins a tweet, when one is left. *done: it did
 * either. */
MUST_USE err sheet_put(struct sheet *s, str join, str text, bool *done);
/* Begins a tweet with the text, when one is left; *done: it was. */
MUST_USE err sheet_begin(struct sheet *s, str text, bool *done);
/* The weight that is left in the last tweet. */
unsigned sheet_room(const struct sheet *s);
/* Whether another tweet may be begun. */
bool sheet_has_next(const struct sheet *s);

#endif

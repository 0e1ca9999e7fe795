/*
 * tone: how `extract` opens, closes and fills a thread, for each tone that it knows. A table of phrases, nothing else.
 *
 *     const struct tone *t = tone_of(a, STR("Professional, but warm"), &known);       // professional
 *     struct phrase open = t->openings[seed % TONE_VARIANTS];
 */
#ifndef QUIRE_COMPOSE_TONE_H
#define QUIRE_COMPOSE_TONE_H

#include <stdbool.h>

#include "base/str.h"

struct arena;

enum { TONE_VARIANTS = 3, TONE_POINTS = 8 };

/* What stands before and behind a topic. Before is empty or ends in a blank. */
struct phrase {
    const char *before;
    const char *after;
};

struct tone {
    const char *name;
    const char *mark; /* stands behind a topic that is not English: a blank and an emoji, or nothing */
    struct phrase openings[TONE_VARIANTS];
    struct phrase gathered; /* opens what the community has published */
    const char *closings[TONE_VARIANTS];
    /* The steps of an outline, the most important first. A % stands for the topic in quotation marks. */
    const char *const *points; /* TONE_POINTS of them */
};

/* The steps of an outline for a topic that is a question, TONE_POINTS of them, whatever the tone. */
extern const char *const tone_questions[];

/* The tone that a wish names, by its own name or another word for it, whatever the case and the words around it; of
 * several the first. *known: false when none is named; the tone is then neutral. */
const struct tone *tone_of(struct arena *a, str wish, bool *known);

#endif

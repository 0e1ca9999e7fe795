/*
 * loose_json: the part of compose/loose.h that reads JSON, or what was meant to be JSON.
 *
 * Looked for are texts in a list, be they strings or objects with a text in them, under a name like "tweets" or under
 * none. A list that is followed by other words, breaks off, or has raw line ends in its strings is read element by
 * element.
 *
 *     struct loose got = {.pieces = ARENA_ARRAY(a, str, LOOSE_MAX_PIECES)};
 *     bool whole;
 *     if (loose_json_read(a, text, &got, &whole)) ...
 */
#ifndef QUIRE_COMPOSE_LOOSE_JSON_H
#define QUIRE_COMPOSE_LOOSE_JSON_H

#include "compose/loose.h"

/* Adds the texts found to out->pieces, which has room for LOOSE_MAX_PIECES; true when there was one. *whole: the list
 * has its end. */
bool loose_json_read(struct arena *a, str text, struct loose *out, bool *whole);

#endif

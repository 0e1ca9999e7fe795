/*
 * extract: the composer without a network: the same brief gives the same thread on every machine.
 *
 * Out of the source, when there is one: its most telling sentences (compose/rank), as they are and in their order.
 * Else out of what the community has published: from each find what says most on the topic, quoted, with its title and
 * its link. Else an outline of the topic itself. The first tweet names the topic; tone decides how the thread opens and
 * closes, and which outline it is (compose/tone). What is not English, as far as script and small words tell, gets the
 * topic and the tone's emoji instead of phrases, and its outline alone is in English.
 *
 * params: composer_params(), then from ("source", "community" or "topic") and style: the tone that was used.
 */
#ifndef QUIRE_COMPOSE_EXTRACT_H
#define QUIRE_COMPOSE_EXTRACT_H

#include "compose/composer.h"

extern const struct composer extract_composer;

#endif

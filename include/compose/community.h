/*
 * community: what has been published on a topic, as the finds of a brief: posts that a full-text search likes best,
 * each with the address that leads to it.
 *
 *     struct found found[BRIEF_MAX_FOUND];
 *     size_t n = 0;
 *     TRY(community_find(db, a, settings, brief.topic, found, &n));
 */
#ifndef QUIRE_COMPOSE_COMMUNITY_H
#define QUIRE_COMPOSE_COMMUNITY_H

#include "compose/composer.h"

struct db;

/* Fills found and *n, the best first; they live in the arena. Nothing found is no error; else those of stmt_read(). */
MUST_USE err community_find(struct db *db, struct arena *a, const struct settings *settings, str topic,
                            struct found found[BRIEF_MAX_FOUND], size_t *n);

#endif

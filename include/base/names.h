/*
 * names: a dictionary from names to things, for names that a client chose.
 *
 * A client cannot slow it down: the hash has a secret drawn for each dictionary, and with it all look-ups
 * together cost in proportion to the bytes of the names, whatever these are. It keeps no copies: names and
 * things must live as long as it does. It is never emptied; it goes with its arena.
 *
 *     struct names seen;
 *     names_init(&seen, a);
 *     if (names_find(&seen, name) == NULL) {
 *         names_add(&seen, name, thing);
 *     }
 */
#ifndef QUIRE_BASE_NAMES_H
#define QUIRE_BASE_NAMES_H

#include "base/str.h"

struct arena;
struct name_entry;

struct names {
    struct arena *arena;
    struct name_entry *entries; /* numbered from 1 to count */
    uint32_t *heads;            /* capacity of them: for each hash the newest entry, or 0 */
    uint32_t capacity;          /* a power of two, or 0 */
    uint32_t count;
    uint32_t secret;
};

/* An empty dictionary. */
void names_init(struct names *names, struct arena *a);
/* What the name stands for, or NULL. */
void *names_find(const struct names *names, str name);
/* Adds a name that is not in it yet, for a thing that is not NULL. */
void names_add(struct names *names, str name, void *thing);

#endif

/* all: the list of every resource that has a table, referred-to before referring; and of every named
 * statement. */
#ifndef QUIRE_MODELS_ALL_H
#define QUIRE_MODELS_ALL_H

#include "schema/registry.h"

extern const struct registry models;

/* Ended by a NULL. */
extern const struct statement *const model_statements[];

#endif

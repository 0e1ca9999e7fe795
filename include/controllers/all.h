/* all: the list of every controller's routes. */
#ifndef QUIRE_CONTROLLERS_ALL_H
#define QUIRE_CONTROLLERS_ALL_H

#include "http/route.h"

/* Below the base path; ended by a NULL. */
extern const struct route *const controllers[];
/* Outside it. */
extern const struct route *const bare_controllers[];

#endif

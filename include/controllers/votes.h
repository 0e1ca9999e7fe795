/* votes: given, changed, taken back, and seen from both sides. */
#ifndef QUIRE_CONTROLLERS_VOTES_H
#define QUIRE_CONTROLLERS_VOTES_H

#include "http/route.h"

extern const struct route votes_routes[];

#endif

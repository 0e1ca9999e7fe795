/* reviews: one a person a book. */
#ifndef QUIRE_CONTROLLERS_REVIEWS_H
#define QUIRE_CONTROLLERS_REVIEWS_H

#include "http/route.h"

extern const struct route reviews_routes[];

#endif

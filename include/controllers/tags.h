/* tags: kept by moderators; put on posts and books by their owners. */
#ifndef QUIRE_CONTROLLERS_TAGS_H
#define QUIRE_CONTROLLERS_TAGS_H

#include "http/route.h"

extern const struct route tags_routes[];

#endif

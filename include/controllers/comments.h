/* comments: what people say to posts, and to one another. */
#ifndef QUIRE_CONTROLLERS_COMMENTS_H
#define QUIRE_CONTROLLERS_COMMENTS_H

#include "http/route.h"

extern const struct route comments_routes[];

#endif

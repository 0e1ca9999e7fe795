/* posts: written, read, changed by their owner. Others see only what is published. */
#ifndef QUIRE_CONTROLLERS_POSTS_H
#define QUIRE_CONTROLLERS_POSTS_H

#include "http/crud.h"

extern const struct route posts_routes[];

/* Posts as their controller sees them, for the controllers of what hangs on posts. */
extern const struct crud posts_crud;

#endif

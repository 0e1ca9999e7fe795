/* microposts: short notes, newest first. */
#ifndef QUIRE_CONTROLLERS_MICROPOSTS_H
#define QUIRE_CONTROLLERS_MICROPOSTS_H

#include "http/route.h"

extern const struct route microposts_routes[];

#endif

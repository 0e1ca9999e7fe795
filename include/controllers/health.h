/* health: is the process alive, and can it serve? */
#ifndef QUIRE_CONTROLLERS_HEALTH_H
#define QUIRE_CONTROLLERS_HEALTH_H

#include "http/route.h"

extern const struct route health_routes[];
/* What the service tells of itself. */
extern const struct route_group service_group;

#endif

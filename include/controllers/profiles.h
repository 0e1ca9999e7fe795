/* profiles: what people tell of themselves; one a person. */
#ifndef QUIRE_CONTROLLERS_PROFILES_H
#define QUIRE_CONTROLLERS_PROFILES_H

#include "http/route.h"

extern const struct route profiles_routes[];

#endif

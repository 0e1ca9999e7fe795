/* auth: accounts made, log-in, log-out. */
#ifndef QUIRE_CONTROLLERS_AUTH_H
#define QUIRE_CONTROLLERS_AUTH_H

#include "http/route.h"

extern const struct route auth_routes[];

#endif

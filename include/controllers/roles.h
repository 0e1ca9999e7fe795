/* roles: made, given and taken by admins. */
#ifndef QUIRE_CONTROLLERS_ROLES_H
#define QUIRE_CONTROLLERS_ROLES_H

#include "http/route.h"

extern const struct route roles_routes[];

#endif

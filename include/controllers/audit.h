/* audit: security events, for admins to read. */
#ifndef QUIRE_CONTROLLERS_AUDIT_H
#define QUIRE_CONTROLLERS_AUDIT_H

#include "http/route.h"

extern const struct route audit_routes[];

#endif

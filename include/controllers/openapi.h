/* openapi: what can be asked, told by the service itself. */
#ifndef QUIRE_CONTROLLERS_OPENAPI_H
#define QUIRE_CONTROLLERS_OPENAPI_H

#include "http/route.h"

extern const struct route openapi_routes[];

#endif

/* jwks: the public keys that access tokens can be checked by (RFC 7517), for others than this program. */
#ifndef QUIRE_CONTROLLERS_JWKS_H
#define QUIRE_CONTROLLERS_JWKS_H

#include "http/route.h"

extern const struct route jwks_routes[];

#endif

/* sessions: a log-in renewed, and the sessions of the person who asks: seen and ended. */
#ifndef QUIRE_CONTROLLERS_SESSIONS_H
#define QUIRE_CONTROLLERS_SESSIONS_H

#include "http/route.h"

extern const struct route sessions_routes[];

#endif

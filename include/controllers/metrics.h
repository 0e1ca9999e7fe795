/* metrics: what the pools of this machine have counted, for Prometheus. The web server decides who may ask. */
#ifndef QUIRE_CONTROLLERS_METRICS_H
#define QUIRE_CONTROLLERS_METRICS_H

#include "http/route.h"

extern const struct route metrics_routes[];

#endif

/*
 * rate: how often something may be done, as a setting says it: "10/60s", "100/1h", or "off".
 *
 *     struct rate r;
 *     if (rate_parse(STR("10/60s"), &r)) ...        // r.count 10, r.seconds 60
 */
#ifndef QUIRE_CONF_RATE_H
#define QUIRE_CONF_RATE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

enum { RATE_MAX_COUNT = 1000000, RATE_MAX_SECONDS = 86400 };

struct rate {
    int64_t count;   /* 1 to RATE_MAX_COUNT; 0: there is no limit */
    int64_t seconds; /* 1 to RATE_MAX_SECONDS */
};

/* Reads COUNT/PERIOD, the period as a number of s, m or h; or off. False for anything else, *out is then untouched. */
bool rate_parse(str text, struct rate *out);

#endif

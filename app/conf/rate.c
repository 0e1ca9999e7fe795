#include "conf/rate.h"

static uint64_t seconds_in(char unit)
{
    return unit == 's' ? 1 : unit == 'm' ? 60 : unit == 'h' ? 3600 : 0;
}

bool rate_parse(str text, struct rate *out)
{
    uint64_t count = 0;
    uint64_t units = 0;
    size_t slash = str_find(text, '/', 0);
    if (str_eq(text, STR("off"))) {
        *out = (struct rate){.count = 0, .seconds = 1};
        return true;
    }
    if (slash + 2 >= text.n || !str_to_uint(str_slice(text, 0, slash), &count) ||
        !str_to_uint(str_slice(text, slash + 1, text.n - 1), &units)) {
        return false;
    }
    uint64_t unit = seconds_in(text.p[text.n - 1]);
    if (count < 1 || count > RATE_MAX_COUNT || units < 1 || units > RATE_MAX_SECONDS || unit == 0 ||
        units * unit > RATE_MAX_SECONDS) {
        return false;
    }
    *out = (struct rate){.count = (int64_t)count, .seconds = (int64_t)(units * unit)};
    return true;
}

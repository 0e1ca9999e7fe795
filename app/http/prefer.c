#include "http/prefer.h"

/* One preference without its parameters: `name`, or `name=value` with the value bare or in quotes. */
static void read_one(str item, struct preference *out)
{
    uint64_t seconds = 0;
    str whole = str_slice(item, 0, str_find(item, ';', 0));
    size_t equals = str_find(whole, '=', 0);
    str name = str_trim(str_slice(whole, 0, equals));
    str value = str_trim(str_slice(whole, equals + 1, whole.n));
    if (value.n >= 2 && value.p[0] == '"' && value.p[value.n - 1] == '"') {
        value = str_slice(value, 1, value.n - 1);
    }
    if (str_eq_nocase(name, STR("respond-async"))) {
        out->respond_async = true;
    } else if (str_eq_nocase(name, STR("wait")) && out->wait < 0 && str_to_uint(value, &seconds) &&
               seconds <= INT32_MAX) {
        out->wait = (int64_t)seconds;
    }
}

struct preference prefer_read(str header)
{
    struct preference p = {.wait = -1};
    for (size_t at = 0; at < header.n;) {
        size_t comma = str_find(header, ',', at);
        read_one(str_slice(header, at, comma), &p);
        at = comma + 1;
    }
    return p;
}

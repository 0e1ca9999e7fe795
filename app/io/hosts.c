#include "io/hosts.h"

#include <ctype.h>

#include "base/rand.h"

enum { SECOND = 1000000, LONGEST_SHIFT = 6, LONGEST = 60 };

static bool name_is_good(str name)
{
    for (size_t i = 0; i < name.n; i++) {
        unsigned char c = (unsigned char)name.p[i];
        if (isalnum(c) == 0 && c != '.' && c != '-' && c != '_' && c != ':') {
            return false;
        }
    }
    return name.n > 0;
}

static bool read_port(str digits, int64_t *out)
{
    uint64_t port = 0;
    if (!str_to_uint(digits, &port) || port < 1 || port > UINT16_MAX) {
        return false;
    }
    *out = (int64_t)port;
    return true;
}

/* name, name:port, [address], [address]:port or /path. */
static bool read_host(struct host *out, str entry, int64_t port)
{
    *out = (struct host){.name = entry};
    if (str_starts(entry, STR("/"))) {
        return entry.n > 1;
    }
    bool brackets = str_starts(entry, STR("["));
    size_t end = str_find(entry, brackets ? ']' : ':', 0);
    out->name = str_slice(entry, brackets ? 1 : 0, end);
    str rest = str_slice(entry, brackets ? end + 1 : end, entry.n);
    out->port = port;
    bool closed = !brackets || end < entry.n;
    bool port_is_good =
        rest.n == 0 || (str_starts(rest, STR(":")) && read_port(str_slice(rest, 1, rest.n), &out->port));
    return name_is_good(out->name) && closed && port_is_good;
}

bool hosts_read(struct hosts *out, str list, int64_t port)
{
    *out = (struct hosts){.n = 0};
    for (size_t at = 0; at <= list.n;) {
        size_t end = str_find(list, ',', at);
        if (out->n == HOSTS_MAX || !read_host(&out->at[out->n], str_trim(str_slice(list, at, end)), port)) {
            return false;
        }
        out->n++;
        at = end + 1;
    }
    return true;
}

str hosts_first(str list)
{
    return str_trim(str_slice(list, 0, str_find(list, ',', 0)));
}

size_t hosts_next(const struct hosts *h, int64_t now, unsigned tried)
{
    size_t soonest = h->n;
    for (size_t k = 0; k < h->n; k++) {
        size_t i = (h->home + k) % h->n;
        if ((tried >> i & 1U) != 0) {
            continue;
        }
        if (h->at[i].avoid_until <= now) {
            return i;
        }
        if (soonest == h->n || h->at[i].avoid_until < h->at[soonest].avoid_until) {
            soonest = i;
        }
    }
    return soonest;
}

size_t hosts_better(const struct hosts *h, size_t current, int64_t now)
{
    for (size_t i = h->home; i != current; i = (i + 1) % h->n) {
        if (h->at[i].avoid_until <= now) {
            return i;
        }
    }
    return h->n;
}

void hosts_failed(struct hosts *h, size_t i, int64_t now)
{
    struct host *host = &h->at[i];
    unsigned shift = host->failures < LONGEST_SHIFT ? host->failures : LONGEST_SHIFT;
    uint32_t seconds = 1U << shift;
    uint32_t pause = (seconds < LONGEST ? seconds : LONGEST) * SECOND;
    host->failures += host->failures < LONGEST_SHIFT ? 1 : 0;
    host->avoid_until = now + pause / 2 + rand_below(pause);
}

void hosts_well(struct hosts *h, size_t i)
{
    h->at[i].failures = 0;
    h->at[i].avoid_until = 0;
}

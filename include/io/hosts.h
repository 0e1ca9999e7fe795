/*
 * hosts: the servers at which one database is to be had, and which of them to try next. It connects to none.
 *
 * A list in order of preference, "db1:3306,db2,[::1]:3307,/run/db.sock". A host that has failed is avoided for a while:
 * for a second or so, then twice as long each time up to a minute, by chance half as long or half as long again, so
 * that not all processes come back in one moment. When nobody else is left it is tried all the same. `home` is the host
 * that this process likes best; the others follow in the order of the list, behind the last one the first.
 *
 * The texts are those of the list that was read. Times are those of clock_steady(), microseconds.
 *
 *     struct hosts h;
 *     if (!hosts_read(&h, STR("db1,db2:3307"), 3306)) ...
 *     unsigned tried = 0;
 *     for (size_t i; (i = hosts_next(&h, clock_steady(), tried)) < h.n; tried |= 1u << i) {
 *         if (connect(h.at[i].name, h.at[i].port)) { hosts_well(&h, i); break; }
 *         hosts_failed(&h, i, clock_steady());
 *     }
 */
#ifndef QUIRE_IO_HOSTS_H
#define QUIRE_IO_HOSTS_H

#include <stdbool.h>

#include "base/str.h"

enum { HOSTS_MAX = 16 };

struct host {
    str name;          /* a name or an address, without brackets; a path: a unix socket */
    int64_t port;      /* 0 for a socket */
    unsigned failures; /* since it was well */
    int64_t avoid_until;
};

struct hosts {
    struct host at[HOSTS_MAX];
    size_t n;
    size_t home;
};

/* Reads a list; port is that of entries without one. False when it is empty, has more than HOSTS_MAX entries or one
 * that is no host; *out is then unusable. */
bool hosts_read(struct hosts *out, str list, int64_t port);
/* The entry before the first comma. */
str hosts_first(str list);
/* Which to try, but for those whose bit is set in `tried`: the first from home on that need not be avoided, else the
 * one to be avoided the shortest. h->n when all have been tried. */
size_t hosts_next(const struct hosts *h, int64_t now, unsigned tried);
/* One that this process likes better than `current` and need not avoid, or h->n. */
size_t hosts_better(const struct hosts *h, size_t current, int64_t now);
/* It could not be used. */
void hosts_failed(struct hosts *h, size_t i, int64_t now);
/* It can. */
void hosts_well(struct hosts *h, size_t i);

#endif

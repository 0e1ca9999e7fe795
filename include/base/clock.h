/*
 * clock: what time it is, and times and dates as the contract writes them.
 *
 * A moment is an int64_t: microseconds since 1970-01-01T00:00:00Z, leap seconds ignored. A date is an
 * int64_t: days since 1970-01-01. Both cover the years 1 to 9999. Nothing here allocates or looks at a time
 * zone.
 *
 *     int64_t now = clock_now();
 *     clock_put_time(&out, now);          // 2026-01-02T03:04:05.000006Z, or without fraction when it is zero
 */
#ifndef QUIRE_BASE_CLOCK_H
#define QUIRE_BASE_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

struct buf;

struct civil {
    int year; /* 1..9999 */
    unsigned month, day;
    unsigned hour, minute, second, micro;
};

/* Wall-clock time in microseconds since the epoch. */
int64_t clock_now(void);
/* Microseconds since some fixed moment; never goes back. */
int64_t clock_steady(void);
/* Conversions on the proleptic Gregorian calendar (Howard Hinnant, "chrono-Compatible Low-Level Date
 * Algorithms"). The civil fields must be in range. */
int64_t clock_from_civil(const struct civil *c);
struct civil clock_to_civil(int64_t micros);
/* RFC 3339 in UTC with Z; microseconds only when they are not zero. */
void clock_put_time(struct buf *b, int64_t micros);
/* YYYY-MM-DD. */
void clock_put_date(struct buf *b, int64_t days);
/* Whether year-month-day exists. */
bool clock_valid_date(int year, unsigned month, unsigned day);
/* Reads an RFC 3339 time: "T", "t", a blank or "_" between date and time, seconds may be missing, any number
 * of digits of fraction (after "." or ",") of which six count, and "Z", "z", an offset under 24 hours, or
 * nothing (UTC). False when it is none, or lies outside the years 1 to 9999 in UTC. */
bool clock_parse_time(str s, int64_t *micros);
/* Reads the same as it is written: *c by the clock of its place, *east the minutes that this is ahead of UTC. */
bool clock_parse_local(str s, struct civil *c, int *east);
/* Reads YYYY-MM-DD. */
bool clock_parse_date(str s, int64_t *days);

#endif

/*
 * counter: numbers that only grow, in memory that processes share: one process writes each, any process reads it.
 *
 * There is no lock and no instruction that locks the bus: a writer loads, adds and stores, which is whole because
 * nobody else writes. Who reads sees each number as it was at some moment, and different numbers at slightly different
 * ones.
 *
 *     static struct histogram seconds;
 *     counter_add(&statements, 3);
 *     histogram_add(&seconds, clock_steady() - begun);
 */
#ifndef QUIRE_BASE_COUNTER_H
#define QUIRE_BASE_COUNTER_H

#include <stdatomic.h>
#include <stdint.h>

/* How many events took how long: bucket i holds those over bound i - 1 and not over bound i, the last one all
 * others. */
enum { HISTOGRAM_BOUNDS = 16, HISTOGRAM_BUCKETS = HISTOGRAM_BOUNDS + 1 };

struct histogram {
    _Atomic uint64_t buckets[HISTOGRAM_BUCKETS];
    _Atomic uint64_t micros; /* all of them together */
};

/* The bounds in microseconds, growing: 0.1 ms to 10 s. */
extern const int64_t histogram_bounds[HISTOGRAM_BOUNDS];

/* By its one writer. */
static inline void counter_add(_Atomic uint64_t *counter, uint64_t n)
{
    atomic_store_explicit(counter, atomic_load_explicit(counter, memory_order_relaxed) + n,
                          memory_order_relaxed);
}

/* Counts an event of that many microseconds; below 0 counts as 0. */
void histogram_add(struct histogram *h, int64_t micros);

#endif

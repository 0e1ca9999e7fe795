#include "base/counter.h"

const int64_t histogram_bounds[HISTOGRAM_BOUNDS] = {
    100,   250,    500,    1000,   2500,    5000,    10000,   25000,
    50000, 100000, 250000, 500000, 1000000, 2500000, 5000000, 10000000,
};

void histogram_add(struct histogram *h, int64_t micros)
{
    unsigned i = 0;
    int64_t n = micros > 0 ? micros : 0;
    while (i < HISTOGRAM_BOUNDS && n > histogram_bounds[i]) {
        i++;
    }
    counter_add(&h->buckets[i], 1);
    counter_add(&h->micros, (uint64_t)n);
}

/*
 * share: a total dealt out by weight, without a list of who gets how much: all votes to all posts, popular ones more.
 * The parts add up to the total exactly, and nobody gets more than the cap.
 *
 *     struct share s;
 *     share_init(&s, votes, posts, sum_of_weights, users);
 *     for each post: n = share_next(&s, weight);
 */
#ifndef QUIRE_SEED_SHARE_H
#define QUIRE_SEED_SHARE_H

#include <stdint.h>

struct share {
    int64_t total, given;
    int64_t takers; /* who have not been dealt to yet */
    int64_t cap;
    uint64_t weight_all, weight_so_far;
};

/* total is at most takers * cap; each at most 10^8, a weight at most 2^16. */
void share_init(struct share *s, int64_t total, int64_t takers, uint64_t weight_all, int64_t cap);
/* What the next one gets; call it once for each taker. */
int64_t share_next(struct share *s, uint64_t weight);

#endif

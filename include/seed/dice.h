/*
 * dice: numbers that look random and are the same on every machine, for made-up communities. Never for keys or tokens:
 * base/rand does those.
 *
 * A die is xoshiro256** (David Blackman, Sebastiano Vigna: "Scrambled Linear Pseudorandom Number Generators", 2021,
 * https://prng.di.unimi.it/xoshiro256starstar.c, public domain), its state filled by splitmix64 (Sebastiano Vigna,
 * https://prng.di.unimi.it/splitmix64.c, public domain). Every row has a die of its own, by its kind and number, so
 * that a row does not depend on what was made before it. Whole numbers only: floating point differs between machines.
 *
 *     struct dice d;
 *     dice_start(&d, seed, STREAM_POST, number);
 *     uint64_t sentences = 3 + dice_below(&d, 5);
 */
#ifndef QUIRE_SEED_DICE_H
#define QUIRE_SEED_DICE_H

#include <stdint.h>

struct dice {
    uint64_t s[4];
};

/* 64 bits stirred well: a bijection. */
uint64_t dice_mix(uint64_t x);
/* The die of row `number` of a stream. */
void dice_start(struct dice *d, uint64_t seed, uint64_t stream, uint64_t number);
/* The next 64 bits. */
uint64_t dice_next(struct dice *d);
/* A number in [0, below), without bias; below must be positive. */
uint64_t dice_below(struct dice *d, uint64_t below);
/* The same, small numbers more often: whoever writes much. */
uint64_t dice_low(struct dice *d, uint64_t below);
/* A UUID of version 7 with that time. */
void dice_uuid(struct dice *d, int64_t micros, unsigned char out[16]);

/* Different numbers in [0, of), each once before any comes again. */
struct picks {
    uint64_t at, step, of;
};

void picks_start(struct picks *p, struct dice *d, uint64_t of);
uint64_t picks_next(struct picks *p);

#endif

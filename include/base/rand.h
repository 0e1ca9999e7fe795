/*
 * rand: random bytes from the kernel, fit for keys and tokens (getrandom(2)).
 *
 *     unsigned char token[32];
 *     rand_bytes(token, sizeof token);
 */
#ifndef QUIRE_BASE_RAND_H
#define QUIRE_BASE_RAND_H

#include <stddef.h>
#include <stdint.h>

/* Fills n bytes. Aborts when the kernel has no entropy source: nothing safe can be done without. */
void rand_bytes(void *out, size_t n);
/* A number in [0, below), without bias; below must be positive. */
uint32_t rand_below(uint32_t below);

#endif

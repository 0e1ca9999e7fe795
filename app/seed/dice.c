#include "seed/dice.h"

#include <stdlib.h>

/* 2^64 divided by the golden ratio, and the two multipliers of splitmix64. */
static const uint64_t golden = 0x9E3779B97F4A7C15;

__extension__ typedef unsigned __int128 wide;

uint64_t dice_mix(uint64_t x)
{
    x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9;
    x = (x ^ (x >> 27)) * 0x94D049BB133111EB;
    return x ^ (x >> 31);
}

void dice_start(struct dice *d, uint64_t seed, uint64_t stream, uint64_t number)
{
    uint64_t x = dice_mix(dice_mix(seed + golden * (stream + 1)) + golden * (number + 1));
    for (int i = 0; i < 4; i++) {
        x += golden;
        d->s[i] = dice_mix(x);
    }
}

static uint64_t rotated(uint64_t x, unsigned by)
{
    return x << by | x >> (64 - by);
}

uint64_t dice_next(struct dice *d)
{
    uint64_t *s = d->s;
    uint64_t result = rotated(s[1] * 5, 7) * 9;
    uint64_t t = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rotated(s[3], 45);
    return result;
}

/* By multiplication, what would be uneven thrown again (Daniel Lemire, "Fast Random Integer Generation in an
 * Interval", 2019). */
uint64_t dice_below(struct dice *d, uint64_t below)
{
    if (below == 0) {
        abort();
    }
    wide product = (wide)dice_next(d) * below;
    if ((uint64_t)product < below) {
        uint64_t uneven = -below % below;
        while ((uint64_t)product < uneven) {
            product = (wide)dice_next(d) * below;
        }
    }
    return (uint64_t)(product >> 64);
}

uint64_t dice_low(struct dice *d, uint64_t below)
{
    return dice_below(d, 1 + dice_below(d, below));
}

void dice_uuid(struct dice *d, int64_t micros, unsigned char out[16])
{
    uint64_t millis = (uint64_t)(micros / 1000);
    uint64_t high = dice_next(d);
    uint64_t low = dice_next(d);
    for (int i = 0; i < 6; i++) {
        out[i] = (unsigned char)(millis >> (40 - 8 * i));
    }
    out[6] = (unsigned char)(0x70 | (high >> 8 & 0x0F));
    out[7] = (unsigned char)high;
    for (int i = 0; i < 8; i++) {
        out[8 + i] = (unsigned char)(low >> (56 - 8 * i));
    }
    out[8] = (unsigned char)(0x80 | (out[8] & 0x3F));
}

static uint64_t common_divisor(uint64_t a, uint64_t b)
{
    while (b != 0) {
        uint64_t rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

/* Steps that have no divisor in common with the size of the ring visit all of it. */
void picks_start(struct picks *p, struct dice *d, uint64_t of)
{
    p->of = of;
    p->at = dice_below(d, of);
    do {
        p->step = 1 + dice_below(d, of);
    } while (common_divisor(p->step, of) != 1);
}

uint64_t picks_next(struct picks *p)
{
    p->at = (p->at + p->step) % p->of;
    return p->at;
}

#include "base/rand.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/random.h>

void rand_bytes(void *out, size_t n)
{
    unsigned char *at = out;
    while (n > 0) {
        ssize_t got = getrandom(at, n, 0);
        if (got < 0) {
            if (errno == EINTR) {
                continue;
            }
            abort();
        }
        at += got;
        n -= (size_t)got;
    }
}

uint32_t rand_below(uint32_t below)
{
    uint32_t limit = UINT32_MAX - UINT32_MAX % below;
    uint32_t r = 0;
    do {
        rand_bytes(&r, sizeof r);
    } while (r >= limit);
    return r % below;
}

#include "base/hash.h"

#include <string.h>

uint64_t hash64(str s)
{
    uint64_t h = 0xCBF29CE484222325U ^ s.n;
    size_t i = 0;
    for (; i + 8 <= s.n; i += 8) {
        uint64_t word;
        memcpy(&word, s.p + i, sizeof word);
        h = (h ^ word) * 0x9E3779B97F4A7C15U;
        h ^= h >> 29;
    }
    for (; i < s.n; i++) {
        h = (h ^ (unsigned char)s.p[i]) * 0x100000001B3U;
    }
    return h ^ h >> 32;
}

#include "base/address.h"

#include <arpa/inet.h>
#include <string.h>

#include "base/arena.h"

enum { V4_BYTES = 4, V6_BYTES = 16, MAPPED_AT = V6_BYTES - V4_BYTES };

static const unsigned char mapped[MAPPED_AT] = {[10] = 0xFF, [11] = 0xFF};

static void keep_bits(unsigned char *bytes, unsigned count, unsigned bits)
{
    for (unsigned i = 0; i < count; i++) {
        unsigned kept = bits >= 8 * (i + 1) ? 8 : bits > 8 * i ? bits - 8 * i : 0;
        bytes[i] &= (unsigned char)(0xFF00U >> kept);
    }
}

static str written(struct arena *a, int family, unsigned char *bytes, unsigned count, unsigned bits)
{
    char text[INET6_ADDRSTRLEN];
    keep_bits(bytes, count, bits);
    if (inet_ntop(family, bytes, text, sizeof text) == NULL) {
        return (str){0};
    }
    return str_format(a, "%s/%u", text, bits);
}

str address_network(struct arena *a, str address, unsigned v4_bits, unsigned v6_bits)
{
    unsigned char bytes[V6_BYTES];
    const char *text = str_c(a, address);
    if (inet_pton(AF_INET, text, bytes) == 1) {
        return written(a, AF_INET, bytes, V4_BYTES, v4_bits);
    }
    if (inet_pton(AF_INET6, text, bytes) != 1) {
        return (str){0};
    }
    if (memcmp(bytes, mapped, sizeof mapped) == 0) {
        return written(a, AF_INET, bytes + MAPPED_AT, V4_BYTES, v4_bits);
    }
    return written(a, AF_INET6, bytes, V6_BYTES, v6_bits);
}

/*
 * address: network addresses as text, brought down to the network that they belong to.
 *
 * One customer of a provider has one IPv4 address, or a whole /64 of IPv6 (RFC 6177): who counts single IPv6 addresses
 * counts nothing. An IPv4 address written as IPv6 (::ffff:192.0.2.1, RFC 4291, section 2.5.5.2) is the IPv4 address.
 *
 *     str who = address_network(a, STR("2001:db8:1:2:a::b"), 32, 64);      // "2001:db8:1:2::/64"
 *     str who = address_network(a, STR("192.0.2.77"), 24, 48);             // "192.0.2.0/24"
 */
#ifndef QUIRE_BASE_ADDRESS_H
#define QUIRE_BASE_ADDRESS_H

#include "base/str.h"

struct arena;

/* The network of an address, with so many bits (v4: 0 to 32, v6: 0 to 128) and the rest zero, in the one form that
 * inet_ntop() writes; in the arena. What is no address: empty. */
str address_network(struct arena *a, str address, unsigned v4_bits, unsigned v6_bits);

#endif

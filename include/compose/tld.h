/*
 * tld: the top-level domains that make a name an address for X: validGTLD and validCCTLD of twitter-text 3.1.0 (Apache
 * License 2.0), which are IANA's root zone of their day and `onion`, and whatever begins with xn--.
 *
 * app/compose/tld_list.c is data, written by scripts/tld-list from the package that tests/package-lock.json names;
 * tests/api/weight.test.mjs holds that it is that list still. The pages have it too: app/web/site/lib/tlds.js.
 *
 *     size_t end = tld_match(text, at);        // "com" of "com/path"
 */
#ifndef QUIRE_COMPOSE_TLD_H
#define QUIRE_COMPOSE_TLD_H

#include "io/icu.h"

/* No place in a text. */
#define TLD_NONE SIZE_MAX

/* Rows of names, each name between two spaces, a space at both ends. Of ASCII letters and digits: lower case,
 * ascending; the others in UTF-16, one that another begins with behind it. */
extern const char *const tld_ascii[];
extern const size_t tld_ascii_n;
extern const uint16_t *const tld_wide[];
extern const size_t tld_wide_n;

/* Where the top-level domain that begins at `at` ends, or TLD_NONE. Case is ignored. Behind a name of the lists stands
 * no letter or digit of ASCII, no @, + or -. */
size_t tld_match(struct utf16 text, size_t at);

#endif

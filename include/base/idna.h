/*
 * idna: domain names beyond ASCII (RFC 5891, 5892, 3492; mapping after UTS #46), for e-mail addresses.
 *
 * It is strict where it would need large tables to be kind: capitals, full-width forms and the CJK full stops
 * are mapped; whatever else UTS #46 would replace by other characters (ligatures, circled letters, …) is
 * refused. Not checked: normalization form C and the bidi rule; registries do that.
 *
 * The reasons are phrases to be put in brackets, in the words of the Python package idna.
 *
 *     idna_map(a, STR("BÜCHER.example"), &domain, &why)        // bücher.example
 *     idna_to_ascii(a, STR("bücher"), &label, &why)            // xn--bcher-kva
 *     idna_to_unicode(a, STR("xn--bcher-kva"), &label, &why)   // bücher
 */
#ifndef QUIRE_BASE_IDNA_H
#define QUIRE_BASE_IDNA_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

struct arena;
struct buf;

/* The domain in lower case, its labels parted by plain periods. Full-width forms become ASCII, also those of
 * characters that no domain may hold: check afterwards. */
bool idna_map(struct arena *a, str domain, str *out, str *why);
/* The form of a mapped label that the DNS knows, at most 63 bytes. The label must not be empty. */
bool idna_to_ascii(struct arena *a, str label, str *out, str *why);
/* The form of an ASCII label that people read: what an A-label (xn--…) stands for; any other as it is. The
 * label must not be empty. */
bool idna_to_unicode(struct arena *a, str label, str *out, str *why);

/* Appends the Punycode of count code points (RFC 3492), at most a thousand, without xn-- before it, until b is full. */
void idna_punycode(struct buf *b, const uint32_t *codes, size_t count);

#endif

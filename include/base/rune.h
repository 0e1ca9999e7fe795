/*
 * rune: what kind of character a code point is, for rules about addresses and names.
 *
 * The kinds follow the general categories of the C library's C.UTF-8 locale (Unicode 14 or later), which is
 * the same on every machine and does not depend on the environment. A code point that is no character there
 * (unassigned, a surrogate, above U+10FFFF) is RUNE_UNSAFE.
 *
 *     if (rune_kind(code) == RUNE_UNSAFE) {
 *         rune_put_name(&why, code);            // ZERO WIDTH SPACE, U+0007
 *     }
 */
#ifndef QUIRE_BASE_RUNE_H
#define QUIRE_BASE_RUNE_H

#include <stdbool.h>
#include <stdint.h>

struct buf;

enum rune_kind {
    RUNE_VISIBLE, /* letter, number, punctuation, symbol */
    RUNE_MARK,    /* combines with what stands before it */
    RUNE_SPACE,   /* a blank of some width (category Zs) */
    RUNE_UNSAFE   /* control, format, line or paragraph end, private use, unassigned */
};

enum rune_kind rune_kind(uint32_t code);
/* A letter, a decimal digit or a letter-like number; no mark. */
bool rune_is_word(uint32_t code);
/* What Python's str.strip() takes off: spaces, line ends, tabs, separators. */
bool rune_is_blank(uint32_t code);
/* Simple lower case. */
uint32_t rune_lower(uint32_t code);
/* Something to show instead of a character that cannot be seen: the Unicode name of a blank or a common
 * format character, of all others U+ and at least four hex digits. */
void rune_put_name(struct buf *b, uint32_t code);

#endif

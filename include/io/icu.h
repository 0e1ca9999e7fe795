/*
 * icu: the door to ICU (libicuuc 72, Unicode 15): what must be known of Unicode to count and to cut people's words:
 * normalization form C, where a grapheme, a word or a sentence ends, and what is an emoji.
 *
 * It reads no environment and no locale: boundaries are those of the root locale (UAX #29, and ICU's dictionaries for
 * scripts without spaces), the same on every machine that has the same library. What needs only a code point's kind and
 * no library is base/rune and base/text.
 *
 * Results live in the arena. Texts are UTF-8; what is not is read as U+FFFD, once for each maximal ill-formed part. ICU
 * fails when its data cannot be found or memory ran out: ERROR_INTERNAL, the cause names ICU's error.
 *
 *     str tidy;
 *     TRY(icu_nfc(a, s, &tidy));                            // e U+0301 became U+00E9
 *     size_t *ends, n;
 *     TRY(icu_boundaries(a, ICU_GRAPHEME, tidy, &ends, &n));
 *     str first = str_slice(tidy, 0, ends[0]);              // n is 0 for the empty text only
 */
#ifndef QUIRE_IO_ICU_H
#define QUIRE_IO_ICU_H

#include <stdbool.h>

#include "base/err.h"

struct arena;
struct icu_emoji;

/* UTF-16 code units, which is what ICU and JavaScript count in. Owns nothing; no NUL at the end. */
struct utf16 {
    const uint16_t *p;
    size_t n;
};

/* The code point that begins at unit `at`, which is less than t.n, and where the next begins; half a pair of surrogates
 * stands for itself. */
static inline size_t utf16_next(struct utf16 t, size_t at, uint32_t *code)
{
    uint32_t c = t.p[at++];
    if (c >= 0xD800 && c < 0xDC00 && at < t.n && t.p[at] >= 0xDC00 && t.p[at] < 0xE000) {
        c = 0x10000 + ((c - 0xD800) << 10) + (t.p[at++] - 0xDC00U);
    }
    *code = c;
    return at;
}

enum icu_boundary { ICU_GRAPHEME, ICU_WORD, ICU_SENTENCE };

/* The text in normalization form C (UAX #15). s itself when it is valid UTF-8 in that form already. */
MUST_USE err icu_nfc(struct arena *a, str s, str *out);
/* The same in UTF-16. */
MUST_USE err icu_nfc16(struct arena *a, str s, struct utf16 *out);
/* Where each grapheme cluster, word (or what stands between two words) or sentence of s ends: byte offsets, ascending,
 * the last one s.n. s must be valid UTF-8, of less than 2 GiB. *n: how many, 0 when s is empty. */
MUST_USE err icu_boundaries(struct arena *a, enum icu_boundary kind, str s, size_t **ends, size_t *n);
/* The set of emoji recommended for general interchange (RGI, UTS #51), single characters and sequences: kept by ICU for
 * as long as the process lives. */
MUST_USE err icu_emoji(struct arena *a, const struct icu_emoji **out);
/* Whether the whole of s is one emoji of the set. */
bool icu_emoji_has(const struct icu_emoji *set, struct utf16 s);
/* The simple upper case of a code point; itself when it has none. */
uint32_t icu_upper(uint32_t code);
/* Whether nothing is seen of it where it is not part of something else (property Default_Ignorable_Code_Point, or
 * category Cf): zero width space, variation selectors, tags, Hangul fillers, marks of direction, … */
bool icu_is_ignorable(uint32_t code);
/* Whether a line may end beside it without a space (line breaking classes ID, CJ, SA: Han, kana, Thai, Khmer, …, and
 * pictures): words around it are not told apart by spaces. */
bool icu_is_unspaced(uint32_t code);

#endif

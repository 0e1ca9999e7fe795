#include "compose/weight.h"

#include "base/arena.h"
#include "base/text.h"
#include "compose/urls.h"
#include "io/icu.h"

enum { VARIATION = 0xFE0F, KEYCAP = 0x20E3, JOINER = 0x200D, LONGEST_EMOJI = 10 };

struct parts {
    struct weight_part *list; /* NULL: only the sum is wanted */
    size_t n;
    unsigned sum;
    size_t at; /* how many bytes of UTF-8 have been counted */
};

/* By its first unit, as twitter-text does: half a pair of surrogates is of no range either. */
static unsigned weight_of_unit(uint16_t c)
{
    return c <= 4351 || (c >= 8192 && c <= 8205) || (c >= 8208 && c <= 8223) || (c >= 8242 && c <= 8247) ? 1
                                                                                                         : 2;
}

/* --- emoji sequences ----------------------------------------------------------------------------------------- */

static bool is_skin(uint32_t code)
{
    return code >= 0x1F3FB && code <= 0x1F3FF;
}

static bool is_region(uint32_t code)
{
    return code >= 0x1F1E6 && code <= 0x1F1FF;
}

static bool is_tag(uint32_t code)
{
    return code >= 0xE0020 && code <= 0xE007F;
}

/* Whether `code` may stand behind `before` within one sequence. */
static bool may_join(uint32_t before, uint32_t code)
{
    return code == VARIATION || code == KEYCAP || code == JOINER || is_skin(code) || is_tag(code) ||
           before == JOINER || (is_region(before) && is_region(code));
}

static bool has_code(const uint32_t *list, size_t n, uint32_t code)
{
    size_t low = 0;
    size_t high = n;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (list[middle] < code) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < n && list[low] == code;
}

#define HAS(list, code) has_code((list), sizeof(list) / sizeof(list)[0], (code))

/* What twitter-text takes for one emoji, though no list of Unicode recommends it: keycaps without a variation selector,
 * a selector behind what is a picture anyway, a skin tone behind a selector, and a few single ones. */
static bool is_tolerated(const uint32_t *codes, size_t n)
{
    static const uint32_t pictures[] = {
        0x231A, 0x231B, 0x25FD, 0x25FE, 0x2614, 0x2615, 0x2648,  0x2649,  0x264A,  0x264B, 0x264C,
        0x264D, 0x264E, 0x264F, 0x2650, 0x2651, 0x2652, 0x2653,  0x267F,  0x2693,  0x26A1, 0x26AA,
        0x26AB, 0x26BD, 0x26BE, 0x26C4, 0x26C5, 0x26D4, 0x26EA,  0x26F2,  0x26F3,  0x26F5, 0x26FA,
        0x26FD, 0x2757, 0x2B1B, 0x2B1C, 0x2B50, 0x2B55, 0x1F004, 0x1F21A, 0x1F22F,
    };
    static const uint32_t people[] = {
        0x261D, 0x26F7, 0x26F9, 0x270C, 0x270D, 0x1F3CB, 0x1F3CC, 0x1F574, 0x1F575, 0x1F590,
    };
    uint32_t first = codes[0];
    if (n == 2) {
        return (codes[1] == KEYCAP && ((first >= '0' && first <= '9') || first == '#' || first == '*')) ||
               (codes[1] == VARIATION && HAS(pictures, first)) || (is_skin(codes[1]) && first == 0x26F7);
    }
    if (n == 3) {
        return (codes[1] == VARIATION && is_skin(codes[2]) && HAS(people, first)) ||
               (first == 0x1F441 && codes[1] == JOINER && codes[2] == 0x1F5E8);
    }
    return n == 5 && first == 0x1F574 && (codes[1] == VARIATION || is_skin(codes[1])) && codes[2] == JOINER &&
           (codes[3] == 0x2640 || codes[3] == 0x2642) && codes[4] == VARIATION;
}

/* The longest emoji of two code points or more that begins at `at`: where it ends, or `at` when there is none. */
static size_t match_emoji(const struct icu_emoji *set, struct utf16 t, size_t at)
{
    uint32_t codes[LONGEST_EMOJI];
    size_t ends[LONGEST_EMOJI];
    size_t n = 0;
    for (size_t i = at; n < LONGEST_EMOJI && i < t.n; n++) {
        i = utf16_next(t, i, &codes[n]);
        ends[n] = i;
        if (n > 0 && !may_join(codes[n - 1], codes[n])) {
            break;
        }
    }
    for (; n > 1; n--) {
        if (is_tolerated(codes, n) || icu_emoji_has(set, (struct utf16){t.p + at, ends[n - 1] - at})) {
            return ends[n - 1];
        }
    }
    return at;
}

/* --- counting ------------------------------------------------------------------------------------------------ */

static size_t bytes_of(struct utf16 t, size_t from, size_t to)
{
    size_t n = 0;
    while (from < to) {
        uint32_t code;
        char bytes[4];
        from = utf16_next(t, from, &code);
        n += code < 0x80 ? 1 : text_encode(code, bytes);
    }
    return n;
}

static void count(struct parts *p, struct utf16 t, size_t from, size_t to, unsigned weight, bool url)
{
    p->sum += weight;
    if (p->list != NULL) {
        size_t n = bytes_of(t, from, to);
        p->list[p->n++] = (struct weight_part){p->at, n, weight, url};
        p->at += n;
    }
}

static err count_all(struct arena *a, struct utf16 t, struct parts *p)
{
    const struct icu_emoji *set = NULL;
    struct url_span *urls = NULL;
    size_t url_count = urls_find(a, t, &urls);
    size_t url = 0;
    for (size_t at = 0; at < t.n;) {
        /* One that begins within another is passed over; of two that begin here the later counts. */
        while (url < url_count && (urls[url].at < at || (url + 1 < url_count && urls[url + 1].at == at))) {
            url++;
        }
        if (url < url_count && urls[url].at == at) {
            size_t end = at + urls[url].n;
            count(p, t, at, end, TWEET_URL, true);
            at = end;
            continue;
        }
        uint32_t code;
        uint32_t behind;
        size_t end = utf16_next(t, at, &code);
        size_t emoji = at;
        if (end < t.n && (utf16_next(t, end, &behind), behind >= JOINER) && may_join(code, behind)) {
            if (set == NULL) {
                TRY(icu_emoji(a, &set));
            }
            emoji = match_emoji(set, t, at);
        }
        end = emoji > at ? emoji : end;
        count(p, t, at, end, emoji > at ? 2 : weight_of_unit(t.p[at]), false);
        at = end;
    }
    return NULL;
}

err weight_of(struct arena *a, str text, unsigned *out)
{
    struct arena_mark mark = arena_mark(a);
    struct parts p = {0};
    struct utf16 wide;
    TRY(icu_nfc16(a, text, &wide));
    TRY(count_all(a, wide, &p));
    arena_rewind(a, mark);
    *out = p.sum;
    return NULL;
}

err weight_parts(struct arena *a, str text, struct weight_part **parts, size_t *n)
{
    struct utf16 wide;
    TRY(icu_nfc16(a, text, &wide));
    struct parts p = {.list = arena_alloc(a, wide.n * sizeof *p.list)};
    TRY(count_all(a, wide, &p));
    *parts = p.list;
    *n = p.n;
    return NULL;
}

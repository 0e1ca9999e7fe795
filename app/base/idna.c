#include "base/idna.h"

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/rune.h"
#include "base/text.h"

enum { LABEL_MAX = 63 };

struct range {
    uint32_t first, last;
};

/* Letters and marks that UTS #46 maps to something other than their lower case,
 * ignores, or disallows. What else lies within a range is neither letter nor
 * mark. */
static const struct range refused[] = {
    {0x00AA, 0x00BA},   {0x0130, 0x0130},   {0x0132, 0x0133},   {0x013F, 0x0140},   {0x0149, 0x0149},
    {0x017F, 0x017F},   {0x01C4, 0x01CC},   {0x01F1, 0x01F3},   {0x02B0, 0x02B8},   {0x02E0, 0x02E4},
    {0x0340, 0x0341},   {0x0343, 0x0345},   {0x034F, 0x034F},   {0x0374, 0x0374},   {0x037A, 0x037A},
    {0x03D0, 0x03D6},   {0x03F0, 0x03F2},   {0x03F5, 0x03F5},   {0x03F9, 0x03F9},   {0x0488, 0x0489},
    {0x0587, 0x0587},   {0x0640, 0x0640},   {0x0675, 0x0678},   {0x07FA, 0x07FA},   {0x0958, 0x095F},
    {0x09DC, 0x09DF},   {0x0A33, 0x0A33},   {0x0A36, 0x0A36},   {0x0A59, 0x0A5B},   {0x0A5E, 0x0A5E},
    {0x0B5C, 0x0B5D},   {0x0E33, 0x0E33},   {0x0EB3, 0x0EB3},   {0x0EDC, 0x0EDD},   {0x0F43, 0x0F43},
    {0x0F4D, 0x0F4D},   {0x0F52, 0x0F52},   {0x0F57, 0x0F57},   {0x0F5C, 0x0F5C},   {0x0F69, 0x0F69},
    {0x0F73, 0x0F73},   {0x0F75, 0x0F79},   {0x0F81, 0x0F81},   {0x0F93, 0x0F93},   {0x0F9D, 0x0F9D},
    {0x0FA2, 0x0FA2},   {0x0FA7, 0x0FA7},   {0x0FAC, 0x0FAC},   {0x0FB9, 0x0FB9},   {0x10FC, 0x10FC},
    {0x1100, 0x11FF},   {0x13A0, 0x13FD},   {0x16EE, 0x16F0},   {0x17B4, 0x17B5},   {0x180B, 0x180F},
    {0x1ABE, 0x1ABE},   {0x1C80, 0x1C88},   {0x1D2C, 0x1D2E},   {0x1D30, 0x1D3A},   {0x1D3C, 0x1D4D},
    {0x1D4F, 0x1D6A},   {0x1D78, 0x1D78},   {0x1D9B, 0x1DBF},   {0x1E9A, 0x1E9B},   {0x1F71, 0x1F71},
    {0x1F73, 0x1F73},   {0x1F75, 0x1F75},   {0x1F77, 0x1F77},   {0x1F79, 0x1F79},   {0x1F7B, 0x1F7B},
    {0x1F7D, 0x1FAF},   {0x1FB2, 0x1FB4},   {0x1FB7, 0x1FB7},   {0x1FBB, 0x1FC4},   {0x1FC7, 0x1FC7},
    {0x1FC9, 0x1FC9},   {0x1FCB, 0x1FCC},   {0x1FD3, 0x1FD3},   {0x1FDB, 0x1FDB},   {0x1FE3, 0x1FE3},
    {0x1FEB, 0x1FEB},   {0x1FF2, 0x1FF4},   {0x1FF7, 0x1FF7},   {0x1FF9, 0x1FF9},   {0x1FFB, 0x2124},
    {0x2128, 0x2128},   {0x212C, 0x2131},   {0x2133, 0x2149},   {0x2160, 0x2182},   {0x2185, 0x24E9},
    {0x2C7C, 0x2C7D},   {0x2D6F, 0x2D6F},   {0x3021, 0x3029},   {0x302E, 0x303B},   {0x309F, 0x309F},
    {0x30FF, 0x30FF},   {0x3131, 0x318E},   {0xA670, 0xA672},   {0xA69C, 0xA69D},   {0xA6E6, 0xA6EF},
    {0xA770, 0xA770},   {0xA7F2, 0xA7F4},   {0xA7F8, 0xA7F9},   {0xA960, 0xA97C},   {0xAB5C, 0xAB5F},
    {0xAB69, 0xABBF},   {0xD7B0, 0xFA0D},   {0xFA10, 0xFA10},   {0xFA12, 0xFA12},   {0xFA15, 0xFA1E},
    {0xFA20, 0xFA20},   {0xFA22, 0xFA22},   {0xFA25, 0xFA26},   {0xFA2A, 0xFB1D},   {0xFB1F, 0xFE0F},
    {0xFE70, 0xFE72},   {0xFE74, 0xFFDC},   {0x10140, 0x10174}, {0x10341, 0x10341}, {0x1034A, 0x1034A},
    {0x103D1, 0x103D5}, {0x10781, 0x107BA}, {0x12400, 0x1246E}, {0x1D165, 0x1D7FF}, {0x1EE00, 0x1FBF9},
    {0x2F800, 0x2FA1D}, {0xE0100, 0xE01EF},
};

static bool within(uint32_t code, uint32_t first, uint32_t last)
{
    return code >= first && code <= last;
}

static bool is_letter_or_mark(uint32_t code)
{
    return rune_is_word(code) || rune_kind(code) == RUNE_MARK;
}

static bool is_refused(uint32_t code)
{
    size_t low = 0;
    size_t high = sizeof refused / sizeof refused[0];
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (code > refused[middle].last) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < sizeof refused / sizeof refused[0] && code >= refused[low].first && is_letter_or_mark(code);
}

/* '…' around a text, with what cannot be seen written as Python does. */
static void put_quoted(struct buf *b, str s)
{
    buf_char(b, '\'');
    for (size_t i = 0; i < s.n;) {
        size_t from = i;
        uint32_t code = text_next(s, &i);
        enum rune_kind kind = rune_kind(code);
        if (kind == RUNE_VISIBLE || kind == RUNE_MARK) {
            buf_str(b, str_slice(s, from, i));
        } else {
            buf_printf(b, code < 0x100 ? "\\x%02x" : code < 0x10000 ? "\\u%04x" : "\\U%08x", (unsigned)code);
        }
    }
    buf_char(b, '\'');
}

static bool refuse(str *why, str reason)
{
    *why = reason;
    return false;
}

/* The two ways to say that a character may not stand at a position (from 1) of
 * a text. */
static bool refuse_here(struct arena *a, str *why, uint32_t code, size_t position, str in)
{
    struct buf b;
    buf_init(&b, a, in.n + 64, SIZE_MAX / 4);
    buf_printf(&b, "Codepoint U+%04X not allowed at position %zu in ", (unsigned)code, position);
    put_quoted(&b, in);
    return refuse(why, buf_view(&b));
}

static bool refuse_ever(struct arena *a, str *why, uint32_t code, size_t position, str in)
{
    struct buf b;
    buf_init(&b, a, in.n + 64, SIZE_MAX / 4);
    buf_printf(&b, "Codepoint U+%04X at position %zu of ", (unsigned)code, position);
    put_quoted(&b, in);
    buf_lit(&b, " not allowed");
    return refuse(why, buf_view(&b));
}

bool idna_map(struct arena *a, str domain, str *out, str *why)
{
    struct buf b;
    size_t position = 0;
    buf_init(&b, a, domain.n + 16, SIZE_MAX / 4);
    for (size_t i = 0; i < domain.n;) {
        uint32_t code = text_next(domain, &i);
        position++;
        if (code == 0x3002 || code == 0xFF0E || code == 0xFF61) {
            code = '.';
        } else if (within(code, 0xFF01, 0xFF5E)) {
            code -= 0xFF00 - 0x20; /* full-width ASCII */
        } else if (is_refused(code)) {
            return refuse_here(a, why, code, position, domain);
        }
        char bytes[4];
        buf_put(&b, bytes, text_encode(rune_lower(code), bytes));
    }
    *out = buf_view(&b);
    return true;
}

/* --- Punycode (RFC 3492)
 * --------------------------------------------------------------------------------------
 */

enum { BASE = 36, T_MIN = 1, T_MAX = 26, SKEW = 38, DAMP = 700, FIRST_BIAS = 72, FIRST_CODE = 0x80 };

static uint32_t adapt(uint32_t delta, uint32_t points, bool first)
{
    delta = first ? delta / DAMP : delta / 2;
    delta += delta / points;
    uint32_t k = 0;
    while (delta > ((BASE - T_MIN) * T_MAX) / 2) {
        delta /= BASE - T_MIN;
        k += BASE;
    }
    return k + (BASE - T_MIN + 1) * delta / (delta + SKEW);
}

static uint32_t threshold(uint32_t k, uint32_t bias)
{
    return k <= bias + T_MIN ? T_MIN : k >= bias + T_MAX ? T_MAX : k - bias;
}

static void put_integer(struct buf *b, uint32_t q, uint32_t bias)
{
    static const char digits[] = "abcdefghijklmnopqrstuvwxyz0123456789";
    for (uint32_t k = BASE;; k += BASE) {
        uint32_t t = threshold(k, bias);
        if (q < t) {
            break;
        }
        buf_char(b, digits[t + (q - t) % (BASE - t)]);
        q = (q - t) / (BASE - t);
    }
    buf_char(b, digits[q]);
}

/* The lowest code point that is at least low; there is one. */
static uint32_t next_code(const uint32_t *codes, size_t count, uint32_t low)
{
    uint32_t next = UINT32_MAX;
    for (size_t i = 0; i < count; i++) {
        next = codes[i] >= low && codes[i] < next ? codes[i] : next;
    }
    return next;
}

/* As few as they are, delta cannot overflow. */
void idna_punycode(struct buf *b, const uint32_t *codes, size_t count)
{
    uint32_t done = 0;
    for (size_t i = 0; i < count; i++) {
        if (codes[i] < FIRST_CODE) {
            buf_char(b, (char)codes[i]);
            done++;
        }
    }
    uint32_t basic = done;
    if (basic > 0) {
        buf_char(b, '-');
    }
    uint32_t delta = 0;
    uint32_t bias = FIRST_BIAS;
    for (uint32_t n = FIRST_CODE; done < count && !b->full; n++, delta++) {
        uint32_t next = next_code(codes, count, n);
        delta += (next - n) * (done + 1);
        n = next;
        for (size_t i = 0; i < count; i++) {
            delta += codes[i] < n;
            if (codes[i] == n) {
                put_integer(b, delta, bias);
                bias = adapt(delta, done + 1, done == basic);
                delta = 0;
                done++;
            }
        }
    }
}

static uint32_t digit_value(char c)
{
    return c >= 'a' && c <= 'z'   ? (uint32_t)(c - 'a')
           : c >= '0' && c <= '9' ? (uint32_t)(c - '0') + 26
                                  : BASE;
}

/* Reads one generalized variable-length integer at *at and adds it to *i. */
static bool take_integer(str s, size_t *at, uint32_t bias, uint32_t *i)
{
    uint64_t sum = *i;
    uint64_t weight = 1;
    for (uint32_t k = BASE;; k += BASE) {
        uint32_t digit = *at < s.n ? digit_value(s.p[(*at)++]) : BASE;
        if (digit == BASE) {
            return false;
        }
        sum += digit * weight;
        uint32_t t = threshold(k, bias);
        if (sum > INT32_MAX) {
            return false;
        }
        if (digit < t) {
            *i = (uint32_t)sum;
            return true;
        }
        weight *= BASE - t;
        if (weight > INT32_MAX) {
            return false;
        }
    }
}

/* Decodes at most LABEL_MAX bytes of lower-case Punycode. */
static bool punycode_read(struct arena *a, str s, str *out)
{
    uint32_t codes[LABEL_MAX];
    uint32_t count = 0;
    size_t at = 0;
    for (size_t i = 0; i < s.n; i++) {
        at = s.p[i] == '-' ? i + 1 : at;
    }
    while (count + 1 < at) {
        codes[count] = (unsigned char)s.p[count];
        count++;
    }
    uint32_t n = FIRST_CODE;
    uint32_t bias = FIRST_BIAS;
    for (uint32_t i = 0; at < s.n; i++) {
        uint32_t old = i;
        if (!take_integer(s, &at, bias, &i)) {
            return false;
        }
        bias = adapt(i - old, count + 1, old == 0);
        n += i / (count + 1);
        i %= count + 1;
        if (n > 0x10FFFF || within(n, 0xD800, 0xDFFF)) {
            return false;
        }
        memmove(codes + i + 1, codes + i, (count - i) * sizeof codes[0]);
        codes[i] = n;
        count++;
    }
    char *text = arena_alloc(a, (size_t)count * 4);
    size_t length = 0;
    for (uint32_t i = 0; i < count; i++) {
        length += text_encode(codes[i], text + length);
    }
    *out = (str){text, length};
    return true;
}

/* --- labels (RFC 5891, section 4.2.3; RFC 5892)
 * ----------------------------------------------------------------- */

static bool has_code(str s, uint32_t first, uint32_t last)
{
    for (size_t i = 0; i < s.n;) {
        if (within(text_next(s, &i), first, last)) {
            return true;
        }
    }
    return false;
}

static bool has_japanese(str s)
{
    return has_code(s, 0x3041, 0x3096) || has_code(s, 0x309D, 0x309F) || has_code(s, 0x30A1, 0x30FA) ||
           has_code(s, 0x30FD, 0x30FF) || has_code(s, 0x31F0, 0x31FF) || has_code(s, 0x3005, 0x3007) ||
           has_code(s, 0x3400, 0x4DBF) || has_code(s, 0x4E00, 0x9FFF) || has_code(s, 0x20000, 0x323AF);
}

/* The characters that are allowed in some places only (RFC 5892, appendix A).
 * before and after are 0 at the ends. */
static bool fits_context(str label, uint32_t before, uint32_t code, uint32_t after)
{
    switch (code) {
    case 0xB7: /* Catalan l·l */
        return before == 'l' && after == 'l';
    case 0x375: /* Greek numeral sign */
        return within(after, 0x370, 0x3FF) || within(after, 0x1F00, 0x1FFF);
    case 0x5F3: /* Hebrew geresh, gershayim */
    case 0x5F4:
        return within(before, 0x591, 0x5F4);
    case 0x30FB: /* the dot between Japanese words */
        return has_japanese(label);
    default: /* two sets of Arabic digits that look alike */
        return within(code, 0x660, 0x669) ? !has_code(label, 0x6F0, 0x6F9) : !has_code(label, 0x660, 0x669);
    }
}

static bool needs_context(uint32_t code)
{
    return code == 0xB7 || code == 0x375 || code == 0x5F3 || code == 0x5F4 || code == 0x30FB ||
           within(code, 0x660, 0x669) || within(code, 0x6F0, 0x6F9);
}

static bool is_allowed(uint32_t code)
{
    if (code < 0x80) {
        return code == '-' || within(code, '0', '9') || within(code, 'a', 'z');
    }
    if (code == 0x6FD || code == 0x6FE || code == 0xF0B) {
        return true; /* symbols that words of Sindhi and Tibetan need */
    }
    return is_letter_or_mark(code) && rune_lower(code) == code && !is_refused(code);
}

static bool check_label(struct arena *a, str label, str *why)
{
    size_t i = 0;
    uint32_t first = text_next(label, &i);
    if (i < label.n) {
        (void)text_next(label, &i);
    }
    if (str_starts(str_slice(label, i, label.n), STR("--"))) {
        return refuse(why, STR("Label has disallowed hyphens in 3rd and 4th position"));
    }
    if (label.p[0] == '-' || label.p[label.n - 1] == '-') {
        return refuse(why, STR("Label must not start or end with a hyphen"));
    }
    if (rune_kind(first) == RUNE_MARK) {
        return refuse(why, STR("Label begins with an illegal combining character"));
    }
    uint32_t before = 0;
    size_t position = 0;
    for (i = 0; i < label.n;) {
        uint32_t code = text_next(label, &i);
        size_t next = i;
        uint32_t after = next < label.n ? text_next(label, &next) : 0;
        position++;
        if (needs_context(code)) {
            if (!fits_context(label, before, code, after)) {
                return refuse_here(a, why, code, position, label);
            }
        } else if (!is_allowed(code)) {
            return refuse_ever(a, why, code, position, label);
        }
        before = code;
    }
    return true;
}

static bool is_ascii(str s)
{
    size_t i = 0;
    while (i < s.n && (unsigned char)s.p[i] < 0x80) {
        i++;
    }
    return i == s.n;
}

bool idna_to_unicode(struct arena *a, str label, str *out, str *why)
{
    if (!str_starts(label, STR("xn--"))) {
        *out = label;
        return true;
    }
    str code = str_slice(label, 4, label.n);
    if (code.n == 0) {
        return refuse(why, STR("Malformed A-label, no Punycode eligible content found"));
    }
    if (code.p[code.n - 1] == '-') {
        return refuse(why, STR("A-label must not end with a hyphen"));
    }
    str text = {0};
    if (label.n > LABEL_MAX || !punycode_read(a, code, &text)) {
        return refuse(why, STR("Invalid A-label"));
    }
    if (!check_label(a, text, why)) {
        return false;
    }
    *out = text;
    return true;
}

bool idna_to_ascii(struct arena *a, str label, str *out, str *why)
{
    str ignored;
    if (is_ascii(label)) {
        if (!idna_to_unicode(a, label, &ignored, why)) {
            return false;
        }
        *out = label;
        return label.n <= LABEL_MAX || refuse(why, STR("Label too long"));
    }
    if (!check_label(a, label, why)) {
        return false;
    }
    struct buf b;
    uint32_t *codes = arena_alloc(a, label.n * sizeof *codes);
    size_t count = 0;
    for (size_t i = 0; i < label.n;) {
        codes[count++] = text_next(label, &i);
    }
    buf_init(&b, a, LABEL_MAX, LABEL_MAX);
    buf_lit(&b, "xn--");
    idna_punycode(&b, codes, count);
    *out = buf_view(&b);
    return !b.full || refuse(why, STR("Label too long"));
}

#include "io/icu.h"

#include <unicode/ubrk.h>
#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/uset.h>
#include <unicode/ustring.h>
#include <unicode/utext.h>

#include "base/arena.h"
#include "base/text.h"

static err failed(struct arena *a, const char *what, UErrorCode code)
{
    return error_cause(a, ERROR_INTERNAL, "ICU cannot %s: %s", what, u_errorName(code));
}

/* --- UTF-16 -------------------------------------------------------------------------------------------------- */

static size_t put_unit16(UChar *to, uint32_t code)
{
    if (code < 0x10000) {
        to[0] = (UChar)code;
        return 1;
    }
    to[0] = (UChar)(0xD7C0 + (code >> 10));
    to[1] = (UChar)(0xDC00 + (code & 0x3FF));
    return 2;
}

/* *plain: nothing in it can change under normalization (U+0300 is the first that can), and no part was ill-formed. */
static struct utf16 to_utf16(struct arena *a, str s, bool *plain)
{
    UChar *p = arena_alloc(a, s.n * sizeof *p); /* no code point has more units than bytes */
    size_t n = 0;
    *plain = true;
    for (size_t at = 0; at < s.n;) {
        unsigned char c = (unsigned char)s.p[at];
        if (c < 0x80) {
            p[n++] = c;
            at++;
            continue;
        }
        uint32_t code = text_next(s, &at);
        *plain = *plain && code < 0x300;
        n += put_unit16(p + n, code);
    }
    return (struct utf16){p, n};
}

static str to_utf8(struct arena *a, struct utf16 s)
{
    char *p = arena_alloc(a, s.n * 3);
    size_t n = 0;
    for (size_t i = 0; i < s.n;) {
        uint32_t code;
        i = utf16_next(s, i, &code);
        n += text_encode(code, p + n);
    }
    return (str){p, n};
}

/* --- normalization ------------------------------------------------------------------------------------------- */

/* *same: it was in the form already, and is what came in. */
static err normalize(struct arena *a, struct utf16 s, struct utf16 *out, bool *same)
{
    UErrorCode code = U_ZERO_ERROR;
    const UNormalizer2 *nfc = unorm2_getNFCInstance(&code);
    int32_t n = (int32_t)s.n;
    int32_t good = U_SUCCESS(code) ? unorm2_spanQuickCheckYes(nfc, s.p, n, &code) : 0;
    if (U_SUCCESS(code) && good == n) {
        *out = s;
        *same = true;
        return NULL;
    }
    /* What is composed anew is rarely longer; when it is, ICU says by how much. */
    int32_t room = n + 16;
    UChar *p = arena_alloc(a, (size_t)room * sizeof *p);
    int32_t length = U_SUCCESS(code) ? unorm2_normalize(nfc, s.p, n, p, room, &code) : 0;
    if (code == U_BUFFER_OVERFLOW_ERROR) {
        code = U_ZERO_ERROR;
        p = arena_alloc(a, (size_t)length * sizeof *p);
        length = unorm2_normalize(nfc, s.p, n, p, length, &code);
    }
    if (U_FAILURE(code)) {
        return failed(a, "normalize", code);
    }
    *out = (struct utf16){p, (size_t)length};
    *same = false;
    return NULL;
}

err icu_nfc16(struct arena *a, str s, struct utf16 *out)
{
    bool plain;
    bool same;
    struct utf16 wide = to_utf16(a, s, &plain);
    if (plain) {
        *out = wide;
        return NULL;
    }
    return normalize(a, wide, out, &same);
}

err icu_nfc(struct arena *a, str s, str *out)
{
    bool plain;
    bool same = true;
    struct utf16 wide = to_utf16(a, s, &plain);
    if (!plain) {
        TRY(normalize(a, wide, &wide, &same));
    }
    *out = same && text_is_utf8(s) ? s : to_utf8(a, wide);
    return NULL;
}

/* --- boundaries ---------------------------------------------------------------------------------------------- */

static void close_iterator(void *iterator)
{
    ubrk_close(iterator);
}

static void close_text(void *text)
{
    utext_close(text);
}

static err collect(struct arena *a, UBreakIterator *iterator, str s, size_t **ends, size_t *n)
{
    size_t room = 64;
    size_t count = 0;
    size_t *list = arena_alloc(a, room * sizeof *list);
    for (int32_t end = ubrk_next(iterator); end != UBRK_DONE; end = ubrk_next(iterator)) {
        if (count == room) {
            list = arena_grow(a, list, room * sizeof *list, 2 * room * sizeof *list);
            room *= 2;
        }
        list[count++] = (size_t)end;
    }
    if (s.n > 0 && (count == 0 || list[count - 1] != s.n)) {
        return error_cause(a, ERROR_INTERNAL, "ICU stops before the end of a text");
    }
    *ends = list;
    *n = count;
    return NULL;
}

err icu_boundaries(struct arena *a, enum icu_boundary kind, str s, size_t **ends, size_t *n)
{
    static const UBreakIteratorType types[] = {
        [ICU_GRAPHEME] = UBRK_CHARACTER, [ICU_WORD] = UBRK_WORD, [ICU_SENTENCE] = UBRK_SENTENCE};
    UErrorCode code = U_ZERO_ERROR;
    UBreakIterator *iterator = ubrk_open(types[kind], "", NULL, 0, &code);
    if (U_FAILURE(code)) {
        return failed(a, "open a break iterator", code);
    }
    arena_defer(a, close_iterator, iterator);
    UText *text = utext_openUTF8(NULL, s.n > 0 ? s.p : "", (int64_t)s.n, &code);
    if (U_FAILURE(code)) {
        return failed(a, "open a text", code);
    }
    arena_defer(a, close_text, text);
    ubrk_setUText(iterator, text, &code);
    if (U_FAILURE(code)) {
        return failed(a, "break a text", code);
    }
    return collect(a, iterator, s, ends, n);
}

/* --- properties ---------------------------------------------------------------------------------------------- */

err icu_emoji(struct arena *a, const struct icu_emoji **out)
{
    UErrorCode code = U_ZERO_ERROR;
    const USet *set = u_getBinaryPropertySet(UCHAR_RGI_EMOJI, &code);
    if (U_FAILURE(code)) {
        return failed(a, "list the emoji", code);
    }
    *out = (const struct icu_emoji *)set;
    return NULL;
}

bool icu_emoji_has(const struct icu_emoji *set, struct utf16 s)
{
    return uset_containsString((const USet *)set, s.p, (int32_t)s.n);
}

uint32_t icu_upper(uint32_t code)
{
    return (uint32_t)u_toupper((UChar32)code);
}

bool icu_is_ignorable(uint32_t code)
{
    return u_hasBinaryProperty((UChar32)code, UCHAR_DEFAULT_IGNORABLE_CODE_POINT) ||
           u_charType((UChar32)code) == U_FORMAT_CHAR;
}

bool icu_is_unspaced(uint32_t code)
{
    int32_t kind = u_getIntPropertyValue((UChar32)code, UCHAR_LINE_BREAK);
    return kind == U_LB_IDEOGRAPHIC || kind == U_LB_CONDITIONAL_JAPANESE_STARTER ||
           kind == U_LB_COMPLEX_CONTEXT;
}

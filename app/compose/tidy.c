#include "compose/tidy.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/text.h"
#include "io/icu.h"

enum { BYTE_ORDER_MARK = 0xFEFF, BRAILLE_BLANK = 0x2800 };

static bool is_line_end(uint32_t code)
{
    return (code >= 0x0A && code <= 0x0D) || code == 0x85 || code == 0x2028 || code == 0x2029;
}

bool tidy_is_blank(uint32_t code)
{
    return code == '\t' || code == ' ' || code == 0xA0 || code == 0x1680 ||
           (code >= 0x2000 && code <= 0x200A) || code == 0x202F || code == 0x205F || code == 0x3000;
}

static bool is_dropped(uint32_t code)
{
    return code < 0x20 || (code >= 0x7F && code <= 0x9F) || code == BYTE_ORDER_MARK ||
           (code >= 0xFDD0 && code <= 0xFDEF) || (code & 0xFFFE) == 0xFFFE;
}

err tidy_text(struct arena *a, str text, str *out)
{
    struct buf b;
    unsigned lines = 0; /* line ends since the last character that stays */
    bool blank = false;
    buf_init(&b, a, text.n + 1, SIZE_MAX / 4);
    for (size_t at = 0; at < text.n;) {
        char bytes[4];
        uint32_t code = text_next(text, &at);
        if (is_line_end(code)) {
            lines += code != '\r' || at == text.n || text.p[at] != '\n';
            continue;
        }
        if (tidy_is_blank(code)) {
            blank = true;
            continue;
        }
        if (is_dropped(code)) {
            continue;
        }
        if (b.n > 0 && (lines > 0 || blank)) {
            buf_put(&b, lines > 0 ? "\n\n" : " ", lines > 1 ? 2 : 1);
        }
        lines = 0;
        blank = false;
        buf_put(&b, bytes, text_encode(code, bytes));
    }
    return icu_nfc(a, buf_view(&b), out);
}

bool tidy_shows(str text)
{
    for (size_t at = 0; at < text.n;) {
        uint32_t code = text_next(text, &at);
        if (!is_line_end(code) && !tidy_is_blank(code) && !is_dropped(code) && code != BRAILLE_BLANK &&
            !icu_is_ignorable(code)) {
            return true;
        }
    }
    return false;
}

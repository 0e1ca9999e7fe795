#include "base/encoding.h"

#include "base/arena.h"
#include "base/text.h"

/* An encoding form: bytes in a unit, and the order they come in. */
struct form {
    unsigned width;
    bool big;
};

/* The form of bytes, and how long its byte order mark is. */
static struct form detect(str bytes, size_t *mark)
{
    static const struct {
        str mark;
        struct form form;
    } marks[] = {
        {STR_INIT("\x00\x00\xFE\xFF"), {4, true}}, {STR_INIT("\xFF\xFE\x00\x00"), {4, false}},
        {STR_INIT("\xFE\xFF"), {2, true}},         {STR_INIT("\xFF\xFE"), {2, false}},
        {STR_INIT("\xEF\xBB\xBF"), {1, false}},
    };
    for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++) {
        if (str_starts(bytes, marks[i].mark)) {
            *mark = marks[i].mark.n;
            return marks[i].form;
        }
    }
    *mark = 0;
    const char *p = bytes.p;
    if (bytes.n >= 4 && p[0] == 0) {
        return (struct form){p[1] != 0 ? 2 : 4, true};
    }
    if (bytes.n >= 4 && p[1] == 0) {
        return (struct form){p[2] != 0 || p[3] != 0 ? 2 : 4, false};
    }
    if (bytes.n == 2 && (p[0] == 0 || p[1] == 0)) {
        return (struct form){2, p[0] == 0};
    }
    return (struct form){1, false};
}

static uint32_t unit_at(str s, size_t i, struct form form)
{
    uint32_t unit = 0;
    for (unsigned b = 0; b < form.width; b++) {
        unit = unit << 8 | (unsigned char)s.p[i + (form.big ? b : form.width - 1 - b)];
    }
    return unit;
}

bool encoding_to_utf8(struct arena *a, str bytes, str *out)
{
    size_t mark = 0;
    struct form form = detect(bytes, &mark);
    str s = str_slice(bytes, mark, bytes.n);
    if (form.width == 1) {
        *out = s;
        return text_is_utf8(s);
    }
    if (s.n % form.width != 0) {
        return false;
    }
    char *text = arena_alloc(a, s.n / form.width * (form.width == 2 ? 3 : 4));
    char *to = text;
    for (size_t i = 0; i < s.n; i += form.width) {
        uint32_t code = unit_at(s, i, form);
        if (form.width == 2 && code >= 0xD800 && code <= 0xDBFF && s.n - i >= 4) {
            uint32_t low = unit_at(s, i + 2, form);
            if (low >= 0xDC00 && low <= 0xDFFF) {
                code = 0x10000 + ((code - 0xD800) << 10 | (low - 0xDC00));
                i += 2;
            }
        }
        if (code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF)) {
            return false;
        }
        to += text_encode(code, to);
    }
    *out = (str){text, (size_t)(to - text)};
    return true;
}

#include "base/email_chars.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/rune.h"
#include "base/text.h"

bool email_chars_atom(uint32_t code)
{
    return code < 0x80 && code > ' ' && strchr("\"(),.:;<>@[\\]\x7F", (int)code) == NULL;
}

bool email_chars_local(uint32_t code)
{
    return email_chars_atom(code) || code == '.' || code >= 0x80;
}

bool email_chars_quotes(uint32_t code)
{
    return code >= ' ' && code != 0x7F;
}

bool email_chars_host(uint32_t code)
{
    return (code >= '0' && code <= '9') || (code >= 'A' && code <= 'Z') || (code >= 'a' && code <= 'z') ||
           code == '-' || code == '.' || code >= 0x80;
}

bool email_chars_name(uint32_t code)
{
    return email_chars_atom(code) || code == ' ';
}

void email_chars_put(struct buf *b, uint32_t code)
{
    enum rune_kind kind = rune_kind(code);
    if (kind != RUNE_VISIBLE) {
        rune_put_name(b, code);
        return;
    }
    char quote = code == '\\' || code == '\'' ? '"' : '\'';
    char bytes[4];
    buf_char(b, quote);
    buf_put(b, bytes, text_encode(code, bytes));
    buf_char(b, quote);
}

static bool refuse(str *why, str reason)
{
    *why = reason;
    return false;
}

/* Characters that were found wanting: each once, in a row. */
struct found {
    uint32_t *codes;
    size_t count;
};

static void found_add(struct found *f, uint32_t code)
{
    size_t at = 0;
    while (at < f->count && f->codes[at] < code) {
        at++;
    }
    if (at == f->count || f->codes[at] != code) {
        memmove(f->codes + at + 1, f->codes + at, (f->count - at) * sizeof f->codes[0]);
        f->codes[at] = code;
        f->count++;
    }
}

static int compare_shown(const void *a, const void *b)
{
    const str *x = a;
    const str *y = b;
    int order = memcmp(x->p, y->p, x->n < y->n ? x->n : y->n);
    return order != 0 ? order : (x->n > y->n) - (x->n < y->n);
}

/* "reason: this, that." by_shown: sorted by how they look, not by code point.
 */
static str list_found(struct arena *a, const char *reason, const struct found *f, bool by_shown)
{
    str *shown = ARENA_ARRAY(a, str, f->count);
    for (size_t i = 0; i < f->count; i++) {
        struct buf one;
        buf_init(&one, a, 48, 128);
        email_chars_put(&one, f->codes[i]);
        shown[i] = buf_view(&one);
    }
    if (by_shown) {
        qsort(shown, f->count, sizeof *shown, compare_shown);
    }
    struct buf b;
    buf_init(&b, a, 256, SIZE_MAX / 4);
    buf_c(&b, reason);
    for (size_t i = 0; i < f->count; i++) {
        buf_c(&b, i == 0 ? ": " : ", ");
        buf_str(&b, shown[i]);
    }
    buf_char(&b, '.');
    return buf_view(&b);
}

bool email_chars_check(struct arena *a, str s, bool (*fits)(uint32_t), const char *reason, str *why)
{
    struct found f = {ARENA_ARRAY(a, uint32_t, s.n), 0};
    for (size_t i = 0; i < s.n;) {
        uint32_t code = text_next(s, &i);
        if (!fits(code)) {
            found_add(&f, code);
        }
    }
    return f.count == 0 || refuse(why, list_found(a, reason, &f, true));
}

bool email_chars_safe(struct arena *a, str s, bool spaces, str *why)
{
    struct found f = {ARENA_ARRAY(a, uint32_t, s.n), 0};
    for (size_t i = 0; i < s.n;) {
        bool first = i == 0;
        uint32_t code = text_next(s, &i);
        enum rune_kind kind = rune_kind(code);
        if (kind == RUNE_UNSAFE || (kind == RUNE_SPACE && !spaces) || (kind == RUNE_MARK && first)) {
            found_add(&f, code);
        }
    }
    return f.count == 0 ||
           refuse(why, list_found(a, "The email address contains unsafe characters", &f, false));
}

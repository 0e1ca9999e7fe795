#include "base/mailbox.h"

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/email_chars.h"
#include "base/rune.h"
#include "base/text.h"

static bool refuse(str *why, str reason)
{
    *why = reason;
    return false;
}

str mailbox_trim(str s)
{
    size_t from = s.n;
    size_t to = 0;
    for (size_t i = 0; i < s.n;) {
        size_t start = i;
        if (!rune_is_blank(text_next(s, &i))) {
            from = start < from ? start : from;
            to = i;
        }
    }
    return str_slice(s, from, to);
}

/* The text between "<" at open and ">" at the end, when there is some and it
 * has no line end. */
static bool bracketed(str s, size_t open, str *inner)
{
    str text = str_slice(s, open + 1, s.n - 1);
    if (text.n == 0 || str_find(text, '\n', 0) < text.n) {
        return false;
    }
    *inner = text;
    return true;
}

/* Where the last "<" behind a closing quote is that has something within; 0: nowhere. Only blanks stand between the
 * two. */
static size_t find_behind_quote(str t)
{
    size_t found = 0;
    bool behind = false;
    for (size_t i = 1; i + 2 < t.n;) {
        size_t at = i;
        uint32_t code = text_next(t, &i);
        found = behind && code == '<' ? at : found;
        behind = (code == '"' && at > 1) || (behind && rune_is_blank(code));
    }
    return found;
}

str mailbox_without_name(str s)
{
    str t = mailbox_trim(s);
    if (t.n == 0 || t.p[t.n - 1] != '>') {
        return s;
    }
    str inner = s;
    if (t.p[0] == '"') {
        size_t open = find_behind_quote(t);
        if (open > 0) {
            (void)bracketed(t, open, &inner);
        }
        return inner;
    }
    for (size_t i = 0; i < t.n;) {
        size_t at = i;
        uint32_t code = text_next(t, &i);
        if (code == '<') {
            (void)bracketed(t, at, &inner);
            break;
        }
        if (!email_chars_atom(code) && !rune_is_word(code) && !rune_is_blank(code)) {
            break;
        }
    }
    return inner;
}

/* The first of the special characters that stands outside quotes. "<" and
 * U+0338 together are another character. */
static size_t find_special(str s, const char *specials)
{
    bool quoted = false;
    bool escaped = false;
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        if (quoted) {
            quoted = c != '"' || escaped;
            escaped = c == '\\' && !escaped;
        } else if (c == '"') {
            quoted = true;
        } else if (c != '\0' && strchr(specials, c) != NULL &&
                   !(c == '<' && str_starts(str_slice(s, i + 1, s.n), STR("\xCC\xB8")))) {
            return i;
        }
    }
    return s.n;
}

/* Takes quotes and their backslashes off a text that begins with a quote;
 * leaves any other as it is. */
static bool unquote(struct arena *a, str s, str *out, bool *quoted, str *why)
{
    *quoted = s.n > 0 && s.p[0] == '"';
    if (!*quoted) {
        *out = s;
        return true;
    }
    struct buf b;
    buf_init(&b, a, s.n, s.n);
    size_t i = 1;
    for (; i < s.n && s.p[i] != '"'; i++) {
        if (s.p[i] == '\\' && i + 1 < s.n) {
            i++;
        }
        buf_char(&b, s.p[i]);
    }
    if (i + 1 >= s.n) {
        *out = buf_view(&b);
        return true;
    }
    struct buf extra;
    buf_init(&extra, a, 256, SIZE_MAX / 4);
    buf_lit(&extra, "Extra character(s) found after close quote: ");
    for (i++; i < s.n;) {
        email_chars_put(&extra, text_next(s, &i));
        buf_c(&extra, i < s.n ? ", " : "");
    }
    return refuse(why, buf_view(&extra));
}

/* Checks what stands before "<", and gives what stands between the brackets. */
static bool open_brackets(struct arena *a, str name, str rest, str *address, str *why)
{
    str unquoted = {0};
    bool quoted = false;
    if (!unquote(a, mailbox_trim(name), &unquoted, &quoted, why)) {
        return false;
    }
    if (!quoted && !email_chars_check(a, unquoted, email_chars_name,
                                      "The display name contains invalid characters when not quoted", why)) {
        return false;
    }
    if (!email_chars_safe(a, unquoted, true, why)) {
        return false;
    }
    if (str_find(rest, '>', 0) == rest.n) {
        return refuse(why, STR("An open angle bracket at the start of the email "
                               "address has to be followed by a close "
                               "angle bracket at the end."));
    }
    while (rest.p[rest.n - 1] == ' ') {
        rest.n--;
    }
    if (rest.p[rest.n - 1] != '>') {
        return refuse(why, STR("There can't be anything after the email address."));
    }
    while (rest.p[rest.n - 1] == '>') {
        rest.n--;
    }
    *address = str_slice(rest, 1, rest.n);
    return true;
}

bool mailbox_split(struct arena *a, str s, struct mailbox *out, str *why)
{
    *out = (struct mailbox){0};
    size_t at = find_special(s, "@<");
    if (at < s.n && s.p[at] == '<') {
        out->angled = true;
        if (!open_brackets(a, str_slice(s, 0, at), str_slice(s, at, s.n), &s, why)) {
            return false;
        }
        at = find_special(s, "@");
    }
    if (at == s.n) {
        return refuse(why, STR("An email address must have an @-sign."));
    }
    out->domain = str_slice(s, at + 1, s.n);
    return unquote(a, str_slice(s, 0, at), &out->local, &out->quoted, why);
}

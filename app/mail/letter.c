#include "mail/letter.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/file.h"
#include "base/text.h"

enum { FIRST_BYTES = 4096 };

static void put_html(struct buf *b, str s)
{
    for (size_t i = 0; i < s.n; i++) {
        switch (s.p[i]) {
        case '&':
            buf_lit(b, "&amp;");
            break;
        case '<':
            buf_lit(b, "&lt;");
            break;
        case '>':
            buf_lit(b, "&gt;");
            break;
        case '"':
            buf_lit(b, "&quot;");
            break;
        case '\'':
            buf_lit(b, "&#39;");
            break;
        default:
            buf_char(b, s.p[i]);
        }
    }
}

struct filling {
    struct arena *a;
    const char *path;
    const struct letter_value *values;
    size_t count;
    bool html;
};

static err wrong(const struct filling *f, const char *what, str where)
{
    return error_new(f->a, ERROR_INTERNAL, "%s: %s%.*s", f->path, what, STR_ARGS(where));
}

static err put_value(const struct filling *f, struct buf *b, str name)
{
    for (size_t i = 0; i < f->count; i++) {
        if (str_eq(name, str_of(f->values[i].name))) {
            if (f->html) {
                put_html(b, f->values[i].text);
            } else {
                buf_str(b, f->values[i].text);
            }
            return NULL;
        }
    }
    return wrong(f, "there is no value called ", name);
}

/* The index of two braces in a row, from there on; s.n when there are none. */
static size_t find_two(str s, char brace, size_t from)
{
    size_t at = str_find(s, brace, from);
    while (at + 1 < s.n && s.p[at + 1] != brace) {
        at = str_find(s, brace, at + 1);
    }
    return at + 1 < s.n ? at : s.n;
}

static err fill(const struct filling *f, str template, str *out)
{
    struct buf b;
    buf_init(&b, f->a, FIRST_BYTES, LETTER_MOST);
    for (size_t at = 0; at < template.n;) {
        size_t open = find_two(template, '{', at);
        buf_str(&b, str_slice(template, at, open));
        if (open == template.n) {
            break;
        }
        size_t end = find_two(template, '}', open + 2);
        if (end == template.n) {
            return wrong(f, "two braces are never closed", STR(""));
        }
        TRY(put_value(f, &b, str_trim(str_slice(template, open + 2, end))));
        at = end + 2;
    }
    *out = buf_view(&b);
    return b.full ? wrong(f, "is too large when it is filled", STR("")) : NULL;
}

static err read_and_fill(struct filling *f, const char *dir, const char *name, str *out)
{
    str template = {0};
    f->path = str_format(f->a, "%s/%s.%s", dir, name, f->html ? "html" : "txt").p;
    err e = file_read(f->a, f->path, LETTER_MOST, &template);
    if (e != NULL) {
        return error_new(f->a, ERROR_INTERNAL, "%.*s", STR_ARGS(e->detail));
    }
    return text_is_utf8(template) ? fill(f, template, out) : wrong(f, "is not UTF-8", STR(""));
}

err letter_write(struct arena *a, const char *dir, const char *name, const struct letter_value *values,
                 size_t count, struct letter *out)
{
    static const str head = STR_INIT("Subject: ");
    struct filling f = {.a = a, .values = values, .count = count};
    str text = {0};
    struct letter letter = {.subject = {0}};
    TRY(read_and_fill(&f, dir, name, &text));
    size_t line = str_find(text, '\n', 0);
    if (!str_starts(text, head) || line + 1 >= text.n || text.p[line + 1] != '\n') {
        return wrong(&f, "must begin with a line `Subject: …` and an empty one", STR(""));
    }
    letter.subject = str_slice(text, head.n, line);
    letter.text = str_slice(text, line + 2, text.n);
    f.html = true;
    TRY(read_and_fill(&f, dir, name, &letter.html));
    *out = letter;
    return NULL;
}

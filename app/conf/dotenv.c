#include "conf/dotenv.h"

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"

static bool blank(char c)
{
    return c == ' ' || c == '\t';
}

static bool name_char(char c, bool first)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_' || (!first && c >= '0' && c <= '9');
}

static str skip_blanks(str s)
{
    size_t at = 0;
    while (at < s.n && blank(s.p[at])) {
        at++;
    }
    return str_slice(s, at, s.n);
}

/* Takes the name and the equals sign off the front of a line. */
static const char *take_name(str *line, str *name)
{
    str rest = *line;
    if (str_starts(rest, STR("export")) && rest.n > 6 && blank(rest.p[6])) {
        rest = skip_blanks(str_slice(rest, 6, rest.n));
    }
    size_t n = 0;
    while (n < rest.n && name_char(rest.p[n], n == 0)) {
        n++;
    }
    str after = skip_blanks(str_slice(rest, n, rest.n));
    if (n == 0) {
        return "a line must be NAME=value; a name has letters, digits and _ and "
               "begins with no digit";
    }
    if (after.n == 0 || after.p[0] != '=') {
        return "a line must be NAME=value; there is no = after the name";
    }
    *name = str_slice(rest, 0, n);
    *line = str_slice(after, 1, after.n);
    return NULL;
}

/* The byte that a backslash and c stand for inside these quotes; false when they stand for nothing. */
static bool unescape(char quote, char c, char *out)
{
    static const char from[] = "nrt\"'\\$";
    static const char to[] = "\n\r\t\"'\\$";
    const char *hit = strchr(from, c);
    bool here = quote == '"' || c == '\'' || c == '\\';
    if (c == '\0' || hit == NULL || !here) {
        return false;
    }
    *out = to[hit - from];
    return true;
}

static const char *take_quoted(struct arena *a, str s, str *value)
{
    char quote = s.p[0];
    char *text = arena_alloc(a, s.n);
    size_t n = 0;
    size_t at = 1;
    for (; at < s.n && s.p[at] != quote; at++) {
        char c = s.p[at];
        if (c == '\\' && at + 1 < s.n && unescape(quote, s.p[at + 1], &c)) {
            at++;
        } else if (c == '\\' && quote == '"') {
            return "inside \"double quotes\" a backslash stands before n, r, t, \", "
                   "', \\ or $ only; write \\\\ for one";
        }
        text[n++] = c;
    }
    if (at >= s.n) {
        return quote == '"' ? "the value's \" is not closed on this line"
                            : "the value's ' is not closed on this line";
    }
    str after = skip_blanks(str_slice(s, at + 1, s.n));
    if (after.n > 0 && after.p[0] != '#') {
        return "there is text after the closing quote; write \\\" or \\' for a "
               "quote inside the value";
    }
    *value = (str){text, n};
    return NULL;
}

static str take_plain(str s)
{
    size_t end = s.n;
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '#' && (i > 0 && blank(s.p[i - 1]))) {
            end = i;
            break;
        }
    }
    return str_trim(str_slice(s, 0, end));
}

static const char *parse_line(struct arena *a, str line, struct dotenv_line *out)
{
    const char *problem = take_name(&line, &out->name);
    if (problem != NULL) {
        return problem;
    }
    if (memchr(line.p, '\0', line.n) != NULL) {
        return "a value cannot hold a NUL byte";
    }
    str value = skip_blanks(line);
    if (value.n > 0 && (value.p[0] == '"' || value.p[0] == '\'')) {
        return take_quoted(a, value, &out->value);
    }
    out->value = take_plain(line);
    return NULL;
}

const struct dotenv_line *dotenv_parse(struct arena *a, str text)
{
    const struct dotenv_line *first = NULL;
    const struct dotenv_line **tail = &first;
    if (str_starts(text, STR("\xEF\xBB\xBF"))) {
        text = str_slice(text, 3, text.n);
    }
    unsigned number = 1;
    for (size_t at = 0; at < text.n; number++) {
        size_t end = str_find(text, '\n', at);
        str line = str_trim(str_slice(text, at, end));
        at = end + 1;
        if (line.n == 0 || line.p[0] == '#') {
            continue;
        }
        struct dotenv_line *l = ARENA_NEW(a, struct dotenv_line);
        l->number = number;
        l->problem = parse_line(a, line, l);
        *tail = l;
        tail = &l->next;
    }
    return first;
}

static bool plain_char(char c)
{
    return name_char(c, false) || (c != '\0' && strchr("-+./:,@%=*[]?&", c) != NULL);
}

void dotenv_put(struct buf *b, str value)
{
    bool plain = true;
    for (size_t i = 0; i < value.n; i++) {
        plain = plain && plain_char(value.p[i]);
    }
    if (plain) {
        buf_str(b, value);
        return;
    }
    buf_char(b, '"');
    for (size_t i = 0; i < value.n; i++) {
        char c = value.p[i];
        switch (c) {
        case '\n':
            buf_lit(b, "\\n");
            break;
        case '\r':
            buf_lit(b, "\\r");
            break;
        case '"':
        case '\\':
        case '$':
            buf_char(b, '\\');
            buf_char(b, c);
            break;
        default:
            buf_char(b, c);
        }
    }
    buf_char(b, '"');
}

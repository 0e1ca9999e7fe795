#include "migrate/expression.h"

#include "base/arena.h"
#include "base/buf.h"

enum { TEXT_BYTES = 1 << 20 };

static bool is_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '$' || (unsigned char)c >= 0x80;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* The end of the string, quoted name, word or single character at `at`. */
static size_t token_end(str s, size_t at)
{
    char first = s.p[at];
    size_t end = at + 1;
    if (first == '\'' || first == '"' || first == '`') {
        while (end < s.n && s.p[end] != first) {
            end += first != '`' && s.p[end] == '\\' ? 2 : 1;
        }
        return end < s.n ? end + 1 : s.n;
    }
    while (is_word(first) && end < s.n && is_word(s.p[end])) {
        end++;
    }
    return end;
}

static str unquoted(str token)
{
    return token.n >= 2 && token.p[0] == '`' ? str_slice(token, 1, token.n - 1) : token;
}

/* Whether the parenthesis that opens the text closes at its end. */
static bool is_wrapped(str s)
{
    size_t depth = 0;
    for (size_t at = 0; at < s.n; at = token_end(s, at)) {
        depth += s.p[at] == '(' ? 1 : 0;
        depth -= s.p[at] == ')' ? 1 : 0;
        if (depth == 0) {
            return s.p[at] == ')' && at + 1 == s.n;
        }
    }
    return false;
}

/* In lower case when it is not quoted. */
static void put_token(struct buf *b, str token, bool quoted)
{
    for (size_t i = 0; i < token.n; i++) {
        char c = token.p[i];
        if (!quoted && c >= 'A' && c <= 'Z') {
            c = (char)(c - 'A' + 'a');
        }
        buf_char(b, c);
    }
}

static str normal(struct arena *a, str s)
{
    struct buf b;
    buf_init(&b, a, s.n + 1, TEXT_BYTES);
    for (size_t at = 0; at < s.n;) {
        size_t end = token_end(s, at);
        str token = unquoted(str_slice(s, at, end));
        bool quoted = s.p[at] == '\'' || s.p[at] == '"';
        if (token.n > 0 && !is_blank(token.p[0])) {
            if (b.n > 0 && is_word(b.p[b.n - 1]) && is_word(token.p[0])) {
                buf_char(&b, ' ');
            }
            put_token(&b, token, quoted);
        }
        at = end;
    }
    str text = buf_view(&b);
    while (is_wrapped(text)) {
        text = str_slice(text, 1, text.n - 1);
    }
    return text;
}

bool expression_same(struct arena *a, str x, str y)
{
    return str_eq(normal(a, x), normal(a, y));
}

str expression_rename(struct arena *a, str text, str name, str to)
{
    struct buf b;
    buf_init(&b, a, text.n + to.n, TEXT_BYTES);
    for (size_t at = 0; at < text.n;) {
        size_t end = token_end(text, at);
        str token = str_slice(text, at, end);
        bool quoted = text.p[at] == '`';
        if (str_eq(unquoted(token), name) && text.p[at] != '\'' && text.p[at] != '"') {
            buf_c(&b, quoted ? "`" : "");
            buf_str(&b, to);
            buf_c(&b, quoted ? "`" : "");
        } else {
            buf_str(&b, token);
        }
        at = end;
    }
    return buf_view(&b);
}

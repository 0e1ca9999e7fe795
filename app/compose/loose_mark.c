#include "compose/loose_mark.h"

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static char char_at(str s, size_t at)
{
    if (at >= s.n) {
        return '\0';
    }
    return s.p[at];
}

static size_t skip(str s, size_t at, const char *set)
{
    while (at < s.n && strchr(set, s.p[at]) != NULL && s.p[at] != '\0') {
        at++;
    }
    return at;
}

/* One or two digits; the number is 0 when there are none, or more. */
static size_t read_digits(str s, size_t at, unsigned *number)
{
    size_t end = at;
    *number = 0;
    while (is_digit(char_at(s, end)) && end < at + 3) {
        *number = *number * 10 + (unsigned)(s.p[end++] - '0');
    }
    *number = end - at > 2 ? 0 : *number;
    return end;
}

/* Whether a number that ends at `at` is closed as that of a list item is; moves *at behind. */
static bool close_number(str s, size_t *at, bool named)
{
    unsigned of = 0;
    char c = char_at(s, *at);
    char then = char_at(s, *at + 1);
    if (c == '/') {
        *at = read_digits(s, *at + 1, &of);
        *at = skip(s, *at, ")]:.");
        return true;
    }
    if (c == '.' || c == ')' || c == ':' || c == ']') {
        *at += 1;
        return named || *at == s.n || strchr(" \t*\r", then) != NULL;
    }
    if (c == ' ' && then == '-' && char_at(s, *at + 2) == ' ') {
        *at += 2;
        return true;
    }
    return named;
}

struct mark mark_read(str line)
{
    static const str bullets[] = {STR_INIT("- "), STR_INIT("* "), STR_INIT("\u2022 ")};
    struct mark none = {.kind = MARK_NONE};
    size_t at = skip(line, 0, " \t");
    for (size_t i = 0; i < sizeof bullets / sizeof bullets[0]; i++) {
        if (str_starts(str_slice(line, at, line.n), bullets[i])) {
            return (struct mark){.kind = MARK_BULLET, .length = at + bullets[i].n};
        }
    }
    at = skip(line, at, "*#>_ ([");
    str rest = str_slice(line, at, line.n);
    bool named = str_starts_nocase(rest, STR("tweet ")) || str_starts_nocase(rest, STR("post "));
    if (named) {
        at = skip(line, at + str_find(rest, ' ', 0), " #");
    }
    unsigned number = 0;
    size_t end = read_digits(line, at, &number);
    if (number == 0 || !close_number(line, &end, named)) {
        return none;
    }
    end = skip(line, end, " \t)]:*_");
    return (struct mark){.kind = MARK_NUMBER, .number = number, .length = end};
}

/* The length of the piece without "(1/5)" at its end, the number in *number; the whole length when there is none. */
static size_t without_trailing(str s, unsigned *number)
{
    size_t end = s.n;
    unsigned of = 0;
    *number = 0;
    bool closed = end > 0 && (s.p[end - 1] == ')' || s.p[end - 1] == ']');
    end -= closed ? 1 : 0;
    size_t at = end;
    while (at > 0 && is_digit(s.p[at - 1])) {
        at--;
    }
    bool total = read_digits(s, at, &of) == end && of > 0;
    if (!total || at == 0 || s.p[at - 1] != '/') {
        return s.n;
    }
    size_t from = at - 1;
    while (from > 0 && is_digit(s.p[from - 1])) {
        from--;
    }
    bool found = read_digits(s, from, number) == at - 1 && *number > 0;
    if (closed && from > 0 && (s.p[from - 1] == '(' || s.p[from - 1] == '[')) {
        from--;
    } else if (closed) {
        found = false;
    }
    bool apart = from > 0 && strchr(" \n\t", s.p[from - 1]) != NULL;
    *number = found && apart ? *number : 0;
    return *number > 0 ? from : s.n;
}

void mark_strip_numbers(str *pieces, size_t n)
{
    bool before = n > 1;
    bool behind = n > 1;
    for (size_t i = 0; i < n; i++) {
        unsigned number = 0;
        struct mark m = mark_read(pieces[i]);
        before = before && m.kind == MARK_NUMBER && m.number == i + 1 && m.length < pieces[i].n;
        (void)without_trailing(pieces[i], &number);
        behind = behind && number == i + 1;
    }
    for (size_t i = 0; i < n; i++) {
        unsigned number = 0;
        size_t end = behind ? without_trailing(pieces[i], &number) : pieces[i].n;
        pieces[i] = str_trim(str_slice(pieces[i], before ? mark_read(pieces[i]).length : 0, end));
    }
}

/* Without a pair of marks around all of it; a mark inside as well says that they are no pair. */
static str unquote(str s, str open, str close)
{
    if (s.n <= open.n + close.n || !str_starts(s, open) || !str_eq(str_slice(s, s.n - close.n, s.n), close)) {
        return s;
    }
    str inside = str_slice(s, open.n, s.n - close.n);
    bool again = memmem(inside.p, inside.n, open.p, open.n) != NULL ||
                 memmem(inside.p, inside.n, close.p, close.n) != NULL;
    return again ? s : str_trim(inside);
}

str mark_undress(struct arena *a, str piece)
{
    struct buf out;
    piece = str_trim(piece);
    if (char_at(piece, 0) == '>') {
        piece = str_trim(str_slice(piece, 1, piece.n));
    }
    size_t heading = skip(piece, 0, "#");
    if (heading > 0 && char_at(piece, heading) == ' ') {
        piece = str_trim(str_slice(piece, heading, piece.n));
    }
    buf_init(&out, a, piece.n + 1, piece.n + 1);
    for (size_t i = 0; i < piece.n; i++) {
        if (piece.p[i] == '*' && char_at(piece, i + 1) == '*') {
            i++;
        } else {
            buf_char(&out, piece.p[i]);
        }
    }
    piece = unquote(str_trim(buf_view(&out)), STR("\""), STR("\""));
    return unquote(piece, STR("\u201c"), STR("\u201d"));
}

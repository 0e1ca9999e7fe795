#include "migrate/split.h"

#include <string.h>

#include "base/arena.h"
#include "migrate/whole.h"

struct scanner {
    str text;
    size_t at;
    unsigned line;
    str delimiter;
};

static bool blank(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

/* The byte so far ahead; NUL, which no text here holds, at the end. */
static char peek(const struct scanner *s, size_t ahead)
{
    if (s->at + ahead >= s->text.n) {
        return '\0';
    }
    return s->text.p[s->at + ahead];
}

static bool at_end(const struct scanner *s)
{
    return s->at >= s->text.n;
}

static bool at_delimiter(const struct scanner *s)
{
    return str_starts(str_slice(s->text, s->at, s->text.n), s->delimiter);
}

/* Moves n bytes on, counting lines. */
static void move(struct scanner *s, size_t n)
{
    for (; n > 0 && !at_end(s); n--) {
        s->line += s->text.p[s->at] == '\n' ? 1 : 0;
        s->at++;
    }
}

/* "--" begins a comment only before a blank or at the end, "#" always. */
static bool at_line_comment(const struct scanner *s)
{
    if (peek(s, 0) == '#') {
        return true;
    }
    char third = peek(s, 2);
    return peek(s, 0) == '-' && peek(s, 1) == '-' && (third == '\0' || blank(third));
}

static bool at_block_comment(const struct scanner *s)
{
    return peek(s, 0) == '/' && peek(s, 1) == '*';
}

/* A comment whose inside the server runs, or takes as a hint. */
static bool at_live_comment(const struct scanner *s)
{
    char third = peek(s, 2);
    return at_block_comment(s) && (third == '!' || third == '+' || (third == 'M' && peek(s, 3) == '!'));
}

static void skip_line(struct scanner *s)
{
    move(s, str_find(s->text, '\n', s->at) - s->at);
}

static bool skip_block(struct scanner *s)
{
    move(s, 2);
    while (!at_end(s) && !(peek(s, 0) == '*' && peek(s, 1) == '/')) {
        move(s, 1);
    }
    bool closed = !at_end(s);
    move(s, 2);
    return closed;
}

/* A doubled quote inside needs no care: it ends one quoted text and begins the next. */
static bool skip_quoted(struct scanner *s)
{
    char quote = peek(s, 0);
    move(s, 1);
    while (!at_end(s) && peek(s, 0) != quote) {
        move(s, peek(s, 0) == '\\' && quote != '`' ? 2 : 1);
    }
    bool closed = !at_end(s);
    move(s, 1);
    return closed;
}

static bool problem(struct split_problem *why, unsigned line, str sentence)
{
    *why = (struct split_problem){line, sentence};
    return false;
}

/* Moves over one quoted text, comment or other byte. */
static bool skip_one(struct scanner *s, struct split_problem *why)
{
    unsigned line = s->line;
    char c = peek(s, 0);
    if (c == '\'' || c == '"' || c == '`') {
        return skip_quoted(s) || problem(why, line, STR("a quote is not closed"));
    }
    if (at_block_comment(s)) {
        return skip_block(s) || problem(why, line, STR("a comment is not closed"));
    }
    if (at_line_comment(s)) {
        skip_line(s);
    } else {
        move(s, 1);
    }
    return true;
}

/* Moves over what stands between statements. */
static bool skip_space(struct scanner *s, struct split_problem *why)
{
    while (!at_end(s) &&
           (blank(peek(s, 0)) || at_line_comment(s) || (at_block_comment(s) && !at_live_comment(s)))) {
        if (!skip_one(s, why)) {
            return false;
        }
    }
    return true;
}

static bool word_char(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
}

/* The length of what opens a comment that the server runs: an exclamation mark, or M and one, then a
 * version. */
static size_t live_opener(str text)
{
    size_t n = str_starts(text, STR("/*!")) ? 3 : str_starts(text, STR("/*M!")) ? 4 : 0;
    while (n > 0 && n < text.n && text.p[n] >= '0' && text.p[n] <= '9') {
        n++;
    }
    return n;
}

/* The word of a statement that begins at or after *at, and moves *at behind it. Brackets before it do not
 * count. */
static str next_word(str text, size_t *at)
{
    size_t from = *at;
    from += live_opener(str_slice(text, from, text.n));
    while (from < text.n && (blank(text.p[from]) || text.p[from] == '(')) {
        from++;
    }
    size_t end = from;
    while (end < text.n && word_char(text.p[end])) {
        end++;
    }
    *at = end;
    return str_slice(text, from, end);
}

static bool is_one_of(str word, const char *const *words)
{
    for (; *words != NULL; words++) {
        if (str_eq_nocase(word, str_of(*words))) {
            return true;
        }
    }
    return false;
}

static bool mentions(str text, str word)
{
    for (size_t i = 0; i + word.n <= text.n; i++) {
        if (str_eq_nocase(str_slice(text, i, i + word.n), word)) {
            return true;
        }
    }
    return false;
}

static str classify_set(str text, str second)
{
    if (str_eq_nocase(second, STR("STATEMENT"))) {
        return STR("SET STATEMENT hides what it runs: use SET SESSION in a statement before");
    }
    return mentions(text, STR("autocommit")) ? STR("autocommit must stay on") : (str){"", 0};
}

/* Notes the kind of a statement. What is wrong with it, else empty. */
static str classify(struct arena *a, struct split_statement *st)
{
    static const char *const control[] = {"BEGIN",     "START",   "COMMIT", "ROLLBACK",
                                          "SAVEPOINT", "RELEASE", "XA",     NULL};
    static const char *const data[] = {"INSERT", "UPDATE", "DELETE", "REPLACE", "SELECT",
                                       "WITH",   "LOAD",   "DO",     NULL};
    static const char *const schema[] = {"CREATE", "ALTER",  "DROP",    "RENAME",   "TRUNCATE",
                                         "GRANT",  "REVOKE", "ANALYZE", "OPTIMIZE", "CHECK",
                                         "REPAIR", "FLUSH",  NULL};
    size_t at = 0;
    str first = next_word(st->text, &at);
    str second = next_word(st->text, &at);
    if (str_eq_nocase(first, STR("SET"))) {
        st->kind = STATEMENT_SESSION;
        return classify_set(st->text, second);
    }
    if (is_one_of(first, control)) {
        return STR(
            "transactions are not begun or ended here: each data statement is one, together with its record");
    }
    st->kind = is_one_of(first, data) ? STATEMENT_DATA : STATEMENT_SCHEMA;
    if (st->kind == STATEMENT_SCHEMA && !is_one_of(first, schema)) {
        return str_format(a, "\"%.*s\" begins no statement that a migration can hold", STR_ARGS(first));
    }
    if (str_eq_nocase(second, STR("TEMPORARY"))) {
        return STR("a temporary table would be gone when the migration goes on after an interruption");
    }
    return st->kind == STATEMENT_SCHEMA ? whole_problem(st->text) : (str){"", 0};
}

/* `DELIMITER //`: true when there was one. */
static bool take_delimiter(struct scanner *s)
{
    str line = str_slice(s->text, s->at, str_find(s->text, '\n', s->at));
    size_t at = 0;
    str word = next_word(line, &at);
    str delimiter = str_trim(str_slice(line, at, line.n));
    if (!str_eq_nocase(word, STR("DELIMITER")) || delimiter.n == 0 || !blank(line.p[word.n])) {
        return false;
    }
    s->delimiter = delimiter;
    skip_line(s);
    return true;
}

static void append(struct arena *a, struct statements *list, size_t *room, struct split_statement st)
{
    if (list->n == *room) {
        size_t more = *room == 0 ? 16 : 2 * *room;
        list->items = arena_grow(a, list->items, *room * sizeof st, more * sizeof st);
        *room = more;
    }
    list->items[list->n++] = st;
}

/* Takes one statement, empty when there was only a delimiter. */
static bool take_statement(struct scanner *s, struct split_statement *st, struct split_problem *why)
{
    size_t start = s->at;
    st->line = s->line;
    while (!at_end(s) && !at_delimiter(s)) {
        if (!skip_one(s, why)) {
            return false;
        }
    }
    st->text = str_trim(str_slice(s->text, start, s->at));
    move(s, s->delimiter.n);
    return true;
}

bool split_sql(struct arena *a, str text, unsigned line, struct statements *out, struct split_problem *why)
{
    struct scanner s = {.text = text, .line = line, .delimiter = STR(";")};
    struct statements list = {NULL, 0};
    size_t room = 0;
    if (text.n > 0 && memchr(text.p, '\0', text.n) != NULL) {
        return problem(why, line, STR("there is a NUL byte"));
    }
    for (;;) {
        if (!skip_space(&s, why)) {
            return false;
        }
        if (at_end(&s)) {
            *out = list;
            return true;
        }
        struct split_statement st;
        if (take_delimiter(&s)) {
            continue;
        }
        if (!take_statement(&s, &st, why)) {
            return false;
        }
        str wrong = st.text.n > 0 ? classify(a, &st) : (str){"", 0};
        if (wrong.n > 0) {
            return problem(why, st.line, wrong);
        }
        if (st.text.n > 0) {
            append(a, &list, &room, st);
        }
    }
}

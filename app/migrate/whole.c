#include "migrate/whole.h"

#include <stdbool.h>

/* The words and signs of a statement one after another, without blanks and comments. Comments that the server runs
 * count as what they hold. */
struct words {
    str text;
    size_t at;
};

static bool blank(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static bool word_char(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '$' || (unsigned char)c >= 0x80;
}

static str rest(const struct words *w)
{
    return str_slice(w->text, w->at, w->text.n);
}

/* Behind the end of what is `ended` so, or at the end of the text. */
static void skip_to(struct words *w, str ended)
{
    while (w->at < w->text.n && !str_starts(rest(w), ended)) {
        w->at++;
    }
    w->at = w->at + ended.n < w->text.n ? w->at + ended.n : w->text.n;
}

/* One comment, or the sign that opens or closes one that the server runs. */
static bool skip_comment(struct words *w)
{
    str s = rest(w);
    bool marked = str_starts(s, STR("/*M!"));
    if (marked || str_starts(s, STR("/*!"))) {
        w->at += marked ? 4 : 3;
        while (w->at < w->text.n && w->text.p[w->at] >= '0' && w->text.p[w->at] <= '9') {
            w->at++;
        }
        return true;
    }
    if (str_starts(s, STR("*/"))) {
        w->at += 2;
        return true;
    }
    bool line = str_starts(s, STR("#")) || (str_starts(s, STR("--")) && (s.n == 2 || blank(s.p[2])));
    bool block = str_starts(s, STR("/*"));
    if (line || block) {
        skip_to(w, line ? STR("\n") : STR("*/"));
    }
    return line || block;
}

static void skip_quoted(struct words *w)
{
    char quote = w->text.p[w->at++];
    while (w->at < w->text.n && w->text.p[w->at] != quote) {
        w->at += w->text.p[w->at] == '\\' && quote != '`' ? 2 : 1;
    }
    w->at = w->at < w->text.n ? w->at + 1 : w->text.n;
}

/* The next word, quoted text or sign; empty at the end. */
static str next(struct words *w)
{
    while (w->at < w->text.n && (blank(w->text.p[w->at]) || skip_comment(w))) {
        w->at += w->at < w->text.n && blank(w->text.p[w->at]) ? 1 : 0;
    }
    size_t from = w->at;
    if (from == w->text.n) {
        return (str){"", 0};
    }
    char c = w->text.p[from];
    if (c == '\'' || c == '"' || c == '`') {
        skip_quoted(w);
    } else if (word_char(c)) {
        while (w->at < w->text.n && word_char(w->text.p[w->at])) {
            w->at++;
        }
    } else {
        w->at++;
    }
    return str_slice(w->text, from, w->at);
}

static bool is(str word, const char *expected)
{
    return str_eq_nocase(word, str_of(expected));
}

static bool is_one_of(str word, const char *const *expected)
{
    for (; *expected != NULL; expected++) {
        if (is(word, *expected)) {
            return true;
        }
    }
    return false;
}

/* Whether there is a comma outside of brackets in what comes. */
static bool lists(struct words w)
{
    unsigned depth = 0;
    for (str word = next(&w); word.n > 0; word = next(&w)) {
        if (depth == 0 && is(word, ",")) {
            return true;
        }
        depth += is(word, "(") ? 1 : 0;
        depth -= depth > 0 && is(word, ")") ? 1 : 0;
    }
    return false;
}

static bool exchanges_partition(struct words w)
{
    str before = next(&w);
    for (str word = next(&w); word.n > 0; before = word, word = next(&w)) {
        if (is(before, "EXCHANGE") && is(word, "PARTITION")) {
            return true;
        }
    }
    return false;
}

/* What is created, altered, dropped or renamed: the word behind the verb and OR REPLACE. */
static str object_of(struct words *w, bool *replaces)
{
    str word = next(w);
    *replaces = false;
    if (is(word, "OR")) {
        *replaces = is(next(w), "REPLACE");
        word = next(w);
    }
    return word;
}

#define NONE ((str){"", 0})

str whole_problem(str text)
{
    static const char *const verbs[] = {"CREATE", "ALTER", "DROP", "RENAME", NULL};
    static const char *const beside[] = {"USER", "ROLE", "SERVER", NULL};
    static const char *const tables[] = {"TABLE", "TABLES", "VIEW", "SEQUENCE", NULL};
    static const char *const analyzed[] = {"TABLE", "TABLES", "LOCAL", "NO_WRITE_TO_BINLOG", NULL};
    struct words w = {.text = text};
    str verb = next(&w);
    if (is(verb, "REVOKE")) {
        return STR(
            "the schema does not show whether rights were taken away: leave accounts to the administrator");
    }
    if (is(verb, "ANALYZE") && !is_one_of(next(&w), analyzed)) {
        return STR("ANALYZE runs what comes behind it, outside of a transaction: leave the word out");
    }
    if (!is_one_of(verb, verbs)) {
        return NONE;
    }
    bool replaces = false;
    str object = object_of(&w, &replaces);
    if (is_one_of(object, beside)) {
        return STR("the schema does not show whether accounts, roles and servers were changed: leave them to "
                   "the administrator");
    }
    if ((is(object, "DATABASE") || is(object, "SCHEMA")) && !is(verb, "ALTER")) {
        return STR("a migration works in the database of DB_NAME: leave making and dropping databases to the "
                   "administrator");
    }
    if (replaces && (is(object, "TABLE") || is(object, "SEQUENCE"))) {
        return STR("CREATE OR REPLACE TABLE drops first and creates later, and a crash can come between: "
                   "write DROP TABLE IF EXISTS and CREATE TABLE");
    }
    if (is(verb, "DROP") && is_one_of(object, tables) && lists(w)) {
        return STR("a crash can leave a DROP of several half carried out: write one DROP each");
    }
    if (is(verb, "RENAME") && is_one_of(object, tables) && lists(w)) {
        return STR("after a crash nobody could tell whether several tables were renamed (a swap leaves no "
                   "trace): write one RENAME TABLE each");
    }
    if (is(verb, "ALTER") && exchanges_partition(w)) {
        return STR("EXCHANGE PARTITION leaves no trace in the schema, so that nobody could tell after a "
                   "crash whether it was carried out: copy the rows with INSERT and DELETE");
    }
    return NONE;
}

/*
 * split: SQL text cut into statements, as the server would end them: it knows quotes, comments and the semicolon,
 * and nothing else of the language. sql_mode is taken to have neither ANSI_QUOTES nor NO_BACKSLASH_ESCAPES.
 *
 * A line `DELIMITER //` between statements changes what ends one, as in the mysql client, so that a trigger's body
 * can hold semicolons. Refused is what cannot be recorded step by step: transaction control and autocommit, temporary
 * tables, every statement that is not known to be one of the kinds below (USE, LOCK TABLES, CALL, PREPARE …), and what
 * a crash can leave half carried out or without a trace (migrate/whole.h).
 *
 *     struct split_problem why;
 *     if (!split_sql(a, text, 1, &list, &why)) printf("line %u: %.*s\n", why.line, STR_ARGS(why.sentence));
 *     for (size_t i = 0; i < list.n; i++) run(list.items[i].text);
 */
#ifndef QUIRE_MIGRATE_SPLIT_H
#define QUIRE_MIGRATE_SPLIT_H

#include <stdbool.h>

#include "base/str.h"

struct arena;

enum statement_kind {
    STATEMENT_SCHEMA, /* commits by itself: CREATE, ALTER, DROP, RENAME, TRUNCATE, GRANT, ANALYZE … */
    STATEMENT_DATA, /* can be one transaction with other work: INSERT, UPDATE, DELETE, REPLACE, SELECT, WITH, LOAD */
    STATEMENT_SESSION /* lives as long as the connection: SET */
};

struct split_statement {
    str text; /* without the delimiter, and without comments before it; points into the text that was split */
    unsigned line;
    enum statement_kind kind;
};

struct statements {
    struct split_statement *items;
    size_t n;
};

struct split_problem {
    unsigned line;
    str sentence;
};

/* Splits text whose first line has the number `line`. False: *why says what is wrong, *out is untouched. */
bool split_sql(struct arena *a, str text, unsigned line, struct statements *out, struct split_problem *why);

#endif

/*
 * dotenv: the text of a .env file as a list of names and values, and one value written so that it reads back.
 *
 * A line is NAME=value, with an optional `export` before it; blank lines and lines that begin with # say
 * nothing. Blanks around the name and the value do not count. Nothing is expanded: a $ is a $.
 *
 *     plain      A # after a blank begins a comment; all else is the value, also quotes and # inside a word.
 *     'single'   Taken as it is, but \' and \\ stand for ' and \.
 *     "double"   The escapes \n \r \t \" \' \\ and \$; a backslash before anything else is a mistake.
 *
 * After a closing quote only blanks and a comment may stand. A byte order mark and CR LF are accepted. Of
 * several lines with one name the last counts, as in a shell. The result lives in the arena; a bad line does
 * not stop the reading, so that all of them can be reported.
 *
 *     for (const struct dotenv_line *l = dotenv_parse(a, text); l != NULL; l = l->next) {
 *         if (l->problem != NULL) printf("%u: %s\n", l->number, l->problem);
 *         else use(l->name, l->value);
 *     }
 */
#ifndef QUIRE_CONF_DOTENV_H
#define QUIRE_CONF_DOTENV_H

#include "base/str.h"

struct arena;
struct buf;

struct dotenv_line {
    str name;
    str value;
    unsigned number;     /* of the line, from 1 */
    const char *problem; /* NULL: the line is good; else what is wrong with it, never showing the value */
    const struct dotenv_line *next;
};

/* The lines of the file that say something, in their order; NULL when there are none. */
const struct dotenv_line *dotenv_parse(struct arena *a, str text);
/* Writes a value (no NUL in it), in double quotes when it needs them; dotenv_parse reads it back unchanged.
 */
void dotenv_put(struct buf *b, str value);

#endif

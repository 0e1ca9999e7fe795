/*
 * cases: tables of cases that are easier to read as text than as C: a file of the tests, line by line.
 *
 * Tests run in the project's folder (make does), so paths are relative to it. Empty lines and those that begin
 * with `#` are for the reader.
 *
 *     struct cases c;
 *     str line;
 *     cases_open(&c, &arena, "tests/unit/engine/coerce_cases.txt");
 *     while (cases_next(&c, &line)) ... fail_msg("%s:%u: …", c.path, c.line);
 */
#ifndef QUIRE_TESTS_CASES_H
#define QUIRE_TESTS_CASES_H

#include <stdbool.h>

#include "base/str.h"

struct arena;

struct cases {
    const char *path;
    str text;
    size_t at;
    unsigned line; /* number of the line last given, from 1 */
};

/* Reads the file whole; fails the running test when there is none. */
void cases_open(struct cases *c, struct arena *a, const char *path);
/* The next line that is neither empty nor a remark, without its end. False at the end. */
bool cases_next(struct cases *c, str *line);
/* Takes the part before the first `separator` (a word, blanks and all) off the front of s, both trimmed; all of
 * s when there is none. */
str cases_part(str *s, const char *separator);

#endif

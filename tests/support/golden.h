/*
 * golden: what the program makes of given inputs, kept in a file under tests/golden and compared whole.
 *
 * UPDATE=1 in the environment writes the file instead: look at the difference (git diff) before you believe it.
 *
 *     golden_check(&arena, "tests/golden/schema.sql", buf_view(&out));
 */
#ifndef QUIRE_TESTS_GOLDEN_H
#define QUIRE_TESTS_GOLDEN_H

#include "base/str.h"

struct arena;

/* Fails the running test, showing the first line that differs, unless the file holds exactly got. */
void golden_check(struct arena *a, const char *path, str got);

#endif

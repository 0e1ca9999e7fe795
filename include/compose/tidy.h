/*
 * tidy: people's words made fit to be posted: normalization form C, no control characters, no noncharacters, no byte
 * order marks, every run of blanks one space, every line end a '\n', at most one empty line between two lines, nothing
 * blank at the ends of lines or of the text. Everything else stays, letter for letter: markup is text.
 *
 *     str text;
 *     TRY(tidy_text(a, STR("  a\t b\r\n\r\n\r\nc\a "), &text));     // "a b\n\nc"
 *     if (!tidy_shows(text)) ...
 */
#ifndef QUIRE_COMPOSE_TIDY_H
#define QUIRE_COMPOSE_TIDY_H

#include <stdbool.h>

#include "base/err.h"

struct arena;

/* The text tidied, in the arena; perhaps empty. What is not UTF-8 becomes U+FFFD. ERROR_INTERNAL when ICU fails. */
MUST_USE err tidy_text(struct arena *a, str text, str *out);
/* Whether a reader sees anything of it: a character that is no blank and that icu_is_ignorable() does not know. */
bool tidy_shows(str text);
/* A space of whatever width, or a tab. */
bool tidy_is_blank(uint32_t code);

#endif

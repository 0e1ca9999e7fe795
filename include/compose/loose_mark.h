/*
 * loose_mark: the marks that language models put before, behind and around a tweet: numbers, bullets, Markdown,
 * quotation marks. For compose/loose.h.
 *
 *     struct mark m = mark_read(STR("**Tweet 2:** Hello"));      // MARK_NUMBER, number 2, length 13
 */
#ifndef QUIRE_COMPOSE_LOOSE_MARK_H
#define QUIRE_COMPOSE_LOOSE_MARK_H

#include "base/str.h"

struct arena;

enum mark_kind { MARK_NONE, MARK_NUMBER, MARK_BULLET };

struct mark {
    enum mark_kind kind;
    unsigned number; /* MARK_NUMBER: 1 to 99 */
    size_t length;   /* bytes up to what it marks */
};

/* What a line begins with: "1.", "2)", "(3/7)", "4/", "Tweet 5:", "**6.**", "- ", "* ", "• ". A number needs one of
 * these forms: "3.5 million" begins with none. */
struct mark mark_read(str line);
/* Takes the model's own numbering off, before or behind each piece ("1/ …", "… (1/5)"), when every piece has the number
 * of its place; at least two pieces. */
void mark_strip_numbers(str *pieces, size_t n);
/* Without "**", a heading's "#" marks, a quoted line's ">", and quotation marks around all of it; trimmed. */
str mark_undress(struct arena *a, str piece);

#endif

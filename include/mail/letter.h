/*
 * letter: the words of a mail: a template of the folder of templates, filled.
 *
 * A mail has two files, NAME.txt and NAME.html. The first line of the text is `Subject: …`, the second is empty. A
 * value stands where its name does, between two braces on each side; in HTML it is escaped, so that nobody's username
 * is markup. A name that has no value is a mistake, which is told; so is a template that is missing. They are read for
 * each mail: an edit counts at once.
 *
 *     const struct letter_value values[] = {{"username", STR("ada")}, {"link", link}};
 *     TRY(letter_write(a, "mails", "verify", values, 2, &letter));
 */
#ifndef QUIRE_MAIL_LETTER_H
#define QUIRE_MAIL_LETTER_H

#include "base/err.h"

struct arena;

/* A template, and what it becomes, has at most so many bytes. */
enum { LETTER_MOST = 64 << 10 };

struct letter_value {
    const char *name;
    str text; /* valid UTF-8 */
};

struct letter {
    str subject;
    str text;
    str html;
};

/* Everything of the letter lives in the arena. ERROR_INTERNAL whose detail names file and mistake. */
MUST_USE err letter_write(struct arena *a, const char *dir, const char *name,
                          const struct letter_value *values, size_t count, struct letter *out);

#endif

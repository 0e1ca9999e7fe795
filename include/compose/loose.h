/*
 * loose: the tweets in whatever a language model wrote: the JSON that was asked for, JSON in a fence or in the middle
 * of a sentence, JSON that breaks off, numbered lines, a list, or plain paragraphs.
 *
 * It only takes apart. Its pieces are trimmed and show something, the model's own numbering, Markdown and quotation
 * marks around them are gone, and none stands there twice; they are not yet valid tweets: compose/fit.h makes them so.
 * The text is hostile: any bytes of valid UTF-8, at most LOOSE_MAX_BYTES of it are read.
 *
 *     struct loose got;
 *     loose_read(a, STR("Sure!\n```json\n[\"One.\", \"Two.\"]\n```"), &got);       // LOOSE_JSON, 2 pieces
 */
#ifndef QUIRE_COMPOSE_LOOSE_H
#define QUIRE_COMPOSE_LOOSE_H

#include "base/str.h"

struct arena;

enum { LOOSE_MAX_PIECES = 100, LOOSE_MAX_BYTES = 256 << 10 };

enum loose_form {
    LOOSE_NOTHING, /* blank, or JSON without a text in it: no pieces */
    LOOSE_REFUSAL, /* the model says that it will not: no pieces */
    LOOSE_JSON,
    LOOSE_PARTIAL, /* JSON that breaks off; what was whole is there */
    LOOSE_LINES,   /* numbered or bulleted */
    LOOSE_PROSE
};

struct loose {
    enum loose_form form;
    str *pieces;
    size_t n; /* at most LOOSE_MAX_PIECES */
};

void loose_read(struct arena *a, str text, struct loose *out);
/* "nothing", "refusal", "json", "partial", "lines", "prose". */
const char *loose_name(enum loose_form form);

#endif

/*
 * words: titles, sentences and names for made-up people, put together from short lists of our own. What the dice say
 * decides each word, so the same die gives the same text.
 *
 *     struct buf b;
 *     buf_init(&b, a, 256, 4096);
 *     words_sentences(&b, &dice, 3);          // "The quiet ferry remembers a letter. …"
 */
#ifndef QUIRE_SEED_WORDS_H
#define QUIRE_SEED_WORDS_H

#include <stdint.h>

#include "base/buf.h"
#include "seed/dice.h"

/* No sentence has more bytes, and no title. */
enum { WORDS_SENTENCE_MAX = 130, WORDS_TITLE_MAX = 90 };

/* A title, without a full stop. */
void words_title(struct buf *b, struct dice *d);
/* So many sentences with blanks between them. */
void words_sentences(struct buf *b, struct dice *d, unsigned n);
/* So many paragraphs of two to four sentences, with empty lines between them. */
void words_paragraphs(struct buf *b, struct dice *d, unsigned n);
/* What a person thinks of a book that they give `rating` of five stars. */
void words_verdict(struct buf *b, struct dice *d, int64_t rating);
/* First and last name of an author. */
void words_author(struct buf *b, struct dice *d);
void words_publisher(struct buf *b, struct dice *d);
/* "amberferry17": different for each number. */
void words_username(struct buf *b, struct dice *d, int64_t number);
/* A tag's name, different for each number: nouns, then two words, then with a number. */
void words_tag(struct buf *b, int64_t number);

#endif

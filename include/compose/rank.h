/*
 * rank: which sentences say most of a text. By the frequency of its words, those of the topic counting more; a sentence
 * that is taken makes its words count less, so that the next one says something else (Nenkova and Vanderwende, "The
 * Impact of Frequency on Summarization", 2005). Where a sentence stands and whether it stands well alone count too.
 *
 * Whole numbers only and no order of a hash table: the same text gives the same order everywhere. English words without
 * a meaning of their own are left out by a list, those of other languages because they stand in most sentences.
 *
 *     struct ranking *r;
 *     TRY(ranking_new(a, sentences, n, topic, &r));
 *     for (size_t i = ranking_best(r); i < n; i = ranking_best(r)) {
 *         ranking_take(r, i);              // or ranking_drop(r, i)
 *     }
 */
#ifndef QUIRE_COMPOSE_RANK_H
#define QUIRE_COMPOSE_RANK_H

#include "compose/sentence.h"

struct ranking;

/* Ranks n sentences (at most SENTENCES_MAX); headings and repetitions are dropped from the start. The sentences must
 * live as long as the arena. ERROR_INTERNAL when ICU fails. */
MUST_USE err ranking_new(struct arena *a, const struct sentence *sentences, size_t n, str topic,
                         struct ranking **out);
/* The best sentence that was neither taken nor dropped; of two that are equal the earlier one; n when there is none. */
size_t ranking_best(const struct ranking *r);
/* It is in: what it says need not be said again. */
void ranking_take(struct ranking *r, size_t i);
/* It is out. */
void ranking_drop(struct ranking *r, size_t i);
/* Whether it was neither taken nor dropped. */
bool ranking_is_open(const struct ranking *r, size_t i);
/* How many words the sentence has that count, repeated ones once. */
size_t ranking_words(const struct ranking *r, size_t i);

/* Whether an English word, in lower case, has no meaning of its own. */
bool rank_is_stop_word(str word);

#endif

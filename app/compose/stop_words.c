#include <stdlib.h>
#include <string.h>

#include "compose/rank.h"

/* Articles, pronouns, prepositions, conjunctions, auxiliaries and the commonest adverbs of English, in the order of
 * strcmp(). Contractions are here by their parts: a word ends at its apostrophe. */
static const char *const stop_words[] = {
    "a",         "about",   "above",   "across",   "after",   "again",   "against", "all",     "almost",
    "along",     "already", "also",    "although", "always",  "am",      "among",   "an",      "and",
    "another",   "any",     "are",     "around",   "as",      "at",      "be",      "became",  "because",
    "become",    "been",    "before",  "behind",   "being",   "below",   "between", "both",    "but",
    "by",        "can",     "could",   "did",      "do",      "does",    "doing",   "done",    "down",
    "during",    "each",    "either",  "else",     "enough",  "even",    "ever",    "every",   "few",
    "for",       "from",    "further", "get",      "gets",    "had",     "has",     "have",    "having",
    "he",        "her",     "here",    "hers",     "him",     "his",     "how",     "however", "i",
    "if",        "in",      "into",    "is",       "it",      "its",     "itself",  "just",    "least",
    "less",      "like",    "made",    "make",     "many",    "may",     "me",      "might",   "more",
    "most",      "much",    "must",    "my",       "neither", "never",   "no",      "nor",     "not",
    "now",       "of",      "off",     "often",    "on",      "once",    "one",     "only",    "or",
    "other",     "others",  "our",     "out",      "over",    "own",     "per",     "perhaps", "quite",
    "rather",    "really",  "same",    "shall",    "she",     "should",  "since",   "so",      "some",
    "still",     "such",    "than",    "that",     "the",     "their",   "them",    "then",    "there",
    "therefore", "these",   "they",    "this",     "those",   "though",  "through", "thus",    "to",
    "too",       "under",   "until",   "up",       "upon",    "us",      "very",    "was",     "we",
    "well",      "were",    "what",    "when",     "where",   "whether", "which",   "while",   "who",
    "whom",      "whose",   "why",     "will",     "with",    "within",  "without", "would",   "yet",
    "you",       "your",    "yours",
};

static int compare(const void *key, const void *element)
{
    const str *word = key;
    const char *stop = *(const char *const *)element;
    size_t n = strlen(stop);
    int order = memcmp(word->p, stop, word->n < n ? word->n : n);
    return order != 0 ? order : (word->n > n) - (word->n < n);
}

bool rank_is_stop_word(str word)
{
    return word.n == 0 || bsearch(&word, stop_words, sizeof stop_words / sizeof stop_words[0],
                                  sizeof stop_words[0], compare) != NULL;
}

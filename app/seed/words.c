#include "seed/words.h"

#include <string.h>

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

static const char *const nouns[] = {
    "lantern", "harbour",  "orchard",  "letter",   "ferry",   "winter",    "garden",    "kettle",
    "window",  "notebook", "violin",   "market",   "bridge",  "station",   "river",     "compass",
    "candle",  "teapot",   "mountain", "library",  "bicycle", "umbrella",  "cellar",    "meadow",
    "pencil",  "island",   "workshop", "clock",    "kitchen", "morning",   "staircase", "lighthouse",
    "map",     "recipe",   "melody",   "postcard", "bakery",  "ladder",    "telescope", "shadow",
    "paper",   "engine",   "blanket",  "forest",   "mirror",  "keyboard",  "tram",      "balcony",
    "storm",   "seed",     "needle",   "rope",     "archive", "café",      "valley",    "suitcase",
    "button",  "dialect",  "festival", "tide",     "fence",   "rehearsal", "printer",   "question",
};
static const char *const adjectives[] = {
    "quiet",    "amber",  "crooked", "patient",  "early",  "distant",  "gentle", "stubborn",
    "borrowed", "silver", "hollow",  "humble",   "sudden", "northern", "paper",  "careful",
    "wooden",   "bright", "late",    "curious",  "slow",   "second",   "narrow", "forgotten",
    "earnest",  "copper", "foggy",   "restless", "plain",  "green",    "naïve",  "weekly",
};
static const char *const verbs[] = {
    "remembers", "repairs",   "follows",  "carries",  "hides",   "describes", "loses",   "paints",
    "outlives",  "mistrusts", "borrows",  "measures", "ignores", "replaces",  "praises", "interrupts",
    "keeps",     "collects",  "explains", "imitates", "misses",  "finds",     "returns", "unfolds",
};
static const char *const places[] = {
    "by the sea",         "in the attic",           "behind the station", "under the bridge",
    "on the night train", "at the kitchen table",   "in the old town",    "on the third floor",
    "near the border",    "in the back room",       "along the canal",    "between two shelves",
    "above the bakery",   "at the edge of the map", "in plain sight",     "across the square",
};
static const char *const times[] = {
    "every Tuesday", "before breakfast",   "after the rain",   "for ten years",
    "once more",     "without a word",     "in late October",  "twice a day",
    "since then",    "on the longest day", "when nobody asks", "until the lamps go out",
    "all summer",    "again and again",    "by accident",      "at half past six",
};
/* $n noun, $a adjective, $v verb, $p place, $t time. */
static const char *const sentence_forms[] = {
    "The $a $n $v a $n $p.",
    "$t, a $a $n $v the $n.",
    "Nobody $v a $n $p, and I think that is a pity.",
    "My $n $v your $n $t.",
    "There is a $n $p that $v every $a $n.",
    "I wrote it down $t: the $n $v the $n.",
    "What if the $n only $v what the $a $n has left?",
    "A $a $n is still a $n.",
    "She $v the $n $p; he $v the $n $t.",
    "First the $n, then the $n, and $t the $a rest.",
    "Do not trust a $n that $v itself $t.",
    "It took me a $a week to see how the $n $v its $n.",
    "You can hear the $a $n $p $t.",
    "The $n and the $n have more in common than one would like.",
    "Ask anybody $p: the $a $n comes $t.",
    "Here is the $n, there is the $n, and $p lies everything else.",
};
static const char *const title_forms[] = {
    "The $a $n",
    "A $n $p",
    "How a $n $v a $n",
    "Notes on the $a $n",
    "The $n that $v the $n",
    "What the $n $v $t",
    "In praise of the $a $n",
    "$t, a $n",
    "Of $a things: the $n and the $n",
    "Why the $a $n $v nobody",
    "Three questions for a $n",
    "Against the $a $n",
};
static const char *const verdicts[5][4] = {
    {"I gave up after the second chapter.", "Not for me, and I wonder for whom.",
     "It promises a lot and keeps none of it.", "The cover is the best of it."},
    {"Weaker than what came before.", "A good idea, told at twice its length.", "I wanted to like it more.",
     "The middle sags, and the end hurries."},
    {"Fair, with some fine pages.", "Neither here nor there, but pleasant.", "Good for a train ride.",
     "Some of it stays, some of it does not."},
    {"I read it in two evenings.", "Warm, exact, and often funny.", "Nearly everything in it is right.",
     "I have already lent it to a friend."},
    {"I will read it again, slowly.", "The best I have read this year.", "Every page of it earns its place.",
     "Buy two: one of them you will give away."},
};
static const char *const first_names[] = {
    "Ilse",  "Tomas",  "Mara",   "Edvin", "Noor",  "Pavel", "Lucía", "Henrik",
    "Aiko",  "Samuel", "Yara",   "Oskar", "Greta", "Idris", "Wanda", "Jules",
    "Salma", "Björn",  "Chiara", "Emeka", "Tilda", "Anton", "Leïla", "Ruben",
};
static const char *const last_names[] = {
    "Harrow",   "Lindqvist", "Okafor", "Brandt",     "Sato",   "Moreau",  "Castellano", "Novák",
    "Whitlock", "Haddad",    "Vogel",  "Petrova",    "Quill",  "Amadi",   "Ferro",      "Sørensen",
    "Delgado",  "Marlow",    "Iyer",   "Winterfeld", "Tanaka", "Bellamy", "Kovač",      "Almeida",
};
static const char *const publishers[] = {
    "Lamplight Press",   "Northern Shelf", "Two Rivers Books",     "Paper Harbour", "Verlag am Kanal",
    "Éditions du Phare", "Copper Kettle",  "Third Floor Editions", "Casa Larga",    "Orchard & Sons",
};

static const char *pick(struct dice *d, const char *const *list, size_t count)
{
    return list[dice_below(d, count)];
}

static const char *word(struct dice *d, char kind)
{
    switch (kind) {
    case 'n':
        return pick(d, nouns, COUNT(nouns));
    case 'a':
        return pick(d, adjectives, COUNT(adjectives));
    case 'v':
        return pick(d, verbs, COUNT(verbs));
    case 'p':
        return pick(d, places, COUNT(places));
    default:
        return pick(d, times, COUNT(times));
    }
}

/* "a" becomes "an" before a vowel. */
static void put_word(struct buf *b, const char *text)
{
    bool article = b->n >= 2 && b->p[b->n - 1] == ' ' && (b->p[b->n - 2] == 'a' || b->p[b->n - 2] == 'A') &&
                   (b->n == 2 || b->p[b->n - 3] == ' ' || b->p[b->n - 3] == '\n');
    if (article && strchr("aeiou", *text) != NULL) {
        b->p[b->n - 1] = 'n';
        buf_char(b, ' ');
    }
    buf_c(b, text);
}

/* Puts a form with its words, the first letter large. */
static void put_form(struct buf *b, struct dice *d, const char *form)
{
    size_t start = b->n;
    for (const char *c = form; *c != '\0'; c++) {
        if (*c == '$') {
            put_word(b, word(d, *++c));
        } else {
            buf_char(b, *c);
        }
    }
    if (b->n > start && b->p[start] >= 'a' && b->p[start] <= 'z') {
        b->p[start] = (char)(b->p[start] - 'a' + 'A');
    }
}

void words_title(struct buf *b, struct dice *d)
{
    put_form(b, d, pick(d, title_forms, COUNT(title_forms)));
}

void words_sentences(struct buf *b, struct dice *d, unsigned n)
{
    for (unsigned i = 0; i < n; i++) {
        buf_c(b, i == 0 ? "" : " ");
        put_form(b, d, pick(d, sentence_forms, COUNT(sentence_forms)));
    }
}

void words_paragraphs(struct buf *b, struct dice *d, unsigned n)
{
    for (unsigned i = 0; i < n; i++) {
        buf_c(b, i == 0 ? "" : "\n\n");
        words_sentences(b, d, 2 + (unsigned)dice_below(d, 3));
    }
}

void words_verdict(struct buf *b, struct dice *d, int64_t rating)
{
    buf_c(b, verdicts[rating - 1][dice_below(d, 4)]);
    buf_char(b, ' ');
    words_sentences(b, d, 1 + (unsigned)dice_below(d, 2));
}

void words_author(struct buf *b, struct dice *d)
{
    buf_c(b, pick(d, first_names, COUNT(first_names)));
    buf_char(b, ' ');
    buf_c(b, pick(d, last_names, COUNT(last_names)));
}

void words_publisher(struct buf *b, struct dice *d)
{
    buf_c(b, pick(d, publishers, COUNT(publishers)));
}

/* ASCII only: it is the local part of an address, too. */
void words_username(struct buf *b, struct dice *d, int64_t number)
{
    static const char *const plain[] = {"amber", "quiet", "early",  "silver", "paper", "copper",
                                        "foggy", "green", "gentle", "honest", "late",  "second"};
    static const char *const things[] = {"lantern", "ferry",  "kettle", "orchard", "violin", "compass",
                                         "teapot",  "meadow", "pencil", "ladder",  "tram",   "suitcase"};
    buf_c(b, pick(d, plain, COUNT(plain)));
    buf_c(b, pick(d, things, COUNT(things)));
    buf_int(b, number);
}

void words_tag(struct buf *b, int64_t number)
{
    size_t i = (size_t)number;
    size_t noun = i % COUNT(nouns);
    size_t round = i / COUNT(nouns);
    if (round > 0) {
        buf_c(b, adjectives[(round - 1) % COUNT(adjectives)]);
        buf_char(b, ' ');
    }
    buf_c(b, nouns[noun]);
    if (round > COUNT(adjectives)) {
        buf_char(b, ' ');
        buf_uint(b, (round - 1) / COUNT(adjectives));
    }
}

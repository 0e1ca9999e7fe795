/*
 * json_string: one JSON string literal, decoded. A part of json_in, which says how errors are to look.
 *
 *     const char *at = body.p + 7;                             // at a quote
 *     const char *wrong = json_string_read(a, &at, end, &s);   // "Invalid \\escape"; at: the backslash
 */
#ifndef QUIRE_BASE_JSON_STRING_H
#define QUIRE_BASE_JSON_STRING_H

#include <stdbool.h>

#include "base/str.h"

struct arena;

struct json_string {
    str text;            /* UTF-8; a view of the input when there is no escape in it, else in the arena */
    bool lone_surrogate; /* an escape of half a pair stood in it, which is U+FFFD in text */
    bool has_nul;        /* U+0000 stands in it */
};

/* Reads the string whose opening quote is at *at, in valid UTF-8 that ends at end. NULL, with *at moved
 * behind the closing quote; or what is wrong, with *at moved to where. */
const char *json_string_read(struct arena *a, const char **at, const char *end, struct json_string *out);

#endif

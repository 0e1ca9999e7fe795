/*
 * prompt: the request body for a chat completion that shall be a thread: what composes is told in the system message,
 * what it is about in the user message.
 *
 * The topic, the tone, the source and what the community has published are other people's words. They stand in the user
 * message as the strings of one JSON object, which no word in them can end, and the system message says that nothing in
 * there is an instruction. The answer is asked for in the topic's language.
 *
 *     struct prompt how = {.model = STR("m"), .temperature = STR("0.7"), .schema = true};
 *     str body = prompt_body(a, &how, &brief);
 */
#ifndef QUIRE_COMPOSE_PROMPT_H
#define QUIRE_COMPOSE_PROMPT_H

#include "compose/composer.h"

struct prompt {
    str model;
    str temperature; /* a JSON number; empty: not sent */
    bool schema;     /* response_format: a strict JSON schema, {"tweets": [string, ...]} */
    bool again;      /* the last answer was of no use: the form is asked for more sternly */
};

/* The JSON text, in the arena. */
str prompt_body(struct arena *a, const struct prompt *how, const struct brief *b);

#endif

/*
 * answer: what an OpenAI-compatible endpoint sent back, read: a chat completion, an error, or a stream of server-sent
 * events, which some servers send unasked. (OpenAI API reference, "Chat completions" and "Streaming".)
 *
 * The body is hostile: any bytes. Texts point into the body or lie in the arena.
 *
 *     struct answer got;
 *     answer_read(a, body, &got);
 *     if (got.kind == ANSWER_TEXT) loose_read(a, got.text, &pieces);
 */
#ifndef QUIRE_COMPOSE_ANSWER_H
#define QUIRE_COMPOSE_ANSWER_H

#include "base/str.h"

struct arena;

enum answer_kind {
    ANSWER_FOREIGN, /* nothing of this protocol: a page, an empty body, an unknown document */
    ANSWER_ERROR,   /* an error object, also in the middle of a stream: said says which */
    ANSWER_REFUSAL, /* the model refuses */
    ANSWER_TEXT
};

struct answer {
    enum answer_kind kind;
    str text;   /* what the model wrote; perhaps of no use */
    str said;   /* ANSWER_ERROR: the server's message, on one line, at most 200 bytes: for the log */
    bool ended; /* it says so */
    bool cut;   /* the model or the stream broke off before its end */
    str model;  /* empty: not said */
    int64_t prompt_tokens; /* -1: not said */
    int64_t completion_tokens;
};

void answer_read(struct arena *a, str body, struct answer *out);

#endif

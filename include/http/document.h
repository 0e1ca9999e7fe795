/*
 * document: a text that is made once, before workers are forked, and served from memory.
 *
 * It has a strong ETag, a hash of its bytes: If-None-Match is answered 304. What a cache may do with it
 * its route says.
 *
 *     struct document d = document_of(life, text);
 *     return document_show(c, &d);
 */
#ifndef QUIRE_HTTP_DOCUMENT_H
#define QUIRE_HTTP_DOCUMENT_H

#include "http/call.h"

struct document {
    str text; /* JSON */
    str etag; /* without its quotes */
};

/* The text must live as long as the document; the tag lives in the arena. */
struct document document_of(struct arena *life, str text);
/* Answers with the document, or 304. */
MUST_USE err document_show(struct call *c, const struct document *d);

#endif

/*
 * input: what was sent, held against what the route says that it takes: stages 3 and 5 of a request.
 *
 * The body's syntax comes first, before anybody is known; then path, query, header and body are checked against the
 * tables, and what is wrong with them is told together. Nothing is written, no connection touched. What is read lives
 * in the request's arena.
 *
 *     struct input_body body = {0};
 *     TRY(input_read(c, &body));
 *     TRY(actor_identify(c, c->route->access));
 *     TRY(input_check(c, &match, &body));
 */
#ifndef QUIRE_HTTP_INPUT_H
#define QUIRE_HTTP_INPUT_H

#include "http/call.h"
#include "http/route.h"

/* What a body was, read but not yet judged: JSON, or the pairs of a form. */
struct input_body {
    const struct json *json;
    struct pair *pairs;
    size_t count;
};

/* Reads the body of c->request as the route takes it, if it takes one. ERROR_MEDIA_TYPE, ERROR_BODY_UNREADABLE or
 * ERROR_JSON_INVALID. */
MUST_USE err input_read(struct call *c, struct input_body *body);
/* Fills c->keys, c->params, c->list and c->body. ERROR_INVALID with all that is wrong; ERROR_BAD_CURSOR when nothing
 * else is. */
MUST_USE err input_check(struct call *c, const struct route_match *m, const struct input_body *body);

#endif

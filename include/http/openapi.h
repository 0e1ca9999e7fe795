/*
 * openapi: the service's own description: an OpenAPI 3.1 document made of the route table, the declared tables and the
 * settings in force. Whatever a route is (who may, keys, body, list, version, upload) says what it takes and what it
 * can answer; only what a handler alone knows is declared beside it (include/http/route.h).
 *
 * Made once, before workers are forked; some milliseconds. Its text lives in the arena.
 *
 *     const struct openapi_source source = {"1.0.0", &settings, controllers, bare_controllers};
 *     struct document d = document_of(life, openapi_make(life, &source));
 */
#ifndef QUIRE_HTTP_OPENAPI_H
#define QUIRE_HTTP_OPENAPI_H

#include "http/route.h"

struct settings;

struct openapi_source {
    const char *version;
    const struct settings *settings;   /* base_path, public_read, require_if_match, … */
    const struct route *const *routes; /* below the base path; ended by NULL, as router_new() takes them */
    const struct route *const *bare;   /* outside of it */
};

/* The document, as JSON. */
str openapi_make(struct arena *a, const struct openapi_source *source);
/* The name of a route's operation: "listUserPosts". */
str openapi_operation(struct arena *a, const struct route *route);

#endif

/*
 * request: what the web server passed on, taken apart: method, path, query, the headers that matter, the
 * body.
 *
 * Everything is copied into the request's arena, for the FastCGI parameters die early. The path is cut from
 * REQUEST_URI and each segment is decoded once (DOCUMENT_URI has lost what %2F was). Nothing is judged here.
 *
 *     struct request r;
 *     TRY(request_read(&r, a, params));
 *     if (r.method == METHOD_GET && r.segment_count == 2) ...
 */
#ifndef QUIRE_HTTP_REQUEST_H
#define QUIRE_HTTP_REQUEST_H

#include "base/err.h"
#include "base/json_in.h"
#include "base/trace_context.h"
#include "base/url.h"

struct arena;

enum method {
    METHOD_GET,
    METHOD_HEAD,
    METHOD_POST,
    METHOD_PUT,
    METHOD_PATCH,
    METHOD_DELETE,
    METHOD_OPTIONS,
    METHOD_OTHER,
    METHOD__MAX
};

enum { REQUEST_MAX_SEGMENTS = 12, REQUEST_MAX_PAIRS = 64 };

struct request {
    enum method method;
    str method_name;
    str path;                           /* as sent, without the query */
    str query;                          /* as sent, without `?` */
    str segments[REQUEST_MAX_SEGMENTS]; /* decoded */
    unsigned segment_count;
    bool too_many_segments;
    int64_t content_length; /* -1: not announced */
    str content_type;
    str authorization;
    bool has_authorization; /* the header was there, if only empty */
    str origin;
    str host;       /* Host, as sent */
    str scheme;     /* http or https, as the web server was asked; empty when it did not say */
    str fetch_site; /* Sec-Fetch-Site */
    str cookie;
    str accept;
    str preflight_method;  /* Access-Control-Request-Method */
    str preflight_headers; /* Access-Control-Request-Headers */
    str if_match;
    bool has_if_match; /* the header was there, if only empty */
    str if_none_match;
    str prefer;
    str idempotency_key;
    bool has_idempotency_key;
    str request_id;
    str traceparent;
    struct trace_context trace; /* as that says, or one that begins here */
    str timing;                 /* X-Server-Timing */
    str user_agent;
    str remote_address;
    str body;
};

/* Reads the parameters ("NAME=value", NULL-terminated) of a request. ERROR_BAD_REQUEST without a method or
 * URI or with a Content-Length that is no number. A request id that the web server did not give is made. */
MUST_USE err request_read(struct request *r, struct arena *a, char *const *params);
/* The media type of the body, without its parameters. */
str request_media_type(const struct request *r);
/* Reads the body as JSON: *out is NULL for an empty one. ERROR_MEDIA_TYPE for another content type,
 * ERROR_BODY_UNREADABLE when it is not UTF-8, ERROR_JSON_INVALID with its one problem. */
MUST_USE err request_json(const struct request *r, struct arena *a, const struct json **out);
/* Reads the body as a form, application/x-www-form-urlencoded or multipart/form-data (text parts only).
 * ERROR_MEDIA_TYPE for another content type, ERROR_BODY_UNREADABLE for a broken multipart body. */
MUST_USE err request_form(const struct request *r, struct arena *a, struct pair **pairs, size_t *count);
const char *method_name(enum method m);

#endif

/*
 * openapi_part: what the files of http/openapi share. Nobody else has a use for it.
 *
 * route_facts are all that follows from a route: read once, then written as parameters (openapi_operation.c), answers
 * (openapi_answer.c), among these the errors (openapi_refusal.c), and headers of both (openapi_header.c).
 *
 *     struct route_facts f;
 *     route_facts_read(source, route, false, &f);
 *     openapi_put_answers(w, &f);
 */
#ifndef QUIRE_HTTP_OPENAPI_PART_H
#define QUIRE_HTTP_OPENAPI_PART_H

#include "base/buf.h"
#include "engine/openapi.h"
#include "http/openapi.h"

/* Errors that the web server makes by itself stand behind those of the program. (408 it never says: it hangs up. 412 of
 * its own is for files alone.) */
enum fail {
    FAIL_URI_TOO_LONG = ERROR__MAX,
    FAIL_HEADERS_TOO_LARGE,
    FAIL_NOT_IMPLEMENTED,
    FAIL_SERVICE,
    FAIL_VERSION, /* before it knows of any operation */
    FAIL__MAX
};

enum { FACTS_MAX_SHOWN = 2, OPENAPI_MAX_REFUSALS = 64 };

struct route_facts {
    const struct route *route;
    bool bare;                                      /* outside the base path */
    const struct shape *shown[FACTS_MAX_SHOWN + 1]; /* what success shows; ended by NULL */
    unsigned short gives[2];                        /* 0: none */
    uint64_t fails;
    bool row;         /* shows one row of crud's resource */
    bool view;        /* takes fields, and include where there are relations */
    bool relations;   /* takes include */
    bool etag;        /* success carries one */
    bool conditional; /* takes If-Match */
    bool must_match;  /* demands it */
    bool idempotent;  /* takes Idempotency-Key */
    bool owned;       /* writes what belongs to somebody */
};

/* An answer that several operations give: a status with its codes. */
struct refusal {
    uint64_t codes;
    bool oauth; /* in the words of RFC 6749 as well */
};

struct openapi_writer {
    struct openapi o;
    const struct openapi_source *source;
    struct refusal refusals[OPENAPI_MAX_REFUSALS];
    size_t refusal_count;
};

void route_facts_read(const struct openapi_source *source, const struct route *route, bool bare,
                      struct route_facts *out);

/* Writes the operation as a member of its path. */
void openapi_put_operation(struct openapi_writer *w, const struct route_facts *f,
                           const struct route_group *group);
/* Its "responses". */
void openapi_put_answers(struct openapi_writer *w, const struct route_facts *f);
/* Among them what it answers with that status of an error, if anything; a reference, remembered for
 * openapi_put_refusals(). */
void openapi_put_refusals_of(struct openapi_writer *w, const struct route_facts *f, unsigned status);
/* A header of an answer, by reference to components.headers. */
void openapi_put_header(struct doc *d, const char *name);
/* Those that say how much of a limit is left. */
void openapi_put_limit_headers(struct doc *d);

/* Members of components: */
void openapi_put_refusals(struct openapi_writer *w); /* those that answers have referred to */
void openapi_put_headers(struct openapi_writer *w);
void openapi_put_error_schemas(struct openapi_writer *w);

#endif

/*
 * site: the whole program below its socket: settings, router, dispatch, asked request by request in this process.
 *
 * The web server is always the fake one (fake_fcgi); the database is the real one, unless the test uses fake_db.
 *
 *     struct site site;
 *     site_open(&site, settings);                              // {"PUBLIC_READ=false", NULL}
 *     struct answer a = site_ask(&site, &(struct ask){.method = "GET", .target = "/api/v1/posts"});
 *     assert_int_equal(a.status, 200);
 *     site_close(&site);
 */
#ifndef QUIRE_TESTS_SITE_H
#define QUIRE_TESTS_SITE_H

#include "base/arena.h"
#include "conf/settings.h"
#include "http/keyring.h"

struct dispatch;
struct document;
struct router;

struct site {
    struct arena life;
    struct arena answers; /* of the answers so far */
    struct settings settings;
    struct router *router;
    struct document *openapi;
    struct dispatch *dispatch;
    struct keyring keys;
};

struct ask {
    const char *method;
    const char *target;         /* path and query, as the request line has them */
    str body;                   /* sent with its length when it is not empty */
    const char *type;           /* of the body; NULL: application/json */
    const char *token;          /* NULL: none */
    bool gone;                  /* whoever asked has given up */
    const char *const *headers; /* further parameters, "HTTP_ORIGIN=…", ended by NULL; or NULL */
};

struct answer {
    unsigned status;
    str head; /* CRLF-ended lines */
    str body;
};

/* Opens it with these settings ("NAME=value", ended by NULL) over a few of its own; a mistake in them fails the
 * running test. */
void site_open(struct site *s, const char *const *settings);
/* The same with the OpenAPI document of a site that stays open longer: for who opens thousands, since making it takes
 * longer than most requests. */
void site_open_with(struct site *s, const char *const *settings, struct document *openapi);
struct answer site_ask(struct site *s, const struct ask *ask);
/* A good token of that user and session. */
const char *site_token(struct site *s, int64_t user_id, int64_t session_id);
/* The value of a header; of several the first; empty when there is none. */
str answer_header(const struct answer *a, const char *name);
/* Gives back what the answers took. */
void site_forget(struct site *s);
void site_close(struct site *s);

#endif

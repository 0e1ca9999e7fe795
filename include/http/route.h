/*
 * route: the table of what can be asked, and the tree that finds a line of it.
 *
 * A route says everything about an operation that is not its handler: who may, what its path keys are, what
 * body it reads, and what the OpenAPI document tells of it. Routes are constant data, one array a controller, ended by
 * ROUTES_END. The tree is made once, before the fork. Literal segments go before {keys}.
 *
 *     const struct route posts_routes[] = {
 *         {METHOD_GET, "/posts", crud_list, ACCESS_READ, .crud = &posts, .is_list = true, .summary = "List posts"},
 *         {METHOD_GET, "/posts/{id}", crud_read, ACCESS_READ, .crud = &posts, .keys = {&post_resource},
 *          .summary = "Read a post"},
 *         ROUTES_END,
 *     };
 */
#ifndef QUIRE_HTTP_ROUTE_H
#define QUIRE_HTTP_ROUTE_H

#include <stdint.h>

#include "base/err.h"
#include "engine/validate.h"
#include "http/call.h"

struct crud;
struct limit;
struct query;
struct router;

enum access {
    ACCESS_OPEN,      /* anybody; a token is not looked at */
    ACCESS_READ,      /* anybody while PUBLIC_READ is on; a token that is sent must be good */
    ACCESS_USER,      /* signed in */
    ACCESS_MODERATOR, /* signed in as a moderator or an admin */
    ACCESS_ADMIN      /* signed in as an admin */
};

/* Who may keep the answer to a GET: http/caching. */
enum caching {
    CACHING_BY_ACCESS, /* what may be read by anybody: MOMENT; by who is signed in: ASK; open: NEVER */
    CACHING_MOMENT,    /* everybody, for a second */
    CACHING_MINUTES,   /* everybody, for five minutes */
    CACHING_ASK,       /* the client alone, who asks each time whether it is still good */
    CACHING_NEVER      /* nobody */
};

/* What routes are sorted under in the document. */
struct route_group {
    const char *name;
    const char *doc;
};

/* A set of error codes: FAILS(ERROR_LAST_ADMIN) | FAILS(ERROR_FORBIDDEN). */
#define FAILS(code) (UINT64_C(1) << (code))

struct route {
    enum method method;
    const char *path;
    err (*run)(struct call *c);
    enum access access;
    const struct crud *crud; /* for the handlers of http/crud */
    /* Instead of it, where what crud_read shows depends on who asks. */
    const struct crud *(*seen_as)(const struct call *c);
    bool is_list;                  /* takes the list parameters; crud says of what */
    bool mine;                     /* is about the actor: the first key is their id */
    const struct resource *params; /* the form of query parameters of its own */
    void (*check_query)(const struct call *c, const struct query *q,
                        struct problems *problems); /* what no table can say of them; c->params are read */
    const struct resource *body;                    /* the form of the body; NULL: none is read */
    enum validate_mode mode;                        /* how absent members of the body are taken */
    validate_check *check;                          /* what the form cannot say of a body of JSON */
    bool body_is_form;                              /* form data instead of JSON */
    bool body_optional;                             /* may be left out, and then all its members are absent */
    bool upload;                                    /* the body is a picture, for http/upload */
    bool no_database;                               /* needs no connection */
    bool by_refresh;              /* who has no good access token is known by the refresh cookie */
    err (*after)(struct call *c); /* once, behind the commit: may wait, and make another answer */
    bool no_replay;               /* no Idempotency-Key stores its answers: secrets, or of one session */
    enum caching caching;         /* of a GET */
    const struct limit *limits[CALL_MAX_LIMITS]; /* how often it may be asked for: http/limit */
    const struct resource *keys[CALL_MAX_KEYS];  /* what each {…} of the path is a key of */

    /* For the document alone (http/openapi): what it cannot derive of all that. */
    const char *summary;   /* one line; every route has one */
    const char *doc;       /* what else is to be known before it is used; whole sentences, or NULL */
    const char *operation; /* its name for generated clients; NULL: made of method and path */
    const struct route_group *group; /* NULL: that of the resource it is about */
    const struct shape *shows[2];    /* what success shows; none: what crud says */
    unsigned short gives[2];         /* success; none: 201 of crud_create, 204 of DELETE, else 200 */
    bool several;                    /* success shows an array of them, whole */
    const struct shape *later;       /* 202: what is shown of work that goes on; Location leads to it */
    const char *paged;               /* the member with the rows, in an object that counts pages */
    uint64_t fails;                  /* errors that only the handler knows of */
    const char *nested;              /* the member in which rows of a list may hold others of their kind */
    const char *media;               /* the type of what success shows, when that is text and not JSON */
    bool tagged;                     /* its answer has an ETag that is no version of a row */
};

#define ROUTES_END   \
    {                \
        .path = NULL \
    }

/* What was found for a path. */
struct route_match {
    const struct route *const *by_method; /* METHOD__MAX of them; NULL: no such path */
    const unsigned short *numbers;        /* of those: router_route() */
    str keys[CALL_MAX_KEYS];              /* the segments that stood for {…} */
    unsigned key_count;
};

/* The tree for all routes in the arrays (ended by NULL); their paths are below base, or as they are for those
 * in `bare`. ERROR_INTERNAL naming a route that is given twice, lacks something (its handler, its keys, its crud),
 * or reads and shows what it cannot. */
MUST_USE err router_new(struct arena *life, str base, const struct route *const *arrays,
                        const struct route *const *bare, struct router **out);
/* All routes, numbered from 0 in the order of the arrays. */
unsigned router_count(const struct router *r);
const struct route *router_route(const struct router *r, unsigned number);
/* Finds a path. */
struct route_match router_find(const struct router *r, const struct request *request);
/* "GET, HEAD, POST, OPTIONS": what the Allow header of that path says. */
str router_allowed(const struct route_match *m, struct arena *a);
/* Whether it hashes a password: its body is a form with one, and bcrypt takes a processor for a fifth of a second. */
bool route_hashes(const struct route *route);
/* The names of all pools; ended by NULL. */
extern const char *const route_pools[];
/* The one of them that nginx asks for a route: "login" where a password is hashed, "long" where work is waited for,
 * "read" for a GET that reads tables (as long as its query asks for nothing slow), else "web". All pools are the same
 * program and can answer everything; it is who must not wait for whom. nginx.conf.example has a map that says the same
 * by method and path; tests/api/bulkheads.test.mjs holds it against this. */
const char *route_pool(const struct route *route);
/* The name that {…} number i has in a route's path. */
str route_key_name(const struct route *route, unsigned i);

#endif

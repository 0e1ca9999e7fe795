/*
 * call: one request on its way through dispatch: all that a handler sees, and nothing it must not touch.
 *
 * It lives as long as the request. By the time a handler runs, who asks is known and everything that was sent
 * has been checked: path keys, list parameters, body. A handler reads and writes through engine/load and
 * engine/write, fills call->reply, and returns; it may be run again from the start after a deadlock.
 *
 *     static err post_title(struct call *c)
 *     {
 *         TRY(load_one(c->db, c->arena, &plan, key, c->keys[0], &page));
 *         render_row(&c->reply->body, &plan, &page, 0);
 *         return NULL;
 *     }
 */
#ifndef QUIRE_HTTP_CALL_H
#define QUIRE_HTTP_CALL_H

#include "base/uuid.h"
#include "base/value.h"
#include "engine/plan.h"
#include "http/reply.h"
#include "http/request.h"
#include "io/media.h"

struct cipher;
struct cors;
struct db;
struct fcgi;
struct digest_key;
struct document;
struct jwt_ring;
struct known_revisions;
struct metrics;
struct route;
struct scoreboard;
struct settings;

enum { CALL_MAX_KEYS = 3, CALL_MAX_LIMITS = 3 };

/* Who asks. */
struct actor {
    bool signed_in;
    bool admin;
    bool moderator;
    int64_t user_id;
    int64_t session_id;
    unsigned char user_uid[UUID_BYTES];
    str username; /* in the arena of the request */
};

/* How far http/limit has counted. Not in the arena: it outlives a replay. */
struct limited {
    unsigned taken;         /* so many limits of the route are counted */
    bool place_tried;       /* there is a row to be welcomed at */
    int64_t limit;          /* of the limit with the least left; 0: there is none */
    int64_t remaining;      /* of it */
    unsigned reset;         /* seconds until all of it is free again, or, once it is used up, the next one */
    const char *refused_by; /* the name of the limit that was used up, or NULL */
};

/* What http/upload has received: its name in the media folder. Not in the arena: it outlives a replay. */
struct upload {
    size_t n; /* 0: nothing yet */
    char name[MEDIA_NAME_MAX];
};

/* The pool that this process is one of, for what tells of it; without a pool all of it is NULL. */
struct station {
    struct metrics *metrics;
    const struct scoreboard *board;
    const char *version; /* of the program */
    /* Of the migrations that it was started with (migrate/known); NULL: it could not read them. */
    const struct known_revisions *migrations;
};

struct call {
    struct arena *arena;
    struct db *db;
    struct db *replica; /* or NULL. For dispatch alone, which lets `db` be it where anybody may read */
    const struct settings *settings;
    const struct jwt_ring *token_key;    /* signs and checks access tokens */
    const struct digest_key *digest_key; /* hides idempotency keys */
    const struct cipher *cipher;         /* seals cursors */
    const struct document *openapi;      /* the service's own description */
    const struct request *request;
    const struct cors *cors;
    const struct route *route;
    int route_number; /* of it (http/route); -1 without one */
    const struct station *station;
    struct actor actor;
    struct value keys[CALL_MAX_KEYS]; /* what stood for {…} in the path, in order */
    struct value *params;             /* a row of route->params: parameters of its own */
    struct value *body;               /* a row of route->body */
    struct plan *list;      /* the checked parameters of a list, or of the row that crud_read shows */
    struct value taken_key; /* what http/idempotency stores the answer under; absent: it does not */
    struct fcgi *fcgi;      /* the rest of the body, for http/upload alone */
    struct media *media;
    struct upload upload;
    struct limited limited;
    int64_t suspect; /* the account that somebody failed to log in to, 0: none that there is */
    int64_t about;   /* whose account the answer to somebody who is not signed in is about; 0: nobody's */
    int64_t left;    /* what run() leaves for the route's after(): a key */
    int64_t waits;   /* how many microseconds at most after() will: an Idempotency-Key is at work so long */
    bool in_vain;    /* the work has come to nothing: its Idempotency-Key is free again */
    struct reply *reply;
};

#endif

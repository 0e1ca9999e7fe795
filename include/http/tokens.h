/*
 * tokens: what a session gives out: an access token for half an hour, and a refresh token that is exchanged for the
 * next pair. All that come of one log-in are a family, which is its row in `sessions`.
 *
 * A refresh token is 256 random bits; stored is its SHA-256. Each exchange gives a new one; the old one stays good for
 * TOKENS_GRACE_SECONDS more, for the tabs of a browser that come with it at the same moment: each gets a pair of its
 * own, and each pair goes on by itself. Whoever comes with a used one later has taken it from somewhere, or was robbed
 * of it: the whole family ends, and both must log in again (RFC 9700, section 4.14.2).
 *
 * A session lasts as long as it is renewed within REFRESH_TOKEN_EXPIRE_DAYS, but not over SESSION_EXPIRE_DAYS in all.
 * All of it happens in the transaction of the caller, under the lock of the session's row.
 *
 *     struct tokens t;
 *     TRY(tokens_open(c, user_id, &t));
 *     TRY(tokens_answer(c, &t, false));
 *
 *     bool good;
 *     TRY(tokens_renew(c, refresh_token, &t, &good));      // good false: commit all the same, then refuse
 */
#ifndef QUIRE_HTTP_TOKENS_H
#define QUIRE_HTTP_TOKENS_H

#include "http/call.h"

enum { TOKENS_GRACE_SECONDS = 10, TOKENS_REFRESH_BYTES = 32, TOKENS_REFRESH_TEXT = 43 };

struct tokens {
    int64_t user_id;
    int64_t session_id;
    str refresh;             /* base64url, in the request's arena */
    int64_t refresh_expires; /* microseconds since the epoch */
};

/* A new session of the user, with its first refresh token. Those of the same person that have ended go, and now and
 * then those of others. */
MUST_USE err tokens_open(struct call *c, int64_t user_id, struct tokens *out);
/* Whose refresh token it is, and of which session, used or not: *found is false for one that is unknown, and of an
 * account that is switched off. Nothing is locked. */
MUST_USE err tokens_find(struct call *c, str refresh, struct tokens *out, bool *found);
/* Exchanges a refresh token. *good is false for one that is unknown, has expired, or was used too long ago; in the last
 * case its session is deleted, which wants to be committed. */
MUST_USE err tokens_renew(struct call *c, str refresh, struct tokens *out, bool *good);
/* Answers with a fresh access token and the refresh token: in the body, or in cookies and only what is not secret in
 * the body. The access cookie outlives its token and stays as long as the refresh cookie: an expired token is refused,
 * so that a page knows that it is to renew. Nobody may store the answer. */
MUST_USE err tokens_answer(struct call *c, const struct tokens *t, bool in_cookies);
/* Ends all sessions of a user but one (0: all); their tokens are dead once it is committed. */
MUST_USE err tokens_end(struct db *db, struct arena *a, int64_t user_id, int64_t but);

#endif

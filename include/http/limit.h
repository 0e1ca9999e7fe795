/*
 * limit: how often something may be asked for, counted in the database for all workers and machines together.
 *
 * A route names its limits; dispatch takes one of each when the input has been checked, before the handler runs and
 * outside of its transaction: what is refused or rolled back has counted all the same, and nothing is locked while a
 * request works. What is only answered again (http/idempotency) takes none. A route without limits costs nothing; each
 * limit one statement.
 *
 * The count is GCRA (ITU-T I.371's virtual scheduling): of 30/60s 30 are let through at once, then one every two
 * seconds; one row, one statement, exact however many workers count at once. Rows are named by a keyed hash of the
 * limit and of whom it counts, so that the table tells nothing about anybody, and go when they mean nothing any more.
 *
 * The answer says where one stands in RateLimit-Limit, RateLimit-Remaining and RateLimit-Reset, of the limit with the
 * least left (draft-ietf-httpapi-ratelimit-headers-06, section 3; later drafts write them otherwise); a refusal is 429
 * with Retry-After.
 *
 * Log-ins have one more guard, LIMIT_BY_PLACE: a place is an account's name as it was typed, together with an address.
 * Each try there counts as a failure until the password has proved right (limits_welcome()), so that a hundred at once
 * are no way around; after LOGIN_FAILURES the next must wait, twice as long each time. A place from which somebody has
 * logged in is known; all unknown places of one name share LIMIT_LOGIN_ACCOUNT. So a stranger can use that up, but
 * whoever comes from where they have been before gets in. A name that nobody has is counted no differently.
 *
 * Mails that lead to a new password are counted apart from those that verify an address, which nobody gets where it is
 * verified already, or taken: of a count that both shared a stranger could leave the owner nothing. So each that is
 * counted for an account has sent its owner a mail.
 *
 * What a handler makes several of at once it counts itself, when it knows how many (limits_take_made()); its route
 * names the limit all the same, one that is by_handler.
 *
 * limit_password is for whoever is signed in and must say their password: their account may try it as often as an
 * address may try to log in, so that a stolen token is no way to find the password out.
 *
 *     {METHOD_POST, "/auth/login", …, .limits = {&limit_login, &limit_login_place}},
 */
#ifndef QUIRE_HTTP_LIMIT_H
#define QUIRE_HTTP_LIMIT_H

#include "http/call.h"

enum limit_by {
    LIMIT_BY_ADDRESS, /* REMOTE_ADDR; of IPv6 the /64 */
    LIMIT_BY_ACTOR,   /* who is signed in */
    LIMIT_BY_EMAIL,   /* the member `email` of the body, whatever its case */
    LIMIT_BY_PLACE    /* the member `email` or `username` of the body, with the address: see above */
};

struct limit {
    const char *name; /* for security events */
    enum limit_by by;
    size_t setting;       /* the offset of its rate, a str, in struct settings */
    bool only_with_email; /* counts only requests whose body gives an e-mail address */
    bool by_handler;      /* is not taken before the handler, which says how many: limits_take_made() */
};

extern const struct limit limit_login, limit_login_place, limit_password, limit_register, limit_refresh,
    limit_mail, limit_mail_verify, limit_mail_reset, limit_generate, limit_generate_address, limit_create,
    limit_create_many;

/* What keeps a route from having its limits, or NULL. */
const char *limits_mistake(const struct route *route);
/* Whether one of the route's limits is set, so that there is something to take before the handler. */
bool limits_apply(const struct call *c);
/* Takes one of each limit of the route; those taken are not taken again when the request is replayed. ERROR_TOO_MANY
 * with the seconds to wait. Not in a transaction: one that is wanted is wanted after this. */
MUST_USE err limits_take(struct call *c);
/* Counts n more of a limit that is by_handler, in the transaction that has made them, which undoes both; more than the
 * whole limit is the whole limit. ERROR_TOO_MANY when there are not so many left. */
MUST_USE err limits_take_made(struct call *c, const struct limit *limit, int64_t n);
/* Counts so many bytes that are kept for a day for whoever is signed in, in the transaction that keeps them, which
 * undoes both. ERROR_TOO_MANY when there is no room for them. */
MUST_USE err limits_take_kept(struct call *c, size_t bytes);
/* A log-in has succeeded: its place has no failures and is known. In the request's transaction. */
MUST_USE err limits_welcome(struct call *c);
/* The same for the place of that folded name and the address that asks, where the person has shown by something better
 * than a password that the account is theirs. Only a name that a log-in takes for that account: whoever calls knows. */
MUST_USE err limits_welcome_as(struct call *c, str name);
/* Adds the RateLimit headers, where a limit has counted. */
void limits_show(struct call *c);
/* Whether this refusal is the first of its kind in a minute: for a security event, of which one is enough. */
MUST_USE err limits_first_refusal(struct call *c, bool *first);

#endif

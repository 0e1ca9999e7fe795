/*
 * audit: security events: who did what to whom, when and from where. Rows are only ever added; `quire audit prune`
 * drops old ones.
 *
 * Accounts stand in it as bare numbers, which refer to nothing: an account may go, its events stay, and nothing in them
 * tells who it was. Of an address only the network is kept.
 */
#ifndef QUIRE_MODELS_AUDIT_H
#define QUIRE_MODELS_AUDIT_H

#include "schema/registry.h"

/* X(constant, stored, name): the events. The numbers are in databases: they stay. */
#define AUDIT_EVENTS(X)                               \
    X(AUDIT_LOGIN, 1, "login")                        \
    X(AUDIT_LOGIN_FAILED, 2, "login_failed")          \
    X(AUDIT_LOGOUT, 3, "logout")                      \
    X(AUDIT_LIMIT_HIT, 4, "limit_hit")                \
    X(AUDIT_REFRESH_REUSED, 5, "refresh_reused")      \
    X(AUDIT_SESSION_REVOKED, 6, "session_revoked")    \
    X(AUDIT_USER_CREATED, 10, "user_created")         \
    X(AUDIT_USER_DEACTIVATED, 11, "user_deactivated") \
    X(AUDIT_USER_ACTIVATED, 12, "user_activated")     \
    X(AUDIT_USER_DELETED, 13, "user_deleted")         \
    X(AUDIT_PASSWORD_CHANGED, 20, "password_changed") \
    X(AUDIT_PASSWORD_WRONG, 21, "password_wrong")     \
    X(AUDIT_PASSWORD_RESET, 22, "password_reset")     \
    X(AUDIT_EMAIL_VERIFIED, 23, "email_verified")     \
    X(AUDIT_ROLE_GRANTED, 30, "role_granted")         \
    X(AUDIT_ROLE_REVOKED, 31, "role_revoked")         \
    X(AUDIT_ROLE_CREATED, 32, "role_created")         \
    X(AUDIT_ROLE_CHANGED, 33, "role_changed")         \
    X(AUDIT_ROLE_DELETED, 34, "role_deleted")

#define AUDIT_ENUM(constant, stored, name) constant = (stored),
enum audit_event { AUDIT_NONE = 0, AUDIT_EVENTS(AUDIT_ENUM) };
#undef AUDIT_ENUM

/* Characters of the column `detail`. */
enum { AUDIT_DETAIL_MAX = 500, AUDIT_ADDRESS_MAX = 49 };

enum audit_field {
    AUDIT_ID,
    AUDIT_EVENT,
    AUDIT_ACTOR_ID,
    AUDIT_SUBJECT_ID,
    AUDIT_ADDRESS,
    AUDIT_DETAIL,
    AUDIT_CREATED_AT,
    AUDIT__MAX
};

extern const struct resource audit_resource;

/* The events by name, ended by a NULL name. */
extern const struct choice audit_events[];

/* Drops up to a thousand events from before a moment, the oldest first: binds the moment. */
extern const struct statement audit_purge;

#endif

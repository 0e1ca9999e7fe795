/* session: a log-in that lives, and the family of all tokens that come of it. An access token counts only while the row
 * behind it is there. */
#ifndef QUIRE_MODELS_SESSION_H
#define QUIRE_MODELS_SESSION_H

#include "schema/registry.h"

enum session_field {
    SESSION_ID,
    SESSION_USER_ID,
    SESSION_CREATED_AT,
    SESSION_LAST_USED_AT,
    SESSION_EXPIRES_AT,
    SESSION_AGENT,
    SESSION_ADDRESS,
    SESSION_CURRENT,
    SESSION__MAX
};

extern const struct resource session_resource;

/* Who is behind a session: binds session id and user id. Columns: enum bearer_column, of one of their roles. What roles
 * give is left to role_rights: few people have any, and that look would cost all of them. */
extern const struct statement session_bearer;

/* The same without BEARER_ROLE_ID, for who need not know whether there is a role: two fifths less of the database's
 * time. */
extern const struct statement session_bearer_alone;

enum bearer_column {
    BEARER_EXPIRES_AT,
    BEARER_IS_ACTIVE,
    BEARER_USER_UID,
    BEARER_USERNAME,
    BEARER_ROLE_ID, /* null: no role */
    BEARER__MAX
};

/* Locks a session: binds id and user id. Columns: enum session_held_column; or nothing. */
extern const struct statement session_hold;

enum session_held_column { SESSION_HELD_CREATED_AT, SESSION_HELD_EXPIRES_AT, SESSION_HELD__MAX };

/* Deletes some sessions that have ended: binds now. */
extern const struct statement session_purge;

#endif

/* session: a log-in that lives. An access token counts only while the row behind it is there. */
#ifndef QUIRE_MODELS_SESSION_H
#define QUIRE_MODELS_SESSION_H

#include "schema/registry.h"

enum session_field {
    SESSION_ID,
    SESSION_USER_ID,
    SESSION_CREATED_AT,
    SESSION_EXPIRES_AT,
    SESSION_AGENT,
    SESSION_ADDRESS,
    SESSION__MAX
};

extern const struct resource session_resource;

/* Who is behind a session: binds session id and user id. Columns: enum bearer_column. */
extern const struct statement session_bearer;

enum bearer_column { BEARER_EXPIRES_AT, BEARER_IS_ACTIVE, BEARER_USER_UID, BEARER_RIGHTS, BEARER__MAX };

#endif

/* refresh: the tokens that renew a session, as SHA-256. Those that were used stay until they would have expired: a use
 * that comes late tells of a theft. */
#ifndef QUIRE_MODELS_REFRESH_H
#define QUIRE_MODELS_REFRESH_H

#include "schema/registry.h"

enum refresh_field { REFRESH_DIGEST, REFRESH_SESSION_ID, REFRESH_EXPIRES_AT, REFRESH_USED_AT, REFRESH__MAX };

extern const struct resource refresh_resource;

/* The session of a token whose user may act: binds the digest. Columns: enum refresh_found_column; or nothing. */
extern const struct statement refresh_find;

enum refresh_found_column { REFRESH_FOUND_SESSION_ID, REFRESH_FOUND_USER_ID, REFRESH_FOUND__MAX };

/* Locks a token: binds digest and session id. Columns: enum refresh_column. */
extern const struct statement refresh_hold;

enum refresh_column { REFRESH_HELD_EXPIRES_AT, REFRESH_HELD_USED_AT, REFRESH_HELD__MAX };

#endif

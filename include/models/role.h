/* role: a name that gives rights; user_role: who holds it, since when, given by whom. */
#ifndef QUIRE_MODELS_ROLE_H
#define QUIRE_MODELS_ROLE_H

#include "schema/registry.h"

enum role_field { ROLE_ID, ROLE_NAME, ROLE_DESCRIPTION, ROLE_NAME_KEY, ROLE_VERSION, ROLE__MAX };

enum user_role_field {
    USER_ROLE_USER_ID,
    USER_ROLE_ROLE_ID,
    USER_ROLE_ASSIGNED_AT,
    USER_ROLE_ASSIGNED_BY,
    USER_ROLE_ROLE,
    USER_ROLE_NAME,
    USER_ROLE__MAX
};

extern const struct resource role_resource;
extern const struct resource user_role_resource;

/* A role as its holder has it: {role_id, name, role{…}, assigned_at, assigned_by}. */
extern const struct shape user_role_grant;

/* The names, byte for byte, that give rights: everything, and the care for tags. */
#define ROLE_ADMIN     "admin"
#define ROLE_MODERATOR "moderator"

/* What a role gives, as bits. */
enum { RIGHT_ADMIN = 1, RIGHT_MODERATOR = 2 };

/* The rights that a user's roles give together, one number: binds their id. */
extern const struct statement role_rights;

/* Whether a user holds the admin role: binds their id. Their assignment stays locked until the transaction ends. */
extern const struct statement role_admin_held;

/* The ids of all others who hold it and can act, locked likewise: binds the user's id. */
extern const struct statement role_other_admins;

/* Writes the admin role's row: of two admins who go on two nodes of a cluster at once, one fails then. */
extern const struct statement role_admin_leaves;

#endif

/* users: accounts seen, changed and deleted, by themselves and by admins. */
#ifndef QUIRE_CONTROLLERS_USERS_H
#define QUIRE_CONTROLLERS_USERS_H

#include "http/crud.h"

extern const struct route users_routes[];

/* An account as the person and admins see it. */
extern const struct crud accounts_crud;
/* A person as everybody sees them. */
extern const struct crud people_crud;

/* What books and reviews of that user refer to. ERROR_NOT_FOUND when there is no such user. */
MUST_USE err users_uid(struct call *c, struct value id, struct value *uid);

#endif

#include "controllers/all.h"

#include "controllers/auth.h"
#include "controllers/health.h"
#include "controllers/posts.h"
#include "controllers/users.h"
#include "controllers/votes.h"

const struct route *const controllers[] = {
    auth_routes, users_routes, posts_routes, votes_routes, NULL,
};

const struct route *const bare_controllers[] = {
    health_routes,
    NULL,
};

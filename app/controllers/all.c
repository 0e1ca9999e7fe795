#include "controllers/all.h"

#include "controllers/audit.h"
#include "controllers/auth.h"
#include "controllers/books.h"
#include "controllers/comments.h"
#include "controllers/export.h"
#include "controllers/health.h"
#include "controllers/jwks.h"
#include "controllers/mails.h"
#include "controllers/metrics.h"
#include "controllers/microposts.h"
#include "controllers/openapi.h"
#include "controllers/posts.h"
#include "controllers/profiles.h"
#include "controllers/reviews.h"
#include "controllers/roles.h"
#include "controllers/sessions.h"
#include "controllers/tags.h"
#include "controllers/tweets.h"
#include "controllers/users.h"
#include "controllers/votes.h"

const struct route *const controllers[] = {
    auth_routes,   sessions_routes, users_routes,      profiles_routes, roles_routes, posts_routes,
    votes_routes,  comments_routes, microposts_routes, tags_routes,     books_routes, reviews_routes,
    tweets_routes, audit_routes,    mails_routes,      export_routes,   NULL,
};

const struct route *const bare_controllers[] = {
    health_routes, metrics_routes, openapi_routes, jwks_routes, NULL,
};

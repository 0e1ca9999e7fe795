#include "models/all.h"

#include "models/post.h"
#include "models/role.h"
#include "models/session.h"
#include "models/user.h"
#include "models/vote.h"

static const struct resource *const resources[] = {
    &user_resource, &role_resource, &user_role_resource, &session_resource, &post_resource, &vote_resource,
};

const struct registry models = {resources, sizeof resources / sizeof resources[0]};

const struct statement *const model_statements[] = {
    &user_by_login,   &user_secret,       &user_confirm,   &user_rehash,
    &role_admin_held, &role_other_admins, &session_bearer, NULL,
};

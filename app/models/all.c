#include "models/all.h"

#include "models/book.h"
#include "models/comment.h"
#include "models/history.h"
#include "models/idempotency.h"
#include "models/micropost.h"
#include "models/post.h"
#include "models/profile.h"
#include "models/refresh.h"
#include "models/review.h"
#include "models/role.h"
#include "models/session.h"
#include "models/tag.h"
#include "models/thread.h"
#include "models/user.h"
#include "models/vote.h"

static const struct resource *const resources[] = {
    &user_resource,     &role_resource,    &user_role_resource, &session_resource,   &post_resource,
    &vote_resource,     &profile_resource, &comment_resource,   &micropost_resource, &tag_resource,
    &post_tag_resource, &book_resource,    &book_tag_resource,  &review_resource,    &idempotency_resource,
    &thread_resource,   &history_resource, &refresh_resource,
};

const struct registry models = {resources, sizeof resources / sizeof resources[0]};

const struct statement *const model_statements[] = {
    &user_by_login,  &user_secret,     &user_confirm,
    &user_rehash,    &role_admin_held, &role_other_admins,
    &session_bearer, &comment_tree,    &idempotency_purge,
    &post_on_topic,  &history_waiting, &history_due,
    &history_take,   &history_renew,   &history_give_back,
    &session_hold,   &session_list,    &session_purge,
    &refresh_find,   &refresh_hold,    NULL,
};

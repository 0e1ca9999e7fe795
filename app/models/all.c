#include "models/all.h"

#include "models/audit.h"
#include "models/book.h"
#include "models/comment.h"
#include "models/history.h"
#include "models/idempotency.h"
#include "models/limit.h"
#include "models/mail.h"
#include "models/micropost.h"
#include "models/post.h"
#include "models/profile.h"
#include "models/queue.h"
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
    &thread_resource,   &history_resource, &refresh_resource,   &mail_resource,      &mail_token_resource,
    &limit_resource,    &place_resource,   &audit_resource,
};

const struct registry models = {resources, sizeof resources / sizeof resources[0]};

const struct statement *const model_statements[] = {
    &user_by_login,
    &user_secret,
    &user_enter,
    &role_admin_held,
    &role_other_admins,
    &role_admin_leaves,
    &role_rights,
    &comment_tree,
    &comment_tree_before,
    &session_bearer,
    &session_bearer_alone,
    &idempotency_held,
    &idempotency_purge,
    &post_on_topic,
    &history_waiting,
    &history_due,
    &history_take,
    &history_renew,
    &history_give_back,
    &limit_take,
    &limit_purge,
    &place_try,
    &place_welcome,
    &place_purge,
    &audit_purge,
    &mail_want,
    &mail_waiting,
    &mail_due,
    &mail_take,
    &mail_give_back,
    &mail_addressee,
    &mail_done,
    &mail_put_off,
    &mail_give_up,
    &mail_forget,
    &mail_forget_one,
    &mail_prune,
    &mail_token_make,
    &mail_token_find,
    &mail_token_hold,
    &mail_token_spend,
    &mail_token_forget,
    &mail_token_prune,
    &user_verified,
    &user_unverified,
    &session_hold,
    &session_purge,
    &refresh_find,
    &refresh_hold,
    &queue_depths,
    NULL,
};

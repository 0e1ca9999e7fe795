#include "controllers/votes.h"

#include "controllers/posts.h"
#include "controllers/users.h"
#include "engine/load.h"
#include "engine/remove.h"
#include "engine/render.h"
#include "engine/write.h"
#include "models/all.h"
#include "models/post.h"
#include "models/user.h"
#include "models/vote.h"

static const struct crud voters = {
    .resource = &vote_resource, .shape = &vote_voter, .owner = CRUD_NO_OWNER, .by_default = "voted_at"};

static const struct crud own_votes = {
    .resource = &vote_resource, .shape = &vote_whole, .owner = CRUD_NO_OWNER};

static void where_vote(const struct call *c, struct where *w, struct value post)
{
    w->count = 0;
    where_add(w, &vote_resource.fields[VOTE_USER_ID], OP_EQ, value_int(c->actor.user_id));
    where_add(w, &vote_resource.fields[VOTE_POST_ID], OP_EQ, post);
}

/* Any post: a vote on one that has become a draft can be taken back. */
static const struct crud any_post = {.resource = &post_resource, .owner = CRUD_NO_OWNER};

/* The actor's vote on a post of `posts` as it stands, 0 for none. The post is locked first, so that votes on one post
 * come one after another and its counters are never touched by two at once. */
static err current_vote(struct call *c, const struct crud *posts, struct value post, int64_t *type)
{
    static const unsigned char fields[] = {VOTE_TYPE};
    static const struct shape shape = SHAPE("VoteType", &vote_resource, fields);
    struct plan p;
    struct rows rows;
    TRY(crud_require(c, posts, post, true));
    plan_init(&p, &vote_resource, &shape);
    where_vote(c, &p.where, post);
    TRY(load_rows(c->db, c->arena, &p, &rows));
    *type = rows.n == 0 ? 0 : rows.cells[0].i;
    return NULL;
}

static err insert_vote(struct call *c, struct value post, int64_t type)
{
    int64_t id = 0;
    struct value row[VOTE__MAX] = {
        [VOTE_USER_ID] = value_int(c->actor.user_id), [VOTE_POST_ID] = post, [VOTE_TYPE] = value_int(type)};
    return write_insert(c->db, c->arena, &vote_resource, row, &id);
}

static err change_vote(struct call *c, struct value post, int64_t type)
{
    uint64_t matched = 0;
    struct where w;
    struct value row[VOTE__MAX] = {[VOTE_TYPE] = value_int(type)};
    where_vote(c, &w, post);
    return write_update(c->db, c->arena, &vote_resource, row, &w, &matched);
}

static err remove_vote(struct call *c, struct value post)
{
    uint64_t matched = 0;
    struct where w;
    where_vote(c, &w, post);
    return remove_rows(c->db, c->arena, &models, &vote_resource, &w, &matched);
}

static err show_vote(struct call *c, struct value post)
{
    struct plan p;
    struct page page;
    plan_init(&p, &vote_resource, vote_resource.shape);
    where_vote(c, &p.where, post);
    TRY(load_one(c->db, c->arena, &p, &vote_resource.fields[VOTE_POST_ID], post, &page));
    render_row(&c->reply->body, &p, &page, 0);
    return NULL;
}

/* PUT /posts/{id}/vote: 201 for a new vote, 200 for a changed one or the same again. */
static err put_vote(struct call *c)
{
    int64_t before = 0;
    int64_t type = c->body[VOTE_FORM_TYPE].i;
    TRY(current_vote(c, &posts_crud, c->keys[0], &before));
    if (before == 0) {
        crud_made_here(c);
        TRY(insert_vote(c, c->keys[0], type));
    } else if (before != type) {
        TRY(change_vote(c, c->keys[0], type));
    }
    return show_vote(c, c->keys[0]);
}

/* Who has no vote on it hears nothing of a post that they may not know of. */
static err no_vote(struct call *c, struct value post)
{
    TRY(crud_require(c, &posts_crud, post, false));
    return error_new(c->arena, ERROR_NOT_FOUND, "vote of user %lld on post with id: %lld not found",
                     (long long)c->actor.user_id, (long long)post.i);
}

static err delete_vote(struct call *c)
{
    int64_t before = 0;
    TRY(current_vote(c, &any_post, c->keys[0], &before));
    if (before == 0) {
        return no_vote(c, c->keys[0]);
    }
    TRY(remove_vote(c, c->keys[0]));
    reply_empty(c->reply);
    return NULL;
}

static err say(struct call *c, const char *message)
{
    c->reply->status = 201;
    buf_printf(&c->reply->body, "{\"message\":\"%s\"}", message);
    return NULL;
}

/* The older form: POST /vote {post_id, dir}. */
static err vote_dir(struct call *c)
{
    int64_t before = 0;
    struct value post = c->body[VOTE_DIR_POST_ID];
    bool up = c->body[VOTE_DIR_DIR].i == 1;
    TRY(current_vote(c, up ? &posts_crud : &any_post, post, &before));
    if (up && before != 0) {
        return error_new(c->arena, ERROR_CONFLICT, "user %lld has already voted on post %lld",
                         (long long)c->actor.user_id, (long long)post.i);
    }
    if (!up && before == 0) {
        return no_vote(c, post);
    }
    if (up) {
        TRY(insert_vote(c, post, VOTE_UP));
        return say(c, "successfully added vote");
    }
    TRY(remove_vote(c, post));
    return say(c, "successfully deleted vote");
}

static err list_voters(struct call *c)
{
    TRY(crud_require(c, &posts_crud, c->keys[0], false));
    where_add(&c->list->where, &vote_resource.fields[VOTE_POST_ID], OP_EQ, c->keys[0]);
    return crud_show_list(c);
}

static err voted_by(struct call *c, struct value user)
{
    const struct field *f = vote_resource.fields;
    struct relation vote = {.link = &vote_resource, .near = &f[VOTE_POST_ID], .far = &f[VOTE_USER_ID]};
    where_related(&c->list->where, 0, &post_resource.fields[POST_ID], &vote, user);
    return crud_list(c);
}

static err list_my_votes(struct call *c)
{
    where_add(&c->list->where, &vote_resource.fields[VOTE_USER_ID], OP_EQ, c->keys[0]);
    return crud_show_list(c);
}

static err voted_by_me(struct call *c)
{
    return voted_by(c, c->keys[0]);
}

static err voted_by_user(struct call *c)
{
    TRY(crud_require(c, &people_crud, c->keys[0], false));
    return voted_by(c, c->keys[0]);
}

static const struct route_group votes = {"votes", "What people think of posts"};

#define OF_POST    .keys = {&post_resource}
#define POSTS_LIST .crud = &posts_crud, .is_list = true

const struct route votes_routes[] = {
    {METHOD_PUT, "/posts/{id}/vote", put_vote, ACCESS_USER, OF_POST, .body = &vote_form,
     .summary = "Vote on a post", .doc = "A person has one vote on a post: a second one replaces the first.",
     .operation = "putVote", .group = &votes, .shows = {&vote_whole}, .gives = {201, 200}},
    {METHOD_DELETE, "/posts/{id}/vote", delete_vote, ACCESS_USER, OF_POST, .summary = "Take your vote back",
     .operation = "deleteVote", .group = &votes},
    {METHOD_POST, "/vote", vote_dir, ACCESS_USER, .body = &vote_dir_form,
     .summary = "Vote, or take a vote back: the older form",
     .doc = "`PUT` and `DELETE /posts/{id}/vote` can do more.", .operation = "castVote", .group = &votes,
     .shows = {&vote_message}, .gives = {201}, .fails = FAILS(ERROR_NOT_FOUND)},
    {METHOD_GET, "/posts/{id}/voters", list_voters, ACCESS_READ, OF_POST, .crud = &voters, .is_list = true,
     .summary = "List who voted on a post", .group = &votes},
    {METHOD_GET, "/users/me/votes", list_my_votes, ACCESS_USER, .crud = &own_votes, .is_list = true,
     .mine = true, .summary = "List your votes",
     .doc = "What you think of the posts of a page: `post_id_gte` to `post_id_lte`.",
     .operation = "listMyVotes", .group = &votes},
    {METHOD_GET, "/users/me/voted-posts", voted_by_me, ACCESS_USER, POSTS_LIST, .mine = true,
     .summary = "List the posts that you voted on", .group = &votes},
    {METHOD_GET, "/users/{id}/voted-posts", voted_by_user, ACCESS_READ, POSTS_LIST, .keys = {&user_resource},
     .summary = "List the posts that a user voted on", .group = &votes},
    ROUTES_END,
};

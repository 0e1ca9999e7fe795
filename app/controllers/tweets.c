#include "controllers/tweets.h"

#include "base/arena.h"
#include "base/json_in.h"
#include "compose/job.h"
#include "compose/tidy.h"
#include "compose/weight.h"
#include "controllers/generation.h"
#include "engine/coerce.h"
#include "engine/load.h"
#include "engine/render.h"
#include "http/crud.h"
#include "http/limit.h"
#include "models/history.h"
#include "models/thread.h"

const struct crud threads_crud = {
    .resource = &thread_resource,
    .owner = THREAD_USER_ID,
    .is_private = true,
    .by_default = "-id",
    .location = "/tweets/threads/",
};

const struct crud histories_crud = {
    .resource = &history_resource,
    .owner = HISTORY_USER_ID,
    .is_private = true,
    .by_default = "-id",
    .location = "/tweets/histories/",
};

/* A page by its number, as the contract has it. */
static err my_threads(struct call *c)
{
    struct plan p;
    struct page page;
    int64_t total = 0;
    int64_t size = c->params[THREAD_PAGE_SIZE].i;
    int64_t before = c->params[THREAD_PAGE_PAGE].i - 1;
    struct buf *b = &c->reply->body;
    plan_init(&p, &thread_resource, thread_resource.shape);
    where_add(&p.where, &thread_resource.fields[THREAD_USER_ID], OP_EQ, value_int(c->actor.user_id));
    TRY(load_count(c->db, c->arena, &p, &total));
    plan_order(&p, &thread_resource.fields[THREAD_ID], true);
    p.limit = size;
    p.offset = before < INT64_MAX / size ? before * size : INT64_MAX;
    TRY(load_page(c->db, c->arena, &p, &page));
    buf_lit(b, "{\"threads\":");
    render_list(b, &p, &page);
    buf_printf(b, ",\"total_count\":%lld,\"page\":%lld,\"page_size\":%lld}", (long long)total,
               (long long)before + 1, (long long)size);
    return NULL;
}

static err history_of_thread(struct call *c)
{
    TRY(crud_require(c, &threads_crud, c->keys[0], false));
    where_add(&c->list->where, &history_resource.fields[HISTORY_THREAD_ID], OP_EQ, c->keys[0]);
    return crud_list(c);
}

static void refuse(const struct source *s, str reason)
{
    problem_value(s->problems, s->at, s->input, "error", "Value error, ", reason);
}

/* A topic that shows nothing is about nothing; tweets that somebody has edited are held to what the composers are held
 * to. */
static err check(const struct source *s, struct value v)
{
    bool tweet = s->field == thread_resource.fields[THREAD_TWEETS].item;
    bool topic = s->field == &thread_resource.fields[THREAD_TOPIC] ||
                 s->field == &generate_form.fields[GENERATE_TOPIC];
    unsigned weight = 0;
    if ((tweet || topic) && !tidy_shows(v.text)) {
        refuse(s, tweet ? STR("a tweet must show something") : STR("a topic must show something"));
    }
    TRY(tweet ? weight_of(s->arena, v.text, &weight) : NULL);
    if (weight > TWEET_MAX) {
        refuse(s,
               str_format(s->arena, "a tweet weighs at most %d as X counts, this one %u", TWEET_MAX, weight));
    }
    return NULL;
}

static err count_tweets(struct call *c)
{
    struct json *tweets = NULL;
    struct json_failure why;
    if (json_read(c->arena, c->body[THREAD_TWEETS].text, &json_default_limits, &tweets, &why) !=
        JSON_READ_OK) {
        return error_cause(c->arena, ERROR_INTERNAL, "a list of texts is no JSON: %s", why.message);
    }
    int64_t n = 0;
    for (const struct json *tweet = tweets->first; tweet != NULL; tweet = tweet->next) {
        n++;
    }
    c->body[THREAD_TWEET_COUNT] = value_int(n);
    return NULL;
}

/* Tweets that somebody has written are not written over by what was wanted before. */
static err edit(struct call *c)
{
    bool tweets = c->body[THREAD_TWEETS].kind == VALUE_TEXT;
    TRY(tweets ? count_tweets(c) : NULL);
    TRY(c->route->method == METHOD_PUT ? crud_replace(c) : crud_patch(c));
    return tweets ? job_withdraw(c->db, c->arena, c->keys[0].i) : NULL;
}

static const struct route_group group = {"tweets", "Threads of tweets, composed and kept"};

#define THREADS    .crud = &threads_crud, .group = &group
#define ONE_THREAD THREADS, .keys = {&thread_resource}
#define MAKING                                                                                       \
    .limits = {&limit_generate, &limit_generate_address}, .group = &group, .after = generation_wait, \
    .shows = {&thread_made}, .later = &history_whole,                                                \
    .fails = FAILS(ERROR_PROVIDER) | FAILS(ERROR_PROVIDER_TIMEOUT)

const struct route tweets_routes[] = {
    {METHOD_POST, "/tweets/generate", generation_start, ACCESS_USER, MAKING, .body = &generate_form,
     .check = check, .operation = "generateThread", .summary = "Have a thread made"},
    {METHOD_GET, "/tweets/history", my_threads, ACCESS_USER, .group = &group, .params = &thread_page_form,
     .shows = {&thread_whole}, .paged = "threads", .operation = "listMyThreads",
     .summary = "List your threads, the newest first"},
    {METHOD_GET, "/tweets/histories", crud_list, ACCESS_USER, .crud = &histories_crud, .group = &group,
     .is_list = true, .operation = "listHistories", .summary = "List your attempts, the newest first"},
    {METHOD_GET, "/tweets/histories/{id}", crud_read, ACCESS_USER, .crud = &histories_crud, .group = &group,
     .keys = {&history_resource}, .operation = "getHistory", .summary = "Read how far an attempt is"},
    {METHOD_GET, "/tweets/threads/{id}", crud_read, ACCESS_USER, ONE_THREAD, .operation = "getThread",
     .summary = "Read a thread"},
    {METHOD_PUT, "/tweets/threads/{id}", edit, ACCESS_USER, ONE_THREAD, .body = &thread_resource,
     .check = check, .mode = VALIDATE_REPLACE, .operation = "replaceThread",
     .summary = "Replace topic and tweets of a thread"},
    {METHOD_PATCH, "/tweets/threads/{id}", edit, ACCESS_USER, ONE_THREAD, .body = &thread_resource,
     .check = check, .mode = VALIDATE_PATCH, .operation = "updateThread", .summary = "Change a thread"},
    {METHOD_DELETE, "/tweets/threads/{id}", crud_delete, ACCESS_USER, ONE_THREAD, .operation = "deleteThread",
     .summary = "Delete a thread and its history"},
    {METHOD_POST, "/tweets/threads/{id}/regenerate", generation_again, ACCESS_USER, MAKING,
     .keys = {&thread_resource}, .operation = "regenerateThread", .summary = "Have a thread made again",
     .doc = "Tweets that are written meanwhile stay: the attempt has failed then, and who waits gets 409."},
    {METHOD_GET, "/tweets/threads/{id}/history", history_of_thread, ACCESS_USER, .crud = &histories_crud,
     .group = &group, .is_list = true, .keys = {&thread_resource}, .operation = "listHistoryOfThread",
     .summary = "List the attempts at a thread, the newest first"},
    ROUTES_END,
};

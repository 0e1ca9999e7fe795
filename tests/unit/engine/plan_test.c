/* engine/plan: what a shape takes, in which order, and how far conditions go. */
#include "engine/plan.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "models/post.h"
#include "models/user.h"
#include "models/vote.h"
#include "support/unit.h"

#define POST(f) (&post_resource.fields[f])
#define USER(f) (&user_resource.fields[f])
#define VOTE(f) (&vote_resource.fields[f])

static void a_shape_becomes_columns_and_joins(void **state)
{
    (void)state;
    struct plan p;
    plan_init(&p, &post_resource, post_resource.shape);
    static const struct {
        unsigned table;
        int field;
    } want[] = {{0, POST_ID},         {0, POST_TITLE},
                {0, POST_CONTENT},    {0, POST_PUBLISHED},
                {0, POST_OWNER_ID},   {1, USER_ID},
                {1, USER_USERNAME},   {0, POST_VOTES},
                {0, POST_SCORE},      {0, POST_COMMENT_COUNT},
                {0, POST_CREATED_AT}, {0, POST_UPDATED_AT}};
    assert_int_equal(p.column_count, LENGTH(want));
    assert_int_equal(shape_width(p.shape), LENGTH(want));
    for (size_t i = 0; i < LENGTH(want); i++) {
        assert_int_equal(p.columns[i].table, want[i].table);
        assert_ptr_equal(p.columns[i].field, want[i].table == 0 ? POST(want[i].field) : USER(want[i].field));
    }
    assert_int_equal(p.join_count, 1);
    assert_ptr_equal(p.joins[0].one, POST(POST_OWNER));
    assert_int_equal(p.joins[0].from, 0);
    assert_ptr_equal(p.joins[0].from_resource, &post_resource);
    assert_int_equal(p.where.count, 0);
    assert_int_equal(p.order_count, 0);
    assert_int_equal(p.limit, 0);
    assert_int_equal(p.offset, 0);
    assert_false(p.lock);
}

/* A row within a row within a row. */
enum { IN_ID, IN_POST_ID, IN_POST, IN__MAX };
static const struct field inner_fields[IN__MAX] = {
    [IN_ID] = ID("id"),
    [IN_POST_ID] = REF("post_id", .to = &post_resource),
    [IN_POST] = ONE("post", .key = IN_POST_ID, .to = &post_resource, .show = NULL),
};

static void embedded_rows_may_embed(void **state)
{
    (void)state;
    struct field fields[IN__MAX];
    for (size_t i = 0; i < IN__MAX; i++) {
        fields[i] = inner_fields[i];
    }
    fields[IN_POST].show = post_resource.shape;
    static const unsigned char all[] = {IN_POST, IN_ID};
    const struct resource inner = {
        .name = "inner", .table = "inners", .fields = fields, .field_count = IN__MAX};
    const struct shape shape = SHAPE("Inner", &inner, all);
    struct plan p;
    plan_init(&p, &inner, &shape);
    assert_int_equal(p.join_count, 2);
    assert_int_equal(p.joins[1].from, 1);
    assert_ptr_equal(p.joins[1].one, POST(POST_OWNER));
    assert_int_equal(p.column_count, shape_width(&shape));
    assert_int_equal(p.column_count, shape_width(post_resource.shape) + 1);
    assert_int_equal(p.columns[0].table, 1);
    assert_int_equal(p.columns[5].table, 2);
    assert_int_equal(p.columns[p.column_count - 1].table, 0);
}

static void check_order(const struct plan *p, size_t i, const struct field *f, bool descending)
{
    assert_true(i < p->order_count);
    assert_ptr_equal(p->order[i].field, f);
    assert_int_equal(p->order[i].descending, descending);
}

static void an_order_ends_with_the_key(void **state)
{
    (void)state;
    struct plan p;
    plan_init(&p, &post_resource, post_resource.shape);
    plan_order_by_key(&p);
    assert_int_equal(p.order_count, 1);
    check_order(&p, 0, POST(POST_ID), false);

    plan_init(&p, &post_resource, post_resource.shape);
    plan_order(&p, POST(POST_TITLE), false);
    plan_order(&p, POST(POST_VOTES), true);
    plan_order_by_key(&p);
    assert_int_equal(p.order_count, 3);
    check_order(&p, 2, POST(POST_ID), true); /* in the direction of the last */

    plan_init(&p, &post_resource, post_resource.shape);
    plan_order(&p, POST(POST_ID), true);
    plan_order_by_key(&p);
    assert_int_equal(p.order_count, 1); /* it is there already */

    plan_init(&p, &vote_resource, vote_resource.shape);
    plan_order(&p, VOTE(VOTE_VOTED_AT), true);
    plan_order_by_key(&p);
    assert_int_equal(p.order_count, 3);
    check_order(&p, 1, VOTE(VOTE_USER_ID), true);
    check_order(&p, 2, VOTE(VOTE_POST_ID), true);
}

static void conditions_are_kept_in_order(void **state)
{
    (void)state;
    struct where w = {.count = 0};
    const struct relation by = {&vote_resource, VOTE(VOTE_POST_ID), VOTE(VOTE_USER_ID), NULL};
    where_add(&w, POST(POST_ID), OP_EQ, value_int(7));
    where_either(&w, 3, POST(POST_PUBLISHED), OP_EQ, value_bool(true));
    where_related(&w, 4, POST(POST_ID), &by, value_int(9));
    assert_int_equal(w.count, 3);
    assert_int_equal(w.list[0].group, 0);
    assert_int_equal(w.list[0].value.i, 7);
    assert_int_equal(w.list[1].group, 3);
    assert_int_equal(w.list[2].op, OP_RELATED);
    assert_int_equal(w.list[2].group, 4);
    assert_ptr_equal(w.list[2].field, POST(POST_ID));
    assert_ptr_equal(w.list[2].by.link, &vote_resource);
    assert_ptr_equal(w.list[2].by.near, VOTE(VOTE_POST_ID));
    assert_ptr_equal(w.list[2].by.far, VOTE(VOTE_USER_ID));
    assert_null(w.list[2].by.hop);
}

/* Whether run() aborts. */
static bool aborts(void (*run)(void))
{
    pid_t child = fork();
    if (child == 0) {
        const struct rlimit no_core = {0, 0};
        (void)setrlimit(RLIMIT_CORE, &no_core);
        const struct sigaction as_ever = {.sa_handler = SIG_DFL};
        (void)sigaction(SIGABRT, &as_ever, NULL);
        run();
        _exit(0);
    }
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    return WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT;
}

static void conditions(unsigned n)
{
    struct where w = {.count = 0};
    for (unsigned i = 0; i < n; i++) {
        where_add(&w, POST(POST_ID), OP_EQ, value_int(7));
    }
}

static void as_many_conditions_as_fit(void)
{
    conditions(WHERE_MAX);
}

static void one_condition_too_many(void)
{
    conditions(WHERE_MAX + 1);
}

static void orders(unsigned n)
{
    struct plan p;
    plan_init(&p, &post_resource, post_resource.shape);
    for (unsigned i = 0; i < n; i++) {
        plan_order(&p, POST(POST_ID), false);
    }
}

static void as_many_orders_as_fit(void)
{
    orders(PLAN_MAX_ORDER);
}

static void one_order_too_many(void)
{
    orders(PLAN_MAX_ORDER + 1);
}

static void a_shape_of_what_has_no_column(void)
{
    static const struct field fields[] = {PASSWORD("p", .flags = SECRET)};
    static const unsigned char first[] = {0};
    static const struct resource r = {.name = "r", FIELDS(fields)};
    static const struct shape shape = SHAPE("R", &r, first);
    struct plan p;
    plan_init(&p, &r, &shape);
}

static void mistakes_of_programmers_abort(void **state)
{
    (void)state;
    assert_false(aborts(as_many_conditions_as_fit));
    assert_true(aborts(one_condition_too_many));
    assert_false(aborts(as_many_orders_as_fit));
    assert_true(aborts(one_order_too_many));
    assert_true(aborts(a_shape_of_what_has_no_column));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_shape_becomes_columns_and_joins), TEST(embedded_rows_may_embed),
        TEST(an_order_ends_with_the_key),        TEST(conditions_are_kept_in_order),
        TEST(mistakes_of_programmers_abort),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* engine/query: the parameters of a list as a plan, or as problems. Their SQL is in tests/golden/lists.txt. */
#include "engine/query.h"

#include "io/cipher.h"
#include "io/digest.h"
#include "models/post.h"
#include "models/user.h"
#include "models/vote.h"
#include "support/unit.h"

#define POST(f) (&post_resource.fields[f])

static struct plan plan;

/* Reads a query string into `plan`; what is wrong with it, or NULL. */
static err read_of(const struct resource *r, const char *by_default, const char *query)
{
    struct pair *pairs = NULL;
    struct problems problems;
    size_t count = url_pairs(&arena, str_of(query), QUERY_PAIRS_MAX, &pairs);
    problems_init(&problems, &arena);
    const struct query q = {
        .pairs = pairs,
        .count = count,
        .shape = r->shape,
        .relations = true,
        .by_default = by_default,
        .seal = {cipher_new(&arena, digest_key_new(&arena, STR("secret")), STR("cursor")), STR("/list")}};
    err cursor = query_read(&problems, &arena, &q, r, &plan);
    err e = problems_err(&problems);
    return e != NULL ? e : cursor;
}

static void read_posts(const char *query)
{
    err e = read_of(&post_resource, NULL, query);
    if (e != NULL) {
        fail_msg("%s: %.*s", query, STR_ARGS(e->problems));
    }
}

static void check_problems(const char *query, const char *want)
{
    err e = read_of(&post_resource, NULL, query);
    if (e == NULL) {
        fail_msg("%s: nothing was found", query);
        return;
    }
    check_str(e->problems, str_of(want));
}

static void without_parameters(void **state)
{
    (void)state;
    read_posts("");
    assert_int_equal(plan.limit, 10);
    assert_int_equal(plan.offset, 0);
    assert_int_equal(plan.where.count, 0);
    assert_int_equal(plan.order_count, 1);
    assert_ptr_equal(plan.order[0].field, POST(POST_ID));
}

static void pages(void **state)
{
    (void)state;
    static const struct {
        const char *query;
        int64_t limit, offset;
    } cases[] = {
        {"limit=1", 1, 0},
        {"limit=100&skip=0", 100, 0},
        {"skip=7", 10, 7},
        {"limit=%2B5&skip=+3+", 5, 3},
        {"limit=5.0", 5, 0},
        {"skip=9223372036854775807", 10, INT64_MAX},
        {"limit=5&limit=6", 6, 0}, /* of several the last counts */
        {"unknown=1&Limit=7&limit[]=8", 10, 0},
    };
    for (size_t i = 0; i < LENGTH(cases); i++) {
        read_posts(cases[i].query);
        assert_int_equal(plan.limit, cases[i].limit);
        assert_int_equal(plan.offset, cases[i].offset);
    }
}

#define PROBLEM(type, name, msg, input, ctx)                                                         \
    "{\"type\":\"" type "\",\"loc\":[\"query\",\"" name "\"],\"msg\":\"" msg "\",\"input\":\"" input \
    "\"" ctx "}"
#define NO_NUMBER "Input should be a valid integer, unable to parse string as an integer"

static void pages_that_are_none(void **state)
{
    (void)state;
    check_problems("limit=0",
                   "[" PROBLEM("greater_than_equal", "limit", "Input should be greater than or equal to 1",
                               "0", ",\"ctx\":{\"ge\":1}") "]");
    check_problems("limit=-1",
                   "[" PROBLEM("greater_than_equal", "limit", "Input should be greater than or equal to 0",
                               "-1", ",\"ctx\":{\"ge\":0}") "]");
    check_problems("limit=101",
                   "[" PROBLEM("less_than_equal", "limit", "Input should be less than or equal to 100", "101",
                               ",\"ctx\":{\"le\":100}") "]");
    check_problems("limit=", "[" PROBLEM("int_parsing", "limit", NO_NUMBER, "", "") "]");
    check_problems("limit", "[" PROBLEM("int_parsing", "limit", NO_NUMBER, "", "") "]");
    check_problems("limit=5.5", "[" PROBLEM("int_parsing", "limit", NO_NUMBER, "5.5", "") "]");
    check_problems("skip=-1",
                   "[" PROBLEM("greater_than_equal", "skip", "Input should be greater than or equal to 0",
                               "-1", ",\"ctx\":{\"ge\":0}") "]");
    check_problems("skip=%ff", "[" PROBLEM("int_parsing", "skip", NO_NUMBER, "\xef\xbf\xbd", "") "]");
    check_problems("skip=9223372036854775808",
                   "[" PROBLEM("less_than_equal", "skip",
                               "Input should be less than or equal to 9223372036854775807",
                               "9223372036854775808", ",\"ctx\":{\"le\":9223372036854775807}") "]");
}

/* Expects the order to be these fields, a `-` before what descends. */
static void check_order(const char *const *want, size_t count)
{
    assert_int_equal(plan.order_count, count);
    for (size_t i = 0; i < count; i++) {
        bool descending = want[i][0] == '-';
        assert_string_equal(plan.order[i].field->name, want[i] + descending);
        assert_int_equal(plan.order[i].descending, descending);
    }
}

#define CHECK_ORDER(...) \
    check_order((const char *const[]){__VA_ARGS__}, LENGTH(((const char *const[]){__VA_ARGS__})))

static void orders(void **state)
{
    (void)state;
    read_posts("sort_by=title");
    CHECK_ORDER("title", "id");
    read_posts("sort_by=-title");
    CHECK_ORDER("-title", "-id");
    read_posts("sort_by=-votes,title");
    CHECK_ORDER("-votes", "title", "id");
    read_posts("sort_by=date");
    CHECK_ORDER("created_at", "id");
    read_posts("sort_by=-id");
    CHECK_ORDER("-id");
    read_posts("sort_by=id,-votes");
    CHECK_ORDER("id", "-votes");
    read_posts("sort_by=title&sort_by=score");
    CHECK_ORDER("score", "id");
    read_posts("sort_by=votes,score,title,updated_at");
    CHECK_ORDER("votes", "score", "title", "updated_at", "id");
}

static void the_order_of_a_list_without_sort_by(void **state)
{
    (void)state;
    assert_null(read_of(&post_resource, "-created_at", "limit=5"));
    CHECK_ORDER("-created_at", "-id");
    assert_null(read_of(&post_resource, "-created_at", "sort_by=title"));
    CHECK_ORDER("title", "id");
    assert_null(read_of(&post_resource, "-created_at", ""));
    CHECK_ORDER("-created_at", "-id");
    assert_null(read_of(&vote_resource, NULL, ""));
    CHECK_ORDER("user_id", "post_id");
}

#define SORTABLE "'id', 'title', 'votes', 'score', 'created_at', 'date' or 'updated_at'"

static void orders_that_are_none(void **state)
{
    (void)state;
    static const char *const wrong[] = {"",       "-",       "content",      "Title", "title,",
                                        ",title", "--title", "title, votes", "owner", "-title,content"};
    for (size_t i = 0; i < LENGTH(wrong); i++) {
        str query = str_format(&arena, "sort_by=%s", wrong[i]);
        str want = str_format(
            &arena,
            "[{\"type\":\"literal_error\",\"loc\":[\"query\",\"sort_by\"],\"msg\":\"Input should be "
            "%s\",\"input\":\"%s\",\"ctx\":{\"expected\":\"%s\"}}]",
            SORTABLE, wrong[i], SORTABLE);
        check_problems(query.p, want.p);
    }
}

/* Each of them could be sorted by; an unknown one among them is no matter yet. */
static void orders_of_too_many(void **state)
{
    (void)state;
    static const char *const orders[] = {"votes,score,title,id,date", "id,id,id,id,id",
                                         "votes,score,x,id,date", ",,,,"};
    for (size_t i = 0; i < LENGTH(orders); i++) {
        str query = str_format(&arena, "sort_by=%s", orders[i]);
        str want = str_format(
            &arena,
            "[{\"type\":\"too_long\",\"loc\":[\"query\",\"sort_by\"],\"msg\":\"List should have at most 4 "
            "items "
            "after validation, not 5\",\"input\":\"%s\",\"ctx\":{\"field_type\":\"List\",\"max_length\":4,"
            "\"actual_length\":5}}]",
            orders[i]);
        check_problems(query.p, want.p);
    }
}

static void check_condition(unsigned i, int field, enum op op, struct value v)
{
    assert_true(i < plan.where.count);
    const struct condition *c = &plan.where.list[i];
    assert_ptr_equal(c->field, &plan.resource->fields[field]);
    assert_int_equal(c->op, op);
    assert_int_equal(c->group, 0);
    assert_int_equal(c->value.kind, v.kind);
    if (v.kind == VALUE_TEXT) {
        check_str(c->value.text, v.text);
    } else {
        assert_int_equal(c->value.i, v.i);
    }
}

static void filters(void **state)
{
    (void)state;
    read_posts("published=no&owner_id=3&title=a+b");
    assert_int_equal(plan.where.count, 3);
    check_condition(0, POST_TITLE, OP_EQ, value_text(STR("a b"))); /* in the order of the declaration */
    check_condition(1, POST_PUBLISHED, OP_EQ, value_bool(false));
    check_condition(2, POST_OWNER_ID, OP_EQ, value_int(3));

    read_posts("created_at_lt=2001-01-02&created_at_gte=2001-01-01T00:00:00.5Z&owner_id_gt=5&owner_id_lte=7");
    assert_int_equal(plan.where.count, 4);
    check_condition(0, POST_OWNER_ID, OP_GT, value_int(5));
    check_condition(1, POST_OWNER_ID, OP_LE, value_int(7));
    check_condition(2, POST_CREATED_AT, OP_GE, value_time(978307200500000));
    check_condition(3, POST_CREATED_AT, OP_LT, value_time(978393600000000));

    /* no filter: not declared as one, or not ordered */
    read_posts("votes=1&content=x&title_gt=a&published_lt=1&id=5");
    assert_int_equal(plan.where.count, 0);

    assert_null(read_of(&user_resource, NULL, "is_active=1&username=ada"));
    assert_int_equal(plan.where.count, 2);
}

static void filters_that_are_wrong(void **state)
{
    (void)state;
    check_problems("published=foobar",
                   "[" PROBLEM("bool_parsing", "published",
                               "Input should be a valid boolean, unable to interpret input", "foobar",
                               "") "]");
    check_problems("owner_id=x&owner_id_gt=y",
                   "[" PROBLEM("int_parsing", "owner_id", NO_NUMBER, "x",
                               "") "," PROBLEM("int_parsing", "owner_id_gt", NO_NUMBER, "y", "") "]");
    check_problems("created_at_gte=soon",
                   "[" PROBLEM("datetime_from_date_parsing", "created_at_gte",
                               "Input should be a valid datetime or date, input is too short", "soon",
                               ",\"ctx\":{\"error\":\"input is too short\"}") "]");
    assert_null(
        read_of(&post_resource, NULL, "title=")); /* too short to be stored, but not wrong to ask for */
    assert_int_equal(plan.where.count, 1);
}

/* Page, order, search, filters: all that is wrong, in this order. */
static void all_problems_together(void **state)
{
    (void)state;
    check_problems(
        "published=x&sort_by=title,&skip=-1&limit=0",
        "[" PROBLEM(
            "greater_than_equal", "limit", "Input should be greater than or equal to 1", "0",
            ",\"ctx\":{\"ge\":1}") "," PROBLEM("greater_than_equal", "skip",
                                               "Input should be greater than or equal to 0", "-1",
                                               ",\"ctx\":{\"ge\":0}") "," PROBLEM("literal_error", "sort_by",
                                                                                  "Input should be " SORTABLE,
                                                                                  "title,",
                                                                                  ",\"ctx\":{\"expected\":"
                                                                                  "\"" SORTABLE
                                                                                  "\"}") "," PROBLEM("bool_"
                                                                                                     "parsin"
                                                                                                     "g",
                                                                                                     "publish"
                                                                                                     "ed",
                                                                                                     "Input "
                                                                                                     "should "
                                                                                                     "be a "
                                                                                                     "valid "
                                                                                                     "boolean"
                                                                                                     ", "
                                                                                                     "unable "
                                                                                                     "to "
                                                                                                     "interpr"
                                                                                                     "et "
                                                                                                     "input",
                                                                                                     "x",
                                                                                                     "") "]");
}

static void searches(void **state)
{
    (void)state;
    read_posts("search=50%25+off");
    assert_int_equal(plan.where.count, 1);
    check_condition(0, POST_TITLE, OP_CONTAINS, value_text(STR("50% off")));
    read_posts("search=");
    assert_int_equal(plan.where.count, 0);
    assert_null(read_of(&vote_resource, NULL, "search=x")); /* has no main text */
    assert_int_equal(plan.where.count, 0);
}

/* Every parameter of every resource at once still fits, with what access adds. */
static void all_filters_fit(void **state)
{
    (void)state;
    static const struct resource *const listed[] = {&post_resource, &user_resource, &vote_resource};
    for (size_t i = 0; i < LENGTH(listed); i++) {
        struct buf query;
        buf_init(&query, &arena, 1024, 1 << 16);
        buf_lit(&query, "search=x");
        for (size_t f = 0; f < listed[i]->field_count; f++) {
            const struct field *field = &listed[i]->fields[f];
            const char *value = field_kind(field) == VALUE_TIME ? "2001-01-01" : "111";
            buf_printf(&query, "&%s=%s", field->name, field_kind(field) == VALUE_BOOL ? "1" : value);
            buf_printf(&query, "&%s_gt=%s&%s_gte=%s&%s_lt=%s&%s_lte=%s", field->name, value, field->name,
                       value, field->name, value, field->name, value);
        }
        assert_null(read_of(listed[i], NULL, str_c(&arena, buf_view(&query))));
        assert_true(plan.where.count + 4 <= WHERE_MAX);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(without_parameters),
        TEST(pages),
        TEST(pages_that_are_none),
        TEST(orders),
        TEST(the_order_of_a_list_without_sort_by),
        TEST(orders_that_are_none),
        TEST(orders_of_too_many),
        TEST(filters),
        TEST(filters_that_are_wrong),
        TEST(all_problems_together),
        TEST(searches),
        TEST(all_filters_fit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

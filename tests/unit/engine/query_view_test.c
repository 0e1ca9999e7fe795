/* engine/query: what of the rows is shown (include, fields), which are looked for (q, tag), how many, and from
 * where. */
#include "engine/query.h"

#include "io/cipher.h"
#include "io/digest.h"
#include "models/book.h"
#include "models/post.h"
#include "models/role.h"
#include "models/tag.h"
#include "models/user.h"
#include "models/vote.h"
#include "support/unit.h"

static struct plan plan;
static struct seal seal;

static int set_up(void **state)
{
    (void)arena_setup(state);
    seal =
        (struct seal){cipher_new(&arena, digest_key_new(&arena, STR("secret")), STR("cursor")), STR("/list")};
    return 0;
}

static err ask(const struct resource *r, const struct shape *shape, bool relations, const char *query)
{
    struct pair *pairs = NULL;
    struct problems problems;
    size_t count = url_pairs(&arena, str_of(query), QUERY_PAIRS_MAX, &pairs);
    const struct query q = {
        .pairs = pairs, .count = count, .shape = shape, .relations = relations, .seal = seal};
    problems_init(&problems, &arena);
    err cursor = query_read(&problems, &arena, &q, r, &plan);
    err e = problems_err(&problems);
    return e != NULL ? e : cursor;
}

static void read_list(const struct resource *r, const char *query)
{
    err e = ask(r, r->shape, true, query);
    if (e != NULL) {
        fail_msg("%s: %.*s %.*s", query, STR_ARGS(e->detail), STR_ARGS(e->problems));
    }
}

/* The names of what the plan shows, with commas between; relations to many are columns of the page, too. */
static void check_shows(const char *want)
{
    struct buf b;
    buf_init(&b, &arena, 256, 4096);
    for (size_t i = 0; i < plan.shape->count; i++) {
        buf_printf(&b, "%s%s", i == 0 ? "" : ",", plan.resource->fields[plan.shape->fields[i]].name);
    }
    check_str(buf_view(&b), str_of(want));
    for (unsigned i = 0; i < plan.many_count; i++) {
        assert_true(plan.many[i].column < plan.column_count);
        assert_int_equal(plan.columns[plan.many[i].column].table, 0);
    }
    assert_true(shape_width(plan.shape) <= plan.column_count);
}

#define POST_MEMBERS \
    "id,title,content,published,owner_id,owner,votes,score,comment_count,created_at,updated_at"

static void relations_on_request(void **state)
{
    (void)state;
    read_list(&post_resource, "limit=5");
    assert_ptr_equal(plan.shape, post_resource.shape); /* nothing asked for: nothing made */
    assert_int_equal(plan.many_count, 0);
    read_list(&post_resource, "include=tags");
    check_shows(POST_MEMBERS ",tags");
    assert_int_equal(plan.many_count, 1);
    assert_ptr_equal(plan.many[0].many, &post_resource.fields[POST_TAGS]);
    assert_ptr_equal(plan.columns[plan.many[0].column].field, &post_resource.fields[POST_ID]);
    read_list(&post_resource, "include=comments,tags,comments");
    check_shows(POST_MEMBERS ",comments,tags");
    assert_int_equal(plan.many_count, 2);
    read_list(&user_resource, "include=books,reviews,roles,profile");
    assert_int_equal(plan.many_count, 3);
    assert_int_equal(plan.join_count, 1);
    /* books refer to the uid, roles to the id */
    assert_ptr_equal(plan.columns[plan.many[0].column].field, &user_resource.fields[USER_UID]);
    assert_ptr_equal(plan.columns[plan.many[2].column].field, &user_resource.fields[USER_ID]);
}

#define REFUSED(name, allowed, input)                                                                  \
    "[{\"type\":\"literal_error\",\"loc\":[\"query\",\"" name "\"],\"msg\":\"Input should be " allowed \
    "\",\"input\":\"" input "\",\"ctx\":{\"expected\":\"" allowed "\"}}]"

static void check_refused(const struct resource *r, const char *query, const char *want)
{
    err e = ask(r, r->shape, true, query);
    assert_non_null(e);
    check_str(e->problems, str_of(want));
}

static void relations_that_are_none(void **state)
{
    (void)state;
    static const char *const wrong[] = {"", "owner", "Tags", "tags,", ",tags", "tags comments", "votes"};
    for (size_t i = 0; i < LENGTH(wrong); i++) {
        str want = str_format(&arena, REFUSED("include", "'tags' or 'comments'", "%s"), wrong[i]);
        check_refused(&post_resource, str_format(&arena, "include=%s", wrong[i]).p, want.p);
    }
    /* where there are none, and where there shall be none, it is no parameter */
    read_list(&vote_resource, "include=x");
    assert_null(ask(&post_resource, post_resource.shape, false, "include=x"));
    assert_null(ask(&post_resource, post_resource.shape, false, "include=tags"));
    assert_int_equal(plan.many_count, 0);
}

static void only_some_members(void **state)
{
    (void)state;
    read_list(&post_resource, "fields=title,id");
    check_shows("id,title"); /* in the order of the shape */
    assert_int_equal(shape_width(plan.shape), 2);
    assert_int_equal(plan.join_count, 0);
    read_list(&post_resource, "fields=owner,owner");
    check_shows("owner");
    assert_int_equal(plan.join_count, 1);
    /* what include names is shown, whatever fields says; its key is read, though not shown */
    read_list(&post_resource, "fields=title&include=tags");
    check_shows("title,tags");
    assert_int_equal(shape_width(plan.shape), 1);
    assert_int_equal(plan.column_count, 2);
    read_list(&post_resource, "fields=tags&include=tags");
    check_shows("tags");
    /* members of a row whose members stand among the others */
    assert_null(ask(&vote_resource, &vote_voter, true, "fields=username,vote_type"));
    check_shows("voter,vote_type");
    assert_int_equal(plan.only_count, 2);
}

static void members_that_are_none(void **state)
{
    (void)state;
#define MEMBERS                                                                                       \
    "'id', 'title', 'content', 'published', 'owner_id', 'owner', 'votes', 'score', 'comment_count', " \
    "'created_at'"
    check_refused(&post_resource, "fields=x", REFUSED("fields", MEMBERS " or 'updated_at'", "x"));
    check_refused(&post_resource, "fields=", REFUSED("fields", MEMBERS " or 'updated_at'", ""));
    check_refused(&post_resource, "fields=id,version",
                  REFUSED("fields", MEMBERS " or 'updated_at'", "id,version"));
    check_refused(&post_resource, "fields=tags", REFUSED("fields", MEMBERS " or 'updated_at'", "tags"));
    check_refused(&post_resource, "fields=x&include=tags",
                  REFUSED("fields", MEMBERS ", 'updated_at' or 'tags'", "x"));
    check_refused(&role_resource, "fields=name_fold",
                  REFUSED("fields", "'id', 'name' or 'description'", "name_fold"));
    err e = ask(&vote_resource, &vote_voter, true, "fields=voter");
    check_str(
        e->problems,
        STR(REFUSED("fields", "'id', 'uid', 'username', 'created_at', 'vote_type' or 'voted_at'", "voter")));
}

/* Far more names than there are members. */
static void members_named_again_and_again(void **state)
{
    (void)state;
    struct buf query;
    buf_init(&query, &arena, 256, 4096);
    buf_lit(&query, "fields=id");
    for (int i = 1; i < PLAN_MAX_ONLY; i++) {
        buf_lit(&query, ",id");
    }
    read_list(&post_resource, str_c(&arena, buf_view(&query)));
    buf_lit(&query, ",id");
    err e = ask(&post_resource, post_resource.shape, true, str_c(&arena, buf_view(&query)));
    assert_non_null(e);
    str begin =
        STR("[{\"type\":\"too_long\",\"loc\":[\"query\",\"fields\"],\"msg\":\"List should have at most ");
    check_str(str_slice(e->problems, 0, begin.n), begin);
}

/* As many members as a row can have are named, and all are shown. */
static void all_members_by_name(void **state)
{
    (void)state;
    struct field fields[ROW_MAX_FIELDS] = {ID("id")};
    unsigned char all[ROW_MAX_FIELDS] = {0};
    struct resource wide = {.name = "wide", .table = "wides", FIELDS(fields)};
    const struct shape shape = SHAPE("Wide", &wide, all);
    struct buf query;
    buf_init(&query, &arena, 256, 4096);
    buf_lit(&query, "fields=id");
    for (size_t i = 1; i < LENGTH(fields); i++) {
        fields[i] = (struct field)INT("n", .flags = NULLABLE);
        fields[i].name = str_format(&arena, "f%zu", i).p;
        all[i] = (unsigned char)i;
        buf_printf(&query, ",f%zu", i);
    }
    assert_null(ask(&wide, &shape, false, str_c(&arena, buf_view(&query))));
    assert_int_equal(shape_width(plan.shape), ROW_MAX_FIELDS);
}

static void full_text_search(void **state)
{
    (void)state;
    read_list(&post_resource, "q=red+fox");
    assert_ptr_equal(plan.match.key, resource_key_of_kind(&post_resource, KEY_FULLTEXT));
    check_str(plan.match.text, STR("red fox"));
    assert_int_equal(plan.order_count, 2);
    assert_null(plan.order[0].field); /* the best first */
    assert_true(plan.order[0].descending);
    assert_true(plan.order[1].descending);
    assert_null(plan.columns[plan.order[0].column].field);
    read_list(&post_resource, "q=red&sort_by=title");
    assert_int_equal(plan.order_count, 2);
    assert_ptr_equal(plan.order[0].field, &post_resource.fields[POST_TITLE]);
    read_list(&post_resource, "q=");
    assert_null(plan.match.key);
    read_list(&vote_resource, "q=x"); /* has no such key */
    assert_null(plan.match.key);
}

static void exact_numbers(void **state)
{
    (void)state;
    read_list(&post_resource, "limit=5");
    assert_false(plan.count);
    read_list(&post_resource, "count=exact");
    assert_true(plan.count);
    check_refused(&post_resource, "count=1", REFUSED("count", "'exact'", "1"));
    check_refused(&post_resource, "count", REFUSED("count", "'exact'", ""));
}

/* tag=Fiction: ignoring case, and any length may be asked for that could be stored. */
static void what_stands_behind_a_relation(void **state)
{
    (void)state;
    read_list(&book_resource, "tag=S%C3%86+Fi");
    assert_int_equal(plan.where.count, 1);
    const struct condition *c = &plan.where.list[0];
    assert_int_equal(c->op, OP_RELATED);
    assert_ptr_equal(c->field, &book_resource.fields[BOOK_UID]);
    assert_ptr_equal(c->by.link, &book_tag_resource);
    assert_ptr_equal(c->by.near, &book_tag_resource.fields[BOOK_TAG_BOOK_UID]);
    assert_ptr_equal(c->by.far, &book_tag_resource.fields[BOOK_TAG_TAG_UID]);
    assert_ptr_equal(c->by.hop, &tag_resource.fields[TAG_NAME_FOLD]);
    assert_int_equal(c->value.kind, VALUE_BYTES);
    check_str(c->value.text, STR("s\xc3\xa6 fi"));
    read_list(&post_resource, "tag=");
    assert_int_equal(plan.where.list[0].value.text.n, 0);
    err e = ask(&post_resource, post_resource.shape, true,
                "tag=123456789012345678901234567890123456789012345678901");
    assert_non_null(e);
    assert_true(str_starts(e->problems, STR("[{\"type\":\"string_too_long\",\"loc\":[\"query\",\"tag\"]")));
}

/* --- positions ------------------------------------------------------------------------------------------------ */

/* The query with a position of the order in it. */
static const char *with_cursor(const char *query, bool backward)
{
    struct value cells[PLAN_MAX_COLUMNS] = {{.kind = VALUE_ABSENT}};
    struct buf cursor;
    read_list(&post_resource, query);
    for (unsigned i = 0; i < plan.column_count; i++) {
        const struct field *f = plan.columns[i].field;
        enum value_kind kind = f == NULL ? VALUE_DOUBLE : field_kind(f);
        cells[i] = kind == VALUE_TEXT ? value_text(STR("t")) : (struct value){.kind = kind, .i = 5};
    }
    buf_init(&cursor, &arena, 256, CURSOR_MAX_TEXT);
    cursor_put(&cursor, &plan, &seal, cells, backward);
    return str_format(&arena, "%s&cursor=%.*s", query, STR_ARGS(buf_view(&cursor))).p;
}

static void from_a_position_on(void **state)
{
    (void)state;
    read_list(&post_resource, with_cursor("sort_by=-votes,title", false));
    assert_true(plan.seek.given);
    assert_false(plan.seek.backward);
    assert_int_equal(plan.seek.values[0].i, 5);
    check_str(plan.seek.values[1].text, STR("t"));
    assert_true(plan.peek);
    read_list(&post_resource, with_cursor("q=x", true));
    assert_true(plan.seek.backward);
    assert_int_equal(plan.seek.values[0].kind, VALUE_DOUBLE);
    /* filters, page and members may change on the way; the order may not */
    const char *cursor = with_cursor("sort_by=title", false);
    read_list(&post_resource, str_format(&arena, "%s&limit=3&fields=id&published=1", cursor).p);
    err e = ask(&post_resource, post_resource.shape, true, str_format(&arena, "%s&sort_by=-title", cursor).p);
    assert_int_equal(e->code, ERROR_BAD_CURSOR);
    check_str(e->detail, STR("the cursor is none of this list in this order"));
}

static void positions_that_are_none(void **state)
{
    (void)state;
    assert_int_equal(ask(&post_resource, post_resource.shape, true, "cursor=")->code, ERROR_BAD_CURSOR);
    assert_int_equal(ask(&post_resource, post_resource.shape, true, "cursor=AAAA")->code, ERROR_BAD_CURSOR);
    assert_false(plan.seek.given);
    /* what else is wrong goes first */
    assert_int_equal(ask(&post_resource, post_resource.shape, true, "cursor=x&limit=0")->code, ERROR_INVALID);
    const char *cursor = with_cursor("sort_by=title", false);
    seal.scope = STR("/other");
    assert_int_equal(ask(&post_resource, post_resource.shape, true, cursor)->code, ERROR_BAD_CURSOR);
}

/* --- a single row --------------------------------------------------------------------------------------------- */

static void a_single_row_knows_members_and_relations_only(void **state)
{
    (void)state;
    struct pair *pairs = NULL;
    struct problems problems;
    size_t count =
        url_pairs(&arena, STR("fields=id&include=tags&limit=0&cursor=x&title=t"), QUERY_PAIRS_MAX, &pairs);
    struct query q = {.pairs = pairs, .count = count, .shape = post_resource.shape, .relations = true};
    problems_init(&problems, &arena);
    query_read_view(&problems, &arena, &q, &post_resource, &plan);
    assert_null(problems_err(&problems));
    check_shows("id,tags");
    assert_int_equal(plan.where.count, 0);
    assert_int_equal(plan.limit, 0);
    assert_int_equal(plan.order_count, 0);
    assert_false(plan.peek);
    q.count = 0;
    query_read_view(&problems, &arena, &q, &post_resource, &plan);
    assert_ptr_equal(plan.shape, post_resource.shape);
    count = url_pairs(&arena, STR("include=x&fields=y"), QUERY_PAIRS_MAX, &pairs);
    q.pairs = pairs;
    q.count = count;
    query_read_view(&problems, &arena, &q, &post_resource, &plan);
    assert_int_equal(problems.count, 2);
}

#define CASE(function) cmocka_unit_test_setup_teardown(function, set_up, arena_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(relations_on_request),
        CASE(relations_that_are_none),
        CASE(only_some_members),
        CASE(members_that_are_none),
        CASE(all_members_by_name),
        CASE(members_named_again_and_again),
        CASE(full_text_search),
        CASE(exact_numbers),
        CASE(what_stands_behind_a_relation),
        CASE(from_a_position_on),
        CASE(positions_that_are_none),
        CASE(a_single_row_knows_members_and_relations_only),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* engine/render: rows as JSON: every kind of value, rows within rows, choices. */
#include "engine/render.h"

#include <string.h>

#include "engine/plan.h"
#include "models/book.h"
#include "models/post.h"
#include "models/review.h"
#include "models/user.h"
#include "models/vote.h"
#include "support/unit.h"

static const unsigned char uid[] = {0x01, 0x89, 0x0a, 0x5d, 0xac, 0x96, 0x77, 0x4b,
                                    0xbc, 0xce, 0xb3, 0x02, 0x09, 0x9a, 0x80, 0x57};
#define UID_TEXT "01890a5d-ac96-774b-bcce-b302099a8057"

static struct buf out;

static int set_up(void **state)
{
    (void)arena_setup(state);
    buf_init(&out, &arena, 64, 1 << 20);
    return 0;
}

static str rendered(void)
{
    str text = str_copy(&arena, buf_view(&out));
    out.n = 0;
    return text;
}

static void every_kind_of_value(void **state)
{
    (void)state;
    static const struct field f = INT("f");
    static const struct {
        struct value value;
        const char *json, *plain;
    } cases[] = {
        {{.kind = VALUE_ABSENT}, "null", "null"},
        {{.kind = VALUE_NULL}, "null", "null"},
        {{.kind = VALUE_INT, .i = INT64_MIN}, "-9223372036854775808", "-9223372036854775808"},
        {{.kind = VALUE_INT, .i = INT64_MAX}, "9223372036854775807", "9223372036854775807"},
        {{.kind = VALUE_BOOL, .i = 0}, "false", "false"},
        {{.kind = VALUE_BOOL, .i = 1}, "true", "true"},
        {{.kind = VALUE_DOUBLE, .d = 4.5}, "4.5", "4.5"},
        {{.kind = VALUE_DOUBLE, .d = 3}, "3.0", "3.0"},
        {{.kind = VALUE_TEXT, .text = STR_INIT("a \"b\"\n\x01ä")},
         "\"a \\\"b\\\"\\n\\u0001ä\"",
         "a \"b\"\n\x01ä"},
        {{.kind = VALUE_TEXT, .text = {NULL, 0}}, "\"\"", ""},
        {{.kind = VALUE_BYTES, .text = {(const char *)uid, 16}}, "\"" UID_TEXT "\"", UID_TEXT},
        {{.kind = VALUE_TIME, .i = 0}, "\"1970-01-01T00:00:00Z\"", "1970-01-01T00:00:00Z"},
        {{.kind = VALUE_TIME, .i = -1}, "\"1969-12-31T23:59:59.999999Z\"", "1969-12-31T23:59:59.999999Z"},
        {{.kind = VALUE_DATE, .i = 1}, "\"1970-01-02\"", "1970-01-02"},
    };
    for (size_t i = 0; i < LENGTH(cases); i++) {
        render_value(&out, &f, cases[i].value);
        check_str(rendered(), str_of(cases[i].json));
        render_plain(&out, cases[i].value);
        check_str(rendered(), str_of(cases[i].plain));
    }
}

static void choices_are_shown_by_name(void **state)
{
    (void)state;
    const struct field *type = &vote_resource.fields[VOTE_TYPE];
    render_value(&out, type, value_int(VOTE_DOWN));
    check_str(rendered(), STR("\"downvote\""));
    render_value(&out, type, value_null());
    check_str(rendered(), STR("null"));
}

/* The cells of a post by user 7, as its plan has them. */
enum { POST_CELLS = 12 };

static void texts_are_json_already(void **state)
{
    (void)state;
    static const struct field item = TEXT("item", .max = 4);
    static const struct field f = TEXTS("f", .item = &item, .max = 2);
    render_value(&out, &f, value_text(STR("[\"a\",\"b\"]")));
    check_str(rendered(), STR("[\"a\",\"b\"]"));
    render_value(&out, &f, value_null());
    check_str(rendered(), STR("null"));
}

/* A mark is a truth about a column that is read a second time; of texts and bytes, too. */
static void marks(void **state)
{
    (void)state;
    static const struct field fields[] = {INT("n"), TEXT("t", .max = 9), MARK("same_n", .of = 0),
                                          MARK("same_t", .of = 1)};
    static const unsigned char members[] = {0, 2, 3};
    static const struct resource r = {.name = "r", .table = "rs", FIELDS(fields)};
    static const struct shape shape = SHAPE("R", &r, members);
    struct value cells[] = {value_int(7), value_int(7), value_text(STR("ada"))};
    struct page page = {.rows = {.cells = cells, .n = 1, .columns = LENGTH(cells)}};
    struct plan p;
    plan_init(&p, &r, &shape);
    assert_int_equal(p.column_count, LENGTH(cells));
    assert_ptr_equal(p.columns[1].field, &fields[0]);
    assert_ptr_equal(p.columns[2].field, &fields[1]);
    const struct {
        struct value mark;
        const char *json;
    } cases[] = {
        {value_null(), "{\"n\":7,\"same_n\":false,\"same_t\":false}"},
        {value_int(7), "{\"n\":7,\"same_n\":true,\"same_t\":false}"},
        {value_int(8), "{\"n\":7,\"same_n\":false,\"same_t\":false}"},
        {value_text(STR("ada")), "{\"n\":7,\"same_n\":false,\"same_t\":true}"},
        {value_text(STR("Ada")), "{\"n\":7,\"same_n\":false,\"same_t\":false}"},
    };
    for (size_t i = 0; i < LENGTH(cases); i++) {
        p.mark = cases[i].mark;
        render_row(&out, &p, &page, 0);
        check_str(rendered(), str_of(cases[i].json));
    }
    cells[1] = value_null(); /* nothing is marked by what is not there */
    p.mark = value_null();
    render_row(&out, &p, &page, 0);
    check_str(rendered(), STR("{\"n\":7,\"same_n\":false,\"same_t\":false}"));
}

static void fill_post(struct value cells[POST_CELLS], int64_t id)
{
    const struct value row[POST_CELLS] = {value_int(id),          value_text(STR("t")), value_text(STR("")),
                                          value_bool(true),       value_int(7),         value_int(7),
                                          value_text(STR("ada")), value_int(3),         value_int(-1),
                                          value_int(4),           value_time(0),        value_time(1000000)};
    for (size_t i = 0; i < POST_CELLS; i++) {
        cells[i] = row[i];
    }
}

#define POST_JSON(id, owner_id, owner)                                                                      \
    "{\"id\":" id ",\"title\":\"t\",\"content\":\"\",\"published\":true,\"owner_id\":" owner_id             \
    ",\"owner\":" owner                                                                                     \
    ",\"votes\":3,\"score\":-1,\"comment_count\":4,\"created_at\":\"1970-01-01T00:00:00Z\",\"updated_at\":" \
    "\"1970-01-01T00:00:01Z\"}"

static void a_row_with_a_row_in_it(void **state)
{
    (void)state;
    struct value cells[POST_CELLS];
    assert_int_equal(shape_width(post_resource.shape), POST_CELLS);
    fill_post(cells, 5);
    render_cells(&out, post_resource.shape, cells);
    check_str(rendered(), STR(POST_JSON("5", "7", "{\"id\":7,\"username\":\"ada\"}")));
}

/* A LEFT JOIN that found nobody: null, and what comes after stays in its place. */
static void nobody_is_null(void **state)
{
    (void)state;
    struct value cells[POST_CELLS];
    fill_post(cells, 5);
    cells[4] = cells[5] = cells[6] = value_null();
    render_cells(&out, post_resource.shape, cells);
    check_str(rendered(), STR(POST_JSON("5", "null", "null")));
}

static void flat_rows_stand_among_the_others(void **state)
{
    (void)state;
    const struct value cells[] = {value_int(7),  value_bytes(uid, 16), value_text(STR("ada")),
                                  value_time(0), value_int(VOTE_UP),   value_time(1000000)};
    assert_int_equal(shape_width(&vote_voter), LENGTH(cells));
    render_cells(&out, &vote_voter, cells);
    check_str(
        rendered(),
        STR("{\"id\":7,\"uid\":\"" UID_TEXT "\",\"username\":\"ada\",\"created_at\":"
            "\"1970-01-01T00:00:00Z\",\"vote_type\":\"upvote\",\"voted_at\":\"1970-01-01T00:00:01Z\"}"));
}

enum { DEEP_ID, DEEP_POST_ID, DEEP_POST, DEEP__MAX };
static const unsigned char deep_all[] = {DEEP_POST, DEEP_ID};

/* A row in a row in a row, absent as a whole or within. */
static void rows_two_deep(void **state)
{
    (void)state;
    const struct field fields[DEEP__MAX] = {
        [DEEP_ID] = ID("id"),
        [DEEP_POST_ID] = REF("post_id", .to = &post_resource),
        [DEEP_POST] = ONE("post", .key = DEEP_POST_ID, .to = &post_resource, .show = post_resource.shape),
    };
    const struct resource deep = {.name = "deep", .table = "deeps", FIELDS(fields)};
    const struct shape shape = SHAPE("Deep", &deep, deep_all);
    struct value cells[POST_CELLS + 1];
    fill_post(cells, 5);
    cells[POST_CELLS] = value_int(1);
    render_cells(&out, &shape, cells);
    check_str(rendered(),
              STR("{\"post\":" POST_JSON("5", "7", "{\"id\":7,\"username\":\"ada\"}") ",\"id\":1}"));
    for (size_t i = 0; i < POST_CELLS; i++) {
        cells[i] = value_null();
    }
    render_cells(&out, &shape, cells);
    check_str(rendered(), STR("{\"post\":null,\"id\":1}"));
}

static void lists(void **state)
{
    (void)state;
    static const unsigned char brief[] = {USER_ID, USER_USERNAME};
    static const struct shape shape = SHAPE("Brief", &user_resource, brief);
    struct value cells[] = {value_int(1), value_text(STR("a")), value_int(2), value_text(STR("b"))};
    struct plan p;
    struct page page = {.rows = {.n = 0, .columns = 2, .cells = cells}};
    plan_init(&p, &user_resource, &shape);
    render_list(&out, &p, &page);
    check_str(rendered(), STR("[]"));
    page.rows.n = 1;
    render_list(&out, &p, &page);
    check_str(rendered(), STR("[{\"id\":1,\"username\":\"a\"}]"));
    page.rows.n = 2;
    render_list(&out, &p, &page);
    check_str(rendered(), STR("[{\"id\":1,\"username\":\"a\"},{\"id\":2,\"username\":\"b\"}]"));
}

/* --- relations and members left out --------------------------------------------------------------------------- */

static const unsigned char title_and_tags[] = {POST_TITLE, POST_TAGS, POST_VOTES};
static const struct shape tagged = SHAPE("Tagged", &post_resource, title_and_tags);

/* Three posts, the first with two tags, the second with none, the third with one. Of a parent that is not on the page
 * nothing is shown. */
static void each_row_has_its_own_relations(void **state)
{
    (void)state;
    const struct value posts[] = {
        value_text(STR("a")), value_int(1), value_int(5), /* title, votes; and the key, not shown */
        value_text(STR("b")), value_int(2), value_int(6), value_text(STR("c")), value_int(3), value_int(7),
    };
    const struct value tags[] = {
        value_int(4), value_bytes(uid, 16), value_text(STR("none's")), value_time(0),
        value_int(5), value_bytes(uid, 16), value_text(STR("x")),      value_time(0),
        value_int(5), value_bytes(uid, 16), value_text(STR("y")),      value_time(0),
        value_int(7), value_bytes(uid, 16), value_text(STR("z")),      value_time(0),
    };
#define TAG(name) "{\"uid\":\"" UID_TEXT "\",\"name\":\"" name "\",\"created_at\":\"1970-01-01T00:00:00Z\"}"
    struct plan p;
    plan_init(&p, &post_resource, &tagged);
    assert_int_equal(p.column_count, 3);
    const struct page page = {.rows = {.n = 3, .columns = 3, .cells = (struct value *)posts},
                              .many = {{.n = 4, .columns = 4, .cells = (struct value *)tags}}};
    render_list(&out, &p, &page);
    check_str(rendered(), STR("[{\"title\":\"a\",\"tags\":[" TAG("x") "," TAG(
                              "y") "],\"votes\":1},"
                                   "{\"title\":\"b\",\"tags\":[],\"votes\":2},"
                                   "{\"title\":\"c\",\"tags\":[" TAG("z") "],\"votes\":3}]"));
    render_row(&out, &p, &page, 2);
    check_str(rendered(), STR("{\"title\":\"c\",\"tags\":[" TAG("z") "],\"votes\":3}"));
}

/* Parents that are identified by bytes: all of them count. */
static void parents_by_uid(void **state)
{
    (void)state;
    static const unsigned char only_reviews[] = {BOOK_REVIEWS};
    static const unsigned char only_rating[] = {REVIEW_RATING};
    const struct shape rating = SHAPE("R", &review_resource, only_rating);
    struct field fields[BOOK__MAX];
    memcpy(fields, book_resource.fields, sizeof fields);
    fields[BOOK_REVIEWS].show = &rating;
    struct resource books = book_resource;
    books.fields = fields;
    const struct shape shape = SHAPE("B", &books, only_reviews);
    struct plan p;
    plan_init(&p, &books, &shape);
    struct value book[] = {value_bytes("0123456789abcdef", 16)};
    struct value reviews[] = {value_bytes("0123456789abcdeX", 16), value_int(1),
                              value_bytes("0123456789abcdef", 16), value_int(5)};
    const struct page page = {.rows = {.n = 1, .columns = 1, .cells = book},
                              .many = {{.n = 2, .columns = 2, .cells = reviews}}};
    render_row(&out, &p, &page, 0);
    check_str(rendered(), STR("{\"reviews\":[{\"rating\":5}]}"));
}

/* Of a row that stands among the others, members can be left out one by one; nothing shifts. */
static void members_are_left_out(void **state)
{
    (void)state;
    struct value cells[] = {value_int(7),  value_bytes(uid, 16), value_text(STR("ada")),
                            value_time(0), value_int(VOTE_UP),   value_time(1000000)};
    struct plan p;
    plan_init(&p, &vote_resource, &vote_voter);
    const struct page page = {.rows = {.n = 1, .columns = LENGTH(cells), .cells = cells}};
    p.only[p.only_count++] = STR("vote_type");
    p.only[p.only_count++] = STR("id");
    render_row(&out, &p, &page, 0);
    check_str(rendered(), STR("{\"id\":7,\"vote_type\":\"upvote\"}"));
    p.only_count = 1;
    render_row(&out, &p, &page, 0);
    check_str(rendered(), STR("{\"vote_type\":\"upvote\"}"));
}

#define CASE(function) cmocka_unit_test_setup_teardown(function, set_up, arena_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(every_kind_of_value),
        CASE(choices_are_shown_by_name),
        CASE(texts_are_json_already),
        CASE(marks),
        CASE(a_row_with_a_row_in_it),
        CASE(nobody_is_null),
        CASE(flat_rows_stand_among_the_others),
        CASE(rows_two_deep),
        CASE(lists),
        CASE(each_row_has_its_own_relations),
        CASE(parents_by_uid),
        CASE(members_are_left_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* engine/validate: whole bodies, as validate_cases.txt has them, and single texts. */
#include "engine/validate.h"

#include <string.h>

#include "base/buf.h"
#include "base/json_out.h"
#include "engine/render.h"
#include "models/account.h"
#include "models/book.h"
#include "models/comment.h"
#include "models/post.h"
#include "models/profile.h"
#include "models/review.h"
#include "models/tag.h"
#include "models/vote.h"
#include "support/cases.h"
#include "support/unit.h"

/* Every way to be absent. */
static const struct field sample_fields[] = {
    TEXT("required", .max = 10, .flags = REQUIRED),
    TEXT("note", .max = 10, .flags = NULLABLE),
    INT("count", .initial = {INITIAL_INT, .i = 5}),
    BOOL("flag", .initial = INITIAL_ZERO),
    TEXT("label", .max = 10, .initial = {INITIAL_TEXT, .text = "plain"}),
    INT("many", .flags = NULLABLE),
    TIME("made_at", .initial = AT_CREATION, .flags = READ_ONLY),
    TEXT("inner", .max = 10, .flags = HIDDEN),
};
static const struct resource sample = {.name = "sample", FIELDS(sample_fields)};

/* Lists within lists, nullable and not; with a secret at the bottom. */
static const struct field leaf_fields[] = {INT("n", .bounded = true, .min = 1, .max = 5, .flags = REQUIRED),
                                           PASSWORD("password", .flags = SECRET)};
static const struct resource leaf = {.name = "leaf", FIELDS(leaf_fields)};
static const struct field twig_fields[] = {LIST("leaves", .to = &leaf, .max = 1, .flags = REQUIRED),
                                           TEXT("name", .max = 5, .flags = NULLABLE)};
static const struct resource twig = {.name = "twig", FIELDS(twig_fields)};
static const struct field branch_fields[] = {LIST("twigs", .to = &twig, .max = 3, .flags = REQUIRED),
                                             LIST("others", .to = &leaf, .max = 2, .flags = NULLABLE)};
/* A list of texts. */
static const struct field song_line = TEXT("line", .min = 1, .max = 4);
static const struct field song_fields[] = {
    TEXTS("lines", .item = &song_line, .min = 1, .max = 2, .flags = REQUIRED),
    TEXTS("notes", .item = &song_line, .max = 1, .flags = NULLABLE)};
static const struct resource song = {.name = "song", FIELDS(song_fields)};
static const struct resource branch = {.name = "branch", FIELDS(branch_fields)};

static const struct {
    const char *name;
    const struct resource *form;
} forms[] = {
    {"tags", &tag_links_form},
    {"view", &comment_view_form},
    {"book", &book_resource},
    {"review", &review_resource},
    {"profile", &profile_resource},
    {"comment", &comment_form},
    {"branch", &branch},
    {"song", &song},
    {"sample", &sample},
    {"post", &post_resource},
    {"vote", &vote_form},
    {"vote dir", &vote_dir_form},
    {"register", &register_form},
    {"signup", &signup_form},
    {"login", &login_form},
    {"grant", &grant_form},
    {"user", &account_form},
    {"activation", &activation_form},
    {"password", &password_form},
    {"farewell", &farewell_form},
};

static const struct resource *form_named(str name)
{
    for (size_t i = 0; i < LENGTH(forms); i++) {
        if (str_eq(name, str_of(forms[i].name))) {
            return forms[i].form;
        }
    }
    fail_msg("there is no form `%.*s`", STR_ARGS(name));
    return NULL;
}

static const struct json *parse(str text)
{
    struct json *json = NULL;
    struct json_failure why = {0};
    if (json_read(&arena, text, &json_default_limits, &json, &why) != JSON_READ_OK) {
        fail_msg("no JSON: %.*s: %s", STR_ARGS(text), why.message);
    }
    return json;
}

static str show_row(const struct resource *form, const struct value *row);

/* [{name="a"} {name="b"}] */
static void show_list(struct buf *b, const struct resource *form, const struct value *list)
{
    buf_char(b, '[');
    for (size_t i = 0; i < list->list.n; i++) {
        str item = show_row(form, list->list.rows + i * form->field_count);
        buf_printf(b, "%s{%.*s}", i > 0 ? " " : "", STR_ARGS(item));
    }
    buf_char(b, ']');
}

/* name=value for every member that is not absent */
static str show_row(const struct resource *form, const struct value *row)
{
    struct buf b;
    buf_init(&b, &arena, 256, 1 << 20);
    for (size_t i = 0; i < form->field_count; i++) {
        if (row[i].kind == VALUE_ABSENT) {
            continue;
        }
        buf_printf(&b, "%s%s=", b.n > 0 ? " " : "", form->fields[i].name);
        if (row[i].kind == VALUE_TEXT) {
            json_put_str(&b, row[i].text);
        } else if (row[i].kind == VALUE_LIST) {
            show_list(&b, form->fields[i].to, &row[i]);
        } else {
            render_plain(&b, row[i]);
        }
    }
    return buf_view(&b);
}

static void read_input(str mode, const struct resource *form, str body, struct problems *problems,
                       struct value *row)
{
    bool nothing = str_eq(body, STR("<nothing>"));
    bool query = str_eq(mode, STR("QUERY"));
    if (query || str_eq(mode, STR("FORM"))) {
        struct pair *pairs = NULL;
        size_t count = nothing ? 0 : url_pairs(&arena, body, 10, &pairs);
        (query ? validate_query : validate_form)(problems, &arena, form, pairs, count, row);
        return;
    }
    enum validate_mode how = str_eq(mode, STR("PATCH"))     ? VALIDATE_PATCH
                             : str_eq(mode, STR("REPLACE")) ? VALIDATE_REPLACE
                                                            : VALIDATE_CREATE;
    validate_body(problems, &arena, form, how, nothing ? NULL : parse(body), row);
}

static str outcome(str what, str body)
{
    struct problems problems;
    str name = what;
    str mode = cases_part(&name, " ");
    const struct resource *form = form_named(name);
    struct value row[ROW_MAX_FIELDS];
    memset(row, 0xFF, sizeof row); /* all of it must be written */
    problems_init(&problems, &arena);
    read_input(mode, form, body, &problems, row);
    err e = problems_err(&problems);
    if (e == NULL) {
        return show_row(form, row);
    }
    assert_int_equal(e->code, ERROR_INVALID);
    assert_int_equal(parse(e->problems)->count, problems.count);
    return e->problems;
}

static void every_case(void **state)
{
    (void)state;
    struct cases c;
    str what;
    str body;
    unsigned done = 0;
    unsigned wrong = 0;
    cases_open(&c, &arena, "tests/unit/engine/validate_cases.txt");
    while (cases_next(&c, &what)) {
        assert_true(cases_next(&c, &body));
        /* an empty row is an empty line, which cases_next() would pass over */
        size_t end = str_find(c.text, '\n', c.at);
        str want = str_slice(c.text, c.at, end);
        c.at = end + 1;
        c.line++;
        str got = outcome(what, body);
        done++;
        if (!str_eq(got, want)) {
            wrong++;
            print_error("%s:%u: %.*s\ngot  %.*s\nwant %.*s\n", c.path, c.line, STR_ARGS(what), STR_ARGS(got),
                        STR_ARGS(want));
        }
    }
    assert_int_equal(wrong, 0);
    assert_true(done > 75);
}

/* A wrong value leaves what was there; a right one is written. */
static void a_text_is_written_only_when_right(void **state)
{
    (void)state;
    static const struct field f = INT("limit", .min = 1, .max = 100);
    static const struct place query = {.name = STR_INIT("query")};
    const struct place at = {.within = &query, .name = STR("limit")};
    struct problems problems;
    struct value v = value_int(10);
    problems_init(&problems, &arena);
    assert_false(validate_text(&problems, &arena, &f, &at, STR("101"), &v));
    assert_int_equal(v.i, 10);
    check_str(
        problems_err(&problems)->problems,
        STR("[{\"type\":\"less_than_equal\",\"loc\":[\"query\",\"limit\"],\"msg\":\"Input should be less "
            "than or equal to 100\",\"input\":\"101\",\"ctx\":{\"le\":100}}]"));
    assert_true(validate_text(&problems, &arena, &f, &at, STR("100"), &v));
    assert_int_equal(v.i, 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {TEST(every_case), TEST(a_text_is_written_only_when_right)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/*
 * Every statement that the program can make, against the real tables: each list with each of its parameters, as
 * everybody who may ask; the named statements of the models; what engine/sql makes of each table. And one that is given
 * values of every kind. tests/api/torture.test.mjs gives it a database.
 */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "controllers/all.h"
#include "engine/sql.h"
#include "http/crud.h"
#include "http/route.h"
#include "io/db.h"
#include "io/stmt.h"
#include "models/all.h"
#include "support/site.h"
#include "support/unit.h"
#include "torture/faults.h"
#include "torture/stage.h"

static struct stage *stage;
static struct site site;
static struct db *db;
static const char *settings[8];
static unsigned followed;

static void must(err e, str what)
{
    if (e != NULL) {
        fail_msg("%.*s %.*s\n%.*s", STR_ARGS(e->detail), STR_ARGS(e->cause), STR_ARGS(what));
    }
}

/* --- lists ------------------------------------------------------------------------------------------------------ */

/* The key that a row of the stage has. */
static const char *key_of(const struct resource *r)
{
    static const struct {
        const char *name, *key;
    } keys[] = {{"post", "5"},    {"user", "2"},      {"role", "2"},
                {"thread", "71"}, {"tag", STAGE_TAG}, {"book", STAGE_BOOK}};
    for (size_t i = 0; i < LENGTH(keys); i++) {
        if (strcmp(r->name, keys[i].name) == 0) {
            return keys[i].key;
        }
    }
    fail_msg("tests/torture/stage.c makes no %s: the path of a list wants one there, and its key here, in "
             "key_of()",
             r->name);
    return NULL;
}

/* A route's path with the ids of the stage for its keys. */
static str target_of(const struct route *r)
{
    struct buf b;
    buf_init(&b, &arena, 64, 4096);
    buf_str(&b, site.settings.base_path);
    unsigned key = 0;
    for (const char *at = r->path; *at != '\0'; at++) {
        if (*at != '{') {
            buf_char(&b, *at);
            continue;
        }
        buf_c(&b, key_of(r->keys[key++]));
        while (*at != '}') {
            at++;
        }
    }
    return buf_view(&b);
}

/* The page behind this one, by its cursor; a null str when there is none. */
static str next_of(const struct answer *a)
{
    static const char rel[] = ">; rel=\"next\"";
    str links = answer_header(a, "Link");
    const char *end = links.n == 0 ? NULL : memmem(links.p, links.n, rel, sizeof rel - 1);
    if (end == NULL) {
        return (str){0};
    }
    const char *begin = end;
    while (*begin != '<') {
        begin--;
    }
    return (str){begin + 1, (size_t)(end - begin - 1)};
}

/* Asks for a list, and for the page behind; both must be arrays, unless it is refused with a status. */
static void ask_pages(str target, const char *token, unsigned refused)
{
    for (unsigned pages = 0; target.p != NULL && pages < 2; pages++) {
        struct ask ask = {.method = "GET", .target = str_c(&arena, target), .token = token};
        struct answer a = site_ask(&site, &ask);
        bool good = a.status == 200 && str_starts(a.body, STR("["));
        if (refused != 0 ? a.status != refused : !good) {
            fail_msg("GET %s: %u %.*s", ask.target, a.status, STR_ARGS(a.body));
        }
        target = next_of(&a);
        followed += pages;
    }
}

/* What somebody gets who may not; 0 when they may. Whose roles they are is the business of admins and themselves, what
 * is private that of its owner. */
static unsigned refusal_of(const struct route *r, int64_t user)
{
    if (strcmp(r->path, "/users/{id}/roles") == 0 && user == STAGE_BOB) {
        return 403;
    }
    return r->crud->is_private && r->keys[0] != NULL && user != STAGE_ADA ? 404 : 0;
}

/* Asks for a list as everybody who may. */
static void ask_list(const struct route *r, str query)
{
    static const struct {
        int64_t user, session;
    } people[] = {{0, 0},
                  {STAGE_ADA, STAGE_ADA_SESSION},
                  {STAGE_BOB, STAGE_BOB_SESSION},
                  {STAGE_ADMIN, STAGE_ADMIN_SESSION}};
    for (size_t i = 0; i < LENGTH(people); i++) {
        bool nobody = people[i].user == 0;
        if ((nobody && r->access >= ACCESS_USER) ||
            (people[i].user != STAGE_ADMIN && r->access == ACCESS_ADMIN)) {
            continue;
        }
        str target = str_format(&arena, "%.*s?%.*s", STR_ARGS(target_of(r)), STR_ARGS(query));
        const char *token = nobody ? NULL : site_token(&site, people[i].user, people[i].session);
        ask_pages(target, token, refusal_of(r, people[i].user));
        site_forget(&site);
    }
}

static const char *sample_of(const struct field *f)
{
    switch (field_kind(f)) {
    case VALUE_TIME:
        return "2001-01-02T03:04:05Z";
    case VALUE_DATE:
        return "2001-01-02";
    case VALUE_BYTES:
        return "00000000-0000-7000-8000-000000000001";
    case VALUE_TEXT:
        return "some text";
    case VALUE_INT:
        return f->type == FIELD_CHOICE ? f->choices[0].name : "1";
    case VALUE_BOOL:
    case VALUE_DOUBLE:
    case VALUE_NULL:
    case VALUE_LIST:
    case VALUE_ABSENT:
        break;
    }
    return "1";
}

static void ask_filters(const struct route *r, const struct field *f)
{
    static const char *const suffixes[] = {"", "_gt", "_gte", "_lt", "_lte"};
    for (size_t i = 0; i < (field_is_ordered(f) ? LENGTH(suffixes) : 1); i++) {
        str value = str_of(sample_of(f));
        struct buf b;
        buf_init(&b, &arena, 64, 4096);
        buf_printf(&b, "%s%s=", f->name, suffixes[i]);
        for (size_t c = 0; c < value.n; c++) {
            buf_char(&b, value.p[c] == ' ' ? '+' : value.p[c]);
        }
        ask_list(r, buf_view(&b));
    }
}

static void ask_sorts(const struct route *r, const struct field *f)
{
    ask_list(r, str_format(&arena, "limit=1&sort_by=%s", f->name));
    ask_list(r, str_format(&arena, "limit=1&sort_by=-%s&q=post", f->name));
    ask_list(r, str_format(&arena, "sort_by=-%s&skip=3", f->name));
    if (f->alias != NULL) {
        ask_list(r, str_format(&arena, "sort_by=%s", f->alias));
    }
}

/* Every relation at once, everything else that lists take, and each relation alone. */
static void ask_rest(const struct route *r)
{
    struct buf all;
    buf_init(&all, &arena, 64, 4096);
    buf_lit(&all, "q=post+book&count=exact&limit=100");
    const char *before = "&include=";
    for (size_t f = 0; r->crud->shape == NULL && f < r->crud->resource->field_count; f++) {
        const struct field *field = &r->crud->resource->fields[f];
        if ((field->flags & ON_REQUEST) != 0) {
            ask_list(r, str_format(&arena, "limit=1&include=%s", field->name));
            buf_printf(&all, "%s%s", before, field->name);
            before = ",";
        }
    }
    ask_list(r, buf_view(&all));
    ask_list(r, STR("limit=1"));
    ask_list(r, STR("limit=1&skip=1&search=%25x%25"));
}

static void every_list_with_every_parameter(void **state)
{
    (void)state;
    unsigned lists = 0;
    stage_reset(stage);
    for (size_t i = 0; controllers[i] != NULL; i++) {
        for (const struct route *r = controllers[i]; r->path != NULL; r++) {
            if (!r->is_list) {
                continue;
            }
            lists++;
            ask_rest(r);
            for (size_t f = 0; f < r->crud->resource->field_count; f++) {
                const struct field *field = &r->crud->resource->fields[f];
                if ((field->flags & FILTER) != 0) {
                    ask_filters(r, field);
                }
                if ((field->flags & SORT) != 0) {
                    ask_sorts(r, field);
                }
            }
        }
    }
    assert_true(lists >= 20);
    assert_true(followed > 100);
    print_message("%u lists, %u statements prepared, %u pages by cursor\n", lists, faults_prepared(),
                  followed);
}

/* --- the rest --------------------------------------------------------------------------------------------------- */

static void every_named_statement(void **state)
{
    (void)state;
    for (size_t i = 0; model_statements[i] != NULL; i++) {
        must(stmt_check(db, &arena, model_statements[i]->sql), model_statements[i]->sql);
    }
}

static void check(const struct sql *s)
{
    must(stmt_check(db, &arena, buf_view(&s->text)), buf_view(&s->text));
}

/* A row with a value in every column. */
static void fill(const struct resource *r, struct value *row)
{
    for (size_t i = 0; i < r->field_count; i++) {
        /* an average is the database's own */
        bool ours = field_has_column(&r->fields[i]) && r->fields[i].type != FIELD_AVERAGE;
        row[i] = ours ? value_int(1) : (struct value){.kind = VALUE_ABSENT};
    }
}

static struct where by_key(const struct resource *r)
{
    struct where w = {.count = 0};
    for (size_t i = 0; i < r->key_count; i++) {
        for (unsigned j = 0; r->keys[i].kind == KEY_PRIMARY && j < r->keys[i].count; j++) {
            where_add(&w, &r->fields[r->keys[i].fields[j]], OP_EQ, value_int(1));
        }
    }
    return w;
}

static void check_counters(const struct resource *r, const struct value *row, const struct where *w)
{
    struct sql s;
    for (size_t i = 0; i < r->field_count; i++) {
        const struct field *f = &r->fields[i];
        if (f->type != FIELD_REF) {
            continue;
        }
        if (sql_count_on(&s, &arena, r, f, row)) {
            check(&s);
        }
        if (sql_count_off(&s, &arena, r, f, row, w)) {
            check(&s);
        }
        if (sql_count_off(&s, &arena, r, f, NULL, w)) {
            check(&s);
        }
    }
}

static void every_table(void **state)
{
    (void)state;
    for (size_t i = 0; i < models.count; i++) {
        const struct resource *r = models.resources[i];
        const struct where w = by_key(r);
        struct value row[ROW_MAX_FIELDS];
        struct plan p;
        struct sql s;
        fill(r, row);
        sql_insert(&s, &arena, r, row);
        check(&s);
        sql_update(&s, &arena, r, row, &w);
        check(&s);
        sql_delete(&s, &arena, r, &w, NULL);
        check(&s);
        sql_delete(&s, &arena, r, &w, &r->fields[0]);
        check(&s);
        check_counters(r, row, &w);
        plan_init(&p, r, r->shape);
        p.where = w;
        plan_order_by_key(&p);
        p.limit = 1;
        p.lock = true;
        sql_select(&s, &arena, &p);
        check(&s);
    }
}

/* The check itself finds what is wrong. */
static void what_is_wrong_is_found(void **state)
{
    (void)state;
    err e = stmt_check(db, &arena, STR("SELECT no_such_column FROM users"));
    assert_non_null(e);
    assert_int_equal(e->code, ERROR_INTERNAL);
}

/* What the server got for the value, as text; the memory that the value and its binding were in is used again
 * afterwards. */
static void ask_back(struct value v, const char *wanted)
{
    static const enum value_kind kinds[] = {VALUE_TEXT};
    struct arena_mark mark = arena_mark(&arena);
    struct rows rows;
    if (v.kind == VALUE_TEXT || v.kind == VALUE_BYTES) {
        v.text = str_copy(&arena, v.text);
    }
    must(stmt_read(db, &arena, STR("SELECT COALESCE(CAST(? AS CHAR), 'null')"), &v, 1, kinds, 1, &rows),
         STR("a value"));
    assert_int_equal(rows.n, 1);
    assert_string_equal(str_c(&arena, rows.cells[0].text), wanted);
    arena_rewind(&arena, mark);
    memset(arena_alloc(&arena, 4096), '#', 4096);
    arena_rewind(&arena, mark);
}

#define SIXTY_FOUR "0123456789abcdef0123456789ABCDEF0123456789abcdef0123456789ABCDEF"

/* One prepared statement takes values of any kind, in any order: the server hears of each change. */
static void values_of_every_kind(void **state)
{
    const int64_t noon = 1795348800000000; /* 2026-11-22 12:00:00 UTC */
    const struct {
        struct value value;
        const char *wanted;
    } asked[] = {
        {value_int(7), "7"},
        {value_int(-8), "-8"},
        {value_text(STR("seven")), "seven"},
        {value_text(STR("and a longer text")), "and a longer text"},
        {value_text(STR(SIXTY_FOUR)), SIXTY_FOUR}, /* what lands whole, and one more */
        {value_text(STR(SIXTY_FOUR "5")), SIXTY_FOUR "5"},
        {value_text(STR(SIXTY_FOUR SIXTY_FOUR)), SIXTY_FOUR SIXTY_FOUR},
        {value_text(STR("")), ""},
        {value_null(), "null"},
        {value_null(), "null"},
        {value_int(INT64_MIN), "-9223372036854775808"},
        {{.kind = VALUE_DOUBLE, .d = 0.5}, "0.5"},
        {{.kind = VALUE_DOUBLE, .d = -1.25}, "-1.25"},
        {value_time(noon), "2026-11-22 12:00:00"},
        {value_time(noon + 1), "2026-11-22 12:00:00.000001"},
        {value_date(noon / (86400 * 1000000LL)), "2026-11-22"},
        {value_bytes("raw", 3), "raw"},
        {value_bool(true), "1"},
        {value_int(9), "9"},
        {{.kind = VALUE_ABSENT}, "null"},
        {value_int(10), "10"},
    };
    (void)state;
    for (int round = 0; round < 2; round++) {
        for (size_t i = 0; i < LENGTH(asked); i++) {
            ask_back(asked[i].value, asked[i].wanted);
        }
    }
}

static struct db_target target;

static int set_up(void **state)
{
    static const char *const names[] = {"DB_SOCKET", "DB_USER", "DB_PASSWORD", "DB_NAME"};
    (void)arena_setup(state);
    for (size_t i = 0; i < LENGTH(names); i++) {
        const char *value = getenv(names[i]);
        settings[i] = str_format(&arena, "%s=%s", names[i], value == NULL ? "" : value).p;
    }
    stage = stage_open(&arena);
    site_open(&site, settings);
    target = (struct db_target){.socket = site.settings.db_socket,
                                .user = site.settings.db_user,
                                .password = site.settings.db_password,
                                .name = site.settings.db_name,
                                .timeout = site.settings.db_timeout};
    db = db_new(&target);
    must(db_ready(db, &arena), STR("connecting"));
    return 0;
}

static int tear_down(void **state)
{
    db_free(db);
    site_close(&site);
    stage_close(stage);
    return arena_teardown(state);
}

#define CASE(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(every_list_with_every_parameter), CASE(every_named_statement), CASE(every_table),
        CASE(what_is_wrong_is_found),          CASE(values_of_every_kind),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

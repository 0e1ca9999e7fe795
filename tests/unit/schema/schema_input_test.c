/* schema/schema_check: what clients send: filters and orders of lists, choices, folded texts, and the forms that routes
 * read. Other mistakes are in schema_check_test. */
#include "schema/registry.h"

#include "support/unit.h"

static const struct key keys[] = {PRIMARY(0), INDEX(1)};
static const unsigned char first[] = {0};

/* What is wrong with a table of these fields; empty: nothing. */
static str mistakes(const struct field *fields, size_t n)
{
    struct resource w = {
        .name = "w", .table = "ws", .fields = fields, .field_count = n, KEYS(keys), .shape = NULL};
    const struct resource *const list[] = {&w};
    const struct registry all = {list, 1};
    const struct shape shape = SHAPE("W", &w, first);
    w.shape = &shape;
    err e = schema_check(&arena, &all);
    str before = STR("the declared tables are wrong:\n");
    return e == NULL ? STR("") : str_slice(e->detail, before.n, e->detail.n);
}

#define CHECK(says, ...)                                             \
    do {                                                             \
        const struct field fields_[] = {ID("id"), __VA_ARGS__};      \
        check_str(mistakes(fields_, LENGTH(fields_)), str_of(says)); \
    } while (0)

static const struct field item = TEXT("item", .max = 5);

static void what_lists_are_filtered_by(void **state)
{
    (void)state;
    const char *const wrong = "w.f: FILTER wants a column whose values can be sent";
    CHECK("", TEXT("f", .max = 5, .flags = REQUIRED | FILTER));
    CHECK("", CHOICE("f", .choices = (struct choice[]){{"a", 1}, {NULL, 0}}, .flags = REQUIRED | FILTER));
    CHECK(wrong, BYTES("f", .max = 5, .flags = READ_ONLY | FILTER));
    CHECK("w.f: FILTER wants a column whose values can be sent\n"
          "w.f: is too long for a key: 768 characters are the most, or 3072 bytes",
          TEXTS("f", .item = &item, .max = 5, .flags = READ_ONLY | FILTER));
    CHECK(wrong, FOLD("f", .of = 2, .max = 20, .flags = FILTER | HIDDEN),
          TEXT("t", .max = 5, .flags = REQUIRED));
    CHECK("w.f: SEARCH wants a column that is a text", INT("f", .flags = REQUIRED | SEARCH));
    CHECK("w.g: SEARCH is of one field, and another has it", TEXT("f", .max = 5, .flags = REQUIRED | SEARCH),
          TEXT("g", .max = 5, .flags = REQUIRED | SEARCH));
}

/* What every list has anyway. */
static void what_filters_are_not_called(void **state)
{
    (void)state;
    static const char *const taken[] = {"count", "search", "q", "skip", "sort_by", "fields", "include"};
    for (size_t i = 0; i < LENGTH(taken); i++) {
        struct field fields[] = {ID("id"), INT("f", .flags = REQUIRED | FILTER)};
        str member = str_format(&arena, ",\"%s\":", taken[i]);
        fields[1].name = taken[i];
        fields[1].member = member;
        check_str(mistakes(fields, LENGTH(fields)),
                  str_format(&arena, "w.%s: FILTER cannot be: every list has a parameter %s of its own",
                             taken[i], taken[i]));
    }
}

static void what_is_chosen_from(void **state)
{
    (void)state;
    const char *const wrong =
        "w.f: `choices` has a name or a number twice, or a number that no TINYINT holds";
    static const struct choice good[] = {{"a", -128}, {"b", 127}, {NULL, 0}};
    static const struct choice same_name[] = {{"a", 1}, {"b", 2}, {"a", 3}, {NULL, 0}};
    static const struct choice same_number[] = {{"a", 1}, {"b", 1}, {NULL, 0}};
    static const struct choice too_big[] = {{"a", 128}, {NULL, 0}};
    static const struct choice too_small[] = {{"a", -129}, {NULL, 0}};
    CHECK("", CHOICE("f", .choices = good, .flags = REQUIRED));
    CHECK(wrong, CHOICE("f", .choices = same_name, .flags = REQUIRED));
    CHECK(wrong, CHOICE("f", .choices = same_number, .flags = REQUIRED));
    CHECK(wrong, CHOICE("f", .choices = too_big, .flags = REQUIRED));
    CHECK(wrong, CHOICE("f", .choices = too_small, .flags = REQUIRED));
}

/* Five code points can be twenty bytes. */
static void what_is_folded_fits(void **state)
{
    (void)state;
    CHECK("", FOLD("f", .of = 2, .max = 20, .flags = HIDDEN), TEXT("t", .max = 5, .flags = REQUIRED));
    CHECK("w.f: `max` counts bytes, so it must be four times that of `of`",
          FOLD("f", .of = 2, .max = 19, .flags = HIDDEN), TEXT("t", .max = 5, .flags = REQUIRED));
}

/* What is wrong with a form of this field, or with a table; empty: nothing. */
static str form_mistakes(const struct field *f, const char *table, bool texts)
{
    const struct resource form = {.name = "Form", .table = table, .fields = f, .field_count = 1};
    const char *mistakes = schema_form_mistakes(&arena, &form, texts);
    return str_of(mistakes == NULL ? "" : mistakes);
}

#define CHECK_FORM(says, texts, ...)                                  \
    do {                                                              \
        const struct field field_ = __VA_ARGS__;                      \
        check_str(form_mistakes(&field_, NULL, texts), str_of(says)); \
    } while (0)

/* What stands in the table's declaration, and in a row where nothing was sent. */
static void what_a_field_begins_with(void **state)
{
    (void)state;
    static const struct choice one[] = {{"a", 1}, {NULL, 0}};
    const char *const wrong =
        "w.f: `initial` is no value that it can have, or one that would want quotes in SQL";
    CHECK("", TEXT("f", .max = 5, .initial = {INITIAL_TEXT, .text = "\xC3\xA9ight"}));
    CHECK("", INT("f", .min = 1, .max = 5, .initial = {INITIAL_INT, .i = 5}));
    CHECK("", INT("f", .initial = INITIAL_ZERO));
    CHECK("", CHOICE("f", .choices = one, .initial = {INITIAL_INT, .i = 1}));
    CHECK(wrong, INT("f", .min = 1, .max = 5, .initial = INITIAL_ZERO));
    CHECK(wrong, CHOICE("f", .choices = one, .initial = INITIAL_ZERO));
    CHECK(wrong, BOOL("f", .initial = {INITIAL_INT, .i = 2}));
    CHECK(wrong, TEXT("f", .max = 5, .initial = INITIAL_ZERO));
    CHECK(wrong, TEXT("f", .max = 5, .initial = {INITIAL_TEXT, .text = "it's"}));
    CHECK(wrong, TEXT("f", .max = 5, .initial = {INITIAL_TEXT, .text = "longer"}));
    CHECK(wrong, DATE("f", .initial = AT_CREATION));
}

/* A 0 that was written looks like one that was not. */
static void what_bounds_a_number(void **state)
{
    (void)state;
    const char *const wrong =
        "w.f: `max` alone leaves `min` open, be it written as 0: write `.bounded = true`, "
        "and `.min = INT64_MIN` where there is none";
    CHECK(wrong, INT("f", .min = 0, .max = 1000, .flags = REQUIRED));
    CHECK(wrong, INT("f", .max = -1, .flags = REQUIRED));
    CHECK("", INT("f", .bounded = true, .min = 0, .max = 1000, .flags = REQUIRED));
    CHECK("", INT("f", .bounded = true, .min = INT64_MIN, .max = 1000, .flags = REQUIRED));
    CHECK("", INT("f", .min = 1, .flags = REQUIRED));
    CHECK("", INT("f", .min = -5, .max = 5, .flags = REQUIRED));
    CHECK("", INT("f", .flags = REQUIRED));
}

/* Names stand in statements without quotes. */
static void names_that_sql_has(void **state)
{
    (void)state;
#define NO_NAME "a column's name is of a to z, 0 to 9 and _, and no word of SQL"
    CHECK("w.order: " NO_NAME, INT("order", .flags = NULLABLE));
    CHECK("w.Rank: " NO_NAME, INT("Rank", .flags = NULLABLE));
    CHECK("w.since when: " NO_NAME, INT("since when", .flags = NULLABLE));
    CHECK("w.2nd: " NO_NAME, INT("2nd", .flags = NULLABLE));
    CHECK("", INT("ordered", .flags = NULLABLE));
}

static const struct field part_fields[] = {TEXT("name", .max = 5), CHOICE("side")};
static const struct resource part = {.name = "Part", FIELDS(part_fields)};
static const struct field good_part_fields[] = {TEXT("name", .max = 5)};
static const struct resource good_part = {.name = "GoodPart", FIELDS(good_part_fields)};
static const struct resource endless;
static const struct field endless_fields[] = {LIST("more", .to = &endless, .max = 5)};
static const struct resource endless = {.name = "Endless", FIELDS(endless_fields)};

static void what_forms_are_made_of(void **state)
{
    (void)state;
    const char *const no_list = "Form.f: `max` is missing, or the form `to`";
    CHECK_FORM("", true, TEXT("f", .max = 5));
    CHECK_FORM("", false, LIST("f", .to = &good_part, .max = 5));
    CHECK_FORM("", false, LIST("f", .to = &endless, .max = 5));
    CHECK_FORM("Form.f: every text has a limit: `max` is missing", false, TEXT("f"));
    CHECK_FORM("Form.f: `choices` is missing", false, CHOICE("f"));
    CHECK_FORM(no_list, false, LIST("f", .to = &good_part));
    CHECK_FORM(no_list, false, LIST("f", .max = 5));
    CHECK_FORM("Part.side: `choices` is missing", false, LIST("f", .to = &part, .max = 5));
    CHECK_FORM("Form.f: `to` is missing, or field `of` of it is no number and no UUID that is never null",
               false, REF("f"));
    CHECK_FORM("Form: field 0 is a hole", false, {.type = FIELD_NONE});
}

/* Lists come in JSON alone; hashes not at all, unless the server sets them. */
static void what_can_be_sent(void **state)
{
    (void)state;
    const char *const no_pairs = "Form.f: a list cannot be sent in a form or a query";
    CHECK_FORM("", false, TEXTS("f", .item = &item, .max = 5));
    CHECK_FORM(no_pairs, true, TEXTS("f", .item = &item, .max = 5));
    CHECK_FORM(no_pairs, true, LIST("f", .to = &good_part, .max = 5));
    CHECK_FORM("Form.f: cannot be sent", false, BYTES("f", .max = 5));
    CHECK_FORM("", true, BYTES("f", .max = 5, .flags = READ_ONLY));
    const struct field hash = BYTES("f", .max = 5, .flags = REQUIRED);
    check_str(form_mistakes(&hash, "forms", false), STR("Form.f: cannot be sent"));
    const struct field endless_text = TEXT("f"); /* is said where its table is checked */
    check_str(form_mistakes(&endless_text, "forms", false), STR(""));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_lists_are_filtered_by), TEST(what_filters_are_not_called), TEST(what_is_chosen_from),
        TEST(what_a_field_begins_with),   TEST(what_bounds_a_number),        TEST(names_that_sql_has),
        TEST(what_is_folded_fits),        TEST(what_forms_are_made_of),      TEST(what_can_be_sent)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

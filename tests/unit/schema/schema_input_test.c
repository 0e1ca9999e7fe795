/* schema/schema_check: what clients send: filters and orders of lists, choices, folded texts. Other mistakes are in
 * schema_check_test. */
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
    CHECK(wrong, TEXTS("f", .item = &item, .max = 5, .flags = READ_ONLY | FILTER));
    CHECK(wrong, FOLD("f", .of = 2, .max = 20, .flags = FILTER | HIDDEN),
          TEXT("t", .max = 5, .flags = REQUIRED));
    CHECK("w.f: SEARCH wants a column that is a text", INT("f", .flags = REQUIRED | SEARCH));
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

int main(void)
{
    const struct CMUnitTest tests[] = {TEST(what_lists_are_filtered_by), TEST(what_is_chosen_from),
                                       TEST(what_is_folded_fits)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* schema/field: what follows from a type and its flags. */
#include "schema/field.h"

#include "schema/resource.h"
#include "support/unit.h"

static const struct field by_id[] = {ID("id")};
static const struct field by_uid[] = {UUID("uid", .flags = KEY)};
static const struct key first[] = {PRIMARY(0)};
static const struct resource numbered = {.name = "numbered", FIELDS(by_id), KEYS(first)};
static const struct resource named = {.name = "named", FIELDS(by_uid), KEYS(first)};

static const struct {
    struct field field;
    const char *type;
    bool column, input, output, ordered, scalar;
    enum value_kind kind;
} types[] = {
    {ID("f"), "FIELD_ID", true, false, true, true, true, VALUE_INT},
    {INT("f"), "FIELD_INT", true, true, true, true, true, VALUE_INT},
    {BOOL("f"), "FIELD_BOOL", true, true, true, false, true, VALUE_BOOL},
    {TEXT("f"), "FIELD_TEXT", true, true, true, false, true, VALUE_TEXT},
    {EMAIL("f"), "FIELD_EMAIL", true, true, true, false, true, VALUE_TEXT},
    {URL("f"), "FIELD_URL", true, true, true, false, true, VALUE_TEXT},
    {PASSWORD("f"), "FIELD_PASSWORD", false, true, false, false, true, VALUE_TEXT},
    {CHOICE("f"), "FIELD_CHOICE", true, true, true, false, true, VALUE_INT},
    {TIME("f"), "FIELD_TIME", true, true, true, true, true, VALUE_TIME},
    {DATE("f"), "FIELD_DATE", true, true, true, true, true, VALUE_DATE},
    {UUID("f"), "FIELD_UUID", true, true, true, false, true, VALUE_BYTES},
    {BYTES("f"), "FIELD_BYTES", true, true, true, false, false, VALUE_BYTES},
    {FOLD("f"), "FIELD_FOLD", true, false, true, false, false, VALUE_BYTES},
    {REF("f", .to = &numbered), "FIELD_REF", true, true, true, true, true, VALUE_INT},
    {REF("f", .to = &named), "FIELD_REF", true, true, true, false, true, VALUE_BYTES},
    {COUNT("f"), "FIELD_COUNT", true, false, true, true, true, VALUE_INT},
    {SUM("f"), "FIELD_SUM", true, false, true, true, true, VALUE_INT},
    {AVERAGE("f"), "FIELD_AVERAGE", true, false, true, true, false, VALUE_DOUBLE},
    {VERSION("f"), "FIELD_VERSION", true, false, false, true, true, VALUE_INT},
    {ONE("f"), "FIELD_ONE", false, false, true, false, false, VALUE_NULL},
    {HAS("f"), "FIELD_HAS", false, false, true, false, false, VALUE_NULL},
    {MANY("f"), "FIELD_MANY", false, false, true, false, false, VALUE_NULL},
    {LIST("f"), "FIELD_LIST", false, true, false, false, false, VALUE_LIST},
    {MARK("f"), "FIELD_MARK", false, false, true, false, false, VALUE_BOOL},
    {TEXTS("f"), "FIELD_TEXTS", true, true, true, false, false, VALUE_TEXT},
};

static void what_a_type_says(void **state)
{
    (void)state;
    bool seen[FIELD__MAX] = {false};
    for (size_t i = 0; i < LENGTH(types); i++) {
        const struct field *f = &types[i].field;
        seen[f->type] = true;
        print_message("%s\n", types[i].type);
        assert_string_equal(field_type_name(f->type), types[i].type);
        assert_int_equal(field_has_column(f), types[i].column);
        assert_int_equal(field_is_input(f), types[i].input);
        assert_int_equal(field_is_output(f), types[i].output);
        assert_int_equal(field_is_ordered(f), types[i].ordered);
        assert_int_equal(field_is_scalar(f), types[i].scalar);
        assert_int_equal(field_kind(f), types[i].kind);
    }
    for (int type = FIELD_NONE + 1; type < FIELD__MAX; type++) {
        assert_true(seen[type]); /* a new type belongs into the table above */
    }
}

static void what_flags_say(void **state)
{
    (void)state;
    static const struct {
        unsigned flags;
        bool input, output;
    } cases[] = {
        {0, true, true},           {REQUIRED, true, true},    {NULLABLE, true, true},
        {READ_ONLY, false, true},  {WRITE_ONLY, true, false}, {HIDDEN, false, false},
        {ON_REQUEST, true, false}, {SECRET, true, true},      {KEY | READ_ONLY | SORT, false, true},
    };
    for (size_t i = 0; i < LENGTH(cases); i++) {
        const struct field f = TEXT("f", .flags = cases[i].flags);
        assert_int_equal(field_is_input(&f), cases[i].input);
        assert_int_equal(field_is_output(&f), cases[i].output);
    }
}

/* A reference is to the key, or to another field that is a key by itself. */
static void what_a_reference_holds(void **state)
{
    (void)state;
    static const struct field both[] = {ID("id"), UUID("uid")};
    static const struct resource people = {.name = "person", FIELDS(both)};
    const struct field by_key = REF("a", .to = &people);
    const struct field by_other = REF("b", .to = &people, .of = 1);
    assert_ptr_equal(field_target(&by_key), &both[0]);
    assert_ptr_equal(field_target(&by_other), &both[1]);
    assert_int_equal(field_kind(&by_other), VALUE_BYTES);
    assert_true(field_is_ordered(&by_key));
    assert_false(field_is_ordered(&by_other));
}

static void which_relations_are_one_row(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(types); i++) {
        enum field_type type = types[i].field.type;
        assert_int_equal(field_is_one(&types[i].field), type == FIELD_ONE || type == FIELD_HAS);
    }
}

static void how_a_choice_is_stored(void **state)
{
    (void)state;
    static const struct choice sides[] = {{"up", 1}, {"down", -1}, {NULL, 0}};
    const struct field side = CHOICE("side", .choices = sides);
    assert_ptr_equal(field_choice(&side, -1), &sides[1]);
    assert_null(field_choice(&side, 0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {TEST(what_a_type_says), TEST(what_flags_say),
                                       TEST(what_a_reference_holds), TEST(which_relations_are_one_row),
                                       TEST(how_a_choice_is_stored)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

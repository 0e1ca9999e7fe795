/* schema/shape: what cannot be shown, and how much can. How tables are held to it is in schema_check_test. */
#include "schema/shape.h"

#include "support/unit.h"

enum {
    F_ID,
    F_NAME,
    F_HASH,
    F_SECRET,
    F_SENT,
    F_FOLD,
    F_PASSWORD,
    F_LIST,
    F_WORDS,
    F_PARENT_ID,
    F_PARENT,
    F_OTHER,
    F_MANY,
    F_MARK,
    F_MEAN,
    F_FLAT,
    F_FLAT_TOO,
    F__MAX
};
static const struct resource thing;
static const struct shape thing_brief, thing_words, thing_round;
static const struct field item = TEXT("item", .max = 5);
static const struct field fields[F__MAX] = {
    [F_ID] = ID("id"),
    [F_NAME] = TEXT("name", .max = 9, .flags = REQUIRED),
    [F_HASH] = BYTES("hash", .max = 32, .flags = READ_ONLY),
    [F_SECRET] = TEXT("secret", .max = 9, .flags = HIDDEN),
    [F_SENT] = TEXT("sent", .max = 9, .flags = REQUIRED | WRITE_ONLY),
    [F_FOLD] = FOLD("fold", .of = F_NAME, .max = 36),
    [F_PASSWORD] = PASSWORD("password", .flags = SECRET),
    [F_LIST] = LIST("list", .to = &thing, .max = 5),
    [F_WORDS] = TEXTS("words", .item = &item, .max = 5, .flags = REQUIRED),
    [F_PARENT_ID] = REF("parent_id", .to = &thing, .flags = NULLABLE),
    [F_PARENT] = ONE("parent", .key = F_PARENT_ID, .to = &thing, .show = &thing_brief),
    [F_OTHER] = ONE("other", .key = F_PARENT_ID, .to = &thing, .show = &thing_brief, .flags = ON_REQUEST),
    [F_MANY] = MANY("many", .to = &thing, .key = F_PARENT_ID, .show = &thing_brief, .max = 5),
    [F_MARK] = MARK("mark", .of = F_ID),
    [F_MEAN] = AVERAGE("mean", .flags = NULLABLE),
    [F_FLAT] = ONE("flat", .key = F_PARENT_ID, .to = &thing, .show = &thing_words, .flags = FLAT),
    [F_FLAT_TOO] = ONE("too", .key = F_PARENT_ID, .to = &thing, .show = &thing_round, .flags = FLAT),
};
static const struct resource thing = {.name = "thing", .table = "things", FIELDS(fields)};
static const unsigned char brief[] = {F_ID, F_NAME};
static const struct shape thing_brief = SHAPE("Brief", &thing, brief);

static const unsigned char words[] = {F_WORDS};
static const struct shape thing_words = SHAPE("Words", &thing, words);
static const unsigned char around[] = {F_FLAT_TOO};
static const struct shape thing_round = SHAPE("Round", &thing, around);

static const char *mistake(const unsigned char *members, size_t n, bool inside)
{
    const struct shape shape = {.name = "Shape", .resource = &thing, .fields = members, .count = n};
    return shape_mistake(&arena, &shape, inside);
}

static void what_can_be_shown(void **state)
{
    (void)state;
    static const unsigned char inside[] = {F_ID, F_NAME, F_WORDS, F_PARENT_ID, F_PARENT, F_OTHER, F_MEAN};
    static const unsigned char alone[] = {F_ID, F_MANY, F_MARK};
    assert_null(mistake(inside, LENGTH(inside), true));
    assert_null(mistake(inside, LENGTH(inside), false));
    assert_null(mistake(alone, LENGTH(alone), false));
}

static void what_cannot(void **state)
{
    (void)state;
    static const unsigned char never[] = {F_HASH, F_SECRET, F_SENT, F_FOLD, F_PASSWORD, F_LIST};
    static const unsigned char alone[] = {F_MANY, F_MARK};
    for (size_t i = 0; i < LENGTH(never); i++) {
        const char *says = str_format(&arena, "shows %s, which cannot be shown", fields[never[i]].name).p;
        const unsigned char members[] = {F_ID, never[i]};
        assert_string_equal(mistake(members, 2, false), says);
        assert_string_equal(mistake(members, 2, true), says);
    }
    for (size_t i = 0; i < LENGTH(alone); i++) {
        assert_string_equal(mistake(&alone[i], 1, true),
                            str_format(&arena, "shows %s, which cannot be shown", fields[alone[i]].name).p);
    }
    assert_string_equal(mistake(brief, 0, false), "shows nothing");
    assert_string_equal(mistake((const unsigned char[]){F_ID, F__MAX}, 2, false),
                        "shows a field that its resource has not");
    assert_string_equal(mistake((const unsigned char[]){F_ID, F_NAME, F_ID}, 3, false), "shows id twice");
}

/* What is FLAT stands beside what is there already; and a shape may hold itself, for shape_excess() to find. */
static void members_that_are_there_already(void **state)
{
    (void)state;
    assert_null(mistake((const unsigned char[]){F_ID, F_FLAT}, 2, false));
    assert_null(mistake((const unsigned char[]){F_ID, F_FLAT_TOO}, 2, false));
    assert_string_equal(mistake((const unsigned char[]){F_ID, F_FLAT, F_WORDS}, 3, false),
                        "shows two members words");
    assert_string_equal(mistake((const unsigned char[]){F_WORDS, F_FLAT}, 2, true),
                        "shows two members words");
}

/* Each row that is embedded is a join; those on request count where a request can ask for them. */
static void how_much_is_too_much(void **state)
{
    (void)state;
    struct field many[SHAPE_MAX_JOINS + 2];
    unsigned char all[SHAPE_MAX_JOINS + 1];
    const struct resource wide = {.name = "wide", .table = "wides", FIELDS(many)};
    struct shape shape = SHAPE("Wide", &wide, all);
    for (size_t i = 0; i < LENGTH(many); i++) {
        many[i] = fields[i < LENGTH(all) ? F_PARENT : F_OTHER];
    }
    for (size_t i = 0; i < LENGTH(all); i++) {
        all[i] = (unsigned char)i;
    }
    assert_string_equal(shape_excess(&arena, &shape, false),
                        "takes 18 columns and 9 joins, the limits are 64 and 8");
    shape.count--;
    assert_null(shape_excess(&arena, &shape, false));
    assert_string_equal(shape_excess(&arena, &shape, true),
                        "takes 18 columns and 9 joins, the limits are 64 and 8");
}

int main(void)
{
    const struct CMUnitTest tests[] = {TEST(what_can_be_shown), TEST(what_cannot),
                                       TEST(members_that_are_there_already), TEST(how_much_is_too_much)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* schema/schema_check: what MariaDB and MySQL have no room for: long names, keys and rows. Other mistakes are in
 * schema_check_test. */
#include "schema/registry.h"

#include "support/unit.h"

static const unsigned char first[] = {0};
static const struct key primary[] = {PRIMARY(0)};
static const struct resource others;
static const struct field other_fields[] = {ID("id")};
static const struct shape other_shape = SHAPE("Other", &others, first);
static const struct resource others = {
    .name = "other", .table = "others", FIELDS(other_fields), KEYS(primary), .shape = &other_shape};

/* What is wrong with a table of that name, these fields and this key; empty: nothing. */
static str mistakes(const char *table, const struct field *fields, size_t n, struct key key)
{
    const struct key keys[] = {primary[0], key};
    struct resource w = {.name = "w", .table = table, .fields = fields, .field_count = n, KEYS(keys)};
    const struct resource *const list[] = {&others, &w};
    const struct registry all = {list, LENGTH(list)};
    const struct shape shape = SHAPE("W", &w, first);
    w.shape = &shape;
    err e = schema_check(&arena, &all);
    str before = STR("the declared tables are wrong:\n");
    return e == NULL ? STR("") : str_slice(e->detail, before.n, e->detail.n);
}

#define CHECK(says, table, made, ...)                                             \
    do {                                                                          \
        const struct field fields_[] = {ID("id"), __VA_ARGS__};                   \
        const struct key key_ = made;                                             \
        check_str(mistakes(table, fields_, LENGTH(fields_), key_), str_of(says)); \
    } while (0)

static void keys(void **state)
{
    (void)state;
    CHECK("", "ws", INDEX(1, 2), TEXT("a", .max = 384, .flags = REQUIRED),
          TEXT("b", .max = 384, .flags = NULLABLE));
    CHECK("w.a: the key that begins with it takes 3076 bytes, and 3072 are the most", "ws", INDEX(1, 2),
          TEXT("a", .max = 384, .flags = REQUIRED), TEXT("b", .max = 385, .flags = NULLABLE));
    CHECK("", "ws", INDEX(1, 0), TEXT("a", .max = 766, .flags = REQUIRED));
    CHECK("w.a: the key that begins with it takes 3073 bytes, and 3072 are the most", "ws", INDEX(1, 2),
          TEXT("a", .max = 768, .flags = REQUIRED), BOOL("b", .initial = INITIAL_ZERO));
    CHECK("", "ws", FULLTEXT(1, 2), TEXT("a", .max = 9000, .flags = REQUIRED),
          TEXT("b", .max = 9000, .flags = NULLABLE));
}

/* Their lengths are 19 and 40. */
#define TABLE    "w234567890123456789"
#define FIELD_40 "f234567890123456789012345678901234567890"

static void names(void **state)
{
    (void)state;
    static const struct choice one[] = {{"a", 1}, {NULL, 0}};
    CHECK("", TABLE "0", INDEX(1), INT(FIELD_40, .flags = REQUIRED));
    CHECK("w." FIELD_40 ": the name ck_" TABLE "01_" FIELD_40 " is longer than 64 bytes\n"
          "w: the name ix_" TABLE "01_" FIELD_40 " is longer than 64 bytes",
          TABLE "01", INDEX(1), INT(FIELD_40, .min = 1, .flags = REQUIRED));
    CHECK("w: the name ix_" TABLE "01_" FIELD_40 " is longer than 64 bytes", TABLE "01", INDEX(1),
          INT(FIELD_40, .flags = REQUIRED));
    CHECK("w: the name uq_" TABLE "_" FIELD_40 "_g is longer than 64 bytes", TABLE, UNIQUE(1, 2),
          INT(FIELD_40, .flags = REQUIRED), INT("g", .flags = REQUIRED));
    CHECK("w." FIELD_40 ": the name ck_" TABLE "01_" FIELD_40 " is longer than 64 bytes", TABLE "01",
          INDEX(2), CHOICE(FIELD_40, .choices = one, .flags = REQUIRED), INT("g", .flags = REQUIRED));
    CHECK("", TABLE "0", INDEX(2), CHOICE(FIELD_40, .choices = one, .flags = REQUIRED),
          INT("g", .flags = REQUIRED));
    CHECK("", TABLE, INDEX(1), REF("f234567890123456789012345678901234", .to = &others, .flags = REQUIRED));
    CHECK("w.f2345678901234567890123456789012345: the name fk_" TABLE
          "_f2345678901234567890123456789012345_others is "
          "longer than 64 bytes",
          TABLE, INDEX(1), REF("f2345678901234567890123456789012345", .to = &others, .flags = REQUIRED));
}

/* 16 texts of 1000 characters, and one more. */
static str row(int64_t last)
{
    struct field fields[18] = {ID("id")};
    for (size_t i = 1; i < LENGTH(fields); i++) {
        str member = str_format(&arena, ",\"f%zu\":", i);
        fields[i] = (struct field)TEXT("f", .max = VARCHAR_MAX, .flags = NULLABLE);
        fields[i].member = member;
        fields[i].name = str_c(&arena, str_slice(member, 2, member.n - 2));
    }
    fields[LENGTH(fields) - 1].max = last;
    return mistakes("ws", fields, LENGTH(fields), (struct key)FULLTEXT(1));
}

static void rows(void **state)
{
    (void)state;
    check_str(row(370), STR(""));
    check_str(row(374),
              STR("w: a row takes 65541 bytes, and 65535 are the most: texts of more than 1000 characters "
                  "are kept outside of it"));
    check_str(row(1001), STR(""));
}

int main(void)
{
    const struct CMUnitTest tests[] = {TEST(keys), TEST(names), TEST(rows)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

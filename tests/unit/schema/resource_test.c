/* schema/resource: fields found by name, by key and by the name of a key. */
#include "schema/resource.h"

#include "support/unit.h"

enum { F_ID, F_HOLE, F_EMAIL, F_EMAIL_FOLD, F_UID, F__MAX };

static const struct field fields[F__MAX] = {
    [F_ID] = ID("id"),
    [F_EMAIL] = EMAIL("email", .max = 10),
    [F_EMAIL_FOLD] = FOLD("email_fold", .of = F_EMAIL, .max = 40),
    [F_UID] = UUID("uid"),
};
static const struct key keys[] = {UNIQUE(F_UID, F_EMAIL), INDEX(F_EMAIL), PRIMARY(F_ID),
                                  UNIQUE(F_EMAIL_FOLD)};
static const struct resource people = {.name = "person", .table = "people", FIELDS(fields), KEYS(keys)};
static const struct resource form = {.name = "Form", FIELDS(fields)};

static void by_name(void **state)
{
    (void)state;
    assert_int_equal(resource_find(&people, STR("id")), F_ID);
    assert_int_equal(resource_find(&people, STR("uid")), F_UID);
    assert_int_equal(resource_find(&people, STR("email")), F_EMAIL);
    assert_int_equal(resource_find(&people, STR("email_fold")), F_EMAIL_FOLD);
    assert_int_equal(resource_find(&people, STR("email_")), -1);
    assert_int_equal(resource_find(&people, STR("emai")), -1);
    assert_int_equal(resource_find(&people, STR("Email")), -1);
    assert_int_equal(resource_find(&people, STR("id\0AAAAAAAAAAAAAAAA")), -1); /* it ends where it says */
    assert_int_equal(resource_find(&people, STR("")), -1);
    assert_int_equal(resource_find(&people, str_slice(STR("identity"), 0, 2)), F_ID);
}

static void the_primary_key(void **state)
{
    (void)state;
    assert_int_equal(resource_key(&people), F_ID);
    assert_true(resource_has_key(&people));
    static const struct key two[] = {PRIMARY(F_ID, F_UID)};
    const struct resource pairs = {.name = "pair", FIELDS(fields), KEYS(two)};
    assert_false(resource_has_key(&pairs));
    assert_false(resource_has_key(&form));
}

/* A key's name leads back to the field that a client knows. */
static void by_the_name_of_a_key(void **state)
{
    (void)state;
    assert_ptr_equal(resource_of_key_name(&people, STR("uq_people_email_fold")), &fields[F_EMAIL]);
    assert_ptr_equal(resource_of_key_name(&people, STR("uq_people_uid")), &fields[F_UID]);
    assert_ptr_equal(resource_of_key_name(&people, STR("uq_people_id")),
                     &fields[F_ID]); /* the first one, too */
    assert_null(resource_of_key_name(&people, STR("PRIMARY")));
    assert_null(resource_of_key_name(&people, STR("")));
    assert_null(resource_of_key_name(&people, STR("uq")));
    assert_null(resource_of_key_name(&people, STR("uq_people")));
    assert_null(resource_of_key_name(&people, STR("uq_people_")));
    assert_null(resource_of_key_name(&people, STR("uq_people_name")));
    assert_null(resource_of_key_name(&people, STR("uq_peoples_uid")));
    assert_null(resource_of_key_name(&people, STR("uq_other_uid")));
    assert_null(resource_of_key_name(&people, STR("ix_people_uid")));
    assert_null(
        resource_of_key_name(&people, STR("uq_people_uid_email"))); /* of two fields none is to blame */
    assert_null(resource_of_key_name(&form, STR("uq_people_uid")));
}

static void keys_by_their_kind(void **state)
{
    (void)state;
    assert_ptr_equal(resource_key_of_kind(&people, KEY_PRIMARY), &keys[2]);
    assert_ptr_equal(resource_key_of_kind(&people, KEY_UNIQUE), &keys[0]); /* the first of several */
    assert_ptr_equal(resource_key_of_kind(&people, KEY_INDEX), &keys[1]);
    assert_null(resource_key_of_kind(&people, KEY_FULLTEXT));
    assert_null(resource_key_of_kind(&form, KEY_PRIMARY));
}

static void the_version(void **state)
{
    (void)state;
    static const struct field versioned[] = {ID("id"), BOOL("b"), VERSION("version")};
    const struct resource r = {.name = "r", FIELDS(versioned)};
    assert_int_equal(resource_version(&r), 2);
    assert_int_equal(resource_version(&people), -1);
}

/* Texts that are folded are compared by what they were folded to. */
static void what_a_text_is_compared_by(void **state)
{
    (void)state;
    bool folded = false;
    assert_ptr_equal(resource_compared(&people, &fields[F_EMAIL], &folded), &fields[F_EMAIL_FOLD]);
    assert_true(folded);
    assert_ptr_equal(resource_compared(&people, &fields[F_UID], &folded), &fields[F_UID]);
    assert_false(folded);
}

int main(void)
{
    const struct CMUnitTest tests[] = {TEST(by_name),
                                       TEST(the_primary_key),
                                       TEST(by_the_name_of_a_key),
                                       TEST(keys_by_their_kind),
                                       TEST(the_version),
                                       TEST(what_a_text_is_compared_by)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

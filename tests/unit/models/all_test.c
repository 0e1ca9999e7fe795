/* models: the program's own declarations hold together. */
#include "models/all.h"

#include <string.h>

#include "models/account.h"
#include "models/vote.h"
#include "support/unit.h"

static void every_table_is_declared_well(void **state)
{
    (void)state;
    err e = schema_check(&arena, &models);
    if (e != NULL) {
        fail_msg("%.*s", STR_ARGS(e->detail));
    }
}

/* Forms are no tables, but their fields are fields. */
static void every_form_is_declared_well(void **state)
{
    (void)state;
    static const struct resource *const forms[] = {
        &register_form,   &signup_form,   &login_form,    &grant_form, &account_form,
        &activation_form, &password_form, &farewell_form, &vote_form,  &vote_dir_form,
    };
    const struct registry all = {forms, LENGTH(forms)};
    err e = schema_check(&arena, &all);
    if (e != NULL) {
        fail_msg("%.*s", STR_ARGS(e->detail));
    }
    for (size_t i = 0; i < LENGTH(forms); i++) {
        assert_null(forms[i]->table);
        for (size_t j = 0; j < forms[i]->field_count; j++) {
            assert_true(field_is_input(&forms[i]->fields[j]));
        }
    }
}

static size_t index_of(const struct resource *r)
{
    for (size_t i = 0; i < models.count; i++) {
        if (models.resources[i] == r) {
            return i;
        }
    }
    return models.count;
}

/* CREATE TABLE in this order, DROP TABLE in the other. */
static void what_is_referred_to_comes_first(void **state)
{
    (void)state;
    for (size_t i = 0; i < models.count; i++) {
        for (size_t j = 0; j < models.resources[i]->field_count; j++) {
            const struct field *f = &models.resources[i]->fields[j];
            if (f->type == FIELD_REF && index_of(f->to) > i) {
                fail_msg("%s.%s refers to %s, which comes later", models.resources[i]->name, f->name,
                         f->to->name);
            }
        }
    }
}

static void names_are_unique(void **state)
{
    (void)state;
    for (size_t i = 0; i < models.count; i++) {
        for (size_t j = 0; j < i; j++) {
            assert_string_not_equal(models.resources[i]->name, models.resources[j]->name);
            assert_string_not_equal(models.resources[i]->table, models.resources[j]->table);
        }
    }
    for (size_t i = 0; model_statements[i] != NULL; i++) {
        for (size_t j = 0; j < i; j++) {
            assert_string_not_equal(model_statements[i]->name, model_statements[j]->name);
        }
    }
}

/* A statement says how many values it binds, what it returns and whether it locks; nothing is ever read with an
 * asterisk. */
static void statements_say_what_they_take_and_give(void **state)
{
    (void)state;
    assert_non_null(model_statements[0]);
    for (size_t i = 0; model_statements[i] != NULL; i++) {
        const struct statement *s = model_statements[i];
        size_t marks = 0;
        print_message("%s\n", s->name);
        for (size_t at = str_find(s->sql, '?', 0); at < s->sql.n; at = str_find(s->sql, '?', at + 1)) {
            marks++;
        }
        assert_int_equal(marks, s->values);
        bool reads = str_starts(s->sql, STR("SELECT ")) || str_starts(s->sql, STR("WITH "));
        assert_int_equal(s->columns > 0, reads);
        assert_int_equal(s->columns > 0, s->kinds != NULL);
        for (size_t k = 0; k < s->columns; k++) {
            assert_true(s->kinds[k] > VALUE_NULL);
        }
        assert_int_equal(s->locks, memmem(s->sql.p, s->sql.n, " FOR UPDATE", 11) != NULL);
        assert_int_equal(str_find(s->sql, '*', 0), s->sql.n);
        assert_int_equal(str_find(s->sql, ';', 0), s->sql.n);
    }
}

static bool says(const struct statement *s, str text)
{
    return memmem(s->sql.p, s->sql.n, text.p, text.n) != NULL;
}

/* Whoever was so slow that another took the row must not write it any more. */
static void what_is_held_is_written_by_its_holder(void **state)
{
    (void)state;
    size_t found = 0;
    for (size_t i = 0; model_statements[i] != NULL; i++) {
        const struct statement *s = model_statements[i];
        bool held = str_starts(s->sql, STR("UPDATE mails ")) ||
                    str_starts(s->sql, STR("DELETE FROM mails ")) ||
                    str_starts(s->sql, STR("UPDATE tweet_histories "));
        if (held && says(s, STR(" WHERE id = ?")) && !says(s, STR("SELECT ")) &&
            !says(s, STR(", holder = ?, "))) { /* as it is taken */
            print_message("%s\n", s->name);
            assert_true(says(s, STR(" WHERE id = ? AND holder = ?")));
            found++;
        }
    }
    assert_int_equal(found, 6);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(every_table_is_declared_well),           TEST(every_form_is_declared_well),
        TEST(what_is_referred_to_comes_first),        TEST(names_are_unique),
        TEST(statements_say_what_they_take_and_give), TEST(what_is_held_is_written_by_its_holder),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* schema/schema_check: mistakes in relations, averages, versions and full-text keys, one each. Other mistakes are in
 * schema_check_test. */
#include <string.h>

#include "schema/registry.h"
#include "support/unit.h"

/* A library: shelves hold books, which answer each other; each shelf has at most one plan; labels stick to shelves. All
 * of it is right; each test spoils a copy. */
enum { S_ID, S_UID, S_NOTE, S_COUNT, S_SUM, S_MEAN, S_PLAN, S_BOOKS, S_LABELS, S_VERSION, S__MAX };
enum { B_ID, B_SHELF, B_WEIGHT, B_BEFORE, B__MAX };
enum { P_SHELF, P_TEXT, P__MAX };
enum { L_UID, L_NAME, L__MAX };
enum { SL_SHELF, SL_LABEL, SL__MAX };

static struct field shelf_fields[S__MAX], book_fields[B__MAX], plan_fields[P__MAX], label_fields[L__MAX],
    link_fields[SL__MAX];
static struct key shelf_keys[3], book_keys[4], plan_keys[1], label_keys[1], link_keys[2];
static struct resource shelf, book, shelf_plan, label, link_;
static struct shape shelf_shape, book_shape, plan_shape, label_shape, link_shape;
static const unsigned char first[] = {0};

static struct resource table(const char *name, struct field *fields, size_t n, struct key *keys,
                             size_t key_count, struct shape *shape, const struct resource *self)
{
    *shape = (struct shape){.name = name, .resource = self, .fields = first, .count = 1};
    return (struct resource){.name = name,
                             .table = name,
                             .fields = fields,
                             .field_count = n,
                             .keys = keys,
                             .key_count = key_count,
                             .shape = shape};
}

#define TABLE(r, fields, keys, shape) \
    r = table(#r, fields, LENGTH(fields), keys, LENGTH(keys), &(shape), &(r))

static const struct field good_shelf[S__MAX] = {
    [S_ID] = ID("id"),
    [S_UID] = UUID("uid", .flags = GENERATED | READ_ONLY),
    [S_NOTE] = TEXT("note", .max = 9, .flags = NULLABLE),
    [S_COUNT] = COUNT("n", .to = &book, .key = B_SHELF),
    [S_SUM] = SUM("weight", .to = &book, .key = B_SHELF, .of = B_WEIGHT),
    [S_MEAN] = AVERAGE("mean", .of = S_SUM, .key = S_COUNT, .flags = NULLABLE),
    [S_PLAN] = HAS("plan", .to = &shelf_plan, .key = P_SHELF, .show = &plan_shape, .flags = ON_REQUEST),
    [S_BOOKS] =
        MANY("books", .to = &book, .key = B_SHELF, .show = &book_shape, .max = 9, .flags = ON_REQUEST),
    [S_LABELS] =
        MANY("labels", .to = &label, .via = &link_, .key = SL_SHELF, .far_key = SL_LABEL,
             .show = &label_shape, .max = 9, .alias = "label", .of = L_NAME, .flags = ON_REQUEST | FILTER),
    [S_VERSION] = VERSION("version"),
};
static const struct field good_book[B__MAX] = {
    [B_ID] = ID("id"),
    [B_SHELF] = REF("shelf_id", .to = &shelf, .on_delete = CASCADE, .flags = READ_ONLY),
    [B_WEIGHT] = INT("weight", .flags = REQUIRED),
    [B_BEFORE] = REF("before_id", .to = &book, .on_delete = CASCADE, .flags = NULLABLE | READ_ONLY),
};
static const struct field good_plan[P__MAX] = {
    [P_SHELF] = REF("shelf_id", .to = &shelf, .on_delete = CASCADE, .flags = KEY | READ_ONLY),
    [P_TEXT] = TEXT("text", .max = 9, .flags = NULLABLE),
};
static const struct field good_label[L__MAX] = {
    [L_UID] = UUID("uid", .flags = KEY | GENERATED | READ_ONLY),
    [L_NAME] = TEXT("name", .max = 9, .flags = REQUIRED),
};
static const struct field good_link[SL__MAX] = {
    [SL_SHELF] = REF("shelf_id", .to = &shelf, .on_delete = CASCADE, .flags = KEY | READ_ONLY),
    [SL_LABEL] = REF("label_uid", .to = &label, .on_delete = CASCADE, .flags = KEY | READ_ONLY),
};

static int set_up(void **state)
{
    (void)arena_setup(state);
    memcpy(shelf_fields, good_shelf, sizeof good_shelf);
    memcpy(book_fields, good_book, sizeof good_book);
    memcpy(plan_fields, good_plan, sizeof good_plan);
    memcpy(label_fields, good_label, sizeof good_label);
    memcpy(link_fields, good_link, sizeof good_link);
    shelf_keys[0] = (struct key)PRIMARY(S_ID);
    shelf_keys[1] = (struct key)UNIQUE(S_UID);
    shelf_keys[2] = (struct key)FULLTEXT(S_NOTE);
    book_keys[0] = (struct key)PRIMARY(B_ID);
    book_keys[1] = (struct key)INDEX(B_SHELF);
    book_keys[2] = (struct key)INDEX(B_BEFORE);
    book_keys[3] = (struct key)INDEX(B_WEIGHT);
    plan_keys[0] = (struct key)PRIMARY(P_SHELF);
    label_keys[0] = (struct key)PRIMARY(L_UID);
    link_keys[0] = (struct key)PRIMARY(SL_SHELF, SL_LABEL);
    link_keys[1] = (struct key)INDEX(SL_LABEL);
    TABLE(shelf, shelf_fields, shelf_keys, shelf_shape);
    TABLE(book, book_fields, book_keys, book_shape);
    TABLE(shelf_plan, plan_fields, plan_keys, plan_shape);
    TABLE(label, label_fields, label_keys, label_shape);
    TABLE(link_, link_fields, link_keys, link_shape);
    return 0;
}

static err check(void)
{
    static const struct resource *const list[] = {&shelf, &book, &shelf_plan, &label, &link_};
    const struct registry all = {list, LENGTH(list)};
    return schema_check(&arena, &all);
}

/* Exactly this is wrong; and the library is as good as new. */
static void check_says(const char *says)
{
    void *state = NULL;
    err e = check();
    if (e == NULL) {
        fail_msg("nothing was found, but should: %s", says);
        return;
    }
    check_str(e->detail, str_format(&arena, "the declared tables are wrong:\n%s", says));
    (void)arena_teardown(&state);
    (void)set_up(&state);
    assert_null(check());
}

static void the_library_is_right(void **state)
{
    (void)state;
    err e = check();
    if (e != NULL) {
        fail_msg("%.*s", STR_ARGS(e->detail));
    }
}

#define SHOW "`show` must be a shape of `to` that begins with a column that is never null"

static void relations_to_one_that_looks_back(void **state)
{
    (void)state;
    const char *const wrong = "shelf.plan: `key` is no reference back to this resource that is unique";
    shelf_fields[S_PLAN].key = P_TEXT;
    check_says(wrong);
    shelf_fields[S_PLAN].key = -1;
    check_says(wrong);
    shelf_fields[S_PLAN].key = P__MAX;
    check_says(wrong);
    plan_keys[0] = (struct key)PRIMARY(P_SHELF, P_TEXT); /* several could look back now */
    check_says(wrong);
    shelf_fields[S_PLAN].flags |= FLAT;
    check_says("shelf.plan: only a ONE is FLAT");
    shelf_fields[S_PLAN].show = NULL;
    check_says("shelf.plan: " SHOW);
    shelf_fields[S_PLAN].show = &book_shape;
    check_says("shelf.plan: " SHOW);
    plan_shape.fields = (const unsigned char[]){P_TEXT};
    check_says("shelf.plan: " SHOW);
}

static void relations_to_many(void **state)
{
    (void)state;
    shelf_fields[S_BOOKS].key = B_BEFORE;
    check_says("shelf.books: `key` is no reference back to this resource");
    book_keys[1] = (struct key)INDEX(B_SHELF, B_WEIGHT);
    check_says(
        "shelf.books: no key of `to` begins with the reference and has behind it at most the primary key");
    shelf_fields[S_BOOKS].max = 0;
    check_says("shelf.books: every list has a limit: `max` is missing");
    shelf_fields[S_BOOKS].show = &label_shape;
    check_says("shelf.books: " SHOW);
    shelf_fields[S_LABELS].far_key = SL_SHELF;
    check_says("shelf.labels: `far_key` is no reference from `via` to the key of `to`");
    link_fields[SL_LABEL].of = L_NAME; /* a reference, but to another field */
    check_says("shelf.labels: `far_key` is no reference from `via` to the key of `to`\n"
               "link_.label_uid: field `of` of `to` is no key by itself, so nothing can refer to it");
    /* what is inside of other rows shows no lists */
    shelf_fields[S_BOOKS].show = &shelf_shape;
    check_says("shelf.books: " SHOW);
}

/* The rows of a list are read by a statement of their own, which has the same limits. */
static void relations_to_many_that_are_too_wide(void **state)
{
    (void)state;
    static const unsigned char members[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
    struct field fields[LENGTH(members)];
    struct shape wide = {.name = "Wide", .resource = &book, .fields = members, .count = LENGTH(members) - 1};
    memcpy(fields, good_book, sizeof good_book);
    for (size_t i = B__MAX; i < LENGTH(fields); i++) {
        fields[i] = (struct field)ONE("", .key = B_SHELF, .to = &shelf, .show = &shelf_shape);
        fields[i].member = str_format(&arena, ",\"shelf%zu\":", i);
        fields[i].name = str_c(&arena, field_name(&fields[i]));
    }
    book.fields = fields;
    book.field_count = LENGTH(fields);
    shelf_fields[S_BOOKS].show = &wide;
    assert_null(check());
    wide.count++;
    check_says("shelf.books: `show` takes 13 columns and 9 joins, the limits are 64 and 8");
}

static void filters_by_what_is_related(void **state)
{
    (void)state;
    const char *const wrong =
        "FILTER wants the parameter's name as `alias`, and a text of `to` behind `via` as `of`";
    shelf_fields[S_LABELS].alias = "limit";
    check_says("shelf.labels: FILTER cannot be: every list has a parameter limit of its own");
    shelf_fields[S_LABELS].alias = "uid";
    shelf_fields[S_UID].flags |= FILTER;
    check_says("shelf.labels: FILTER cannot be: the parameter uid is that of another field");
    shelf_fields[S_LABELS].alias = NULL;
    check_says(str_format(&arena, "shelf.labels: %s", wrong).p);
    shelf_fields[S_LABELS].of = L_UID;
    check_says(str_format(&arena, "shelf.labels: %s", wrong).p);
    shelf_fields[S_LABELS].of = L__MAX;
    check_says(str_format(&arena, "shelf.labels: %s", wrong).p);
    shelf_fields[S_BOOKS].flags |= FILTER;
    shelf_fields[S_BOOKS].alias = "book";
    check_says(str_format(&arena, "shelf.books: %s", wrong).p);
}

static void averages(void **state)
{
    (void)state;
    const char *const wrong = "shelf.mean: wants a SUM as `of`, a COUNT as `key`, and NULLABLE";
    shelf_fields[S_MEAN].of = S_COUNT;
    check_says(wrong);
    shelf_fields[S_MEAN].key = S_SUM;
    check_says(wrong);
    shelf_fields[S_MEAN].of = S__MAX;
    check_says(wrong);
    shelf_fields[S_MEAN].key = -1;
    check_says(wrong);
    shelf_fields[S_MEAN].flags = 0;
    check_says("shelf.mean: wants a SUM as `of`, a COUNT as `key`, and NULLABLE\n"
               "shelf.mean: can be absent but has neither `initial` nor NULLABLE");
}

static void versions(void **state)
{
    (void)state;
    shelf_fields[S_NOTE] = (struct field)VERSION("again");
    shelf.key_count = 2;
    check_says("shelf.version: a row has one version");
}

static void what_is_on_request(void **state)
{
    (void)state;
    shelf_fields[S_NOTE].flags |= ON_REQUEST;
    check_says("shelf.note: only relations are ON_REQUEST");
    shelf_fields[S_COUNT].flags |= ON_REQUEST;
    check_says("shelf.n: only relations are ON_REQUEST");
}

static void references(void **state)
{
    (void)state;
    book_fields[B_SHELF].of = S_NOTE;
    check_says("book.shelf_id: field `of` of `to` is no key by itself, so nothing can refer to it");
    book_fields[B_SHELF].of = S__MAX;
    check_says("book.shelf_id: field `of` of `to` is no key by itself, so nothing can refer to it");
    book_fields[B_SHELF].of = S_UID; /* not the primary key, but a key by itself */
    assert_null(check());
}

/* Rows that answer their own kind are deleted by falling id: that must be the order in which they came. */
static void trees(void **state)
{
    (void)state;
    const char *const wrong =
        "book.before_id: a reference to the own kind that takes along must be READ_ONLY and hold a FIELD_ID";
    book_fields[B_BEFORE].flags = NULLABLE;
    check_says(wrong);
    book_fields[B_ID] = (struct field)UUID("uid", .flags = KEY | GENERATED | READ_ONLY);
    check_says(wrong);
    book_fields[B_WEIGHT] =
        (struct field)REF("after_id", .to = &book, .on_delete = CASCADE, .flags = NULLABLE | READ_ONLY);
    shelf.field_count = S_SUM;
    check_says("book.before_id: only one reference to the own kind can take along");
    book_fields[B_BEFORE].on_delete = SET_NULL;
    book_fields[B_BEFORE].flags = NULLABLE; /* takes nobody along: may move */
    assert_null(check());
}

/* What holds a reference is read as a number or a UUID; null would be everybody's. */
static void what_can_be_referred_to(void **state)
{
    (void)state;
    const char *const wrong =
        "book.shelf_id: field `of` of `to` must be a number or a UUID that is never null";
    shelf_keys[1] = (struct key)UNIQUE(S_NOTE);
    shelf_fields[S_NOTE].flags = REQUIRED;
    book_fields[B_SHELF].of = S_NOTE;
    check_says(wrong);
    shelf_fields[S_UID].flags |= NULLABLE;
    book_fields[B_SHELF].of = S_UID;
    check_says(wrong);
    plan_fields[P_SHELF].to = &shelf_plan; /* to itself, without an end */
    shelf.field_count = S_PLAN;
    check_says(
        "shelf_plan.shelf_id: field `of` of `to` must be a number or a UUID that is never null\n"
        "shelf_plan.shelf_id: a reference to the own kind that takes along must be READ_ONLY and hold a "
        "FIELD_ID");
}

/* What is deleted along is found from earlier to later resources, so that it has an end. */
static void what_takes_along_stands_earlier(void **state)
{
    (void)state;
    shelf_fields[S_NOTE] =
        (struct field)REF("first_id", .to = &book, .on_delete = CASCADE, .flags = NULLABLE);
    shelf_keys[2] = (struct key)INDEX(S_NOTE);
    check_says("shelf.first_id: takes along, so `to` must stand earlier in the list of models");
    shelf_fields[S_NOTE] =
        (struct field)REF("first_id", .to = &book, .on_delete = SET_NULL, .flags = NULLABLE);
    shelf_keys[2] = (struct key)INDEX(S_NOTE);
    assert_null(check()); /* takes nothing along */
}

static void keys_of_two_fields(void **state)
{
    (void)state;
    label_keys[0] = (struct key)PRIMARY(L_UID, L_NAME);
    check_says("shelf.labels: `far_key` is no reference from `via` to the key of `to`\n"
               "link_.label_uid: field `of` of `to` is no key by itself, so nothing can refer to it");
}

/* What is computed or embedded is no value that a client can send. */
static void filters_by_what_is_no_value(void **state)
{
    (void)state;
    shelf_fields[S_MEAN].flags |= FILTER | SORT;
    shelf_keys[2] = (struct key)INDEX(S_MEAN);
    check_says("shelf.mean: FILTER wants a column whose values can be sent");
    shelf_fields[S_PLAN].flags |= FILTER | SORT | SEARCH;
    check_says("shelf.plan: FILTER wants a column whose values can be sent\n"
               "shelf.plan: SORT wants a column\n"
               "shelf.plan: SEARCH wants a column that is a text");
}

static void full_text_keys(void **state)
{
    (void)state;
    shelf_keys[2] = (struct key)FULLTEXT(S_COUNT);
    check_says("shelf.n: only texts can be in a FULLTEXT key");
    shelf_keys[2] = (struct key)FULLTEXT(S_NOTE, S_UID);
    check_says("shelf.uid: only texts can be in a FULLTEXT key");
}

/* More relations than a page asks for. */
static void too_many_relations(void **state)
{
    (void)state;
    struct field fields[S__MAX + SHAPE_MAX_MANY];
    memcpy(fields, good_shelf, sizeof good_shelf);
    for (size_t i = S__MAX; i < LENGTH(fields); i++) {
        fields[i] = good_shelf[S_BOOKS];
        fields[i].member = str_format(&arena, ",\"more%zu\":", i);
        fields[i].name = str_c(&arena, field_name(&fields[i]));
    }
    shelf.fields = fields;
    shelf.field_count = S__MAX + SHAPE_MAX_MANY - 2;
    assert_null(check());
    shelf.field_count++;
    check_says("shelf: shows 5 relations to many, the limit is 4");
}

/* A relation on request is measured as if it were always asked for. */
static void what_a_request_can_add_is_measured(void **state)
{
    (void)state;
    enum { MORE = SHAPE_MAX_JOINS };
    struct field fields[S__MAX + MORE];
    memcpy(fields, good_shelf, sizeof good_shelf);
    for (size_t i = S__MAX; i < LENGTH(fields); i++) {
        fields[i] = good_shelf[S_PLAN];
        fields[i].member = str_format(&arena, ",\"plan%zu\":", i);
        fields[i].name = str_c(&arena, field_name(&fields[i]));
    }
    shelf.fields = fields;
    shelf.field_count = S__MAX + MORE - 1;
    assert_null(check());
    shelf.field_count++;
    check_says("shelf: `shape` takes 10 columns and 9 joins, the limits are 64 and 8");
}

#define CASE(function) cmocka_unit_test_setup_teardown(function, set_up, arena_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(the_library_is_right),
        CASE(relations_to_one_that_looks_back),
        CASE(relations_to_many),
        CASE(relations_to_many_that_are_too_wide),
        CASE(filters_by_what_is_related),
        CASE(averages),
        CASE(versions),
        CASE(what_is_on_request),
        CASE(references),
        CASE(trees),
        CASE(what_can_be_referred_to),
        CASE(what_takes_along_stands_earlier),
        CASE(keys_of_two_fields),
        CASE(filters_by_what_is_no_value),
        CASE(full_text_keys),
        CASE(too_many_relations),
        CASE(what_a_request_can_add_is_measured),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

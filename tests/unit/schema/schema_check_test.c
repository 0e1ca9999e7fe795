/* schema/schema_check: each kind of mistake in a declaration is named, and all of them at once. The program's own
 * tables are checked by models/all_test. */
#include "schema/registry.h"

#include "support/unit.h"

static const struct choice choices[] = {{"a", 1}, {NULL, 0}};
static const struct choice no_choices[] = {{NULL, 0}};
static const struct key first_is_key[] = {PRIMARY(0)};
static const unsigned char only_first[] = {0};

/* --- what the wrong ones below refer to: one good resource, and one that nobody has registered */

enum { GOOD_ID, GOOD_NAME, GOOD_NOTE, GOOD_SECRET, GOOD__MAX };
static const struct resource good, stranger;
static const struct field good_fields[GOOD__MAX] = {
    [GOOD_ID] = ID("id"),
    [GOOD_NAME] = TEXT("name", .max = 9, .flags = REQUIRED),
    [GOOD_NOTE] = TEXT("note", .max = 9, .flags = NULLABLE),
    [GOOD_SECRET] = TEXT("hash", .max = 9, .flags = HIDDEN),
};
static const unsigned char good_whole[] = {GOOD_ID, GOOD_NAME, GOOD_NOTE};
static const unsigned char note_first[] = {GOOD_NOTE};
static const unsigned char with_hash[] = {GOOD_ID, GOOD_SECRET};
static const unsigned char beyond[] = {GOOD_ID, GOOD__MAX};
static const struct shape good_shape = SHAPE("Good", &good, good_whole);
static const struct shape shape_note_first = SHAPE("NoteFirst", &good, note_first);
static const struct shape shape_with_hash = SHAPE("WithHash", &good, with_hash);
static const struct shape shape_beyond = SHAPE("Beyond", &good, beyond);
static const struct shape shape_empty = {.name = "Empty", .resource = &good};
static const struct resource good = {
    .name = "good", .table = "goods", FIELDS(good_fields), KEYS(first_is_key), .shape = &good_shape};

static const struct shape stranger_shape = SHAPE("Stranger", &stranger, only_first);
static const struct resource stranger = {.name = "stranger",
                                         .table = "strangers",
                                         FIELDS(good_fields),
                                         KEYS(first_is_key),
                                         .shape = &stranger_shape};

/* Two fields make its key. */
enum { PAIR_A, PAIR_B, PAIR__MAX };
static const struct resource pair;
static const struct field pair_fields[PAIR__MAX] = {
    [PAIR_A] = REF("a_id", .to = &good, .flags = KEY | READ_ONLY),
    [PAIR_B] = INT("b", .flags = KEY | READ_ONLY),
};
static const struct key pair_keys[] = {PRIMARY(PAIR_A, PAIR_B)};
static const struct shape pair_shape = SHAPE("Pair", &pair, only_first);
static const struct resource pair = {
    .name = "pair", .table = "pairs", FIELDS(pair_fields), KEYS(pair_keys), .shape = &pair_shape};

static err check(const struct resource *wrong)
{
    const struct resource *const list[] = {&good, &pair, wrong};
    const struct registry all = {list, wrong == NULL ? 2 : 3};
    return schema_check(&arena, &all);
}

#define BEFORE "the declared tables are wrong:\n"

static void check_says(const struct resource *wrong, const char *says)
{
    err e = check(wrong);
    if (e == NULL) {
        fail_msg("nothing was found, but should: %s", says);
        return;
    }
    assert_int_equal(e->code, ERROR_INTERNAL);
    check_str(e->detail, str_format(&arena, BEFORE "%s", says));
}

/* A table `ws` of the resource `w` whose field 0 is its id. */
#define WRONG(name_, ...)                                                     \
    static const struct resource name_;                                       \
    static const struct field name_##_fields[] = {ID("id"), __VA_ARGS__};     \
    static const struct shape name_##_shape = SHAPE("W", &name_, only_first); \
    static const struct resource name_ = {                                    \
        .name = "w", .table = "ws", .shape = &name_##_shape, FIELDS(name_##_fields), KEYS(first_is_key)};

static void good_ones_pass(void **state)
{
    (void)state;
    assert_null(check(NULL));
}

WRONG(hole, {0}, TEXT("late", .max = 5, .flags = NULLABLE))
WRONG(nameless, {.type = FIELD_TEXT}, BOOL("late", .initial = INITIAL_ZERO))
WRONG(twice, INT("n", .flags = NULLABLE), INT("n", .flags = NULLABLE))

static void holes_and_names(void **state)
{
    (void)state;
    check_says(&hole, "w: field 1 is a hole");
    check_says(&nameless, "w: field 1 is a hole");
    check_says(&twice, "w.n: the name is used twice");
}

WRONG(endless_text, TEXT("t", .flags = NULLABLE))
WRONG(endless_email, EMAIL("e", .flags = NULLABLE))
WRONG(endless_bytes, BYTES("b", .flags = NULLABLE))
WRONG(endless_fold, TEXT("t", .max = 5, .flags = REQUIRED), FOLD("f", .of = 1, .flags = HIDDEN))
WRONG(chosen_from_nothing, CHOICE("c", .flags = NULLABLE))
WRONG(chosen_from_none, CHOICE("c", .choices = no_choices, .flags = NULLABLE))
WRONG(folded_number, INT("n", .flags = NULLABLE), FOLD("f", .of = 1, .max = 5, .flags = HIDDEN))
WRONG(folded_null, TEXT("t", .max = 5, .flags = NULLABLE), FOLD("f", .of = 1, .max = 5, .flags = HIDDEN))
WRONG(no_texts, TEXTS("t", .max = 5, .flags = NULLABLE))
WRONG(folded_beyond, FOLD("f", .of = 9, .max = 5, .flags = HIDDEN))
WRONG(marked_beyond, MARK("m", .of = 9))
WRONG(marked_password, PASSWORD("p", .flags = SECRET), MARK("m", .of = 1))
WRONG(required_default, CHOICE("c", .choices = choices, .flags = REQUIRED, .initial = INITIAL_ZERO))
WRONG(open_password, PASSWORD("p", .min = 8))
WRONG(absent_nothing, BOOL("b"))

static void types(void **state)
{
    (void)state;
    check_says(&endless_text, "w.t: every text has a limit: `max` is missing");
    check_says(&endless_email, "w.e: every text has a limit: `max` is missing");
    check_says(&endless_bytes, "w.b: every text has a limit: `max` is missing");
    check_says(&endless_fold, "w.f: every text has a limit: `max` is missing");
    check_says(&chosen_from_nothing, "w.c: `choices` is missing");
    check_says(&chosen_from_none, "w.c: `choices` is missing");
    check_says(&folded_number, "w.f: `of` is no text of the same row that is never null");
    check_says(&folded_null, "w.f: `of` is no text of the same row that is never null");
    check_says(&no_texts, "w.t: `max` is missing, or `item` is no text with a limit");
    check_says(&folded_beyond, "w.f: `of` is no text of the same row that is never null");
    check_says(&marked_beyond, "w.m: `of` is no column of the same row");
    check_says(&marked_password, "w.m: `of` is no column of the same row");
    check_says(&required_default, "w.c: a required field has no use for `initial`");
    check_says(&open_password, "w.p: a password is SECRET");
    check_says(&absent_nothing, "w.b: can be absent but has neither `initial` nor NULLABLE");
}

static const struct key id_and_ref[] = {PRIMARY(0), INDEX(1)};
static const struct key refs_before[] = {PRIMARY(0), INDEX(1), INDEX(1, 2, 3)};
static const struct key ref_before_others[] = {PRIMARY(0), INDEX(1, 2, 3)};
static const struct key ref_before_and_id[] = {PRIMARY(0), INDEX(1, 2, 0)};
static const struct key words[] = {PRIMARY(0), FULLTEXT(1)};
static const struct key ref_second[] = {PRIMARY(0), INDEX(1), INDEX(1, 2)};

#define WITH_KEYS(name_, keys_, ...)                                          \
    static const struct resource name_;                                       \
    static const struct field name_##_fields[] = {ID("id"), __VA_ARGS__};     \
    static const struct shape name_##_shape = SHAPE("W", &name_, only_first); \
    static const struct resource name_ = {                                    \
        .name = "w", .table = "ws", .shape = &name_##_shape, FIELDS(name_##_fields), KEYS(keys_)};

#define TO_GOOD REF("good_id", .to = &good, .flags = REQUIRED)

WITH_KEYS(ref_to_nothing, id_and_ref, REF("r", .flags = REQUIRED))
WITH_KEYS(ref_to_stranger, id_and_ref, REF("r", .to = &stranger, .flags = REQUIRED))
WITH_KEYS(ref_to_pair, id_and_ref, REF("r", .to = &pair, .flags = REQUIRED))
WITH_KEYS(ref_set_null, id_and_ref, REF("r", .to = &good, .on_delete = SET_NULL, .flags = REQUIRED))
WITH_KEYS(one_by_id, id_and_ref, TO_GOOD, ONE("one", .key = 0, .to = &good, .show = &good_shape))
WITH_KEYS(one_by_nothing, id_and_ref, TO_GOOD, ONE("one", .key = -1, .to = &good, .show = &good_shape))
WITH_KEYS(one_of_another, id_and_ref, TO_GOOD, ONE("one", .key = 1, .to = &pair, .show = &pair_shape))
WITH_KEYS(one_unseen, id_and_ref, TO_GOOD, ONE("one", .key = 1, .to = &good))
WITH_KEYS(one_shown_as_pair, id_and_ref, TO_GOOD, ONE("one", .key = 1, .to = &good, .show = &pair_shape))
WITH_KEYS(one_empty, id_and_ref, TO_GOOD, ONE("one", .key = 1, .to = &good, .show = &shape_empty))
WITH_KEYS(one_maybe_null, id_and_ref, TO_GOOD, ONE("one", .key = 1, .to = &good, .show = &shape_note_first))
WITH_KEYS(one_hash, id_and_ref, TO_GOOD, ONE("one", .key = 1, .to = &good, .show = &shape_with_hash))
WITH_KEYS(one_beyond, id_and_ref, TO_GOOD, ONE("one", .key = 1, .to = &good, .show = &shape_beyond))
#define MAYBE_GOOD REF("good_id", .to = &good, .flags = NULLABLE)
WITH_KEYS(one_flat, id_and_ref, TO_GOOD,
          ONE("one", .key = 1, .to = &good, .show = &good_shape, .flags = FLAT))
WITH_KEYS(one_maybe_flat, id_and_ref, MAYBE_GOOD,
          ONE("one", .key = 1, .to = &good, .show = &good_shape, .flags = FLAT))
WRONG(number_flat, INT("n", .flags = NULLABLE | FLAT))
static const unsigned char third[] = {3};
static const struct resource one_first;
static const struct shape one_first_shape;
static const struct shape shape_one_first = SHAPE("OneFirst", &one_first, third);
WITH_KEYS(one_first, id_and_ref, REF("w_id", .to = &one_first, .flags = NULLABLE),
          ONE("w", .key = 1, .to = &one_first, .show = &shape_one_first),
          ONE("v", .key = 1, .to = &one_first, .show = &one_first_shape))
WRONG(counts_strangers, COUNT("n", .to = &stranger, .key = 0))
WRONG(counts_nothing, COUNT("n"))
WRONG(counts_goods, COUNT("n", .to = &pair, .key = PAIR_A))
WRONG(counts_beyond, COUNT("n", .to = &pair, .key = 77))
WRONG(many_goods, MANY("m", .to = &pair, .key = PAIR_A, .show = &pair_shape, .max = 9))

static void relations(void **state)
{
    (void)state;
    const char *const unknown = "`to` is missing or not in the list of models";
    const char *const no_reference = "w.one: `key` is no reference to the same resource as `to`";
    const char *const unsound =
        "w.one: `show` must be a shape of `to` that begins with a column that is never null";
    const char *const not_back = "`key` is no reference back to this resource";
    check_says(&ref_to_nothing, str_format(&arena, "w.r: %s", unknown).p);
    check_says(&ref_to_stranger, str_format(&arena, "w.r: %s", unknown).p);
    check_says(&counts_strangers, str_format(&arena, "w.n: %s", unknown).p);
    check_says(&counts_nothing, str_format(&arena, "w.n: %s", unknown).p);
    check_says(&ref_to_pair, "w.r: field `of` of `to` is no key by itself, so nothing can refer to it");
    check_says(&ref_set_null, "w.r: SET_NULL needs NULLABLE");
    check_says(&one_by_id, no_reference);
    check_says(&one_by_nothing, no_reference);
    check_says(&one_of_another, no_reference);
    check_says(&one_unseen, unsound);
    check_says(&one_shown_as_pair, unsound);
    check_says(&one_empty, unsound);
    check_says(&one_maybe_null, unsound);
    check_says(&one_hash, unsound);
    check_says(&one_beyond, unsound);
    assert_null(check(&one_flat));
    check_says(&one_maybe_flat, "w.one: FLAT wants a row that is always there, and `key` is NULLABLE");
    check_says(&number_flat, "w.n: only a ONE is FLAT");
    check_says(&one_first,
               "w.w: `show` must be a shape of `to` that begins with a column that is never null");
    check_says(&counts_goods, str_format(&arena, "w.n: %s", not_back).p);
    check_says(&counts_beyond, str_format(&arena, "w.n: %s", not_back).p);
    check_says(&many_goods, str_format(&arena, "w.m: %s", not_back).p);
}

/* A parent with everything that looks back at it, right and wrong. */
static const struct resource tally, leaf, bond;
static const struct shape leaf_shape;
enum { LEAF_ID, LEAF_TALLY, LEAF_NUMBER, LEAF_TEXT, LEAF_NULL, LEAF_ABSENT, LEAF_MOVES, LEAF__MAX };
enum { BOND_TALLY, BOND_LEAF, BOND__MAX };
enum {
    TALLY_ID,
    TALLY_SUM,
    TALLY_SUM_OF_TEXT,
    TALLY_SUM_BEYOND,
    TALLY_SUM_OF_REF,
    TALLY_SUM_OF_NULL,
    TALLY_SUM_OF_ABSENT,
    TALLY_COUNT,
    TALLY_MANY,
    TALLY_MANY_FAR,
    TALLY__MAX
};
static const struct field leaf_fields[LEAF__MAX] = {
    [LEAF_ID] = ID("id"),
    [LEAF_TALLY] = REF("tally_id", .to = &tally, .flags = READ_ONLY),
    [LEAF_NUMBER] = INT("number", .flags = REQUIRED),
    [LEAF_TEXT] = TEXT("text", .max = 5, .flags = REQUIRED),
    [LEAF_NULL] = INT("none", .flags = REQUIRED | NULLABLE),
    [LEAF_ABSENT] = INT("absent", .initial = INITIAL_ZERO),
    [LEAF_MOVES] = REF("moves_id", .to = &tally, .flags = REQUIRED),
};
static const struct field bond_fields[BOND__MAX] = {
    [BOND_TALLY] = REF("tally_id", .to = &tally, .flags = KEY | REQUIRED),
    [BOND_LEAF] = REF("leaf_id", .to = &leaf, .flags = KEY | REQUIRED),
};
static const struct field tally_fields[TALLY__MAX] = {
    [TALLY_ID] = ID("id"),
    [TALLY_SUM] = SUM("sum", .to = &leaf, .key = LEAF_TALLY, .of = LEAF_NUMBER),
    [TALLY_SUM_OF_TEXT] = SUM("of_text", .to = &leaf, .key = LEAF_TALLY, .of = LEAF_TEXT),
    [TALLY_SUM_BEYOND] = SUM("beyond", .to = &leaf, .key = LEAF_TALLY, .of = LEAF__MAX),
    [TALLY_SUM_OF_REF] = SUM("of_ref", .to = &leaf, .key = LEAF_TALLY, .of = LEAF_TALLY),
    [TALLY_SUM_OF_NULL] = SUM("of_null", .to = &leaf, .key = LEAF_TALLY, .of = LEAF_NULL),
    [TALLY_SUM_OF_ABSENT] = SUM("of_absent", .to = &leaf, .key = LEAF_TALLY, .of = LEAF_ABSENT),
    [TALLY_COUNT] = COUNT("count", .to = &leaf, .key = LEAF_MOVES),
    [TALLY_MANY] = MANY("many", .to = &leaf, .via = &bond, .key = BOND_TALLY, .far_key = BOND_LEAF,
                        .show = &leaf_shape, .max = 9),
    [TALLY_MANY_FAR] = MANY("far", .to = &leaf, .via = &bond, .key = BOND_TALLY, .far_key = BOND_TALLY,
                            .show = &leaf_shape, .max = 9),
};
static const struct key leaf_keys[] = {PRIMARY(LEAF_ID), INDEX(LEAF_TALLY), INDEX(LEAF_MOVES)};
static const struct key bond_keys[] = {PRIMARY(BOND_TALLY, BOND_LEAF), INDEX(BOND_LEAF)};
static const struct shape tally_shape = SHAPE("Tally", &tally, only_first);
static const struct shape leaf_shape = SHAPE("Leaf", &leaf, only_first);
static const struct shape bond_shape = SHAPE("Bond", &bond, only_first);
static const struct resource tally = {
    .name = "tally", .table = "tallies", FIELDS(tally_fields), KEYS(first_is_key), .shape = &tally_shape};
static const struct resource leaf = {
    .name = "leaf", .table = "leaves", FIELDS(leaf_fields), KEYS(leaf_keys), .shape = &leaf_shape};
static const struct resource bond = {
    .name = "bond", .table = "bonds", FIELDS(bond_fields), KEYS(bond_keys), .shape = &bond_shape};

static void what_looks_back(void **state)
{
    (void)state;
    const struct resource *const list[] = {&tally, &leaf, &bond};
    const struct registry all = {list, 3};
    check_str(schema_check(&arena, &all)->detail,
              STR(BEFORE "tally.of_text: `of` is no number of `to` that is REQUIRED and never null\n"
                         "tally.beyond: `of` is no number of `to` that is REQUIRED and never null\n"
                         "tally.of_ref: `of` is no number of `to` that is REQUIRED and never null\n"
                         "tally.of_null: `of` is no number of `to` that is REQUIRED and never null\n"
                         "tally.of_absent: `of` is no number of `to` that is REQUIRED and never null\n"
                         "tally.count: the reference it counts by must be READ_ONLY\n"
                         "tally.far: `far_key` is no reference from `via` to the key of `to`"));
}

static const struct key names_hidden_column[] = {PRIMARY(0), INDEX(1)};
static const struct key names_beyond[] = {INDEX(9), PRIMARY(0)};
static const struct key two_primary[] = {PRIMARY(0), PRIMARY(0)};

WRONG(ref_unserved, TO_GOOD)
WRONG(filter_unserved, INT("n", .flags = NULLABLE | FILTER))
WRONG(sort_unserved, INT("n", .flags = NULLABLE | SORT))
WRONG(bool_filter, BOOL("b", .initial = INITIAL_ZERO, .flags = FILTER))
WITH_KEYS(behind_a_reference, ref_before_others, TO_GOOD, INT("n", .flags = NULLABLE | FILTER),
          INT("m", .flags = NULLABLE | FILTER))
WITH_KEYS(before_another, ref_before_others, TO_GOOD, INT("n", .flags = NULLABLE | SORT),
          INT("m", .flags = NULLABLE))
WITH_KEYS(before_the_key, ref_before_and_id, TO_GOOD, INT("n", .flags = NULLABLE | SORT))
WITH_KEYS(behind_two, refs_before, TO_GOOD, REF("other_id", .to = &good, .flags = REQUIRED),
          INT("n", .flags = NULLABLE | SORT | FILTER))
WITH_KEYS(sorted_by_words, words, TEXT("t", .max = 9, .flags = REQUIRED | SORT | SEARCH))
WITH_KEYS(filtered_by_words, words, TEXT("t", .max = 9, .flags = REQUIRED | FILTER))
WITH_KEYS(second_reference, ref_second, TO_GOOD, REF("other_id", .to = &good, .flags = REQUIRED))
WITH_KEYS(key_of_a_password, names_hidden_column, PASSWORD("p", .flags = SECRET))
WITH_KEYS(key_of_nothing, names_beyond, INT("n", .flags = NULLABLE | SORT))
WITH_KEYS(long_text_in_key, names_hidden_column, TEXT("t", .max = 769, .flags = NULLABLE | FILTER))
WITH_KEYS(text_in_key, names_hidden_column, TEXT("t", .max = 768, .flags = NULLABLE | FILTER))
WITH_KEYS(long_bytes_in_key, names_hidden_column, BYTES("b", .max = 3073, .flags = NULLABLE))
WITH_KEYS(keyed_twice, two_primary, INT("n", .flags = NULLABLE))
static const struct shape keyless_shape = SHAPE("W", &good, only_first);
static const struct resource keyless = {
    .name = "w", .table = "ws", FIELDS(good_fields), .shape = &keyless_shape};
static const struct resource shapeless = {
    .name = "w", .table = "ws", FIELDS(good_fields), KEYS(first_is_key)};
static const struct resource form = {.name = "w", FIELDS(good_fields)};
static const struct resource unquoted;
static const struct shape unquoted_shape = SHAPE("W", &unquoted, only_first);
static const struct resource unquoted = {
    .name = "w", .table = "groups", FIELDS(good_fields), KEYS(first_is_key), .shape = &unquoted_shape};

static void keys(void **state)
{
    (void)state;
#define NO_KEY "but no key has it in front, or behind references alone"
    const char *const unfound = "is filtered by, " NO_KEY;
    const char *const unsorted = "is sorted by, " NO_KEY ", and behind it at most the primary key";
    check_says(&ref_unserved, "w.good_id: is a reference, but no key begins with it");
    check_says(&filter_unserved, str_format(&arena, "w.n: %s", unfound).p);
    check_says(&sort_unserved, str_format(&arena, "w.n: %s", unsorted).p);
    assert_null(check(&bool_filter)); /* half a table: no key is asked for */
    /* the first behind a reference is served by its key, the next is not */
    check_says(&behind_a_reference, str_format(&arena, "w.m: %s", unfound).p);
    /* rows in the order of n and m are not in that of n and id */
    check_says(&before_another, str_format(&arena, "w.n: %s", unsorted).p);
    assert_null(check(&before_the_key));
    check_says(&behind_two, "w.other_id: is a reference, but no key begins with it");
    check_says(&sorted_by_words, str_format(&arena, "w.t: %s", unsorted).p);
    check_says(&filtered_by_words, str_format(&arena, "w.t: %s", unfound).p);
    check_says(&second_reference, "w.other_id: is a reference, but no key begins with it");
    check_says(&key_of_a_password, "w: key 1 names a field that has no column");
    check_says(&key_of_nothing,
               str_format(&arena, "w.n: %s\nw: key 0 names a field that has no column", unsorted).p);
    check_says(&long_text_in_key, "w.t: is too long for a key: 768 characters are the most, or 3072 bytes");
    check_says(&long_bytes_in_key, "w.b: is too long for a key: 768 characters are the most, or 3072 bytes");
    assert_null(check(&text_in_key));
    check_says(&keyed_twice, "w: has 2 primary keys");
    check_says(&keyless, str_format(&arena,
                                    "w.id: %s\nw: has 0 primary keys\n"
                                    "w: `shape` must show fields of its own that may be shown",
                                    unsorted)
                             .p);
    check_says(&unquoted, "w: the name `table` must be of a to z, 0 to 9 and _, and no word of SQL");
    check_says(&shapeless, "w: `shape` must show fields of its own that may be shown");
    assert_null(check(&form)); /* needs neither */
}

/* The field under a name of its own. */
static struct field numbered(struct field f, const char *prefix, size_t i)
{
    str member = str_format(&arena, ",\"%s%zu\":", prefix, i);
    f.name = str_c(&arena, str_slice(member, 2, member.n - 2));
    f.member = member;
    return f;
}

/* What a client can ask for at once, and what a row is put together from, is bounded. */
static void too_much_for_a_statement(void **state)
{
    (void)state;
    enum { MOST = (WHERE_MAX - WHERE_RESERVE - 1) / 5 };
    struct field many[MOST + 2] = {ID("id")};
    for (size_t i = 1; i < LENGTH(many); i++) {
        many[i] = numbered((struct field)INT("n", .flags = NULLABLE | FILTER), "f", i);
    }
    struct resource wide = {.name = "w", FIELDS(many)};
    check_says(&wide, "w: its filters allow 61 conditions at once, the limit is 56");
    wide.field_count = MOST + 1;
    assert_null(check(&wide));
}

/* Sixty-four columns and eight joins; a shape that embeds itself has no end. */
static void shapes_have_an_end(void **state)
{
    (void)state;
    enum { W_ID, W_PARENT_ID, W_PARENT, W__MAX };
    static const unsigned char within_itself[] = {W_ID, W_PARENT};
    static const unsigned char alone[] = {W_ID};
    struct field fields[W__MAX] = {
        [W_ID] = ID("id"),
        [W_PARENT_ID] = REF("parent_id", .to = NULL, .flags = REQUIRED),
        [W_PARENT] = ONE("parent", .key = W_PARENT_ID),
    };
    struct resource w = {.name = "w", .table = "ws", FIELDS(fields), KEYS(id_and_ref)};
    struct shape endless = SHAPE("W", &w, within_itself);
    struct shape plain = SHAPE("W", &w, alone);
    fields[W_PARENT_ID].to = fields[W_PARENT].to = &w;
    w.shape = &endless;
    fields[W_PARENT].show = &plain;
    assert_null(check(&w));
    fields[W_PARENT].show = &endless;
    check_says(&w, "w: `shape` takes 9 columns and 9 joins, the limits are 64 and 8");
}

static void what_cannot_be_shown(void **state)
{
    (void)state;
    static const unsigned char both[] = {0, 1, 2};
    static const struct field fields[] = {ID("id"), TEXT("t", .max = 5, .flags = REQUIRED),
                                          BYTES("hash", .max = 32, .flags = REQUIRED)};
    struct resource w = {.name = "w", .table = "ws", FIELDS(fields), KEYS(first_is_key)};
    const struct shape shape = SHAPE("W", &w, both);
    w.shape = &shape;
    check_says(&w, "w: `shape` shows hash, which cannot be shown");
}

/* As many columns as may be, and one more, by a row within the row. */
static void shapes_of_many_columns(void **state)
{
    (void)state;
    enum { INNER = 39, OUTER = SHAPE_MAX_COLUMNS - INNER };
    struct field inner[INNER] = {ID("id")};
    struct field outer[OUTER + 3] = {ID("id"), REF("inner_id", .flags = REQUIRED), ONE("inner", .key = 1)};
    unsigned char all[ROW_MAX_FIELDS];
    struct resource in = {.name = "in", .table = "ins", FIELDS(inner), KEYS(first_is_key)};
    struct resource w = {.name = "w", .table = "ws", FIELDS(outer), KEYS(id_and_ref)};
    for (unsigned i = 0; i < LENGTH(all); i++) {
        all[i] = (unsigned char)i;
    }
    for (size_t i = 1; i < LENGTH(inner); i++) {
        inner[i] = numbered((struct field)INT("n", .flags = NULLABLE), "f", i);
    }
    for (size_t i = 3; i < LENGTH(outer); i++) {
        outer[i] = numbered((struct field)INT("n", .flags = NULLABLE), "g", i);
    }
    struct shape in_shape = {.name = "In", .resource = &in, .fields = all, .count = INNER};
    struct shape shape = {.name = "W", .resource = &w, .fields = all, .count = OUTER + 1};
    outer[1].to = outer[2].to = &in;
    outer[2].show = in.shape = &in_shape;
    w.shape = &shape;
    const struct resource *const list[] = {&in, &w};
    const struct registry registry = {list, 2};
    assert_null(schema_check(&arena, &registry));
    shape.count++;
    check_str(schema_check(&arena, &registry)->detail,
              STR(BEFORE "w: `shape` takes 65 columns and 1 joins, the limits are 64 and 8"));
}

static void too_many_fields(void **state)
{
    (void)state;
    struct field many[ROW_MAX_FIELDS + 1] = {ID("id")};
    for (size_t i = 1; i < LENGTH(many); i++) {
        many[i] = numbered((struct field)INT("n", .flags = NULLABLE), "f", i);
    }
    struct resource wide = {.name = "w", FIELDS(many)};
    check_says(&wide, "w: over 40 fields");
    wide.field_count = ROW_MAX_FIELDS;
    assert_null(check(&wide));
}

WRONG(all_wrong, TEXT("t"), PASSWORD("t"), REF("r"))

static void all_mistakes_at_once(void **state)
{
    (void)state;
    check_says(&all_wrong, "w.t: every text has a limit: `max` is missing\n"
                           "w.t: can be absent but has neither `initial` nor NULLABLE\n"
                           "w.t: the name is used twice\n"
                           "w.t: a password is SECRET\n"
                           "w.r: `to` is missing or not in the list of models\n"
                           "w.r: is a reference, but no key begins with it\n"
                           "w.r: can be absent but has neither `initial` nor NULLABLE");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(good_ones_pass),
        TEST(holes_and_names),
        TEST(types),
        TEST(relations),
        TEST(what_looks_back),
        TEST(keys),
        TEST(too_many_fields),
        TEST(too_much_for_a_statement),
        TEST(shapes_have_an_end),
        TEST(what_cannot_be_shown),
        TEST(shapes_of_many_columns),
        TEST(all_mistakes_at_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

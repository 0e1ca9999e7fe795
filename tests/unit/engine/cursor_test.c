/* engine/cursor: a position comes back as it was, for the list and the order it was made for, and for nothing else. */
#include "engine/cursor.h"

#include <math.h>
#include <string.h>

#include "base/base64.h"
#include "io/cipher.h"
#include "io/digest.h"
#include "support/unit.h"

enum { F_ID, F_NUMBER, F_TRUTH, F_TEXT, F_TIME, F_DATE, F_UID, F_AVERAGE, F__MAX };

static const struct field fields[F__MAX] = {
    [F_ID] = ID("id"),
    [F_NUMBER] = INT("number", .flags = SORT | NULLABLE),
    [F_TRUTH] = BOOL("truth", .flags = SORT),
    [F_TEXT] = TEXT("text", .max = 200, .flags = SORT | NULLABLE),
    [F_TIME] = TIME("time", .flags = SORT),
    [F_DATE] = DATE("date", .flags = SORT),
    [F_UID] = UUID("uid", .flags = SORT),
    [F_AVERAGE] = AVERAGE("average", .flags = SORT | NULLABLE),
};
static const struct key keys[] = {PRIMARY(F_ID), FULLTEXT(F_TEXT)};
static const unsigned char all[] = {F_ID, F_NUMBER, F_TRUTH, F_TEXT, F_TIME, F_DATE, F_UID, F_AVERAGE};
static const struct resource things;
static const struct shape whole = SHAPE("Thing", &things, all);
static const struct resource things = {
    .name = "thing", .table = "things", FIELDS(fields), KEYS(keys), .shape = &whole};

static struct digest_key *secret;
static struct seal seal;

static struct seal sealed_by(const struct digest_key *key)
{
    return (struct seal){cipher_new(&arena, key, STR("cursor")), STR("/things")};
}

static int set_up(void **state)
{
    (void)arena_setup(state);
    secret = digest_key_new(&arena, STR("a secret"));
    seal = sealed_by(secret);
    return 0;
}

/* A plan over things, sorted by one field and the key. */
static void sorted_by(struct plan *p, int field, bool descending)
{
    plan_init(p, &things, &whole);
    plan_order(p, &fields[field], descending);
    plan_order_by_key(p);
    plan_close(p);
}

static str cursor_of(const struct plan *p, const struct seal *with, const struct value *cells, bool backward)
{
    struct buf out;
    buf_init(&out, &arena, 64, CURSOR_MAX_TEXT);
    cursor_put(&out, p, with, cells, backward);
    assert_false(out.full);
    return buf_view(&out);
}

static void check_same(struct value got, struct value want)
{
    assert_int_equal(got.kind, want.kind);
    if (want.kind == VALUE_TEXT || want.kind == VALUE_BYTES) {
        assert_int_equal(got.text.n, want.text.n);
        assert_memory_equal(got.text.p, want.text.p, want.text.n);
    } else if (want.kind == VALUE_DOUBLE) {
        assert_memory_equal(&got.d, &want.d, sizeof want.d);
    } else if (want.kind != VALUE_NULL) {
        assert_true(got.i == want.i);
    }
}

static void check_round_trip(int field, struct value v)
{
    struct value cells[F__MAX] = {[F_ID] = value_int(77)};
    cells[field] = v;
    for (int backward = 0; backward < 2; backward++) {
        struct plan p;
        sorted_by(&p, field, true);
        str text = cursor_of(&p, &seal, cells, backward);
        check_str(text, cursor_of(&p, &seal, cells, backward)); /* the same each time */
        assert_true(cursor_read(&arena, text, &seal, &p));
        assert_true(p.seek.given);
        assert_int_equal(p.seek.backward, backward);
        check_same(p.seek.values[0], v);
        if (field != F_ID) {
            check_same(p.seek.values[1], value_int(77));
        }
    }
}

static void every_kind_comes_back(void **state)
{
    (void)state;
    static const double doubles[] = {0.0, -0.0, 4.5, 1.0 / 3, 1e300, 5e-324, -INFINITY};
    static const int64_t numbers[] = {0, 1, -1, 255, 256, INT64_MIN, INT64_MAX};
    char long_text[800];
    memset(long_text, 'x', sizeof long_text);
    for (size_t i = 0; i < LENGTH(numbers); i++) {
        check_round_trip(F_ID, value_int(numbers[i]));
        check_round_trip(F_NUMBER, value_int(numbers[i]));
        check_round_trip(F_TIME, value_time(numbers[i]));
        check_round_trip(F_DATE, value_date(numbers[i]));
    }
    for (size_t i = 0; i < LENGTH(doubles); i++) {
        check_round_trip(F_AVERAGE, (struct value){.kind = VALUE_DOUBLE, .d = doubles[i]});
    }
    check_round_trip(F_TRUTH, value_bool(true));
    check_round_trip(F_TRUTH, value_bool(false));
    check_round_trip(F_TEXT, value_text(STR("")));
    check_round_trip(F_TEXT, value_text(STR("a \"b\"\n, c\0d \xf0\x9f\x93\x9a")));
    check_round_trip(F_TEXT, value_text((str){long_text, 255}));
    check_round_trip(F_TEXT, value_text((str){long_text, 256}));
    check_round_trip(F_TEXT, value_text((str){long_text, sizeof long_text}));
    check_round_trip(F_UID, value_bytes("0123456789\0bcdef", 16));
    check_round_trip(F_NUMBER, value_null());
    check_round_trip(F_TEXT, value_null());
    check_round_trip(F_AVERAGE, value_null());
}

static const struct value row[F__MAX] = {
    [F_ID] = {.kind = VALUE_INT, .i = 7},
    [F_NUMBER] = {.kind = VALUE_INT, .i = 5},
    [F_TRUTH] = {.kind = VALUE_BOOL, .i = 1},
    [F_TEXT] = {.kind = VALUE_TEXT, .text = STR_INIT("text")},
    [F_TIME] = {.kind = VALUE_TIME, .i = 5},
    [F_DATE] = {.kind = VALUE_DATE, .i = 5},
    [F_UID] = {.kind = VALUE_BYTES, .text = STR_INIT("0123456789abcdef")},
    [F_AVERAGE] = {.kind = VALUE_DOUBLE, .d = 4.5},
};

/* Neither a number nor a text of the row is among the bytes. */
static void nobody_reads_it(void **state)
{
    (void)state;
    static const int64_t number = 0x1122334455667788;
    const struct value cells[F__MAX] = {[F_ID] = value_int(number), [F_TEXT] = value_text(STR("a draft"))};
    struct plan p;
    str bytes = {0};
    sorted_by(&p, F_TEXT, false);
    assert_true(base64_read(&arena, cursor_of(&p, &seal, cells, false), &bytes));
    assert_null(memmem(bytes.p, bytes.n, &number, sizeof number));
    assert_null(memmem(bytes.p, bytes.n, "a draft", strlen("a draft")));
}

/* All at once: as many sort keys as a plan can have. */
static void many_sort_keys(void **state)
{
    (void)state;
    struct plan p;
    plan_init(&p, &things, &whole);
    for (int f = F__MAX - 1; f > F_ID; f--) {
        plan_order(&p, &fields[f], f % 2 == 0);
    }
    plan_order_by_key(&p);
    plan_close(&p);
    assert_int_equal(p.order_count, PLAN_MAX_ORDER);
    assert_true(cursor_read(&arena, cursor_of(&p, &seal, row, false), &seal, &p));
    for (unsigned i = 0; i < p.order_count; i++) {
        check_same(p.seek.values[i], row[p.order[i].field - fields]);
    }
}

/* How well a row matches has no field; the text that was searched for is sealed in, too. */
static void the_best_match_first(void **state)
{
    (void)state;
    struct plan p;
    plan_init(&p, &things, &whole);
    p.match = (struct match){&keys[1], STR("red fox")};
    plan_order(&p, NULL, true);
    plan_order_by_key(&p);
    plan_close(&p);
    struct value cells[F__MAX + 1];
    memcpy(cells, row, sizeof row);
    assert_int_equal(p.order[0].column, F__MAX);
    cells[F__MAX] = (struct value){.kind = VALUE_DOUBLE, .d = 0.123456789};
    str text = cursor_of(&p, &seal, cells, false);
    assert_true(cursor_read(&arena, text, &seal, &p));
    check_same(p.seek.values[0], cells[F__MAX]);
    check_same(p.seek.values[1], row[F_ID]);
    str again = cursor_of(&p, &seal, cells, false);
    assert_false(str_eq(again, text)); /* or one that stays the same would tell that the match has */
    assert_true(cursor_read(&arena, again, &seal, &p));
    p.match.text = STR("red foxes");
    assert_false(cursor_read(&arena, text, &seal, &p));
    p.match.key = NULL;
    assert_false(cursor_read(&arena, text, &seal, &p));
}

/* A plan that did not take a cursor is as it was. */
static void check_refused(str text, const struct seal *with, struct plan *p, const char *why)
{
    p->seek.given = false;
    p->seek.backward = false;
    if (cursor_read(&arena, text, with, p)) {
        fail_msg("taken, though %s", why);
    }
    assert_false(p->seek.given);
    assert_false(p->seek.backward);
}

static void each_byte_counts(void **state)
{
    (void)state;
    struct plan p;
    sorted_by(&p, F_TEXT, false);
    str text = cursor_of(&p, &seal, row, true);
    for (size_t i = 0; i < text.n; i++) {
        for (int bit = 0; bit < 8; bit++) {
            char *changed = str_c(&arena, text);
            changed[i] = (char)(changed[i] ^ 1 << bit);
            check_refused((str){changed, text.n}, &seal, &p, "a bit was changed");
        }
        check_refused(str_slice(text, 0, i), &seal, &p, "it was cut short");
        check_refused(str_slice(text, i + 1, text.n), &seal, &p, "its beginning is missing");
    }
    check_refused(str_format(&arena, "%.*sA", STR_ARGS(text)), &seal, &p, "it is longer");
    check_refused(str_format(&arena, "%.*s=", STR_ARGS(text)), &seal, &p, "it is padded");
    assert_true(cursor_read(&arena, text, &seal, &p));
}

static void of_another_list(void **state)
{
    (void)state;
    struct plan p;
    struct plan other;
    const struct seal elsewhere = {seal.cipher, STR("/others")};
    const struct seal other_secret = sealed_by(digest_key_new(&arena, STR("b secret")));
    sorted_by(&p, F_TEXT, false);
    str text = cursor_of(&p, &seal, row, false);
    check_refused(text, &elsewhere, &p, "it is of another list");
    check_refused(text, &other_secret, &p, "it was sealed with another secret");
    sorted_by(&other, F_TEXT, true);
    check_refused(text, &seal, &other, "the order is the other way round");
    sorted_by(&other, F_NUMBER, false);
    check_refused(text, &seal, &other, "the order is another");
    plan_init(&other, &things, &whole);
    plan_order_by_key(&other);
    plan_close(&other);
    check_refused(text, &seal, &other, "the order is shorter");
    plan_init(&other, &things, &whole);
    plan_order(&other, &fields[F_TEXT], false);
    plan_order(&other, &fields[F_NUMBER], false);
    plan_order_by_key(&other);
    plan_close(&other);
    check_refused(text, &seal, &other, "the order is longer");
}

/* Sealed as we would, but not what we would seal: an old program's, perhaps. */
static str sealed_by_us(const struct plan *p, str payload)
{
    struct buf b;
    struct buf out;
    buf_init(&b, &arena, 64, 1 << 20);
    buf_init(&out, &arena, 64, 1 << 20);
    buf_str(&b, seal.scope);
    for (unsigned i = 0; i < p->order_count; i++) {
        buf_printf(&b, "\n%s%s", p->order[i].descending ? "-" : "", p->order[i].field->name);
    }
    buf_lit(&b, "\n\n");
    str sealed = cipher_seal(seal.cipher, &arena, buf_view(&b), payload);
    base64_put(&out, (const unsigned char *)sealed.p, sealed.n);
    return buf_view(&out);
}

#define NUMBER "\x02\x07\0\0\0\0\0\0\0"

static void forms_that_we_do_not_make(void **state)
{
    (void)state;
    struct plan p;
    sorted_by(&p, F_TEXT, false);
    assert_true(cursor_read(&arena, sealed_by_us(&p, STR("\x02\0\x05\x01\0x" NUMBER)), &seal, &p));
    check_refused(sealed_by_us(&p, STR("\x01\0\x05\x01\0x" NUMBER)), &seal, &p, "the form is another");
    check_refused(sealed_by_us(&p, STR("\x02\0\x05\x01\0x" NUMBER "\0")), &seal, &p, "there is more");
    check_refused(sealed_by_us(&p, STR("\x02\0\x05\x01\0x")), &seal, &p, "a value is missing");
    check_refused(sealed_by_us(&p, STR("\x02\0\x05\x01\0x\x02\x07\0\0\0\0\0\0")), &seal, &p,
                  "a number is short");
    check_refused(sealed_by_us(&p, STR("\x02\0\x05\xff\xff"
                                       "x" NUMBER)),
                  &seal, &p, "a text is short");
    check_refused(sealed_by_us(&p, STR("\x02\0\x05\x01")), &seal, &p, "a length is short");
    check_refused(sealed_by_us(&p, STR("\x02\0\x06\x01\0x" NUMBER)), &seal, &p, "a kind is another");
    check_refused(sealed_by_us(&p, STR("\x02\0\x09\x01\0x" NUMBER)), &seal, &p, "a kind is none of a cursor");
    check_refused(sealed_by_us(&p, STR("\x02\0\xff\x01\0x" NUMBER)), &seal, &p, "a kind is none at all");
    check_refused(sealed_by_us(&p, STR("\x02\0")), &seal, &p, "there are no values");
    check_refused(sealed_by_us(&p, STR("\x02")), &seal, &p, "there is no direction");
    check_refused(sealed_by_us(&p, STR("")), &seal, &p, "there is nothing");
}

static void far_too_long(void **state)
{
    (void)state;
    struct plan p;
    char *text = arena_alloc(&arena, CURSOR_MAX_TEXT + 1);
    memset(text, 'A', CURSOR_MAX_TEXT + 1);
    sorted_by(&p, F_TEXT, false);
    check_refused((str){text, CURSOR_MAX_TEXT + 1}, &seal, &p, "it is too long");
    check_refused((str){text, CURSOR_MAX_TEXT}, &seal, &p, "it was never signed");
    check_refused((str){NULL, 0}, &seal, &p, "it is empty");
}

#define CASE(function) cmocka_unit_test_setup_teardown(function, set_up, arena_teardown)

/* What an older key has sealed is read as long as that is known, and is never sealed by it again. */
static void a_changed_key(void **state)
{
    (void)state;
    struct plan p;
    struct value cells[F__MAX] = {[F_ID] = value_int(77), [F_NUMBER] = value_int(3)};
    sorted_by(&p, F_NUMBER, true);
    struct seal old = seal;
    str before = cursor_of(&p, &old, cells, false);
    struct digest_key *key = digest_key_new(&arena, STR("a newer secret"));
    seal = sealed_by(key);
    assert_false(cursor_read(&arena, before, &seal, &p));
    digest_key_follow(key, secret);
    assert_true(digest_key_before(key) == secret);
    seal = sealed_by(key);
    assert_true(cursor_read(&arena, before, &seal, &p));
    str after = cursor_of(&p, &seal, cells, false);
    assert_true(cursor_read(&arena, after, &seal, &p));
    assert_false(cursor_read(&arena, after, &old, &p));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(a_changed_key),   CASE(every_kind_comes_back),     CASE(nobody_reads_it),
        CASE(many_sort_keys),  CASE(the_best_match_first),      CASE(each_byte_counts),
        CASE(of_another_list), CASE(forms_that_we_do_not_make), CASE(far_too_long),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

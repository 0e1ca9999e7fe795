/* io/jwt_seen: what is recognized, and what is checked anew all the same. */
#include "io/jwt_seen.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/arena.h"
#include "io/jwt.h"

#define SECRET "0123456789abcdef0123456789abcdef"
#define OTHER  "another secret of thirty-two bytes"

enum { ISSUED = 1000, EXPIRES = 2000 };

static struct arena arena;
static struct jwt_ring ring;

static int set_up(void **state)
{
    (void)state;
    arena_init(&arena, 16 << 10);
    ring = (struct jwt_ring){.algorithm = STR("HS256"), .issuer = STR("quire"), .audience = STR("quire")};
    ring.seen = jwt_seen_new(&arena);
    return jwt_add_secret(&arena, &ring, STR(SECRET)) == NULL ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    arena_free(&arena);
    return 0;
}

static str token_of(int64_t user_id)
{
    str token = {0};
    struct jwt_claims claims = {
        .user_id = user_id, .session_id = user_id + 5, .issued = ISSUED, .expires = EXPIRES};
    assert_null(jwt_sign(&arena, &ring, &claims, &token));
    return token;
}

/* From now on nothing is good that is checked from the ground. */
static void change_the_key(void)
{
    ring.keys[0].checking = STR(OTHER);
}

static bool is_good(str token, int64_t now)
{
    struct jwt_claims claims = {.user_id = -1};
    err e = jwt_verify(&arena, &ring, token, now, &claims);
    assert_int_equal(claims.user_id == -1, e != NULL);
    return e == NULL;
}

static void the_second_time_it_is_recognized(void **state)
{
    (void)state;
    str token = token_of(7);
    assert_true(is_good(token, 1500));
    change_the_key();
    struct jwt_claims claims;
    assert_null(jwt_verify(&arena, &ring, token, 1500, &claims));
    assert_int_equal(claims.user_id, 7);
    assert_int_equal(claims.session_id, 12);
    assert_int_equal(claims.issued, ISSUED);
    assert_int_equal(claims.expires, EXPIRES);
    assert_false(is_good(token_of(8), 1500)); /* which has not been there before */
}

static void the_time_is_asked_each_time(void **state)
{
    (void)state;
    str token = token_of(7);
    assert_true(is_good(token, 1500));
    assert_true(is_good(token, EXPIRES - 1));
    assert_false(is_good(token, EXPIRES));
    assert_false(is_good(token, EXPIRES + 1));
    change_the_key();
    assert_true(is_good(token, 1500));
    assert_false(is_good(token, 1499)); /* the clock has gone back: it is checked anew */
}

static void what_is_refused_is_not_kept(void **state)
{
    (void)state;
    str token = token_of(7);
    str secret = ring.keys[0].checking;
    change_the_key();
    assert_false(is_good(token, 1500));
    assert_false(is_good(token, 1500));
    ring.keys[0].checking = secret;
    assert_false(is_good(token, EXPIRES));
    change_the_key();
    assert_false(is_good(token, 1500));
}

static void a_token_that_differs_by_a_character_is_another(void **state)
{
    (void)state;
    str token = token_of(7);
    assert_true(is_good(token, 1500));
    change_the_key();
    for (size_t i = 0; i < token.n; i++) {
        char *other = str_c(&arena, token);
        other[i] = other[i] == 'A' ? 'B' : 'A';
        assert_false(is_good((str){other, token.n}, 1500));
    }
    assert_false(is_good(str_slice(token, 0, token.n - 1), 1500));
    assert_true(is_good(token, 1500));
}

/* Of those that fall on one place the later stays; nobody is taken for somebody else. */
static void there_is_room_for_so_many(void **state)
{
    (void)state;
    enum { MANY = 4 * JWT_SEEN };
    unsigned found = 0;
    for (int64_t id = 1; id <= MANY; id++) {
        struct jwt_claims claims = {.user_id = id, .expires = EXPIRES};
        jwt_seen_keep(ring.seen, str_format(&arena, "token %lld", (long long)id), 1500, &claims);
    }
    for (int64_t id = 1; id <= MANY; id++) {
        struct jwt_claims claims;
        if (jwt_seen_find(ring.seen, str_format(&arena, "token %lld", (long long)id), 1500, &claims)) {
            assert_int_equal(claims.user_id, id);
            found++;
        }
    }
    assert_in_range(found, JWT_SEEN * 9 / 10, JWT_SEEN);
    assert_false(jwt_seen_find(jwt_seen_new(&arena), STR("token 1"), 1500, &(struct jwt_claims){0}));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_second_time_it_is_recognized, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_time_is_asked_each_time, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_refused_is_not_kept, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_token_that_differs_by_a_character_is_another, set_up, tear_down),
        cmocka_unit_test_setup_teardown(there_is_room_for_so_many, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

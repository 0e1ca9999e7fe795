/* seed: orders that cannot be carried out are refused before anything is touched. */
#include "seed/seed.h"

#include "support/unit.h"

static void check(struct seed_order o, const char *want)
{
    check_str(seed_mistake(&arena, &o), str_of(want));
}

#define ORDER(...)                \
    (struct seed_order)           \
    {                             \
        .counts = { __VA_ARGS__ } \
    }

static void kinds_need_one_another(void **state)
{
    (void)state;
    check(ORDER([SEED_USERS] = 1, [SEED_POSTS] = 1, [SEED_COMMENTS] = 9, [SEED_BOOKS] = 1,
                [SEED_MICROPOSTS] = 1, [SEED_TAGS] = 1),
          "");
    check(ORDER([SEED_TAGS] = 5), "");
    check(ORDER([SEED_POSTS] = 1), "posts are wanted, but no users that they could belong to");
    check(ORDER([SEED_BOOKS] = 1), "books are wanted, but no users that they could belong to");
    check(ORDER([SEED_MICROPOSTS] = 1), "microposts are wanted, but no users that they could belong to");
    check(ORDER([SEED_USERS] = 1, [SEED_COMMENTS] = 1),
          "comments are wanted, but no posts that they could belong to");
    check(ORDER([SEED_USERS] = 1, [SEED_VOTES] = 1),
          "votes are wanted, but no posts that they could belong to");
    check(ORDER([SEED_USERS] = 1, [SEED_POSTS] = 1, [SEED_REVIEWS] = 1),
          "reviews are wanted, but no books that they could belong to");
}

static void everybody_votes_once(void **state)
{
    (void)state;
    check(ORDER([SEED_USERS] = 3, [SEED_POSTS] = 4, [SEED_VOTES] = 12), "");
    check(ORDER([SEED_USERS] = 3, [SEED_POSTS] = 4, [SEED_VOTES] = 13),
          "13 votes are more than the 12 that these posts can have: one by each user");
    check(ORDER([SEED_USERS] = 2, [SEED_BOOKS] = 1, [SEED_REVIEWS] = 3),
          "3 reviews are more than the 2 that these books can have: one by each user");
    check(ORDER([SEED_USERS] = SEED_MAX_ROWS, [SEED_POSTS] = SEED_MAX_ROWS, [SEED_VOTES] = SEED_MAX_ROWS),
          "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(kinds_need_one_another),
        TEST(everybody_votes_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* io/give_way: who computes for long keeps off one processor, and stands as before afterwards. */
#include "io/give_way.h"

#include "support/unit.h"

static cpu_set_t allowed(void)
{
    cpu_set_t set;
    assert_int_equal(sched_getaffinity(0, sizeof set, &set), 0);
    return set;
}

static size_t first_of(const cpu_set_t *set)
{
    size_t i = 0;
    while (!CPU_ISSET(i, set)) {
        i++;
    }
    return i;
}

static void it_keeps_off_the_first_of_several(void **state)
{
    (void)state;
    cpu_set_t all = allowed();
    struct way before;
    give_way(&before, 1);
    cpu_set_t now = allowed();
    give_way_no_more(&before);
    cpu_set_t after = allowed();

    bool several = CPU_COUNT(&all) > 1;
    assert_int_equal(before.was_moved, several);
    assert_int_equal(CPU_ISSET(first_of(&all), &now) == 0, several);
    CPU_SET(first_of(&all), &now);
    assert_true(CPU_EQUAL(&all, &now));
    assert_true(CPU_EQUAL(&all, &after));
}

static void it_stays_where_there_is_but_one(void **state)
{
    (void)state;
    cpu_set_t all = allowed();
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(first_of(&all), &one);
    assert_int_equal(sched_setaffinity(0, sizeof one, &one), 0);
    struct way before;
    give_way(&before, 1);
    cpu_set_t now = allowed();
    give_way_no_more(&before);
    cpu_set_t after = allowed();
    assert_int_equal(sched_setaffinity(0, sizeof all, &all), 0);

    assert_false(before.was_moved);
    assert_true(CPU_EQUAL(&one, &now));
    assert_true(CPU_EQUAL(&one, &after));
}

static void as_many_as_processors_get_all(void **state)
{
    (void)state;
    cpu_set_t all = allowed();
    struct way before;
    give_way(&before, (unsigned)CPU_COUNT(&all));
    cpu_set_t now = allowed();
    give_way_no_more(&before);

    assert_false(before.was_moved);
    assert_true(CPU_EQUAL(&all, &now));
}

/* Its slice is what it was: asked for a second time, the kernel tells the same. */
static void slices_are_as_before(void **state)
{
    (void)state;
    struct way first;
    struct way inner;
    struct way second;
    give_way(&first, 1);
    give_way(&inner, 1);
    give_way_no_more(&inner);
    give_way_no_more(&first);
    give_way(&second, 1);
    give_way_no_more(&second);
    assert_true(first.was_shortened && inner.was_shortened && second.was_shortened);
    assert_int_equal(second.slice, first.slice);
    assert_true(inner.slice == 100000 || inner.slice == first.slice); /* the same before Linux 6.12 */
}

int main(void)
{
    const struct CMUnitTest tests[] = {TEST(it_keeps_off_the_first_of_several),
                                       TEST(it_stays_where_there_is_but_one),
                                       TEST(as_many_as_processors_get_all), TEST(slices_are_as_before)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

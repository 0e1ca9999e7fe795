/* io/handoff: numbers and descriptors go over whole, and an end that is gone is noticed. */
#include "io/handoff.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

static int ends[2];

static int set_up(void **state)
{
    (void)state;
    return handoff_pair(ends, 50) ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    (void)close(ends[0]);
    (void)close(ends[1]);
    return 0;
}

static void a_number_arrives_and_no_descriptor(void **state)
{
    (void)state;
    int32_t number = 0;
    int fd = 7;
    assert_true(handoff_send(ends[0], -5, -1));
    assert_true(handoff_send(ends[0], INT32_MAX, -1));
    assert_int_equal(handoff_receive(ends[1], true, &number, &fd), HANDOFF_GOT);
    assert_int_equal(number, -5);
    assert_int_equal(fd, -1);
    assert_int_equal(handoff_receive(ends[1], false, &number, &fd), HANDOFF_GOT);
    assert_int_equal(number, INT32_MAX);
}

static void a_descriptor_arrives_as_another_of_the_same_file(void **state)
{
    (void)state;
    int pipe_ends[2];
    int32_t number;
    int fd;
    char byte = 0;
    assert_int_equal(pipe(pipe_ends), 0);
    assert_true(handoff_send(ends[1], 3, pipe_ends[1]));
    assert_int_equal(close(pipe_ends[1]), 0);
    assert_int_equal(handoff_receive(ends[0], true, &number, &fd), HANDOFF_GOT);
    assert_int_equal(number, 3);
    assert_true(fd >= 0);
    assert_int_equal(fcntl(fd, F_GETFD) & FD_CLOEXEC, FD_CLOEXEC);
    assert_int_equal(write(fd, "x", 1), 1);
    assert_int_equal(read(pipe_ends[0], &byte, 1), 1);
    assert_int_equal(byte, 'x');
    (void)close(fd);
    (void)close(pipe_ends[0]);
}

static void nothing_is_told_from_nobody(void **state)
{
    (void)state;
    int32_t number;
    int fd;
    assert_int_equal(handoff_receive(ends[0], false, &number, &fd), HANDOFF_NOTHING);
    assert_int_equal(handoff_receive(ends[0], true, &number, &fd),
                     HANDOFF_NOTHING); /* the patience is over */
    (void)close(ends[1]);
    assert_int_equal(handoff_receive(ends[0], true, &number, &fd), HANDOFF_GONE);
    assert_false(handoff_send(ends[0], 1, -1));
    assert_int_equal(errno, EPIPE);
    ends[1] = dup(ends[0]);
}

static void what_is_no_message_of_ours_is_refused_with_its_descriptor(void **state)
{
    (void)state;
    int32_t number;
    int fd;
    assert_int_equal(send(ends[0], "abc", 3, 0), 3);
    assert_int_equal(handoff_receive(ends[1], true, &number, &fd), HANDOFF_GONE);
    assert_int_equal(fd, -1);
    assert_int_equal(send(ends[0], "abcdefgh", 8, 0), 8);
    assert_int_equal(handoff_receive(ends[1], true, &number, &fd), HANDOFF_GONE);
    assert_int_equal(fd, -1);
}

static void a_full_socket_is_no_reason_to_wait(void **state)
{
    (void)state;
    bool sent = true;
    for (int i = 0; i < 1000000 && sent; i++) {
        sent = handoff_send(ends[0], i, -1);
    }
    assert_false(sent);
    assert_int_equal(errno, EAGAIN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_number_arrives_and_no_descriptor, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_descriptor_arrives_as_another_of_the_same_file, set_up, tear_down),
        cmocka_unit_test_setup_teardown(nothing_is_told_from_nobody, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_no_message_of_ours_is_refused_with_its_descriptor, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_full_socket_is_no_reason_to_wait, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* http/scoreboard: what parent and worker tell each other, across processes. */
#include "http/scoreboard.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/clock.h"

static struct arena a;

static int set_up(void **state)
{
    (void)state;
    arena_init(&a, 4096);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_free(&a);
    return 0;
}

static struct scoreboard *create(unsigned slots, unsigned holders)
{
    struct scoreboard *board;
    assert_null(scoreboard_create(&a, slots, holders, &board));
    return board;
}

static void a_worker_is_seen_by_its_parent(void **state)
{
    (void)state;
    struct scoreboard *board = create(3, 2);
    struct worker_slot *slot = scoreboard_slot(board, 2);
    assert_int_equal(scoreboard_parent(board), getpid());
    pid_t pid = fork();
    if (pid == 0) {
        struct scoreboard *mine;
        if (scoreboard_attach(&a, scoreboard_fd(board), &mine) != NULL ||
            scoreboard_parent(mine) != getppid()) {
            _exit(1);
        }
        struct worker_slot *line = scoreboard_slot(mine, 2);
        scoreboard_begin(line);
        bool free = scoreboard_end(line, true);
        scoreboard_begin(line);
        free = scoreboard_end(line, false) && free;
        scoreboard_begin(line);
        unsigned count;
        atomic_store(&scoreboard_holders(mine, &count)[1], getpid());
        _exit(free && count == 2 ? 0 : 1);
    }
    int status;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);
    assert_int_equal(atomic_load(&slot->served), 1);
    assert_true(atomic_load(&slot->busy_since) > 0);
    assert_int_equal(atomic_load(&scoreboard_slot(board, 1)->busy_since), 0);

    unsigned count;
    _Atomic int *holders = scoreboard_holders(board, &count);
    assert_int_equal(count, 2);
    assert_int_equal(holders[1], pid);
    holders[0] = getpid();
    assert_int_equal(scoreboard_release(board, pid), 1);
    assert_int_equal(holders[1], 0);
    assert_int_equal(holders[0], getpid());
    assert_int_equal(scoreboard_release(board, pid), 0);

    scoreboard_clear(slot);
    assert_int_equal(atomic_load(&slot->served), 0);
    assert_int_equal(atomic_load(&slot->busy_since), 0);
}

static void only_a_long_request_is_condemned(void **state)
{
    (void)state;
    enum { LIMIT = 1000000 };
    struct worker_slot *slot = scoreboard_slot(create(1, 1), 0);
    scoreboard_begin(slot);
    assert_false(scoreboard_condemn(slot, clock_steady() + 10 * (int64_t)LIMIT)); /* it has no limit */
    assert_true(scoreboard_end(slot, true));

    atomic_store(&slot->limit, LIMIT);
    assert_false(scoreboard_condemn(slot, clock_steady())); /* idle */
    scoreboard_begin(slot);
    int64_t since = atomic_load(&slot->busy_since);
    assert_false(scoreboard_condemn(slot, since + LIMIT));
    assert_true(scoreboard_end(slot, true));

    scoreboard_begin(slot);
    since = atomic_load(&slot->busy_since);
    assert_true(scoreboard_condemn(slot, since + LIMIT + 1));
    assert_false(scoreboard_condemn(slot, since + LIMIT + 1)); /* once */
    assert_false(scoreboard_end(slot, true));                  /* it may not begin another */
    scoreboard_clear(slot);
    assert_int_equal(atomic_load(&slot->limit), 0);
}

static void every_slot_has_a_line_of_its_own(void **state)
{
    (void)state;
    enum { SLOTS = 200, HOLDERS = 33 };
    struct scoreboard *board = create(SLOTS, HOLDERS);
    unsigned count;
    _Atomic int *holders = scoreboard_holders(board, &count);
    for (unsigned i = 0; i < SLOTS; i++) {
        atomic_store(&scoreboard_slot(board, i)->served, 1000 + i);
    }
    for (unsigned i = 0; i < count; i++) {
        atomic_store(&holders[i], (int)i + 1);
    }
    for (unsigned i = 0; i < SLOTS; i++) {
        assert_int_equal(atomic_load(&scoreboard_slot(board, i)->served), 1000 + i);
        assert_int_equal((uintptr_t)scoreboard_slot(board, i) % 64, 0);
    }
    assert_null(scoreboard_slot(board, SLOTS));
    assert_int_equal(count, HOLDERS);
}

static void draining_is_seen_by_all(void **state)
{
    (void)state;
    struct scoreboard *board = create(1, 1);
    struct scoreboard *other;
    assert_null(scoreboard_attach(&a, scoreboard_fd(board), &other));
    assert_false(scoreboard_draining(other));
    scoreboard_drain(board);
    assert_true(scoreboard_draining(other));
}

static void assert_no_board(int fd, const char *why)
{
    struct scoreboard *board;
    err e = scoreboard_attach(&a, fd, &board);
    assert_non_null(e);
    assert_string_equal(str_c(&a, e->cause), why);
}

static void what_is_no_scoreboard_is_refused(void **state)
{
    (void)state;
    const char *other =
        "the scoreboard is of another version of this program: restart quire serve, do not reload";
    assert_no_board(-1, "file descriptor -1 is no scoreboard: only quire serve starts workers");
    int fd = open("/dev/null", O_RDWR);
    assert_no_board(
        fd, str_format(&a, "file descriptor %d is no scoreboard: only quire serve starts workers", fd).p);
    (void)close(fd);

    struct scoreboard *board = create(2, 2);
    char first;
    assert_int_equal(pread(scoreboard_fd(board), &first, 1, 0), 1);
    assert_int_equal(pwrite(scoreboard_fd(board), "x", 1, 0), 1);
    assert_no_board(scoreboard_fd(board), other);
    assert_int_equal(pwrite(scoreboard_fd(board), &first, 1, 0), 1);
    struct scoreboard *again;
    assert_null(scoreboard_attach(&a, scoreboard_fd(board), &again));
    /* Sealed: nobody can make it shorter under our feet. */
    assert_int_equal(ftruncate(scoreboard_fd(board), 10), -1);

    /* Every byte of the shape counts: magic, version, size of a line, slots, holders. */
    for (off_t at = 0; at < 20; at++) {
        unsigned char byte;
        assert_int_equal(pread(scoreboard_fd(board), &byte, 1, at), 1);
        unsigned char wrong = (unsigned char)(byte ^ 1);
        assert_int_equal(pwrite(scoreboard_fd(board), &wrong, 1, at), 1);
        assert_no_board(scoreboard_fd(board), other);
        assert_int_equal(pwrite(scoreboard_fd(board), &byte, 1, at), 1);
    }
}

/* What a process of its own says of the line, which is given to it, to another, or to it after a while. */
static int admission_of(struct worker_slot *slot, bool to_it, int milliseconds)
{
    pid_t pid = fork();
    if (pid == 0) {
        _exit(scoreboard_admitted(slot) ? 0 : 1);
    }
    (void)nanosleep(&(struct timespec){.tv_nsec = milliseconds * 1000000L}, NULL);
    scoreboard_admit(slot, to_it ? pid : getpid());
    int status;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    return WEXITSTATUS(status);
}

static void only_who_is_admitted_may_have_a_line(void **state)
{
    (void)state;
    struct worker_slot *slot = scoreboard_slot(create(1, 1), 0);
    assert_int_equal(admission_of(slot, true, 0), 0);
    scoreboard_clear(slot);
    assert_int_equal(admission_of(slot, true, 50), 0);
    scoreboard_clear(slot);
    assert_int_equal(admission_of(slot, false, 20), 1);
    scoreboard_admit(slot, getpid());
    assert_true(scoreboard_admitted(slot));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_worker_is_seen_by_its_parent),
        cmocka_unit_test(only_a_long_request_is_condemned),
        cmocka_unit_test(only_who_is_admitted_may_have_a_line),
        cmocka_unit_test(every_slot_has_a_line_of_its_own),
        cmocka_unit_test(draining_is_seen_by_all),
        cmocka_unit_test(what_is_no_scoreboard_is_refused),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}

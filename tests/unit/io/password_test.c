#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <sys/mman.h>
#include <sys/wait.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/clock.h"
#include "io/password.h"

static struct arena arena;

static int setup(void **state)
{
    (void)state;
    arena_init(&arena, 16 << 10);
    password_limit(NULL, 0);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    arena_free(&arena);
    return 0;
}

static bool check(str hash, str password)
{
    bool ok = true;
    assert_null(password_check(&arena, hash, password, &ok));
    return ok;
}

static void hash_and_check(void **state)
{
    (void)state;
    str hash;
    str again;
    assert_null(password_hash(&arena, 4, STR("correct horse"), &hash));
    assert_null(password_hash(&arena, 4, STR("correct horse"), &again));
    assert_int_equal(hash.n, PASSWORD_HASH_BYTES);
    assert_true(str_starts(hash, STR("$2b$04$")));
    assert_false(str_eq(hash, again)); /* the salt is fresh */
    assert_true(check(hash, STR("correct horse")));
    assert_true(check(again, STR("correct horse")));
    assert_false(check(hash, STR("Correct horse")));
    assert_false(check(hash, STR("correct hors")));
    assert_false(check(hash, STR("correct horsee")));
    assert_null(password_hash(&arena, 5, STR("\xC3\xA9\xF0\x9F\x98\x80"), &hash));
    assert_int_equal(password_cost(hash), 5);
    assert_true(check(hash, STR("\xC3\xA9\xF0\x9F\x98\x80")));
}

static void known_hashes(void **state)
{
    (void)state;
    static const struct {
        const char *hash, *password;
    } known[] = {
        {"$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW", "U*U"},
        {"$2a$05$CCCCCCCCCCCCCCCCCCCCC.VGOzA784oUp/Z0DY336zx7pLYAy0lwK", "U*U*"},
        {"$2a$05$XXXXXXXXXXXXXXXXXXXXXOAcXxm9kjPGEMsLznoKqmqw7tc8WCx4a", "U*U*U"},
        {"$2a$05$/OK.fbVrR/bpIqNJ5ianF.Sa7shbm4.OzKpvFnX1pQLmQW96oUlCq", "\xa3"},
        {"$2y$05$/OK.fbVrR/bpIqNJ5ianF.Sa7shbm4.OzKpvFnX1pQLmQW96oUlCq", "\xa3"},
        {"$2b$05$/OK.fbVrR/bpIqNJ5ianF.Sa7shbm4.OzKpvFnX1pQLmQW96oUlCq", "\xa3"},
        {"$2y$05$/OK.fbVrR/bpIqNJ5ianF.CE5elHaaO4EbggVDjb8P19RukzXSM3e", "\xff\xff\xa3"},
        {"$2a$07$usesomesillystringfore2uDLvp1Ii2e./U9C8sBjqp8I90dH6hi", "rasmuslerdorf"},
        {"$2y$10$.vGA1O9wmRjrwAVXD98HNOgsNpDczlqm3Jq7KnEd1rVAGv3Fykk1a", "rasmuslerdorf"},
        /* unused bits of the salt are set */
        {"$2a$12$NT0I31Sa7ihGEWpka9ASYrEFkhuTNeBQ2xfZskIiiJeyFXhRgS.Sy", "password"},
        {"$2a$05$abcdefghijklmnopqrstuu5s2v8.iXieOjg/.AySBTTZIIVFJeBui",
         "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"},
    };
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        if (!check(str_of(known[i].hash), str_of(known[i].password))) {
            fail_msg("%s", known[i].hash);
        }
        assert_false(check(str_of(known[i].hash), STR("another password")));
    }
}

static void seventy_two_bytes(void **state)
{
    (void)state;
    char long_one[74];
    memset(long_one, 'x', sizeof long_one);
    str hash;
    assert_null(password_hash(&arena, 4, (str){long_one, 72}, &hash));
    assert_true(check(hash, (str){long_one, 72}));
    assert_false(check(hash, (str){long_one, 71}));
    assert_false(check(hash, (str){long_one, 73})); /* bcrypt alone would cut it and say yes */
    long_one[71] = 'y';
    assert_false(check(hash, (str){long_one, 72}));
}

static void no_passwords(void **state)
{
    (void)state;
    str hash;
    assert_null(password_hash(&arena, 4, STR("abc"), &hash));
    assert_false(check(hash, (str){"abc\0def", 7})); /* the library alone would stop at the NUL and say yes */
    assert_false(check(hash, STR("")));
    assert_null(password_hash(&arena, 4, STR("no password"), &hash));
    assert_false(check(hash, STR("")));
    /* of the empty password, which nobody can have */
    assert_false(check(STR("$2a$05$CCCCCCCCCCCCCCCCCCCCC.7uG0VCzI2bS7j6ymqJi9CdcdxiRTWNy"), STR("")));
}

static void forged_hashes(void **state)
{
    (void)state;
    static const char *const forged[] = {
        "",
        "$",
        "x",
        "plain text",
        "$2b$31$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW", /* would run for a day */
        "$2b$17$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW",
        "$2b$03$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW",
        "$2b$00$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW", /* would mean 5 */
        "$2b$ 5$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW",
        "$2b$5$$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW",
        "$2b$-5$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW",
        "$2x$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW", /* a broken kind */
        "$1a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW",
        "$2b$05-CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW",
        "$2b$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOe",
        "$2b$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeWW",
        "$2b$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOe*",
        "$2b$05$CCCCCCCCCCC:CCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW",
        "$6$rounds=999999999$saltsaltsalt$CCCCCCCCCCCCCCCCCCCCCCCCCCCC",
    };
    int64_t start = clock_steady();
    for (size_t i = 0; i < sizeof forged / sizeof forged[0]; i++) {
        assert_int_equal(password_cost(str_of(forged[i])), 0);
        assert_false(check(str_of(forged[i]), STR("U*U")));
    }
    assert_true(clock_steady() - start < 1000000);
    assert_int_equal(password_cost(STR("$2b$16$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW")), 16);
    assert_int_equal(password_cost(STR("$2y$04$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW")), 4);
}

/* The least processor time, in microseconds, of a few checks. */
static int64_t least_time(str hash, str password)
{
    int64_t least = INT64_MAX;
    for (int i = 0; i < 5; i++) {
        struct timespec before;
        struct timespec after;
        (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &before);
        (void)check(hash, password);
        (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &after);
        int64_t micros = (after.tv_sec - before.tv_sec) * 1000000 + (after.tv_nsec - before.tv_nsec) / 1000;
        least = micros < least ? micros : least;
    }
    return least;
}

static void the_decoy_costs_the_same(void **state)
{
    (void)state;
    str hash;
    assert_null(password_hash(&arena, 9, STR("correct horse"), &hash));
    str decoy = password_decoy(&arena, 9);
    assert_int_equal(password_cost(decoy), 9);
    assert_int_equal(password_cost(password_decoy(&arena, 12)), 12);
    assert_false(check(decoy, STR("correct horse")));
    int64_t real = least_time(hash, STR("correct horse"));
    int64_t wrong = least_time(hash, STR("wrong"));
    int64_t unknown = least_time(decoy, STR("correct horse"));
    int64_t impossible = least_time(decoy, STR(""));
    print_message("real %" PRId64 " wrong %" PRId64 " decoy %" PRId64 " impossible %" PRId64 " us\n", real,
                  wrong, unknown, impossible);
    assert_in_range(wrong, real * 7 / 10, real * 14 / 10);
    assert_in_range(unknown, real * 7 / 10, real * 14 / 10);
    assert_in_range(impossible, real * 7 / 10, real * 14 / 10);
}

struct shared {
    _Atomic int holders[2];
    _Atomic int done;
};

static struct shared *share(void)
{
    void *p = mmap(NULL, sizeof(struct shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    assert_ptr_not_equal(p, MAP_FAILED);
    return p;
}

static void slots_are_given_back(void **state)
{
    (void)state;
    struct shared *s = share();
    password_limit(s->holders, 2);
    atomic_store(&s->holders[0], 1); /* somebody */
    str hash;
    assert_null(password_hash(&arena, 4, STR("correct horse"), &hash));
    assert_true(check(hash, STR("correct horse")));
    assert_int_equal(atomic_load(&s->holders[0]), 1);
    assert_int_equal(atomic_load(&s->holders[1]), 0);
    (void)munmap(s, sizeof *s);
}

static void busy(void **state)
{
    (void)state;
    struct shared *s = share();
    password_limit(s->holders, 2);
    atomic_store(&s->holders[0], 1);
    atomic_store(&s->holders[1], 1);
    str hash = STR("untouched");
    int64_t start = clock_steady();
    err failed = password_hash(&arena, 4, STR("correct horse"), &hash);
    int64_t waited = clock_steady() - start;
    assert_non_null(failed);
    assert_int_equal(failed->code, ERROR_BUSY);
    assert_true(failed->retry_after > 0);
    assert_true(str_eq(hash, STR("untouched")));
    assert_in_range(waited, 1900000, 60000000);
    assert_int_equal(atomic_load(&s->holders[0]), 1);
    (void)munmap(s, sizeof *s);
}

/* How long a hash waits for the only slot, which is free after 300 ms; INT64_MAX when it has waited in vain. */
static int64_t wait_for_a_slot(struct shared *s)
{
    atomic_store(&s->holders[0], 1);
    int64_t start = clock_steady();
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        const struct timespec length = {.tv_nsec = 300000000};
        (void)clock_nanosleep(CLOCK_MONOTONIC, 0, &length, NULL);
        atomic_store(&s->holders[0], 0);
        _exit(0);
    }
    str hash;
    err failed = password_hash(&arena, 4, STR("correct horse"), &hash);
    int64_t waited = clock_steady() - start;
    assert_int_equal(waitpid(child, NULL, 0), child);
    if (failed != NULL) {
        assert_int_equal(failed->code, ERROR_BUSY);
        return INT64_MAX;
    }
    assert_true(waited >= 300000);
    return waited;
}

static void waiting_ends_when_a_slot_is_free(void **state)
{
    (void)state;
    struct shared *s = share();
    password_limit(s->holders, 1);
    int64_t waited = INT64_MAX;
    for (int i = 0; i < 3 && waited >= 1900000; i++) { /* a busy machine may be late once */
        waited = wait_for_a_slot(s);
    }
    assert_true(waited < 1900000);
    (void)munmap(s, sizeof *s);
}

/* One of several processes that want two slots. */
static void contend(struct shared *s)
{
    for (int i = 0; i < 20; i++) {
        str hash;
        if (password_hash(&arena, 4, STR("correct horse"), &hash) == NULL) {
            (void)atomic_fetch_add(&s->done, 1);
        }
    }
    _exit(0);
}

static void several_processes(void **state)
{
    (void)state;
    struct shared *s = share();
    password_limit(s->holders, 2);
    enum { CHILDREN = 5 };
    pid_t children[CHILDREN];
    for (int i = 0; i < CHILDREN; i++) {
        children[i] = fork();
        assert_true(children[i] >= 0);
        if (children[i] == 0) {
            contend(s);
        }
    }
    for (int i = 0; i < CHILDREN; i++) {
        int status = 0;
        assert_int_equal(waitpid(children[i], &status, 0), children[i]);
        assert_int_equal(status, 0);
    }
    assert_int_equal(atomic_load(&s->done), CHILDREN * 20);
    assert_int_equal(atomic_load(&s->holders[0]), 0);
    assert_int_equal(atomic_load(&s->holders[1]), 0);
    (void)munmap(s, sizeof *s);
}

static void what_it_costs_is_counted(void **state)
{
    (void)state;
    static struct password_meter meter;
    _Atomic int holders[1] = {1}; /* somebody who never gives it back */
    str hash;
    bool ok;
    password_measure(&meter);
    assert_null(password_hash(&arena, 4, STR("x"), &hash));
    assert_null(password_check(&arena, hash, STR("x"), &ok));
    uint64_t n = 0;
    for (unsigned i = 0; i < HISTOGRAM_BUCKETS; i++) {
        n += meter.seconds.buckets[i];
    }
    assert_int_equal(n, 2);
    assert_true(meter.seconds.micros > 0);
    assert_int_equal(meter.waits, 0);
    password_limit(holders, 1);
    err refused = password_hash(&arena, 4, STR("x"), &hash);
    password_limit(NULL, 0);
    password_measure(NULL);
    assert_non_null(refused);
    assert_int_equal(refused->code, ERROR_BUSY);
    assert_int_equal(meter.waits, 1);
    assert_int_equal(meter.refusals, 1);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(hash_and_check),
        TEST(known_hashes),
        TEST(seventy_two_bytes),
        TEST(no_passwords),
        TEST(forged_hashes),
        TEST(the_decoy_costs_the_same),
        TEST(slots_are_given_back),
        TEST(busy),
        TEST(waiting_ends_when_a_slot_is_free),
        TEST(several_processes),
        TEST(what_it_costs_is_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

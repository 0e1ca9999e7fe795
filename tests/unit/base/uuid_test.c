#include "base/uuid.h"

#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "support/unit.h"

static str text_of(const unsigned char *id)
{
    struct buf b;
    buf_init(&b, &arena, UUID_TEXT, UUID_TEXT);
    uuid_put(&b, id);
    return buf_view(&b);
}

static int64_t millis_of(const unsigned char *id)
{
    int64_t millis = 0;
    for (int i = 0; i < 6; i++) {
        millis = millis << 8 | id[i];
    }
    return millis;
}

static void version_variant_and_time(void **state)
{
    (void)state;
    for (int i = 0; i < 1000; i++) {
        unsigned char id[UUID_BYTES];
        int64_t now = clock_now() / 1000;
        uuid_v7(id);
        assert_int_equal(id[6] >> 4, 7);
        assert_int_equal(id[8] >> 6, 2);
        /* It may have run ahead of the clock, by a millisecond for each 4096 identifiers. */
        assert_true(millis_of(id) >= now && millis_of(id) <= clock_now() / 1000 + 20);
    }
}

static void in_order_of_making(void **state)
{
    (void)state;
    enum { N = 100000 };
    unsigned char last[UUID_BYTES] = {0};
    for (int i = 0; i < N; i++) {
        unsigned char id[UUID_BYTES];
        uuid_v7(id);
        if (memcmp(last, id, sizeof id) >= 0) {
            fail_msg("number %d is not above the one before", i);
        }
        memcpy(last, id, sizeof id);
    }
    /* Made faster than a millisecond has parts they run ahead of the clock, but by no more than this. */
    assert_true(millis_of(last) <= clock_now() / 1000 + N / 4096 + 1);
}

static void random_bits_are_random(void **state)
{
    (void)state;
    int ones[62] = {0};
    enum { N = 4000 };
    for (int i = 0; i < N; i++) {
        unsigned char id[UUID_BYTES];
        uuid_v7(id);
        for (int bit = 0; bit < 62; bit++) {
            ones[bit] += id[15 - bit / 8] >> (bit % 8) & 1;
        }
    }
    for (int bit = 0; bit < 62; bit++) {
        assert_in_range(ones[bit], N / 2 - 320, N / 2 + 320); /* ten standard deviations */
    }
}

/* A child that makes one whenever it is asked. */
static _Noreturn void make_when_asked(int asked, int answers)
{
    unsigned char id[UUID_BYTES];
    char question;
    while (read(asked, &question, 1) == 1) {
        uuid_v7(id);
        if (write(answers, id, sizeof id) != sizeof id) {
            _exit(1);
        }
    }
    _exit(0);
}

static void processes_that_take_turns(void **state)
{
    (void)state;
    int asked[2];
    int answers[2];
    unsigned char mine[UUID_BYTES];
    unsigned char other[UUID_BYTES] = {0};
    assert_int_equal(pipe(asked), 0);
    assert_int_equal(pipe(answers), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        (void)close(asked[1]);
        make_when_asked(asked[0], answers[1]);
    }
    for (int i = 0; i < 200; i++) {
        int64_t now = clock_now();
        while (clock_now() == now) { /* two of one microsecond are in no order */
        }
        uuid_v7(mine);
        assert_true(memcmp(other, mine, sizeof mine) < 0);
        now = clock_now();
        while (clock_now() == now) {
        }
        assert_int_equal(write(asked[1], "?", 1), 1);
        assert_int_equal(read(answers[0], other, sizeof other), sizeof other);
        assert_true(memcmp(mine, other, sizeof mine) < 0);
    }
    (void)close(asked[1]);
    (void)close(asked[0]);
    (void)close(answers[0]);
    (void)close(answers[1]);
    int status = -1;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
}

static int compare_ids(const void *a, const void *b)
{
    return memcmp(a, b, UUID_BYTES);
}

static void unique_across_forks(void **state)
{
    (void)state;
    enum { CHILDREN = 4, EACH = 5000, ALL = CHILDREN * EACH };
    unsigned char first[UUID_BYTES];
    int ends[2];
    uuid_v7(first); /* so that all children go on from the same point */
    assert_int_equal(pipe(ends), 0);
    for (int c = 0; c < CHILDREN; c++) {
        pid_t child = fork();
        assert_true(child >= 0);
        if (child == 0) {
            static unsigned char ids[EACH][UUID_BYTES];
            for (int i = 0; i < EACH; i++) {
                uuid_v7(ids[i]);
            }
            for (int i = 0; i < EACH; i++) {
                if (write(ends[1], ids[i], UUID_BYTES) != UUID_BYTES) {
                    _exit(1);
                }
            }
            _exit(0);
        }
    }
    (void)close(ends[1]);
    unsigned char(*all)[UUID_BYTES] = arena_alloc(&arena, (size_t)ALL * UUID_BYTES);
    size_t n = 0;
    ssize_t got = 0;
    while (n < sizeof *all * ALL &&
           (got = read(ends[0], (unsigned char *)all + n, sizeof *all * ALL - n)) > 0) {
        n += (size_t)got;
    }
    (void)close(ends[0]);
    for (int c = 0; c < CHILDREN; c++) {
        int status = -1;
        assert_true(wait(&status) > 0);
        assert_int_equal(status, 0);
    }
    assert_int_equal(n, (size_t)ALL * UUID_BYTES);
    qsort(all, ALL, UUID_BYTES, compare_ids);
    for (int i = 1; i < ALL; i++) {
        assert_memory_not_equal(all[i - 1], all[i], UUID_BYTES);
    }
}

static void all_forms(void **state)
{
    (void)state;
    static const unsigned char want[UUID_BYTES] = {0x01, 0x89, 0x0a, 0x5d, 0xac, 0x96, 0x77, 0x4b,
                                                   0xbc, 0xce, 0xb3, 0x02, 0x09, 0x9a, 0x80, 0x57};
    static const str forms[] = {
        STR_INIT("01890a5d-ac96-774b-bcce-b302099a8057"),
        STR_INIT("01890A5D-AC96-774B-BCCE-B302099A8057"),
        STR_INIT("01890a5dac96774bbcceb302099a8057"),
        STR_INIT("01890A5DAC96774bbcceb302099A8057"),
        STR_INIT("{01890a5d-ac96-774b-bcce-b302099a8057}"),
        STR_INIT("urn:uuid:01890a5d-ac96-774b-bcce-b302099a8057"),
    };
    for (size_t i = 0; i < LENGTH(forms); i++) {
        unsigned char id[UUID_BYTES] = {0};
        str why = {0};
        assert_true(uuid_parse(&arena, forms[i], id, &why));
        assert_memory_equal(id, want, UUID_BYTES);
        check_str(text_of(id), forms[0]);
    }
    unsigned char nil[UUID_BYTES] = {1};
    str why = {0};
    assert_true(uuid_parse(&arena, STR("00000000-0000-0000-0000-000000000000"), nil, &why));
    check_str(text_of(nil), STR("00000000-0000-0000-0000-000000000000"));
}

/* What pydantic 2.13 says of them. */
static const struct {
    str text;
    str why;
} refused[] = {
    {STR_INIT(""), STR_INIT("invalid length: expected length 32 for simple format, found 0")},
    {STR_INIT("abc"), STR_INIT("invalid length: expected length 32 for simple format, found 3")},
    {STR_INIT("0123456789abcdef0123456789abcde"),
     STR_INIT("invalid length: expected length 32 for simple format, found 31")},
    {STR_INIT("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"),
     STR_INIT("invalid length: expected length 32 for simple format, found 36")},
    {STR_INIT("null"), STR_INIT("invalid character: found `n` at 1")},
    {STR_INIT("abl"), STR_INIT("invalid character: found `l` at 3")},
    {STR_INIT("0x1"), STR_INIT("invalid character: found `x` at 2")},
    {STR_INIT(" 01890a5d-ac96-774b-bcce-b302099a8057"), STR_INIT("invalid character: found ` ` at 1")},
    {STR_INIT("a\0b"), STR_INIT("invalid character: found `\0` at 2")},
    {STR_INIT("\xC3\xA9"), STR_INIT("invalid character: found `\xC3\xA9` at 1")},
    {STR_INIT("0\xF0\x9F\x98\x80"), STR_INIT("invalid character: found `\xF0\x9F\x98\x80` at 2")},
    {STR_INIT("0\xC4\xAD"),
     STR_INIT("invalid character: found `\xC4\xAD` at 2")}, /* U+012D: its low byte is a hyphen */
    {STR_INIT("URN:UUID:01890a5d-ac96-774b-bcce-b302099a8057"),
     STR_INIT("invalid character: found `U` at 1")},
    {STR_INIT("{01890a5d-ac96-774b-bcce-b302099a8057"), STR_INIT("invalid character: found `{` at 1")},
    {STR_INIT("01890a5d-ac96-774b-bcce-b302099a8057}"), STR_INIT("invalid character: found `}` at 37")},
    {STR_INIT("{0189g}"), STR_INIT("invalid character: found `g` at 6")},
    {STR_INIT("urn:uuid:g"), STR_INIT("invalid character: found `g` at 10")},
    {STR_INIT("urn:uuid:0189ga5d-ac96-774b-bcce-b302099a8057"),
     STR_INIT("invalid character: found `g` at 5")},
    {STR_INIT("-"), STR_INIT("invalid group count: expected 5, found 2")},
    {STR_INIT("-1"), STR_INIT("invalid group count: expected 5, found 2")},
    {STR_INIT("{}"), STR_INIT("invalid group count: expected 5, found 1")},
    {STR_INIT("urn:uuid:"), STR_INIT("invalid group count: expected 5, found 1")},
    {STR_INIT("{01890a5dac96774bbcceb302099a8057}"), STR_INIT("invalid group count: expected 5, found 1")},
    {STR_INIT("{aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa}"),
     STR_INIT("invalid length: expected length 32 for simple format, found 36")},
    {STR_INIT("------------------------------------"), STR_INIT("invalid group count: expected 5, found 37")},
    {STR_INIT("----"), STR_INIT("invalid group length in group 0: expected 8, found 0")},
    {STR_INIT("0189-0-0-0-0"), STR_INIT("invalid group length in group 0: expected 8, found 4")},
    {STR_INIT("00000000-00000-000-0000-000000000000"),
     STR_INIT("invalid group length in group 1: expected 4, found 5")},
    {STR_INIT("00000000-0000-000-0000-0000000000000"),
     STR_INIT("invalid group length in group 2: expected 4, found 3")},
    {STR_INIT("00000000-0000-0000-00000-00000000000"),
     STR_INIT("invalid group length in group 3: expected 4, found 5")},
    {STR_INIT("01890a5d-ac96-774b-bcce-b302099a805"),
     STR_INIT("invalid group length in group 4: expected 12, found 11")},
    {STR_INIT("01890a5d-ac96-774b-bcce-b302099a80570"),
     STR_INIT("invalid group length in group 4: expected 12, found 13")},
    {STR_INIT("{01890a5d-ac96-774b-bcce-b302099a80570}"),
     STR_INIT("invalid group length in group 4: expected 12, found 15")},
};

static void complaints(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(refused); i++) {
        unsigned char id[UUID_BYTES] = {0};
        static const unsigned char untouched[UUID_BYTES];
        str why = {0};
        assert_false(uuid_parse(&arena, refused[i].text, id, &why));
        check_str(why, refused[i].why);
        assert_memory_equal(id, untouched, UUID_BYTES);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(processes_that_take_turns), /* first: while time is not ahead of the clock */
        TEST(version_variant_and_time),  TEST(in_order_of_making), TEST(random_bits_are_random),
        TEST(unique_across_forks),       TEST(all_forms),          TEST(complaints),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

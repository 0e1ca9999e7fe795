/* The settings' files as somebody read them first. */
#include "conf/held.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "support/settings.h"
#include "support/unit.h"

static char folder[] = "/tmp/quire-held-XXXXXX";
static int memory; /* what a pool's parent would hand on */

#define SECRET "SECRET_KEY=k3j9x2v8m4q7w1zt5r6y0pah2d8f4g6s\n"

static char *path_of(const char *name)
{
    return (char *)str_format(&arena, "%s/%s", folder, name).p;
}

static void write_file(const char *name, const char *text)
{
    FILE *f = fopen(path_of(name), "w");
    assert_non_null(f);
    assert_true(fputs(text, f) >= 0);
    assert_int_equal(fclose(f), 0);
}

static int setup(void **state)
{
    (void)state;
    memory = memfd_create("test", MFD_CLOEXEC);
    return memory < 0 || mkdtemp(folder) == NULL ? -1 : 0;
}

static int teardown(void **state)
{
    (void)state;
    (void)close(memory);
    (void)unlink(path_of(".env"));
    (void)unlink(path_of(".env.production"));
    return rmdir(folder);
}

/* As a process that is handed the memory, and closes it. */
static err load(struct settings *s)
{
    char *environment[] = {"APP_ENV=production", NULL};
    struct held held;
    TRY(held_open(&arena, dup(memory), &held));
    TRY(settings_load_held(&arena, environment, folder, &held, s));
    return held_close(&arena, &held);
}

static void what_was_read_first_counts(void **state)
{
    (void)state;
    struct settings s;
    write_file(".env", SECRET "WORKERS=3\n");
    assert_null(load(&s));
    assert_int_equal(s.workers, 3);
    write_file(".env", SECRET "WORKERS=many\n");
    write_file(".env.production", "WORKERS=4\n"); /* it was not there */
    assert_null(load(&s));
    assert_int_equal(s.workers, 3);
    (void)unlink(path_of(".env"));
    assert_null(load(&s));
    assert_int_equal(s.workers, 3);
}

static void who_cannot_read_leaves_nothing(void **state)
{
    (void)state;
    struct settings s;
    assert_int_equal(ftruncate(memory, 0), 0);
    write_file(".env", SECRET "WORKERS=many\n");
    write_file(".env.production", "");
    assert_non_null(load(&s));
    write_file(".env", SECRET "WORKERS=5\n");
    assert_null(load(&s));
    assert_int_equal(s.workers, 5);
}

static void without_memory_the_files_count(void **state)
{
    (void)state;
    int usual[2];
    struct held h;
    str text;
    write_file(".env", "A=1\n");
    assert_int_equal(pipe(usual), 0);
    for (int i = 0; i < 2; i++) {
        assert_null(held_open(&arena, usual[0], &h));
        assert_null(held_read(&arena, &h, path_of(".env"), 100, &text));
        check_str(text, STR("A=1\n"));
        assert_null(held_close(&arena, &h));
    }
    assert_int_equal(close(usual[0]), 0); /* it is somebody else's */
    assert_int_equal(close(usual[1]), 0);
    assert_null(held_read(&arena, NULL, path_of(".env"), 100, &text));
    check_str(text, STR("A=1\n"));
    err failed = held_read(&arena, NULL, path_of("none"), 100, &text);
    assert_int_equal(failed->code, ERROR_NOT_FOUND);
}

static err count_up(struct arena *a, void *context, str *text)
{
    int *times = context;
    *times += 1;
    *text = str_format(a, "made %d", *times);
    return *times == 1 ? NULL : error_new(a, ERROR_NOT_FOUND, "made once");
}

static void what_is_no_file_is_held_as_well(void **state)
{
    (void)state;
    struct held h;
    str text = STR("");
    int times = 0;
    assert_int_equal(ftruncate(memory, 0), 0);
    for (int i = 0; i < 2; i++) {
        assert_null(held_open(&arena, dup(memory), &h));
        assert_null(held_make(&arena, &h, "how often", count_up, &times, &text));
        check_str(text, STR("made 1"));
        assert_null(held_close(&arena, &h));
    }
    assert_int_equal(times, 1);
    /* that it was not there is held, too */
    assert_int_equal(ftruncate(memory, 0), 0);
    for (int i = 0; i < 2; i++) {
        assert_null(held_open(&arena, dup(memory), &h));
        assert_int_equal(held_make(&arena, &h, "how often", count_up, &times, &text)->code, ERROR_NOT_FOUND);
        assert_null(held_close(&arena, &h));
    }
    assert_int_equal(times, 2);
}

static void what_cannot_be_understood_is_told(void **state)
{
    (void)state;
    struct settings s;
    static const char rubbish[] = "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff.env";
    assert_int_equal(ftruncate(memory, 0), 0);
    assert_int_equal(pwrite(memory, rubbish, sizeof rubbish, 0), sizeof rubbish);
    err failed = load(&s);
    assert_non_null(failed);
    assert_non_null(strstr(str_c(&arena, failed->detail), "is not among the settings that are held"));
    assert_int_equal(ftruncate(memory, 8 << 20), 0);
    failed = load(&s);
    check_str(failed->detail, STR("the settings that are held cannot be read"));
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_read_first_counts),
        cmocka_unit_test(who_cannot_read_leaves_nothing),
        cmocka_unit_test(without_memory_the_files_count),
        cmocka_unit_test(what_is_no_file_is_held_as_well),
        cmocka_unit_test(what_cannot_be_understood_is_told),
    };
    arena_init(&arena, 4096);
    int failed = cmocka_run_group_tests(tests, setup, teardown);
    arena_free(&arena);
    return failed;
}

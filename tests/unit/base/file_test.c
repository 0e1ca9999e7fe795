#include "base/file.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "support/unit.h"

static char folder[] = "/tmp/quire-file-test-XXXXXX";
static char path[sizeof folder + 16];
static char fifo[sizeof folder + 16];

static int make_folder(void **state)
{
    (void)state;
    if (mkdtemp(folder) == NULL) {
        return -1;
    }
    (void)snprintf(path, sizeof path, "%s/file", folder);
    (void)snprintf(fifo, sizeof fifo, "%s/fifo", folder);
    return mkfifo(fifo, 0600);
}

static int remove_folder(void **state)
{
    (void)state;
    (void)unlink(path);
    (void)unlink(fifo);
    return rmdir(folder);
}

static void write_file(str text)
{
    FILE *f = fopen(path, "wb");
    assert_non_null(f);
    assert_int_equal(fwrite(text.p, 1, text.n, f), text.n);
    assert_int_equal(fclose(f), 0);
}

static void reads_all_of_it(void **state)
{
    (void)state;
    str text = {0};
    write_file(STR("line\n\0\xFF"));
    assert_null(file_read(&arena, path, 100, &text));
    check_str(text, STR("line\n\0\xFF"));
    write_file(STR(""));
    assert_null(file_read(&arena, path, 0, &text));
    assert_int_equal(text.n, 0);
    str large = {arena_zero(&arena, 3000000), 3000000};
    write_file(large);
    assert_null(file_read(&arena, path, 3000000, &text));
    check_str(text, large);
}

static void the_limit_is_exact(void **state)
{
    (void)state;
    str text = STR("untouched");
    write_file(STR("12345"));
    err failed = file_read(&arena, path, 4, &text);
    assert_non_null(failed);
    assert_int_equal(failed->code, ERROR_TOO_LARGE);
    check_str(text, STR("untouched"));
    assert_null(file_read(&arena, path, 5, &text));
    check_str(text, STR("12345"));
}

static void failures_name_the_file(void **state)
{
    (void)state;
    const struct {
        const char *path;
        enum error_code code;
    } cases[] = {
        {"/nonexistent/quire", ERROR_NOT_FOUND},
        {"", ERROR_NOT_FOUND},
        {folder, ERROR_INTERNAL},
        {fifo, ERROR_INTERNAL}, /* and does not wait for a writer */
        {"/dev/null", ERROR_INTERNAL},
    };
    for (size_t i = 0; i < LENGTH(cases); i++) {
        str text = STR("untouched");
        err failed = file_read(&arena, cases[i].path, 1000, &text);
        assert_non_null(failed);
        assert_int_equal(failed->code, cases[i].code);
        assert_true(str_starts(failed->detail, str_format(&arena, "%s: ", cases[i].path)));
        check_str(text, STR("untouched"));
    }
}

static unsigned mode_of(const char *name)
{
    struct stat st;
    assert_int_equal(lstat(name, &st), 0);
    return (unsigned)st.st_mode & 07777;
}

static void writes_whole_with_its_mode(void **state)
{
    (void)state;
    str text = {0};
    mode_t before = umask(0077);
    assert_null(file_write(&arena, path, 0644, STR("first, and longer\0\xFF")));
    assert_int_equal(mode_of(path), 0644); /* whatever the umask */
    assert_null(file_write(&arena, path, 0600, STR("second")));
    (void)umask(before);
    assert_int_equal(mode_of(path), 0600);
    assert_null(file_read(&arena, path, 100, &text));
    check_str(text, STR("second"));
    assert_null(file_write(&arena, path, 0600, STR("")));
    assert_null(file_read(&arena, path, 100, &text));
    check_str(text, STR(""));
    str large = {arena_zero(&arena, 3000000), 3000000};
    assert_null(file_write(&arena, path, 0600, large));
    assert_null(file_read(&arena, path, 3000000, &text));
    check_str(text, large);
    assert_int_equal(access(str_format(&arena, "%s.part", path).p, F_OK), -1);
}

/* What stood there is replaced in one step: whoever has it open reads the old one to its end. */
static void who_reads_sees_it_whole(void **state)
{
    (void)state;
    char seen[16] = "";
    assert_null(file_write(&arena, path, 0600, STR("old")));
    FILE *f = fopen(path, "rb");
    assert_non_null(f);
    assert_null(file_write(&arena, path, 0600, STR("new, and longer")));
    assert_int_equal(fread(seen, 1, sizeof seen, f), 3);
    assert_string_equal(seen, "old");
    assert_int_equal(fclose(f), 0);
}

static void what_cannot_be_written(void **state)
{
    (void)state;
    const char *nowhere = str_format(&arena, "%s/no/file", folder).p;
    err e = file_write(&arena, nowhere, 0600, STR("x"));
    assert_non_null(e);
    assert_int_equal(e->code, ERROR_INTERNAL);
    assert_true(str_starts(e->detail, str_format(&arena, "%s.part: ", nowhere)));
    /* a folder stands in its place: what was begun is removed */
    const char *taken = str_format(&arena, "%s/taken", folder).p;
    assert_int_equal(mkdir(taken, 0700), 0);
    e = file_write(&arena, taken, 0600, STR("x"));
    assert_non_null(e);
    assert_true(str_starts(e->detail, str_format(&arena, "%s: ", taken)));
    assert_int_equal(access(str_format(&arena, "%s.part", taken).p, F_OK), -1);
    assert_int_equal(rmdir(taken), 0);
    /* a link that somebody has laid is not followed */
    const char *part = str_format(&arena, "%s.part", path).p;
    assert_null(file_write(&arena, path, 0600, STR("kept")));
    assert_int_equal(symlink(path, part), 0);
    e = file_write(&arena, path, 0600, STR("x"));
    assert_non_null(e);
    assert_int_equal(unlink(part), 0);
    str text = {0};
    assert_null(file_read(&arena, path, 100, &text));
    check_str(text, STR("kept"));
}

/* The file grows no further, as on a disk that is full: the old one stays, and what was begun goes. */
static void no_room(void **state)
{
    (void)state;
    str text = {0};
    struct rlimit before;
    assert_null(file_write(&arena, path, 0600, STR("kept")));
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    assert_int_equal(sigaction(SIGXFSZ, &(struct sigaction){.sa_handler = SIG_IGN}, NULL), 0);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &(struct rlimit){4096, before.rlim_max}), 0);
    str large = {arena_zero(&arena, 10000), 10000};
    err e = file_write(&arena, path, 0600, large);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    assert_int_equal(sigaction(SIGXFSZ, &(struct sigaction){.sa_handler = SIG_DFL}, NULL), 0);
    assert_non_null(e);
    assert_true(str_starts(e->detail, str_format(&arena, "%s: ", path)));
    assert_null(file_read(&arena, path, 100, &text));
    check_str(text, STR("kept"));
    assert_int_equal(access(str_format(&arena, "%s.part", path).p, F_OK), -1);
}

static void folders(void **state)
{
    (void)state;
    const char *deep = str_format(&arena, "%s/a/b/c", folder).p;
    mode_t before = umask(0077);
    assert_null(file_make_folders(&arena, deep, 0750));
    (void)umask(before);
    assert_int_equal(mode_of(deep), 0750);
    assert_int_equal(mode_of(str_format(&arena, "%s/a", folder).p), 0750);
    assert_int_equal(chmod(deep, 0700), 0);
    assert_null(file_make_folders(&arena, deep, 0750));
    assert_int_equal(mode_of(deep), 0700); /* those that are there stay as they are */
    write_file(STR("x"));
    err e = file_make_folders(&arena, str_format(&arena, "%s/below", path).p, 0700);
    assert_non_null(e);
    assert_int_equal(e->code, ERROR_INTERNAL);
    static const char *const made[] = {"a/b/c", "a/b", "a"};
    for (size_t i = 0; i < LENGTH(made); i++) {
        assert_int_equal(rmdir(str_format(&arena, "%s/%s", folder, made[i]).p), 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(reads_all_of_it),
        TEST(the_limit_is_exact),
        TEST(failures_name_the_file),
        TEST(writes_whole_with_its_mode),
        TEST(who_reads_sees_it_whole),
        TEST(what_cannot_be_written),
        TEST(no_room),
        TEST(folders),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}

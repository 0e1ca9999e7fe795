#include "base/file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "support.h"

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
    for (size_t i = 0; i < COUNT(cases); i++) {
        str text = STR("untouched");
        err failed = file_read(&arena, cases[i].path, 1000, &text);
        assert_non_null(failed);
        assert_int_equal(failed->code, cases[i].code);
        assert_true(str_starts(failed->detail, str_format(&arena, "%s: ", cases[i].path)));
        check_str(text, STR("untouched"));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {TEST(reads_all_of_it), TEST(the_limit_is_exact),
                                       TEST(failures_name_the_file)};
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}

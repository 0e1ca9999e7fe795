#include "io/settle.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "support/folder.h"
#include "support/unit.h"

/* The library's is not linked: a file system that knows no flags is this. */
static int refused_with;

int renameat2(int from_dir, const char *from, int to_dir, const char *to, unsigned flags)
{
    if (refused_with != 0) {
        errno = refused_with;
        return -1;
    }
    return (int)syscall(SYS_renameat2, from_dir, from, to_dir, to, flags);
}

static void write_file(const char *path)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL, 0600);
    assert_true(fd >= 0);
    assert_int_equal(close(fd), 0);
}

static void a_name_that_is_free_and_one_that_is_not(void **state)
{
    (void)state;
    static const int refusals[] = {0, EINVAL, ENOSYS, EOPNOTSUPP};
    for (size_t i = 0; i < LENGTH(refusals); i++) {
        char *dir = folder_make(&arena);
        const char *part = str_format(&arena, "%s/x.part", dir).p;
        const char *whole = str_format(&arena, "%s/x", dir).p;
        refused_with = refusals[i];
        write_file(part);
        assert_true(settle_file(part, whole));
        assert_int_equal(access(whole, F_OK), 0);
        assert_int_equal(folder_files(dir, ".part"), 0);
        write_file(part);
        assert_false(settle_file(part, whole));
        assert_int_equal(errno, EEXIST);
        assert_int_equal(folder_files(dir, ".part"), 1);
        folder_remove(dir);
    }
}

static void other_failures_stay_what_they_are(void **state)
{
    (void)state;
    refused_with = EACCES;
    assert_false(settle_file("nowhere.part", "nowhere"));
    assert_int_equal(errno, EACCES);
    refused_with = 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {TEST(a_name_that_is_free_and_one_that_is_not),
                                       TEST(other_failures_stay_what_they_are)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* io/media and io/magic: a folder on the disk, and what is left in it. */
#include "io/media.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "io/digest.h"
#include "io/magic.h"
#include "support/folder.h"
#include "support/pictures.h"
#include "support/unit.h"

static char *folder;
static struct media *media;
static struct arena life;

static int set_up(void **state)
{
    (void)arena_setup(state);
    arena_init(&life, 4096);
    folder = folder_make(&life);
    media = media_open(&life, str_format(&life, "%s/deep/er", folder));
    return 0;
}

static int tear_down(void **state)
{
    media_close(media);
    folder_remove(folder);
    arena_free(&life);
    return arena_teardown(state);
}

static void check_count(unsigned files, unsigned parts)
{
    assert_int_equal(folder_files(folder, ""), files);
    assert_int_equal(folder_files(folder, ".part"), parts);
}

static err receive(struct arena *a, str bytes, str *name)
{
    struct media_file *f = NULL;
    TRY(media_begin(media, a, &f));
    TRY(media_write(f, a, str_slice(bytes, 0, 10)));
    TRY(media_write(f, a, str_slice(bytes, 10, bytes.n)));
    return media_keep(f, a, name);
}

static void pictures_are_kept(void **state)
{
    (void)state;
    static const struct {
        str bytes;
        const char *extension;
    } cases[] = {
        {STR_INIT(PICTURE_PNG), "png"}, {STR_INIT(PICTURE_JPEG), "jpg"}, {STR_INIT(PICTURE_WEBP), "webp"}};
    mode_t before = umask(0077); /* the web server is another user */
    for (size_t i = 0; i < LENGTH(cases); i++) {
        unsigned char sum[DIGEST_BYTES];
        str name = {0};
        str bytes;
        struct stat st;
        assert_null(receive(&arena, cases[i].bytes, &name));
        digest_sha256(cases[i].bytes, sum);
        str hex = digest_hex(&arena, sum, sizeof sum);
        check_str(name, str_format(&arena, "%.2s/%s.%s", hex.p, hex.p, cases[i].extension));
        assert_true(name.n <= MEDIA_NAME_MAX);
        char *path = str_c(&arena, str_format(&arena, "%s/deep/er/%.*s", folder, STR_ARGS(name)));
        assert_null(file_read(&arena, path, 1 << 20, &bytes));
        check_str(bytes, cases[i].bytes);
        assert_int_equal(stat(path, &st), 0);
        assert_int_equal(st.st_mode & 07777, 0644);
        *strrchr(path, '/') = '\0';
        assert_int_equal(stat(path, &st), 0);
        assert_int_equal(st.st_mode & 07777, 0755);
    }
    (void)umask(before);
    check_count(3, 0);
}

static int64_t age_of(const char *path)
{
    struct stat st;
    assert_int_equal(stat(path, &st), 0);
    return (int64_t)(time(NULL) - st.st_mtim.tv_sec);
}

static void touch(const char *name, time_t age)
{
    const char *path = str_format(&arena, "%s/deep/er/%s", folder, name).p;
    const struct timespec times[2] = {{.tv_sec = time(NULL) - age}, {.tv_sec = time(NULL) - age}};
    int fd = open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
    assert_true(fd >= 0);
    assert_int_equal(futimens(fd, times), 0);
    assert_int_equal(close(fd), 0);
}

/* Who clears the folder takes what is old: a picture that was just chosen again is not. */
static void bytes_that_come_again_are_young(void **state)
{
    (void)state;
    str name = {0};
    assert_null(receive(&arena, STR(PICTURE_PNG), &name));
    const char *path = str_format(&arena, "%s/deep/er/%.*s", folder, STR_ARGS(name)).p;
    touch(str_c(&arena, name), 3000);
    assert_null(receive(&arena, STR(PICTURE_PNG), &name));
    assert_true(age_of(path) >= 3000);
    touch(str_c(&arena, name), 90000);
    assert_null(receive(&arena, STR(PICTURE_PNG), &name));
    assert_true(age_of(path) < 60);
    check_count(1, 0);
}

static void the_same_bytes_are_one_file(void **state)
{
    (void)state;
    str first = {0};
    str second = {0};
    struct stat before;
    struct stat after;
    assert_null(receive(&arena, STR(PICTURE_PNG), &first));
    const char *path = str_format(&arena, "%s/deep/er/%.*s", folder, STR_ARGS(first)).p;
    assert_int_equal(stat(path, &before), 0);
    assert_null(receive(&arena, STR(PICTURE_PNG), &second));
    assert_int_equal(stat(path, &after), 0);
    check_str(second, first);
    assert_int_equal(after.st_ino, before.st_ino);
    check_count(1, 0);
    /* one that is not whole is made so */
    assert_int_equal(truncate(path, 5), 0);
    assert_null(receive(&arena, STR(PICTURE_PNG), &second));
    assert_int_equal(stat(path, &after), 0);
    assert_int_equal(after.st_size, before.st_size);
    check_count(1, 0);
}

static void what_is_no_picture_goes_with_the_arena(void **state)
{
    (void)state;
    static const str bad[] = {STR_INIT(""), STR_INIT("<html>"), STR_INIT("\x89PNG\r\n\x1a\n"),
                              STR_INIT("GIF89a\x01\0\x01\0\0\0\0;"), STR_INIT("\xff\xd8\xff\xe0")};
    struct arena request;
    arena_init(&request, 4096);
    for (size_t i = 0; i < LENGTH(bad); i++) {
        str name = STR("untouched");
        err e = receive(&request, bad[i], &name);
        assert_non_null(e);
        assert_int_equal(e->code, ERROR_MEDIA_TYPE);
        check_str(name, STR("untouched"));
        check_count(1, 1);
        arena_reset(&request);
        check_count(0, 0);
    }
    arena_free(&request);
}

static void a_new_beginning(void **state)
{
    (void)state;
    struct media_file *f = NULL;
    str name = {0};
    assert_null(media_begin(media, &arena, &f));
    assert_null(media_write(f, &arena,
                            STR("something else, and longer than the picture that comes afterwards"
                                " ................................................")));
    assert_null(media_restart(f, &arena));
    assert_int_equal(media_size(f), 0);
    assert_null(media_write(f, &arena, STR(PICTURE_WEBP)));
    assert_int_equal(media_size(f), sizeof PICTURE_WEBP - 1);
    assert_null(media_keep(f, &arena, &name));
    media_discard(f); /* which does nothing any more */
    check_count(1, 0);
    str again = {0};
    assert_null(receive(&arena, STR(PICTURE_WEBP), &again));
    check_str(again, name);
}

static bool exists(const char *name)
{
    return access(str_format(&arena, "%s/deep/er/%s", folder, name).p, F_OK) == 0;
}

static void leftovers(void **state)
{
    (void)state;
    str name = {0};
    assert_null(receive(&arena, STR(PICTURE_PNG), &name));
    touch("old001.part", 3700);
    touch("new001.part", 3500);
    touch("old.part.txt", 99999);
    touch(".part", 99999);
    struct media *other = media_open(&life, str_format(&life, "%s/deep/er", folder));
    media_close(other);
    assert_false(exists("old001.part"));
    assert_true(exists("new001.part"));
    assert_true(exists("old.part.txt"));
    assert_true(exists(".part"));
    assert_true(exists(str_c(&arena, name)));
}

static void a_folder_that_cannot_be(void **state)
{
    (void)state;
    struct media *other = media_open(&life, STR("/dev/null/media"));
    struct media_file *f = NULL;
    err e = media_begin(other, &arena, &f);
    assert_non_null(e);
    assert_int_equal(e->code, ERROR_STORAGE);
    assert_true(e->retry_after > 0);
    assert_null(f);
    assert_true(e->cause.n > 0);
    assert_null(memmem(e->detail.p, e->detail.n, "/dev/null", 9));
    media_close(other);
}

static void types_by_content(void **state)
{
    (void)state;
    static const struct {
        str head;
        const char *type;
    } cases[] = {
        {STR_INIT(PICTURE_PNG), "image/png"},
        {STR_INIT(PICTURE_JPEG), "image/jpeg"},
        {STR_INIT(PICTURE_WEBP), "image/webp"},
        {STR_INIT("GIF89a\x01\0\x01\0\0\0\0;"), "image/gif"},
        {STR_INIT("plain text"), "application/octet-stream"}, /* texts are not guessed at */
        {STR_INIT("<svg xmlns='http://www.w3.org/2000/svg'/>"), "image/svg+xml"},
    };
    struct magic *m = magic_new();
    for (size_t i = 0; i < LENGTH(cases); i++) {
        str type = {0};
        assert_null(magic_media_type(m, &arena, cases[i].head, &type));
        check_str(type, str_of(cases[i].type));
    }
    magic_free(m);
    magic_free(NULL);
}

#define CASE(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(pictures_are_kept),
        CASE(the_same_bytes_are_one_file),
        CASE(bytes_that_come_again_are_young),
        CASE(what_is_no_picture_goes_with_the_arena),
        CASE(a_new_beginning),
        CASE(leftovers),
        CASE(a_folder_that_cannot_be),
        CASE(types_by_content),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

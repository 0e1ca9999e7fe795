/* http/upload: a picture on its way through the whole program, with a stand-in for web server and database. */
#include "http/upload.h"

#include <string.h>

#include "base/buf.h"
#include "base/json_in.h"
#include "models/session.h"
#include "support/fake_db.h"
#include "support/folder.h"
#include "support/pictures.h"
#include "support/site.h"
#include "support/unit.h"

#define TYPE "multipart/form-data; boundary=b"
#define PART "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"x\"\r\n\r\n"

static struct site site;
static struct value bearer[BEARER__MAX];
static const char *token;
static char *folder;
static const unsigned char user_uid[16] = {1};

static int set_up(void **state)
{
    (void)arena_setup(state);
    folder = folder_make(&arena);
    const char *const settings[] = {str_format(&arena, "MEDIA_DIR=%s/media", folder).p,
                                    "MEDIA_URL=https://cdn/m", "AVATAR_MAX_BYTES=1024", NULL};
    fake_db_start(&arena);
    site_open(&site, settings);
    fake_db_bearer(bearer, user_uid);
    token = site_token(&site, 7, 12);
    return 0;
}

static int tear_down(void **state)
{
    site_close(&site);
    folder_remove(folder);
    return arena_teardown(state);
}

/* How many files there are in the folder. */
static unsigned files(void)
{
    return folder_files(folder, "");
}

static struct answer put(str body)
{
    return site_ask(&site, &(struct ask){.method = "PUT",
                                         .target = "/api/v1/users/me/avatar",
                                         .body = body,
                                         .type = TYPE,
                                         .token = token});
}

static unsigned occurrences(const char *what)
{
    unsigned n = 0;
    str log = fake_db_log();
    for (const char *at = log.p; (at = memmem(at, log.n - (size_t)(at - log.p), what, strlen(what))) != NULL;
         at++) {
        n++;
    }
    return n;
}

static void a_picture_is_stored_and_named(void **state)
{
    (void)state;
    struct answer a = put(STR(PART PICTURE_PNG "\r\n--b--"));
    assert_int_equal(a.status, 200);
    assert_int_equal(files(), 1);
    assert_int_equal(occurrences("https://cdn/m/"), 1);
    assert_int_equal(occurrences(".png"), 1);
    assert_int_equal(occurrences("COMMIT"), 1);
}

/* The stream is read once, however often the handler runs. */
static void a_deadlock_does_not_read_again(void **state)
{
    (void)state;
    fake_db_fail(2, ERROR_DEADLOCK, NULL); /* 1: who asks; 2: the profile */
    struct answer a = put(STR(PART PICTURE_JPEG "\r\n--b--"));
    assert_int_equal(a.status, 200);
    assert_int_equal(occurrences("UPDATE profiles"), 2);
    assert_int_equal(occurrences(".jpg"), 2);
    assert_int_equal(files(), 1);
}

static void without_a_profile_one_is_made(void **state)
{
    (void)state;
    fake_db_find_nothing(2);
    struct answer a = put(STR(PART PICTURE_WEBP "\r\n--b--"));
    assert_int_equal(a.status, 201);
    assert_int_equal(occurrences("INSERT INTO profiles"), 1);
    assert_int_equal(occurrences(".webp"), 2); /* tried as an edit first */
}

/* Whatever is wrong, no statement but the one that asks who it is, no file. */
static void nothing_is_left_of_what_is_wrong(void **state)
{
    (void)state;
    char large[1025];
    memset(large, 'x', sizeof large);
    str too_large = str_format(&arena, PART "%.*s\r\n--b--", (int)sizeof large, large);
    const struct {
        str body;
        unsigned status;
        const char *code;
    } cases[] = {
        {STR(PART PICTURE_PNG), 400, "body_unreadable"},
        {STR(PART PICTURE_PNG "\r\n--b"), 400, "body_unreadable"},
        {STR("nothing of the kind"), 400, "body_unreadable"},
        {STR(PART "<html>\r\n--b--"), 415, "unsupported_media_type"},
        {STR(PART "\r\n--b--"), 422, "validation_error"},
        {STR("--b--"), 422, "validation_error"},
        {STR("--b\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\ntext\r\n--b--"), 422,
         "validation_error"},
        {too_large, 413, "body_too_large"},
    };
    for (size_t i = 0; i < LENGTH(cases); i++) {
        unsigned before = fake_db_count();
        struct answer a = put(cases[i].body);
        assert_int_equal(a.status, cases[i].status);
        check_str(answer_header(&a, "X-Error-Code"), str_of(cases[i].code));
        assert_int_equal(fake_db_count() - before, 1);
        assert_int_equal(files(), 0);
    }
    assert_int_equal(occurrences("BEGIN"), 0);
}

static void nobody_is_read_from(void **state)
{
    (void)state;
    token = NULL;
    struct answer a = put(STR(PART PICTURE_PNG "\r\n--b--"));
    assert_int_equal(a.status, 401);
    assert_int_equal(files(), 0);
    assert_int_equal(fake_db_count(), 0);
}

static void the_profile_cannot_be_written(void **state)
{
    (void)state;
    fake_db_fail_step(FAKE_DB_COMMIT, ERROR_OUTCOME_UNKNOWN);
    struct answer a = put(STR(PART PICTURE_PNG "\r\n--b--"));
    assert_int_equal(a.status, 503);
    assert_int_equal(files(), 1); /* whole, under its own name, nobody's: docs/operating.md */
}

#define CASE(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(a_picture_is_stored_and_named), CASE(a_deadlock_does_not_read_again),
        CASE(without_a_profile_one_is_made), CASE(nothing_is_left_of_what_is_wrong),
        CASE(nobody_is_read_from),           CASE(the_profile_cannot_be_written),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

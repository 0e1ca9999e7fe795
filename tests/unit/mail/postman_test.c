/* mail/postman: what becomes of a mail: the letter that is written, and the end of its row. The real way out, through a
 * server, is tests/api/mail.test.mjs. */
#include "mail/postman.h"

#include <dirent.h>
#include <string.h>

#include "base/base64.h"
#include "base/buf.h"
#include "base/file.h"
#include "conf/settings.h"
#include "http/process.h"
#include "http/scoreboard.h"
#include "io/db.h"
#include "mail/outbox.h"
#include "support/fake_db.h"
#include "support/folder.h"
#include "support/unit.h"

enum { ID = 31 };

static const char seed[] = "abcdefghijklmnopqrstuvwx";
static struct settings settings;
static struct process process;
static struct postman postman;
static struct postman_mail mail;
static struct value due[MAIL_DUE__MAX];
static struct value addressee[ADDRESSEE__MAX];
static char *folder;

static int set_up(void **state)
{
    (void)arena_setup(state);
    folder = folder_make(&arena);
    settings = (struct settings){.secret_key = STR("0123456789abcdef0123456789abcdef"),
                                 .mail_from = STR("\"The post\" <post@quire.example>"),
                                 .mail_dir = str_format(&arena, "%s/out/mails", folder),
                                 .mail_templates = STR("mails"),
                                 .site_url = STR("https://quire.example"),
                                 .mail_retry = 60,
                                 .mail_attempts = 4,
                                 .smtp_timeout = 2,
                                 .smtp_starttls = STR("off"),
                                 .work_lease = 15,
                                 .verify_token_hours = 48,
                                 .reset_token_minutes = 1};
    if (scoreboard_create(&arena, 1, 1, &process.board) != NULL) {
        return 1;
    }
    fake_db_start(&arena);
    due[MAIL_DUE_ID] = value_int(ID);
    due[MAIL_DUE_PURPOSE] = value_int(MAIL_RESET);
    due[MAIL_DUE_SEED] = value_bytes(seed, MAIL_SEED_BYTES);
    due[MAIL_DUE_ATTEMPTS] = value_int(0);
    addressee[ADDRESSEE_EMAIL] = value_text(STR("ada@example.com"));
    addressee[ADDRESSEE_USERNAME] = value_text(STR("ada <3"));
    fake_db_row(&mail_due, due);
    fake_db_row(&mail_addressee, addressee);
    postman_open(&postman, &arena, &settings, &process, db_new(NULL));
    return 0;
}

static int tear_down(void **state)
{
    folder_remove(folder);
    return arena_teardown(state);
}

/* Takes the mail that is due; the log begins anew. */
static void take(void)
{
    bool any = false;
    assert_null(postman_take(&postman, &arena, &mail, &any));
    assert_true(any);
    fake_db_start(&arena);
    fake_db_row(&mail_addressee, addressee);
}

static bool asked(const char *text)
{
    return strstr(str_c(&arena, fake_db_log()), text) != NULL;
}

/* The one mail in the folder. */
static str written(void)
{
    str text = {0};
    char *dir = str_c(&arena, settings.mail_dir);
    DIR *d = opendir(dir);
    assert_non_null(d);
    for (struct dirent *e = readdir(d); e != NULL; e = readdir(d)) {
        if (strstr(e->d_name, ".eml") != NULL) {
            assert_int_equal(text.n, 0);
            assert_null(file_read(&arena, str_format(&arena, "%s/%s", dir, e->d_name).p, 1 << 16, &text));
        }
    }
    assert_int_equal(closedir(d), 0);
    return text;
}

/* Without the line breaks that quoted-printable makes within lines (RFC 2045, section 6.7). */
static char *unfolded(str text)
{
    struct buf b;
    buf_init(&b, &arena, text.n + 1, text.n + 1);
    for (size_t i = 0; i < text.n; i++) {
        bool soft = str_starts(str_slice(text, i, text.n), STR("=\r\n"));
        i += soft ? 2 : 0;
        buf_put(&b, text.p + i, soft ? 0 : 1);
    }
    return str_c(&arena, buf_view(&b));
}

static void a_mail_to_a_file(void **state)
{
    (void)state;
    unsigned char token[DIGEST_BYTES];
    struct buf link;
    take();
    assert_int_equal(mail.lease.seconds, 17); /* as long as sending may take, and the lease */
    postman_deliver(&postman, &arena, &mail);
    outbox_token(digest_key_new(&arena, settings.secret_key), MAIL_RESET, str_of(seed), token);
    buf_init(&link, &arena, 64, 64);
    base64_put(&link, token, sizeof token);
    const char *text = unfolded(written());
    assert_non_null(strstr(text, "To: <ada@example.com>\r\n"));
    assert_non_null(strstr(text, "From: \"The post\" <post@quire.example>\r\n"));
    const char *want = str_format(&arena, "https://quire.example/reset-password.html#token=3D%.*s\r\n",
                                  STR_ARGS(buf_view(&link)))
                           .p;
    assert_non_null(strstr(text, want));
    assert_non_null(strstr(text, "good for 1 minute and works once"));
    assert_null(strstr(text, "{{"));
    assert_true(asked("statement mail_token_make"));
    assert_true(asked("statement mail_done  [31, "));
    assert_int_equal(fake_db_count(), 3);
    /* the token is in the mail, and only its hash was stored */
    assert_null(strstr(str_c(&arena, fake_db_log()), str_c(&arena, buf_view(&link))));
    /* the same again makes the same mail, under the same name */
    fake_db_start(&arena);
    fake_db_row(&mail_addressee, addressee);
    postman_deliver(&postman, &arena, &mail);
    assert_int_equal(folder_files(folder, ".eml"), 1);
    assert_int_equal(folder_files(folder, ".part"), 0);
}

static void nobody_to_send_it_to(void **state)
{
    (void)state;
    for (unsigned nth = 1; nth <= 2; nth++) { /* nobody has the address, or has lost it a moment ago */
        take();
        fake_db_find_nothing(nth);
        postman_deliver(&postman, &arena, &mail);
        assert_true(asked("statement mail_done  [31, "));
        assert_int_equal(fake_db_count(), nth + 1);
        fake_db_row(&mail_due, due);
    }
    assert_int_equal(folder_files(folder, ".eml"), 0);
}

/* Later and later, up to an hour; and not for ever. */
static void what_fails_is_put_off(void **state)
{
    (void)state;
    static const struct {
        int64_t attempts;
        int64_t most;
        const char *end;
    } cases[] = {{0, 4, ", 60, 31, "},   {1, 4, ", 120, 31, "},   {2, 4, ", 240, 31, "},
                 {3, 4, "mail_give_up"}, {7, 90, ", 3600, 31, "}, {80, 90, ", 3600, 31, "}};
    settings.mail_templates = str_format(&arena, "%s/nothing", folder);
    for (size_t i = 0; i < LENGTH(cases); i++) {
        settings.mail_attempts = cases[i].most;
        due[MAIL_DUE_ATTEMPTS] = value_int(cases[i].attempts);
        fake_db_row(&mail_due, due);
        take();
        postman_deliver(&postman, &arena, &mail);
        assert_true(asked(cases[i].end));
        assert_int_equal(asked("mail_put_off"), cases[i].attempts + 1 < cases[i].most);
        assert_false(asked("mail_done"));
    }
}

/* A folder that cannot be made, and a server that is not there: another time it may succeed. */
static void no_way_out(void **state)
{
    (void)state;
    assert_null(file_write(&arena, str_format(&arena, "%s/out", folder).p, 0600, STR("no folder")));
    take();
    postman_deliver(&postman, &arena, &mail);
    assert_true(asked("statement mail_put_off"));
    settings.smtp_url = STR("smtp://127.0.0.1:1");
    fake_db_row(&mail_due, due);
    take();
    postman_deliver(&postman, &arena, &mail);
    assert_true(asked("statement mail_put_off"));
    assert_true(asked("the server's last code: 0"));
}

/* An address of before our rules for them would be refused each time. */
static void an_address_that_cannot_be_written_to(void **state)
{
    (void)state;
    addressee[ADDRESSEE_EMAIL] = value_text(STR("no address\r\nBcc: eve@example.com"));
    take();
    postman_deliver(&postman, &arena, &mail);
    assert_true(asked("statement mail_give_up"));
    assert_true(asked("the address cannot be written to"));
}

/* Until the end is written the mail would be sent again: so it is tried until the database is back. */
static void the_end_is_written_again(void **state)
{
    (void)state;
    take();
    fake_db_fail(3, ERROR_OUTCOME_UNKNOWN, NULL);
    fake_db_fail(4, ERROR_DEADLOCK, NULL);
    postman_deliver(&postman, &arena, &mail);
    assert_int_equal(fake_db_count(), 5);
    fake_db_row(&mail_due, due);
    take();
    fake_db_fail(3, ERROR_INTERNAL, NULL); /* no use */
    postman_deliver(&postman, &arena, &mail);
    assert_int_equal(fake_db_count(), 3);
}

static void the_database_is_away(void **state)
{
    (void)state;
    bool any = true;
    for (unsigned nth = 1; nth <= 2; nth++) {
        fake_db_row(&mail_due, due);
        take();
        fake_db_fail(nth, ERROR_UNAVAILABLE, NULL);
        postman_deliver(&postman, &arena, &mail);
        assert_int_equal(fake_db_count(), nth); /* nothing more: the lease runs out */
    }
    assert_int_equal(folder_files(folder, ".eml"), 0);
    fake_db_start(&arena);
    fake_db_fail(1, ERROR_UNAVAILABLE, NULL);
    assert_int_equal(error_sure(postman_take(&postman, &arena, &mail, &any))->code, ERROR_UNAVAILABLE);
}

/* A pool that stops gives back what it has begun and not sent, also when that fails. */
static void a_pool_that_stops(void **state)
{
    (void)state;
    take();
    scoreboard_drain(process.board);
    fake_db_fail(1, ERROR_UNAVAILABLE, NULL);
    postman_deliver(&postman, &arena, &mail);
    assert_true(asked("statement mail_give_back  [31, "));
    assert_int_equal(fake_db_count(), 2);
    fake_db_start(&arena);
    fake_db_fail(1, ERROR_UNAVAILABLE, NULL);
    fake_db_fail(2, ERROR_UNAVAILABLE, NULL);
    postman_deliver(&postman, &arena, &mail);
    assert_int_equal(fake_db_count(), 2);
}

/* Old rows go when there is nothing else to do, and not at every look; or when there was always something to do. */
static void pruning(void **state)
{
    (void)state;
    bool any = true;
    static const int64_t ten_minutes = 600 * 1000000LL;
    static const char looked[] = "statement mail_waiting\n";
    static const char pruned[] = "statement mail_waiting\nstatement mail_prune\nstatement mail_token_prune\n"
                                 "statement idempotency_purge  [<about now>]\n";
    fake_db_find_nothing(1);
    fake_db_fail(2, ERROR_DEADLOCK, NULL);
    assert_null(postman_take(&postman, &arena, &mail, &any));
    assert_false(any);
    for (int i = 0; i < 2; i++) { /* it failed: at once again; then not for some minutes */
        fake_db_start(&arena);
        fake_db_find_nothing(1);
        assert_null(postman_take(&postman, &arena, &mail, &any));
        check_str(fake_db_log(), str_of(i == 0 ? pruned : looked));
    }
    for (int i = 0; i < 3;
         i++) { /* a mail is due at every look: in the second it has been so for ten minutes */
        fake_db_start(&arena);
        fake_db_row(&mail_due, due);
        postman.idle -= i == 1 ? ten_minutes : 0;
        postman.pruned -= i == 1 ? ten_minutes : 0;
        assert_null(postman_take(&postman, &arena, &mail, &any));
        assert_true(any);
        assert_int_equal(str_starts(fake_db_log(), STR("statement mail_prune\n")), i == 1);
        assert_int_equal(asked("statement mail_token_prune\n"), i == 1);
    }
}

static void whom_mails_are_from(void **state)
{
    (void)state;
    static const struct {
        const char *setting, *name, *address;
    } cases[] = {
        {"", "Quire", "quire@localhost"},
        {"post@quire.example", "", "post@quire.example"},
        {"The Post <post@Quire.Example>", "The Post", "post@quire.example"},
        {"\"Post, the\" <post@quire.example>", "Post, the", "post@quire.example"},
    };
    for (size_t i = 0; i < LENGTH(cases); i++) {
        settings.mail_from = str_of(cases[i].setting);
        postman_open(&postman, &arena, &settings, &process, db_new(NULL));
        check_str(postman.name, str_of(cases[i].name));
        check_str(postman.from, str_of(cases[i].address));
    }
}

#define CASE(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(a_mail_to_a_file),
        CASE(nobody_to_send_it_to),
        CASE(what_fails_is_put_off),
        CASE(no_way_out),
        CASE(an_address_that_cannot_be_written_to),
        CASE(the_end_is_written_again),
        CASE(the_database_is_away),
        CASE(a_pool_that_stops),
        CASE(pruning),
        CASE(whom_mails_are_from),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

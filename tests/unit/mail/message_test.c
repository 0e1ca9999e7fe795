/* mail/message: what goes over the wire. */
#include "mail/message.h"

#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "support/unit.h"

static struct message plain(void)
{
    return (struct message){.from_name = STR("Quire"),
                            .from = STR("post@example.com"),
                            .to = STR("ada@example.org"),
                            .subject = STR("A letter"),
                            .text = STR("one\ntwo\n"),
                            .html = STR("<p>one</p>\n"),
                            .id = STR("0a1b"),
                            .date = 1767323045000000LL};
}

static bool has(str s, const char *part)
{
    return memmem(s.p, s.n, part, strlen(part)) != NULL;
}

static void check_has(str s, const char *part)
{
    if (!has(s, part)) {
        fail_msg("\"%s\" is not in:\n%.*s", part, STR_ARGS(s));
    }
}

static void a_whole_message(void **state)
{
    (void)state;
    struct message m = plain();
    check_str(message_make(&arena, &m), STR("Date: Fri, 2 Jan 2026 03:04:05 +0000\r\n"
                                            "From: \"Quire\" <post@example.com>\r\n"
                                            "To: <ada@example.org>\r\n"
                                            "Subject: A letter\r\n"
                                            "Message-ID: <0a1b@example.com>\r\n"
                                            "Auto-Submitted: auto-generated\r\n"
                                            "MIME-Version: 1.0\r\n"
                                            "Content-Type: multipart/alternative; boundary=\"=_0a1b\"\r\n"
                                            "\r\n"
                                            "--=_0a1b\r\n"
                                            "Content-Type: text/plain; charset=utf-8\r\n"
                                            "Content-Transfer-Encoding: quoted-printable\r\n"
                                            "\r\n"
                                            "one\r\ntwo\r\n\r\n\r\n"
                                            "--=_0a1b\r\n"
                                            "Content-Type: text/html; charset=utf-8\r\n"
                                            "Content-Transfer-Encoding: quoted-printable\r\n"
                                            "\r\n"
                                            "<p>one</p>\r\n\r\n\r\n"
                                            "--=_0a1b--\r\n"));
}

static void days_of_the_week(void **state)
{
    (void)state;
    static const struct {
        struct civil when;
        const char *text;
    } cases[] = {
        {{1970, 1, 1, 0, 0, 0, 0}, "Date: Thu, 1 Jan 1970 00:00:00 +0000\r\n"},
        {{1969, 12, 31, 23, 59, 59, 0}, "Date: Wed, 31 Dec 1969 23:59:59 +0000\r\n"},
        {{2024, 2, 29, 12, 0, 0, 0}, "Date: Thu, 29 Feb 2024 12:00:00 +0000\r\n"},
        {{2026, 11, 22, 1, 2, 3, 0}, "Date: Sun, 22 Nov 2026 01:02:03 +0000\r\n"},
    };
    for (size_t i = 0; i < LENGTH(cases); i++) {
        struct message m = plain();
        m.date = clock_from_civil(&cases[i].when);
        check_has(message_make(&arena, &m), cases[i].text);
    }
}

/* No line of the body is over 76 bytes, and none ends in a blank. */
static void check_lines(str wire)
{
    for (size_t at = 0; at < wire.n;) {
        size_t end = str_find(wire, '\n', at);
        assert_true(end < wire.n && end > at && wire.p[end - 1] == '\r');
        assert_true(end - 1 - at <= 76);
        assert_false(end - 1 > at && wire.p[end - 2] == ' ');
        at = end + 1;
    }
}

static void quoted_printable(void **state)
{
    (void)state;
    struct message m = plain();
    char text[400];
    memset(text, 'x', sizeof text);
    memcpy(text + 70, "\xc3\xa9=\xf0\x9f\x98\x80", 7);
    text[200] = '\n';
    text[199] = ' ';
    text[300] = '\t';
    m.text = (str){text, sizeof text};
    str wire = message_make(&arena, &m);
    check_lines(wire);
    check_has(wire, "xx=C3=\r\n=A9=3D=F0=9F=98=80xx");
    check_has(wire, "=20\r\nx");
    check_has(wire, "x=09x");
}

static void headers_cannot_be_injected(void **state)
{
    (void)state;
    struct message m = plain();
    m.subject = STR("one\r\nBcc: eve@example.com");
    m.from_name = STR("a\"b\\\r\nX: y");
    str wire = message_make(&arena, &m);
    assert_false(has(wire, "\nBcc:"));
    assert_false(has(wire, "\nX:"));
    check_has(wire, "Subject: one  Bcc: eve@example.com\r\n");
    check_has(wire, "From: \"a\\\"b\\\\  X: y\" <post@example.com>\r\n");
    m.subject = STR("\xc3\xa9\r\nBcc: eve@example.com");
    assert_false(has(message_make(&arena, &m), "\nBcc:"));
}

static void words_beyond_ascii(void **state)
{
    (void)state;
    struct message m = plain();
    m.subject = STR("Gr\xc3\xbc\xc3\x9f Gott=");
    m.from_name = STR("Qu\xc3\xafre");
    check_has(message_make(&arena, &m), "\r\nSubject: =?UTF-8?Q?Gr=C3=BC=C3=9F_Gott=3D?=\r\n");
    check_has(message_make(&arena, &m), "\r\nFrom: =?UTF-8?Q?Qu=C3=AFre?=\r\n <post@example.com>\r\n");
}

static void long_subjects_are_folded_between_characters(void **state)
{
    (void)state;
    struct message m = plain();
    struct buf b;
    buf_init(&b, &arena, 256, 4096);
    for (int i = 0; i < 60; i++) {
        buf_lit(&b, "\xe2\x82\xac");
    }
    m.subject = buf_view(&b);
    str wire = message_make(&arena, &m);
    check_lines(wire);
    /* whole characters only: each word is a number of =E2=82=AC */
    size_t words = 0;
    size_t euros = 0;
    for (size_t i = 0; i + 10 < wire.n; i++) {
        if (memcmp(wire.p + i, "=?UTF-8?Q?", 10) == 0) {
            assert_memory_equal(wire.p + i + 10, "=E2=82=AC", 9);
            words++;
        }
        euros += memcmp(wire.p + i, "=E2=82=AC", 9) == 0;
    }
    assert_true(words > 5);
    assert_int_equal(euros, 60);
}

static void addresses(void **state)
{
    (void)state;
    str out = {0};
    assert_true(message_address(&arena, STR("ada@example.com"), &out));
    check_str(out, STR("ada@example.com"));
    assert_true(message_address(&arena, STR("ada@b\xc3\xbc\x63her.example"), &out));
    check_str(out, STR("ada@xn--bcher-kva.example"));
    assert_true(message_address(&arena, STR("\xc3\xa9ve@example.com"), &out));
    check_str(out, STR("\xc3\xa9ve@example.com"));
    static const char *const bad[] = {"",
                                      "ada",
                                      "@example.com",
                                      "ada@",
                                      "ada@example..com",
                                      "a b@example.com",
                                      "ada@example.com\r\nRCPT TO:<eve@example.com>",
                                      "ada>@example.com",
                                      "ada@exam<ple.com",
                                      "ada@bob@example.com",
                                      "a\x7f@example.com"};
    for (size_t i = 0; i < LENGTH(bad); i++) {
        if (message_address(&arena, str_of(bad[i]), &out)) {
            fail_msg("%s is taken for an address", bad[i]);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_whole_message),    TEST(days_of_the_week),
        TEST(quoted_printable),   TEST(headers_cannot_be_injected),
        TEST(words_beyond_ascii), TEST(long_subjects_are_folded_between_characters),
        TEST(addresses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

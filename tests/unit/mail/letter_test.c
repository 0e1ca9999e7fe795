/* mail/letter: templates filled, values escaped by part; and the project's own templates. */
#include "mail/letter.h"

#include <string.h>

#include "base/file.h"
#include "support/folder.h"
#include "support/unit.h"

static char *dir;

static int set_up(void **state)
{
    (void)arena_setup(state);
    dir = folder_make(&arena);
    return 0;
}

static int tear_down(void **state)
{
    folder_remove(dir);
    return arena_teardown(state);
}

static void put(const char *name, const char *text)
{
    assert_null(file_write(&arena, str_format(&arena, "%s/%s", dir, name).p, 0600, str_of(text)));
}

static const struct letter_value values[] = {{"username", STR_INIT("<b>\"ada\" & 'co'")},
                                             {"link", STR_INIT("https://a/?b=c&d")}};

static err fill(struct letter *out)
{
    return letter_write(&arena, dir, "x", values, LENGTH(values), out);
}

static void values_are_escaped_in_html_alone(void **state)
{
    (void)state;
    struct letter letter;
    put("x.txt", "Subject: To {{username}}\n\n{{ link }} {{username}}{{link}}\n{ } {a}");
    put("x.html", "<p>{{username}} <a href=\"{{link}}\">");
    assert_null(fill(&letter));
    check_str(letter.subject, STR("To <b>\"ada\" & 'co'"));
    check_str(letter.text, STR("https://a/?b=c&d <b>\"ada\" & 'co'https://a/?b=c&d\n{ } {a}"));
    check_str(letter.html,
              STR("<p>&lt;b&gt;&quot;ada&quot; &amp; &#39;co&#39; <a href=\"https://a/?b=c&amp;d\">"));
}

/* The mistake that a text, or else the HTML, is refused for. */
static void check_refused(const char *text, const char *html, const char *why)
{
    struct letter letter = {.subject = STR("untouched")};
    put("x.txt", text);
    put("x.html", html);
    err e = fill(&letter);
    assert_non_null(e);
    assert_int_equal(e->code, ERROR_INTERNAL);
    if (memmem(e->detail.p, e->detail.n, why, strlen(why)) == NULL) {
        fail_msg("%.*s", STR_ARGS(e->detail));
    }
    check_str(letter.subject, STR("untouched"));
}

static void mistakes_are_named(void **state)
{
    (void)state;
    check_refused("Subject: a\n\n{{nothing}}", "", "x.txt: there is no value called nothing");
    check_refused("Subject: a\n\nb", "{{token}}", "x.html: there is no value called token");
    check_refused("Subject: a\n\n{{link", "", "x.txt: two braces are never closed");
    check_refused("Hello\n\nb", "", "x.txt: must begin with a line `Subject: ");
    check_refused("Subject: a\nb", "", "x.txt: must begin with a line `Subject: ");
    check_refused("Subject: a\n\n\xff", "", "x.txt: is not UTF-8");
    struct letter letter;
    err e = letter_write(&arena, dir, "none", values, LENGTH(values), &letter);
    assert_non_null(e);
    assert_int_equal(e->code, ERROR_INTERNAL);
}

/* What somebody else chose stands in none of them: a mail of ours must not carry a stranger's words to anybody. */
static void our_templates_are_good(void **state)
{
    (void)state;
    static const char *const names[] = {"verify", "reset"};
    static const struct letter_value given[] = {{"link", STR_INIT("https://example.com/x#token=abc")},
                                                {"site", STR_INIT("https://example.com")},
                                                {"valid", STR_INIT("48 hours")}};
    for (size_t i = 0; i < LENGTH(names); i++) {
        struct letter letter;
        err e = letter_write(&arena, "mails", names[i], given, LENGTH(given), &letter);
        if (e != NULL) {
            fail_msg("%.*s", STR_ARGS(e->detail));
        }
        assert_non_null(memmem(letter.text.p, letter.text.n, "\nhttps://example.com/x#token=abc\n", 33));
        assert_non_null(memmem(letter.html.p, letter.html.n, "href=\"https://example.com/x#token=abc\"", 38));
        assert_true(letter.subject.n > 0);
    }
}

#define IN_FOLDER(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FOLDER(values_are_escaped_in_html_alone),
        IN_FOLDER(mistakes_are_named),
        TEST(our_templates_are_good),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

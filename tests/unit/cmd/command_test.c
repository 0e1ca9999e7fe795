/* cmd: what commands say and how they end, as far as no database is needed. */
#include "cmd/command.h"

#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"
#include "support/golden.h"
#include "support/unit.h"

/* main.c has the program's own. */
const char *const program_version = "0.0.0";
const char *const installed_migrations_dir = "/usr/share/quire/migrations";
const char *const installed_mail_templates = "mails";
const struct command commands[] = {
    {"schema", command_schema, "s", "h"}, {"config", command_config, "c", "h"},
    {"user", command_user, NULL, "h"},    {"migrate", command_migrate, "m", "h"},
    {"serve", command_serve, "s", "h"},   {NULL, NULL, NULL, NULL},
};

/* What was written to one of our outputs meanwhile. */
struct capture {
    FILE *stream;
    int kept, memory;
};

static struct capture capture(FILE *stream)
{
    struct capture c = {.stream = stream};
    assert_int_equal(fflush(stream), 0);
    c.kept = dup(fileno(stream));
    c.memory = memfd_create("said", MFD_CLOEXEC);
    assert_true(c.kept >= 0 && c.memory >= 0);
    assert_true(dup2(c.memory, fileno(stream)) >= 0);
    return c;
}

static str captured(const struct capture *c)
{
    enum { MOST = 1 << 20 };
    char *text = arena_alloc(&arena, MOST);
    assert_int_equal(fflush(c->stream), 0);
    assert_true(dup2(c->kept, fileno(c->stream)) >= 0);
    ssize_t n = pread(c->memory, text, MOST, 0);
    assert_true(n >= 0 && n < MOST);
    assert_int_equal(close(c->memory), 0);
    assert_int_equal(close(c->kept), 0);
    return (str){text, (size_t)n};
}

#define RUN(...) run((char *[]){__VA_ARGS__, NULL})

static struct {
    int status;
    str out, error;
} last;

static void run(char *const *argv)
{
    int argc = 0;
    while (argv[argc] != NULL) {
        argc++;
    }
    const struct command *command = command_find(argv[0]);
    assert_non_null(command);
    struct capture out = capture(stdout);
    struct capture error = capture(stderr);
    last.status = command->run(argc, argv);
    last.error = captured(&error);
    last.out = captured(&out);
}

static void commands_are_found_by_name(void **state)
{
    (void)state;
    assert_ptr_equal(command_find("schema"), &commands[0]);
    assert_ptr_equal(command_find("serve"), &commands[4]);
    assert_null(command_find("schem"));
    assert_null(command_find("schemas"));
    assert_null(command_find(""));
}

/* The cause is for those who run the program; there is not always one. */
static void failures_are_said(void **state)
{
    (void)state;
    struct capture said = capture(stderr);
    int status = command_failed(error_new(&arena, ERROR_INTERNAL, "a sentence"));
    check_str(captured(&said), STR("quire: a sentence\n"));
    assert_int_equal(status, EXIT_FAILED);
    said = capture(stderr);
    status = command_failed(error_cause(&arena, ERROR_UNAVAILABLE, "2002 nobody there"));
    str text = captured(&said);
    assert_non_null(memmem(text.p, text.n, "2002 nobody there", 17));
    assert_int_equal(status, EXIT_FAILED);
}

static void wrong_usage(void **state)
{
    (void)state;
    static char *const wrong[][8] = {
        {"schema", "x", NULL},
        {"config", "x", NULL},
        {"config", "--example", "x", NULL},
        {"config", "x", "--example", NULL},
        {"serve", "x", NULL},
        {"migrate", NULL},
        {"migrate", "sideways", NULL},
        {"migrate", "down", "0", NULL},
        {"migrate", "down", "x", NULL},
        {"migrate", "up", "1", "2", NULL},
        {"migrate", "upgrade", "-1", NULL},
        {"migrate", "downgrade", NULL},
        {"migrate", "revision", NULL},
        {"migrate", "heads", "--sideways", NULL},
        {"user", NULL},
        {"user", "delete", NULL},
        {"user", "create", NULL},
        {"user", "create", "--username", "ada", NULL},
        {"user", "create", "--username", NULL},
        {"user", "create", "--username", "ada", "--email", "a@x.com", "--owner", NULL},
    };
    for (size_t i = 0; i < LENGTH(wrong); i++) {
        run(wrong[i]);
        print_message("%.*s", STR_ARGS(last.error));
        assert_int_equal(last.status, EXIT_USAGE);
        assert_int_equal(last.out.n, 0);
        assert_true(str_starts(last.error, STR("quire: ")));
        str help = str_format(&arena, "\nTry `quire %s --help`.\n", wrong[i][0]);
        assert_non_null(memmem(last.error.p, last.error.n, help.p, help.n));
    }
}

static void the_schema(void **state)
{
    (void)state;
    RUN("schema");
    assert_int_equal(last.status, EXIT_DONE);
    assert_true(last.out.n > 0);
    golden_check(&arena, "tests/golden/schema.sql",
                 str_slice(last.out, 0, last.out.n - 1)); /* its last line is empty */
}

static void the_example_of_settings(void **state)
{
    (void)state;
    str file = {0};
    RUN("config", "--example");
    assert_int_equal(last.status, EXIT_DONE);
    assert_null(file_read(&arena, "conf/.env.example", 1 << 20, &file));
    check_str(last.out, file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(commands_are_found_by_name), TEST(failures_are_said), TEST(wrong_usage), TEST(the_schema),
        TEST(the_example_of_settings),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

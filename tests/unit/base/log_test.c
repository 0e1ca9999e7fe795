#include "base/log.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/json_in.h"
#include "support/unit.h"

static char folder[] = "/tmp/quire-log-test-XXXXXX";
static char path[sizeof folder + 16];

static int make_folder(void **state)
{
    (void)state;
    if (mkdtemp(folder) == NULL) {
        return -1;
    }
    (void)snprintf(path, sizeof path, "%s/log", folder);
    return 0;
}

static int remove_folder(void **state)
{
    (void)state;
    (void)unlink(path);
    return rmdir(folder);
}

static int open_log(void **state)
{
    (void)unlink(path);
    log_set_level(LOG_INFO);
    return log_open(path) ? arena_setup(state) : -1;
}

static int close_log(void **state)
{
    (void)log_open(NULL);
    return arena_teardown(state);
}

static str whole_log(void)
{
    struct stat about;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    assert_true(fd >= 0);
    assert_int_equal(fstat(fd, &about), 0);
    char *text = arena_alloc(&arena, (size_t)about.st_size);
    assert_int_equal(read(fd, text, (size_t)about.st_size), about.st_size);
    (void)close(fd);
    return (str){text, (size_t)about.st_size};
}

/* The next line of the log as JSON; every line must be an object and end with a line feed. */
static const struct json *next_line(str text, size_t *at)
{
    struct json *v = NULL;
    struct json_failure why;
    size_t end = str_find(text, '\n', *at);
    assert_true(end < text.n);
    assert_int_equal(json_read(&arena, str_slice(text, *at, end), &json_default_limits, &v, &why),
                     JSON_READ_OK);
    assert_int_equal(v->type, JSON_OBJECT);
    *at = end + 1;
    return v;
}

static void the_form_of_a_line(void **state)
{
    (void)state;
    int64_t before = clock_now();
    log_line(LOG_WARN, "database is away", "try", "3", "host", "127.0.0.1");
    str text = whole_log();
    size_t at = 0;
    const struct json *line = next_line(text, &at);
    assert_int_equal(at, text.n);
    assert_int_equal(line->count, 5);
    check_str(line->first->key, STR("time"));
    int64_t time = 0;
    assert_true(clock_parse_time(line->first->text, &time));
    assert_true(time >= before && time <= clock_now());
    check_str(line->first->next->key, STR("level"));
    check_str(line->first->next->text, STR("warn"));
    check_str(json_member(line, STR("message"))->text, STR("database is away"));
    check_str(json_member(line, STR("try"))->text, STR("3"));
    check_str(json_member(line, STR("host"))->text, STR("127.0.0.1"));
}

static void levels(void **state)
{
    (void)state;
    assert_false(log_enabled(LOG_DEBUG));
    assert_true(log_enabled(LOG_INFO));
    log_line(LOG_DEBUG, "no");
    log_line(LOG_INFO, "1");
    log_set_level(LOG_ERROR);
    log_line(LOG_WARN, "no");
    log_line(LOG_ERROR, "2");
    log_set_level(LOG_DEBUG);
    log_line(LOG_DEBUG, "3");
    static const str names[] = {STR_INIT("info"), STR_INIT("error"), STR_INIT("debug")};
    str text = whole_log();
    size_t at = 0;
    for (size_t i = 0; i < LENGTH(names); i++) {
        const struct json *line = next_line(text, &at);
        check_str(json_member(line, STR("level"))->text, names[i]);
        check_str(json_member(line, STR("message"))->text, str_format(&arena, "%zu", i + 1));
    }
    assert_int_equal(at, text.n);
}

static void bytes_of_unknown_origin(void **state)
{
    (void)state;
    log_line(LOG_INFO, "bad \xFF\"\n", "k\xC3", "v\xED\xA0\x80\x01\\", "empty", "", "utf8", "\xC3\xA9");
    str text = whole_log();
    size_t at = 0;
    const struct json *line = next_line(text, &at);
    check_str(json_member(line, STR("message"))->text, STR("bad \xEF\xBF\xBD\"\n"));
    check_str(json_member(line, STR("k\xEF\xBF\xBD"))->text,
              STR("v\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\x01\\"));
    check_str(json_member(line, STR("empty"))->text, STR(""));
    check_str(json_member(line, STR("utf8"))->text, STR("\xC3\xA9"));
}

static void a_line_too_long_is_dropped(void **state)
{
    (void)state;
    char *value = arena_alloc(&arena, 100001);
    memset(value, 'x', 100000);
    value[100000] = '\0';
    log_line(LOG_INFO, "long", "value", value);
    log_line(LOG_INFO, "short");
    str text = whole_log();
    size_t at = 0;
    check_str(json_member(next_line(text, &at), STR("message"))->text, STR("short"));
    assert_int_equal(at, text.n);
}

static void lines_built_by_the_caller(void **state)
{
    (void)state;
    struct buf line;
    buf_init(&line, &arena, 64, 1000);
    log_begin(&line, LOG_INFO);
    buf_lit(&line, ",\"status\":200");
    log_end(&line);
    str text = whole_log();
    size_t at = 0;
    check_str(json_member(next_line(text, &at), STR("status"))->text, STR("200"));
}

static void processes_do_not_mix_their_lines(void **state)
{
    (void)state;
    enum { CHILDREN = 4, EACH = 300 };
    char filler[2001];
    for (int c = 0; c < CHILDREN; c++) {
        pid_t child = fork();
        assert_true(child >= 0);
        if (child == 0) {
            memset(filler, 'a' + c, sizeof filler - 1);
            filler[sizeof filler - 1] = '\0';
            for (int i = 0; i < EACH; i++) {
                log_line(LOG_INFO, "child", "filler", filler);
            }
            _exit(0);
        }
    }
    for (int c = 0; c < CHILDREN; c++) {
        int status = -1;
        assert_true(wait(&status) > 0);
        assert_int_equal(status, 0);
    }
    str text = whole_log();
    int seen[CHILDREN] = {0};
    for (size_t at = 0; at < text.n;) {
        str found = json_member(next_line(text, &at), STR("filler"))->text;
        assert_int_equal(found.n, sizeof filler - 1);
        int c = found.p[0] - 'a';
        assert_in_range(c, 0, CHILDREN - 1);
        for (size_t i = 0; i < found.n; i++) {
            assert_int_equal(found.p[i], found.p[0]);
        }
        seen[c]++;
    }
    for (int c = 0; c < CHILDREN; c++) {
        assert_int_equal(seen[c], EACH);
    }
}

static void the_file(void **state)
{
    (void)state;
    struct stat about;
    log_line(LOG_INFO, "before");
    assert_int_equal(stat(path, &about), 0);
    assert_int_equal(about.st_mode & 0137, 0); /* no more than 0640 */
    errno = 0;
    assert_false(log_open("/nonexistent/folder/log"));
    assert_int_equal(errno, ENOENT);
    log_line(LOG_INFO, "still here");
    assert_true(log_open(path)); /* again: it appends */
    log_line(LOG_INFO, "after");
    str text = whole_log();
    size_t at = 0;
    check_str(json_member(next_line(text, &at), STR("message"))->text, STR("before"));
    check_str(json_member(next_line(text, &at), STR("message"))->text, STR("still here"));
    check_str(json_member(next_line(text, &at), STR("message"))->text, STR("after"));
    assert_int_equal(at, text.n);
}

static void standard_error_by_default(void **state)
{
    (void)state;
    int saved = dup(STDERR_FILENO);
    int file = open(path, O_WRONLY | O_TRUNC | O_CLOEXEC);
    assert_true(saved >= 0 && file >= 0);
    (void)dup2(file, STDERR_FILENO);
    bool opened = log_open("");
    log_line(LOG_INFO, "to standard error");
    (void)dup2(saved, STDERR_FILENO);
    (void)close(saved);
    (void)close(file);
    assert_true(opened);
    str text = whole_log();
    size_t at = 0;
    check_str(json_member(next_line(text, &at), STR("message"))->text, STR("to standard error"));
}

#define LOG_TEST(function) cmocka_unit_test_setup_teardown(function, open_log, close_log)

int main(void)
{
    const struct CMUnitTest tests[] = {
        LOG_TEST(the_form_of_a_line),
        LOG_TEST(levels),
        LOG_TEST(bytes_of_unknown_origin),
        LOG_TEST(a_line_too_long_is_dropped),
        LOG_TEST(lines_built_by_the_caller),
        LOG_TEST(processes_do_not_mix_their_lines),
        LOG_TEST(the_file),
        LOG_TEST(standard_error_by_default),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}

/* http/metrics: what processes count in shared memory, and what harms nobody. */
#include "http/metrics.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/log.h"
#include "controllers/all.h"
#include "http/metrics_sum.h"
#include "http/route.h"
#include "io/db.h"
#include "support/folder.h"
#include "support/unit.h"

enum { PLACES = 4 };

static struct router *router;
static const char *dir;

static int set_up(void **state)
{
    (void)arena_setup(state);
    dir = folder_make(&arena);
    return log_open("/dev/null") &&
                   router_new(&arena, STR("/api/v1"), controllers, bare_controllers, &router) == NULL
               ? 0
               : 1;
}

static int tear_down(void **state)
{
    folder_remove(dir);
    return arena_teardown(state);
}

static struct metrics *make(const char *folder, const char *name)
{
    const struct metrics_options options = {
        .dir = str_of(folder), .pool = str_of(name), .seats = 2, .places = PLACES, .router = router};
    struct metrics *m = metrics_create(&arena, &options);
    assert_non_null(m);
    return m;
}

static struct metrics *worker_of(const struct metrics *m, unsigned place)
{
    struct metrics *w = metrics_attach(&arena, metrics_fd(m), place);
    assert_non_null(w);
    metrics_know(w, &arena, router);
    return w;
}

static int number_of(enum method method, const char *path)
{
    for (unsigned i = 0; i < router_count(router); i++) {
        const struct route *r = router_route(router, i);
        if (r->method == method && strcmp(r->path, path) == 0) {
            return (int)i;
        }
    }
    fail_msg("no route %s", path);
    return -1;
}

static str text_of(const struct metrics *own, const char *folder)
{
    struct metrics_pool pools[METRICS_MOST_POOLS];
    unsigned skipped;
    struct buf b;
    size_t n = metrics_sum(&arena, own, STR("web"), str_of(folder), pools, &skipped);
    buf_init(&b, &arena, 4096, 1 << 20);
    metrics_text(&b, pools, n);
    buf_printf(&b, "skipped %u\n", skipped);
    assert_false(b.full);
    return buf_view(&b);
}

static bool has(str text, const char *line)
{
    return memmem(text.p, text.n, line, strlen(line)) != NULL;
}

static void check_line(str text, const char *line)
{
    if (!has(text, line)) {
        fail_msg("no line %s in\n%.*s", line, STR_ARGS(text));
    }
}

static void ask(struct metrics *w, enum method method, int route, unsigned status, int64_t micros)
{
    metrics_request(w, &(struct metrics_request){method, route, status, micros, true});
}

static void workers_are_added_up(void **state)
{
    (void)state;
    struct metrics *m = make("", "web");
    struct metrics *one = worker_of(m, 0);
    struct metrics *two = worker_of(m, 3);
    int posts = number_of(METHOD_GET, "/posts");
    ask(one, METHOD_GET, posts, 200, 90);
    ask(two, METHOD_GET, posts, 200, 110);
    ask(two, METHOD_HEAD, posts, 200, 20000000);
    ask(one, METHOD_POST, number_of(METHOD_POST, "/posts"), 418, 1);
    ask(one, METHOD_OTHER, -1, 404, 1);
    metrics_request(two, &(struct metrics_request){METHOD_GET, posts, 503, 1, false});
    metrics_database(one, (struct db_figures){.statements = 5, .reconnects = 1});
    metrics_database(one, (struct db_figures){.statements = 7, .reconnects = 1});
    metrics_database(two, (struct db_figures){.statements = 3});
    metrics_retry(two, METRICS_DEADLOCK);
    metrics_restart(m, METRICS_DIED);
    metrics_reload(m, METRICS_FAILED);
    metrics_reload(m, METRICS_FAILED);
    metrics_reload(m, METRICS_WELL);
    metrics_work(one);
    metrics_be(one, METRICS_BUSY);
    metrics_set_state(m, 3, METRICS_STARTING);
    counter_add(&metrics_passwords(one)->waits, 2);
    str text = text_of(m, "");
    static const char *const lines[] = {
        "quire_requests_total{pool=\"web\",method=\"GET\",route=\"/posts\",status=\"200\"} 2\n",
        "quire_requests_total{pool=\"web\",method=\"HEAD\",route=\"/posts\",status=\"200\"} 1\n",
        "quire_requests_total{pool=\"web\",method=\"POST\",route=\"/posts\",status=\"other\"} 1\n",
        "quire_requests_total{pool=\"web\",method=\"other\",route=\"unmatched\",status=\"404\"} 1\n",
        "quire_requests_total{pool=\"web\",method=\"GET\",route=\"/posts\",status=\"503\"} 1\n",
        "_bucket{pool=\"web\",method=\"GET\",route=\"/posts\",le=\"0.0001\"} 2\n",
        "_bucket{pool=\"web\",method=\"GET\",route=\"/posts\",le=\"0.00025\"} 3\n",
        "_sum{pool=\"web\",method=\"GET\",route=\"/posts\"} 0.000201\n",
        "_bucket{pool=\"web\",method=\"HEAD\",route=\"/posts\",le=\"10\"} 0\n",
        "_bucket{pool=\"web\",method=\"HEAD\",route=\"/posts\",le=\"+Inf\"} 1\n",
        "_sum{pool=\"web\",method=\"HEAD\",route=\"/posts\"} 20.000000\n",
        "quire_statements_total{pool=\"web\"} 10\n",
        "quire_db_reconnects_total{pool=\"web\"} 1\n",
        "quire_transaction_retries_total{pool=\"web\",reason=\"deadlock\"} 1\n",
        "quire_worker_restarts_total{pool=\"web\",reason=\"died\"} 1\n",
        "quire_reloads_total{pool=\"web\",result=\"well\"} 1\n",
        "quire_reloads_total{pool=\"web\",result=\"failed\"} 2\n",
        "quire_work_total{pool=\"web\"} 1\n",
        "quire_answers_unsent_total{pool=\"web\"} 1\n",
        "quire_password_hash_waits_total{pool=\"web\"} 2\n",
        "quire_workers{pool=\"web\",state=\"busy\"} 1\n",
        "quire_workers{pool=\"web\",state=\"starting\"} 1\n",
        "quire_workers{pool=\"web\",state=\"idle\"} 0\n",
        "quire_workers_configured{pool=\"web\"} 2\n",
    };
    for (size_t i = 0; i < LENGTH(lines); i++) {
        check_line(text, lines[i]);
    }
}

/* Every route has a series of its own, with a name that fits and can be shown. */
static void every_route_has_a_series(void **state)
{
    (void)state;
    struct metrics *m = make("", "web");
    struct metrics *w = worker_of(m, 0);
    for (unsigned i = 0; i < router_count(router); i++) {
        ask(w, router_route(router, i)->method, (int)i, 200, (int)i);
    }
    str text = text_of(m, "");
    for (unsigned i = 0; i < router_count(router); i++) {
        const struct route *r = router_route(router, i);
        check_line(text, str_format(&arena, "method=\"%s\",route=\"%s\",status=\"200\"} 1\n",
                                    method_name(r->method), r->path)
                             .p);
    }
}

/* Taken up by a reload: a program with other routes counts what the parent knows where it belongs, the rest apart. */
static void another_versions_routes(void **state)
{
    (void)state;
    struct metrics *m = make("", "web");
    struct metrics *w = metrics_attach(&arena, metrics_fd(m), 1);
    const struct route *from = router_route(router, (unsigned)number_of(METHOD_GET, "/posts"));
    struct route routes[] = {*from, *from, ROUTES_END};
    routes[0].path = "/brand-new";
    const struct route *const arrays[] = {routes, NULL};
    const struct route *const none[] = {NULL};
    struct router *newer;
    assert_null(router_new(&arena, STR("/api/v1"), arrays, none, &newer));
    metrics_know(w, &arena, newer);
    ask(w, METHOD_GET, 0, 200, 1);
    ask(w, METHOD_GET, 1, 200, 1);
    ask(w, METHOD_GET, 1, 200, 1);
    str text = text_of(m, "");
    check_line(text, "method=\"other\",route=\"other\",status=\"200\"} 1\n");
    check_line(text, "method=\"GET\",route=\"/posts\",status=\"200\"} 2\n");
}

static void without_metrics_nothing_is_counted(void **state)
{
    (void)state;
    ask(NULL, METHOD_GET, 0, 200, 1);
    metrics_database(NULL, (struct db_figures){.statements = 5});
    metrics_retry(NULL, METRICS_DEADLOCK);
    metrics_work(NULL);
    metrics_be(NULL, METRICS_IDLE);
    metrics_restart(NULL, METRICS_DIED);
    metrics_reload(NULL, METRICS_WELL);
    metrics_set_state(NULL, 0, METRICS_IDLE);
    metrics_know(NULL, &arena, router);
    metrics_remove(NULL);
    assert_null(metrics_passwords(NULL));
    assert_int_equal(metrics_fd(NULL), -1);
    check_line(text_of(NULL, ""), "quire_pool_up{pool=\"web\"} 0\n");
    metrics_set_state(make("", "web"), PLACES, METRICS_IDLE); /* behind the last place */
}

static void what_is_no_memory_is_refused(void **state)
{
    (void)state;
    assert_null(metrics_attach(&arena, -1, 0));
    int fd = open("/dev/null", O_RDWR | O_CLOEXEC);
    assert_null(metrics_attach(&arena, fd, 0));
    (void)close(fd);
    struct metrics *m = make("", "web");
    assert_null(metrics_attach(&arena, metrics_fd(m), PLACES));
    assert_non_null(metrics_attach(&arena, metrics_fd(m), PLACES - 1));
    assert_int_equal(ftruncate(metrics_fd(m), 100), -1); /* sealed */
    for (off_t at = 0; at < 24; at++) {                  /* magic, version, sizes, series, places */
        unsigned char byte;
        assert_int_equal(pread(metrics_fd(m), &byte, 1, at), 1);
        unsigned char wrong = (unsigned char)(byte ^ 1);
        assert_int_equal(pwrite(metrics_fd(m), &wrong, 1, at), 1);
        assert_null(metrics_attach(&arena, metrics_fd(m), 0));
        assert_int_equal(pwrite(metrics_fd(m), &byte, 1, at), 1);
    }
    assert_non_null(metrics_attach(&arena, metrics_fd(m), 0));
}

static void pools_of_a_folder(void **state)
{
    (void)state;
    struct metrics *web = make(dir, "web");
    struct metrics *work = make(dir, "work");
    ask(worker_of(web, 0), METHOD_GET, 0, 200, 1);
    metrics_work(worker_of(work, 0));
    str text = text_of(web, dir);
    check_line(text, "quire_pool_up{pool=\"web\"} 1\n");
    check_line(text, "quire_pool_up{pool=\"work\"} 1\n");
    check_line(text, "quire_work_total{pool=\"work\"} 1\n");
    check_line(text, "quire_work_total{pool=\"web\"} 0\n");
    check_line(text, "skipped 0\n");
    struct stat st;
    assert_int_equal(stat(str_format(&arena, "%s/work.metrics", dir).p, &st), 0);
    assert_int_equal(st.st_mode & 0137, 0);
    metrics_remove(work);
    assert_false(has(text_of(web, dir), "pool=\"work\""));
    /* Another has taken the name: it is theirs now. */
    struct metrics *again = make(dir, "web");
    metrics_remove(web);
    assert_int_equal(stat(str_format(&arena, "%s/web.metrics", dir).p, &st), 0);
    metrics_remove(again);
    assert_int_equal(stat(str_format(&arena, "%s/web.metrics", dir).p, &st), -1);
}

static void a_pool_that_died(void **state)
{
    (void)state;
    pid_t pid = fork();
    if (pid == 0) {
        struct metrics *m = make(dir, "gone");
        ask(worker_of(m, 0), METHOD_GET, 0, 200, 1);
        _exit(0); /* as kill -9 would: nothing is taken away */
    }
    assert_int_equal(waitpid(pid, NULL, 0), pid);
    str text = text_of(make(dir, "web"), dir);
    check_line(text, "quire_pool_up{pool=\"gone\"} 0\n");
    check_line(text, "skipped 0\n");
    assert_false(has(text, "quire_work_total{pool=\"gone\"}"));
}

static void write_file(const char *name, const char *bytes, size_t n)
{
    int fd = open(str_format(&arena, "%s/%s", dir, name).p, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, bytes, n), n);
    assert_int_equal(close(fd), 0);
}

static void what_else_lies_in_the_folder(void **state)
{
    (void)state;
    struct metrics *web = make(dir, "web");
    char bytes[4096];
    memset(bytes, 'x', sizeof bytes);
    write_file("empty.metrics", bytes, 0);
    write_file("foreign.metrics", bytes, sizeof bytes);
    assert_int_equal(pread(metrics_fd(web), bytes, sizeof bytes, 0), sizeof bytes);
    write_file("short.metrics", bytes, sizeof bytes);
    write_file("no-metrics", bytes, sizeof bytes);
    write_file("Bad Name.metrics", bytes, sizeof bytes);
    write_file(".metrics", bytes, sizeof bytes);
    assert_int_equal(mkfifo(str_format(&arena, "%s/fifo.metrics", dir).p, 0600), 0);
    assert_int_equal(mkdir(str_format(&arena, "%s/folder.metrics", dir).p, 0700), 0);
    assert_int_equal(symlink("web.metrics", str_format(&arena, "%s/link.metrics", dir).p), 0);
    str text = text_of(web, dir);
    check_line(text, "skipped 6\n");
    assert_false(has(text, "quire_pool_up{pool=\"short\"}"));
    check_line(text, "quire_pool_up{pool=\"web\"} 1\n");

    /* A name that would end its quotes is not shown. */
    struct metrics *odd = make(dir, "odd");
    off_t name = (off_t)offsetof(struct metrics_head, names) + (off_t)offsetof(struct metrics_name, route);
    assert_int_equal(pwrite(metrics_fd(odd), "/\"", 2, name), 2);
    check_line(text_of(web, dir), "skipped 7\n");
    assert_int_equal(pwrite(metrics_fd(odd), "/a", 2, name), 2);
    check_line(text_of(web, dir), "skipped 6\n");
    /* A state that is none counts as nobody. */
    uint64_t state_of_none = 99;
    assert_int_equal(pwrite(metrics_fd(odd), &state_of_none, 8, (off_t)metrics_head_bytes(0)), 8);
    check_line(text_of(web, dir), "quire_pool_up{pool=\"odd\"} 1\n");
}

/* In a process of its own; true when it has come to its end. */
static bool survives(void (*run)(struct metrics *m))
{
    enum { WELL = 7 };
    pid_t pid = fork();
    if (pid == 0) {
        struct metrics *m = make(dir, "web");
        run(m);
        _exit(has(text_of(m, dir), "quire_pool_up{pool=\"web\"} 0\n") ? WELL : 1);
    }
    int status;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    return WIFEXITED(status) && WEXITSTATUS(status) == WELL;
}

static void cut_under_a_worker(struct metrics *m)
{
    struct metrics *w = worker_of(m, 2);
    if (ftruncate(metrics_fd(m), 0) == 0) {
        for (int i = 0; i < (int)router_count(router); i++) {
            ask(w, METHOD_GET, i, 200, 1);
        }
        metrics_database(w, (struct db_figures){.statements = 1});
    }
}

static void cut_under_the_parent(struct metrics *m)
{
    if (ftruncate(metrics_fd(m), 0) == 0) {
        metrics_restart(m, METRICS_DIED);
        metrics_set_state(m, 3, METRICS_STARTING);
    }
}

static void cut_and_then_a_fault(struct metrics *m)
{
    if (ftruncate(metrics_fd(m), 0) == 0) {
        (void)raise(SIGBUS); /* that is not an access to the file */
    }
}

/* The file is cut short under who writes in it: they go on, and the reader is not harmed. */
static void a_file_that_is_cut_short(void **state)
{
    (void)state;
    assert_true(survives(cut_under_a_worker));
    assert_true(survives(cut_under_the_parent));
    assert_false(survives(cut_and_then_a_fault));
}

static void a_folder_that_cannot_be_used(void **state)
{
    (void)state;
    write_file("file", "x", 1);
    const char *path = str_format(&arena, "%s/file", dir).p;
    struct metrics *m = make(path, "web"); /* in memory of its own */
    ask(worker_of(m, 0), METHOD_GET, 0, 200, 1);
    check_line(text_of(m, path), "quire_pool_up{pool=\"web\"} 1\n");
    metrics_remove(m);
}

#define CASE(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(workers_are_added_up),
        CASE(every_route_has_a_series),
        CASE(another_versions_routes),
        CASE(without_metrics_nothing_is_counted),
        CASE(what_is_no_memory_is_refused),
        CASE(pools_of_a_folder),
        CASE(a_pool_that_died),
        CASE(what_else_lies_in_the_folder),
        CASE(a_file_that_is_cut_short),
        CASE(a_folder_that_cannot_be_used),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

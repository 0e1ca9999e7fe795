/* io/fcgi, spoken to as a web server would, and as none should. The peer is in the same process where what it
 * sends fits into the socket's buffer, else in a child. */
#include "io/fcgi.h"

#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/buf.h"
#include "io/listener.h"
#include "support/fcgi_peer.h"

static struct peer_stage x;
static int seen; /* signals */

static void note(int signal_number)
{
    seen = signal_number;
}

static int set_up(void **state)
{
    (void)state;
    struct sigaction action = {.sa_handler = note};
    (void)sigaction(SIGUSR1, &action, NULL);
    peer_stage_open(&x, 0);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    peer_stage_close(&x);
    return 0;
}

/* ---- the peer ---- */

static struct buf request_head(unsigned flags)
{
    return peer_head(&x.a, flags);
}

static int connect_to_pool(void)
{
    return peer_connect(x.listener.path);
}

/* Sends and accepts what makes a request. */
static int begin_request(const struct buf *b)
{
    int peer = connect_to_pool();
    assert_true(peer_write(peer, buf_view(b)));
    assert_true(fcgi_accept(x.fcgi));
    return peer;
}

/* Reads until the other side closes; what came on PEER_STDOUT. *ended says that exactly one whole answer came. */
static str read_answer(int peer, bool *ended)
{
    struct buf raw;
    struct buf out;
    buf_init(&raw, &x.a, 64 << 10, 16 << 20);
    buf_init(&out, &x.a, 64 << 10, 16 << 20);
    char piece[16384];
    ssize_t n;
    while ((n = read(peer, piece, sizeof piece)) > 0) {
        buf_put(&raw, piece, (size_t)n);
    }
    *ended = false;
    size_t at = 0;
    while (n == 0 && at + 8 <= raw.n) {
        const unsigned char *head = (const unsigned char *)raw.p + at;
        size_t content = (size_t)head[4] << 8 | head[5];
        if (head[1] == PEER_STDOUT) {
            buf_put(&out, raw.p + at + 8, content);
        }
        at += 8 + content + head[6];
        *ended = head[1] == PEER_END && at == raw.n;
    }
    return buf_view(&out);
}

static void assert_answer(int peer, str expected)
{
    bool ended;
    str got = read_answer(peer, &ended);
    assert_true(ended);
    assert_int_equal(got.n, expected.n);
    assert_memory_equal(got.p, expected.p, expected.n);
    (void)close(peer);
}

static str pattern(size_t n)
{
    char *p = arena_alloc(&x.a, n);
    for (size_t i = 0; i < n; i++) {
        p[i] = (char)(i * 7 + i / 251);
    }
    return (str){p, n};
}

/* ---- requests ---- */

static void a_request_is_answered(void **state)
{
    (void)state;
    struct buf b = request_head(0);
    peer_body(&b, STR("hello"), 65535);
    int peer = begin_request(&b);
    char *const *p = fcgi_params(x.fcgi);
    bool method = false;
    bool uri = false;
    for (; *p != NULL; p++) {
        method = method || strcmp(*p, "REQUEST_METHOD=POST") == 0;
        uri = uri || strcmp(*p, "REQUEST_URI=/x") == 0;
    }
    assert_true(method);
    assert_true(uri);
    str body;
    assert_null(fcgi_read_body(x.fcgi, &x.a, 1000, 5, &body));
    assert_true(str_eq(body, STR("hello")));
    assert_false(fcgi_client_gone(x.fcgi));
    assert_true(fcgi_send(x.fcgi, STR("Status: 200 OK\r\n\r\nyes"), STR("")));
    assert_answer(peer, STR("Status: 200 OK\r\n\r\nyes"));
}

static void a_connection_carries_one_request(void **state)
{
    (void)state;
    struct buf b = request_head(PEER_KEEP);
    peer_body(&b, STR(""), 1);
    int peer = begin_request(&b);
    str body;
    assert_null(fcgi_read_body(x.fcgi, &x.a, 1000, -1, &body));
    assert_true(fcgi_send(x.fcgi, STR("Status: 204 No Content\r\n\r\n"), STR("")));
    assert_answer(peer, STR("Status: 204 No Content\r\n\r\n"));
}

static err read_in_pieces(size_t room, size_t most, str *body)
{
    char *p = arena_alloc(&x.a, most + room);
    *body = (str){p, 0};
    for (size_t n = 1; n > 0; body->n += n) {
        TRY(fcgi_read_some(x.fcgi, &x.a, p + body->n, room, &n));
        assert_true(n <= room && body->n + n <= most);
    }
    return NULL;
}

static void bodies_of_all_sizes_arrive(void **state)
{
    (void)state;
    static const size_t sizes[] = {0, 1, 7, 8183, 8184, 8185, 8191, 8192, 8193, 16384, 65535, 65536, 150000};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        for (int how = 0; how < 3; how++) { /* at once; announced; in pieces */
            struct arena_mark mark = arena_mark(&x.a);
            str sent = pattern(sizes[i]);
            struct buf b = request_head(0);
            peer_body(&b, sent, i % 2 == 0 ? 65535 : 4001);
            int peer = begin_request(&b);
            str body;
            assert_null(how == 2
                            ? read_in_pieces(i % 2 == 0 ? 4096 : 1, sent.n, &body)
                            : fcgi_read_body(x.fcgi, &x.a, 150000, how == 1 ? (int64_t)sent.n : -1, &body));
            assert_int_equal(body.n, sent.n);
            assert_memory_equal(body.p, sent.p, sent.n);
            assert_true(fcgi_send(x.fcgi, STR("ok"), STR("")));
            assert_answer(peer, STR("ok"));
            arena_rewind(&x.a, mark);
        }
    }
}

/* What the body is, what is said of it, what comes of it. */
static void assert_body_fails(str sent, bool ends, size_t limit, int64_t announced, enum error_code code,
                              const char *why)
{
    struct arena_mark mark = arena_mark(&x.a);
    struct buf b = request_head(0);
    if (ends) {
        peer_body(&b, sent, 65535);
    } else {
        peer_record(&b, PEER_STDIN, sent);
    }
    int peer = begin_request(&b);
    if (!ends) {
        (void)shutdown(peer, SHUT_WR);
    }
    str body = STR("untouched");
    err e = fcgi_read_body(x.fcgi, &x.a, limit, announced, &body);
    assert_non_null(e);
    assert_int_equal(e->code, code);
    assert_string_equal(str_c(&x.a, e->detail), why);
    assert_true(str_eq(body, STR("untouched")));
    /* The peer is told nevertheless; it has said all, so the library's wait for its end is cut short. */
    (void)shutdown(peer, SHUT_WR);
    assert_true(fcgi_send(x.fcgi, STR("no"), STR("")));
    assert_answer(peer, STR("no"));
    arena_rewind(&x.a, mark);
}

static void big_bodies_are_refused(void **state)
{
    (void)state;
    const char *why = "The request body is larger than 1000 bytes";
    assert_body_fails(pattern(1001), true, 1000, 1001, ERROR_TOO_LARGE, why);
    assert_body_fails(pattern(1001), true, 1000, -1, ERROR_TOO_LARGE, why);
    assert_body_fails(pattern(60000), true, 1000, -1, ERROR_TOO_LARGE, why);
    assert_body_fails(pattern(60000), true, 20000, -1, ERROR_TOO_LARGE,
                      "The request body is larger than 20000 bytes");
    assert_body_fails(STR("x"), true, 0, -1, ERROR_TOO_LARGE, "The request body is larger than 0 bytes");
    assert_body_fails(STR("x"), true, 1000, INT64_MAX, ERROR_TOO_LARGE, why);
}

static void lengths_that_lie_are_refused(void **state)
{
    (void)state;
    const char *why = "The request body is not as long as its Content-Length says";
    assert_body_fails(STR("hello"), true, 1000, 4, ERROR_BAD_REQUEST, why);
    assert_body_fails(STR("hello"), true, 1000, 6, ERROR_BAD_REQUEST, why);
    assert_body_fails(STR("hello"), true, 1000, 0, ERROR_BAD_REQUEST, why);
    assert_body_fails(STR(""), true, 1000, 1, ERROR_BAD_REQUEST, why);
    assert_body_fails(pattern(20000), true, 100000, 100000, ERROR_BAD_REQUEST, why);
}

static void aborted_bodies_are_refused(void **state)
{
    (void)state;
    const char *why = "The request body was cut short";
    assert_body_fails(STR("hello"), false, 1000, 5, ERROR_BAD_REQUEST, why);
    assert_body_fails(STR("hello"), false, 1000, 10, ERROR_BAD_REQUEST, why);
    assert_body_fails(STR("hello"), false, 1000, -1, ERROR_BAD_REQUEST, why);
    assert_body_fails(pattern(20000), false, 100000, -1, ERROR_BAD_REQUEST, why);
}

static void no_request_is_no_request(void **state)
{
    (void)state;
    assert_false(fcgi_accept(x.fcgi));
    static const str wrong[] = {STR_INIT("GET / HTTP/1.1\r\nHost: x\r\n\r\n"), STR_INIT("\1\1\0\1\0\0\0\0"),
                                STR_INIT("\1\4\0\1\0\0\0\0"), STR_INIT("\1\1\0\1\0\10\0\0\0\7\0\0\0\0\0\0"),
                                STR_INIT("\1\1")};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        int peer = connect_to_pool();
        assert_true(peer_write(peer, wrong[i]));
        (void)shutdown(peer, SHUT_WR);
        assert_false(fcgi_accept(x.fcgi));
        char byte;
        assert_true(read(peer, &byte, 1) <= 0);
        (void)close(peer);
    }
    int peer = connect_to_pool(); /* came and went */
    (void)close(peer);
    assert_false(fcgi_accept(x.fcgi));
}

static void a_client_that_leaves_is_noticed(void **state)
{
    (void)state;
    struct buf b = request_head(0);
    peer_body(&b, STR(""), 1);
    int peer = begin_request(&b);
    str body;
    assert_null(fcgi_read_body(x.fcgi, &x.a, 1000, -1, &body));
    assert_false(fcgi_client_gone(x.fcgi));
    (void)close(peer);
    assert_true(fcgi_client_gone(x.fcgi));
    assert_false(fcgi_send(x.fcgi, pattern(100000), STR(""))); /* and no SIGPIPE */
}

static void a_request_can_be_abandoned(void **state)
{
    (void)state;
    struct buf b = request_head(0);
    peer_body(&b, STR(""), 1);
    int peer = begin_request(&b);
    str body;
    assert_null(fcgi_read_body(x.fcgi, &x.a, 1000, -1, &body));
    fcgi_abandon(x.fcgi);
    assert_answer(peer, STR(""));
    fcgi_abandon(x.fcgi);
    assert_false(fcgi_accept(x.fcgi));
}

/* ---- answers ---- */

/* Runs the peer in a child, which ends with 0 when it is content. */
static pid_t fork_peer(bool (*peer)(const struct buf *), const struct buf *b)
{
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        _exit(peer(b) ? 0 : 1);
    }
    struct pollfd p = {.fd = x.listener.fd, .events = POLLIN};
    assert_int_equal(poll(&p, 1, 5000), 1);
    return pid;
}

static void assert_content(pid_t peer)
{
    int status;
    assert_int_equal(waitpid(peer, &status, 0), peer);
    assert_int_equal(status, 0);
}

enum { BIG = 2 << 20 };

static bool read_slowly(const struct buf *b)
{
    int peer = connect_to_pool();
    if (!peer_write(peer, buf_view(b))) {
        return false;
    }
    (void)poll(NULL, 0, 200); /* long after the worker has written all that fits */
    bool ended;
    str got = read_answer(peer, &ended);
    return ended && str_eq(got, pattern(BIG));
}

static void a_big_answer_arrives_whole(void **state)
{
    (void)state;
    struct buf b = request_head(0);
    peer_body(&b, STR("hello"), 65535);
    pid_t peer = fork_peer(read_slowly, &b);
    assert_true(fcgi_accept(x.fcgi));
    str body;
    assert_null(fcgi_read_body(x.fcgi, &x.a, 1000, 5, &body));
    assert_true(fcgi_send(x.fcgi, pattern(BIG), STR("")));
    assert_content(peer);
}

/* Sends all of a big body before it looks for an answer. */
static bool send_then_read(const struct buf *b)
{
    int peer = connect_to_pool();
    if (!peer_write(peer, buf_view(b))) {
        return false;
    }
    (void)poll(NULL, 0, 100);
    bool ended;
    str got = read_answer(peer, &ended);
    (void)close(peer);
    return ended && str_eq(got, STR("too big"));
}

/* The answer comes while the peer is still sending: neither its sending nor its reading may fail. */
static void an_early_answer_arrives(void **state)
{
    (void)state;
    struct buf b = request_head(0);
    peer_body(&b, pattern(4 << 20), 32768);
    pid_t peer = fork_peer(send_then_read, &b);
    assert_true(fcgi_accept(x.fcgi));
    str body;
    assert_non_null(fcgi_read_body(x.fcgi, &x.a, 1000, 4 << 20, &body));
    assert_true(fcgi_send(x.fcgi, STR("too big"), STR("")));
    assert_content(peer);
}

/* ---- waiting ---- */

static void waiting_ends_for_a_reason(void **state)
{
    (void)state;
    sigset_t blocked;
    (void)sigfillset(&blocked);
    (void)sigprocmask(SIG_SETMASK, &blocked, NULL);
    assert_int_equal(fcgi_wait(x.fcgi, &x.none, 10), FCGI_NOTHING);

    struct buf b = request_head(0);
    peer_body(&b, STR(""), 1);
    int peer = connect_to_pool();
    assert_true(peer_write(peer, buf_view(&b)));
    assert_int_equal(fcgi_wait(x.fcgi, &x.none, 1000), FCGI_READY);
    assert_int_equal(fcgi_wait(x.fcgi, &x.none, 1000), FCGI_READY); /* until it is taken */

    seen = 0;
    (void)raise(SIGUSR1);
    assert_int_equal(seen, 0);
    assert_int_equal(fcgi_wait(x.fcgi, &blocked, 1000), FCGI_READY); /* a signal that is not waited for */
    assert_int_equal(seen, 0);
    assert_int_equal(fcgi_wait(x.fcgi, &x.none, 1000), FCGI_SIGNAL); /* comes before the connection */
    assert_int_equal(seen, SIGUSR1);
    assert_int_equal(fcgi_wait(x.fcgi, &x.none, 1000), FCGI_READY);

    assert_true(fcgi_accept(x.fcgi));
    str body;
    assert_null(fcgi_read_body(x.fcgi, &x.a, 1000, -1, &body));
    assert_true(fcgi_send(x.fcgi, STR("ok"), STR("")));
    assert_answer(peer, STR("ok"));
    (void)sigprocmask(SIG_SETMASK, &x.none, NULL);
}

/* The library would put its own in the place of a default. */
static void signal_dispositions_stay(void **state)
{
    (void)state;
    struct sigaction now;
    (void)sigaction(SIGUSR1, NULL, &now);
    assert_true(now.sa_handler == note);
    (void)sigaction(SIGTERM, NULL, &now);
    assert_true(now.sa_handler == SIG_DFL);
    (void)sigaction(SIGPIPE, NULL, &now);
    assert_true(now.sa_handler == SIG_IGN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_request_is_answered),        cmocka_unit_test(a_connection_carries_one_request),
        cmocka_unit_test(bodies_of_all_sizes_arrive),   cmocka_unit_test(big_bodies_are_refused),
        cmocka_unit_test(lengths_that_lie_are_refused), cmocka_unit_test(aborted_bodies_are_refused),
        cmocka_unit_test(no_request_is_no_request),     cmocka_unit_test(a_client_that_leaves_is_noticed),
        cmocka_unit_test(a_request_can_be_abandoned),   cmocka_unit_test(a_big_answer_arrives_whole),
        cmocka_unit_test(an_early_answer_arrives),      cmocka_unit_test(waiting_ends_for_a_reason),
        cmocka_unit_test(signal_dispositions_stay),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}

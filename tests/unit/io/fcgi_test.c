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

/* FastCGI Specification 1.0, section 8. */
enum { BEGIN = 1, END = 3, PARAMS = 4, STDIN = 5, STDOUT = 6, RESPONDER = 1, KEEP = 1 };

static struct {
    struct arena a;
    struct fcgi *fcgi;
    struct listener listener;
    sigset_t none;
    char folder[64];
    int seen; /* signals */
} x;

static void note(int signal_number)
{
    x.seen = signal_number;
}

static int set_up(void **state)
{
    (void)state;
    arena_init(&x.a, 64 << 10);
    (void)snprintf(x.folder, sizeof x.folder, "/tmp/quire-fcgi-XXXXXX");
    assert_non_null(mkdtemp(x.folder));
    assert_null(listener_open(&x.a, str_format(&x.a, "%s/app.sock", x.folder), 0600, &x.listener));
    struct sigaction action = {.sa_handler = note};
    (void)sigaction(SIGUSR1, &action, NULL);
    assert_null(fcgi_open(&x.a, x.listener.fd, 0, &x.fcgi));
    (void)sigemptyset(&x.none);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    listener_withdraw(&x.listener);
    (void)close(x.listener.fd);
    assert_int_equal(rmdir(x.folder), 0);
    arena_free(&x.a);
    return 0;
}

/* ---- the peer ---- */

static void put_record(struct buf *b, unsigned type, str content)
{
    char head[8] = {1, (char)type, 0, 1, (char)(content.n >> 8), (char)(content.n & 255), 0, 0};
    buf_put(b, head, sizeof head);
    buf_str(b, content);
}

static void put_begin(struct buf *b, unsigned flags)
{
    char body[8] = {0, RESPONDER, (char)flags};
    put_record(b, BEGIN, (str){body, sizeof body});
}

static void put_params(struct buf *b)
{
    put_record(b, PARAMS, STR("\x0e\x04REQUEST_METHODPOST\x0b\x02REQUEST_URI/x"));
    put_record(b, PARAMS, STR(""));
}

/* A body in records of at most `piece` bytes, with its end. */
static void put_body(struct buf *b, str body, size_t piece)
{
    for (size_t at = 0; at < body.n; at += piece) {
        put_record(b, STDIN, str_slice(body, at, at + piece));
    }
    put_record(b, STDIN, STR(""));
}

static struct buf request_head(unsigned flags)
{
    struct buf b;
    buf_init(&b, &x.a, 4096, 8 << 20);
    put_begin(&b, flags);
    put_params(&b);
    return b;
}

static int connect_to_pool(void)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    (void)snprintf(address.sun_path, sizeof address.sun_path, "%s/app.sock", x.folder);
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    assert_true(fd >= 0);
    int room = 1 << 20; /* so that most of what is sent here fits */
    (void)setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &room, sizeof room);
    struct timeval patience = {.tv_sec = 5};
    (void)setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof address), 0);
    return fd;
}

static bool write_all(int fd, str s)
{
    for (size_t at = 0; at < s.n;) {
        ssize_t n = send(fd, s.p + at, s.n - at, MSG_NOSIGNAL);
        if (n <= 0) {
            return false;
        }
        at += (size_t)n;
    }
    return true;
}

/* Sends and accepts what makes a request. */
static int begin_request(const struct buf *b)
{
    int peer = connect_to_pool();
    assert_true(write_all(peer, buf_view(b)));
    assert_true(fcgi_accept(x.fcgi));
    return peer;
}

/* Reads until the other side closes; what came on STDOUT. *ended says that exactly one whole answer came. */
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
        if (head[1] == STDOUT) {
            buf_put(&out, raw.p + at + 8, content);
        }
        at += 8 + content + head[6];
        *ended = head[1] == END && at == raw.n;
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
    put_body(&b, STR("hello"), 65535);
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
    assert_true(fcgi_send(x.fcgi, STR("Status: 200 OK\r\n\r\nyes")));
    assert_answer(peer, STR("Status: 200 OK\r\n\r\nyes"));
}

static void a_connection_carries_one_request(void **state)
{
    (void)state;
    struct buf b = request_head(KEEP);
    put_body(&b, STR(""), 1);
    int peer = begin_request(&b);
    str body;
    assert_null(fcgi_read_body(x.fcgi, &x.a, 1000, -1, &body));
    assert_true(fcgi_send(x.fcgi, STR("Status: 204 No Content\r\n\r\n")));
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
            put_body(&b, sent, i % 2 == 0 ? 65535 : 4001);
            int peer = begin_request(&b);
            str body;
            assert_null(how == 2
                            ? read_in_pieces(i % 2 == 0 ? 4096 : 1, sent.n, &body)
                            : fcgi_read_body(x.fcgi, &x.a, 150000, how == 1 ? (int64_t)sent.n : -1, &body));
            assert_int_equal(body.n, sent.n);
            assert_memory_equal(body.p, sent.p, sent.n);
            assert_true(fcgi_send(x.fcgi, STR("ok")));
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
        put_body(&b, sent, 65535);
    } else {
        put_record(&b, STDIN, sent);
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
    assert_true(fcgi_send(x.fcgi, STR("no")));
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
        assert_true(write_all(peer, wrong[i]));
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
    put_body(&b, STR(""), 1);
    int peer = begin_request(&b);
    str body;
    assert_null(fcgi_read_body(x.fcgi, &x.a, 1000, -1, &body));
    assert_false(fcgi_client_gone(x.fcgi));
    (void)close(peer);
    assert_true(fcgi_client_gone(x.fcgi));
    assert_false(fcgi_send(x.fcgi, pattern(100000))); /* and no SIGPIPE */
}

static void a_request_can_be_abandoned(void **state)
{
    (void)state;
    struct buf b = request_head(0);
    put_body(&b, STR(""), 1);
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
    if (!write_all(peer, buf_view(b))) {
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
    put_body(&b, STR("hello"), 65535);
    pid_t peer = fork_peer(read_slowly, &b);
    assert_true(fcgi_accept(x.fcgi));
    str body;
    assert_null(fcgi_read_body(x.fcgi, &x.a, 1000, 5, &body));
    assert_true(fcgi_send(x.fcgi, pattern(BIG)));
    assert_content(peer);
}

/* Sends all of a big body before it looks for an answer. */
static bool send_then_read(const struct buf *b)
{
    int peer = connect_to_pool();
    if (!write_all(peer, buf_view(b))) {
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
    put_body(&b, pattern(4 << 20), 32768);
    pid_t peer = fork_peer(send_then_read, &b);
    assert_true(fcgi_accept(x.fcgi));
    str body;
    assert_non_null(fcgi_read_body(x.fcgi, &x.a, 1000, 4 << 20, &body));
    assert_true(fcgi_send(x.fcgi, STR("too big")));
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
    put_body(&b, STR(""), 1);
    int peer = connect_to_pool();
    assert_true(write_all(peer, buf_view(&b)));
    assert_int_equal(fcgi_wait(x.fcgi, &x.none, 1000), FCGI_READY);
    assert_int_equal(fcgi_wait(x.fcgi, &x.none, 1000), FCGI_READY); /* until it is taken */

    x.seen = 0;
    (void)raise(SIGUSR1);
    assert_int_equal(x.seen, 0);
    assert_int_equal(fcgi_wait(x.fcgi, &blocked, 1000), FCGI_READY); /* a signal that is not waited for */
    assert_int_equal(x.seen, 0);
    assert_int_equal(fcgi_wait(x.fcgi, &x.none, 1000), FCGI_SIGNAL); /* comes before the connection */
    assert_int_equal(x.seen, SIGUSR1);
    assert_int_equal(fcgi_wait(x.fcgi, &x.none, 1000), FCGI_READY);

    assert_true(fcgi_accept(x.fcgi));
    str body;
    assert_null(fcgi_read_body(x.fcgi, &x.a, 1000, -1, &body));
    assert_true(fcgi_send(x.fcgi, STR("ok")));
    assert_answer(peer, STR("ok"));
    (void)sigprocmask(SIG_SETMASK, &x.none, NULL);
}

/* ---- kept connections ---- */

/* A responder of its own, on another socket, that may keep so many connections. */
static struct fcgi *open_keeping(size_t keep, struct listener *listener)
{
    struct fcgi *f;
    assert_null(listener_open(&x.a, str_format(&x.a, "%s/kept.sock", x.folder), 0600, listener));
    assert_null(fcgi_open(&x.a, listener->fd, keep, &f));
    return f;
}

static void close_keeping(struct listener *listener)
{
    listener_withdraw(listener);
    (void)close(listener->fd);
}

static int connect_to(const char *name)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    (void)snprintf(address.sun_path, sizeof address.sun_path, "%s/%s", x.folder, name);
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    struct timeval patience = {.tv_sec = 5};
    (void)setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof address), 0);
    return fd;
}

static void ask(int peer, unsigned flags)
{
    struct buf b = request_head(flags);
    put_body(&b, STR(""), 1);
    assert_true(write_all(peer, buf_view(&b)));
}

/* Takes the next request and answers it with its number. */
static void answer_next(struct fcgi *f, int number)
{
    str body;
    assert_int_equal(fcgi_wait(f, &x.none, 1000), FCGI_READY);
    assert_true(fcgi_accept(f));
    assert_null(fcgi_read_body(f, &x.a, 1000, -1, &body));
    assert_true(fcgi_send(f, str_format(&x.a, "answer %d", number)));
}

/* What has come on a connection that stays open: one answer, with the number. */
static int number_of(int peer)
{
    unsigned char piece[256];
    ssize_t n = read(peer, piece, sizeof piece);
    assert_true(n > 8);
    assert_int_equal(piece[1], STDOUT);
    str said = {(const char *)piece + 8, piece[5]};
    assert_true(str_starts(said, STR("answer ")));
    uint64_t number;
    assert_true(str_to_uint(str_slice(said, 7, said.n), &number));
    return (int)number;
}

static void assert_closed(int peer)
{
    char byte;
    assert_int_equal(read(peer, &byte, 1), 0);
    (void)close(peer);
}

static void connections_are_kept_where_that_is_wished(void **state)
{
    (void)state;
    struct listener listener;
    struct fcgi *f = open_keeping(2, &listener);
    int kept[2] = {connect_to("kept.sock"), connect_to("kept.sock")};
    for (int i = 0; i < 10; i++) {
        ask(kept[i % 2], KEEP);
        answer_next(f, i);
        assert_int_equal(number_of(kept[i % 2]), i);
    }
    assert_int_equal(fcgi_kept(f), 2);

    int third = connect_to("kept.sock"); /* one more than may be kept */
    ask(third, KEEP);
    answer_next(f, 10);
    assert_int_equal(number_of(third), 10);
    assert_closed(third);

    ask(kept[0], 0); /* the last one, says the web server */
    answer_next(f, 11);
    assert_int_equal(number_of(kept[0]), 11);
    assert_closed(kept[0]);
    assert_int_equal(fcgi_kept(f), 1);

    (void)close(kept[1]);
    assert_int_equal(fcgi_wait(f, &x.none, 1000), FCGI_NOTHING);
    assert_int_equal(fcgi_kept(f), 0);
    assert_int_equal(fcgi_wait(f, &x.none, 10), FCGI_NOTHING);
    close_keeping(&listener);
}

static void every_connection_has_its_turn(void **state)
{
    (void)state;
    struct listener listener;
    struct fcgi *f = open_keeping(8, &listener);
    int eager = connect_to("kept.sock");
    int patient = connect_to("kept.sock");
    for (int i = 0; i < 2; i++) {
        ask(i == 0 ? eager : patient, KEEP);
        answer_next(f, i);
        assert_int_equal(number_of(i == 0 ? eager : patient), i);
    }
    ask(eager, KEEP);
    ask(patient, KEEP);
    int turns = 0;
    for (char byte; recv(patient, &byte, 1, MSG_PEEK | MSG_DONTWAIT) < 0; turns++) {
        answer_next(f, turns); /* whoever it is: the eager one asks again at once */
        if (recv(eager, &byte, 1, MSG_PEEK | MSG_DONTWAIT) > 0) {
            (void)number_of(eager);
            ask(eager, KEEP);
        }
        assert_true(turns < 3);
    }
    (void)close(eager);
    (void)close(patient);
    close_keeping(&listener);
}

static void a_kept_connection_that_breaks_is_no_request(void **state)
{
    (void)state;
    static const str wrong[] = {STR_INIT("\1\1"), STR_INIT("GET / HTTP/1.1\r\n\r\n"),
                                STR_INIT("\1\4\0\1\0\0\0\0")};
    struct listener listener;
    struct fcgi *f = open_keeping(2, &listener);
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        int peer = connect_to("kept.sock");
        ask(peer, KEEP);
        answer_next(f, 1);
        assert_int_equal(number_of(peer), 1);
        assert_true(write_all(peer, wrong[i]));
        (void)shutdown(peer, SHUT_WR);
        assert_int_equal(fcgi_wait(f, &x.none, 1000), FCGI_NOTHING);
        assert_int_equal(fcgi_kept(f), 0);
        (void)close(peer);
    }
    /* The peer stays, but makes no sense; somebody else who waits is not taken in its place. */
    int peer = connect_to("kept.sock");
    ask(peer, KEEP);
    answer_next(f, 2);
    assert_int_equal(number_of(peer), 2);
    assert_true(write_all(peer, wrong[1]));
    assert_int_equal(fcgi_wait(f, &x.none, 1000), FCGI_READY);
    int waiting = connect_to("kept.sock");
    ask(waiting, 0);
    assert_false(fcgi_accept(f));
    assert_int_equal(fcgi_kept(f), 0);
    (void)close(peer);
    answer_next(f, 3);
    assert_int_equal(number_of(waiting), 3);
    assert_closed(waiting);
    close_keeping(&listener);
}

static void a_body_that_was_not_read_ends_its_connection(void **state)
{
    (void)state;
    struct listener listener;
    struct fcgi *f = open_keeping(2, &listener);
    int peer = connect_to("kept.sock");
    struct buf b = request_head(KEEP);
    put_body(&b, pattern(20000), 8000);
    assert_true(write_all(peer, buf_view(&b)));
    (void)shutdown(peer, SHUT_WR);
    assert_int_equal(fcgi_wait(f, &x.none, 1000), FCGI_READY);
    assert_true(fcgi_accept(f));
    assert_true(fcgi_send(f, STR("answer 1")));
    assert_int_equal(number_of(peer), 1);
    assert_int_equal(fcgi_kept(f), 0);
    (void)close(peer);
    close_keeping(&listener);
}

static void who_leaves_serves_those_that_are_kept(void **state)
{
    (void)state;
    struct listener listener;
    struct fcgi *f = open_keeping(2, &listener);
    int old = connect_to("kept.sock");
    ask(old, KEEP);
    answer_next(f, 1);
    assert_int_equal(number_of(old), 1);
    fcgi_refuse(f);
    int new = connect_to("kept.sock");
    ask(new, KEEP);
    assert_int_equal(fcgi_wait(f, &x.none, 20), FCGI_NOTHING);
    ask(old, KEEP);
    answer_next(f, 2);
    assert_int_equal(number_of(old), 2);
    (void)close(old);
    assert_int_equal(fcgi_wait(f, &x.none, 1000), FCGI_NOTHING);
    assert_int_equal(fcgi_kept(f), 0);
    assert_true(fcgi_accept(f)); /* what waits at the socket can still be taken */
    fcgi_abandon(f);
    (void)close(new);
    close_keeping(&listener);
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
        cmocka_unit_test(a_request_is_answered),
        cmocka_unit_test(a_connection_carries_one_request),
        cmocka_unit_test(bodies_of_all_sizes_arrive),
        cmocka_unit_test(big_bodies_are_refused),
        cmocka_unit_test(lengths_that_lie_are_refused),
        cmocka_unit_test(aborted_bodies_are_refused),
        cmocka_unit_test(no_request_is_no_request),
        cmocka_unit_test(a_client_that_leaves_is_noticed),
        cmocka_unit_test(a_request_can_be_abandoned),
        cmocka_unit_test(a_big_answer_arrives_whole),
        cmocka_unit_test(an_early_answer_arrives),
        cmocka_unit_test(waiting_ends_for_a_reason),
        cmocka_unit_test(connections_are_kept_where_that_is_wished),
        cmocka_unit_test(every_connection_has_its_turn),
        cmocka_unit_test(a_kept_connection_that_breaks_is_no_request),
        cmocka_unit_test(a_body_that_was_not_read_ends_its_connection),
        cmocka_unit_test(who_leaves_serves_those_that_are_kept),
        cmocka_unit_test(signal_dispositions_stay),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}

/* io/fcgi where connections are kept: who is answered, when, and what ends a connection. */
#include "io/fcgi.h"

#include "support/fcgi_peer.h"

enum { KEPT_AT_MOST = 2 };

static struct peer_stage x;

/* A responder of its own for each test. */
static int set_up(void **state)
{
    (void)state;
    peer_stage_open(&x, KEPT_AT_MOST);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    peer_stage_close(&x);
    return 0;
}

static int connect_here(void)
{
    return peer_connect(x.listener.path);
}

static str pattern(size_t n)
{
    char *p = arena_alloc(&x.a, n);
    memset(p, 'x', n);
    return (str){p, n};
}

static void ask(int peer, unsigned flags)
{
    struct buf b = peer_head(&x.a, flags);
    peer_body(&b, STR(""), 1);
    assert_true(peer_write(peer, buf_view(&b)));
}

/* Takes the next request and answers it with its number. */
static void answer_next(int number)
{
    str body;
    assert_int_equal(fcgi_wait(x.fcgi, &x.none, 1000), FCGI_READY);
    assert_true(fcgi_accept(x.fcgi));
    assert_null(fcgi_read_body(x.fcgi, &x.a, 1000, -1, &body));
    assert_true(fcgi_send(x.fcgi, str_format(&x.a, "answer %d", number), STR("")));
}

/* What has come on a connection that stays open: one answer, with the number. */
static int number_of(int peer)
{
    unsigned char piece[256];
    ssize_t n = read(peer, piece, sizeof piece);
    assert_true(n > 8);
    assert_int_equal(piece[1], PEER_STDOUT);
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
    int kept[2] = {connect_here(), connect_here()};
    for (int i = 0; i < 10; i++) {
        ask(kept[i % 2], PEER_KEEP);
        answer_next(i);
        assert_int_equal(number_of(kept[i % 2]), i);
    }
    assert_int_equal(fcgi_kept(x.fcgi), 2);

    int third = connect_here(); /* one more than may be kept */
    ask(third, PEER_KEEP);
    answer_next(10);
    assert_int_equal(number_of(third), 10);
    assert_closed(third);

    ask(kept[0], 0); /* the last one, says the web server */
    answer_next(11);
    assert_int_equal(number_of(kept[0]), 11);
    assert_closed(kept[0]);
    assert_int_equal(fcgi_kept(x.fcgi), 1);

    (void)close(kept[1]);
    assert_int_equal(fcgi_wait(x.fcgi, &x.none, 1000), FCGI_NOTHING);
    assert_int_equal(fcgi_kept(x.fcgi), 0);
    assert_int_equal(fcgi_wait(x.fcgi, &x.none, 10), FCGI_NOTHING);
}

static void every_connection_has_its_turn(void **state)
{
    (void)state;
    int eager = connect_here();
    int patient = connect_here();
    for (int i = 0; i < 2; i++) {
        ask(i == 0 ? eager : patient, PEER_KEEP);
        answer_next(i);
        assert_int_equal(number_of(i == 0 ? eager : patient), i);
    }
    ask(eager, PEER_KEEP);
    ask(patient, PEER_KEEP);
    int turns = 0;
    for (char byte; recv(patient, &byte, 1, MSG_PEEK | MSG_DONTWAIT) < 0; turns++) {
        answer_next(turns); /* whoever it is: the eager one asks again at once */
        if (recv(eager, &byte, 1, MSG_PEEK | MSG_DONTWAIT) > 0) {
            (void)number_of(eager);
            ask(eager, PEER_KEEP);
        }
        assert_true(turns < 3);
    }
    (void)close(eager);
    (void)close(patient);
}

static void a_kept_connection_that_breaks_is_no_request(void **state)
{
    (void)state;
    static const str wrong[] = {STR_INIT("\1\1"), STR_INIT("GET / HTTP/1.1\r\n\r\n"),
                                STR_INIT("\1\4\0\1\0\0\0\0")};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        int peer = connect_here();
        ask(peer, PEER_KEEP);
        answer_next(1);
        assert_int_equal(number_of(peer), 1);
        assert_true(peer_write(peer, wrong[i]));
        (void)shutdown(peer, SHUT_WR);
        assert_int_equal(fcgi_wait(x.fcgi, &x.none, 1000), FCGI_NOTHING);
        assert_int_equal(fcgi_kept(x.fcgi), 0);
        (void)close(peer);
    }
    /* The peer stays, but makes no sense; somebody else who waits is not taken in its place. */
    int peer = connect_here();
    ask(peer, PEER_KEEP);
    answer_next(2);
    assert_int_equal(number_of(peer), 2);
    assert_true(peer_write(peer, wrong[1]));
    assert_int_equal(fcgi_wait(x.fcgi, &x.none, 1000), FCGI_READY);
    int waiting = connect_here();
    ask(waiting, 0);
    assert_false(fcgi_accept(x.fcgi));
    assert_int_equal(fcgi_kept(x.fcgi), 0);
    (void)close(peer);
    answer_next(3);
    assert_int_equal(number_of(waiting), 3);
    assert_closed(waiting);
}

static void a_body_that_was_not_read_ends_its_connection(void **state)
{
    (void)state;
    int peer = connect_here();
    struct buf b = peer_head(&x.a, PEER_KEEP);
    peer_body(&b, pattern(20000), 8000);
    assert_true(peer_write(peer, buf_view(&b)));
    (void)shutdown(peer, SHUT_WR);
    assert_int_equal(fcgi_wait(x.fcgi, &x.none, 1000), FCGI_READY);
    assert_true(fcgi_accept(x.fcgi));
    assert_true(fcgi_send(x.fcgi, STR("answer 1"), STR("")));
    assert_int_equal(number_of(peer), 1);
    assert_int_equal(fcgi_kept(x.fcgi), 0);
    (void)close(peer);
}

static void who_leaves_serves_those_that_are_kept(void **state)
{
    (void)state;
    int old = connect_here();
    ask(old, PEER_KEEP);
    answer_next(1);
    assert_int_equal(number_of(old), 1);
    fcgi_refuse(x.fcgi);
    int new = connect_here();
    ask(new, PEER_KEEP);
    assert_int_equal(fcgi_wait(x.fcgi, &x.none, 20), FCGI_NOTHING);
    ask(old, PEER_KEEP);
    answer_next(2);
    assert_int_equal(number_of(old), 2);
    (void)close(old);
    assert_int_equal(fcgi_wait(x.fcgi, &x.none, 1000), FCGI_NOTHING);
    assert_int_equal(fcgi_kept(x.fcgi), 0);
    assert_true(fcgi_accept(x.fcgi)); /* what waits at the socket can still be taken */
    fcgi_abandon(x.fcgi);
    (void)close(new);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(connections_are_kept_where_that_is_wished, set_up, tear_down),
        cmocka_unit_test_setup_teardown(every_connection_has_its_turn, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_kept_connection_that_breaks_is_no_request, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_body_that_was_not_read_ends_its_connection, set_up, tear_down),
        cmocka_unit_test_setup_teardown(who_leaves_serves_those_that_are_kept, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

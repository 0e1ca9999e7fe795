/* io/listener: sockets are made with their mode, dead ones replaced, living ones and other files left
 * alone. */
#include "io/listener.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/arena.h"

struct fixture {
    struct arena a;
    char folder[64];
    char path[96];
};

static int set_up(void **state)
{
    struct fixture *x = calloc(1, sizeof *x);
    arena_init(&x->a, 4096);
    (void)snprintf(x->folder, sizeof x->folder, "/tmp/quire-listener-XXXXXX");
    assert_non_null(mkdtemp(x->folder));
    (void)snprintf(x->path, sizeof x->path, "%s/app.sock", x->folder);
    *state = x;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *x = *state;
    (void)unlink(x->path);
    assert_int_equal(rmdir(x->folder), 0);
    arena_free(&x->a);
    free(x);
    return 0;
}

static int connect_to(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    (void)snprintf(address.sun_path, sizeof address.sun_path, "%s", path);
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    if (connect(fd, (struct sockaddr *)&address, sizeof address) < 0) {
        (void)close(fd);
        return -1;
    }
    return fd;
}

static void assert_refused(struct fixture *x, str address, const char *cause)
{
    struct listener l = {.fd = -7};
    err e = listener_open(&x->a, address, 0660, &l);
    assert_non_null(e);
    assert_int_equal(e->code, ERROR_INTERNAL);
    assert_string_equal(str_c(&x->a, e->cause), cause);
    assert_int_equal(l.fd, -7); /* written only on success */
}

static void a_unix_socket_listens(void **state)
{
    struct fixture *x = *state;
    struct listener l;
    assert_null(listener_open(&x->a, str_format(&x->a, "unix:%s", x->path), 0640, &l));
    assert_true(listener_is(l.fd));
    assert_string_equal(l.path, x->path);
    struct stat st;
    assert_int_equal(stat(x->path, &st), 0);
    assert_int_equal(st.st_mode & 07777, 0640);
    assert_true(fcntl(l.fd, F_GETFL) & O_NONBLOCK);
    assert_true(fcntl(l.fd, F_GETFD) & FD_CLOEXEC);
    int peer = connect_to(x->path);
    assert_true(peer >= 0);
    (void)close(peer);
    (void)close(l.fd);
}

static void the_umask_does_not_matter(void **state)
{
    struct fixture *x = *state;
    mode_t before = umask(0777);
    struct listener l;
    err e = listener_open(&x->a, str_of(x->path), 0666, &l);
    assert_int_equal(umask(before), 0777);
    assert_null(e);
    struct stat st;
    assert_int_equal(stat(x->path, &st), 0);
    assert_int_equal(st.st_mode & 07777, 0666);
    (void)close(l.fd);
}

static void a_dead_socket_is_replaced(void **state)
{
    struct fixture *x = *state;
    struct listener dead;
    struct listener l;
    assert_null(listener_open(&x->a, str_of(x->path), 0660, &dead));
    (void)close(dead.fd);
    assert_int_equal(connect_to(x->path), -1);
    assert_null(listener_open(&x->a, str_of(x->path), 0660, &l));
    (void)close(connect_to(x->path));
    (void)close(l.fd);
}

static void a_living_socket_is_left_alone(void **state)
{
    struct fixture *x = *state;
    struct listener l;
    assert_null(listener_open(&x->a, str_of(x->path), 0660, &l));
    assert_refused(x, str_of(x->path),
                   str_format(&x->a, "cannot listen on %s: another program listens there", x->path).p);
    assert_true(listener_is(l.fd));
    int peer = connect_to(x->path);
    assert_true(peer >= 0);
    (void)close(peer);
    (void)close(l.fd);
}

static void a_file_is_left_alone(void **state)
{
    struct fixture *x = *state;
    int fd = open(x->path, O_CREAT | O_WRONLY, 0600);
    (void)close(fd);
    assert_refused(
        x, str_of(x->path),
        str_format(&x->a, "cannot listen on %s: there is a file of that name which is no socket", x->path).p);
    assert_int_equal(access(x->path, F_OK), 0);
}

static void a_name_is_withdrawn_only_when_it_is_ours(void **state)
{
    struct fixture *x = *state;
    struct listener first;
    struct listener second;
    assert_null(listener_open(&x->a, str_of(x->path), 0660, &first));
    assert_int_equal(unlink(x->path), 0);
    assert_null(listener_open(&x->a, str_of(x->path), 0660, &second));
    listener_withdraw(&first);
    assert_int_equal(access(x->path, F_OK), 0);
    listener_withdraw(&second);
    assert_int_equal(access(x->path, F_OK), -1);
    listener_withdraw(&second);
    struct listener inherited = {.fd = second.fd};
    listener_withdraw(&inherited);
    (void)close(first.fd);
    (void)close(second.fd);
}

static void paths_are_checked(void **state)
{
    struct fixture *x = *state;
    char path[200] = "/tmp/";
    memset(path + 5, 'x', 103);
    assert_refused(
        x, str_of(path),
        str_format(&x->a, "cannot listen on %s: the path has 108 bytes, a unix socket's at most 107", path)
            .p);
    assert_refused(x, STR("unix:"), "cannot listen on a unix socket without a path");
    assert_refused(
        x, STR("/nowhere-at-all/x.sock"),
        "cannot listen on /nowhere-at-all/x.sock: the folder /nowhere-at-all: No such file or directory");
}

static void the_longest_path_works(void **state)
{
    struct fixture *x = *state;
    char path[108];
    int n = snprintf(path, sizeof path, "%s/", x->folder);
    memset(path + n, 'x', sizeof path - 1 - (size_t)n);
    path[107] = '\0';
    struct listener l;
    assert_null(listener_open(&x->a, str_of(path), 0660, &l));
    assert_string_equal(l.path, path);
    listener_withdraw(&l);
    assert_int_equal(access(path, F_OK), -1);
    (void)close(l.fd);
}

static void tcp_listens_on_the_loopback(void **state)
{
    struct fixture *x = *state;
    struct listener l;
    /* A port that is free: the kernel's choice, given back just before. */
    struct sockaddr_storage address;
    socklen_t n = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(listen(fd, 1), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &n), 0);
    unsigned port = ntohs(((struct sockaddr_in *)&address)->sin_port);
    (void)close(fd);

    str where = str_format(&x->a, ":%u", port);
    assert_null(listener_open(&x->a, where, 0660, &l));
    assert_true(listener_is(l.fd));
    assert_null(l.path);
    n = sizeof address;
    assert_int_equal(getsockname(l.fd, (struct sockaddr *)&address, &n), 0);
    assert_int_equal(address.ss_family, AF_INET);
    assert_int_equal(ntohl(((struct sockaddr_in *)&address)->sin_addr.s_addr), INADDR_LOOPBACK);
    assert_refused(x, where,
                   str_format(&x->a, "cannot listen on :%u: another program listens there", port).p);
    listener_withdraw(&l);
    assert_true(listener_is(l.fd));
    (void)close(l.fd);
}

static void tcp_addresses_are_checked(void **state)
{
    struct fixture *x = *state;
    static const char *const ports[] = {"localhost:", "localhost:0", "localhost:65536", "localhost:1x",
                                        ":-1"};
    for (size_t i = 0; i < sizeof ports / sizeof *ports; i++) {
        assert_refused(
            x, str_of(ports[i]),
            str_format(&x->a, "cannot listen on %s: the port is a number from 1 to 65535", ports[i]).p);
    }
    assert_refused(x, STR("nonsense"), "cannot listen on \"nonsense\": say unix:/path or host:port");
    assert_refused(x, STR(""), "cannot listen on \"\": say unix:/path or host:port");
    assert_refused(x, STR("192.0.2.1:9000"),
                   "cannot listen on 192.0.2.1:9000: Cannot assign requested address");
}

static void sockets_can_be_numbered(void **state)
{
    struct fixture *x = *state;
    str address = str_format(&x->a, "unix:%s", x->path);
    struct listener first;
    struct listener tenth;
    assert_null(listener_open_nth(&x->a, address, 1, 0600, &first));
    assert_null(listener_open_nth(&x->a, address, 10, 0600, &tenth));
    assert_string_equal(first.path, str_format(&x->a, "%s.1", x->path).p);
    assert_string_equal(tenth.path, str_format(&x->a, "%s.10", x->path).p);
    assert_int_equal(access(x->path, F_OK), -1);
    (void)close(connect_to(tenth.path));
    listener_withdraw(&first);
    listener_withdraw(&tenth);
    (void)close(first.fd);
    (void)close(tenth.fd);
    err e = listener_open_nth(&x->a, STR("127.0.0.1:9000"), 1, 0600, &first);
    assert_non_null(e);
    assert_string_equal(str_c(&x->a, e->cause),
                        "cannot listen on 127.0.0.1:9000 for each worker: LISTEN_EACH needs a unix socket");
}

/* How many a process sees that was handed `listening` sockets, and told so. */
static int inherits(struct fixture *x, int listening, const char *fds, bool to_itself)
{
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        struct listener l;
        if (listener_open(&x->a, str_of(x->path), 0600, &l) != NULL || fcntl(l.fd, F_DUPFD, 50) != 50) {
            _exit(99);
        }
        (void)close_range(LISTENER_FIRST, 49, 0);
        for (int i = 0; i < listening; i++) {
            (void)dup2(50, LISTENER_FIRST + i);
        }
        (void)setenv("LISTEN_FDS", fds, 1);
        (void)setenv("LISTEN_PID", str_format(&x->a, "%d", (int)(to_itself ? getpid() : getppid())).p, 1);
        _exit((int)listener_inherited());
    }
    int status;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

static void a_service_manager_hands_sockets_over(void **state)
{
    struct fixture *x = *state;
    assert_int_equal(listener_inherited(), 0);
    assert_int_equal(inherits(x, 1, "1", true), 1);
    assert_int_equal(inherits(x, 3, "3", true), 3);
    assert_int_equal(inherits(x, 3, "2", true), 2);
    assert_int_equal(inherits(x, 2, "3", true), 2); /* what does not listen is none */
    assert_int_equal(inherits(x, 2, "2", false), 0);
    assert_int_equal(inherits(x, 2, "many", true), 0);
    assert_int_equal(inherits(x, 2, "-1", true), 0);
}

static void what_does_not_listen_is_no_listener(void **state)
{
    (void)state;
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    int file = open("/dev/null", O_RDONLY);
    int pair[2];
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
    assert_false(listener_is(fd));
    assert_false(listener_is(file));
    assert_false(listener_is(pair[0]));
    assert_false(listener_is(-1));
    (void)close(fd);
    (void)close(file);
    (void)close(pair[0]);
    (void)close(pair[1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_unix_socket_listens, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_umask_does_not_matter, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_dead_socket_is_replaced, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_living_socket_is_left_alone, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_file_is_left_alone, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_name_is_withdrawn_only_when_it_is_ours, set_up, tear_down),
        cmocka_unit_test_setup_teardown(paths_are_checked, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_longest_path_works, set_up, tear_down),
        cmocka_unit_test_setup_teardown(tcp_listens_on_the_loopback, set_up, tear_down),
        cmocka_unit_test_setup_teardown(tcp_addresses_are_checked, set_up, tear_down),
        cmocka_unit_test_setup_teardown(sockets_can_be_numbered, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_service_manager_hands_sockets_over, set_up, tear_down),
        cmocka_unit_test(what_does_not_listen_is_no_listener),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

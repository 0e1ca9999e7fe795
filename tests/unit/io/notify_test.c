/* io/notify: what a service manager would read. */
#include "io/notify.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cmocka.h>

static int manager(const char *name)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    size_t n = strlen(name);
    memcpy(address.sun_path, name, n);
    if (name[0] == '@') {
        address.sun_path[0] = '\0';
    }
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0);
    assert_int_equal(
        bind(fd, (struct sockaddr *)&address, (socklen_t)(offsetof(struct sockaddr_un, sun_path) + n)), 0);
    assert_int_equal(setenv("NOTIFY_SOCKET", name, 1), 0);
    return fd;
}

static const char *received(int fd)
{
    static char text[256];
    ssize_t n = recv(fd, text, sizeof text - 1, 0);
    if (n < 0) {
        return NULL;
    }
    text[n] = '\0';
    return text;
}

static void assert_messages(const char *name)
{
    int fd = manager(name);
    notify_waiting();
    assert_string_equal(received(fd), "STATUS=waiting for the database");
    notify_ready();
    assert_string_equal(received(fd), "READY=1\nSTATUS=serving");
    notify_stopping();
    assert_string_equal(received(fd), "STOPPING=1");
    notify_reloading();
    const char *said = received(fd);
    unsigned long long when = 0;
    static const char before[] = "RELOADING=1\nMONOTONIC_USEC=";
    assert_int_equal(strncmp(said, before, sizeof before - 1), 0);
    when = strtoull(said + sizeof before - 1, NULL, 10);
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    unsigned long long micros =
        (unsigned long long)now.tv_sec * 1000000 + (unsigned long long)now.tv_nsec / 1000;
    assert_true(when > 0 && when <= micros && micros - when < 5000000);
    assert_null(received(fd));
    (void)close(fd);
}

static void a_manager_is_told(void **state)
{
    (void)state;
    char folder[] = "/tmp/quire-notify-XXXXXX";
    assert_non_null(mkdtemp(folder));
    char path[64];
    (void)snprintf(path, sizeof path, "%s/notify", folder);
    assert_messages(path);
    (void)unlink(path);
    assert_int_equal(rmdir(folder), 0);
    (void)snprintf(path, sizeof path, "@quire-notify-%d", (int)getpid());
    assert_messages(path);
}

static void nobody_is_told_when_nobody_asks(void **state)
{
    (void)state;
    char endless[300];
    memset(endless, '/', sizeof endless - 1);
    endless[sizeof endless - 1] = '\0';
    const char *const names[] = {
        "", "x", "@", "/", "relative/path", "vsock:2:1", "/nowhere-at-all/notify", endless};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        assert_int_equal(setenv("NOTIFY_SOCKET", names[i], 1), 0);
        notify_ready();
    }
    assert_int_equal(unsetenv("NOTIFY_SOCKET"), 0);
    notify_ready();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_manager_is_told),
        cmocka_unit_test(nobody_is_told_when_nobody_asks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

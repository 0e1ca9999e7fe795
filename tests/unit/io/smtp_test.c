/* io/smtp: a message handed to a server, and what is made of what that says. The servers here are a child process on
 * 127.0.0.1 that answers by a list; TLS and log-ins are tests/api/mail.test.mjs. */
#include "io/smtp.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support/unit.h"

#define MESSAGE "Subject: x\r\n\r\n.a dot\r\nbye\r\n"

/* What the server says at each step; NULL: what a good one says. "" ends the connection, "-" says nothing at all. */
struct script {
    const char *greeting, *hello, *from, *to, *data, *end;
};

static pid_t server;
static int heard; /* what the server heard, for the test to read */

static void say(FILE *f, const char *told, const char *usual)
{
    const char *text = told != NULL ? told : usual;
    if (text[0] == '\0') {
        _exit(0);
    }
    if (text[0] == '-') {
        (void)pause();
    }
    (void)fprintf(f, "%s\r\n", text);
    (void)fflush(f);
}

/* The lines of the message, to the dot that stands alone. */
static void hear_message(FILE *f, FILE *out)
{
    char line[1024];
    while (fgets(line, sizeof line, f) != NULL && strcmp(line, ".\r\n") != 0) {
        (void)fputs(line, out);
        (void)fflush(out);
    }
}

static void serve(int fd, int to_test, const struct script *s)
{
    char line[1024];
    FILE *f = fdopen(fd, "r+");
    FILE *out = fdopen(to_test, "w");
    say(f, s->greeting, "220 here");
    while (fgets(line, sizeof line, f) != NULL) {
        (void)fputs(line, out);
        (void)fflush(out);
        if (strncmp(line, "EHLO", 4) == 0) {
            say(f, s->hello, "250-here\r\n250-SIZE 1000000\r\n250 SMTPUTF8");
        } else if (strncmp(line, "MAIL", 4) == 0) {
            say(f, s->from, "250 from whom ever");
        } else if (strncmp(line, "RCPT", 4) == 0) {
            say(f, s->to, "250 to whom ever");
        } else if (strncmp(line, "DATA", 4) == 0) {
            say(f, s->data, "354 go on");
            hear_message(f, out);
            say(f, s->end, "250 taken");
        } else {
            say(f, NULL, "221 bye");
        }
    }
    _exit(0);
}

/* Starts a server that is asked once; returns its address. */
static str start(const struct script *s)
{
    int pipes[2];
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t n = sizeof at;
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(listener, (struct sockaddr *)&at, n), 0);
    assert_int_equal(listen(listener, 1), 0);
    assert_int_equal(getsockname(listener, (struct sockaddr *)&at, &n), 0);
    assert_int_equal(pipe(pipes), 0);
    server = fork();
    assert_true(server >= 0);
    if (server == 0) {
        (void)prctl(PR_SET_PDEATHSIG, SIGKILL); /* also when a test fails */
        (void)close(pipes[0]);
        serve(accept(listener, NULL, NULL), pipes[1], s);
    }
    (void)close(listener);
    (void)close(pipes[1]);
    heard = pipes[0];
    return str_format(&arena, "smtp://127.0.0.1:%u", (unsigned)ntohs(at.sin_port));
}

/* Ends the server; what it heard. */
static const char *stop(void)
{
    static char text[4096];
    size_t at = 0;
    (void)kill(server, SIGKILL);
    assert_int_equal(waitpid(server, NULL, 0), server);
    for (ssize_t n = 1; n > 0 && at<sizeof text - 1; at += n> 0 ? (size_t)n : 0) {
        n = read(heard, text + at, sizeof text - 1 - at);
    }
    text[at] = '\0';
    (void)close(heard);
    return text;
}

static struct smtp_request request_to(str url)
{
    return (struct smtp_request){.url = url,
                                 .tls = SMTP_TLS_OFF,
                                 .from = STR("quire@example.com"),
                                 .to = STR("ada@example.org"),
                                 .message = STR(MESSAGE),
                                 .timeout_ms = 5000};
}

static void a_good_server(void **state)
{
    (void)state;
    struct smtp_answer said = {.result = SMTP_NEVER};
    struct smtp_request r = request_to(start(&(struct script){0}));
    assert_null(smtp_send(&arena, &r, &said));
    const char *text = stop();
    assert_int_equal(said.result, SMTP_SENT);
    assert_int_equal(said.why.n, 0);
    assert_non_null(strstr(text, "MAIL FROM:<quire@example.com>"));
    assert_non_null(strstr(text, "RCPT TO:<ada@example.org>"));
    assert_non_null(strstr(text, "Subject: x\r\n\r\n..a dot\r\nbye\r\n"));
    assert_null(strstr(text, "SMTPUTF8"));
}

static void a_recipient_that_is_not_ascii(void **state)
{
    (void)state;
    struct smtp_answer said = {.result = SMTP_NEVER};
    struct smtp_request r = request_to(start(&(struct script){0}));
    r.to = STR("j\xC3\xBCrgen@example.org");
    assert_null(smtp_send(&arena, &r, &said));
    const char *text = stop();
    assert_int_equal(said.result, SMTP_SENT);
    assert_non_null(strstr(text, "SMTPUTF8"));
    assert_non_null(strstr(text, "RCPT TO:<j\xC3\xBCrgen@example.org>"));
}

/* A refusal for good is one of this mail; whatever else goes wrong may go right another time. */
static void what_a_server_says(void **state)
{
    (void)state;
    static const struct {
        struct script script;
        enum smtp_result result;
        unsigned code;
    } cases[] = {
        {{.to = "550 nobody of that name"}, SMTP_NEVER, 550},
        {{.data = "554 no"}, SMTP_NEVER, 554},
        {{.greeting = "554 not from there"}, SMTP_LATER, 554},
        {{.from = "553 not from you"}, SMTP_LATER, 553},
        {{.from = "530 log in first"}, SMTP_LATER, 530},
        {{.to = "530 log in first"}, SMTP_LATER, 530},
        {{.end = "554 that is no mail"}, SMTP_NEVER, 554},
        {{.to = "450 later"}, SMTP_LATER, 450},
        {{.end = "451 later"}, SMTP_LATER, 451},
        {{.data = "421 I must go"}, SMTP_LATER, 421},
        {{.greeting = "421 too many"}, SMTP_LATER, 421},
        {{.greeting = ""}, SMTP_LATER, 0},
        {{.to = ""}, SMTP_LATER, 0},
        {{.end = ""}, SMTP_LATER, 0},
        {{.greeting = "HTTP/1.1 400 Bad Request"}, SMTP_LATER, 0},
    };
    for (size_t i = 0; i < LENGTH(cases); i++) {
        struct smtp_answer said = {.result = SMTP_SENT};
        struct smtp_request r = request_to(start(&cases[i].script));
        assert_null(smtp_send(&arena, &r, &said));
        (void)stop();
        print_message("%.*s\n", STR_ARGS(said.why));
        assert_int_equal(said.result, cases[i].result);
        assert_true(cases[i].code == 0 || said.code == cases[i].code);
        assert_true(said.why.n > 0);
    }
}

static void nobody_there(void **state)
{
    (void)state;
    struct smtp_answer said = {.result = SMTP_SENT};
    str url = start(&(struct script){0});
    (void)stop(); /* nobody listens there any more */
    struct smtp_request r = request_to(url);
    assert_null(smtp_send(&arena, &r, &said));
    assert_int_equal(said.result, SMTP_LATER);
    assert_int_equal(said.code, 0);
    r.url = STR("http://127.0.0.1:1"); /* no other protocol is spoken */
    assert_null(smtp_send(&arena, &r, &said));
    assert_int_equal(said.result, SMTP_LATER);
}

/* What was asked for is not left out because the server has none of it. */
static void without_tls(void **state)
{
    (void)state;
    struct smtp_answer said = {.result = SMTP_SENT};
    struct smtp_request r = request_to(start(&(struct script){0}));
    r.tls = SMTP_TLS_REQUIRED;
    assert_null(smtp_send(&arena, &r, &said));
    assert_null(strstr(stop(), "MAIL"));
    assert_int_equal(said.result, SMTP_LATER);
    r = request_to(start(&(struct script){0}));
    r.tls = SMTP_TLS_TRY;
    assert_null(smtp_send(&arena, &r, &said));
    (void)stop();
    assert_int_equal(said.result, SMTP_SENT);
}

static void a_server_that_is_silent(void **state)
{
    (void)state;
    static const struct script silent[] = {{.greeting = "-"}, {.to = "-"}, {.end = "-"}};
    for (size_t i = 0; i < LENGTH(silent); i++) {
        struct smtp_answer said = {.result = SMTP_SENT};
        struct smtp_request r = request_to(start(&silent[i]));
        r.timeout_ms = 300;
        assert_null(smtp_send(&arena, &r, &said));
        (void)stop();
        assert_int_equal(said.result, SMTP_LATER);
        assert_true(said.why.n > 0);
    }
}

static err stop_now(void *ctx, struct arena *a)
{
    *(unsigned *)ctx += 1;
    return error_cause(a, ERROR_UNAVAILABLE, "the pool stops");
}

/* Before the message is sent it can be given up; once it is, we are never the reason that nobody knows. */
static void being_told_to_stop(void **state)
{
    (void)state;
    unsigned asked = 0;
    struct smtp_answer said = {.result = SMTP_SENT, .code = 7};
    struct smtp_request r = request_to(start(&(struct script){.to = "-"}));
    r.beat = stop_now;
    r.ctx = &asked;
    assert_int_equal(error_sure(smtp_send(&arena, &r, &said))->code, ERROR_UNAVAILABLE);
    assert_null(strstr(stop(), "DATA"));
    assert_int_equal(asked, 1);
    assert_int_equal(said.code, 7); /* nothing is answered */
    err failed = NULL;
    const char *told = "";
    int tries = 0;
    do { /* on a busy machine it may be asked before the server has had the message: then once more */
        asked = 0;
        r = request_to(start(&(struct script){.end = "-"}));
        r.timeout_ms = 2000;
        r.beat = stop_now;
        r.ctx = &asked;
        failed = smtp_send(&arena, &r, &said);
        told = stop();
    } while (asked == 1 && strstr(told, "bye") == NULL && ++tries < 3);
    assert_null(failed);
    assert_int_equal(asked, 0);
    assert_int_equal(said.result, SMTP_LATER);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_good_server),      TEST(a_recipient_that_is_not_ascii),
        TEST(what_a_server_says), TEST(nobody_there),
        TEST(without_tls),        TEST(a_server_that_is_silent),
        TEST(being_told_to_stop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

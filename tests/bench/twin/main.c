#include "twin.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fcgiapp.h>

enum { BACKLOG = 1024, MOST_WORKERS = 64, HEAD_BYTES = 1536 };

char body[BODY_BYTES + 1];
size_t body_n;

static bool read_body(FCGX_Request *r)
{
    body_n = (size_t)FCGX_GetStr(body, (int)sizeof body, r->in);
    bool good = body_n < sizeof body && FCGX_GetError(r->in) == 0;
    body_n = good ? body_n : 0;
    body[body_n] = '\0';
    return good;
}

static bool serve(FCGX_Request *r)
{
    static const char one[] = "/api/v1/posts/";
    static const char list[] = "/api/v1/posts";
    const char *method = FCGX_GetParam("REQUEST_METHOD", r->envp);
    const char *uri = FCGX_GetParam("REQUEST_URI", r->envp);
    bool is_get = method != NULL && strcmp(method, "GET") == 0;
    bool is_post = method != NULL && strcmp(method, "POST") == 0;
    entry.method = is_get ? "GET" : is_post ? "POST" : "other";
    if (uri == NULL || (!is_get && !is_post)) {
        refuse(405, "GET or POST");
    } else if (!read_body(r)) {
        refuse(400, "no good body");
    } else if (is_get && strncmp(uri, one, sizeof one - 1) == 0) {
        entry.route = "/posts/{id}";
        return show_post(uri + sizeof one - 1);
    } else if (is_get && strncmp(uri, list, sizeof list - 1) == 0 &&
               strchr("?", uri[sizeof list - 1]) != NULL) {
        entry.route = "/posts";
        return list_posts(uri[sizeof list - 1] == '?' ? uri + sizeof list : "");
    } else if (is_post && strcmp(uri, list) == 0) {
        entry.route = "/posts";
        return create_post(FCGX_GetParam("HTTP_AUTHORIZATION", r->envp));
    } else if (is_post && strcmp(uri, "/api/v1/login") == 0) {
        entry.route = "/login";
        return log_in(FCGX_GetParam("HTTP_USER_AGENT", r->envp), FCGX_GetParam("REMOTE_ADDR", r->envp));
    } else {
        refuse(404, "no such path");
    }
    return true;
}

/* Kept for the log: what the library holds goes with the request. */
static void take_id(const char *id)
{
    size_t n = id == NULL ? 0 : strnlen(id, sizeof entry.id - 1);
    memcpy(entry.id, id == NULL ? "" : id, n);
    entry.id[n] = '\0';
}

/* Who may keep the answer. */
static const char *caching(const FCGX_Request *r)
{
    bool anonymous =
        FCGX_GetParam("HTTP_AUTHORIZATION", r->envp) == NULL && FCGX_GetParam("HTTP_COOKIE", r->envp) == NULL;
    return strcmp(entry.method, "GET") != 0 || out.status != 200 ? "no-store"
           : anonymous
               ? "public, max-age=0, must-revalidate, s-maxage=1, stale-while-revalidate=1, stale-if-error=10"
               : "private, no-cache";
}

/* One write of head and body, and the end of the request with it. */
static void send_answer(FCGX_Request *r)
{
    char head[HEAD_BYTES];
    int n =
        snprintf(head, sizeof head,
                 "Status: %d %s\r\n%sCache-Control: %s\r\nVary: Authorization, Cookie\r\nX-Request-ID: "
                 "%.64s\r\nContent-Type: application/json\r\n"
                 "Content-Length: %zu\r\n\r\n",
                 out.status, out.status < 300 ? "Done" : "Refused", out.headers, caching(r), entry.id, out.n);
    (void)FCGX_PutStr(head, n, r->out);
    (void)FCGX_PutStr(out.text, (int)out.n, r->out);
    (void)FCGX_FClose(r->err);
    (void)FCGX_FClose(r->out);
    /* All input has been read, so the socket can be closed without the library's shutdown-and-poll. */
    if (FCGX_HasSeenEOF(r->in) == EOF && FCGX_GetError(r->in) == 0) {
        (void)FCGX_Detach(r);
    }
    FCGX_Finish_r(r);
}

/* A worker that blocks in the library's accept loses requests when a signal comes: so it waits as quire's do, with
 * signals let in only while it waits, and a look for pending ones before each wait, since epoll reports connections
 * first. */
static int watch(int listener)
{
    struct epoll_event event = {.events = EPOLLIN | EPOLLEXCLUSIVE};
    int poller = epoll_create1(EPOLL_CLOEXEC);
    if (fcntl(listener, F_SETFL, O_NONBLOCK) != 0 ||
        epoll_ctl(poller, EPOLL_CTL_ADD, listener, &event) != 0) {
        return -1;
    }
    return poller;
}

static bool await_connection(int poller)
{
    sigset_t pending;
    sigset_t none;
    struct epoll_event event;
    (void)sigemptyset(&none);
    return sigpending(&pending) == 0 && epoll_pwait(poller, &event, 1, -1, &none) == 1;
}

static int work(int listener)
{
    FCGX_Request r;
    if (FCGX_Init() != 0 || FCGX_InitRequest(&r, listener, FCGI_FAIL_ACCEPT_ON_INTR) != 0 ||
        !database_connect()) {
        return 1;
    }
    /* The library has put handlers of its own over these. */
    (void)sigaction(SIGTERM, &(struct sigaction){.sa_handler = SIG_DFL}, NULL);
    (void)sigaction(SIGPIPE, &(struct sigaction){.sa_handler = SIG_IGN}, NULL);
    int poller = watch(listener);
    while (poller >= 0) {
        if (!await_connection(poller) || FCGX_Accept_r(&r) != 0) {
            continue;
        }
        entry = (struct entry){.start = steady_micros(), .method = "other"};
        out.status = 200;
        out.headers[0] = '\0';
        out.n = 0;
        r.keepConnection = 0;
        if (!database_ready() || !serve(&r)) {
            database_disconnect();
            refuse(503, "the database failed");
        }
        take_id(FCGX_GetParam("HTTP_X_REQUEST_ID", r.envp));
        send_answer(&r);
        log_request();
    }
    return 1;
}

static int open_listener(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0 || strlen(path) >= sizeof address.sun_path) {
        return -1;
    }
    memcpy(address.sun_path, path, strlen(path));
    (void)unlink(path);
    if (bind(fd, (struct sockaddr *)&address, sizeof address) != 0 || chmod(path, 0660) != 0 ||
        listen(fd, BACKLOG) != 0) {
        return -1;
    }
    return fd;
}

int main(int argc, char **argv)
{
    const char *secret = getenv("SECRET_KEY");
    long workers = argc == 3 ? strtol(argv[2], NULL, 10) : 0;
    if (workers < 1 || workers > MOST_WORKERS || secret == NULL) {
        (void)fprintf(stderr, "Usage: SECRET_KEY=... twin SOCKET WORKERS, with 1 to %d workers\n",
                      MOST_WORKERS);
        return 2;
    }
    token_init(secret);
    if (!cursor_init(secret)) {
        return 1;
    }
    int listener = open_listener(argv[1]);
    if (listener < 0 || !log_open(getenv("LOG_FILE"))) {
        (void)fprintf(stderr, "twin: %s: %s\n", argv[1], strerror(errno));
        return 1;
    }
    for (long i = 0; i < workers; i++) {
        pid_t pid = fork();
        if (pid == 0) {
            (void)prctl(PR_SET_PDEATHSIG, SIGTERM);
            return work(listener);
        }
        if (pid < 0) {
            return 1;
        }
    }
    /* None is meant to end: the others go with this process. */
    (void)wait(NULL);
    (void)fprintf(stderr, "twin: a worker has ended\n");
    return 1;
}

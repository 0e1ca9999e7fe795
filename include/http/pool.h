/*
 * pool: the parent: opens the socket, starts the workers before the first request, and answers signals until
 * it is told to stop.
 *
 * A worker that dies is replaced, with back-off when it dies at once. SIGTERM, SIGINT and SIGQUIT: the
 * workers finish their requests in flight and the parent exits 0; what is not done after SHUTDOWN_TIMEOUT, or
 * at the second such signal, is killed. SIGHUP: the workers are replaced one after another, each new one
 * ready before the old one is told to go; they come of a zygote (http/zygote) that is executed anew, so that a new
 * program and new settings are taken up (those of the parent, LISTEN, LISTEN_EACH, WORKERS, WORK_PROCESSES,
 * SHUTDOWN_TIMEOUT, BCRYPT_CONCURRENCY, LOG_FILE, METRICS_DIR and POOL_NAME, need a restart); when the zygote or a new
 * worker does not get ready the old ones stay. SIGUSR1: the log file is opened again, by the workers too. A worker busy
 * with one request for longer than WORKER_TIMEOUT is killed and replaced.
 *
 * The socket, for all workers together: file descriptor 0 when it listens (spawn-fcgi, multiwatch, systemd with
 * StandardInput=socket), then it is left as it is; else LISTEN is opened and, when it is a unix socket, removed at the
 * end. With an inherited socket no connection is lost when the parent is restarted or killed: they wait in the queue.
 * With LISTEN_EACH a worker has a socket of its own, which its successor inherits: those that the service manager hands
 * over (then there are as many workers as sockets), or LISTEN with .1, .2 … behind its path.
 *
 * The service manager is told when the pool is ready, reloads and stops (sd_notify).
 *
 *     const struct pool_options options = {.settings = &settings, .argv = argv, .worker = "worker",
 *                                          .listens = true};
 *     return pool_run(&options);
 */
#ifndef QUIRE_HTTP_POOL_H
#define QUIRE_HTTP_POOL_H

#include <stdbool.h>
#include <stdint.h>

struct router;
struct settings;

struct pool_options {
    const struct settings *settings;
    char *const *argv;           /* of main(): argv[0] is how to execute a zygote */
    const char *worker;          /* the subcommand that makes its workers: see http/zygote */
    const char *name;            /* what it is called where POOL_NAME does not say */
    const struct router *router; /* of the requests that they serve; NULL: they serve none */
    bool listens;                /* whether they serve a socket */
    unsigned seats;              /* how many workers; 0: processors x 2 */
};

/* Serves until told to stop. The log is open. Returns the exit status: 0 done; 1 it could not start, and the
 * reason is on standard error and in the log. Call once. */
int pool_run(const struct pool_options *options);
/* How many workers the setting WORKERS means: 0 is processors x 2. */
unsigned pool_workers(int64_t setting);

#endif

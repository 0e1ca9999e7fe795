/*
 * worker: one process of the pool: waits, takes a request, has it served, and leaves when told or when it has
 * served enough.
 *
 * A worker is a fresh execution of the program, `quire worker SLOT`, started by the pool with the listening
 * socket as descriptor 0, the scoreboard as SCOREBOARD_FD and nothing else open above. It loads its settings
 * itself, so that a reload takes up new ones.
 *
 * Signals: SIGTERM and SIGQUIT let the request in flight finish, then the worker leaves with status 0;
 * SIGUSR1 opens the log file again between two requests; SIGINT and SIGHUP are the parent's business. When
 * the parent dies the worker gets SIGTERM (PR_SET_PDEATHSIG). Each request is noted in the scoreboard before
 * it is accepted and after it has ended, so that the parent can end a worker that hangs.
 *
 *     // main(), subcommand "worker": settings loaded, log opened, as for "serve"
 *     return worker_main(&settings, router, &openapi, argv[2]);
 */
#ifndef QUIRE_HTTP_WORKER_H
#define QUIRE_HTTP_WORKER_H

struct document;
struct router;
struct settings;

/* The subcommand: serves until it is told to leave. `slot` is the worker's line in the scoreboard, in
 * decimal; NULL or a wrong one is an error. Returns the process's exit status: 0, or 1 with the reason in the
 * log. */
int worker_main(const struct settings *settings, const struct router *router, const struct document *openapi,
                const char *slot);

#endif

/*
 * worker: one process of the pool: waits, takes a request, has it served, and leaves when told or when it has
 * served enough.
 *
 * A worker is a process of the pool (http/process), forked by `quire worker`, with the listening socket as descriptor
 * 0. The request in flight is finished before it leaves. Each request is noted in the scoreboard before it is accepted
 * and after it has ended, so that the parent can end a worker that hangs.
 *
 *     // what the zygote of subcommand "worker" has each of its workers do
 *     return worker_main(&settings, router, &openapi, &(struct station){.version = "1.0.0"}, slot);
 */
#ifndef QUIRE_HTTP_WORKER_H
#define QUIRE_HTTP_WORKER_H

struct document;
struct router;
struct settings;
struct station;

/* Serves until it is told to leave. `station` says of the program what all workers share, for /metrics and
 * /health/ready (the rest of it is filled in); `slot` is the worker's line in the scoreboard. Returns the process's
 * exit status: 0, or 1 with the reason in the log. */
int worker_main(const struct settings *settings, const struct router *router, const struct document *openapi,
                const struct station *station, unsigned slot);

#endif

/*
 * zygote: the process of a pool from which its workers are forked: executed anew, prepared once, and then asked.
 *
 * `quire worker` (and `quire job-worker`) loads its settings, makes what all workers have alike, and calls
 * zygote_run(). From then on each message of the parent is the slot of a worker, with its socket; the zygote forks it
 * and answers with its process id. What was made before is shared with all its workers, page by page, for as long as
 * nobody writes to it. It has no connection, holds no request, and ends when the parent closes the socket, however that
 * comes.
 *
 * A worker is the child of the pool's parent, not of the zygote: between the two stands a process that ends at once,
 * and the parent adopts its orphan (PR_SET_CHILD_SUBREAPER, prctl(2)). So the parent sees how each worker ends, and no
 * worker notices the end of the zygote.
 *
 * As in Chromium and Android, and as the postmaster of PostgreSQL; http/nursery says when there is a new one.
 *
 *     // main(), subcommand "worker": settings loaded, log opened
 *     const struct zygote zygote = {.settings = &settings, .work = work, .context = &context};
 *     return zygote_run(&zygote);
 */
#ifndef QUIRE_HTTP_ZYGOTE_H
#define QUIRE_HTTP_ZYGOTE_H

struct settings;

/* Where the zygote finds its end of the sockets of io/handoff; in a worker its socket is there. */
enum { ZYGOTE_FD = 0 };
/* What it says when it can be asked; its other answers are process ids, or negative numbers of errno. */
enum { ZYGOTE_READY = 0 };
/* In place of a slot: the log file has another name now. There is no answer. */
enum { ZYGOTE_REOPEN = -1 };
/* The kernel's name for it (ps -o comm); its workers are called as the program is. */
#define ZYGOTE_NAME "quire-zygote"

struct zygote {
    const struct settings *settings;
    /* What a worker does; `slot` is its line in the scoreboard. Its socket is ZYGOTE_FD, /dev/null when it has none.
     * Returns the process's exit status. */
    int (*work)(void *context, unsigned slot);
    void *context;
};

/* Forks workers until the parent is gone. Returns in each worker, too: there with the status of work(), in the zygote
 * with 0, or with 1 and a line in the log when it was not started by a pool. */
int zygote_run(const struct zygote *z);

#endif

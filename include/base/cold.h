/*
 * cold: a word for functions off the usual way: refusals, failures, growth, what is told to the log now and then.
 *
 * The compiler lays their code, and that of the branches that lead to a call of them, apart from the rest. A worker
 * waits for the database in each request, and finds the caches of its processor taken by others when it goes on: what
 * it does always should then be as few lines of them as can be.
 *
 *     COLD err error_new(struct arena *a, enum error_code code, const char *format, ...);
 */
#ifndef QUIRE_BASE_COLD_H
#define QUIRE_BASE_COLD_H

#define COLD __attribute__((cold))

#endif

/*
 * generation: how a thread is asked for and waited for: a row of history is written, `quire work` does the rest, and
 * the answer waits for it in a worker without holding a transaction or a lock.
 *
 *     {METHOD_POST, "/tweets/generate", generation_start, ACCESS_USER, .after = generation_wait, ...},
 */
#ifndef QUIRE_CONTROLLERS_GENERATION_H
#define QUIRE_CONTROLLERS_GENERATION_H

#include "http/call.h"

/* Notes that a new thread is wanted (the body: generate_form); answers 202. */
MUST_USE err generation_start(struct call *c);
/* Notes that the thread of the path is wanted anew, with what it was asked for and the topic it has now; answers
 * 202. */
MUST_USE err generation_again(struct call *c);
/* For a route's `after`: waits for the thread until the patience of client (Prefer) or server (GENERATE_WAIT) is over,
 * and answers with it. Then the 202 stands, as it does when the database goes away or the worker is to leave: the job
 * is on record. ERROR_PROVIDER and ERROR_PROVIDER_TIMEOUT say that there will be no thread. */
MUST_USE err generation_wait(struct call *c);

#endif

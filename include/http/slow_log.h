/*
 * slow_log: a request that took longer than SLOW_REQUEST_MS, told with its statements: one more line of level warn,
 * behind that of http/access_log and with the same names in it.
 *
 *     {"time":…,"level":"warn","message":"slow request","request_id":…,"route":"/posts","ms":1204.311,
 *      "database_ms":1198.020,"statements":[{"ms":1197.8,"rows":20,"sql":"SELECT …"}],"more":0}
 *
 * Texts are as they were prepared, without values; TRACE_STEPS of them and TRACE_BYTES at most, of the others how many
 * they were. A route that waits on purpose (`later`) is never slow.
 *
 *     slow_log(&call, micros, &trace);
 */
#ifndef QUIRE_HTTP_SLOW_LOG_H
#define QUIRE_HTTP_SLOW_LOG_H

#include "http/call.h"
#include "io/trace.h"

/* Writes the line when the request was slow. micros is how long it took. */
void slow_log(const struct call *c, int64_t micros, const struct trace *trace);

#endif

/*
 * trace_context: the trace that a request belongs to, as W3C Trace Context (levels 1 and 2) has it: the header
 * traceparent.
 *
 *     00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01
 *     version, trace id, id of the caller's span, flags
 *
 * It is read strictly: lengths, lower-case hexadecimal, no id of zeros, not version ff. A version that is not known is
 * read as far as version 00 goes, when more follows only behind another `-`. What cannot be read is as if it were not
 * there, and then the request begins a trace of its own (section 4.3). tracestate is not looked at: nothing is passed
 * on.
 *
 *     struct trace_context t = trace_context_of(a, header, request_id);
 *     printf("%.*s", STR_ARGS(t.trace_id));
 */
#ifndef QUIRE_BASE_TRACE_CONTEXT_H
#define QUIRE_BASE_TRACE_CONTEXT_H

#include <stdbool.h>

#include "base/str.h"

struct arena;

struct trace_context {
    str trace_id;  /* 32 digits */
    str parent_id; /* 16 digits; empty: the trace begins here */
};

/* Reads the header: views into it. False when it is none. */
bool trace_context_read(str header, struct trace_context *out);
/* The same, or else a trace of its own: its id is the request's when that has the form of one, else it is made. */
struct trace_context trace_context_of(struct arena *a, str header, str request_id);

#endif

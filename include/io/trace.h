/*
 * trace: the statements of one request: their texts as they were prepared, how long each took, how many rows it brought
 * or touched. Values are bound and so never in a text; of a statement that is sent whole (DDL) only the first word is
 * kept.
 *
 * A connection that was given a trace (db_trace) notes there; one without notes nothing. It is bounded: of more than
 * TRACE_STEPS statements, or more than TRACE_BYTES of text, the later ones are only counted.
 *
 *     struct trace trace;
 *     trace_start(&trace);
 *     db_trace(db, &trace);
 *     // … statements …
 *     for (unsigned i = 0; i < trace.kept; i++) printf("%.*s\n", STR_ARGS(trace_text(&trace, i)));
 */
#ifndef QUIRE_IO_TRACE_H
#define QUIRE_IO_TRACE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

enum { TRACE_STEPS = 32, TRACE_BYTES = 12 << 10, TRACE_STEP_BYTES = 800 };

struct trace_step {
    unsigned at, n; /* of its text */
    bool cut;       /* the text went on */
    int64_t micros;
    uint64_t rows;
};

struct trace {
    unsigned count; /* all statements */
    unsigned kept;  /* those below */
    int64_t micros; /* of all of them */
    int64_t begun;  /* of the one under way, clock_steady(); 0: none is */
    unsigned used;  /* of the text */
    struct trace_step steps[TRACE_STEPS];
    char text[TRACE_BYTES];
};

/* Begins anew. */
void trace_start(struct trace *t);
/* A statement begins; it ends with trace_end(), or when the next one begins. NULL: nobody wants to know. */
void trace_begin(struct trace *t, str sql);
void trace_end(struct trace *t, uint64_t rows);
/* The text of step i < kept. */
str trace_text(const struct trace *t, unsigned i);

#endif

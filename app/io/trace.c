#include "io/trace.h"

#include <string.h>

#include "base/clock.h"

void trace_start(struct trace *t)
{
    t->count = 0;
    t->kept = 0;
    t->micros = 0;
    t->begun = 0;
    t->used = 0;
}

void trace_begin(struct trace *t, str sql)
{
    if (t == NULL) {
        return;
    }
    trace_end(t, 0);
    t->count++;
    t->begun = clock_steady();
    size_t n = sql.n < TRACE_STEP_BYTES ? sql.n : TRACE_STEP_BYTES;
    if (t->kept == t->count - 1 && t->kept < TRACE_STEPS && TRACE_BYTES - t->used >= n) {
        memcpy(t->text + t->used, sql.p, n);
        t->steps[t->kept++] = (struct trace_step){.at = t->used, .n = (unsigned)n, .cut = n < sql.n};
        t->used += (unsigned)n;
    }
}

void trace_end(struct trace *t, uint64_t rows)
{
    if (t == NULL || t->begun == 0) {
        return;
    }
    int64_t micros = clock_steady() - t->begun;
    t->begun = 0;
    t->micros += micros;
    if (t->kept == t->count) {
        t->steps[t->kept - 1].micros = micros;
        t->steps[t->kept - 1].rows = rows;
    }
}

str trace_text(const struct trace *t, unsigned i)
{
    return (str){t->text + t->steps[i].at, t->steps[i].n};
}

#include "http/slow_log.h"

#include "base/json_out.h"
#include "base/log.h"
#include "conf/settings.h"
#include "http/access_log.h"
#include "http/route.h"

/* All texts, each byte of them escaped, and what stands around them. */
enum { LINE_BYTES = 6 * TRACE_BYTES + (16 << 10) };

static void put_statements(struct buf *line, const struct trace *t)
{
    buf_lit(line, ",\"statements\":[");
    for (unsigned i = 0; i < t->kept; i++) {
        const struct trace_step *step = &t->steps[i];
        buf_c(line, i == 0 ? "{\"ms\":" : ",{\"ms\":");
        access_log_millis(line, step->micros);
        buf_lit(line, ",\"rows\":");
        buf_uint(line, step->rows);
        buf_lit(line, ",\"sql\":");
        json_put_dirty(line, trace_text(t, i));
        if (step->cut) {
            buf_lit(line, ",\"cut\":true");
        }
        buf_char(line, '}');
    }
    buf_lit(line, "],\"more\":");
    buf_uint(line, t->count - t->kept);
}

void slow_log(const struct call *c, int64_t micros, const struct trace *trace)
{
    int64_t limit = c->settings->slow_request_ms;
    bool waits = c->route != NULL && c->route->later != NULL;
    if (limit == 0 || waits || micros < limit * 1000 || !log_enabled(LOG_WARN)) {
        return;
    }
    struct buf line;
    buf_init(&line, c->arena, 1024, LINE_BYTES);
    log_begin(&line, LOG_WARN);
    buf_lit(&line, ",\"message\":\"slow request\"");
    access_log_request(&line, c);
    buf_lit(&line, ",\"ms\":");
    access_log_millis(&line, micros);
    buf_lit(&line, ",\"database_ms\":");
    access_log_millis(&line, trace->micros);
    put_statements(&line, trace);
    log_end(&line);
}

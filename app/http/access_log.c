#include "http/access_log.h"

#include "base/clock.h"
#include "base/json_out.h"
#include "base/log.h"
#include "http/route.h"

static enum log_level level_of(unsigned status)
{
    return status >= 500 ? LOG_ERROR : LOG_INFO;
}

void access_log_millis(struct buf *line, int64_t micros)
{
    uint64_t n = micros > 0 ? (uint64_t)micros : 0;
    char decimals[] = {(char)('0' + n / 100 % 10), (char)('0' + n / 10 % 10), (char)('0' + n % 10)};
    buf_uint(line, n / 1000);
    buf_char(line, '.');
    buf_put(line, decimals, sizeof decimals);
}

void access_log_request(struct buf *line, const struct call *c)
{
    buf_lit(line, ",\"request_id\":");
    json_put_dirty(line, c->request->request_id);
    buf_lit(line, ",\"trace_id\":\"");
    buf_str(line, c->request->trace.trace_id);
    if (c->request->trace.parent_id.n > 0) {
        buf_lit(line, "\",\"parent_id\":\"");
        buf_str(line, c->request->trace.parent_id);
    }
    buf_lit(line, "\",\"method\":\"");
    buf_c(line, method_name(c->request->method));
    buf_lit(line, "\",\"route\":");
    if (c->route == NULL) {
        buf_lit(line, "null");
    } else {
        json_put_str(line, str_of(c->route->path));
    }
    buf_lit(line, ",\"status\":");
    buf_uint(line, c->reply->status);
}

void access_log(const struct call *c, const struct access_entry *entry, err e)
{
    enum log_level level = level_of(c->reply->status);
    if (!log_enabled(level)) {
        return;
    }
    struct buf line;
    buf_init(&line, c->arena, 512, 16 << 10);
    log_begin(&line, level);
    access_log_request(&line, c);
    buf_lit(&line, ",\"ms\":");
    access_log_millis(&line, entry->micros);
    buf_lit(&line, ",\"statements\":");
    buf_uint(&line, entry->statements);
    buf_lit(&line, ",\"user_id\":");
    if (c->actor.signed_in) {
        buf_int(&line, c->actor.user_id);
    } else {
        buf_lit(&line, "null");
    }
    if (e != NULL) {
        buf_printf(&line, ",\"error\":\"%s\"", error_name(e->code));
        str cause = e->cause.n == 0 && c->reply->status == 500 ? e->detail : e->cause;
        if (cause.n > 0) {
            buf_lit(&line, ",\"cause\":");
            json_put_dirty(&line, cause);
        }
    }
    if (!entry->sent) {
        buf_lit(&line, ",\"unsent\":true");
    }
    log_end(&line);
}

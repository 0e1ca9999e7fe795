#include "http/reply.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/json_out.h"

#define CODE_HEADER "X-Error-Code"
#define BODY_BEGINS "{\"detail\":"

static const char plain_type[] = "application/json";

static const struct {
    unsigned status;
    const char *line;
} reasons[REPLY_STATUSES] = {
    {200, "OK"},
    {201, "Created"},
    {202, "Accepted"},
    {204, "No Content"},
    {304, "Not Modified"},
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {409, "Conflict"},
    {412, "Precondition Failed"},
    {413, "Content Too Large"},
    {415, "Unsupported Media Type"},
    {422, "Unprocessable Content"},
    {428, "Precondition Required"},
    {429, "Too Many Requests"},
    {500, "Internal Server Error"},
    {502, "Bad Gateway"},
    {503, "Service Unavailable"},
    {504, "Gateway Timeout"},
};

unsigned reply_status(unsigned i)
{
    return reasons[i].status;
}

unsigned reply_status_index(unsigned status)
{
    unsigned i = 0;
    while (i < REPLY_STATUSES && reasons[i].status != status) {
        i++;
    }
    return i;
}

static const char *reason_of(unsigned status)
{
    unsigned i = reply_status_index(status);
    return i < REPLY_STATUSES ? reasons[i].line : "Status"; /* nginx wants a word there */
}

void reply_init(struct reply *r, struct arena *a)
{
    r->status = 200;
    r->content_type = plain_type;
    buf_init(&r->headers, a, 512, REPLY_HEADER_BYTES);
    buf_init(&r->body, a, 2048, REPLY_MAX_BYTES);
}

/* Whether one of the bytes is under 0x20 or 0x7F: in eight at a time, the top bit of such a one is set by the first
 * line or the second, and nothing is borrowed where there is none. */
static bool has_control(const char *p, size_t n)
{
    const uint64_t each = 0x0101010101010101U;
    uint64_t found = 0;
    size_t at = 0;
    for (; n - at >= sizeof each; at += sizeof each) {
        uint64_t eight;
        memcpy(&eight, p + at, sizeof eight);
        found |= ((eight - each * 0x20) | ((eight ^ each * 0x7F) - each)) & ~eight & each * 0x80;
    }
    for (; at < n; at++) {
        found |= (unsigned char)p[at] < 0x20 || p[at] == 0x7F;
    }
    return found != 0;
}

static void blank_controls(char *p, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if ((unsigned char)p[i] < 0x20 || p[i] == 0x7F) {
            p[i] = ' ';
        }
    }
}

/* What begins at `line`, its value at `value`, becomes a header or nothing. */
static void end_header(struct buf *b, size_t line, size_t value)
{
    if (has_control(b->p + value, b->n - value)) {
        blank_controls(b->p + value, b->n - value);
    }
    buf_lit(b, "\r\n");
    if (b->full) {
        b->n = line; /* no half lines */
        b->full = false;
    }
}

/* Where its value begins. */
static size_t begin_header(struct buf *b, const char *name)
{
    buf_c(b, name);
    buf_lit(b, ": ");
    return b->n;
}

void reply_header_str(struct reply *r, const char *name, str value)
{
    size_t line = r->headers.n;
    size_t at = begin_header(&r->headers, name);
    buf_str(&r->headers, value);
    end_header(&r->headers, line, at);
}

void reply_header(struct reply *r, const char *name, const char *format, ...)
{
    size_t line = r->headers.n;
    size_t at = begin_header(&r->headers, name);
    va_list args;
    va_start(args, format);
    buf_vprintf(&r->headers, format, args);
    va_end(args);
    end_header(&r->headers, line, at);
}

void reply_empty(struct reply *r)
{
    r->status = 204;
    r->body.n = 0;
}

/* Our own fault is nobody's business: the sentence then is the title. */
static str sentence(err e)
{
    return error_status(e->code) == 500 ? str_of(error_title(e->code)) : e->detail;
}

static void put_plain(struct buf *b, err e)
{
    buf_lit(b, BODY_BEGINS);
    if (e->problems.n > 0) {
        buf_str(b, e->problems);
    } else {
        json_put_dirty(b, sentence(e));
    }
    if (e->oauth != NULL) {
        buf_printf(b, ",\"error\":\"%s\",\"error_description\":", e->oauth);
        json_put_dirty(b, sentence(e));
    }
    buf_char(b, '}');
}

void reply_error(struct reply *r, err e)
{
    unsigned status = error_status(e->code);
    r->status = status;
    r->body.n = 0;
    r->body.full = false;
    r->content_type = plain_type;
    reply_header_str(r, CODE_HEADER, str_of(error_name(e->code)));
    if (status == 401) {
        reply_header_str(r, "WWW-Authenticate",
                         e->code == ERROR_INVALID_TOKEN ? STR("Bearer error=\"invalid_token\"")
                                                        : STR("Bearer"));
    }
    if (e->retry_after > 0) {
        reply_header(r, "Retry-After", "%u", e->retry_after);
    }
    put_plain(&r->body, e);
}

/* The code that reply_error() has put into a header. */
static str code_of(const struct reply *r)
{
    static const str name = STR_INIT(CODE_HEADER ": ");
    str headers = buf_view(&r->headers);
    const char *at = memmem(headers.p, headers.n, name.p, name.n);
    size_t begin = at == NULL ? headers.n : (size_t)(at - headers.p) + name.n;
    return str_slice(headers, begin, str_find(headers, '\r', begin));
}

/* What put_plain() has written as the detail: a list, which is all there is then, or a string; empty when it was not it
 * that wrote this. */
static str detail_of(str body)
{
    static const str before = STR_INIT(BODY_BEGINS);
    size_t begin = before.n;
    size_t end = begin + 1;
    if (body.n <= end || !str_starts(body, before)) {
        return STR("");
    }
    if (body.p[begin] == '[') {
        return str_slice(body, begin, body.n - 1);
    }
    while (end < body.n && body.p[end] != '"') {
        end += body.p[end] == '\\' ? 2 : 1;
    }
    return end < body.n ? str_slice(body, begin, end + 1) : STR("");
}

/* RFC 9457, section 3.1; `type` stays about:blank's stand-in, the code tells which it is. */
void reply_as_problem(struct reply *r, str instance)
{
    struct buf *b = &r->body;
    str detail = detail_of(str_copy(b->arena, buf_view(b)));
    if (detail.n == 0) {
        return; /* an older program has stored it so */
    }
    bool list = str_starts(detail, STR("["));
    b->n = 0;
    r->content_type = "application/problem+json";
    buf_printf(b,
               "{\"type\":\"about:blank\",\"title\":\"%s\",\"status\":%u,\"detail\":", reason_of(r->status),
               r->status);
    buf_str(b, list ? STR("\"the request has mistakes, see errors\"") : detail);
    buf_lit(b, ",\"instance\":");
    json_put_dirty(b, instance);
    buf_lit(b, ",\"code\":\"");
    buf_str(b, code_of(r));
    buf_char(b, '"');
    if (list) {
        buf_lit(b, ",\"errors\":");
        buf_str(b, detail);
    }
    buf_char(b, '}');
}

static bool has_body(const struct reply *r)
{
    return r->status != 204 && r->status != 304;
}

str reply_head(const struct reply *r, struct arena *a)
{
    struct buf out;
    buf_init(&out, a, r->headers.n + 256, REPLY_HEADER_BYTES + 1024);
    buf_lit(&out, "Status: ");
    buf_uint(&out, r->status);
    buf_char(&out, ' ');
    buf_c(&out, reason_of(r->status));
    buf_lit(&out, "\r\n");
    buf_str(&out, buf_view(&r->headers));
    if (has_body(r)) {
        buf_lit(&out, "Content-Type: ");
        buf_c(&out, r->content_type);
        buf_lit(&out, "\r\nContent-Length: ");
        buf_uint(&out, r->body.n);
        buf_lit(&out, "\r\n");
    }
    buf_lit(&out, "\r\n");
    return buf_view(&out);
}

str reply_body(const struct reply *r, bool head_only)
{
    return has_body(r) && !head_only ? buf_view(&r->body) : STR("");
}

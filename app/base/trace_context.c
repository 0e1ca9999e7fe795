#include "base/trace_context.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/rand.h"

/* Where the parts stand. */
enum { TRACE_AT = 3, PARENT_AT = 36, FLAGS_AT = 53, LENGTH = 55, TRACE_DIGITS = 32, PARENT_DIGITS = 16 };

static bool is_hex(str s)
{
    for (size_t i = 0; i < s.n; i++) {
        if (!((s.p[i] >= '0' && s.p[i] <= '9') || (s.p[i] >= 'a' && s.p[i] <= 'f'))) {
            return false;
        }
    }
    return true;
}

static bool is_id(str s, size_t digits)
{
    size_t zeros = 0;
    while (zeros < s.n && s.p[zeros] == '0') {
        zeros++;
    }
    return s.n == digits && zeros < s.n && is_hex(s);
}

bool trace_context_read(str header, struct trace_context *out)
{
    if (header.n < LENGTH || header.p[TRACE_AT - 1] != '-' || header.p[PARENT_AT - 1] != '-' ||
        header.p[FLAGS_AT - 1] != '-') {
        return false;
    }
    str version = str_slice(header, 0, TRACE_AT - 1);
    str trace_id = str_slice(header, TRACE_AT, PARENT_AT - 1);
    str parent_id = str_slice(header, PARENT_AT, FLAGS_AT - 1);
    bool whole = header.n == LENGTH || (header.p[LENGTH] == '-' && !str_eq(version, STR("00")));
    if (!whole || !is_hex(version) || str_eq(version, STR("ff")) || !is_id(trace_id, TRACE_DIGITS) ||
        !is_id(parent_id, PARENT_DIGITS) || !is_hex(str_slice(header, FLAGS_AT, LENGTH))) {
        return false;
    }
    *out = (struct trace_context){.trace_id = trace_id, .parent_id = parent_id};
    return true;
}

static str new_id(struct arena *a)
{
    unsigned char bytes[TRACE_DIGITS / 2];
    struct buf b;
    buf_init(&b, a, TRACE_DIGITS + 1, TRACE_DIGITS + 1);
    rand_bytes(bytes, sizeof bytes);
    bytes[0] |= 1; /* never all zeros */
    for (size_t i = 0; i < sizeof bytes; i++) {
        buf_printf(&b, "%02x", bytes[i]);
    }
    return buf_view(&b);
}

struct trace_context trace_context_of(struct arena *a, str header, str request_id)
{
    struct trace_context t;
    if (trace_context_read(header, &t)) {
        return t;
    }
    return (struct trace_context){.trace_id = is_id(request_id, TRACE_DIGITS) ? request_id : new_id(a)};
}

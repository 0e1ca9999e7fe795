#include "http/request.h"

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/uuid.h"

static const char *const method_names[METHOD__MAX] = {"GET",   "HEAD",   "POST",    "PUT",
                                                      "PATCH", "DELETE", "OPTIONS", "other"};

const char *method_name(enum method m)
{
    return method_names[m];
}

static enum method method_of(str name)
{
    for (int m = 0; m < METHOD_OTHER; m++) {
        if (str_eq(name, str_of(method_names[m]))) {
            return (enum method)m;
        }
    }
    return METHOD_OTHER;
}

/* What is kept of the parameters, and where; first what each request has. */
static const struct {
    str name;
    size_t offset;
} kept[] = {
    {STR_INIT("HTTP_X_REQUEST_ID"), offsetof(struct request, request_id)},
    {STR_INIT("REQUEST_METHOD"), offsetof(struct request, method_name)},
    {STR_INIT("CONTENT_TYPE"), offsetof(struct request, content_type)},
    {STR_INIT("REMOTE_ADDR"), offsetof(struct request, remote_address)},
    {STR_INIT("REQUEST_SCHEME"), offsetof(struct request, scheme)},
    {STR_INIT("HTTP_HOST"), offsetof(struct request, host)},
    {STR_INIT("HTTP_AUTHORIZATION"), offsetof(struct request, authorization)},
    {STR_INIT("HTTP_ORIGIN"), offsetof(struct request, origin)},
    {STR_INIT("HTTP_COOKIE"), offsetof(struct request, cookie)},
    {STR_INIT("HTTP_SEC_FETCH_SITE"), offsetof(struct request, fetch_site)},
    {STR_INIT("HTTP_ACCEPT"), offsetof(struct request, accept)},
    {STR_INIT("HTTP_USER_AGENT"), offsetof(struct request, user_agent)},
    {STR_INIT("HTTP_IF_MATCH"), offsetof(struct request, if_match)},
    {STR_INIT("HTTP_IF_NONE_MATCH"), offsetof(struct request, if_none_match)},
    {STR_INIT("HTTP_PREFER"), offsetof(struct request, prefer)},
    {STR_INIT("HTTP_IDEMPOTENCY_KEY"), offsetof(struct request, idempotency_key)},
    {STR_INIT("HTTP_TRACEPARENT"), offsetof(struct request, traceparent)},
    {STR_INIT("HTTP_X_SERVER_TIMING"), offsetof(struct request, timing)},
    {STR_INIT("HTTP_ACCESS_CONTROL_REQUEST_METHOD"), offsetof(struct request, preflight_method)},
    {STR_INIT("HTTP_ACCESS_CONTROL_REQUEST_HEADERS"), offsetof(struct request, preflight_headers)},
};

static void keep(struct request *r, struct arena *a, str name, str value)
{
    for (size_t i = 0; i < sizeof kept / sizeof kept[0]; i++) {
        if (name.n == kept[i].name.n && str_eq(name, kept[i].name)) {
            str *slot = (str *)(void *)((char *)r + kept[i].offset);
            /* Of duplicates the first wins; but an empty Cookie hides no other. */
            if (slot->p == NULL || (slot == &r->cookie && slot->n == 0)) {
                *slot = str_copy(a, value);
            } else if (slot == &r->traceparent) { /* … but two of them are none */
                *slot = STR("");
            }
            return;
        }
    }
}

static void split_uri(struct request *r, struct arena *a, str uri)
{
    size_t question = str_find(uri, '?', 0);
    r->path = str_copy(a, str_slice(uri, 0, question));
    r->query = str_copy(a, str_slice(uri, question + 1, uri.n));
    size_t end = r->path.n;
    if (end > 1 && r->path.p[end - 1] == '/') {
        end--; /* a trailing slash means nothing */
    }
    for (size_t at = 1; at < end;) {
        size_t slash = str_find(r->path, '/', at);
        if (slash > end) {
            slash = end;
        }
        if (r->segment_count == REQUEST_MAX_SEGMENTS) {
            r->too_many_segments = true;
            return;
        }
        r->segments[r->segment_count++] = url_decode(a, str_slice(r->path, at, slash), false);
        at = slash + 1;
    }
}

static bool parse_length(str value, int64_t *out)
{
    uint64_t n = 0;
    if (value.n == 0) {
        return true;
    }
    if (!str_to_uint(value, &n)) {
        return false;
    }
    *out = (int64_t)n;
    return true;
}

static str new_request_id(struct arena *a)
{
    unsigned char id[UUID_BYTES];
    struct buf b;
    uuid_v7(id);
    buf_init(&b, a, UUID_TEXT, UUID_TEXT);
    uuid_put(&b, id);
    return buf_view(&b);
}

err request_read(struct request *r, struct arena *a, char *const *params)
{
    str uri = {0};
    str length = {0};
    *r = (struct request){.content_length = -1};
    for (; *params != NULL; params++) {
        str param = str_of(*params);
        size_t equals = str_find(param, '=', 0);
        str name = str_slice(param, 0, equals);
        str value = str_slice(param, equals + 1, param.n);
        if (str_eq(name, STR("REQUEST_URI"))) {
            uri = uri.p == NULL ? value : uri;
        } else if (str_eq(name, STR("CONTENT_LENGTH"))) {
            length = length.p == NULL ? value : length;
        } else {
            keep(r, a, name, value);
        }
    }
    split_uri(r, a, uri);
    r->method = method_of(r->method_name);
    r->has_authorization = r->authorization.p != NULL;
    r->has_if_match = r->if_match.p != NULL;
    r->has_idempotency_key = r->idempotency_key.p != NULL;
    if (r->request_id.n == 0 || r->request_id.n > 64) {
        r->request_id = new_request_id(a);
    }
    r->trace = trace_context_of(a, r->traceparent, r->request_id);
    if (uri.p == NULL || r->method_name.n == 0 || !parse_length(length, &r->content_length)) {
        return error_new(a, ERROR_BAD_REQUEST, "the web server passed on no usable request");
    }
    return NULL;
}

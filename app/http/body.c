#include <stdio.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/json_out.h"
#include "base/text.h"
#include "http/multipart.h"
#include "http/request.h"

str request_media_type(const struct request *r)
{
    return str_trim(str_slice(r->content_type, 0, str_find(r->content_type, ';', 0)));
}

/* application/json or application/anything+json. No type at all counts as JSON. */
static bool is_json(str type)
{
    if (type.n == 0 || str_eq_nocase(type, STR("application/json"))) {
        return true;
    }
    static const str suffix = STR_INIT("+json");
    return str_starts_nocase(type, STR("application/")) && type.n > suffix.n &&
           str_eq_nocase(str_slice(type, type.n - suffix.n, type.n), suffix);
}

static err invalid_json(struct arena *a, const struct json_failure *why)
{
    struct buf b;
    buf_init(&b, a, 256, 4096);
    buf_printf(&b,
               "[{\"type\":\"json_invalid\",\"loc\":[\"body\",%zu],\"msg\":"
               "\"JSON decode error\",\"input\":{},",
               why->position);
    buf_lit(&b, "\"ctx\":{\"error\":");
    json_put_str(&b, str_of(why->message));
    buf_lit(&b, "}}]");
    return error_invalid(a, ERROR_JSON_INVALID, buf_view(&b));
}

err request_json(const struct request *r, struct arena *a, const struct json **out)
{
    if (r->body.n == 0) {
        *out = NULL;
        return NULL;
    }
    if (!is_json(request_media_type(r))) {
        return error_new(a, ERROR_MEDIA_TYPE, "the body must be application/json");
    }
    struct json *json = NULL;
    struct json_failure why = {0};
    switch (json_read(a, r->body, &json_default_limits, &json, &why)) {
    case JSON_READ_OK:
        *out = json;
        return NULL;
    case JSON_READ_SYNTAX:
    case JSON_READ_LIMIT:
        return invalid_json(a, &why);
    case JSON_READ_ENCODING:
        break;
    }
    return error_new(a, ERROR_BODY_UNREADABLE, "There was an error parsing the body");
}

err request_form(const struct request *r, struct arena *a, struct pair **pairs, size_t *count)
{
    str type = request_media_type(r);
    *count = 0;
    if (r->body.n == 0) {
        return NULL;
    }
    if (str_eq_nocase(type, STR("multipart/form-data"))) {
        return multipart_read(a, r->content_type, r->body, pairs, count);
    }
    if (!str_eq_nocase(type, STR("application/x-www-form-urlencoded"))) {
        return error_new(a, ERROR_MEDIA_TYPE, "the body must be application/x-www-form-urlencoded");
    }
    *count = url_pairs(a, r->body, REQUEST_MAX_PAIRS, pairs);
    return NULL;
}

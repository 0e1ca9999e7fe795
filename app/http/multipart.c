#include "http/multipart.h"

#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "http/request.h"

/* The value of `name=` among the parameters of a header, quoted or not; false when it is not there. */
static bool parameter(str header, str name, str *out)
{
    for (size_t at = str_find(header, ';', 0); at < header.n;) {
        size_t equals = str_find(header, '=', at);
        size_t next = str_find(header, ';', at + 1);
        if (next < equals) { /* one without a value */
            at = next;
            continue;
        }
        str found = str_trim(str_slice(header, at + 1, equals));
        bool quoted = str_starts(str_slice(header, equals + 1, header.n), STR("\""));
        size_t from = quoted ? equals + 2 : equals + 1;
        size_t end = str_find(header, quoted ? '"' : ';', from);
        if (equals < header.n && str_eq_nocase(found, name)) {
            str value = str_slice(header, from, end);
            *out = quoted ? value : str_trim(value);
            return true;
        }
        at = str_find(header, ';', end);
    }
    return false;
}

static size_t find(str text, str what, size_t from)
{
    const char *hit = from > text.n ? NULL : memmem(text.p + from, text.n - from, what.p, what.n);
    return hit == NULL ? text.n : (size_t)(hit - text.p);
}

/* The name of a part from its head; false for a file or a part without a name. */
static bool field_name(str head, str *name)
{
    static const str wanted = STR_INIT("content-disposition:");
    for (size_t at = 0; at < head.n;) {
        size_t end = find(head, STR("\r\n"), at);
        str line = str_slice(head, at, end);
        str file = {0};
        if (str_starts_nocase(line, wanted)) {
            return parameter(line, STR("name"), name) && !parameter(line, STR("filename"), &file) &&
                   !parameter(line, STR("filename*"), &file);
        }
        at = end + 2;
    }
    return false;
}

err multipart_read(struct arena *a, str content_type, str body, struct pair **pairs, size_t *count)
{
    str boundary = {0};
    if (!parameter(content_type, STR("boundary"), &boundary) || boundary.n == 0 || boundary.n > 70) {
        return error_new(a, ERROR_BODY_UNREADABLE, "There was an error parsing the body");
    }
    str opening = str_format(a, "--%.*s", STR_ARGS(boundary));
    str between = str_format(a, "\r\n--%.*s", STR_ARGS(boundary));
    struct pair *list = ARENA_ARRAY(a, struct pair, REQUEST_MAX_PAIRS);
    size_t n = 0;
    size_t at = find(body, opening, 0) + opening.n;
    while (at + 2 <= body.n && memcmp(body.p + at, "\r\n", 2) == 0) {
        size_t head_end = find(body, STR("\r\n\r\n"), at);
        size_t end = find(body, between, head_end);
        if (end >= body.n) {
            break; /* cut off: no closing boundary */
        }
        str name = {0};
        if (n < REQUEST_MAX_PAIRS && field_name(str_slice(body, at + 2, head_end), &name)) {
            str value = str_slice(body, head_end + 4, end);
            list[n++] = (struct pair){text_repair(a, name), text_repair(a, value)};
        }
        at = end + between.n;
    }
    if (at + 2 > body.n || memcmp(body.p + at, "--", 2) != 0) {
        return error_new(a, ERROR_BODY_UNREADABLE, "There was an error parsing the body");
    }
    *pairs = list;
    *count = n;
    return NULL;
}

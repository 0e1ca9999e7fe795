#include "http/etag.h"

#include <endian.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/hash.h"
#include "conf/settings.h"
#include "http/route.h"
#include "io/digest.h"

enum { VERSIONS = 2, TAG_BYTES = 48 };

/* One tag of a list, without its quotes; or the asterisk, which stands for all (quoted, it is a tag like any other). */
struct tag {
    str text;
    bool any;
};

/* The next tag of a list. False behind the last and at what is no tag. */
static bool next_tag(str list, size_t *at, struct tag *tag)
{
    while (*at < list.n && (list.p[*at] == ' ' || list.p[*at] == '\t' || list.p[*at] == ',')) {
        ++*at;
    }
    if (str_starts(str_slice(list, *at, list.n), STR("W/"))) {
        *at += 2;
    }
    if (*at < list.n && list.p[*at] == '*') {
        *tag = (struct tag){.any = true};
        ++*at;
        return true;
    }
    if (*at >= list.n || list.p[*at] != '"') {
        return false;
    }
    size_t end = str_find(list, '"', *at + 1);
    *tag = (struct tag){.text = str_slice(list, *at + 1, end)};
    *at = end + 1;
    return end < list.n;
}

bool etag_forbids_change(const struct call *c)
{
    struct tag tag;
    for (size_t at = 0; next_tag(c->request->if_none_match, &at, &tag);) {
        if (tag.any) {
            return true;
        }
    }
    return false;
}

err etag_stale(const struct call *c, const struct resource *r)
{
    return error_new(c->arena, ERROR_STALE,
                     etag_forbids_change(c) ? "this %s is there already: If-None-Match forbids to change it"
                                            : "this %s has been edited since: read it again",
                     r->name);
}

static void where_never(struct where *w, const struct field *version)
{
    where_add(w, version, OP_EQ, value_int(-1)); /* no row has it */
}

err etag_condition(const struct call *c, const struct resource *r, struct where *w)
{
    int version = resource_version(r);
    str list = c->request->if_match;
    struct tag tag;
    if (version < 0) {
        return NULL;
    }
    const struct field *f = &r->fields[version];
    if (etag_forbids_change(c)) {
        where_never(w, f);
        return NULL;
    }
    if (!c->request->has_if_match) {
        return c->settings->require_if_match ? error_new(c->arena, ERROR_NO_CONDITION,
                                                         "this request must be conditional: send If-Match")
                                             : NULL;
    }
    unsigned n = 0;
    for (size_t at = 0; n < ETAG_MAX && next_tag(list, &at, &tag);) {
        uint64_t number = 0;
        if (tag.any) {
            w->count -= n; /* any version will do */
            return NULL;
        }
        if (str_to_uint(str_slice(tag.text, 0, str_find(tag.text, '-', 0)), &number)) {
            where_either(w, VERSIONS, f, OP_EQ, value_int((int64_t)number));
            n++;
        }
    }
    if (n == 0) {
        where_never(w, f);
    }
    return NULL;
}

bool etag_is_known(str list, str etag)
{
    struct tag tag;
    for (size_t at = 0; next_tag(list, &at, &tag);) {
        if (tag.any || str_eq(tag.text, etag)) {
            return true;
        }
    }
    return false;
}

/* The version, and the hash of what is shown in 16 hexadecimal digits. */
static str make_tag(struct arena *a, int64_t version, uint64_t hash)
{
    const uint64_t big = htobe64(hash);
    struct buf b;
    buf_init(&b, a, TAG_BYTES, TAG_BYTES);
    buf_int(&b, version);
    buf_char(&b, '-');
    buf_str(&b, digest_hex(a, (const unsigned char *)&big, sizeof big));
    return buf_view(&b);
}

void etag_put(struct call *c, int64_t version)
{
    struct reply *r = c->reply;
    str etag = make_tag(c->arena, version, hash64(buf_view(&r->body)));
    buf_lit(&r->headers, "ETag: \"");
    buf_str(&r->headers, etag);
    buf_lit(&r->headers, "\"\r\n");
    if (c->route->method == METHOD_GET && etag_is_known(c->request->if_none_match, etag)) {
        r->status = 304;
        r->body.n = 0;
    }
}

#include "http/link.h"

#include <inttypes.h>

#include "engine/cursor.h"
#include "http/crud.h"
#include "http/route.h"

/* Part of an address: what could end it inside of <…> is escaped. */
static void put_address(struct buf *b, str s)
{
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        if (c <= ' ' || c == '<' || c == '>' || c == '"' || c >= 0x7F) {
            buf_printf(b, "%%%02X", c);
        } else {
            buf_char(b, (char)c);
        }
    }
}

/* By its name as it is read, however it is spelt. */
static bool is_position(struct arena *a, str pair)
{
    str name = url_decode(a, str_slice(pair, 0, str_find(pair, '=', 0)), true);
    return str_eq(name, STR("cursor")) || str_eq(name, STR("skip"));
}

/* The query as it was sent, without the position in the list. Ends in `?` or `&`. */
static void put_query(struct buf *b, str query)
{
    buf_char(b, '?');
    for (size_t at = 0; at < query.n;) {
        size_t end = str_find(query, '&', at);
        str pair = str_slice(query, at, end);
        if (pair.n > 0 && !is_position(b->arena, pair)) {
            put_address(b, pair);
            buf_char(b, '&');
        }
        at = end + 1;
    }
}

/* The path without the trailing slash that means nothing. */
static str path_of(const struct request *q)
{
    bool slash = q->path.n > 1 && q->path.p[q->path.n - 1] == '/';
    return str_slice(q->path, 0, q->path.n - slash);
}

/* One path, but everybody finds a list of their own there. */
static bool is_own(const struct route *route)
{
    return route->mine || (route->crud != NULL && route->crud->is_private);
}

struct seal link_seal(const struct call *c)
{
    str scope = path_of(c->request);
    if (is_own(c->route)) {
        scope = str_format(c->arena, "%.*s of %" PRId64, STR_ARGS(scope), c->actor.user_id);
    }
    return (struct seal){.cipher = c->cipher, .scope = scope};
}

static void put_link(struct buf *b, str address, const char *relation, bool *first)
{
    buf_c(b, *first ? "Link: <" : ", <");
    *first = false;
    buf_str(b, address);
    buf_printf(b, ">; rel=\"%s\"", relation);
}

/* A link to the page behind (or before) a row. */
static void put_page(const struct call *c, struct buf *b, str base, const struct value *cells, bool backward,
                     bool *first)
{
    struct seal seal = link_seal(c);
    struct buf address;
    buf_init(&address, c->arena, base.n + 256, LINK_MAX_BYTES);
    buf_str(&address, base);
    buf_lit(&address, "cursor=");
    cursor_put(&address, c->list, &seal, cells, backward);
    put_link(b, buf_view(&address), backward ? "prev" : "next", first);
}

static void put_links(struct call *c, const struct page *page)
{
    const struct seek *seek = &c->list->seek;
    const struct rows *rows = &page->rows;
    struct buf base;
    struct buf links;
    bool first = true;
    /* where a page ends in the direction it was walked, a row was looked for; on the other side it came from one */
    bool next = seek->backward ? true : page->more;
    bool prev = seek->backward ? page->more : seek->given || c->list->offset > 0;
    buf_init(&base, c->arena, 128, LINK_MAX_BYTES);
    buf_init(&links, c->arena, 512, LINK_MAX_BYTES);
    put_address(&base, path_of(c->request));
    put_query(&base, c->request->query);
    put_link(&links, str_slice(buf_view(&base), 0, base.n - 1), "first", &first);
    if (next && rows->n > 0) {
        put_page(c, &links, buf_view(&base), rows->cells + (rows->n - 1) * rows->columns, false, &first);
    }
    if (prev && rows->n > 0) {
        put_page(c, &links, buf_view(&base), rows->cells, true, &first);
    }
    buf_lit(&links, "\r\n");
    if (!base.full && !links.full) {
        buf_str(&c->reply->headers, buf_view(&links));
    }
}

err link_put(struct call *c, const struct page *page)
{
    put_links(c, page);
    if (c->list->count) {
        int64_t all = 0;
        TRY(load_count(c->db, c->arena, c->list, &all));
        reply_header(c->reply, "X-Total-Count", "%" PRId64, all);
    }
    return NULL;
}

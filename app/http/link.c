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

/* The links of a page, in the order in which they are shown; an empty one is left out. */
enum way { WAY_FIRST, WAY_NEXT, WAY_PREV, WAY__MAX };

static const str none = {NULL, 0};
static const char *const relations[WAY__MAX] = {"first", "next", "prev"};

/* The address of the list without a position; empty when it is too long. */
static str address_of_first(const struct call *c)
{
    struct buf b;
    buf_init(&b, c->arena, 128, LINK_MAX_ADDRESS);
    put_address(&b, path_of(c->request));
    put_query(&b, c->request->query);
    return b.full ? none : str_slice(buf_view(&b), 0, b.n - 1);
}

/* The address of what is behind the page's last row, or before its first; empty when it is too long. */
static str address_of_page(const struct call *c, str list, const struct rows *rows, bool backward)
{
    struct seal seal = link_seal(c);
    struct buf b;
    buf_init(&b, c->arena, list.n + 256, LINK_MAX_ADDRESS);
    buf_str(&b, list);
    buf_c(&b, str_find(list, '?', 0) < list.n ? "&cursor=" : "?cursor=");
    cursor_put(&b, c->list, &seal, rows->cells + (backward ? 0 : (rows->n - 1) * rows->columns), backward);
    return b.full || list.n == 0 ? none : buf_view(&b);
}

/* The links, as far as the header has room for them: first of all the one onward. */
static void put_links(struct buf *headers, str links[WAY__MAX], enum way onward)
{
    enum { FRAME = sizeof "Link: \r\n" - 1, FRAME_OF_ONE = sizeof ", <>; rel=\"first\"" - 1 };
    const enum way by_use[] = {onward, onward == WAY_NEXT ? WAY_PREV : WAY_NEXT, WAY_FIRST};
    size_t room = LINK_MAX_BYTES - FRAME;
    for (unsigned i = 0; i < WAY__MAX; i++) {
        str *link = &links[by_use[i]];
        *link = link->n + FRAME_OF_ONE <= room ? *link : (str){0};
        room -= link->n > 0 ? link->n + FRAME_OF_ONE : 0;
    }
    const char *between = "Link: <";
    for (unsigned i = 0; i < WAY__MAX; i++) {
        if (links[i].n > 0) {
            buf_c(headers, between);
            buf_str(headers, links[i]);
            buf_printf(headers, ">; rel=\"%s\"", relations[i]);
            between = ", <";
        }
    }
    buf_c(headers, between[0] == ',' ? "\r\n" : "");
}

static err show_links(struct call *c, const struct page *page)
{
    const struct seek *seek = &c->list->seek;
    const struct rows *rows = &page->rows;
    const enum way onward = seek->backward ? WAY_PREV : WAY_NEXT;
    const enum way back = seek->backward ? WAY_NEXT : WAY_PREV;
    str links[WAY__MAX] = {[WAY_FIRST] = address_of_first(c)};
    /* where a page ends in the direction it was walked, a row was looked for; on the other side it came from one */
    if (page->more && rows->n > 0) {
        links[onward] = address_of_page(c, links[WAY_FIRST], rows, seek->backward);
        if (links[onward].n == 0) {
            return error_new(c->arena, ERROR_BAD_REQUEST,
                             "the address is too long: that of the %s page would have over %d bytes",
                             seek->backward ? "previous" : "next", LINK_MAX_ADDRESS);
        }
    }
    if ((seek->given || c->list->offset > 0) && rows->n > 0) {
        links[back] = address_of_page(c, links[WAY_FIRST], rows, !seek->backward);
    }
    put_links(&c->reply->headers, links, onward);
    return NULL;
}

err link_put(struct call *c, const struct page *page)
{
    TRY(show_links(c, page));
    if (c->list->count) {
        int64_t all = 0;
        TRY(load_count(c->db, c->arena, c->list, &all));
        reply_header(c->reply, "X-Total-Count", "%" PRId64, all);
    }
    return NULL;
}

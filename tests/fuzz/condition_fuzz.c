/* condition: whatever stands in If-Match is a bounded condition on the version, whatever stands in If-None-Match
 * decides between the whole answer and none. */
#include <string.h>

#include "base/arena.h"
#include "conf/settings.h"
#include "fuzz.h"
#include "http/etag.h"
#include "http/route.h"
#include "models/book.h"

static void check_condition(const struct call *c)
{
    static struct where w;
    const struct field *version = &book_resource.fields[BOOK_VERSION];
    str header = c->request->if_match;
    w.count = 0;
    HOLD(etag_condition(c, &book_resource, &w) == NULL);
    HOLD(w.count <= ETAG_MAX);
    HOLD(header.n > 0 || w.count == 0);
    if (w.count == 0) {
        HOLD(header.n == 0 || memchr(header.p, '*', header.n) != NULL);
    }
    for (unsigned i = 0; i < w.count; i++) {
        HOLD(w.list[i].field == version && w.list[i].op == OP_EQ && w.list[i].value.kind == VALUE_INT);
        HOLD(w.list[i].value.i >= 0 || (w.count == 1 && w.list[i].group == 0));
        HOLD(w.list[i].group == w.list[0].group);
    }
}

static void check_answer(struct call *c)
{
    str header = c->request->if_none_match;
    reply_init(c->reply, c->arena);
    buf_lit(&c->reply->body, "{}");
    etag_put(c, 7);
    str tag = str_slice(buf_view(&c->reply->headers), 7, 7 + 18);
    HOLD(str_starts(tag, STR("7-")));
    HOLD(c->reply->headers.n == 7 + 18 + 3);
    bool known = c->reply->status == 304;
    HOLD(known || c->reply->status == 200);
    HOLD(c->reply->body.n == (known ? 0 : 2));
    if (known) {
        HOLD(memchr(header.p, '*', header.n) != NULL || memmem(header.p, header.n, tag.p, tag.n) != NULL);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct route route = {.method = METHOD_GET};
    static const struct settings settings = {.require_if_match = false};
    struct arena a;
    struct reply reply;
    str header = {(const char *)data, size};
    const struct request request = {.if_match = header, .if_none_match = header};
    arena_init(&a, 4096);
    struct call c = {
        .arena = &a, .settings = &settings, .request = &request, .route = &route, .reply = &reply};
    check_condition(&c);
    check_answer(&c);
    arena_free(&a);
    return 0;
}

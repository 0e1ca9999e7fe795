#include "http/document.h"

#include <inttypes.h>

#include "base/arena.h"
#include "base/hash.h"
#include "http/etag.h"

struct document document_of(struct arena *life, str text)
{
    return (struct document){text, str_format(life, "%016" PRIx64, hash64(text))};
}

err document_show(struct call *c, const struct document *d)
{
    reply_header(c->reply, "ETag", "\"%.*s\"", STR_ARGS(d->etag));
    if (etag_is_known(c->request->if_none_match, d->etag)) {
        c->reply->status = 304;
    } else {
        buf_str(&c->reply->body, d->text);
    }
    return NULL;
}

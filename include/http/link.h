/*
 * link: the headers of a list: Link (RFC 8288) to the first, the next and the previous page, these two by cursor, and
 * X-Total-Count when the exact number was asked for.
 *
 *     TRY(link_put(c, &page));
 */
#ifndef QUIRE_HTTP_LINK_H
#define QUIRE_HTTP_LINK_H

#include "engine/load.h"
#include "http/call.h"

/* What web servers take in one header; links that are longer together are left out. */
enum { LINK_MAX_BYTES = 8000 };

/* Adds the headers for a page of c->list. */
MUST_USE err link_put(struct call *c, const struct page *page);
/* What the cursors of this request's list are sealed with. */
struct seal link_seal(const struct call *c);

#endif

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

/* The longest header: nginx's fastcgi_buffer_size (16 KiB in nginx.conf.example), which must hold all headers, less
 * what the others need. And the longest address in it: what nginx takes in a request line (large_client_header_buffers,
 * 8 KiB), for no other can be followed. */
enum { LINK_MAX_BYTES = 12000, LINK_MAX_ADDRESS = 8000 };

/* Adds the headers for a page of c->list. Of links that are too long together the first page's is left out, then the
 * one back to where the walk came from. ERROR_BAD_REQUEST when the one onward is too long by itself. */
MUST_USE err link_put(struct call *c, const struct page *page);
/* What the cursors of this request's list are sealed with. */
struct seal link_seal(const struct call *c);

#endif

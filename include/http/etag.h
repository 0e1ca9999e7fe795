/*
 * etag: strong validators (RFC 9110, sections 8.8.3 and 13). An ETag is the version of a row, which counts its edits,
 * and a hash of the representation: "7-91ab3f…". If-None-Match compares the whole; If-Match compares the version,
 * inside the statement that writes: an edit is refused when somebody else has edited, not when somebody has voted.
 * `If-None-Match: *` lets a write only make something (13.1.2): what is there matches it.
 *
 *     TRY(etag_condition(c, &post_resource, &where));
 *     etag_put(c, version);
 */
#ifndef QUIRE_HTTP_ETAG_H
#define QUIRE_HTTP_ETAG_H

#include "http/call.h"

enum { ETAG_MAX = 8, ETAG_NO_VERSION = 0 };

/* Adds what If-Match and If-None-Match ask for to the conditions of a write (of several tags the first ETAG_MAX count);
 * a tag that is none of ours matches nothing, and neither does an empty If-Match: who sends one wants to be protected.
 * A "W/" in front is overlooked: a web server that compresses puts it there. ERROR_NO_CONDITION when the settings
 * demand If-Match and it is missing. */
MUST_USE err etag_condition(const struct call *c, const struct resource *r, struct where *w);
/* Whether the write may only make something: `If-None-Match: *`. */
bool etag_forbids_change(const struct call *c);
/* ERROR_STALE, for what was not written because the conditions do not hold. */
err etag_stale(const struct call *c, const struct resource *r);
/* Adds the ETag of the reply's body. With ETAG_NO_VERSION, which no row has, it tells nothing but the hash, and is none
 * for If-Match. To a GET that knows it already (If-None-Match) the reply becomes 304. */
void etag_put(struct call *c, int64_t version);
/* Whether the tag, without its quotes, is among those of If-None-Match. */
bool etag_is_known(str list, str etag);

#endif

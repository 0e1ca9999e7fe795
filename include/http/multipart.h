/*
 * multipart: a small multipart/form-data body (RFC 7578) whose parts are text fields, already whole in
 * memory.
 *
 * Parts with a file name are skipped: no form that is read here has any.
 *
 *     TRY(multipart_read(a, r->content_type, r->body, &pairs, &count));
 */
#ifndef QUIRE_HTTP_MULTIPART_H
#define QUIRE_HTTP_MULTIPART_H

#include "base/err.h"
#include "base/url.h"

struct arena;

/* At most REQUEST_MAX_PAIRS fields. ERROR_BODY_UNREADABLE when the boundary is missing or the body is not
 * made of parts between it. */
MUST_USE err multipart_read(struct arena *a, str content_type, str body, struct pair **pairs, size_t *count);

#endif

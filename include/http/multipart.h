/*
 * multipart: a multipart/form-data body (RFC 7578, RFC 2046 section 5.1) taken apart as it comes, in pieces of any
 * size, however they are cut. It keeps the head of one part and nothing else.
 *
 * Bounded: the boundary has at most 70 bytes, the head of a part at most MULTIPART_HEAD_MAX, and there are as many
 * parts as the caller allows. How long a part and the whole are is the caller's to bound. A file name is looked for but
 * never handed out: nothing is to be done with it.
 *
 *     struct multipart m;
 *     TRY(multipart_init(&m, a, content_type, 16));
 *     while (more(&piece)) {
 *         multipart_give(&m, piece);
 *         for (enum multipart_event e; (e = multipart_next(&m)) != MULTIPART_MORE;) {
 *             if (e == MULTIPART_PART) begin(m.name, m.is_file);
 *             if (e == MULTIPART_DATA) add(m.data);          // some of the part, never empty
 *             if (e == MULTIPART_END) finish();              // of the part
 *             if (e == MULTIPART_BROKEN) return multipart_broken(a);
 *         }
 *     }
 *     if (!multipart_complete(&m)) return multipart_broken(a);
 */
#ifndef QUIRE_HTTP_MULTIPART_H
#define QUIRE_HTTP_MULTIPART_H

#include "base/buf.h"
#include "base/err.h"
#include "base/url.h"

struct arena;

enum { MULTIPART_BOUNDARY_MAX = 70, MULTIPART_HEAD_MAX = 8192 };

enum multipart_event { MULTIPART_MORE, MULTIPART_PART, MULTIPART_DATA, MULTIPART_END, MULTIPART_BROKEN };

enum multipart_state {
    MULTIPART_BEFORE,   /* the first part */
    MULTIPART_BOUNDARY, /* behind a boundary: the end of its line, or the end of all */
    MULTIPART_HEAD,
    MULTIPART_CONTENT,
    MULTIPART_AFTER, /* the last part */
    MULTIPART_FAILED
};

struct multipart {
    /* of the part that the last MULTIPART_PART began */
    bool has_name;
    str name; /* as sent; until the next part begins */
    bool is_file;
    str data; /* of the last MULTIPART_DATA; until the next call */

    /* its own business */
    enum multipart_state state;
    str input;                                      /* what was given and not yet looked at */
    char delimiter[4 + MULTIPART_BOUNDARY_MAX + 1]; /* CR LF - - boundary */
    size_t length;                                  /* of the delimiter */
    size_t matched;                                 /* how much of it has just been seen */
    size_t lent; /* how much of what is matched belongs to what went before and is nobody's data */
    char closing;
    struct buf head; /* CR LF and the head so far */
    unsigned parts_left;
};

/* ERROR_BODY_UNREADABLE when the content type gives no boundary that can be one. */
MUST_USE err multipart_init(struct multipart *m, struct arena *a, str content_type, unsigned most_parts);
/* The next piece of the body; only after MULTIPART_MORE. It must stay while multipart_next() works on it. */
void multipart_give(struct multipart *m, str piece);
/* What comes next in the pieces given, in the order of the body. After MULTIPART_BROKEN there is nothing else. */
enum multipart_event multipart_next(struct multipart *m);
/* Whether the closing boundary has been seen. */
bool multipart_complete(const struct multipart *m);
/* ERROR_BODY_UNREADABLE, as the contract words it. */
NEVER_NULL err multipart_broken(struct arena *a);

/* The text fields of a small body that is whole in memory: at most REQUEST_MAX_PAIRS, what is more and what has a file
 * name is left out. ERROR_BODY_UNREADABLE when the boundary is missing or the body is not made of parts between it. */
MUST_USE err multipart_read(struct arena *a, str content_type, str body, struct pair **pairs, size_t *count);

#endif

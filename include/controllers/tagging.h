/*
 * tagging: tags put on a post or a book, by their names; those that are missing are made, and count as POST /tags does
 * (limit_create_many, which the route names).
 *
 *     TRY(tagging_add(c, &tagged_posts, &posts_with_tags));
 */
#ifndef QUIRE_CONTROLLERS_TAGGING_H
#define QUIRE_CONTROLLERS_TAGGING_H

#include "http/crud.h"

/* What carries tags, and the table that says so. */
struct tagged {
    const struct crud *crud;
    const struct resource *link;
    int near, far; /* its references to what is tagged, and to the tag */
};

/* Puts the tags of the body (tag_links_form) on the thing of the path and shows it as `shown` does. ERROR_FORBIDDEN and
 * ERROR_NOT_FOUND as crud_require_writable(); ERROR_CONFLICT when it would have more than TAGS_SHOWN;
 * ERROR_TOO_MANY when so many tags may not be made. */
MUST_USE err tagging_add(struct call *c, const struct tagged *t, const struct crud *shown);

#endif

/* comment: what somebody says to a post, or to another comment on it. */
#ifndef QUIRE_MODELS_COMMENT_H
#define QUIRE_MODELS_COMMENT_H

#include "schema/registry.h"

enum comment_field {
    COMMENT_ID,
    COMMENT_POST_ID,
    COMMENT_PARENT_ID,
    COMMENT_TEXT,
    COMMENT_USER_ID,
    COMMENT_AUTHOR,
    COMMENT_CREATED_AT,
    COMMENT_UPDATED_AT,
    COMMENT_VERSION,
    COMMENT__MAX
};

extern const struct resource comment_resource;
extern const struct shape comment_whole;

/* POST /posts/{id}/comments. */
enum comment_form_field { COMMENT_FORM_TEXT, COMMENT_FORM_PARENT_ID, COMMENT_FORM__MAX };
extern const struct resource comment_form;

/* GET /posts/{id}/comments?view=… */
enum comment_view { COMMENT_VIEW_FLAT, COMMENT_VIEW_TREE };
enum comment_view_field { COMMENT_VIEW_VIEW, COMMENT_VIEW__MAX };
extern const struct resource comment_view_form;

/* A tree has at most so many comments, which documents say, too. */
#define COMMENT_TREE_MAX 10000

/* A page of the comments on a post that answer none, oldest first, and behind them, oldest first, all that answer them,
 * at any depth. Binds post, an id, how many of the first are looked for, offset, how many of them come with their
 * answers, and how many rows at most. Columns: those of comment_whole. */
extern const struct statement comment_tree;        /* the first behind that id */
extern const struct statement comment_tree_before; /* the last before it */

#endif

#include "models/comment.h"

#include "models/post.h"
#include "models/user.h"

enum { TEXT_MAX_CHARS = 5000 };

static const struct field comment_fields[COMMENT__MAX] = {
    [COMMENT_ID] = ID("id", .doc = "the comment's number"),
    [COMMENT_POST_ID] = REF("post_id", .to = &post_resource, .on_delete = CASCADE, .flags = READ_ONLY,
                            .doc = "the id of the post it is about"),
    [COMMENT_PARENT_ID] = REF("parent_id", .to = &comment_resource, .on_delete = CASCADE,
                              .flags = NULLABLE | READ_ONLY | FILTER,
                              .doc = "the id of the comment that it answers; null for one that answers none"),
    [COMMENT_TEXT] = TEXT("text", .min = 1, .max = TEXT_MAX_CHARS, .flags = REQUIRED | SEARCH,
                          .doc = "what is said", .example = "I saw it, too."),
    [COMMENT_USER_ID] = REF("user_id", .to = &user_resource, .on_delete = CASCADE,
                            .flags = READ_ONLY | FILTER, .doc = "the id of who wrote it"),
    [COMMENT_AUTHOR] = ONE("author", .key = COMMENT_USER_ID, .to = &user_resource, .show = &user_brief,
                           .doc = "who wrote it"),
    [COMMENT_CREATED_AT] = TIME("created_at", .initial = AT_CREATION, .flags = READ_ONLY | FILTER | SORT,
                                .doc = "when the comment was written"),
    [COMMENT_UPDATED_AT] = TIME("updated_at", .initial = AT_CREATION, .flags = READ_ONLY | TOUCHED,
                                .doc = "when the comment was last edited; at first, when it was written"),
    [COMMENT_VERSION] = VERSION("version"),
};

static const struct key comment_keys[] = {
    PRIMARY(COMMENT_ID),
    INDEX(COMMENT_POST_ID),
    INDEX(COMMENT_POST_ID, COMMENT_CREATED_AT),
    INDEX(COMMENT_POST_ID, COMMENT_PARENT_ID),
    INDEX(COMMENT_PARENT_ID),
    INDEX(COMMENT_USER_ID),
    FULLTEXT(COMMENT_TEXT),
};

static const unsigned char whole[] = {COMMENT_ID,     COMMENT_POST_ID,    COMMENT_PARENT_ID, COMMENT_TEXT,
                                      COMMENT_AUTHOR, COMMENT_CREATED_AT, COMMENT_UPDATED_AT};
const struct shape comment_whole = SHAPE("Comment", &comment_resource, whole);

const struct resource comment_resource = {
    .name = "comment",
    .table = "comments",
    FIELDS(comment_fields),
    KEYS(comment_keys),
    .shape = &comment_whole,
    .doc = "What somebody says to a post",
};

static const struct field comment_form_fields[COMMENT_FORM__MAX] = {
    [COMMENT_FORM_TEXT] = TEXT("text", .min = 1, .max = TEXT_MAX_CHARS, .flags = REQUIRED,
                               .doc = "what is said", .example = "I saw it, too."),
    [COMMENT_FORM_PARENT_ID] =
        INT("parent_id", .flags = NULLABLE,
            .doc = "the id of the comment that this one answers; null or left out when it answers none"),
};
const struct resource comment_form = {
    .name = "CommentCreate", FIELDS(comment_form_fields), .doc = "A new comment"};

static const struct choice views[] = {{"flat", COMMENT_VIEW_FLAT}, {"tree", COMMENT_VIEW_TREE}, {NULL, 0}};
static const struct field comment_view_fields[COMMENT_VIEW__MAX] = {
    [COMMENT_VIEW_VIEW] =
        CHOICE("view", .choices = views, .initial = INITIAL_ZERO,
               .doc = "a list of all comments, or a tree: each with its answers in `replies`"),
};
const struct resource comment_view_form = {
    .name = "CommentView", FIELDS(comment_view_fields), .doc = "How comments are shown"};

static const enum value_kind tree_kinds[] = {VALUE_INT, VALUE_INT,  VALUE_INT,  VALUE_TEXT,
                                             VALUE_INT, VALUE_TEXT, VALUE_TIME, VALUE_TIME};

/* Roots are looked for from an id on, in a direction. */
#define TREE(from, direction)                                                                             \
    STR_INIT("WITH RECURSIVE roots AS (SELECT id FROM comments WHERE post_id = ? AND parent_id IS NULL "  \
             "AND id " from " ? ORDER BY id" direction " LIMIT ? OFFSET ?), "                             \
             "tree AS (SELECT id FROM (SELECT id FROM roots ORDER BY id" direction " LIMIT ?) opened "    \
             "UNION ALL SELECT c.id FROM comments c JOIN tree ON c.parent_id = tree.id), "                \
             "shown AS (SELECT id FROM tree UNION SELECT id FROM roots) "                                 \
             "SELECT c.id, c.post_id, c.parent_id, c.text, u.id, u.username, c.created_at, c.updated_at " \
             "FROM shown JOIN comments c ON c.id = shown.id JOIN users u ON u.id = c.user_id "            \
             "ORDER BY c.parent_id IS NOT NULL, c.id LIMIT ?")
#define TREE_COLUMNS .values = 6, .columns = sizeof tree_kinds / sizeof tree_kinds[0], .kinds = tree_kinds

const struct statement comment_tree = {.name = "comment_tree", .sql = TREE(">", ""), TREE_COLUMNS};
const struct statement comment_tree_before = {
    .name = "comment_tree_before", .sql = TREE("<", " DESC"), TREE_COLUMNS};

#include "controllers/comments.h"

#include <stdlib.h>

#include "base/arena.h"
#include "controllers/posts.h"
#include "engine/load.h"
#include "engine/render.h"
#include "models/comment.h"
#include "models/post.h"

/* Comments on posts that are not there for the actor are not there either. */
static void visible(const struct call *c, struct where *w)
{
    const struct field *posts = post_resource.fields;
    const struct field *post = &comment_resource.fields[COMMENT_POST_ID];
    const struct relation published = {&post_resource, &posts[POST_ID], &posts[POST_PUBLISHED], NULL};
    const struct relation own = {&post_resource, &posts[POST_ID], &posts[POST_OWNER_ID], NULL};
    if (c->actor.admin) {
        return;
    }
    where_related(w, 1, post, &published, value_bool(true));
    if (c->actor.signed_in) {
        where_related(w, 1, post, &own, value_int(c->actor.user_id));
    }
}

static const struct crud comments = {
    .resource = &comment_resource,
    .owner = COMMENT_USER_ID,
    .visible = visible,
    .location = "/comments/",
};

/* The same below a post that is known to be visible. */
static const struct crud of_post = {.resource = &comment_resource, .owner = COMMENT_USER_ID};

/* ERROR_NOT_FOUND unless the comment that is answered stands below the same post; it is held until commit. */
static err require_parent(struct call *c, struct value parent)
{
    struct plan p;
    struct rows rows;
    const struct field *id = &comment_resource.fields[COMMENT_ID];
    plan_start(&p, &comment_resource);
    (void)plan_column(&p, id);
    where_add(&p.where, id, OP_EQ, parent);
    where_add(&p.where, &comment_resource.fields[COMMENT_POST_ID], OP_EQ, c->keys[0]);
    p.lock = true;
    TRY(load_rows(c->db, c->arena, &p, &rows));
    return rows.n > 0 ? NULL : load_not_found(c->arena, &comment_resource, id, parent);
}

/* The post, whose counter will change, is locked first: who comes after its end is told so. */
static err create(struct call *c)
{
    struct value *row = ARENA_ARRAY(c->arena, struct value, COMMENT__MAX);
    struct value parent = c->body[COMMENT_FORM_PARENT_ID];
    TRY(crud_require(c, &posts_crud, c->keys[0], true));
    if (value_given(parent)) {
        TRY(require_parent(c, parent));
    }
    row[COMMENT_POST_ID] = c->keys[0];
    row[COMMENT_PARENT_ID] = parent;
    row[COMMENT_TEXT] = c->body[COMMENT_FORM_TEXT];
    c->body = row;
    return crud_insert(c, &comments);
}

/* A comment in the tree being written. */
struct node {
    const struct value *cells;
    struct node *parent;
    struct node *first, *last; /* its replies, oldest first */
    struct node *next;
};

static int compare_ids(const void *key, const void *node)
{
    int64_t wanted = *(const int64_t *)key;
    int64_t id = ((const struct node *)node)->cells[0].i;
    return wanted < id ? -1 : wanted > id;
}

/* Hangs every comment under the one it answers; they come by rising id, so that one is always there. */
static struct node *grow(struct arena *a, const struct rows *rows, struct node *root)
{
    struct node *nodes = ARENA_ARRAY(a, struct node, rows->n);
    for (size_t i = 0; i < rows->n; i++) {
        struct node *n = &nodes[i];
        n->cells = rows->cells + i * rows->columns;
        struct value parent = n->cells[2];
        struct node *above =
            parent.kind == VALUE_NULL ? NULL : bsearch(&parent.i, nodes, i, sizeof *nodes, compare_ids);
        n->parent = above == NULL ? root : above;
        *(n->parent->last == NULL ? &n->parent->first : &n->parent->last->next) = n;
        n->parent->last = n;
    }
    return root->first;
}

static void open_node(struct buf *b, const struct node *n)
{
    render_cells(b, &comment_whole, n->cells);
    if (b->n > 0) {
        b->n--; /* the object goes on */
    }
    buf_lit(b, ",\"replies\":[");
}

/* Depth first, without a stack: however deep people answer one another, this does not. */
static void put_tree(struct buf *b, struct node *first, const struct node *root)
{
    buf_char(b, '[');
    for (struct node *n = first; n != NULL;) {
        open_node(b, n);
        if (n->first != NULL) {
            n = n->first;
            continue;
        }
        buf_lit(b, "]}");
        while (n->next == NULL && n->parent != root) {
            n = n->parent;
            buf_lit(b, "]}");
        }
        n = n->next;
        buf_c(b, n == NULL ? "" : ",");
    }
    buf_char(b, ']');
}

static err show_tree(struct call *c)
{
    const struct value values[] = {c->keys[0], value_int(c->list->limit), value_int(c->list->offset),
                                   value_int(COMMENT_TREE_MAX + 1)};
    struct rows rows;
    struct node root = {0};
    TRY(load_statement(c->db, c->arena, &comment_tree, values, &rows));
    if (rows.n > COMMENT_TREE_MAX) {
        return error_new(c->arena, ERROR_ANSWER_TOO_LARGE,
                         "the tree has over %d comments: ask for fewer (limit)", COMMENT_TREE_MAX);
    }
    put_tree(&c->reply->body, grow(c->arena, &rows, &root), &root);
    return NULL;
}

static err list(struct call *c)
{
    TRY(crud_require(c, &posts_crud, c->keys[0], false));
    if (c->params[COMMENT_VIEW_VIEW].i == COMMENT_VIEW_TREE) {
        return show_tree(c);
    }
    where_add(&c->list->where, &comment_resource.fields[COMMENT_POST_ID], OP_EQ, c->keys[0]);
    return crud_list(c);
}

#define ONE_COMMENT .crud = &comments, .keys = {&comment_resource}
#define OF_POST     .crud = &of_post, .keys = {&post_resource}

const struct route comments_routes[] = {
    {METHOD_GET, "/posts/{id}/comments", list, ACCESS_READ, OF_POST, .is_list = true,
     .params = &comment_view_form, .summary = "List the comments on a post, flat or as a tree",
     .doc = "As a tree, `limit` and `skip` count the comments that answer none, and each comes with all that "
            "answers it.",
     .nested = "replies"},
    {METHOD_POST, "/posts/{id}/comments", create, ACCESS_USER, .crud = &comments, .keys = {&post_resource},
     .body = &comment_form, .gives = {201}, .summary = "Comment on a post, or answer a comment"},
    {METHOD_GET, "/comments/{id}", crud_read, ACCESS_READ, ONE_COMMENT, .summary = "Read a comment"},
    {METHOD_PATCH, "/comments/{id}", crud_patch, ACCESS_USER, ONE_COMMENT, .body = &comment_resource,
     .mode = VALIDATE_PATCH, .summary = "Change a comment"},
    {METHOD_DELETE, "/comments/{id}", crud_delete, ACCESS_USER, ONE_COMMENT,
     .summary = "Delete a comment, with its answers"},
    ROUTES_END,
};

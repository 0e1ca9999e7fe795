#include "controllers/comments.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "controllers/posts.h"
#include "engine/load.h"
#include "engine/query.h"
#include "engine/render.h"
#include "http/limit.h"
#include "http/link.h"
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
    int64_t id = ((const struct node *)node)->cells[COMMENT_ID].i;
    return wanted < id ? -1 : wanted > id;
}

/* Hangs every comment under the one it answers. Those that answer none come first, and both kinds by rising id, so that
 * one is always there. */
static struct node *grow(struct arena *a, const struct rows *rows, size_t roots, struct node *root)
{
    struct node *nodes = ARENA_ARRAY(a, struct node, rows->n);
    for (size_t i = 0; i < rows->n; i++) {
        struct node *n = &nodes[i];
        n->cells = rows->cells + i * rows->columns;
        const int64_t *parent = &n->cells[COMMENT_PARENT_ID].i;
        struct node *above = i < roots ? root : bsearch(parent, nodes, roots, sizeof *nodes, compare_ids);
        if (above == NULL) {
            above = bsearch(parent, nodes + roots, i - roots, sizeof *nodes, compare_ids);
        }
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

static size_t count_roots(const struct rows *rows)
{
    size_t n = 0;
    while (n < rows->n && rows->cells[n * rows->columns + COMMENT_PARENT_ID].kind == VALUE_NULL) {
        n++;
    }
    return n;
}

/* The rows of the tree: as many roots as are asked for, all that answer them, and no root more. *page has the roots.
 * Who asks for one root cannot ask for fewer: of that one the first rows do. */
static err load_tree(struct call *c, struct rows *rows, struct page *page)
{
    const struct seek *seek = &c->list->seek;
    int64_t limit = c->list->limit;
    const struct value values[] = {c->keys[0],           seek->given ? seek->values[0] : value_int(0),
                                   value_int(limit + 1), value_int(c->list->offset),
                                   value_int(limit),     value_int(COMMENT_TREE_MAX + 2)};
    const struct statement *s = seek->backward ? &comment_tree_before : &comment_tree;
    TRY(limit > 1 ? load_statement(c->db, c->arena, s, values, rows)
                  : load_statement_page(c->db, c->arena, s, values, rows));
    size_t roots = count_roots(rows);
    *page = (struct page){.more = roots > (size_t)limit};
    if (page->more) { /* it is the last in the direction that was walked */
        size_t extra = seek->backward ? 0 : roots - 1;
        struct value *cells = rows->cells + extra * rows->columns;
        roots = (size_t)limit;
        rows->n--;
        memmove(cells, cells + rows->columns, (rows->n - extra) * rows->columns * sizeof *cells);
    }
    page->rows = (struct rows){.n = roots, .columns = rows->columns, .cells = rows->cells};
    return NULL;
}

/* A comment that alone has more answers than a tree may have is shown with the first of them. */
static err show_tree(struct call *c)
{
    const struct field *f = comment_resource.fields;
    struct rows rows;
    struct page page;
    struct node root = {0};
    where_add(&c->list->where, &f[COMMENT_POST_ID], OP_EQ, c->keys[0]);
    where_add(&c->list->where, &f[COMMENT_PARENT_ID], OP_EQ, value_null());
    TRY(load_tree(c, &rows, &page));
    if (rows.n > COMMENT_TREE_MAX && page.rows.n > 1) {
        return error_new(c->arena, ERROR_ANSWER_TOO_LARGE,
                         "the tree has over %d comments: ask for fewer (limit)", COMMENT_TREE_MAX);
    }
    rows.n = rows.n > COMMENT_TREE_MAX ? COMMENT_TREE_MAX : rows.n;
    TRY(link_put(c, &page));
    put_tree(&c->reply->body, grow(c->arena, &rows, page.rows.n, &root), &root);
    return NULL;
}

static bool is_tree(const struct call *c)
{
    return c->params[COMMENT_VIEW_VIEW].i == COMMENT_VIEW_TREE;
}

/* A tree has its own order, and all that belongs to it. */
static void check_view(const struct call *c, const struct query *q, struct problems *problems)
{
    static const struct place root = {.name = STR_INIT("query")};
    for (size_t i = 0; is_tree(c) && i < q->count; i++) {
        struct place at = {.within = &root, .name = q->pairs[i].name};
        if (query_is_choosy(&comment_resource, at.name)) {
            problem_value(problems, &at, input_text(q->pairs[i].value), "error", "Value error, ",
                          STR("a tree is shown whole and oldest first: this goes with view=flat"));
        }
    }
}

static err list(struct call *c)
{
    TRY(crud_require(c, &posts_crud, c->keys[0], false));
    if (is_tree(c)) {
        return show_tree(c);
    }
    where_add(&c->list->where, &comment_resource.fields[COMMENT_POST_ID], OP_EQ, c->keys[0]);
    return crud_list(c);
}

#define ONE_COMMENT .crud = &comments, .keys = {&comment_resource}
#define OF_POST     .crud = &of_post, .keys = {&post_resource}
#define MOST        STR_DIGITS(COMMENT_TREE_MAX)

const struct route comments_routes[] = {
    {METHOD_GET, "/posts/{id}/comments", list, ACCESS_READ, OF_POST, .is_list = true,
     .params = &comment_view_form, .check_query = check_view,
     .summary = "List the comments on a post, flat or as a tree",
     .doc =
         "As a tree, `limit`, `skip`, `cursor` and `count` are about the comments that answer none, oldest "
         "first; each comes with all that answers it, one with more than " MOST
         " answers, or more text than a page holds, alone on its page (`limit=1`), with the first of them. A "
         "tree is not sorted, searched, filtered or cut to members: those parameters are refused.",
     .nested = "replies"},
    {METHOD_POST, "/posts/{id}/comments", create, ACCESS_USER, .crud = &comments, .keys = {&post_resource},
     .body = &comment_form, .gives = {201}, .limits = {&limit_create},
     .summary = "Comment on a post, or answer a comment"},
    {METHOD_GET, "/comments/{id}", crud_read, ACCESS_READ, ONE_COMMENT, .summary = "Read a comment"},
    {METHOD_PATCH, "/comments/{id}", crud_patch, ACCESS_USER, ONE_COMMENT, .body = &comment_resource,
     .mode = VALIDATE_PATCH, .summary = "Change a comment"},
    {METHOD_DELETE, "/comments/{id}", crud_delete, ACCESS_USER, ONE_COMMENT,
     .summary = "Delete a comment, with its answers"},
    ROUTES_END,
};

#include "controllers/tags.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "controllers/books.h"
#include "controllers/posts.h"
#include "engine/load.h"
#include "engine/remove.h"
#include "engine/write.h"
#include "models/all.h"
#include "models/book.h"
#include "models/post.h"
#include "models/tag.h"

static const struct crud tags = {.resource = &tag_resource, .owner = CRUD_NO_OWNER, .location = "/tags/"};

/* What carries tags, and the table that says so. */
struct tagged {
    const struct crud *crud;
    const struct resource *link;
    int near, far; /* its references to what is tagged, and to the tag */
};

static const struct crud posts_with_tags = {
    .resource = &post_resource, .one = &post_tagged, .owner = POST_OWNER_ID};
static const struct tagged tagged_posts = {&posts_crud, &post_tag_resource, POST_TAG_POST_ID,
                                           POST_TAG_TAG_UID};
static const struct tagged tagged_books = {&books_crud, &book_tag_resource, BOOK_TAG_BOOK_UID,
                                           BOOK_TAG_TAG_UID};

/* A tag that was asked for. */
struct wish {
    str name;
    str fold;
    size_t place;     /* in the body: of two spellings the first counts */
    struct value uid; /* absent: there is none yet */
    bool linked;
};

static int by_fold(const void *a, const void *b)
{
    const struct wish *x = a;
    const struct wish *y = b;
    size_t shorter = x->fold.n < y->fold.n ? x->fold.n : y->fold.n;
    int order = shorter == 0 ? 0 : memcmp(x->fold.p, y->fold.p, shorter);
    order = order != 0 ? order : (x->fold.n > y->fold.n) - (x->fold.n < y->fold.n);
    return order != 0 ? order : (x->place > y->place) - (x->place < y->place);
}

/* The names of the body, each once, in the order in which everybody takes their locks. */
static size_t read_wishes(struct call *c, struct wish *wishes)
{
    struct value list = c->body[TAG_LINKS_TAGS];
    size_t n = 0;
    for (size_t i = 0; i < list.list.n; i++) {
        str name = list.list.rows[i * TAG_NAME__MAX + TAG_NAME_NAME].text;
        wishes[i] = (struct wish){.name = name, .fold = text_fold(c->arena, name), .place = i};
    }
    qsort(wishes, list.list.n, sizeof *wishes, by_fold);
    for (size_t i = 0; i < list.list.n; i++) {
        if (n == 0 || !str_eq(wishes[n - 1].fold, wishes[i].fold)) {
            wishes[n++] = wishes[i];
        }
    }
    return n;
}

/* Fills in the tags that are there. */
static err find_tags(struct call *c, struct wish *wishes, size_t n)
{
    struct plan p;
    struct rows rows;
    plan_start(&p, &tag_resource);
    unsigned uid = plan_column(&p, &tag_resource.fields[TAG_UID]);
    unsigned fold_of = plan_column(&p, &tag_resource.fields[TAG_NAME_FOLD]);
    for (size_t i = 0; i < TAGS_AT_ONCE; i++) {
        str fold = wishes[i < n ? i : 0].fold;
        where_either(&p.where, 1, &tag_resource.fields[TAG_NAME_FOLD], OP_EQ, value_bytes(fold.p, fold.n));
    }
    TRY(load_rows(c->db, c->arena, &p, &rows));
    for (size_t r = 0; r < rows.n; r++) {
        const struct value *tag = rows.cells + r * rows.columns;
        for (size_t i = 0; i < n; i++) {
            wishes[i].uid = str_eq(tag[fold_of].text, wishes[i].fold) ? tag[uid] : wishes[i].uid;
        }
    }
    return NULL;
}

/* A tag was there and is gone: everything from the start, which makes it anew. */
static err gone_again(struct call *c)
{
    return error_cause(c->arena, ERROR_DEADLOCK, "a tag was deleted while it was put on something");
}

/* Makes the tags that are missing. One that somebody else makes meanwhile is found at the second look. */
static err make_tags(struct call *c, struct wish *wishes, size_t n)
{
    bool raced = false;
    for (size_t i = 0; i < n; i++) {
        int64_t none = 0;
        struct value row[TAG__MAX] = {[TAG_NAME] = value_text(wishes[i].name)};
        if (wishes[i].uid.kind != VALUE_ABSENT) {
            continue;
        }
        err e = write_insert(c->db, c->arena, &tag_resource, row, &none);
        if (e != NULL && e->code != ERROR_DUPLICATE) {
            return e;
        }
        raced = raced || e != NULL;
        wishes[i].uid = e == NULL ? row[TAG_UID] : wishes[i].uid;
    }
    TRY(raced ? find_tags(c, wishes, n) : NULL);
    for (size_t i = 0; i < n; i++) {
        TRY(wishes[i].uid.kind == VALUE_ABSENT ? gone_again(c) : NULL);
    }
    return NULL;
}

/* Marks the tags that are on the thing already. It is locked, so that stays so. */
static err find_links(struct call *c, const struct tagged *t, struct wish *wishes, size_t n)
{
    struct plan p;
    struct rows rows;
    plan_start(&p, t->link);
    (void)plan_column(&p, &t->link->fields[t->far]);
    where_add(&p.where, &t->link->fields[t->near], OP_EQ, c->keys[0]);
    for (size_t i = 0; i < TAGS_AT_ONCE; i++) {
        where_either(&p.where, 1, &t->link->fields[t->far], OP_EQ, wishes[i < n ? i : 0].uid);
    }
    TRY(load_rows(c->db, c->arena, &p, &rows));
    for (size_t r = 0; r < rows.n; r++) {
        for (size_t i = 0; i < n; i++) {
            wishes[i].linked = wishes[i].linked || str_eq(rows.cells[r].text, wishes[i].uid.text);
        }
    }
    return NULL;
}

static err link_tags(struct call *c, const struct tagged *t, const struct wish *wishes, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        int64_t none = 0;
        struct value row[ROW_MAX_FIELDS] = {{.kind = VALUE_ABSENT}};
        row[t->near] = c->keys[0];
        row[t->far] = wishes[i].uid;
        err e = wishes[i].linked ? NULL : write_insert(c->db, c->arena, t->link, row, &none);
        TRY(e != NULL && e->code == ERROR_CONFLICT ? gone_again(c) : e);
    }
    return NULL;
}

static err add_tags(struct call *c, const struct tagged *t, const struct crud *shown)
{
    struct wish wishes[TAGS_AT_ONCE] = {{.linked = false}};
    size_t n = read_wishes(c, wishes);
    TRY(crud_require_writable(c, t->crud, c->keys[0]));
    if (n > 0) {
        TRY(find_tags(c, wishes, n));
        TRY(make_tags(c, wishes, n));
        TRY(find_links(c, t, wishes, n));
        TRY(link_tags(c, t, wishes, n));
    }
    return crud_show(c, shown, c->keys[0]);
}

static err remove_tag(struct call *c, const struct tagged *t)
{
    struct where w = {.count = 0};
    uint64_t matched = 0;
    TRY(crud_require_writable(c, t->crud, c->keys[0]));
    where_add(&w, &t->link->fields[t->near], OP_EQ, c->keys[0]);
    where_add(&w, &t->link->fields[t->far], OP_EQ, c->keys[1]);
    TRY(remove_rows(c->db, c->arena, &models, t->link, &w, &matched));
    if (matched == 0) {
        return load_not_found(c->arena, &tag_resource, &tag_resource.fields[TAG_UID], c->keys[1]);
    }
    reply_empty(c->reply);
    return NULL;
}

static err list_tagged(struct call *c, const struct tagged *t)
{
    const struct relation by = {t->link, &t->link->fields[t->near], &t->link->fields[t->far], NULL};
    TRY(crud_require(c, &tags, c->keys[0], false));
    where_related(&c->list->where, 0, field_target(by.near), &by, c->keys[0]);
    return crud_list(c);
}

static err add_to_post(struct call *c)
{
    return add_tags(c, &tagged_posts, &posts_with_tags);
}

static err add_to_book(struct call *c)
{
    return add_tags(c, &tagged_books, &books_crud);
}

static err remove_from_post(struct call *c)
{
    return remove_tag(c, &tagged_posts);
}

static err remove_from_book(struct call *c)
{
    return remove_tag(c, &tagged_books);
}

static err list_posts(struct call *c)
{
    return list_tagged(c, &tagged_posts);
}

static err list_books(struct call *c)
{
    return list_tagged(c, &tagged_books);
}

#define TAGS    .crud = &tags
#define ONE_TAG .crud = &tags, .keys = {&tag_resource}
#define OF_TAG  .keys = {&tag_resource}, .is_list = true
#define TAGGING .body = &tag_links_form, .fails = FAILS(ERROR_TOO_MANY) /* a large answer, kept */

const struct route tags_routes[] = {
    {METHOD_GET, "/tags", crud_list, ACCESS_READ, TAGS, .is_list = true, .summary = "List tags"},
    {METHOD_POST, "/tags", crud_create, ACCESS_USER, TAGS, .body = &tag_resource, .summary = "Make a tag"},
    {METHOD_GET, "/tags/{tag_uid}", crud_read, ACCESS_READ, ONE_TAG, .summary = "Read a tag"},
    {METHOD_PUT, "/tags/{tag_uid}", crud_replace, ACCESS_MODERATOR, ONE_TAG, .body = &tag_resource,
     .mode = VALIDATE_REPLACE, .summary = "Replace a tag"},
    {METHOD_PATCH, "/tags/{tag_uid}", crud_patch, ACCESS_MODERATOR, ONE_TAG, .body = &tag_resource,
     .mode = VALIDATE_PATCH, .summary = "Change a tag"},
    {METHOD_DELETE, "/tags/{tag_uid}", crud_delete, ACCESS_MODERATOR, ONE_TAG, .summary = "Delete a tag"},
    {METHOD_GET, "/tags/{tag_uid}/posts", list_posts, ACCESS_READ, .crud = &posts_crud, OF_TAG,
     .summary = "List the posts with a tag"},
    {METHOD_GET, "/tags/{tag_uid}/books", list_books, ACCESS_READ, .crud = &books_crud, OF_TAG,
     .summary = "List the books with a tag"},
    {METHOD_POST, "/posts/{id}/tags", add_to_post, ACCESS_USER, .keys = {&post_resource}, TAGGING,
     .crud = &posts_with_tags, .operation = "addPostTags", .summary = "Tag a post"},
    {METHOD_DELETE, "/posts/{id}/tags/{tag_uid}", remove_from_post, ACCESS_USER,
     .keys = {&post_resource, &tag_resource}, .summary = "Untag a post", .fails = FAILS(ERROR_FORBIDDEN)},
    {METHOD_POST, "/books/{book_uid}/tags", add_to_book, ACCESS_USER, .keys = {&book_resource}, TAGGING,
     .crud = &books_crud, .operation = "addBookTags", .summary = "Tag a book"},
    {METHOD_DELETE, "/books/{book_uid}/tags/{tag_uid}", remove_from_book, ACCESS_USER,
     .keys = {&book_resource, &tag_resource}, .summary = "Untag a book", .fails = FAILS(ERROR_FORBIDDEN)},
    ROUTES_END,
};

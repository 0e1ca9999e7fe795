#include "controllers/tags.h"

#include "controllers/books.h"
#include "controllers/posts.h"
#include "controllers/tagging.h"
#include "engine/load.h"
#include "engine/remove.h"
#include "http/limit.h"
#include "models/all.h"
#include "models/book.h"
#include "models/post.h"
#include "models/tag.h"

static const struct crud tags = {.resource = &tag_resource, .owner = CRUD_NO_OWNER, .location = "/tags/"};

static const struct crud posts_with_tags = {
    .resource = &post_resource, .one = &post_tagged, .owner = POST_OWNER_ID};
static const struct tagged tagged_posts = {&posts_crud, &post_tag_resource, POST_TAG_POST_ID,
                                           POST_TAG_TAG_UID};
static const struct tagged tagged_books = {&books_crud, &book_tag_resource, BOOK_TAG_BOOK_UID,
                                           BOOK_TAG_TAG_UID};

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
    return tagging_add(c, &tagged_posts, &posts_with_tags);
}

static err add_to_book(struct call *c)
{
    return tagging_add(c, &tagged_books, &books_crud);
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
/* It may be tagged enough. */
#define TAGGING .body = &tag_links_form, .limits = {&limit_create_many}, .fails = FAILS(ERROR_CONFLICT)

const struct route tags_routes[] = {
    {METHOD_GET, "/tags", crud_list, ACCESS_READ, TAGS, .is_list = true, .summary = "List tags"},
    {METHOD_POST, "/tags", crud_create, ACCESS_USER, TAGS, .body = &tag_resource, .limits = {&limit_create},
     .summary = "Make a tag"},
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
     .crud = &posts_with_tags, .operation = "addPostTags", .summary = "Tag a post",
     .doc = "A post has at most " STR_DIGITS(TAGS_SHOWN) " tags."},
    {METHOD_DELETE, "/posts/{id}/tags/{tag_uid}", remove_from_post, ACCESS_USER,
     .keys = {&post_resource, &tag_resource}, .summary = "Untag a post", .fails = FAILS(ERROR_FORBIDDEN)},
    {METHOD_POST, "/books/{book_uid}/tags", add_to_book, ACCESS_USER, .keys = {&book_resource}, TAGGING,
     .crud = &books_crud, .operation = "addBookTags", .summary = "Tag a book",
     .doc = "A book has at most " STR_DIGITS(TAGS_SHOWN) " tags."},
    {METHOD_DELETE, "/books/{book_uid}/tags/{tag_uid}", remove_from_book, ACCESS_USER,
     .keys = {&book_resource, &tag_resource}, .summary = "Untag a book", .fails = FAILS(ERROR_FORBIDDEN)},
    ROUTES_END,
};

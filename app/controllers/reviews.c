#include "controllers/reviews.h"

#include "controllers/books.h"
#include "controllers/users.h"
#include "http/crud.h"
#include "http/limit.h"
#include "models/book.h"
#include "models/review.h"
#include "models/user.h"

static const struct crud reviews = {
    .resource = &review_resource,
    .owner = REVIEW_USER_UID,
    .by_default = "-created_at",
    .location = "/reviews/",
};

/* The book's counters are changed in the same transaction, so the book is locked first: who comes after its end is told
 * so. The unique key sees to it that there is only one. */
static err create(struct call *c)
{
    TRY(crud_require(c, &books_crud, c->keys[0], true));
    c->body[REVIEW_BOOK_UID] = c->keys[0];
    return crud_insert(c, &reviews);
}

static err of_book(struct call *c)
{
    TRY(crud_require(c, &books_crud, c->keys[0], false));
    where_add(&c->list->where, &review_resource.fields[REVIEW_BOOK_UID], OP_EQ, c->keys[0]);
    return crud_list(c);
}

static err of_user(struct call *c)
{
    struct value uid;
    TRY(users_uid(c, c->keys[0], &uid));
    where_add(&c->list->where, &review_resource.fields[REVIEW_USER_UID], OP_EQ, uid);
    return crud_list(c);
}

#define REVIEWS    .crud = &reviews, .is_list = true
#define ONE_REVIEW .crud = &reviews, .keys = {&review_resource}

const struct route reviews_routes[] = {
    {METHOD_GET, "/reviews", crud_list, ACCESS_ADMIN, REVIEWS, .summary = "List all reviews"},
    {METHOD_GET, "/reviews/{review_uid}", crud_read, ACCESS_READ, ONE_REVIEW, .summary = "Read a review"},
    {METHOD_PATCH, "/reviews/{review_uid}", crud_patch, ACCESS_USER, ONE_REVIEW, .body = &review_resource,
     .mode = VALIDATE_PATCH, .summary = "Change a review"},
    {METHOD_DELETE, "/reviews/{review_uid}", crud_delete, ACCESS_USER, ONE_REVIEW,
     .summary = "Delete a review"},
    {METHOD_GET, "/books/{book_uid}/reviews", of_book, ACCESS_READ, REVIEWS, .keys = {&book_resource},
     .summary = "List the reviews of a book"},
    {METHOD_POST, "/books/{book_uid}/reviews", create, ACCESS_USER, .crud = &reviews,
     .keys = {&book_resource}, .body = &review_resource, .gives = {201}, .limits = {&limit_create},
     .summary = "Review a book, once", .doc = "A second review of the same book is 409: change the first."},
    {METHOD_GET, "/users/{id}/reviews", of_user, ACCESS_READ, REVIEWS, .keys = {&user_resource},
     .summary = "List the reviews by a user"},
    ROUTES_END,
};

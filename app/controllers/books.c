#include "controllers/books.h"

#include "controllers/users.h"
#include "http/limit.h"
#include "models/book.h"
#include "models/user.h"

const struct crud books_crud = {
    .resource = &book_resource,
    .one = &book_detailed,
    .owner = BOOK_USER_UID,
    .location = "/books/",
};

static err of_user(struct call *c)
{
    struct value uid;
    TRY(users_uid(c, c->keys[0], &uid));
    where_add(&c->list->where, &book_resource.fields[BOOK_USER_UID], OP_EQ, uid);
    return crud_list(c);
}

#define BOOKS    .crud = &books_crud
#define ONE_BOOK .crud = &books_crud, .keys = {&book_resource}

const struct route books_routes[] = {
    {METHOD_GET, "/books", crud_list, ACCESS_READ, BOOKS, .is_list = true, .summary = "List books"},
    {METHOD_POST, "/books", crud_create, ACCESS_USER, BOOKS, .body = &book_resource,
     .limits = {&limit_create}, .summary = "Put a book on the shelf"},
    {METHOD_GET, "/books/{book_uid}", crud_read, ACCESS_READ, ONE_BOOK,
     .summary = "Read a book, with its tags and newest reviews"},
    {METHOD_PUT, "/books/{book_uid}", crud_replace, ACCESS_USER, ONE_BOOK, .body = &book_resource,
     .mode = VALIDATE_REPLACE, .summary = "Replace a book"},
    {METHOD_PATCH, "/books/{book_uid}", crud_patch, ACCESS_USER, ONE_BOOK, .body = &book_resource,
     .mode = VALIDATE_PATCH, .summary = "Change a book"},
    {METHOD_DELETE, "/books/{book_uid}", crud_delete, ACCESS_USER, ONE_BOOK,
     .summary = "Delete a book, with its reviews"},
    {METHOD_GET, "/users/{id}/books", of_user, ACCESS_READ, BOOKS, .keys = {&user_resource}, .is_list = true,
     .summary = "List the books of a user"},
    ROUTES_END,
};

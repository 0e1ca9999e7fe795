/* books: shelves, and what is on them. */
#ifndef QUIRE_CONTROLLERS_BOOKS_H
#define QUIRE_CONTROLLERS_BOOKS_H

#include "http/crud.h"
#include "http/route.h"

extern const struct route books_routes[];

extern const struct crud books_crud;

#endif

/*
 * export: everything that is somebody's, as one JSON document, for themself.
 *
 * Which tables hold something of a person is read from the declared ones: every resource whose first reference to users
 * says whose its rows are. A new resource is in the document without a word here.
 */
#ifndef QUIRE_CONTROLLERS_EXPORT_H
#define QUIRE_CONTROLLERS_EXPORT_H

#include "http/route.h"

extern const struct route export_routes[];

#endif

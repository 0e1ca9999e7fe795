/*
 * stmt_bind: values as the client library wants them, and its times as values. For io/stmt.c, and nobody else.
 *
 *     stmt_bind(a, &values[i], &binds[i]);
 */
#ifndef QUIRE_IO_STMT_BIND_H
#define QUIRE_IO_STMT_BIND_H

#include <mysql.h>

#include "base/value.h"

struct arena;

/* Points b, all zero before, at v, which must outlive it; a time is copied into the arena. A list is no value of a
 * statement: aborts. */
void stmt_bind(struct arena *a, const struct value *v, MYSQL_BIND *b);
/* What was read, as VALUE_TIME or VALUE_DATE. */
struct value stmt_time(const MYSQL_TIME *t, enum value_kind kind);

#endif

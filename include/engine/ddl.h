/*
 * ddl: a declared table as the database should have it (schema/table.h), in the common subset of MariaDB and MySQL.
 * Names are derived: uq_<table>_<column>, ix_<table>_<column>, ft_<table>_<column>, fk_<table>_<column>_<referred
 * table>, ck_<table>_<column>. `quire migrate check` holds the database against it, and new migrations are made from
 * the difference.
 *
 *     struct table t;
 *     ddl_describe(a, &post_resource, &t);
 *     table_put_create(&out, &t);              // CREATE TABLE posts ( … )
 */
#ifndef QUIRE_ENGINE_DDL_H
#define QUIRE_ENGINE_DDL_H

#include "schema/table.h"

struct arena;

/* Everything lives in the arena or is constant. r has a table. */
void ddl_describe(struct arena *a, const struct resource *r, struct table *out);

#endif

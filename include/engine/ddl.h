/*
 * ddl: a declared table as CREATE TABLE: the schema that the program expects, in the common subset of MariaDB
 * and MySQL. Names are derived: uq_<table>_<column>, ix_<table>_<column>, fk_<table>_<column>_<referred
 * table>, ck_<table>_<column>. Migrations are held against it by a test.
 *
 *     ddl_create_table(&out, &post_resource);      // CREATE TABLE posts ( … )
 */
#ifndef QUIRE_ENGINE_DDL_H
#define QUIRE_ENGINE_DDL_H

#include "base/buf.h"
#include "schema/resource.h"

/* The statement without a closing semicolon. */
void ddl_create_table(struct buf *out, const struct resource *r);

#endif

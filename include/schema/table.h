/*
 * table: a table of the database in one normal form, whether it was declared (engine/ddl.h) or read from the server
 * (migrate/catalog.h), and its SQL in the common subset of MariaDB and MySQL.
 *
 * Two tables that are the same have the same normal form: types in upper case without the display width of integers,
 * defaults as the literal that makes them, lists of columns as text (`owner_id, created_at`). Expressions keep the
 * spelling of where they come from. All text belongs to whoever made the table.
 *
 *     struct table t;
 *     ddl_describe(a, &post_resource, &t);
 *     table_put_create(&out, &t);              // CREATE TABLE posts ( … )
 */
#ifndef QUIRE_SCHEMA_TABLE_H
#define QUIRE_SCHEMA_TABLE_H

#include "base/buf.h"
#include "schema/resource.h"

struct column {
    str name;
    str type;       /* VARCHAR(200), BIGINT, DATETIME(6) … */
    str collation;  /* of a text; empty: the table's */
    str initial;    /* its default as SQL: 0, 'text', CURRENT_TIMESTAMP(6); empty: none, or NULL */
    str expression; /* of a generated column, else empty */
    str extra;      /* what else it is, as SQL: ON UPDATE CURRENT_TIMESTAMP(6); mostly empty */
    str comment;    /* kept through changes, not compared */
    str was;        /* declared only: the name that it had before */
    str fill;       /* declared only: what its value is, from other rows, as SQL; empty: its default */
    str filled_by;  /* with `fill`: the table that those rows are in */
    bool nullable;
    bool counts; /* AUTO_INCREMENT */
    bool stored; /* a generated column: STORED, not VIRTUAL */
};

struct index {
    str name;
    enum key_kind kind;
    str columns; /* title, created_at; a prefix as body(100), a falling order as id DESC */
};

struct reference {
    str name;
    str columns;
    str table;
    str to_columns;
    str on_delete; /* RESTRICT, CASCADE, SET NULL */
    str on_update;
};

struct check {
    str name;
    str clause;
};

struct table {
    str name;
    str was; /* declared only: the name that it had before */
    str engine;
    str collation;
    struct column *columns;
    size_t column_count;
    struct index *indexes;
    size_t index_count;
    struct reference *references;
    size_t reference_count;
    struct check *checks;
    size_t check_count;
};

/* What the tables of the program have. */
#define TABLE_ENGINE    STR("InnoDB")
#define TABLE_COLLATION STR("utf8mb4_unicode_520_ci")

/* The parts of that name, or NULL. */
const struct column *table_column(const struct table *t, str name);
const struct index *table_index(const struct table *t, str name);
const struct reference *table_reference(const struct table *t, str name);
const struct check *table_check(const struct table *t, str name);

/* Parts as they stand in CREATE TABLE and, behind ADD, in ALTER TABLE. A name that is not plain, or is reserved, is
 * quoted. */
void table_put_name(struct buf *out, str name);
void table_put_column(struct buf *out, const struct column *c);
void table_put_index(struct buf *out, const struct index *k);
void table_put_reference(struct buf *out, const struct reference *f);
void table_put_check(struct buf *out, const struct check *c);
/* The statement without a closing semicolon. */
void table_put_create(struct buf *out, const struct table *t);

#endif

/*
 * fingerprint: one number for everything that a schema declares: tables, columns, types, defaults, keys, indexes,
 * foreign keys, checks, partitions, views, triggers, routines, events. Not the rows, nor the next AUTO_INCREMENT, nor
 * the table in which migrations keep their books. Two databases of one server that were built the same way have the
 * same fingerprint; between versions of a server it may differ.
 *
 *     str before;
 *     TRY(fingerprint_read(db, a, &before));
 *     ... something ...
 *     TRY(fingerprint_read(db, a, &after));
 *     if (!str_eq(before, after)) ...                  // it changed the schema
 */
#ifndef QUIRE_MIGRATE_FINGERPRINT_H
#define QUIRE_MIGRATE_FINGERPRINT_H

#include "base/err.h"

struct arena;
struct db;

/* The SHA-256, in hexadecimal, of what information_schema says of the connection's database. */
MUST_USE err fingerprint_read(struct db *db, struct arena *a, str *out);
/* What it is made of: a line for each thing that is declared, as `column posts title 2 - NO varchar(200) …`. Where only
 * the order of lines differs, so does the fingerprint, but there is nothing that fingerprint_differences() could
 * show. */
MUST_USE err fingerprint_text(struct db *db, struct arena *a, str *out);
str fingerprint_of(struct arena *a, str text);
/* The lines of `before` that `after` does not have, each behind "- ", then the other way round behind "+ "; empty when
 * there are none. */
str fingerprint_differences(struct arena *a, str before, str after);

#endif

/*
 * whole: whether a statement that changes the schema is carried out as a whole or not at all, and shows afterwards that
 * it was. After a crash the schema is all there is to look at; a statement that can be left half done, or that leaves
 * no trace and cannot be repeated, would make the next run guess. Such statements have no place in a migration.
 *
 * Measured on MariaDB 10.11, the server killed in the middle of a statement over forty tables: DROP TABLE stops after
 * some of them, and so does DROP DATABASE; CREATE OR REPLACE TABLE has dropped and not created. Whole were CREATE TABLE
 * (also AS SELECT) and RENAME TABLE of all forty; the last is refused with several all the same, since two names that
 * are swapped leave no trace. DROP VIEW of several was never caught in the middle, and is refused like DROP TABLE.
 *
 *     str wrong = whole_problem(STR("DROP TABLE a, b"));      // "DROP TABLE of several names …: write one each"
 *     if (wrong.n > 0) ...
 */
#ifndef QUIRE_MIGRATE_WHOLE_H
#define QUIRE_MIGRATE_WHOLE_H

#include "base/str.h"

/* What is wrong with a statement's text (a sentence that says what to write instead), or an empty str. Of statements
 * that do not change the schema there is nothing to say. */
str whole_problem(str text);

#endif

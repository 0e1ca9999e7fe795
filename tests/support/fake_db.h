/*
 * fake_db: a stand-in for the door to the database (io/db and io/stmt) that has no database: it notes what is asked
 * and answers as told. A test program that calls any function here gets this door instead of the real one.
 *
 * Untold, a read finds one row (numbers and truths are 1, a text is fake_db.text, bytes are sixteen zeros, a time is
 * the year 2100), a write matches one row and makes the key 1. What is noted is kept as text, a line a call:
 *
 *     BEGIN
 *     SELECT t0.id FROM posts t0 WHERE t0.id = ? FOR UPDATE  [7]
 *     COMMIT
 *
 *     fake_db_start(&arena);
 *     fake_db_find_nothing(2);                            // the second statement
 *     fake_db_fail(3, ERROR_DUPLICATE, "uq_users_uid");   // the third
 *     ... run something ...
 *     check_str(fake_db_log(), STR("BEGIN\n…"));
 */
#ifndef QUIRE_TESTS_FAKE_DB_H
#define QUIRE_TESTS_FAKE_DB_H

#include "base/err.h"
#include "base/uuid.h"
#include "schema/registry.h"

struct arena;

/* Which step of a transaction fails. */
enum fake_db_step { FAKE_DB_READY, FAKE_DB_BEGIN, FAKE_DB_COMMIT };

/* Forgets everything; the log is kept in the arena. */
void fake_db_start(struct arena *a);
/* What has been asked so far, a line each. */
str fake_db_log(void);
/* How many statements that was, BEGIN and COMMIT not counted. */
unsigned fake_db_count(void);

/* Statement number `nth` (from 1, counted from the start) finds or matches no row. */
void fake_db_find_nothing(unsigned nth);
/* … fails with that code; key is the name of the key for ERROR_DUPLICATE, else NULL. */
void fake_db_fail(unsigned nth, enum error_code code, const char *key);
/* From now on it gives nothing back (INSERT … RETURNING), as MySQL does not. */
void fake_db_old(void);
/* From now on it is a node of a cluster, whose readings wait for what others have committed. */
void fake_db_causal(void);
/* The next time, that step fails with that code. */
void fake_db_fail_step(enum fake_db_step step, enum error_code code);
/* Every statement of that text finds this row. */
void fake_db_row(const struct statement *s, const struct value *cells);
/* Whoever asks with a token is known: ada, active, with that uid, without a role, in a session that does not end.
 * `bearer` (BEARER__MAX cells) is what is found from now on, and may be changed. */
void fake_db_bearer(struct value *bearer, const unsigned char uid[UUID_BYTES]);
/* Statement number nth finds this first cell. */
void fake_db_cell(unsigned nth, struct value cell);
/* … finds that many rows, whose first cells are these (kept, not copied). */
void fake_db_cells(unsigned nth, const struct value *cells, size_t rows);
/* The key that every INSERT makes from now on, or what it says by LAST_INSERT_ID(). */
void fake_db_key(int64_t id);
/* Whether rows that mean nothing any more are dropped, which chance decides else (http/purge); untold, they are not. */
void fake_db_purge(bool due);
/* What every cell of text holds. */
void fake_db_text(str text);

#endif

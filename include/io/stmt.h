/*
 * stmt: prepared statements with bound values, cached by their text in each connection.
 *
 * Text enters a statement only as a literal of the source; identifiers only from declared tables; values are
 * always bound. The cache is a bounded LRU: a statement is prepared once and executed many times. Results are
 * read whole into the arena, so that no unread row is ever left on the connection.
 *
 *     struct value id = value_int(7);
 *     const enum value_kind kinds[] = {VALUE_INT, VALUE_TEXT};
 *     struct rows rows;
 *     TRY(stmt_read(db, a, STR("SELECT id, title FROM posts WHERE id = ?"), &id, 1, kinds, 2, &rows));
 *     if (rows.n == 1) title = rows.cells[1].text;
 */
#ifndef QUIRE_IO_STMT_H
#define QUIRE_IO_STMT_H

#include "base/err.h"
#include "base/value.h"

struct arena;
struct db;

/* The protocol counts the values of a statement in sixteen bits. */
enum { STMT_CACHE = 128, STMT_MAX_VALUES = 65535, STMT_MAX_COLUMNS = 80, STMT_MAX_BYTES = 24 << 20 };
/* What the text of a page may hold: as JSON it is at most six times as long (\u0001), which an answer still takes. */
enum { STMT_PAGE_BYTES = 7 << 20 };

/* A result: n rows of `columns` cells, row after row. Cells are of the kinds asked for, or VALUE_NULL. */
struct rows {
    size_t n;
    size_t columns;
    struct value *cells;
    bool cut; /* a page that ends early, for its text is long: there was another row */
};

struct written {
    uint64_t matched;  /* rows that the condition found (CLIENT_FOUND_ROWS), or inserted */
    int64_t insert_id; /* of an AUTO_INCREMENT key, else 0 */
};

/* Runs a SELECT and reads all its rows. kinds says what each column is turned into. ERROR_ANSWER_TOO_LARGE when their
 * text is over STMT_MAX_BYTES together: no worker holds more than that. */
MUST_USE err stmt_read(struct db *db, struct arena *a, str sql, const struct value *values, size_t count,
                       const enum value_kind *kinds, size_t columns, struct rows *out);
/* The same for a page of a list, which ends early where its text would be over STMT_PAGE_BYTES, but not before its
 * first row: out->cut. */
MUST_USE err stmt_read_page(struct db *db, struct arena *a, str sql, const struct value *values, size_t count,
                            const enum value_kind *kinds, size_t columns, struct rows *out);
/* As stmt_read(), for a SELECT … FOR UPDATE: begins the wanted transaction first. */
MUST_USE err stmt_lock(struct db *db, struct arena *a, str sql, const struct value *values, size_t count,
                       const enum value_kind *kinds, size_t columns, struct rows *out);
/* Runs an INSERT, UPDATE or DELETE: begins the wanted transaction first. */
MUST_USE err stmt_write(struct db *db, struct arena *a, str sql, const struct value *values, size_t count,
                        struct written *out);
/* Runs an INSERT … RETURNING, where db_can_return(), and reads what it gives as stmt_read() does: begins the wanted
 * transaction first. */
MUST_USE err stmt_insert(struct db *db, struct arena *a, str sql, const struct value *values, size_t count,
                         const enum value_kind *kinds, size_t columns, struct rows *out);
/* Prepares and drops a statement: for the test that prepares every statement of the program. */
MUST_USE err stmt_check(struct db *db, struct arena *a, str sql);

#endif

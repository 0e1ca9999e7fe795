/*
 * client: the database's own programs, connected to the server that a connection is with: how `quire backup` and `quire
 * restore` speak to them.
 *
 *     struct child c;
 *     TRY(client_dump(a, db, tables, n, &c));      // … child_read(), child_end()
 *     TRY(client_feed(a, db, &c));                 // … child_write(), child_close_in(), child_end()
 */
#ifndef QUIRE_BACKUP_CLIENT_H
#define QUIRE_BACKUP_CLIENT_H

#include "io/child.h"

struct db;

/* Writes the tables in this order, as they all are at one moment, rows as INSERT. */
MUST_USE err client_dump(struct arena *a, const struct db *db, const str *tables, size_t n,
                         struct child *out);
/* Carries out what is written to it, and stops at the first mistake. */
MUST_USE err client_feed(struct arena *a, const struct db *db, struct child *out);

#endif

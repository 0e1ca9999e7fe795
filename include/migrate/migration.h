/*
 * migration: one step in the history of the schema, as a file <revision>_<slug>.sql holds it:
 *
 *     -- revision: 0002
 *     -- parent: 0001                      (none for the first; several, comma-separated, join branches)
 *     -- created: 2026-01-02T03:04:05Z
 *     -- message: A summary of posts       (may be missing)
 *     -- migrate:up
 *     ALTER TABLE posts ADD COLUMN summary VARCHAR(200) NULL;
 *     -- migrate:down                      (or: -- migrate:down irreversible: why)
 *     ALTER TABLE posts DROP COLUMN summary;
 *
 * The header lines stand before the first section, in any order, among other comments. The revision is that
 * of the file's name. Everything lives in the arena.
 *
 *     struct migration m;
 *     TRY(migration_parse(a, STR("migrations/0002_summary.sql"), text, &m));
 */
#ifndef QUIRE_MIGRATE_MIGRATION_H
#define QUIRE_MIGRATE_MIGRATION_H

#include "base/err.h"
#include "migrate/split.h"

struct arena;

enum {
    MIGRATION_REVISION_BYTES = 32,
    MIGRATION_NAME_BYTES = 160,
    MIGRATION_MAX_PARENTS = 8,
    MIGRATION_FILE_BYTES = 16 << 20
};

struct migration {
    str path;     /* as given, for messages */
    str name;     /* the file's name without .sql: 0002_summary */
    str revision; /* 0002 */
    str message;  /* of a line "-- message:", which may be missing */
    str parents[MIGRATION_MAX_PARENTS];
    size_t parent_count;
    int64_t created; /* microseconds since the epoch */
    str checksum;    /* SHA-256 of the file in hexadecimal, CR LF taken as LF */
    struct statements up;
    struct statements down;
    bool irreversible; /* there is no way down, and irreversible_why says why */
    str irreversible_why;
};

/* Reads the text of a file. ERROR_INVALID with all that is wrong, a line each, as "path:line: sentence". */
MUST_USE err migration_parse(struct arena *a, str path, str text, struct migration *out);

/* Whether a text can be a revision: letters and digits, at most MIGRATION_REVISION_BYTES. */
bool migration_is_revision(str s);

#endif

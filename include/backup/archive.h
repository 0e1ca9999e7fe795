/*
 * archive: the file of a backup: what it is, the dump compressed, how many rows of each table it holds, and the SHA-256
 * of all of it.
 *
 *     quire-backup 1\n
 *     {"version":"0.1.0","created_at":"…","database":"quire","revisions":["0001","0002"]}\n
 *     the dump, as a gzip stream
 *     {"rows":{"users":12,…},"bytes":123456}                  bytes: of the dump, uncompressed
 *     sha256 64 digits, a blank, the length of the line before in 8 digits, \n
 *
 * It is written as FILE.part, for its owner alone, brought to the disk and only then given its name, which nobody else
 * may have; what was begun is removed. Reading begins with the checksum over the whole file: nothing of a file that is
 * cut or changed is believed.
 *
 *     TRY(archive_create(a, "quire.backup", head, &w));        TRY(archive_open(a, "quire.backup", &r));
 *     TRY(archive_write(w, piece));                            TRY(archive_unpack(r, sink));
 *     TRY(archive_keep(w, rows));
 */
#ifndef QUIRE_BACKUP_ARCHIVE_H
#define QUIRE_BACKUP_ARCHIVE_H

#include "io/gzip.h"

struct archive; /* one that is being written */

/* Begins one. It is given up with the arena unless it was kept. Errors, here and below: ERROR_CONFLICT (there is such a
 * file, or somebody writes it), ERROR_STORAGE; the detail names the file. */
MUST_USE err archive_create(struct arena *a, const char *path, str head, struct archive **out);
MUST_USE err archive_write(struct archive *w, str piece);
/* Ends it: `rows` is a JSON object. */
MUST_USE err archive_keep(struct archive *w, str rows);

struct reading_archive {
    struct arena *a;
    const char *path;
    int fd;
    int64_t from, to; /* where the compressed dump is */
    str head, foot;   /* the two JSON objects */
};

/* Opens one and checks its checksum, reading it all. ERROR_NOT_FOUND, ERROR_INVALID (no backup, cut, changed),
 * ERROR_STORAGE. */
MUST_USE err archive_open(struct arena *a, const char *path, struct reading_archive *out);
/* The dump, piece by piece. */
MUST_USE err archive_unpack(const struct reading_archive *r, struct gzip_sink sink);

#endif

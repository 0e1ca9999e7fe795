/*
 * file: a small file read whole, for settings and migrations. Not for what a client sends.
 *
 *     str text;
 *     err failed = file_read(a, "migrations/0001_start.sql", 1 << 20, &text);
 *     if (failed != NULL && failed->code == ERROR_NOT_FOUND) ...
 */
#ifndef QUIRE_BASE_FILE_H
#define QUIRE_BASE_FILE_H

#include "base/err.h"

struct arena;

/* Reads a regular file of at most limit bytes into the arena. ERROR_NOT_FOUND when there is none,
 * ERROR_TOO_LARGE past the limit, ERROR_INTERNAL when it cannot be read; the detail names the file and why.
 */
MUST_USE err file_read(struct arena *a, const char *path, size_t limit, str *text);

#endif

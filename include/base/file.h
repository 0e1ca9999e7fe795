/*
 * file: a small file read or written whole, for settings, migrations and mails; and folders. Not for what a client
 * sends.
 *
 *     str text;
 *     err failed = file_read(a, "migrations/0001_start.sql", 1 << 20, &text);
 *     if (failed != NULL && failed->code == ERROR_NOT_FOUND) ...
 */
#ifndef QUIRE_BASE_FILE_H
#define QUIRE_BASE_FILE_H

#include <stdbool.h>

#include "base/err.h"

struct arena;

/* Makes a folder and those above it, each of that mode whatever the umask; those that are there stay as they are.
 * ERROR_INTERNAL whose detail names the folder. */
MUST_USE err file_make_folders(struct arena *a, const char *path, unsigned mode);
/* Makes one, if it is not there: *made. False, with errno set, when that fails. */
bool file_make_folder(const char *path, unsigned mode, bool *made);
/* Writes a file of that mode, over an older one, in one step: who reads sees it whole or not at all. It is on the disk
 * then. ERROR_INTERNAL whose detail names the file and why; what was begun is removed, unless the file has its name
 * and only that could not be put on the disk. */
MUST_USE err file_write(struct arena *a, const char *path, unsigned mode, str text);
/* Writes all of the text to a descriptor that blocks. False, with errno set, when that fails. */
bool file_put(int fd, str text);
/* The folder that a path is in: "." when it names none. */
const char *file_folder(struct arena *a, const char *path);
/* Has the names of a folder on the disk. False, with errno set, when that fails. */
bool file_sync_folder(const char *path);
/* Reads a regular file of at most limit bytes into the arena. ERROR_NOT_FOUND when there is none,
 * ERROR_TOO_LARGE past the limit, ERROR_INTERNAL when it cannot be read; the detail names the file and why.
 */
MUST_USE err file_read(struct arena *a, const char *path, size_t limit, str *text);

#endif

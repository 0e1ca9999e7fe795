/*
 * media: the folder of what people have uploaded: pictures, each under the SHA-256 of its bytes, so that the same bytes
 * are one file however often they come. The web server serves them; nothing here is ever removed, and of a file only
 * its time is changed: bytes that come again are as young as new ones.
 *
 *     MEDIA_DIR/3f/3fa9…c2.png        64 digits, the extension of what it is (not of what it was called)
 *     MEDIA_DIR/k2XbQ9.part           one that is being received
 *
 * A file is written under a name of its own, brought to the disk, looked at, and only then given its name, in one step:
 * who reads sees it whole or not at all. What was not kept is removed when the request ends; what a killed worker has
 * left is removed when it is an hour old, by whoever opens the folder or receives a file next.
 *
 *     struct media *m = media_open(life, STR("/var/lib/quire/media"));
 *     TRY(media_begin(m, a, &file));
 *     TRY(media_write(file, a, bytes));                 // as they come
 *     TRY(media_keep(file, a, &name));                  // "3f/3fa9….png"; ERROR_MEDIA_TYPE: no picture
 */
#ifndef QUIRE_IO_MEDIA_H
#define QUIRE_IO_MEDIA_H

#include "base/err.h"

enum { MEDIA_NAME_MAX = 2 + 1 + 64 + 1 + 4 };

struct arena;
struct media;
struct media_file;

/* The folder need not be there: it is made when the first file comes. Lives in the arena; close it in the end. */
struct media *media_open(struct arena *life, str dir);
void media_close(struct media *m);
/* A file to be received, which is given up with the arena's memory unless it was kept. Of the functions here that fail,
 * all do with ERROR_STORAGE when the folder cannot be written to or is full. */
MUST_USE err media_begin(struct media *m, struct arena *a, struct media_file **out);
MUST_USE err media_write(struct media_file *f, struct arena *a, str bytes);
/* Forgets what was written. */
MUST_USE err media_restart(struct media_file *f, struct arena *a);
size_t media_size(const struct media_file *f);
/* Keeps it, if it is a picture (PNG, JPEG or WebP by its bytes): *name is its path in the folder, at most
 * MEDIA_NAME_MAX bytes. */
MUST_USE err media_keep(struct media_file *f, struct arena *a, str *name);
/* Removes what was received, now rather than with the arena; nothing when it was kept. */
void media_discard(struct media_file *f);

#endif

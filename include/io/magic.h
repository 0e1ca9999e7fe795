/*
 * magic: the door to libmagic: which media type a file's first bytes say it is, whatever its name.
 *
 * The database of magic numbers is opened at the first question, so that a worker that never sees an upload does not
 * pay. Measured (libmagic 5.44): 0.15 MB of a worker's own memory; 6 MB more are touched of the database's file, mapped
 * and shared by all workers; 0.1 to 2 ms to open once the file is in memory, 60 ms before; 0.01 to 0.05 ms a question.
 * A database of three lines instead would save the shared 6 MB, but know a picture only by its own first bytes, and not
 * when something else is the better name for them.
 *
 * Content is hostile: only numbers at the beginning are compared. Looking into compressed or archived files, guessing
 * at texts and languages, all that has been broken before, is switched off, and no more than MAGIC_BYTES are shown to
 * the library.
 *
 *     struct magic *m = magic_new();
 *     str type;
 *     TRY(magic_media_type(m, a, head, &type));         // "image/png"
 *     magic_free(m);
 */
#ifndef QUIRE_IO_MAGIC_H
#define QUIRE_IO_MAGIC_H

#include "base/err.h"

struct arena;
struct magic;

/* How much of a file is looked at. */
enum { MAGIC_BYTES = 4096 };

/* A door that is not opened yet. */
struct magic *magic_new(void);
void magic_free(struct magic *m);
/* The media type of what begins so, in the arena. ERROR_INTERNAL when there is no database: the cause says why. */
MUST_USE err magic_media_type(struct magic *m, struct arena *a, str head, str *type);

#endif

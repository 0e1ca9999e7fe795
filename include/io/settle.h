/*
 * settle: a file that is complete gets its name, which must be free: what has it stays as it is. Also where the file
 * system knows only the older way of doing so, two names for a moment.
 *
 *     if (!settle_file("x.backup.part", "x.backup")) return failed(errno);      // EEXIST: somebody has that name
 */
#ifndef QUIRE_IO_SETTLE_H
#define QUIRE_IO_SETTLE_H

#include <stdbool.h>

/* False with errno, and then `from` is as it was. */
bool settle_file(const char *from, const char *to);

#endif

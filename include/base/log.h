/*
 * log: one JSON object a line, on standard error or in the file that the settings name.
 *
 * A line is built whole and written with one write(2), so that lines of several processes do not mix. Each
 * begins with "time" and "level". A line that cannot be written is dropped: the log never fails a request.
 * What may be secret must not be passed in; the functions here cannot tell.
 *
 *     log_open("var/log/quire.log");
 *     log_line(LOG_WARN, "database is away", "try", "3");
 *     log_line(LOG_INFO, "started", "workers", "4", "listen", address);
 */
#ifndef QUIRE_BASE_LOG_H
#define QUIRE_BASE_LOG_H

#include <stdbool.h>

#include "base/cold.h"
#include "base/str.h"

struct buf;

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARN, LOG_ERROR };

/* Writes to path from now on (appending, mode 0640), or to standard error when path is NULL or empty. False,
 * with errno set, when it cannot be opened; the log then stays where it was. Call again after a rotation. */
bool log_open(const char *path);
/* Makes standard error the log file, too, when there is one: what libraries, the C runtime and a sanitizer
 * say there is kept. For a process that serves, once nobody reads its standard error any more. */
void log_take_stderr(void);
/* After a rotation: opens it again, standard error with it. What cannot be opened is said where the log is. */
void log_reopen(const char *path);
/* Lines below this level are not written. Default LOG_INFO. */
void log_set_level(enum log_level level);
bool log_enabled(enum log_level level);
/* A line with a message and pairs of C strings: key, value, key, value; log_line() ends the list. */
COLD void log_pairs(enum log_level level, const char *message, ...) __attribute__((sentinel));
#define log_line(level, ...) log_pairs((level), __VA_ARGS__, (const char *)NULL)
/* For a line built by the caller (the request log): starts the object with time and level. */
void log_begin(struct buf *line, enum log_level level);
/* Ends the object and writes it. */
void log_end(struct buf *line);

#endif

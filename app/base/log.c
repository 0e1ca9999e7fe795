#include "base/log.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/json_out.h"

/* The one place a process logs to: set at start and after a rotation, used everywhere. */
static struct {
    int fd;
    enum log_level level;
} sink = {STDERR_FILENO, LOG_INFO};

static const char *const level_names[] = {"debug", "info", "warn", "error"};

bool log_open(const char *path)
{
    int fd = STDERR_FILENO;
    if (path != NULL && path[0] != '\0') {
        fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0640);
        if (fd < 0) {
            return false;
        }
    }
    if (sink.fd != STDERR_FILENO) {
        (void)close(sink.fd);
    }
    sink.fd = fd;
    return true;
}

void log_take_stderr(void)
{
    if (sink.fd != STDERR_FILENO) {
        (void)dup2(sink.fd, STDERR_FILENO);
    }
}

void log_reopen(const char *path)
{
    if (!log_open(path)) {
        log_line(LOG_ERROR, "the log file cannot be opened again", "file", path, "cause", strerror(errno));
    }
    log_take_stderr();
}

void log_set_level(enum log_level level)
{
    sink.level = level;
}

bool log_enabled(enum log_level level)
{
    return level >= sink.level;
}

void log_begin(struct buf *line, enum log_level level)
{
    buf_lit(line, "{\"time\":\"");
    clock_put_time(line, clock_now());
    buf_lit(line, "\",\"level\":\"");
    buf_c(line, level_names[level]);
    buf_char(line, '"');
}

void log_end(struct buf *line)
{
    buf_lit(line, "}\n");
    if (line->full) {
        return;
    }
    ssize_t written = write(sink.fd, line->p, line->n);
    (void)written; /* a full disk must not fail the request that is being logged */
}

void log_pairs(enum log_level level, const char *message, ...)
{
    if (!log_enabled(level)) {
        return;
    }
    struct arena a;
    struct buf line;
    arena_init(&a, 2048);
    buf_init(&line, &a, 1024, 64 << 10);
    log_begin(&line, level);
    buf_lit(&line, ",\"message\":");
    json_put_dirty(&line, str_of(message));
    va_list args;
    va_start(args, message);
    for (const char *key = va_arg(args, const char *); key != NULL; key = va_arg(args, const char *)) {
        buf_char(&line, ',');
        json_put_dirty(&line, str_of(key));
        buf_char(&line, ':');
        json_put_dirty(&line, str_of(va_arg(args, const char *)));
    }
    va_end(args);
    log_end(&line);
    arena_free(&a);
}

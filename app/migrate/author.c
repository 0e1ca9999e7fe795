#include "migrate/author.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/text.h"
#include "io/settle.h"

enum { SLUG_BYTES = 60, NUMBER_DIGITS = 9 };

str author_slug(struct arena *a, str message)
{
    char *slug = arena_alloc(a, message.n + 1);
    size_t n = 0;
    size_t cut = 0; /* the last end of a word that fits */
    for (size_t i = 0; i < message.n && n <= SLUG_BYTES; i++) {
        char c = message.p[i];
        c = (char)(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
        bool good = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        if (good) {
            slug[n++] = c;
        } else if (n > 0 && slug[n - 1] != '_') {
            cut = n;
            slug[n++] = '_';
        }
    }
    if (n > SLUG_BYTES) {
        n = cut > 0 ? cut : SLUG_BYTES;
    }
    n -= n > 0 && slug[n - 1] == '_' ? 1 : 0;
    return (str){slug, n};
}

str author_next_revision(struct arena *a, const struct graph *g)
{
    uint64_t highest = 0;
    for (size_t i = 0; i < g->n; i++) {
        uint64_t n = 0;
        bool number = g->items[i].revision.n <= NUMBER_DIGITS && str_to_uint(g->items[i].revision, &n);
        highest = number && n > highest ? n : highest;
    }
    return str_format(a, "%04" PRIu64, highest + 1);
}

str author_file(struct arena *a, const struct draft *d)
{
    str slug = author_slug(a, d->message);
    return str_format(a, "%.*s_%.*s.sql", STR_ARGS(d->revision), STR_ARGS(slug));
}

/* -- the text -- */

/* On one line, whatever was written. */
static void put_line(struct buf *b, struct arena *a, str text)
{
    str good = text_repair(a, str_trim(text));
    for (size_t i = 0; i < good.n; i++) {
        bool control = (unsigned char)good.p[i] < ' ';
        buf_put(b, control ? " " : good.p + i, 1);
    }
    buf_char(b, '\n');
}

static void put_section(struct buf *b, const char *title, str sql, const char *place)
{
    buf_printf(b, "\n-- migrate:%s\n\n", title);
    if (sql.n > 0) {
        buf_str(b, str_trim(sql));
        buf_char(b, '\n');
    } else {
        buf_printf(b, "-- %s\n", place);
    }
}

static void put_header(struct buf *b, struct arena *a, const struct draft *d, int64_t created)
{
    buf_lit(b, "-- message: ");
    put_line(b, a, d->message);
    buf_printf(b, "-- revision: %.*s\n-- parent: ", STR_ARGS(d->revision));
    for (size_t i = 0; i < d->parent_count; i++) {
        buf_c(b, i == 0 ? "" : ", ");
        buf_str(b, d->parents[i]);
    }
    buf_c(b, d->parent_count == 0 ? "none" : "");
    buf_lit(b, "\n-- created: ");
    clock_put_time(b, created - created % 1000000);
    buf_char(b, '\n');
    if (d->loses) {
        buf_lit(
            b,
            "--\n-- THIS MIGRATION LOSES DATA: what it removes does not come back with the section down.\n");
    }
    for (size_t i = 0; i < d->step_count; i++) {
        buf_c(b, i == 0 ? "--\n-- - " : "-- - ");
        put_line(b, a, d->steps[i]);
    }
}

str author_text(struct arena *a, const struct draft *d, int64_t created)
{
    struct buf b;
    buf_init(&b, a, 1024, MIGRATION_FILE_BYTES);
    put_header(&b, a, d, created);
    put_section(&b, "up", d->up,
                d->is_merge ? "It only joins its parents."
                            : "Put the statements here, each ended by a semicolon.");
    put_section(
        &b, "down", d->down,
        d->is_merge
            ? "Nothing to take back."
            : "Put here what takes them back, in the opposite order. Without a way back, write on the "
              "line above:\n-- \"migrate:down irreversible: why\".");
    return buf_view(&b);
}

/* -- the file -- */

/* A whole file under the temporary name. */
static bool fill(char *temporary, str text)
{
    int fd = mkstemp(temporary);
    if (fd < 0) {
        return false;
    }
    mode_t mask = umask(0);
    (void)umask(mask);
    bool good = file_put(fd, text) && fchmod(fd, 0666 & ~mask) == 0 && fsync(fd) == 0;
    int why = errno;
    (void)close(fd);
    if (!good) {
        (void)unlink(temporary);
        errno = why;
    }
    return good;
}

err author_write(struct arena *a, str dir, const struct draft *d, str text, str *path)
{
    str file = author_file(a, d);
    str target = str_format(a, "%.*s/%.*s", STR_ARGS(dir), STR_ARGS(file));
    char *temporary = str_c(a, str_format(a, "%.*s/.%.*s.XXXXXX", STR_ARGS(dir), STR_ARGS(file)));
    struct migration m;
    TRY(migration_parse(a, target, text, &m));
    if (!fill(temporary, text)) {
        return error_cause(a, ERROR_INTERNAL, "%s: %s", target.p, strerror(errno));
    }
    if (!settle_file(temporary, target.p)) {
        int why = errno;
        (void)unlink(temporary);
        return error_new(a, why == EEXIST ? ERROR_CONFLICT : ERROR_INTERNAL, "%s: %s", target.p,
                         strerror(why));
    }
    *path = target;
    return NULL;
}

#include "backup/archive.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/file.h"
#include "io/digest.h"
#include "io/settle.h"

static const str magic = STR_INIT("quire-backup 1\n");
static const str last_line = STR_INIT("sha256 ");
enum {
    DIGITS = 64,
    LENGTH_DIGITS = 8,
    LAST_BYTES = 7 + DIGITS + 1 + LENGTH_DIGITS + 1,
    HEAD_BYTES = 1 << 20
};
enum { PIECE = 64 << 10 };

struct archive {
    struct arena *a;
    const char *path, *part;
    int fd; /* -1: kept or given up */
    struct digest *digest;
    struct gzip *gzip;
    uint64_t bytes;
};

static err failed(struct arena *a, const char *path)
{
    return error_new(a, errno == ENOENT ? ERROR_NOT_FOUND : ERROR_STORAGE, "%s: %s", path, strerror(errno));
}

static err put(void *with, str piece)
{
    struct archive *w = with;
    digest_add(w->digest, piece);
    return file_put(w->fd, piece) ? NULL : failed(w->a, w->part);
}

static void give_up(void *with)
{
    struct archive *w = with;
    if (w->fd >= 0) {
        (void)unlink(w->part);
        (void)close(w->fd);
        w->fd = -1;
    }
}

/* Whether the file still has that name: whoever had its lock may have finished it meanwhile, under another one. */
static bool is_named(int fd, const char *name)
{
    struct stat open_one;
    struct stat named;
    return fstat(fd, &open_one) == 0 && lstat(name, &named) == 0 && open_one.st_dev == named.st_dev &&
           open_one.st_ino == named.st_ino;
}

err archive_create(struct arena *a, const char *path, str head, struct archive **out)
{
    struct stat st;
    if (lstat(path, &st) == 0) {
        return error_new(a, ERROR_CONFLICT, "%s: there is such a file already; it stays as it is", path);
    }
    struct archive *w = ARENA_NEW(a, struct archive);
    w->a = a;
    w->path = path;
    w->part = str_format(a, "%s.part", path).p;
    w->fd = open(w->part, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, S_IRUSR | S_IWUSR);
    if (w->fd < 0) {
        return failed(a, w->part);
    }
    bool locked = flock(w->fd, LOCK_EX | LOCK_NB) == 0;
    if (!locked || !is_named(w->fd, w->part)) {
        bool others = locked || errno == EWOULDBLOCK;
        err e = others ? error_new(a, ERROR_CONFLICT, "%s: another backup is being written there", w->part)
                       : failed(a, w->part);
        (void)close(w->fd);
        return e;
    }
    arena_defer(a, give_up, w);
    if (ftruncate(w->fd, 0) != 0 || fchmod(w->fd, S_IRUSR | S_IWUSR) != 0) { /* what a killed one has left */
        return failed(a, w->part);
    }
    w->digest = digest_begin(a);
    w->gzip = gzip_packer(a);
    TRY(put(w, magic));
    TRY(put(w, head));
    TRY(put(w, STR("\n")));
    *out = w;
    return NULL;
}

err archive_write(struct archive *w, str piece)
{
    w->bytes += piece.n;
    return gzip_add(w->gzip, w->a, piece, (struct gzip_sink){put, w});
}

err archive_keep(struct archive *w, str rows)
{
    unsigned char sum[DIGEST_BYTES];
    TRY(gzip_end(w->gzip, w->a, (struct gzip_sink){put, w}));
    str foot = str_format(w->a, "{\"rows\":%.*s,\"bytes\":%" PRIu64 "}\n", STR_ARGS(rows), w->bytes);
    TRY(put(w, foot));
    digest_end(w->digest, sum);
    str hex = digest_hex(w->a, sum, sizeof sum);
    TRY(put(w, str_format(w->a, "sha256 %.*s %08zu\n", STR_ARGS(hex), foot.n)));
    if (fsync(w->fd) != 0 || !settle_file(w->part, w->path)) {
        return failed(w->a, w->path);
    }
    (void)close(w->fd);
    w->fd = -1;
    const char *folder = file_folder(w->a, w->path);
    return file_sync_folder(folder) ? NULL : failed(w->a, folder);
}

/* -- reading -- */

static err broken(const struct reading_archive *r, const char *why)
{
    return error_new(r->a, ERROR_INVALID, "%s: %s", r->path, why);
}

/* n bytes from a place of the file. */
static err read_at(const struct reading_archive *r, int64_t at, char *bytes, size_t n)
{
    for (size_t got = 0; got < n;) {
        ssize_t more = pread(r->fd, bytes + got, n - got, at + (int64_t)got);
        if (more < 0 && errno != EINTR) {
            return failed(r->a, r->path);
        }
        if (more == 0) {
            return broken(r, "the file has become shorter");
        }
        got += more > 0 ? (size_t)more : 0;
    }
    return NULL;
}

static err walk(const struct reading_archive *r, int64_t from, int64_t to, struct gzip_sink sink)
{
    char *bytes = arena_alloc(r->a, PIECE);
    while (from < to) {
        size_t n = to - from < PIECE ? (size_t)(to - from) : PIECE;
        TRY(read_at(r, from, bytes, n));
        TRY(sink.take(sink.with, (str){bytes, n}));
        from += (int64_t)n;
    }
    return NULL;
}

static err add_to_digest(void *with, str piece)
{
    digest_add(with, piece);
    return NULL;
}

/* The last line and the checksum that it gives, over everything before it. */
static err check_sum(struct reading_archive *r, int64_t size, uint64_t *foot)
{
    char *last = arena_alloc(r->a, LAST_BYTES);
    unsigned char sum[DIGEST_BYTES];
    TRY(read_at(r, size - LAST_BYTES, last, LAST_BYTES));
    str line = {last, LAST_BYTES};
    str length = str_slice(line, last_line.n + DIGITS + 1, LAST_BYTES - 1);
    if (!str_starts(line, last_line) || last[LAST_BYTES - 1] != '\n' || !str_to_uint(length, foot)) {
        return broken(r, "the file is cut: its checksum is missing");
    }
    struct digest *d = digest_begin(r->a);
    TRY(walk(r, 0, size - LAST_BYTES, (struct gzip_sink){add_to_digest, d}));
    digest_end(d, sum);
    if (!str_eq(digest_hex(r->a, sum, sizeof sum), str_slice(line, last_line.n, last_line.n + DIGITS))) {
        return broken(r, "the file is damaged: its checksum is another");
    }
    return NULL;
}

static err read_parts(struct reading_archive *r, int64_t size)
{
    uint64_t foot_bytes = 0;
    int64_t end = size - LAST_BYTES;
    size_t n = end < (int64_t)magic.n ? 0 : end < HEAD_BYTES ? (size_t)end : HEAD_BYTES;
    char *bytes = arena_alloc(r->a, HEAD_BYTES);
    TRY(read_at(r, 0, bytes, n));
    if (!str_starts((str){bytes, n}, magic)) {
        return broken(r, "the file is no backup of Quire, or one of another version");
    }
    TRY(check_sum(r, size, &foot_bytes));
    size_t line = str_find((str){bytes, n}, '\n', magic.n);
    r->head = str_slice((str){bytes, n}, magic.n, line);
    r->from = (int64_t)line + 1;
    r->to = end - (int64_t)foot_bytes;
    if (r->to < r->from || foot_bytes > HEAD_BYTES) {
        return broken(r, "the file contradicts itself");
    }
    char *foot = arena_alloc(r->a, foot_bytes);
    TRY(read_at(r, r->to, foot, foot_bytes));
    r->foot = (str){foot, foot_bytes};
    return NULL;
}

static void close_file(void *with)
{
    const struct reading_archive *r = with;
    (void)close(r->fd);
}

err archive_open(struct arena *a, const char *path, struct reading_archive *out)
{
    struct stat st;
    struct reading_archive *r = ARENA_NEW(a, struct reading_archive);
    *r = (struct reading_archive){.a = a, .path = path, .fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)};
    if (r->fd < 0) {
        return failed(a, path);
    }
    arena_defer(a, close_file, r);
    if (fstat(r->fd, &st) != 0 || !S_ISREG(st.st_mode)) {
        return broken(r, "is no regular file");
    }
    if (st.st_size < (int64_t)magic.n + LAST_BYTES) {
        return broken(r, "the file is no backup of Quire, or cut");
    }
    TRY(read_parts(r, st.st_size));
    *out = *r;
    return NULL;
}

struct unpacking {
    struct arena *a;
    struct gzip *gzip;
    struct gzip_sink sink;
};

static err unpack(void *with, str piece)
{
    struct unpacking *u = with;
    return gzip_add(u->gzip, u->a, piece, u->sink);
}

err archive_unpack(const struct reading_archive *r, struct gzip_sink sink)
{
    struct unpacking u = {r->a, gzip_unpacker(r->a), sink};
    TRY(walk(r, r->from, r->to, (struct gzip_sink){unpack, &u}));
    return gzip_end(u.gzip, r->a, sink);
}

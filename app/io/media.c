#include "io/media.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/image.h"
#include "io/digest.h"
#include "io/magic.h"

static const int64_t hour = 3600 * 1000000LL;

/* The web server, another user, must be able to enter and read whatever our umask is. */
enum { FOLDER_MODE = 0755, FILE_MODE = 0644, RETRY_SECONDS = 60 };

#define PART ".part"

struct media {
    const char *dir;
    struct magic *magic;
    int64_t swept; /* when leftovers were last looked for, on clock_steady() */
};

struct media_file {
    struct media *media;
    char *path;
    int fd; /* -1: kept, or given up */
    size_t size;
    struct digest *digest;
};

static err unstorable(struct arena *a, str cause)
{
    struct error *e = ARENA_NEW(a, struct error);
    *e = (struct error){.code = ERROR_STORAGE,
                        .detail = STR("Files cannot be stored at the moment, try again later"),
                        .cause = cause,
                        .retry_after = RETRY_SECONDS};
    return e;
}

static err failure(struct arena *a, const char *path)
{
    return unstorable(a, str_format(a, "%s: %s", path, strerror(errno)));
}

static bool is_old(const struct stat *st, int64_t now)
{
    return st->st_mtim.tv_sec < (now - hour) / 1000000;
}

static bool is_leftover(int dir, const char *name, int64_t now)
{
    struct stat st;
    size_t n = strlen(name);
    return n > sizeof PART - 1 && strcmp(name + n - (sizeof PART - 1), PART) == 0 &&
           fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG(st.st_mode) && is_old(&st, now);
}

/* What cannot be read or removed is left to the next one who looks. */
static void sweep(struct media *m)
{
    m->swept = clock_steady();
    DIR *dir = opendir(m->dir);
    if (dir == NULL) {
        return;
    }
    int64_t now = clock_now();
    for (struct dirent *entry = readdir(dir); entry != NULL; entry = readdir(dir)) {
        if (is_leftover(dirfd(dir), entry->d_name, now)) {
            (void)unlinkat(dirfd(dir), entry->d_name, 0);
        }
    }
    (void)closedir(dir);
}

struct media *media_open(struct arena *life, str dir)
{
    struct media *m = ARENA_NEW(life, struct media);
    m->dir = str_c(life, dir);
    m->magic = magic_new();
    sweep(m);
    return m;
}

void media_close(struct media *m)
{
    magic_free(m->magic);
    m->magic = NULL;
}

void media_discard(struct media_file *f)
{
    if (f->fd >= 0) {
        (void)close(f->fd);
        (void)unlink(f->path);
        f->fd = -1;
    }
}

static void discard(void *file)
{
    media_discard(file);
}

err media_begin(struct media *m, struct arena *a, struct media_file **out)
{
    struct media_file *f = ARENA_NEW(a, struct media_file);
    f->media = m;
    f->path = str_c(a, str_format(a, "%s/XXXXXX" PART, m->dir));
    f->digest = digest_begin(a);
    if (clock_steady() - m->swept > hour) {
        sweep(m);
    }
    f->fd = mkostemps(f->path, sizeof PART - 1, O_CLOEXEC);
    if (f->fd < 0 && errno == ENOENT) {
        err e = file_make_folders(a, m->dir, FOLDER_MODE);
        if (e != NULL) {
            return unstorable(a, e->detail);
        }
        f->path = str_c(a, str_format(a, "%s/XXXXXX" PART, m->dir));
        f->fd = mkostemps(f->path, sizeof PART - 1, O_CLOEXEC);
    }
    if (f->fd < 0) {
        return failure(a, m->dir);
    }
    arena_defer(a, discard, f);
    *out = f;
    return NULL;
}

err media_write(struct media_file *f, struct arena *a, str bytes)
{
    if (!file_put(f->fd, bytes)) {
        return failure(a, f->path);
    }
    digest_add(f->digest, bytes);
    f->size += bytes.n;
    return NULL;
}

err media_restart(struct media_file *f, struct arena *a)
{
    unsigned char forgotten[DIGEST_BYTES];
    if (ftruncate(f->fd, 0) != 0 || lseek(f->fd, 0, SEEK_SET) != 0) {
        return failure(a, f->path);
    }
    digest_end(f->digest, forgotten);
    f->size = 0;
    return NULL;
}

size_t media_size(const struct media_file *f)
{
    return f->size;
}

/* What the bytes are. The file is ours alone and complete: nobody cuts it short under the mapping. */
static err look_at(struct media_file *f, struct arena *a, enum image_type *type)
{
    static const char refused[] = "The file must be a PNG, JPEG or WebP picture";
    str media_type = {0};
    if (f->size == 0) {
        return error_new(a, ERROR_MEDIA_TYPE, refused);
    }
    void *p = mmap(NULL, f->size, PROT_READ, MAP_PRIVATE, f->fd, 0);
    if (p == MAP_FAILED) {
        return failure(a, f->path);
    }
    str bytes = {p, f->size};
    err e = magic_media_type(f->media->magic, a, bytes, &media_type);
    enum image_type found = e == NULL ? image_type_of(media_type) : IMAGE_NONE;
    if (e == NULL && found == IMAGE_NONE) {
        e = error_new(a, ERROR_MEDIA_TYPE, refused);
    }
    const char *wrong = e == NULL ? image_check(found, bytes) : NULL;
    if (wrong != NULL) {
        e = error_new(a, ERROR_MEDIA_TYPE, "%s, and this picture %s", refused, wrong);
    }
    (void)munmap(p, f->size);
    *type = found;
    return e;
}

static err sync_folder(struct arena *a, const char *path)
{
    return file_sync_folder(path) ? NULL : failure(a, path);
}

/* Whether a file of the same bytes is there, which it is when it has that name and size. An old one becomes as young as
 * it would be now, since an operator removes what is old and unused (docs/operating.md), and this is about to be used.
 * A young one is left alone: who has it cached by its time keeps it. */
static bool is_there(const struct media_file *f, const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 && S_ISREG(st.st_mode) && (size_t)st.st_size == f->size &&
           (!is_old(&st, clock_now()) || utimensat(AT_FDCWD, path, NULL, 0) == 0);
}

/* Gives the file its name, unless it is there. */
static err give_name(struct media_file *f, struct arena *a, const char *folder, const char *path)
{
    if (is_there(f, path)) {
        media_discard(f);
        return NULL;
    }
    bool made = false;
    if (!file_make_folder(folder, FOLDER_MODE, &made)) {
        return failure(a, folder);
    }
    if (rename(f->path, path) != 0) {
        return failure(a, path);
    }
    (void)close(f->fd);
    f->fd = -1;
    TRY(sync_folder(a, folder));
    return made ? sync_folder(a, f->media->dir) : NULL;
}

err media_keep(struct media_file *f, struct arena *a, str *name)
{
    unsigned char sum[DIGEST_BYTES];
    enum image_type type = IMAGE_NONE;
    TRY(look_at(f, a, &type));
    if (fchmod(f->fd, FILE_MODE) != 0 || fsync(f->fd) != 0) {
        return failure(a, f->path);
    }
    digest_end(f->digest, sum);
    str hex = digest_hex(a, sum, sizeof sum);
    str folder = str_format(a, "%s/%.2s", f->media->dir, hex.p);
    str kept = str_format(a, "%.2s/%s.%s", hex.p, hex.p, image_extension(type));
    str path = str_format(a, "%s/%.*s", f->media->dir, STR_ARGS(kept));
    TRY(give_name(f, a, folder.p, path.p));
    *name = kept;
    return NULL;
}

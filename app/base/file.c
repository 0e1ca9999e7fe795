#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"

static err failure(struct arena *a, const char *path)
{
    return error_new(a, errno == ENOENT ? ERROR_NOT_FOUND : ERROR_INTERNAL, "%s: %s", path, strerror(errno));
}

static err read_all(struct arena *a, const char *path, int fd, size_t limit, str *text)
{
    struct stat st;
    if (fstat(fd, &st) != 0) {
        return failure(a, path);
    }
    if (!S_ISREG(st.st_mode)) {
        return error_new(a, ERROR_INTERNAL, "%s: is no regular file", path);
    }
    size_t size = (size_t)st.st_size;
    if (size > limit) {
        return error_new(a, ERROR_TOO_LARGE, "%s: has more than %zu bytes", path, limit);
    }
    char *bytes = arena_alloc(a, size);
    size_t n = 0;
    while (n < size) {
        ssize_t got = read(fd, bytes + n, size - n);
        if (got < 0 && errno != EINTR) {
            return failure(a, path);
        }
        if (got == 0) {
            break; /* it has become shorter since */
        }
        n += got > 0 ? (size_t)got : 0;
    }
    *text = (str){bytes, n};
    return NULL;
}

err file_read(struct arena *a, const char *path, size_t limit, str *text)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK); /* a FIFO must not hold us up */
    if (fd < 0) {
        return failure(a, path);
    }
    err failed = read_all(a, path, fd, limit, text);
    (void)close(fd);
    return failed;
}

bool file_make_folder(const char *path, unsigned mode, bool *made)
{
    *made = mkdir(path, (mode_t)mode) == 0;
    return *made ? chmod(path, (mode_t)mode) == 0 : errno == EEXIST;
}

err file_make_folders(struct arena *a, const char *path, unsigned mode)
{
    bool made = false;
    char *p = str_c(a, str_of(path));
    for (char *slash = strchr(p + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        if (!file_make_folder(p, mode, &made)) {
            return error_new(a, ERROR_INTERNAL, "%s: %s", p, strerror(errno));
        }
        *slash = '/';
    }
    return file_make_folder(p, mode, &made) ? NULL
                                            : error_new(a, ERROR_INTERNAL, "%s: %s", p, strerror(errno));
}

bool file_put(int fd, str text)
{
    while (text.n > 0) {
        ssize_t n = write(fd, text.p, text.n);
        if (n < 0 && errno != EINTR) {
            return false;
        }
        text = str_slice(text, n > 0 ? (size_t)n : 0, text.n);
    }
    return true;
}

const char *file_folder(struct arena *a, const char *path)
{
    const char *slash = strrchr(path, '/');
    if (slash == NULL) {
        return ".";
    }
    return slash == path ? "/" : str_c(a, (str){path, (size_t)(slash - path)});
}

bool file_sync_folder(const char *path)
{
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) {
        return false;
    }
    bool done = fsync(fd) == 0;
    int why = errno;
    (void)close(fd);
    errno = why;
    return done;
}

err file_write(struct arena *a, const char *path, unsigned mode, str text)
{
    const char *part = str_format(a, "%s.part", path).p;
    int fd = open(part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, (mode_t)mode);
    if (fd < 0) {
        return error_new(a, ERROR_INTERNAL, "%s: %s", part, strerror(errno));
    }
    bool written = fchmod(fd, (mode_t)mode) == 0 && file_put(fd, text) && fsync(fd) == 0;
    if (!written || rename(part, path) != 0) {
        err e = error_new(a, ERROR_INTERNAL, "%s: %s", path, strerror(errno));
        (void)close(fd);
        (void)unlink(part);
        return e;
    }
    (void)close(fd);
    return file_sync_folder(file_folder(a, path)) ? NULL : failure(a, path);
}

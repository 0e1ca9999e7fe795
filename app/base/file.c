#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
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

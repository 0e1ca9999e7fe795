#include "conf/held.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/file.h"

enum { FIRST_BYTES = 4096, MOST_BYTES = 4 << 20 };

/* Before the path, with its NUL, and the text of each file. */
struct record {
    uint32_t path_bytes;
    uint32_t text_bytes;
    uint32_t is_there;
};

static bool is_memory(int fd)
{
    return fcntl(fd, F_GET_SEALS) >= 0;
}

/* All that is in it; the offset, which is shared with who has handed it on, stays. */
static err read_all(struct arena *a, int fd, str *out)
{
    struct stat st;
    if (fstat(fd, &st) != 0 || st.st_size > MOST_BYTES) {
        return error_new(a, ERROR_INTERNAL, "the settings that are held cannot be read");
    }
    size_t size = (size_t)st.st_size;
    char *bytes = arena_alloc(a, size);
    if (pread(fd, bytes, size, 0) != st.st_size) {
        return error_new(a, ERROR_INTERNAL, "the settings that are held cannot be read: %s", strerror(errno));
    }
    *out = (str){bytes, size};
    return NULL;
}

err held_open(struct arena *a, int fd, struct held *out)
{
    struct held h = {.fd = is_memory(fd) ? fd : -1};
    buf_init(&h.left, a, FIRST_BYTES, MOST_BYTES);
    TRY(h.fd >= 0 ? read_all(a, h.fd, &h.filled) : NULL);
    *out = h;
    return NULL;
}

static err find(struct arena *a, str filled, const char *path, str *text)
{
    size_t path_bytes = strlen(path) + 1;
    struct record r;
    while (filled.n >= sizeof r) {
        memcpy(&r, filled.p, sizeof r);
        filled = str_slice(filled, sizeof r, filled.n);
        if (r.path_bytes > filled.n || r.text_bytes > filled.n - r.path_bytes) {
            break;
        }
        if (r.path_bytes == path_bytes && memcmp(filled.p, path, path_bytes) == 0) {
            *text = str_slice(filled, path_bytes, path_bytes + r.text_bytes);
            return r.is_there ? NULL : error_new(a, ERROR_NOT_FOUND, "%s was not there", path);
        }
        filled = str_slice(filled, r.path_bytes + r.text_bytes, filled.n);
    }
    return error_new(a, ERROR_INTERNAL, "%s is not among the settings that are held", path);
}

static void leave(struct held *h, const char *path, bool is_there, str text)
{
    const struct record r = {
        .path_bytes = (uint32_t)strlen(path) + 1, .text_bytes = (uint32_t)text.n, .is_there = is_there};
    buf_put(&h->left, (const char *)&r, sizeof r);
    buf_put(&h->left, path, r.path_bytes);
    buf_str(&h->left, text);
}

err held_make(struct arena *a, struct held *h, const char *name,
              err (*make)(struct arena *a, void *context, str *text), void *context, str *text)
{
    if (h != NULL && h->filled.n > 0) {
        return find(a, h->filled, name, text);
    }
    err failed = make(a, context, text);
    if (h != NULL && (failed == NULL || failed->code == ERROR_NOT_FOUND)) {
        leave(h, name, failed == NULL, failed == NULL ? *text : STR(""));
    }
    return failed;
}

struct file {
    const char *path;
    size_t limit;
};

static err read_file(struct arena *a, void *context, str *text)
{
    const struct file *f = context;
    return file_read(a, f->path, f->limit, text);
}

err held_read(struct arena *a, struct held *h, const char *path, size_t limit, str *text)
{
    struct file f = {path, limit};
    return held_make(a, h, path, read_file, &f, text);
}

err held_close(struct arena *a, struct held *h)
{
    int fd = h->fd;
    str left = buf_view(&h->left);
    h->fd = -1;
    if (fd < 0) {
        return NULL;
    }
    bool done = h->filled.n > 0 || (!h->left.full && pwrite(fd, left.p, left.n, 0) == (ssize_t)left.n);
    (void)close(fd);
    return done ? NULL : error_new(a, ERROR_INTERNAL, "no memory to hold the settings in");
}

#include "http/metrics_sum.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "conf/check.h"
#include "http/metrics_file.h"

/* How much of a folder is looked at. */
enum { MOST_ENTRIES = 256 };

static bool read_at(int fd, void *to, size_t bytes, size_t at)
{
    return pread(fd, to, bytes, (off_t)at) == (ssize_t)bytes;
}

/* The head with its names, whole and judged. */
static const struct metrics_head *read_head(struct arena *a, int fd)
{
    struct metrics_head first;
    struct stat st;
    if (fstat(fd, &st) < 0 || !read_at(fd, &first, sizeof first, 0) ||
        !metrics_fits(&first, (size_t)st.st_size, false)) {
        return NULL;
    }
    struct metrics_head *head = arena_alloc(a, first.head_bytes);
    size_t bytes = first.head_bytes;
    bool whole = read_at(fd, head, bytes, 0) && head->series == first.series &&
                 metrics_fits(head, (size_t)st.st_size, true);
    return whole ? head : NULL;
}

/* Word by word: a meter is nothing but counters, the state apart. A word is aligned, and so copied whole. */
static void add_up(uint64_t *total, const uint64_t *meter, size_t bytes)
{
    for (size_t i = 0; i < bytes / sizeof *meter; i++) {
        total[i] += meter[i];
    }
}

/* One pool by its open file or memfd; name is kept, not copied. False when that is none, or broken. */
static bool read_pool(struct arena *a, int fd, str name, struct metrics_pool *out)
{
    const struct metrics_head *head = read_head(a, fd);
    struct metrics_pool pool = {.name = name, .up = true, .head = head};
    if (head == NULL) {
        return false;
    }
    uint64_t *total = ARENA_ARRAY(a, uint64_t, head->meter_bytes / sizeof *total);
    uint64_t *one = ARENA_ARRAY(a, uint64_t, head->meter_bytes / sizeof *one);
    for (size_t i = 0; i < head->places; i++) {
        if (!read_at(fd, one, head->meter_bytes, head->head_bytes + i * head->meter_bytes)) {
            return false;
        }
        uint64_t state = ((const struct meter *)(const void *)one)->state;
        pool.states[state < METRICS_STATE__MAX ? state : METRICS_NOBODY]++;
        add_up(total, one, head->meter_bytes);
    }
    pool.total = (const struct meter *)(const void *)total;
    *out = pool;
    return true;
}

/* The pool that a file of the folder is called after; empty when it is no such file. */
static str pool_of(struct arena *a, const char *file)
{
    str name = str_of(file);
    str suffix = STR(METRICS_SUFFIX);
    if (name.n <= suffix.n || !str_eq(str_slice(name, name.n - suffix.n, name.n), suffix)) {
        return (str){0};
    }
    name = str_slice(name, 0, name.n - suffix.n);
    return check_pool_name(a, name).n == 0 ? str_copy(a, name) : (str){0};
}

/* One file: into *out. False when there is nothing to be shown of it; then *skipped may have grown. */
static bool take(struct arena *a, int dir, const char *file, str name, struct metrics_pool *out,
                 unsigned *skipped)
{
    struct stat st;
    int fd = openat(dir, file, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    bool taken = false;
    if (fd >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode)) {
        taken = read_pool(a, fd, name, out);
        if (taken && !metrics_file_lives(fd)) {
            *out = (struct metrics_pool){.name = name};
        }
    }
    if (fd >= 0) {
        (void)close(fd);
    }
    *skipped += taken ? 0 : 1;
    return taken;
}

static size_t take_folder(struct arena *a, DIR *folder, str own, struct metrics_pool *out, size_t n,
                          unsigned *skipped)
{
    for (unsigned i = 0; i < MOST_ENTRIES && n < METRICS_MOST_POOLS; i++) {
        const struct dirent *entry = readdir(folder);
        if (entry == NULL) {
            break;
        }
        str name = pool_of(a, entry->d_name);
        if (name.n > 0 && !str_eq(name, own) &&
            take(a, dirfd(folder), entry->d_name, name, &out[n], skipped)) {
            n++;
        }
    }
    return n;
}

size_t metrics_sum(struct arena *a, const struct metrics *own, str name, str dir,
                   struct metrics_pool out[METRICS_MOST_POOLS], unsigned *skipped)
{
    *skipped = 0;
    if (own == NULL || !read_pool(a, metrics_fd(own), name, &out[0])) {
        out[0] = (struct metrics_pool){.name = name};
    }
    DIR *folder = dir.n == 0 ? NULL : opendir(str_c(a, dir));
    if (folder == NULL) {
        return 1;
    }
    size_t n = take_folder(a, folder, name, out, 1, skipped);
    (void)closedir(folder);
    return n;
}

#include "http/metrics_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/file.h"
#include "base/log.h"

enum { FOLDER_MODE = 0750, FILE_MODE = 0640 };

/* An open, empty, locked file of that size; -1 with errno set. */
static int make(const char *path, size_t bytes)
{
    (void)unlink(path); /* of a process that had our number, and was killed here */
    int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, FILE_MODE);
    if (fd < 0) {
        return -1;
    }
    int failed = posix_fallocate(fd, 0, (off_t)bytes);
    if (failed == 0 && flock(fd, LOCK_EX | LOCK_NB) == 0) {
        return fd;
    }
    failed = failed == 0 ? errno : failed;
    (void)close(fd);
    (void)unlink(path);
    errno = failed;
    return -1;
}

static bool make_in_folder(struct arena *life, str dir, str pool, size_t bytes, struct metrics_file *out)
{
    const char *folder = str_c(life, dir);
    err e = file_make_folders(life, folder, FOLDER_MODE);
    out->path = str_format(life, "%s/%.*s" METRICS_SUFFIX, folder, STR_ARGS(pool)).p;
    out->draft = str_format(life, "%s/.%.*s.%d", folder, STR_ARGS(pool), (int)getpid()).p;
    out->fd = e == NULL ? make(out->draft, bytes) : -1;
    if (out->fd >= 0) {
        return true;
    }
    log_line(LOG_WARN, "METRICS_DIR cannot be used: this pool is seen by itself alone", "folder", folder,
             "cause", e == NULL ? strerror(errno) : str_c(life, e->detail));
    return false;
}

bool metrics_file_make(struct arena *life, str dir, str pool, size_t bytes, struct metrics_file *out)
{
    if (dir.n > 0 && make_in_folder(life, dir, pool, bytes, out)) {
        return true;
    }
    *out = (struct metrics_file){.fd = memfd_create("quire-metrics", MFD_CLOEXEC | MFD_ALLOW_SEALING)};
    if (out->fd < 0 || ftruncate(out->fd, (off_t)bytes) < 0) {
        log_line(LOG_ERROR, "nothing can be counted", "cause", strerror(errno));
        if (out->fd >= 0) {
            (void)close(out->fd);
        }
        return false;
    }
    (void)fcntl(out->fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL);
    return true;
}

bool metrics_file_lives(int fd)
{
    if (flock(fd, LOCK_SH | LOCK_NB) == 0) {
        (void)flock(fd, LOCK_UN);
        return false;
    }
    return errno == EWOULDBLOCK;
}

/* Two pools of one name: the second takes it. */
static void warn_of_another(const char *path)
{
    int fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (fd >= 0 && metrics_file_lives(fd)) {
        log_line(LOG_WARN, "another pool has the same POOL_NAME, and is not seen any more", "file", path);
    }
    if (fd >= 0) {
        (void)close(fd);
    }
}

void metrics_file_show(struct metrics_file *file)
{
    if (file->path == NULL) {
        return;
    }
    warn_of_another(file->path);
    if (rename(file->draft, file->path) < 0) {
        log_line(LOG_WARN, "METRICS_DIR cannot be used: this pool is seen by itself alone", "file",
                 file->path, "cause", strerror(errno));
        (void)unlink(file->draft);
        file->path = NULL;
    }
}

void metrics_file_remove(struct metrics_file *file)
{
    struct stat ours;
    struct stat there;
    if (file->path != NULL && fstat(file->fd, &ours) == 0 && lstat(file->path, &there) == 0 &&
        ours.st_dev == there.st_dev && ours.st_ino == there.st_ino) {
        (void)unlink(file->path);
    }
}
